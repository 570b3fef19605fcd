"""The results pane: a DataTable that shows a finished row for every line of the list beside it."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Final

from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual import events
from textual.coordinate import Coordinate
from textual.message import Message

from tui.core.result import Result
from tui.core.size import Size, bind, symbols
from tui.formats.columns import COLUMNS, STANDARD, Column, field_text, status_text
from tui.formats.escape import visible
from tui.ui.layer_list import LayerList
from tui.ui.view import View
from tui.ui.virtual_table import VirtualTable
from tui.ui.words import ELLIPSIS, fitted

WIDEST: Final = 26
BAR: Final = 5
WIDE_BAR: Final = 20
"""A bar with its percentage, among the columns that are there for their shares."""
SLACK: Final = 8
"""Room left for columns to grow before another column is shown."""
TITLE: Final = "2 Results"
SHARE: Final = "share"
FORMULA: Final = "formula"


class Results(VirtualTable, inherit_bindings=False):
    """The numbers of every layer. It draws finished rows and owns the cursor's column."""

    class ColumnMoved(Message):
        """The cursor is in another column."""

        def __init__(self, column: str) -> None:
            self.column = column
            super().__init__()

    def __init__(self, view: View, *, id: str | None = None) -> None:
        self.view = view
        self.shown: tuple[str, ...] = ()
        super().__init__(id=id, show_row_labels=False, cell_padding=0)
        self.border_title = TITLE
        self._cells: dict[Hashable, tuple[str, ...]] = {}
        self.top_share: tuple[str, Size] = ("params", 0)
        """The metric that the share bars are of, and its total."""
        self.bar = BAR

    def show_columns(self, keys: Sequence[str]) -> None:
        """Show these columns, in this order."""
        if tuple(keys) == self.shown:
            return
        self.shown = tuple(keys)
        self.clear(columns=True)
        self.bar = bar_width(keys)
        for key in keys:
            column = COLUMNS.get(key)
            title = column.title if column is not None else key
            width = column.width if column is not None else self.bar if key == SHARE else 20
            # A plain string would be read as markup, with the table of emoji loaded for it.
            self.add_column(Text(title), width=width + 1, key=key)
        self._cells.clear()
        self.forget_drawn()

    def clear(self, columns: bool = False) -> Results:
        """Take the columns away; rows are never stored."""
        if columns:
            self.columns.clear()
            self._column_locations = type(self._column_locations)({})
        return self

    @property
    def column_key(self) -> str:
        """The key of the column under the cursor."""
        return self.shown[self.cursor_column] if self.cursor_column < len(self.shown) else "out"

    @property
    def column(self) -> Column | None:
        """The declared column under the cursor; None for the screen's own columns."""
        return COLUMNS.get(self.column_key)

    def row_total(self) -> int:
        return len(self.view.shown)

    def row_key(self, index: int) -> Hashable:
        # The widths of the columns are not in it: a change of those makes all rows be drawn anew.
        view = self.view
        result = view.result(index)
        cursor = index == view.cursor
        return (
            result if result is not None and result.status not in ("error", "waiting") else None,
            None if result is None else view.field(index) if result.outputs else self._status(index, result),
            self._bar(result),
            cursor and (self.has_focus, self.cursor_column),
            view.typing,
        )

    def _status(self, index: int, result: Result) -> str:
        return visible(status_text(self.view.snapshot, self.view.shown[index], result))

    def _bar(self, result: Result | None) -> str:
        key, total = self.top_share
        column = COLUMNS.get(key)
        if result is None or not result.outputs or column is None or column.value is None:
            return ""
        value = column.value(self.view.snapshot, 0, result)
        if not isinstance(value, int) or not isinstance(total, int) or total <= 0 or value <= 0:
            return ""
        if self.bar == BAR:
            return "#" * max(1, round(BAR * value / total)) if value * 50 >= total else "."
        share = (2_000 * value + total) // (2 * total)
        return f"{'#' * min((WIDE_BAR - 7) * value // total, WIDE_BAR - 7) or '.':<13}{share // 10:>4}.{share % 10}%"

    def cells(self, index: int) -> tuple[str, ...]:
        result = self.view.result(index)
        if result is None or not result.outputs:
            return ("",) * len(self.shown)
        row = self.view.result_row(index)
        bar = self._bar(result)
        key = (result, self.view.field(index), bar)
        cells = self._cells.get(key)
        if cells is None:
            if len(self._cells) > 4_000:
                self._cells.clear()
            cells = self._cells[key] = tuple(self._cell(name, row, result, bar, index) for name in self.shown)
        return cells

    def _cell(self, name: str, row: int, result: Result, bar: str, index: int) -> str:
        if name == SHARE:
            return bar
        if name == "field":
            return field_text(self.view.field(index))
        if name == FORMULA:
            from tui.core.explain import explain

            workings = explain(self.view.snapshot, row).params
            return visible(workings[0].numbers) if workings else ""
        return visible(COLUMNS[name].cell(self.view.snapshot, row, result))

    def make_room(self, indices: Sequence[int]) -> None:
        """Columns grow to what is on screen and never shrink by themselves: a table that breathes is hard to read."""
        grown = False
        columns = self.ordered_columns
        for index in indices:
            if index >= self.row_total():
                break
            for column, cell in zip(columns, self.cells(index), strict=True):
                if len(cell) >= column.width:
                    width = min(len(cell), WIDEST) + 1
                    grown = grown or width > column.width
                    column.width = max(column.width, width)
        if grown:
            self.forget_drawn()

    def header_style(self) -> Style:
        return self.ink("header")

    def draw_header(self) -> list[Segment]:
        base = self.header_style()
        mark = base + self.ink("header-cursor")
        segments = []
        for index, (key, column) in enumerate(zip(self.shown, self.ordered_columns, strict=True)):
            style = mark if index == self.cursor_column and self.has_focus else base
            right = key in COLUMNS and COLUMNS[key].right
            segments.append(Segment(f" {fitted(column.label.plain, column.width - 1, right=right)}", style))
        return segments

    def draw_row(self, index: int) -> list[Segment]:
        view = self.view
        base = self.kept_style
        cursor = index == view.cursor
        if cursor:
            base += self.ink("cursor-row")
        result = view.result(index)
        left, width, room = self.frame
        if result is None:
            return [Segment(" " * (left + width), base)]
        if not result.outputs:
            style = base + self.ink("waiting" if result.status in ("waiting", "opaque") else "error")
            # Read from its start, however far the columns are scrolled.
            said = fitted(self._status(index, result), room - 1)
            return [Segment(f"{' ' * left} {said}{' ' * width}", style)]
        if view.typing:
            base += self.ink("dim")
        bar_style = base + self.ink("bar")
        hot = base + self.ink("cell")
        focused = cursor and self.has_focus
        segments = []
        start, run, ink = 0, "", base
        for place, (key, column, cell) in enumerate(
            zip(self.shown, self.ordered_columns, self.cells(index), strict=True)
        ):
            style = hot if focused and place == self.cursor_column else bar_style if key == SHARE else base
            if style is not ink:  # cells of one colour are one segment: each costs its way to the terminal anew
                segments.append(Segment(run, ink))
                run, ink = "", style
            text = f" {fitted(cell, column.width - 1, right=key in COLUMNS and COLUMNS[key].right)}"
            run += _cut_marked(text, left - start, left - start + room)
            start += column.width
        segments.append(Segment(run, ink))
        segments.append(Segment(" " * (left + width), base))
        return segments

    def watch_cursor_coordinate(self, old_coordinate: Coordinate, new_coordinate: Coordinate) -> None:
        if old_coordinate == new_coordinate:
            return
        super().watch_cursor_coordinate(old_coordinate, new_coordinate)
        if old_coordinate.column != new_coordinate.column:
            self.refresh()
            self.post_message(self.ColumnMoved(self.column_key))

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        if round(old_value) != round(new_value):
            self.post_message(LayerList.Scrolled(round(new_value)))

    async def _on_click(self, event: events.Click) -> None:
        place = event.get_content_offset(self)
        if place is None:
            return
        x, column = place.x + int(self.scroll_offset.x), 0
        for at, each in enumerate(self.ordered_columns):
            x -= each.get_render_width(self)
            column = at
            if x < 0:
                break
        self.move_cursor(column=column)
        index = self.row_clicked(event)
        if index is not None:
            self.post_message(LayerList.Clicked(index, event.chain > 1))


