"""Copying and pasting: cells and lines out, lines of any program in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events

from tui.formats.columns import status_text
from tui.ui.editing import Editing

if TYPE_CHECKING:
    from tui.ui.line_editor import LineEditor


class Copying(Editing):
    """The bench with a clipboard."""

    _copied = ""
    """The lines that were copied last."""

    def action_copy(self) -> None:
        self.copy_here()

    def copy_here(self, besides: str = "") -> None:
        """Copy what the cursor is on, the cell or the lines; ``besides`` is said too."""
        if self.focused is self.results:
            text, what = self._cell_here(), "the cell"
        else:
            lines = [self.store.committed.lines[row] for at in self.view.selected() for row in self.view.rows(at)]
            text, what = "\n".join(line.text for line in lines), "1 line" if len(lines) == 1 else f"{len(lines)} lines"
            self._copied = text or self._copied
        if text:
            self._to_clipboard(text, f"{what}{besides}")
        else:
            self.say(f"there is nothing to copy here{besides}")

    def _cell_here(self) -> str:
        """The cell under the cursor; where a row has a message in their place, that."""
        view, place = self.view, self.view.cursor
        result = view.result(place) if view.shown else None
        if result is None:
            return ""
        if not result.outputs:
            return status_text(view.snapshot, view.shown[place], result)
        return self.results.cells(place)[self.results.cursor_column]

    def _to_clipboard(self, text: str, what: str) -> None:
        from tui.ui.clipboard import copy

        self.say(f"copied {what}: {copy(self.app, text)}")

    def action_paste(self) -> None:
        if self._copied:
            self._paste(self._copied)
        else:
            self.say("nothing is copied yet: y copies lines; what the terminal pastes becomes lines too")

    def _paste(self, text: str, place: tuple[int, int | None] | None = None) -> None:
        """Put lines in at a place, which is the row above them (-1: none) and their indentation; or at the cursor."""
        from tui.formats.edits import paste

        if place is None:
            empty = self.view.row is None
            place = (len(self.store.committed.lines) - 1, None) if empty else (self._below(), self._beside_fold())
        below, indent = place
        self.change(lambda: paste(self.store.committed, below, text, indent=indent))

    def on_paste(self, event: events.Paste) -> None:
        """Text pasted by the terminal becomes lines."""
        if self._editing is None and not self.has_class("-finding"):
            event.stop()
            self._paste_foreign(event.text)

    def on_line_editor_lines_pasted(self, event: LineEditor.LinesPasted) -> None:
        """Lines pasted into the field go into the list: in the place of a new line that is empty yet, else below."""
        if self._editing is None:
            return
        empty = self._adding and not self.editor.value.strip()
        place = (self._editing - 1, self._indent) if empty else None
        self.finish_editing()
        self._paste_foreign(event.text, place)

    def _paste_foreign(self, text: str, place: tuple[int, int | None] | None = None) -> None:
        """Lines of our own go in as they are; those of other programs are read first, with a report."""
        from tui.formats.escape import visible
        from tui.formats.python.paste import for_list, foreign, summary

        found = foreign(text)
        if found is None:
            self._paste(text, place)
            return
        committed = self.store.committed
        found = for_list(found, not any(line.is_layer for line in committed.lines), committed.settings)
        self._paste("\n".join(line.text for line in found.lines), place)
        self.say(visible(summary(found)))
        if len(found.notices) > 1:
            from tui.ui.dialogs.report import Report

            said = [visible(f"{one.place}: {one.text} ({one.grade})") for one in found.notices]
            self.app.push_screen(Report(f"Pasted: {len(said)} notices", said))
