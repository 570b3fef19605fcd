"""Python source of a network: read with ``ast``, never executed, so that no framework is needed and nothing can run.

The source's statements are walked through by a small reader of our own: constants, loops over what is known,
functions and classes. PyTorch modules are read by their ``forward``, Keras models by their calls. Where several
networks stand in a file, the one called ``model`` is taken, else the one that is made last.
"""

from __future__ import annotations

import ast
import warnings
from typing import Any, Final

from tui.core.errors import FileError
from tui.formats.document import decode
from tui.formats.imported import Imported, Progress, unwatched
from tui.formats.keras.signatures import SIGNATURES as KERAS
from tui.formats.python.network import Source
from tui.formats.python.values import Library
from tui.formats.torch.signatures import SIGNATURES as TORCH

MAX_SOURCE: Final = 2 * 2**20
"""The most bytes of source that are read: its syntax tree takes a hundred times as much memory."""
_KNOWN: Final = {
    "nn": "torch.nn", "F": "torch.nn.functional", "torch": "torch", "keras": "keras", "tf": "tensorflow",
    "layers": "keras.layers", "np": "numpy", "math": "math", "models": "keras.models", "K": "keras.ops",
    "Input": "keras.Input", "Model": "keras.Model",
}  # fmt: skip


def read_python(data: bytes, name: str, progress: Progress = unwatched) -> Imported:
    """The network of a Python file; raises FileError where there is none in it."""
    if len(data) > MAX_SOURCE:
        raise FileError(f"{name} has more than {MAX_SOURCE:,} bytes of source, the most that is read")
    return read_text(decode(data, name), name, progress)


def read_text(text: str, name: str, progress: Progress = unwatched) -> Imported:
    """The network of Python source; raises FileError where there is none in it."""
    progress(0, 2)
    tree = parsed(text, name)
    progress(1, 2)
    try:
        source = Source(tree, guess, text)
        found = source.imported()
    except FileError as error:
        raise FileError(f"{name}, {error.message}") from None
    except RecursionError:
        raise FileError(f"{name}: expressions inside each other too deep to be read") from None
    if found is None and (maker := source.made_elsewhere()):
        raise FileError(
            f"{name}: its network is made by {maker}, whose source is not in the file; export it "
            "(torch.onnx.export, model.to_json()) and open that, or paste the source of its classes"
        )
    if found is None:
        raise FileError(
            f"{name} has no network that is read: no nn.Module class, nn.Sequential, keras.Sequential or keras.Model"
        )
    return found


def parsed(text: str, name: str) -> ast.Module:
    """The syntax tree of a source; raises FileError that shows the place of a mistake."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of odd escapes and the like, which are the author's
            return ast.parse(text)
    except SyntaxError as error:
        line = (error.text or "").rstrip("\n")
        at = max(min(error.offset or 1, len(line) + 1), 1) - 1
        near = f"{line[max(at - 60, 0) : at]}^{line[at : at + 60]}".strip()
        where = f"{name}, line {error.lineno}, column {at + 1}"
        raise FileError(f"{where}: {error.msg}, at the caret in: {near}") from None
    except (RecursionError, MemoryError):
        raise FileError(f"{name}: expressions inside each other too deep to be read") from None
    except ValueError as error:
        raise FileError(f"{name} is no Python source ({error})") from None


def guess(name: str) -> Any:
    """What a name stands for that no line of the source sets: text from a book often lacks its imports."""
    if name in _KNOWN:
        return Library(_KNOWN[name])
    if name == "__name__":
        return "__main__"
    if name in TORCH and name not in KERAS:
        return Library(f"torch.nn.{name}")
    if name in KERAS:
        return Library(f"keras.layers.{name}")
    if name == "Sequential":
        return Library("keras.Sequential")
    return Library(name)
