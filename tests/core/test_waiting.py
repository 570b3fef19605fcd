"""What waiting layers wait for, and that asking for all of them walks up the wires once."""

from collections.abc import Sequence

import pytest

from tui.core.snapshot import Snapshot
from tui.core.wiring import Feed, Wiring
from tui.formats.document import parse_document


def test_all_rows_below_a_mistake_wait_for_it() -> None:
    text = "input 4\nwrong\nrelu\nrepeat 3\n    relu\n    add @x\nx: relu\nadd @y\ny: relu\n"
    snapshot = Snapshot.of(parse_document(text))
    assert [snapshot.waits_for(row) for row in range(9)] == [None, None, 1, 1, 1, None, 5, None, 7]


def test_a_screen_of_waiting_rows_walks_the_long_way_once(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = 2_000
    snapshot = Snapshot.of(parse_document("wrong\n" + "relu\n" * rows))
    snapshot.inference.results()
    asked = 0
    feeds = Wiring.feeds

    def counted(self: Wiring, row: int) -> Sequence[Feed]:
        nonlocal asked
        asked += 1
        return feeds(self, row)

    monkeypatch.setattr(Wiring, "feeds", counted)
    assert {snapshot.waits_for(row) for row in range(rows - 50, rows)} == {0}
    assert asked < rows + 50
