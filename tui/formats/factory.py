"""``module:factory``: a network made by the user's own code, run in another process with a Python that has PyTorch.

This is the one reader that runs code, so that it is asked for by name alone. The process gets the name and the
shapes, and answers with JSON: a graph of torch.export, a Keras model, or, where a network cannot be exported, the
calls of its layers.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from tui.core.errors import FileError, ParseError
from tui.core.expression import parse_size
from tui.formats.frameworks.draft import Draft
from tui.formats.imported import Imported, Notice
from tui.formats.keras.json import read_json
from tui.formats.torch.code import layer_line
from tui.formats.torch.pt2 import graph_of
from tui.formats.torch.signatures import SIGNATURES
from tui.formats.torch.tensors import Made, Tensors

TIMEOUT: Final = 120.0
"""Seconds that a factory may take, the import of its framework included."""
MOST_ANSWER: Final = 512 * 2**20
_FACTORY: Final = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*:[^\W\d]\w*(\.[^\W\d]\w*)*")


def from_factory(
    factory: str, inputs: Sequence[str] = (), *, python: str | None = None, folder: Path | None = None,
    timeout: float = TIMEOUT,
) -> Imported:  # fmt: skip
    """The network that ``package.module:name`` makes, a function without arguments, a class or an object.

    ``inputs`` are shapes such as ``3x224x224`` (a batch of 1 is put in front) or ``1x10:int64``; ``python`` is the
    interpreter that has the framework, ``folder`` where the module is looked for. Raises FileError.
    """
    if not _FACTORY.fullmatch(factory):
        raise FileError(f"a factory is written package.module:name, such as nets.small:make; this is {factory!r}")
    try:
        where = str(folder or Path.cwd())
    except OSError as error:
        raise FileError(f"{factory}: the folder that you are in is gone ({error.strerror})") from None
    request = {"factory": factory, "folder": where, "inputs": [_shape(word) for word in inputs]}
    answer = _asked(request, python or sys.executable, timeout)
    if "error" in answer:
        raise FileError(_failure(factory, str(answer["error"]), python, where))
    if isinstance(answer.get("program"), str):
        return graph_of(answer["program"], factory)
    if isinstance(answer.get("keras"), str):
        return read_json(answer["keras"].encode(), factory)
    if isinstance(answer.get("layers"), list):
        return _from_calls(answer)
    raise FileError(f"{factory}: the process that made it gave no answer that is read")


def _shape(word: str) -> tuple[list[int], str]:
    sizes, _, dtype = word.partition(":")
    try:
        shape = [parse_size(part) for part in sizes.lower().split("x")]
    except ParseError as error:
        raise FileError(f"--input {word}: {error.message}") from None
    known = [size for size in shape if isinstance(size, int) and 0 < size < 2**31]
    if len(known) < len(shape):
        raise FileError(f"--input {word}: the factory runs, so that each size is a number of at least 1")
    return [1, *known], dtype


def _asked(request: Mapping[str, Any], python: str, timeout: float) -> Mapping[str, Any]:
    # As text, not as a file: beside it stand modules of ours that the other Python would take for its own.
    child = Path(__file__).with_name("factory_child.py").read_text("utf-8")
    try:
        # A session of its own, so that whatever the user's code starts ends with it.
        with subprocess.Popen([python, "-c", child], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, start_new_session=True) as process:  # fmt: skip
            try:
                out, err = process.communicate(json.dumps(request).encode(), timeout)
            except BaseException as error:
                _end(process)
                if isinstance(error, subprocess.TimeoutExpired):
                    raise FileError(f"{request['factory']} took more than {timeout:g} seconds; it was ended") from None
                raise
    except OSError as error:
        raise FileError(f"--python {python}: it cannot be started ({error.strerror or error})") from None
    if len(out) > MOST_ANSWER:
        raise FileError(f"{request['factory']}: its graph has more than {MOST_ANSWER:,} bytes, the most that is read")
    try:
        answer = json.loads(out.decode().strip().rpartition("\n")[2])
    except (ValueError, RecursionError):
        last = err.decode(errors="replace").strip().rpartition("\n")[2][:300]
        raise FileError(f"{request['factory']}: its process ended without an answer"
                        + (f": {last}" if last else f" (exit code {process.returncode})")) from None  # fmt: skip
    return answer if isinstance(answer, Mapping) else {}


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process with all that it started."""
    if hasattr(os, "killpg"):
        import signal

        try:
            os.killpg(process.pid, signal.SIGKILL)
            return
        except (ProcessLookupError, PermissionError):
            pass
    process.kill()


