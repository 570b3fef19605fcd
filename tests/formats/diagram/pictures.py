"""Pictures of networks from their lines, for the tests of diagrams."""

from __future__ import annotations

from tui.core.snapshot import Snapshot
from tui.formats.diagram.model import MOST, Picture, picture_of
from tui.formats.document import parse_document

RESIDUAL = """\
set data_format=channels_first
x: input 64x56x56
b0.conv1: conv 64 3x3 same
batchnorm
relu
b0.conv2: conv 64 3x3 same
b0.add: add @x
b0.out: relu
b1.conv1: conv 64 3x3 same
batchnorm
relu
b1.conv2: conv 64 3x3 same
b1.add: add @b0.out
b1.out: relu
b2.conv1: conv 64 3x3 same
batchnorm
relu
b2.conv2: conv 64 3x3 same
b2.add: add @b1.out
b2.out: relu
globalavgpool
"""
HOSTILE = """\
input 8x8x3
conv 4 3x3
cnv | 2 # \x1b[2J<script>&"
dense 2
off dense 3
"""


def picture(text: str, name: str = "", most: int = MOST) -> Picture:
    return picture_of(Snapshot.of(parse_document(text)), name, most)
