"""The palette under keys that come in one burst."""

from __future__ import annotations

import pytest
from textual import events
from textual.command import CommandList

from tests.ui.screen import opened


@pytest.mark.parametrize("key", ["pagedown", "pageup"])
async def test_a_page_key_before_the_first_draw_of_the_list_does_no_harm(key: str) -> None:
    async with opened() as desk:
        for each in ("colon", key):
            desk.app.post_message(events.Key(each, None))
        await desk.pilot.pause(0.2)
        await desk.pilot.press("ctrl+end")
        commands = desk.app.screen.query_one(CommandList)
        assert commands.highlighted == commands.option_count - 1
