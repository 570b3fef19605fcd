"""Which reader a file is for, by its suffix. One more format is one more line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import PurePath
from typing import Final

from tui.core.network import Line
from tui.formats import keras_json, onnx_graph

Reader = Callable[[bytes, str], list[Line]]
"""From the bytes of a file and its name (for messages) to lines; raises FileError."""

READERS: Final[Mapping[str, Reader]] = {
    ".json": keras_json.read_json,
    ".keras": keras_json.read_archive,
    ".onnx": onnx_graph.read_onnx,
}


def reader_for(name: str) -> Reader | None:
    """The reader of a file's suffix; None where the file is our own text."""
    return READERS.get(PurePath(name).suffix.lower())
