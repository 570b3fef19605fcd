"""The picture of the network on the screen."""

from tui.core.snapshot import Snapshot
from tui.core.store import ModelStore
from tui.formats.document import parse_document
from tui.ui.dialogs.diagram import DiagramView


def snapshot(text):
    return Snapshot.of(parse_document(text))


async def test_the_picture_scrolls_and_escape_closes(opened, worked):
    async with opened(lambda: DiagramView(worked.snapshot, "worked")) as (app, pilot):
        assert "39x31x1" in app.text()
        assert "dense n" not in app.text()
        page = app.screen.query_one("#page")
        await pilot.press("down", "down")
        await pilot.pause(0.3)
        assert page.scroll_offset.y == 2
        await pilot.press("pagedown")
        await pilot.pause(0.5)
        assert page.scroll_offset.y > 8
        await pilot.press("end")
        await pilot.pause(0.6)
        assert "48,320 + 160*n parameters" in app.text()  # the sum in the exercise that the network comes from
        await pilot.press("pageup")
        await pilot.pause(0.5)
        assert "48,320" not in app.text()
        await pilot.press("escape")
        assert app.answers == [None]


async def test_enter_and_the_button_close_too(opened, worked):
    async with opened(lambda: DiagramView(worked.snapshot)) as (app, pilot):
        await pilot.press("enter")
        assert app.answers == [None]
    async with opened(lambda: DiagramView(worked.snapshot)) as (app, pilot):
        await pilot.click("#cancel")
        assert app.answers == [None]


async def test_it_is_drawn_anew_for_another_width(opened, worked):
    async with opened(lambda: DiagramView(worked.snapshot)) as (app, pilot):
        await pilot.resize_terminal(34, 20)
        await pilot.pause()
        await pilot.pause()
        assert "39x31x1" in app.text()
        picture = app.screen.query_one("#picture")
        assert picture.region.width <= app.screen.query_one("#page").scrollable_content_region.width


async def test_errors_and_names_that_look_like_markup(opened):
    text = "input 8x8x3\nconv 4 3x3\ncnv [bold]x[/] \x1b[2J\n"
    async with opened(lambda: DiagramView(snapshot(text), "[red]")) as (app, pilot):
        await pilot.press("end")
        await pilot.pause(0.6)
        assert "! error" in app.text()
        assert "cnv [bold]x[/] \\x1b[2J" in app.text()
        assert "[red]" in app.text()


async def test_nothing_to_draw(opened):
    async with opened(lambda: DiagramView(ModelStore(parse_document("")).snapshot)) as (app, _):
        assert "0 parameters, 0 MACs" in app.text()


async def test_plain_characters_where_they_are_asked_for(opened, worked, monkeypatch):
    monkeypatch.setenv("LAYERSHEET_ASCII", "1")
    async with opened(lambda: DiagramView(worked.snapshot)) as (app, _):
        assert "|39x31x1|" in app.text()
        assert "▼" not in app.text()
