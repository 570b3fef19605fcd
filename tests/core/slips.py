"""Networks for practice, and the slips that an answer is taken for."""

from __future__ import annotations

from tui.core.practice import Question, judge
from tui.core.size import Size, symbol
from tui.core.snapshot import Snapshot
from tui.formats.document import parse_document
from tui.formats.practice.slips import slip_text

N = symbol("n")


def codes(text: str, part: str, *answer: Size, row: int = -1) -> list[str]:
    """The slips of an answer to the question about the last line, or another; ``right`` where it is right."""
    snapshot = Snapshot.of(parse_document(text))
    asked = Question(range(len(snapshot.lines))[row], part)
    judgement = judge(snapshot, asked, answer)
    for slip in judgement.slips:
        assert slip_text(slip)
    return ["right"] if judgement.right else [slip.code for slip in judgement.slips]


CONV = "input 39x31x1\nconv 20 4x4 bias=false"  # (39 - 4)/1 + 1 = 36, (31 - 4)/1 + 1 = 28, 4*4*1*20 = 320
STEPS = "input 40x40x3\nconv 8 5 stride=2 padding=1 dilation=2"
# e = 2*(5 - 1) + 1 = 9; floor((40 + 2 - 9)/2) + 1 = floor(16.5) + 1 = 17
SAME = "input 15x15x4\nconv 8 3 stride=2 padding=same"  # ceil(15/2) = 8
POOL = "input 7x7x8\nmaxpool 2"  # floor((7 - 2)/2) + 1 = 3
CEIL = "input 8x8x8\nmaxpool 3 stride=2 ceil_mode=true"  # ceil(5/2) + 1 = 4
PADDED = "input 9x9x2\nmaxpool 4 stride=4 padding=2 ceil_mode=true"  # 3, not 4: ATen's Pool.h drops the last window
UP = "input 16x16x4\nconvtranspose 8 3 stride=2 padding=1 output_padding=1"  # 15*2 - 2 + 3 + 1 = 32
WIDER = "input 16x16x4\nconvtranspose 8 3 stride=2"  # 16*2 + max(3 - 2, 0) = 33 (Keras)
TALL = "input 20x30x4\nconv 8 3x5"  # 18x26
