"""The dialog that solves backwards: the answer while it is asked, and the edit that comes of it."""

from __future__ import annotations

import asyncio

from tests.samples import WORKED
from tui.core.store import ModelStore
from tui.formats.document import parse_document
from tui.ui.dialogs.solve import Solve

# Nothing proves that a larger p cannot fit, so that every value is computed: (p*p) % 9 has no trend.
LONG = "input 8\nrelu\ndense ((p*p*p-999*p*p)%9973)+1\n"


def store(text: str) -> ModelStore:
    return ModelStore(parse_document(text))


async def fill(app, pilot, **values: str) -> None:
    """Put values into fields, and wait for the answer."""
    for field in app.screen.query("Field"):
        if field.key in values:
            field.input.value = values[field.key]
    await answered(app, pilot)


async def answered(app, pilot) -> None:
    await pilot.pause()
    await pilot.pause()
    await app.workers.wait_for_complete()
    await pilot.pause()


async def test_the_answer_stands_there_with_its_neighbours(opened, worked):
    async with opened(lambda: Solve(worked, [], 0)) as (app, pilot):
        await answered(app, pilot)
        # 48,320 + 160*323 = 100,000
        assert "n = 322 99,840 fits" in app.flat()
        assert "> n = 323 100,000 fits" in app.flat()
        assert "n = 324 100,160 over by 160" in app.flat()
        assert "no larger n fits: ruled out by params" in app.flat()
        await pilot.press("enter")
        (edit,) = app.answers
        assert edit.label == "n = 323"
        assert worked.committed.edited(edit.changes).totals.params == 100_000


async def test_the_answer_follows_the_typing(opened, worked):
    async with opened(lambda: Solve(worked, [], 0)) as (app, pilot):
        await fill(app, pilot, limit="<= 49440")
        assert "> n = 7 49,440 fits" in app.flat()
        await fill(app, pilot, find="smallest", limit=">= 49,441")
        assert "> n = 8 49,600 fits" in app.flat()
        await fill(app, pilot, range="10..20")
        assert "> n = 10 49,920 fits" in app.flat()


async def test_space_goes_to_the_next_metric_with_a_limit_of_its_own(opened, worked):
    async with opened(lambda: Solve(worked, [], 0)) as (app, pilot):
        await pilot.press("tab", "tab", "space", "space")
        await answered(app, pilot)
        fields = {field.key: field.value for field in app.screen.query("Field")}
        assert (fields["metric"], fields["limit"]) == ("macs", "<= 50M")
        # 2,261,760 + 160*n <= 50,000,000
        assert f"> n = {(50_000_000 - 2_261_760) // 160:,} " in app.flat()


async def test_the_smallest_valid_input(opened, worked):
    async with opened(lambda: Solve(worked, [], 0)) as (app, pilot):
        await fill(app, pilot, unknown="input", find="smallest", metric="valid")
        assert "> input = 31 fits" in app.flat()
        await pilot.press("enter")
        (edit,) = app.answers
        assert [line.text for line in edit.changes[0].lines] == ["input 31x31x1"]


async def test_nothing_fits_and_enter_stays(opened, worked):
    async with opened(lambda: Solve(worked, [], 0)) as (app, pilot):
        await fill(app, pilot, limit="<= 1k")
        assert "! no n fits from 1 on; the nearest is n = 1" in app.flat()
        await pilot.press("enter")
        await answered(app, pilot)
        assert app.answers == []


async def test_what_does_not_read_is_said_at_its_field(opened, worked):
    async with opened(lambda: Solve(worked, [], 0)) as (app, pilot):
        await fill(app, pilot, unknown="q")
        assert "! no layer uses 'q'" in app.flat()
        await fill(app, pilot, unknown="n", limit="lots")
        (row,) = [line for line in app.text().splitlines() if " limit " in line]
        assert "! params needs" in row  # at the field of the limit, with an example
        await pilot.press("enter")
        await answered(app, pilot)
        assert app.answers == []


async def test_a_symbol_that_is_missing_is_named(opened, worked):
    async with opened(lambda: Solve(worked, [], 0)) as (app, pilot):
        await fill(app, pilot, unknown="input", metric="macs", limit="<= 1M")
        assert "! macs depends on n too; give n a value first (b)" in app.flat()


async def test_escape_stops_a_long_search_and_then_closes(opened):
    async with opened(lambda: Solve(store(LONG), [], 0)) as (app, pilot):
        for field in app.screen.query("Field"):
            if field.key in ("limit", "range"):
                field.input.value = {"limit": "= 89", "range": "1..99999999"}[field.key]
        for _ in range(200):
            await asyncio.sleep(0.02)
            if "Esc stops" in app.text():
                break
        assert "Esc stops" in app.text()
        await pilot.press("escape")
        await pilot.pause()
        assert "stopped; Enter searches again" in app.flat()
        assert app.answers == []
        await pilot.press("escape")
        assert app.answers == [None]


async def test_a_number_under_the_cursor_is_offered_where_there_are_no_symbols(opened):
    document = store(WORKED.replace("dense n", "dense 10"))
    async with opened(lambda: Solve(document, ["#3.filters"], 4)) as (app, pilot):
        await answered(app, pilot)
        assert app.screen.query("Field").first().value == "#3.filters"
        assert "largest #3.filters with params <= 100,000" in app.flat()
