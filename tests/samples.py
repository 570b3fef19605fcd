"""A network for each kind of the catalogue: its example on the first input that it accepts."""

from __future__ import annotations

import re

from tui.core.result import Result
from tui.core.snapshot import Snapshot
from tui.formats.document import parse_document
from tui.layers import KINDS

# The worked example. Its totals, 48,320 + 160*n parameters and 2,261,760 + 160*n MACs, are the sums
# 320 + 7,200 + 21,600 + 19,200 + 160*n and 322,560 + 1,382,400 + 518,400 + 38,400 + 160*n.
WORKED = """\
set data_format=channels_last bias=false

input 39x31x1
conv 20 4x4
maxpool 2
conv 40 3x3
maxpool 2
conv 60 3x3
maxpool 2
conv 80 2x2
flatten
dense n
"""

FIRST = "set data_format=channels_first\n"
HEADS = (
    "", "input 8x8x4", "input 12x8", "input 224x224x8", "input 64", "input 10x64", "input 256x8x8x8", "input 8x8x4x6",
    "input 1x6x8", "input 197x768", "input 16x4", f"{FIRST}input 64x8x8", "input 4x4",
)  # fmt: skip
SYMBOLIC = ("input HxWx8", "input Hx64", "input Hx8x4", "input H", "input 8x8xH", "input 64x64xn")
VALUES = {"H": 21, "W": 34, "n": 16, "found": 5}
OWN_NETWORKS = {
    "affinegrid": "input 2x3\naffinegrid 1x3x8x8",
    "gridsample": "grid: input 5x5x2\nx: input 8x8x3\ngridsample @grid",
    "roialign": "regions: input 4\nx: input 8x8x3\nroialign 7 @regions",
    "call": "input 8x8x4\nconv1: conv 4 3\nx: conv 4 3\ncall conv1 @x",
    "fold": f"{FIRST}input 48x64\nfold 32x32 4 stride=4",
    "maxunpool": "p: input 8x8x4\nq: maxpool 2 return_indices=true\nmaxunpool 2 @q @q:1",
    "einsum": "set batch=3\na: input 4\nset batch=3\nb: input 4\neinsum ij,ij->ij @a @b",
}


def network(example: str, head: str) -> Snapshot:
    """The example below an input, with an input of the same shape for each source that it names."""
    *before, shape = head.split("\n")
    names = re.findall(r"@(\w+)", example)
    return Snapshot.of(parse_document("\n".join([*before, *(f"{name}: {shape}" for name in names), shape, example])))


def last(snapshot: Snapshot) -> Result | None:
    return snapshot.result(len(snapshot.lines) - 1)


def fits(snapshot: Snapshot) -> bool:
    result = last(snapshot)
    return result is not None and result.status in ("ok", "warning", "opaque")


def sample(name: str) -> Snapshot:
    """A network that ends with the kind's own example, on the first input that it accepts."""
    if name in OWN_NETWORKS:
        return Snapshot.of(parse_document(OWN_NETWORKS[name]))
    return next(s for head in HEADS if fits(s := network(KINDS[name].example, head)))
