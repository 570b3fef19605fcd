"""Documents of comment lines, which cost nothing to infer, for the tests of the journal."""

from __future__ import annotations

from pathlib import Path

from tui.core.network import Line
from tui.core.rows import Rows


def rows(*texts: str) -> Rows[Line]:
    return Rows([note(text) for text in texts])


def note(text: str) -> Line:
    return Line(text, note=text)


def text_of(lines: Rows[Line]) -> str:
    return "".join(f"{line.text}\n" for line in lines)


def numbered(count: int) -> Rows[Line]:
    return Rows([note(f"# {i}") for i in range(count)])


def put(lines: Rows[Line], row: int, text: str) -> Rows[Line]:
    return lines.spliced(row, row + 1, [note(text)])


def only(folder: Path) -> Path:
    (path,) = folder.iterdir()
    return path
