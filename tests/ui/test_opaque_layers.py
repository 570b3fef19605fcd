"""A layer of which nothing is known: the list marks it, the results and the totals say that it is not counted."""

from __future__ import annotations

from tests.ui.screen import opened

# By hand: dense 10 on 128 features has 1,290 parameters.
NETWORK = "input 20x64\nlstm: opaque my.LSTM 20x128\ndense 10\nlate: opaque Thing\nrelu\n"


async def test_marks_question_marks_and_lower_bounds() -> None:
    async with opened(NETWORK, (100, 30)) as desk:
        await desk.settle()
        assert any("~  1" in line and "lstm: opaque" in line for line in desk.pane("layers"))
        assert desk.row(1).split()[:4] == ["20x128", "?", "?", "10,240"]
        assert desk.row(3).strip().startswith("~ Thing is opaque")
        assert desk.row(4).strip() == "- needs #3"
        assert "params >= 1,290" in desk.line("totals")
        assert any("~ my.LSTM is opaque" in line for line in desk.pane("working"))