def _failure(factory: str, error: str, python: str | None, folder: str) -> str:
    if "No module named 'torch'" in error or "No module named 'keras'" in error:
        return f"{factory}: {python or sys.executable} has no such framework ({error}); name one that has it: --python"
    if f"No module named '{factory.partition(':')[0].partition('.')[0]}'" in error:
        return f"{factory}: {error}; modules are looked for in {folder}"
    return f"{factory}: {error}"


def _from_calls(answer: Mapping[str, Any]) -> Imported:
    """Lines from the calls of layers, one after the other: what is done between them is not known."""
    notices = [Notice("refused", "the network", f"torch.export cannot take it ({answer.get('why')}): its layers are "
                      "read one by one, and what is computed between them is not")]  # fmt: skip
    shapes = answer.get("inputs") or [[1, 1]]
    draft = Draft("PyTorch", data_format="channels_first", counting="pytorch", batch=shapes[0][0])
    tensors = Tensors(draft, notices.append)
    seen: dict[tuple[int, ...], Made] = {}
    for i, (shape, dtype) in enumerate(zip(shapes, answer.get("dtypes", []), strict=False)):
        args: dict[str, Any] = {"shape": shape[1:], **({"dtype": dtype} if dtype != "float32" else {})}
        made = Made(draft.layer("x" if len(shapes) == 1 else f"x{i}", "input", args))
        seen[tuple(shape)] = made
    first: dict[str, Made] = {}
    for call in answer["layers"]:
        given = [tuple(shape) for shape in call["inputs"]] or [()]
        name, gave = str(call["name"] or call["class"]), [tuple(shape) for shape in call["outputs"]]
        sources = [seen[shape] if shape in seen else tensors.opaque(f"{name}.from", "between", list(seen.values())[-1:],
                                                                    [shape])[0] for shape in given]  # fmt: skip
        made = _layer(tensors, call, name, sources, gave, first)
        for i, shape in enumerate(gave):
            seen.pop(shape, None)
            seen[shape] = Made(made.source._replace(output=i))
    return Imported(draft.lines, tuple(notices))


def _layer(tensors: Tensors, call: Mapping[str, Any], name: str, sources: list[Made], gave: list[Any],
           first: dict[str, Made]) -> Made:  # fmt: skip
    """The line of one call; opaque where the layer is none of PyTorch's, or gives another shape than it gave."""
    if name in first and call["weights"]:
        return Made(tensors.draft.again(name, first[name].source, [one.source for one in sources]))
    args = {key: list(value) if isinstance(value, list) else value for key, value in call["args"].items()
            if key in SIGNATURES.get(call["class"], ())}  # fmt: skip
    if "bias" in SIGNATURES.get(call["class"], ()) and call["weights"] and "bias" not in args:
        args["bias"] = any(weight[0].startswith("bias") for weight in call["weights"])
    before = len(tensors.draft.lines)
    if call["torch"] and call["class"] in SIGNATURES:
        try:
            layer_line(call["class"], args)
            made = tensors.module(name, call["class"], args, sources)[0]
            if tensors.shape(made) == gave[0]:
                first[name] = made
                return made
        except (FileError, ParseError, IndexError, KeyError):
            pass
        del tensors.draft.lines[before:]
    return tensors.opaque(name, call["class"], sources, gave)[0]
