"""The layer list pane: the text form, one line a layer, edited in place."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Final

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.message import Message
from textual.scroll_view import ScrollView

from tui.formats.columns import MARKS
from tui.formats.escape import visible
from tui.formats.numbers import numbers
from tui.ui.drawn_rows import DrawnRows
from tui.ui.gutter import Gutter, glyphs
from tui.ui.view import View
from tui.ui.words import fitted

GUTTER: Final = 6
"""Cells before the code: the pointer, the mark, the number and a space."""


class LayerList(DrawnRows, ScrollView, can_focus=True, inherit_bindings=False):
    """The lines of the network. It draws the view and posts what the mouse does; it changes nothing."""

    class Clicked(Message):
        """A row was clicked, twice where ``again``."""

        def __init__(self, index: int, again: bool) -> None:
            self.index = index
            self.again = again
            super().__init__()

    class Scrolled(Message):
        """The first row in view is another one."""

        def __init__(self, top: int) -> None:
            self.top = top
            super().__init__()

    def __init__(self, view: View, *, id: str | None = None) -> None:
        self.view = view
        super().__init__(id=id)
        self.border_title = "1 Layers"
        self.glyphs = glyphs()
        self.branches = Gutter(view.snapshot, view.shown)
        self._gutter_of: tuple[object, object] = (view.snapshot.inference.wiring, view.shown)

    def row_total(self) -> int:
        return len(self.view.shown)

    def row_key(self, index: int) -> Hashable:
        view = self.view
        snapshot, row = view.snapshot, view.shown[index]
        result = view.result(index)
        return (
            snapshot.lines[row],
            snapshot.number(row),
            MARKS.get(result.status, "") if result is not None else "",
            index == view.cursor and (self.has_focus, view.pick),
            view.anchor is not None and index in view.selected(),
            row in view.matches,
            view.fold(index),
            self.branches.text(index, self.glyphs),
        )

    def changed(self) -> None:
        key = (self.view.snapshot.inference.wiring, self.view.shown)
        if self._gutter_of[0] is not key[0] or self._gutter_of[1] is not key[1]:
            self._gutter_of = key
            # Lanes join rows of the document's order; there is nothing to join where they are sorted.
            self.branches = Gutter(self.view.snapshot, self.view.shown if self.view.sorting is None else ())
        super().changed()

    def draw_header(self) -> list[Segment]:
        return [Segment(fitted("   #  layer", self.frame.room), self.header_style())]

    def header_style(self) -> Style:
        return self.ink("header")

    def draw_row(self, index: int) -> list[Segment]:
        view = self.view
        line = view.line(index)
        result = view.result(index)
        cursor = index == view.cursor
        base = self.kept_style
        if cursor:
            base += self.ink("cursor")
        elif index in view.selected() and view.anchor is not None:
            base += self.ink("selected")

        def style(name: str) -> Style:
            return base + self.ink(name)

        mark = MARKS.get(result.status, "") if result is not None else ""
        number = view.number(index)
        pointer = ">" if cursor else ":" if view.anchor is not None and index in view.selected() else " "
        mark_style = style("error") if mark == "!" else style("warning") if mark in ("?", "~") else style("number")
        segments = [
            Segment(pointer, base),
            Segment(mark or " ", mark_style),
            Segment(f"{'' if number is None else number:>3}", style("number")),
            Segment(" ", base),
        ]
        indent = line.indent
        lanes = self.branches.text(index, self.glyphs)
        if lanes or indent:
            segments.append(Segment(lanes, style("note")))
            segments.append(Segment(" " * indent, base))
        room = max(self.frame.room - GUTTER - len(lanes) - indent, 4)
        matched = view.shown[index] in view.matches
        code = visible(line.code)
        group = view.fold(index)
        if group is not None:
            layers = sum(1 for row in group.rows if view.snapshot.number(row) is not None)
            text = _folded_text(visible(group.label), layers, room)
            segments.append(Segment(text, style("match" if matched else "name")))
        elif line.repeat is not None:
            segments += _styled(fitted(code, room), self._picked(index, base), style("name"))
        elif line.spec is None:
            plain = style("error") if line.error is not None else style("note")
            segments.append(Segment(fitted(code or visible(line.note).strip(), room), plain))
        else:
            segments += self._code(code, index, room, base, matched)
        segments.append(Segment(" " * self.frame.width, base))
        return segments

    def _code(self, code: str, index: int, room: int, base: Style, matched: bool) -> list[Segment]:
        """The code in its colours; the picked number of the cursor row is marked."""
        line = self.view.line(index)
        kind_style = base + self.ink("match" if matched else "kind")
        if line.off:
            return [Segment(fitted(code, room), base + self.ink("note"))]
        spans: list[tuple[int, int, Style]] = []
        start = code.find(line.spec.kind.name) if line.spec is not None else 0
        if line.name and line.spec is not None:
            start = code.find(line.spec.kind.name, len(line.name))
            spans.append((0, len(line.name) + 1, base + self.ink("name")))
        if line.spec is not None and start >= 0:
            spans.append((start, start + len(line.spec.kind.name), kind_style))
        spans += self._picked(index, base)
        note = visible(line.note)
        # A note that does not fit whole only clutters the line.
        shown = f"{code}  {note}" if note and len(code) + len(note) + 2 <= room else code
        if shown is not code:
            spans.append((len(code), len(shown), base + self.ink("note")))
        return _styled(fitted(shown, room), spans, base)

    def _picked(self, index: int, base: Style) -> list[tuple[int, int, Style]]:
        """The number of the cursor row that the number keys step, with its style."""
        picks = numbers(self.view.line(index)) if index == self.view.cursor and self.has_focus else ()
        if not picks:
            return []
        first, last = picks[min(self.view.pick, len(picks) - 1)].span
        return [(first, last, base + self.ink("pick"))]

    async def _on_click(self, event: events.Click) -> None:
        index = self.row_clicked(event)
        if index is not None:
            self.post_message(self.Clicked(index, event.chain > 1))

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        if round(old_value) != round(new_value):
            self.post_message(self.Scrolled(round(new_value)))


def _folded_text(label: str, layers: int, room: int) -> str:
    """A folded group with how many layers it hides: of the two the label gives way."""
    count = f" ({layers})"
    for whole in (f"+ {label}  ({layers} layer{'' if layers == 1 else 's'})", f"+ {label}{count}"):
        if cell_len(whole) <= room or room < 2 * len(count):
            return fitted(whole, room)
    return fitted(f"+ {label}", room - len(count)) + count


def _styled(text: str, spans: list[tuple[int, int, Style]], base: Style) -> list[Segment]:
    segments = []
    at = 0
    for first, last, style in sorted(spans, key=lambda span: span[0]):
        first, last = min(first, len(text)), min(last, len(text))
        if first < at:
            continue
        if first > at:
            segments.append(Segment(text[at:first], base))
        if last > first:
            segments.append(Segment(text[first:last], style))
        at = last
    if at < len(text):
        segments.append(Segment(text[at:], base))
    return segments