def with_symbols_at_one(size: Size) -> Size:
    """A rough size of a symbolic total, so that shares can be drawn before symbols are bound."""
    return bind(size, dict.fromkeys(symbols(size), 1))


def bar_width(keys: Sequence[str]) -> int:
    """The cells of the share bars: many where the output shapes have made room for them."""
    return BAR if "out" in keys else WIDE_BAR


def columns_for(width: int, chosen: Sequence[str] = STANDARD) -> list[str]:
    """The columns for a pane of this width: the chosen ones, then what else fits."""
    keys = [*chosen, SHARE]
    used = sum((COLUMNS[key].width if key in COLUMNS else bar_width(keys)) + 1 for key in keys) + SLACK
    for extra in ("weight_bytes", "elementwise", FORMULA):
        need = (COLUMNS[extra].width if extra in COLUMNS else 24) + 1
        if extra not in keys and used + need <= width:
            keys.insert(-1 if extra != FORMULA else len(keys), extra)
            used += need
    return keys


def _cut_marked(text: str, left: int, right: int) -> str:
    """The text of a cell, with an ellipsis where an edge of the pane cuts it: half a number reads as another.

    The edges are given from the start of the cell.
    """
    if 0 < left < len(text) and text[:left].strip():
        text = f"{text[:left]}{ELLIPSIS}{text[left + 1 :]}"
    if 0 < right < len(text) and text[right:].strip():
        text = f"{text[: right - 1]}{ELLIPSIS}{text[right:]}"
    return text
