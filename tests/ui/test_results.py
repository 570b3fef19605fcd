"""The results pane: a DataTable without rows of its own, in step with the list beside it."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import pytest
from textual.coordinate import Coordinate
from textual.events import MouseScrollDown, MouseScrollUp
from textual.widgets import DataTable
from textual.widgets.data_table import CellDoesNotExist, RowDoesNotExist

from tests.samples import WORKED
from tests.ui.screen import BROKEN, Desk, opened
from tui.core.edits import replace
from tui.core.store import ModelStore
from tui.formats.document import parse_document
from tui.formats.line import parse_line
from tui.ui.app import LayersheetApp
from tui.ui.filing import Document


def filters(i: int) -> int:
    return 4 + i % 7


def weights(i: int) -> int:
    return 3 * 3 * (4 if i == 1 else filters(i - 1)) * filters(i)


# 1,000 layers of which no two neighbours have the same number of filters.
LONG = "set data_format=channels_last bias=false\ninput 8x8x4\n" + "".join(
    f"conv {filters(i)} 3x3 padding=same\n" for i in range(1, 1000)
)


def tops(desk: Desk) -> tuple[int, int]:
    """The first row in view of either pane."""
    return int(desk.bench.layer_list.scroll_offset.y), int(desk.bench.results.scroll_offset.y)


def assert_side_by_side(desk: Desk) -> None:
    """Each line of the results belongs to the line of the list beside it, and the cursor is in view in both."""
    assert tops(desk)[0] == tops(desk)[1]
    top = tops(desk)[0]
    layers, results = desk.pane("layers")[1:], desk.pane("results")[1:]
    for at, (layer, result) in enumerate(zip(layers, results, strict=True)):
        i = top + at
        if i > 0:
            assert f"{i} conv {filters(i)} 3x3" in layer
            assert result.split()[:2] == [f"8x8x{filters(i)}", f"{weights(i):,}"]
    pointers = [top + at for at, layer in enumerate(layers) if layer.startswith(">")]
    assert pointers == [desk.cursor]
    assert desk.bench.results.cursor_row == desk.cursor


async def test_no_rows_of_cells_are_stored() -> None:
    async with opened(LONG) as desk:
        assert isinstance(desk.bench.results, DataTable)
        table: Any = desk.bench.results
        assert table.row_count == 1000
        assert len(list(iter(table.rows))) == 0
        assert len(list(iter(table._data))) == 0
        # Drawn and kept are those that were on the screen, and not the thousand.
        assert len(table._cells) < 60
        assert len(table._strips) < 60


async def test_cells_can_be_asked_for_as_of_any_table() -> None:
    async with opened() as desk:
        table = desk.bench.results
        assert table.shown[:3] == ("out", "params", "macs")
        assert table.get_cell_at(Coordinate(1, 0)) == "36x28x20"
        assert table.get_cell_at(Coordinate(3, 1)) == "7,200"
        assert table.get_cell_at(Coordinate(9, 2)) == "160*n"
        assert table.get_row_at(5)[:3] == ["6x4x60", "21,600", "518,400"]
        assert table.get_row("5")[:3] == ["6x4x60", "21,600", "518,400"]
        assert table.get_cell("3", "params") == "7,200"
        key = table.coordinate_to_cell_key(Coordinate(3, 1))
        assert (key.row_key.value, key.column_key.value) == ("3", "params")
        with pytest.raises(RowDoesNotExist):
            table.get_row_at(10)
        with pytest.raises(CellDoesNotExist):
            table.get_cell_at(Coordinate(0, 99))


class Listening(LayersheetApp):
    """Keeps the messages of the table."""

    # A relative path would be looked for beside this file.
    CSS_PATH = str(Path(inspect.getfile(LayersheetApp)).with_name("app.tcss"))

    def on_mount(self) -> None:
        self.heard: list[tuple[str | None, str | None]] = []

    def on_data_table_cell_highlighted(self, event: DataTable.CellHighlighted) -> None:
        self.heard.append((event.cell_key.row_key.value, event.cell_key.column_key.value))
        assert event.value == event.data_table.get_cell_at(event.coordinate)


async def test_cursor_messages_name_the_cell() -> None:
    app = Listening(ModelStore(parse_document("input 8x8x4\nconv 2 3x3\nrelu\n")), Document("x"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("2", "right", "down")
        await pilot.pause()
        assert app.heard[-2:] == [("1", "params"), ("2", "params")]


async def test_one_cursor_and_one_scroll() -> None:
    async with opened(LONG) as desk:
        assert_side_by_side(desk)
        for keys in (("pagedown",) * 3, ("end",), ("pageup", "k", "k"), ("g",), ("2", "G"), ("pageup",), ("home",)):
            await desk.press(*keys)
            await desk.settle()
            assert_side_by_side(desk)
        await desk.press("end")
        await desk.settle()
        assert (desk.cursor, tops(desk)[0]) == (999, 990)
        await desk.press("1", "home", "pagedown", "pagedown")
        await desk.settle()
        assert desk.cursor == 18


async def test_the_wheel_over_either_pane_scrolls_both() -> None:
    async with opened(LONG) as desk:
        for pane in (desk.bench.layer_list, desk.bench.results):
            start = tops(desk)[0]
            cursor = desk.cursor
            x, y = pane.region.x + 5, pane.region.y + 5
            for kind in (MouseScrollDown, MouseScrollDown, MouseScrollUp):
                desk.app.screen._forward_event(kind(pane, x, y, 0, 1, 0, False, False, False, x, y))
                await desk.settle()
                assert tops(desk)[0] == tops(desk)[1]
            assert tops(desk)[0] > start
            assert desk.cursor == cursor
        # Out of view now; the next key brings it back.
        assert tops(desk)[0] > desk.cursor
        await desk.press("down")
        await desk.settle()
        assert_side_by_side(desk)


async def test_a_click_goes_to_the_cell() -> None:
    async with opened(LONG) as desk:
        await desk.press("pagedown")
        await desk.settle()
        top = tops(desk)[0]
        region = desk.bench.results.content_region
        header = desk.pane("results")[0]
        await desk.pilot.click(offset=(region.x + header.index("params") + 2, region.y + 1 + 4))
        await desk.settle()
        assert desk.cursor == top + 4
        assert desk.bench.results.column_key == "params"
        assert desk.focus == "results"
        await desk.pilot.click(offset=(desk.bench.layer_list.content_region.x + 9, region.y + 1 + 2))
        await desk.settle()
        assert (desk.cursor, desk.focus) == (top + 2, "layers")
        assert_side_by_side(desk)


async def test_the_working_follows_the_cell() -> None:
    async with opened() as desk:

        def first() -> str:
            return desk.pane("working")[0]

        await desk.settle()
        # The worked solutions of conv 20 4x4 on 39x31x1 and of conv 40 3x3 on 18x14x20.
        assert "H' = floor((H - kH)/s) + 1 = floor((39 - 4)/1) + 1 = 36" in first()
        await desk.press("2", "right")
        await desk.settle()
        assert "4*4*1*20 = 320" in first()
        await desk.press("down", "down")
        await desk.settle()
        assert "3*3*20*40 = 7,200" in first()
        await desk.press("right")
        await desk.settle()
        assert "3*3*20*40*16*12 = 1,382,400" in first()
        assert desk.bench.working.border_title == "3 Working  #3"
        await desk.press("right")
        await desk.settle()
        # 16*12*40 numbers of 4 bytes
        assert "16*12*40*4 = 30,720" in first()


async def test_errors_and_what_waits_for_them() -> None:
    async with opened(BROKEN) as desk:
        assert desk.row(3) == " ! kernel 40x40 does not fit 18x14"
        for index in range(4, 10):
            assert "needs #3" in desk.row(index)
        assert desk.row(2).split()[:2] == ["18x14x20", "0"]
        # Cells of such rows are empty, and asking for one is no error.
        assert desk.bench.results.get_cell_at(Coordinate(3, 0)) == ""
        assert desk.bench.results.get_cell_at(Coordinate(4, 1)) == ""
        await desk.press("2", "down", "down", "y")
        await desk.settle()
        assert "18 - 40" in "".join(desk.pane("working"))


async def test_columns_grow_to_what_is_seen_and_do_not_shrink() -> None:
    async with opened("input 8x8x4\nconv 2 3x3\n") as desk:
        table = desk.bench.results

        def width(key: str) -> int:
            return next(column.width for column in table.ordered_columns if column.key.value == key)

        before = width("macs")
        store = desk.bench.store
        # 10**6 filters on 10**4 x 10**4 positions: 15 digits and 5 commas.
        store.apply(replace(store.committed, 0, parse_line("input 10002x10002x4")))
        store.apply(replace(store.committed, 1, parse_line("conv 1000000 3x3 bias=false")))
        await desk.settle()
        # 3*3*4*10**6*10**4*10**4
        assert table.get_cell_at(Coordinate(1, 2)) == "3,600,000,000,000,000"
        # The pane is not wide enough for it, and says so: 3,600,000,000,000 would be another number.
        assert desk.row(1).endswith("…")
        await desk.press("2", "right", "right")
        await desk.settle()
        assert "3,600,000,000,000,000" in desk.row(1)
        assert desk.row(1).startswith("…")
        # What is wrong with a line is read from its start, however far the columns are scrolled.
        store.apply(replace(store.committed, 0, parse_line("inpud 10002x10002x4")))
        await desk.settle()
        assert desk.row(0).startswith(" ! no layer kind is called 'inpud'")
        await desk.press("u")
        await desk.press("1")
        grown = width("macs")
        assert grown > before
        await desk.press("u", "u")
        await desk.settle()
        assert width("macs") == grown
        # Head and number end in the same column: 3*3*4*2*6*6 = 2,592.
        header, row = desk.pane("results")[0], desk.row(1)
        assert header.index("MACs") + len("MACs") == row.index("2,592") + len("2,592")


async def test_a_row_that_did_not_change_is_not_drawn_again() -> None:
    async with opened(LONG) as desk:
        drawn: list[int] = []
        table = desk.bench.results
        plain = table.draw_row
        table.draw_row = lambda index: drawn.append(index) or plain(index)
        await desk.press("down", "plus")
        await desk.settle()
        # The row of the edit, the row that reads it, and those that the cursor left and came to.
        assert set(drawn) <= {1, 2, 3}
        assert drawn


@pytest.mark.parametrize("size", [(80, 24), (60, 20), (120, 40), (200, 50)], ids=str)
async def test_both_panes_at_every_size(size: tuple[int, int]) -> None:
    async with opened(LONG, size) as desk:
        await desk.press("end", "up")
        await desk.settle()
        assert desk.cursor == 998
        assert_side_by_side(desk)


async def test_v_shows_shares_as_bars_of_the_column_under_the_cursor() -> None:
    async with opened(WORKED.replace("dense n", "dense 10")) as desk:
        await desk.press("v", "v", "v", "2")
        await desk.settle()
        assert desk.line("message") == " shares as bars, of the column under the cursor"
        # 21,600 of 49,920 parameters are 43.27 %, a bar of 13 cells has 5 of them
        assert desk.row(5).split() == ["21,600", "518,400", "#####", "43.3%"]
        await desk.press("right")
        await desk.settle()
        # 1,382,400 of 2,263,360 MACs are 61.08 %: 7 of 13
        assert desk.row(3).split() == ["7,200", "1,382,400", "#######", "61.1%"]
        await desk.press("right")  # onto the bars
        await desk.settle()
        assert desk.row(3).split()[-1] == "61.1%"
        await desk.press("v")
        await desk.settle()
        assert desk.pane("results")[0].split()[0] == "out"
