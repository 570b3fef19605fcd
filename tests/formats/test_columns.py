"""Output shapes as the results show them: the batch is left out, but what has none is shown whole."""

from __future__ import annotations

import pytest

from tests.core.blocks import opened
from tui.formats.columns import out_text


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("constant 2x5", "2x5"),
        ("parameter 1x197x768", "1x197x768"),
        ("parameter", "scalar"),
        ("range 0 10 3", "4"),  # 0, 3, 6 and 9
        ("shape", "4"),  # an image has a batch, two positions and channels
        ("size", "scalar"),
        ("nonzero found", "4xfound"),  # an index for each of the four axes
        ("relu", "8x6x3"),
        ("globalavgpool", "3"),
        ("split 3", "8x6x1, 8x6x1, 8x6x1"),
    ],
)
def test_the_batch_is_left_out_where_there_is_one(line: str, shown: str) -> None:
    result = opened(f"input 8x6x3\n{line}\n").result(1)
    assert result is not None
    assert out_text(result) == shown
