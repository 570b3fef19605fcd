"""What a version comes to, in words."""

import pytest

from tui.core.snapshot import Snapshot
from tui.formats.document import parse_document
from tui.ui.dialogs.preview import layer_text, totals_text


def snapshot(text):
    return Snapshot.of(parse_document(text))


def test_totals_of_the_worked_example(worked):
    # The sums of the worked example in the design: 48,320 + 160*n and 2,261,760 + 160*n.
    assert totals_text(worked.committed).startswith("params 48,320 + 160*n | MACs 2,261,760 + 160*n | peak ")


def test_peak_in_bytes():
    # 9*9*1 floats in and 6*6*20 out, four bytes each: (81 + 720)*4.
    assert totals_text(snapshot("input 9x9x1\nconv 20 4x4\n")) == "params 340 | MACs 11,520 | peak 3,204 B"


def test_totals_without_a_layer_are_lower_bounds():
    # 4*4*1*20 + 20 = 340; the second layer does not fit.
    text = totals_text(snapshot("input 9x9x1\nconv 20 4x4\nconv 3 50\n"))
    assert text.startswith("params >= 340 | MACs >= ")


@pytest.mark.parametrize(
    ("line", "said", "wrong"),
    [
        ("conv 20 4x4", "out 6x6x20  params 340  MACs 11,520", False),  # 4*4*20 * 6*6
        ("off conv 20 4x4", "skipped: the layers below read the one above it", False),
        ("# a remark", "no layer: nothing is computed", False),
    ],
)
def test_a_layer(line, said, wrong):
    assert layer_text(snapshot(f"input 9x9x1\n{line}\n"), 1) == (said, wrong)


def test_a_layer_that_does_not_fit_shows_the_sum():
    said, wrong = layer_text(snapshot("input 9x9x1\nconv 3 50\n"), 1)
    assert wrong
    assert "9" in said
    assert "50" in said
    assert len(said.splitlines()) == 2


def test_a_line_that_does_not_read():
    said, wrong = layer_text(snapshot("cnov 3\n"), 0)
    assert wrong
    assert "cnov" in said


def test_a_layer_that_waits():
    said, wrong = layer_text(snapshot("input 9x9x1\nconv 3 50\nconv 3 2\n"), 2)
    assert (said, wrong) == ("- needs #1", False)
