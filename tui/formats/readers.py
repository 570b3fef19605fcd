"""Which reader a file is for, by its suffix. One more format is one more line here."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Final

from tui.formats import files
from tui.formats.document import decode, parse_document
from tui.formats.imported import Imported, Progress, Reader, unwatched

READERS: Final[Mapping[str, tuple[str, str]]] = {
    ".json": ("json_file", "read_json"),
    ".keras": ("keras.json", "read_archive"),
    ".h5": ("keras.json", "read_hdf5"),
    ".hdf5": ("keras.json", "read_hdf5"),
    ".onnx": ("onnx.graph", "read_onnx"),
    ".py": ("python.source", "read_python"),
    ".pt2": ("torch.pt2", "read_program"),
    ".pt": ("torch.pt2", "read_pickle"),
    ".pth": ("torch.pt2", "read_pickle"),
    ".ckpt": ("torch.pt2", "read_pickle"),
    ".safetensors": ("torch.pt2", "no_graph"),
}
"""The module and function of each suffix: a reader is loaded with the first file of its kind, not at every start."""

WORDS: Final[Mapping[str, str]] = {
    "layers": ".layers",
    "json": ".json",
    "keras-json": ".json",
    "keras": ".keras",
    "onnx": ".onnx",
    "python": ".py",
    "pt2": ".pt2",
}
"""What a format is called where no suffix says it, with the suffix that does."""

MAX_MODEL: Final = 2**31
"""The most bytes of a file with weights in it; the format of ONNX holds no more."""


def read_file(path: Path, progress: Progress = unwatched, word: str | None = None) -> Imported:
    """What a file of any format that is read says; our own text where the suffix says nothing else.

    ``word`` is one of WORDS where the suffix does not tell. Raises FileError where the file cannot be read,
    and Stopped where ``progress`` does.
    """
    suffix = path.suffix.lower() if word is None else WORDS[word]
    if suffix not in READERS:
        return Imported(files.load(path)[0])
    return read_data(files.content(path, MAX_MODEL)[1], str(path), suffix, progress)


def read_data(data: bytes, name: str, suffix: str, progress: Progress = unwatched) -> Imported:
    """What the bytes of a file say, whose name (for messages) may have another suffix; raises as :func:`read_file`."""
    named = READERS.get(suffix)
    if named is None:
        return Imported(parse_document(decode(data, name)))
    module, function = named
    reader: Reader = getattr(import_module(f"tui.formats.{module}"), function)
    return reader(data, name, progress)
