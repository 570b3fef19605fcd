"""The pairs of a comparison as a list: only the lines in view are asked for and drawn."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import ClassVar, Final

from rich.segment import Segment
from textual.binding import Binding, BindingType
from textual.events import Click, Resize
from textual.message import Message
from textual.scroll_view import ScrollView

from tui.formats.compare.rows import Cell
from tui.formats.compare.screen import ShownPair
from tui.ui.dialogs.pick_list import MOVES
from tui.ui.drawn_rows import HEADER, DrawnRows
from tui.ui.words import fitted

INKS: Final = {"~": "warning", "+": "name", "-": "error", ":": "kind", "=": "number"}
VALUE: Final = 12
SHARE: Final = 9
BESIDE: Final = 100
"""From this width on the layers of both sides stand beside each other."""
LEFT: Final = 60
"""From this width on both values are shown, not the second alone."""


class CompareList(DrawnRows, ScrollView, can_focus=True, inherit_bindings=False):
    """Lines with a sign, of which one is marked with ``>``."""

    DEFAULT_CSS = """
    CompareList { height: 1fr; overflow-x: hidden; scrollbar-size-vertical: 1; background: $surface; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        *MOVES,
        Binding("enter", "choose", "Go", show=False),
        Binding("tab", "screen.switch(1)", "Next variant", show=False),
        Binding("shift+tab", "screen.switch(-1)", "Previous variant", show=False),
    ]

    class Marked(Message):
        """Another line is marked."""

    class Chosen(Message):
        """A line was chosen with Enter or the mouse."""

    def __init__(self) -> None:
        super().__init__(id="pairs")
        self.marked = 0
        self._rows: Sequence[int] = ()
        self._line: Callable[[int], ShownPair] | None = None
        self._titles = ("", "", "", "")
        self._version = 0

    def fill(
        self, rows: Sequence[int], line: Callable[[int], ShownPair], titles: tuple[str, str, str, str], marked: int
    ) -> None:
        """Show these pairs, each line made by ``line`` when it is drawn; ``marked`` is the place of the marked one.

        ``titles`` are those of the two sides, of the column and of the difference.
        """
        self._rows, self._line, self._titles = rows, line, titles
        self._version += 1
        self.marked = min(max(marked, 0), max(len(rows) - 1, 0))
        self.forget_drawn()
        self.changed()
        self.scroll_row_into_view(self.marked)

    @property
    def rows(self) -> Sequence[int]:
        """The pairs that are listed."""
        return self._rows

    @property
    def index(self) -> int | None:
        """The pair that is marked."""
        return self._rows[self.marked] if self._rows else None

    def mark(self, place: int) -> None:
        """Mark the line at a place; beyond an end that at the end."""
        place = min(max(place, 0), max(len(self._rows) - 1, 0))
        if place != self.marked:
            self.marked = place
            self.scroll_row_into_view(place)
            self.changed()
            self.post_message(self.Marked())

    def action_move(self, by: int) -> None:
        self.mark(self.marked + by)

    def action_page(self, direction: int) -> None:
        self.mark(self.marked + direction * max(self.size.height - HEADER - 1, 1))

    def action_choose(self) -> None:
        if self._rows:
            self.post_message(self.Chosen())

    def on_resize(self, event: Resize) -> None:
        self.forget_drawn()
        self.scroll_row_into_view(self.marked)

    def on_click(self, event: Click) -> None:
        place = self.row_clicked(event)
        if place is None:
            return
        if place == self.marked:
            self.action_choose()
        self.mark(place)

    # -- drawing -----------------------------------------------------------------------------------

    def row_total(self) -> int:
        return len(self._rows)

    def row_key(self, index: int) -> Hashable:
        return self._version, index, index == self.marked

    def draw_header(self) -> list[Segment]:
        first, second, column, difference = self._titles
        cell = Cell(f"{column} {first}", f"{column} {second}", difference, "%")
        name, values = self._texts(first, second, "layer", cell)
        return [Segment(f"       # {name} {values}", self.kept_style + self.ink("header"))]

    def draw_row(self, index: int) -> list[Segment]:
        assert self._line is not None
        pair, marked = self._line(self._rows[index]), index == self.marked
        ground = self.kept_style + self.ink("cursor" if self.has_focus else "selected") if marked else self.kept_style
        ink = ground + self.ink(INKS[pair.sign])
        name, values = self._texts(pair.a, pair.b, pair.both, pair.cell)
        return [
            Segment(f"{'>' if marked else ' '}{pair.sign}", ink),
            Segment(f" {fitted(pair.number, 5, right=True)} ", ground + self.ink("number")),
            Segment(f"{name} ", ground if pair.sign == ":" else ink),
            Segment(values, ink if pair.sign == "=" else ground),
        ]

    def _texts(self, a: str, b: str, both: str, cell: Cell) -> tuple[str, str]:
        """The layer and the values of a line, each as wide as there is room for."""
        room = self.room - 9  # the signs and the number
        values = [(cell.a, VALUE), (cell.b, VALUE), (cell.delta, VALUE), (cell.percent, SHARE)]
        if self.room < BESIDE:
            values = values[:3] if self.room >= LEFT else [(cell.b or cell.a, VALUE), (cell.delta, VALUE)]
        wide = max(room - sum(size + 1 for _, size in values), 8)
        if self.room >= BESIDE:
            half = (wide - 1) // 2
            name = f"{fitted(a, half)} {fitted(b, wide - 1 - half)}"
        else:
            name = fitted(both, wide)
        return name, " ".join(fitted(text, size, right=True) for text, size in values)

    def on_focus(self) -> None:
        self.forget_drawn()

    def on_blur(self) -> None:
        self.forget_drawn()
