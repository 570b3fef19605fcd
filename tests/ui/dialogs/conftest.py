"""A small app that opens one dialog, and readers of what is on its screen."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Static

from tests.samples import WORKED
from tui.core.store import ModelStore
from tui.formats.document import parse_document
from tui.ui.dialogs.frame import Push


class Opened(App[None]):
    """Opens a dialog on a plain screen and keeps its answers."""

    def __init__(self, make: Callable[[], Screen[Any]]) -> None:
        super().__init__()
        self.make = make
        self.answers: list[Any] = []

    def compose(self) -> ComposeResult:
        yield Static("below")

    def on_mount(self) -> None:
        self.push_screen(self.make(), self.answers.append)

    def text(self) -> str:
        """What the terminal shows, line by line."""
        strips = self.screen._compositor.render_strips()
        return "\n".join("".join(segment.text for segment in strip) for strip in strips)

    def flat(self) -> str:
        """What the terminal shows, wrapped lines joined and runs of spaces made one."""
        return " ".join(self.text().replace("│", " ").split())


@pytest.fixture(params=[(80, 24), (60, 20)], ids=["80x24", "60x20"])
def size(request: pytest.FixtureRequest) -> tuple[int, int]:
    return request.param


@pytest.fixture
def opened(size: tuple[int, int]) -> Callable[..., Any]:
    """``async with opened(make) as (app, pilot)``: the dialog is open, and its buttons are in view."""

    @asynccontextmanager
    async def open_dialog(make: Callable[[], Screen[Any]]) -> AsyncIterator[tuple[Opened, Pilot[None]]]:
        app = Opened(make)
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            await pilot.pause()
            box = app.screen.query_one(".dialog-box").region
            assert app.screen.region.contains_region(box)
            for push in app.screen.query(Push):
                assert box.contains_region(push.region)
                assert push.region.width >= len(push.label) + 6  # "> [ label ]" whole
            yield app, pilot

    return open_dialog


@pytest.fixture
def worked() -> ModelStore:
    """The worked example in a store."""
    return ModelStore(parse_document(WORKED))
