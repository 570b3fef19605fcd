"""Which reader a file is for, by its suffix. One more format is one more line here."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Final

from tui.core.network import Line
from tui.formats import files
from tui.formats.imported import Imported, Progress, Reader, unwatched

READERS: Final[Mapping[str, tuple[str, str]]] = {
    ".json": ("keras_json", "read_json"),
    ".keras": ("keras_json", "read_archive"),
    ".onnx": ("onnx_graph", "read_onnx"),
}
"""The module and function of each suffix: a reader is loaded with the first file of its kind, not at every start."""

MAX_MODEL: Final = 2**31
"""The most bytes of a file with weights in it; the format of ONNX holds no more."""


def read_file(path: Path, progress: Progress = unwatched) -> Imported:
    """What a file of any format that is read says; our own text where the suffix says nothing else.

    Raises FileError where it cannot be read, and Stopped where ``progress`` does.
    """
    named = READERS.get(path.suffix.lower())
    if named is None:
        return Imported(files.load(path)[0])
    module, function = named
    reader: Reader = getattr(import_module(f"tui.formats.{module}"), function)
    return reader(files.content(path, MAX_MODEL)[1], str(path), progress)


def load_lines(path: Path) -> list[Line]:
    """The lines of a file of any format that is read; raises FileError where it cannot be read."""
    return read_file(path).lines
