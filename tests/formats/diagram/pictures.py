"""Pictures of networks from their lines, for the tests of diagrams."""

from __future__ import annotations

from tui.core.snapshot import Snapshot
from tui.formats.diagram.model import MOST, Picture, picture_of
from tui.formats.document import parse_document

BLOCK = """\
{name}.conv1: conv 64 3x3 same
batchnorm
relu
{name}.conv2: conv 64 3x3 same
{name}.add: add @{source}
{name}.out: relu
"""
RESIDUAL = "".join((
    "set data_format=channels_first\nx: input 64x56x56\n",
    BLOCK.format(name="b0", source="x"),
    BLOCK.format(name="b1", source="b0.out"),
    BLOCK.format(name="b2", source="b1.out"),
    "globalavgpool\n",
))  # fmt: skip
"""Three residual blocks of like layers."""
HOSTILE = """\
input 8x8x3
conv 4 3x3
cnv | 2 # \x1b[2J<script>&"
dense 2
off dense 3
"""


def picture(text: str, name: str = "", most: int = MOST) -> Picture:
    return picture_of(Snapshot.of(parse_document(text)), name, most)
