"""What a sweep found, to look through: a plot with a cursor on one of its combinations."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Resize
from textual.message import Message
from textual.widgets import Static

from tui.core.sweep import Sweep
from tui.formats.sweep.text import plot, point_text, thinned
from tui.ui.actions import keyed
from tui.ui.gutter import ASCII, glyphs


class Plot(Static, can_focus=True, inherit_bindings=False):
    """A line chart or a heat map. The arrow keys move its cursor, m shows the next metric, Enter takes the values."""

    DEFAULT_CSS = """
    Plot { height: 1fr; text-wrap: nowrap; background: $surface; }
    Plot:focus { background: $boost; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(keyed("left", "h"), "step(0, -1)", "Left", show=False),
        Binding(keyed("right", "l"), "step(0, 1)", "Right", show=False),
        Binding(keyed("up", "k"), "step(-1, 0)", "Up", show=False),
        Binding(keyed("down", "j"), "step(1, 0)", "Down", show=False),
        Binding(keyed("home", "g"), "end(0)", "First", show=False),
        Binding(keyed("end", "G"), "end(-1)", "Last", show=False),
        Binding(keyed("m"), "metric", "Next metric", show=False),
        Binding("enter,space", "take", "Bind", show=False),
    ]

    class Moved(Message):
        """The cursor is on another combination; ``text`` says what it comes to."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Taken(Message):
        """A combination was chosen; ``values`` are those of the symbols."""

        def __init__(self, values: tuple[int, ...]) -> None:
            super().__init__()
            self.values = values

    def __init__(self) -> None:
        super().__init__(markup=False, id="plot")
        self.sweep: Sweep | None = None
        self.mark = 0
        self.measure = 0

    def show(self, sweep: Sweep) -> None:
        """Plot another sweep, or at most as much of it as there is room for."""
        self.sweep = thinned(sweep, 400 if len(sweep.axes) == 1 else 60)
        self.mark = min(self.mark, len(self.sweep) - 1)
        self.measure %= len(sweep.measures)
        self._draw()

    def on_resize(self, event: Resize) -> None:
        self._draw()

    def _draw(self) -> None:
        width, height = self.content_size
        if self.sweep is None or width < 10 or height < 3:
            return
        rows = plot(self.sweep, self.measure, width, height, ascii_only=glyphs() is ASCII, mark=self.mark)
        self.update(Content("\n".join(rows[:height])))
        self.post_message(self.Moved(point_text(self.sweep, self.mark)))

    def action_step(self, down: int, across: int) -> None:
        if self.sweep is None:
            return
        width = len(self.sweep.axes[-1].values) if len(self.sweep.axes) > 1 else len(self.sweep)
        row, column = divmod(self.mark, width)
        row = min(max(row + down, 0), len(self.sweep) // width - 1)
        self.mark = row * width + min(max(column + across, 0), width - 1)
        self._draw()

    def action_end(self, place: int) -> None:
        if self.sweep is not None:
            self.mark = place % len(self.sweep)
            self._draw()

    def action_metric(self) -> None:
        if self.sweep is not None:
            self.measure = (self.measure + 1) % len(self.sweep.measures)
            self._draw()

    def action_take(self) -> None:
        if self.sweep is not None:
            self.post_message(self.Taken(self.sweep.values(self.mark)))
