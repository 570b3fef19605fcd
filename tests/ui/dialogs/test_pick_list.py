"""The list with a mark."""

import pytest
from textual.app import App

from tui.ui.dialogs.pick_list import Pick, PickList


class Lists(App[None]):
    def __init__(self, picks):
        super().__init__()
        self.picks = PickList(picks)
        self.chosen = []

    def compose(self):
        yield self.picks

    def on_pick_list_chosen(self, event):
        self.chosen.append(event.key)

    def lines(self):
        return ["".join(s.text for s in self.picks.render_line(y)).rstrip() for y in range(self.picks.size.height)]


async def test_headings_are_passed_over():
    app = Lists([Pick("", "family", heading=True), Pick("a", "A"), Pick("", "other", heading=True), Pick("b", "B")])
    async with app.run_test(size=(20, 6)) as pilot:
        assert app.lines()[:4] == ["family", "> A", "other", "  B"]
        await pilot.press("down", "enter", "up", "up", "enter", "j", "enter", "g", "enter")
        await pilot.pause()
        assert app.chosen == ["b", "a", "b", "a"]


async def test_only_rows_in_view_are_formatted():
    asked = []
    picks = [Pick(str(i), f"row {i}", lambda i=i: asked.append(i) or f"aside {i}") for i in range(10_000)]
    app = Lists(picks)
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.press("end")
        await pilot.pause()
        assert any("> row 9999" in line and line.endswith("aside 9999") for line in app.lines())
        assert set(asked) <= {*range(12), *range(9_985, 10_000)}


@pytest.mark.parametrize("width", [3, 12, 40])
async def test_a_row_has_the_width_of_the_list(width):
    app = Lists([Pick("a", "합성곱 [bold]x[/] 합성곱", "aside \x1b"), Pick("b", "B")])
    async with app.run_test(size=(width, 4)):
        strips = [app.picks.render_line(y) for y in range(4)]
        assert {strip.cell_length for strip in strips} == {width}
        assert "\x1b" not in "".join(app.lines())


async def test_an_empty_list_answers_no_key():
    app = Lists([])
    async with app.run_test() as pilot:
        await pilot.press("down", "end", "pagedown", "enter")
        assert app.chosen == []
        assert app.picks.marked is None


async def test_filling_keeps_the_mark_where_it_can():
    app = Lists([Pick(c, c) for c in "abc"])
    async with app.run_test():
        app.picks.fill([Pick(c, c) for c in "cba"], marked="a")
        assert app.picks.marked == "a"
        app.picks.fill([Pick(c, c) for c in "xy"], marked="a")
        assert app.picks.marked == "x"
        app.picks.fill([Pick(c, c) for c in "xy"], mark_first=False)
        assert app.picks.marked is None
        app.picks.move(-1)
        assert app.picks.marked == "y"
