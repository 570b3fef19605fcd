"""The settings of the network."""

from tui.core.store import ModelStore
from tui.formats.document import parse_document
from tui.ui.dialogs.settings import NetworkSettings


async def test_the_totals_follow_and_only_changes_are_the_answer(opened, worked):
    async with opened(lambda: NetworkSettings(worked)) as (app, pilot):
        assert "> data_format" in app.text()
        await pilot.press("down", "down", "down", "space")
        await pilot.pause()
        assert "> bias" in app.text()
        # Biases: 20 + 40 + 60 + 80 + n more than 48,320 + 160*n.
        assert "params 48,520 + 161*n" in app.flat()
        await pilot.press("enter")
        assert app.answers == [{"bias": True}]
        assert worked.committed.settings.bias is False


async def test_a_wrong_value_is_said_beside_its_field(opened, worked):
    async with opened(lambda: NetworkSettings(worked)) as (app, pilot):
        await pilot.press("down", "0")
        await pilot.pause()
        assert "! 0 is not a whole number of" in app.flat()
        await pilot.press("down", "enter")
        assert app.answers == []
        assert "> batch" in app.text()
        await pilot.press("ctrl+u", "8", "enter")
        assert app.answers == [{"batch": 8}]


async def test_the_mouse_takes_the_next_word(opened, worked):
    async with opened(lambda: NetworkSettings(worked)) as (app, pilot):
        await pilot.click(".field-label", offset=(2, 0))
        await pilot.pause()
        assert "channels_first" in app.text()
        await pilot.click("#accept")
        assert app.answers == [{"data_format": "channels_first"}]


async def test_no_change_is_no_answer(opened, worked):
    async with opened(lambda: NetworkSettings(worked)) as (app, pilot):
        await pilot.press("enter")
        assert app.answers == [None]


async def test_a_blank_field_is_the_default(opened):
    store = ModelStore(parse_document("set batch=4\ninput 3\n"))
    async with opened(lambda: NetworkSettings(store)) as (app, pilot):
        await pilot.press("down", "ctrl+u", "enter")
        assert app.answers == [{"batch": 1}]
