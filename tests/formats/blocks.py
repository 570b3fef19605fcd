"""A network with blocks, and what an edit makes of its text, for the tests of blocks."""

from __future__ import annotations

from tui.core.edits import Edit
from tui.core.snapshot import Snapshot
from tui.formats.line import parse_line

NET = """\
input 8
a: dense 8
repeat 2 b
    x: dense 8
    add @x
    repeat n c
        relu
z: add @x
dense 4"""


def net(text: str = NET) -> Snapshot:
    return Snapshot.of([parse_line(line) for line in text.split("\n")])


def after(snapshot: Snapshot, edit: Edit) -> str:
    return "\n".join(line.text for line in snapshot.edited(edit.changes).lines)
