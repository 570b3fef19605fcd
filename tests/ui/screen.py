"""The program opened without a terminal, and readers of what its screen shows."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from textual import events
from textual.pilot import Pilot
from textual.widgets import Input

from tests.samples import WORKED
from tui.core.store import ModelStore
from tui.formats.columns import COLUMN_SETS, STANDARD
from tui.formats.document import parse_document
from tui.ui.app import LayersheetApp
from tui.ui.filing import Document
from tui.ui.workbench import Workbench

PARAMS = "48,320 + 160*n"
MACS = "2,261,760 + 160*n"

# 39x31 -> 36x28 -> 18x14 by the convolution and the pooling; no 40x40 kernel fits into that.
BROKEN = WORKED.replace("conv 40 3x3", "conv 40 40x40")


class Desk:
    """An open program with a keyboard."""

    def __init__(self, app: LayersheetApp, pilot: Pilot[None]) -> None:
        self.app = app
        self.pilot = pilot

    @property
    def bench(self) -> Workbench:
        """The main screen, whatever is open on top of it."""
        workbench = self.app.screen_stack[0]
        assert isinstance(workbench, Workbench)
        return workbench

    @property
    def dialog(self) -> str:
        """The class name of the screen on top."""
        return type(self.app.screen).__name__

    @property
    def focus(self) -> str | None:
        focused = self.app.screen.focused
        return None if focused is None else focused.id

    @property
    def codes(self) -> list[str]:
        """The code of every line that the list shows."""
        snapshot = self.bench.store.snapshot
        return [snapshot.lines[row].code for row in snapshot.shown]

    @property
    def cursor(self) -> int:
        return self.bench.view.cursor

    @property
    def editor(self) -> str | None:
        """What stands in the line editor, None while it is closed."""
        return self.bench.editor.value if self.bench.has_class("-editing") else None

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)

    async def type(self, text: str) -> None:
        await self.pilot.press(*text)

    async def paste(self, text: str) -> None:
        """Text that the terminal pastes, in one piece as it comes in bracketed paste."""
        self.app.post_message(events.Paste(text))
        await self.settle()

    async def settle(self) -> None:
        """Let what the last keys started come to its end, a second frame and what is put off included."""
        await self.pilot.pause()
        for _ in range(40):  # a program that has ended comes to nothing more
            if not (self.app.screen_stack and self.bench.pending):
                break
            await asyncio.sleep(0.005)
        await self.pilot.pause()

    def lines(self) -> list[str]:
        """What the terminal shows, line by line."""
        return ["".join(s.text for s in strip) for strip in self.app.screen._compositor.render_strips()]

    def text(self) -> str:
        return "\n".join(self.lines())

    def flat(self) -> str:
        """The same with wrapped lines joined and runs of spaces made one."""
        return " ".join(self.text().replace("│", " ").split())

    def pane(self, name: str) -> list[str]:
        """What the terminal shows inside the borders of a pane."""
        x, y, width, height = self.bench.query_one(f"#{name}").content_region
        return [line[x : x + width].rstrip() for line in self.lines()[y : y + height]]

    def row(self, index: int) -> str:
        """What the results pane shows for a place of the list."""
        return self.pane("results")[1 + index - int(self.bench.results.scroll_offset.y)]

    def line(self, name: str) -> str:
        """What the terminal shows in a one-line panel: title, totals, symbols, message or hint."""
        return self.pane(name)[0]

    async def reset(self, text: str = WORKED) -> None:
        """Close what is open, and show another document from its start."""
        for _ in range(len(self.app.screen_stack) - 1):
            await self.press("escape")
        assert len(self.app.screen_stack) == 1
        if self.editor is not None or self.bench.has_class("-finding"):
            await self.press("escape")
        if self.bench.has_class("-zoomed"):
            self.bench.action_zoom()
        self.bench.action_pane_1()
        for _ in COLUMN_SETS:
            if self.bench.columns != STANDARD:
                self.bench.action_columns()
        self.bench.open_lines(parse_document(text), Document("worked-example"))
        self.bench.view.pick = 0
        self.app.copy_to_clipboard("")
        self.bench.say("")
        await self.settle()

    async def fill(self, text: str) -> None:
        """Put a text into the focused field at once: typing it costs 40 ms a key."""
        field = self.app.screen.focused
        assert isinstance(field, Input)
        field.value = text
        field.cursor_position = len(text)
        await self.settle()


@asynccontextmanager
async def opened(
    text: str = WORKED,
    size: tuple[int, int] = (80, 24),
    document: Document | None = None,
    journal: Path | None = None,
    **options: Any,
) -> AsyncIterator[Desk]:
    """``async with opened() as desk``: the program on a document."""
    app = LayersheetApp(ModelStore(parse_document(text)), document or Document("worked-example"), journal, **options)
    async with app.run_test(size=size) as pilot:
        desk = Desk(app, pilot)
        await desk.settle()
        yield desk
