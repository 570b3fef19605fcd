"""Editing a line in place: the text field over the list, the live preview, and what Enter leads to."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from rich.text import Text
from textual import events

from tui.core import edits
from tui.core.blocks import indent_at
from tui.core.edits import Edit
from tui.core.errors import EditError
from tui.core.network import Line
from tui.formats.line import in_place_of, parse_line
from tui.ui.actions import BY_ID
from tui.ui.drawn_rows import HEADER
from tui.ui.layer_list import GUTTER
from tui.ui.moving import Moving

if TYPE_CHECKING:
    from tui.ui.line_editor import LineEditor

EMPTY: Final = Line("", note=" ")
"""Stands in the list for a new line until something is typed that reads."""
HELP_WIDTH: Final = 64
WHILE_EDITING: Final = ("save", "quit")
"""Actions that a half-typed line does not stop: they keep it first."""


class Inline(Moving):
    """The bench on which a line is edited where it stands."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._editing: int | None = None
        """The document row that the editor is over."""
        self._adding = False
        self._indent = 0

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While a line is edited the keys are the field's: an edit from elsewhere would move the line away."""
        if self._editing is not None and action in BY_ID and action not in WHILE_EDITING:
            return False
        return super().check_action(action, parameters)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """A click beside the editor keeps what is typed, as leaving it with the arrow keys does."""
        # Not event.widget: an editor that was closed and opened again is told late of the list between.
        if self._editing is not None and self.focused is not self.editor:
            self.finish_editing()

    def finish_editing(self) -> None:
        """Keep what is half typed as the line."""
        if self._editing is not None:
            from tui.ui.line_editor import LineEditor

            focused = self.focused
            self.on_line_editor_committed(LineEditor.Committed(self.editor.value, "stay"))
            if focused is not self.editor:
                self.set_focus(focused)

    def refresh_panes(self) -> None:
        super().refresh_panes()
        if self._editing is not None:
            self._place_editor()

    def change(self, make: Callable[[], Edit], told: Callable[[], str] | None = None) -> bool:
        """Make an edit, apply it and say its label, or what is ``told``; what cannot be done is said in words."""
        self.view.unsort()
        try:
            edit = make()
        except EditError as error:
            self.say(error.message, error=True)
            return False
        self.store.apply(edit)
        self.end_range()
        self.go_to_row(edit.cursor)
        self.say(f"{edit.label if told is None else told()}   (u undoes)")
        return True

    def change_in_place(self, edit: Edit) -> None:
        """Apply an edit of lines that the list does not show; the cursor stays at its line."""
        place = self.view.cursor
        self.store.apply(edit)
        self.go_to(place)
        self.say(f"{edit.label}   (u undoes)")

    def insert_text(self, row: int, text: str) -> None:
        """A new line before a document row, indented as its place is."""
        indent = " " * indent_at(self.store.committed.lines, row)
        self.change(lambda: edits.insert(self.store.committed, row, [parse_line(indent + text.strip())]))

    def replace_text(self, row: int, text: str) -> None:
        """Another line in the place of one, indented as it was."""
        indent = " " * self.store.committed.lines[row].indent
        self.change(lambda: edits.replace(self.store.committed, row, parse_line(indent + text.strip())))

    def open_editor(self, row: int, text: str, *, adding: bool = False, indent: int | None = None) -> None:
        """Edit the line at a document row in place; with ``adding`` a new line before that row.

        A new line is indented by ``indent``, or as its place is.
        """
        self.view.unsort()
        self._editing, self._adding = row, adding
        self._indent = indent_at(self.store.committed.lines, row) if indent is None else indent
        if adding:
            self.store.preview(edits.insert(self.store.committed, row, [EMPTY]))
        self.refresh_panes()
        self.view.cursor = self.view.place(row)
        self.refresh_panes()
        names = [line.name for line in self.view.snapshot.lines[:row] if line.name]
        self.set_class(True, "-editing")
        self.editor.start(text, names, select=not adding)
        self._place_editor()
        self.show_hint()

    def _place_editor(self) -> None:
        pane = self.layer_list.content_region
        top = int(self.layer_list.scroll_offset.y)
        y = pane.y + HEADER + self.view.cursor - top
        width = max(pane.width - GUTTER, len(self.editor.value) + 4)
        width = min(width, self.size.width - pane.x - GUTTER - 1)
        self.editor.styles.offset = (pane.x + GUTTER, y)
        self.editor.styles.width = width
        help_width = min(HELP_WIDTH, self.size.width - 2)
        lines = self.editor.help_lines(help_width - 2)
        self.editor_help.display = bool(lines)
        if not lines:
            return
        below = y + 1 + len(lines) <= self.size.height - 1
        x = max(0, min(pane.x + GUTTER, self.size.width - help_width))
        self.editor_help.styles.offset = (x, y + 1 if below else max(0, y - len(lines)))
        self.editor_help.styles.width = help_width
        self.editor_help.update(Text("\n").join(lines))

    def _edit_of(self, text: str) -> Edit:
        assert self._editing is not None
        # A blank line is not shown, and the rows would jump under the editor.
        line = parse_line(self._with_note(text)) if text.strip() else EMPTY
        if self._adding:
            return edits.insert(self.store.committed, self._editing, [line])
        return edits.replace(self.store.committed, self._editing, line)

    def _with_note(self, text: str) -> str:
        """The typed code with the indentation and the note of the line; a note that is typed takes its place."""
        if self._editing is None or not text.strip():
            return text
        if self._adding:
            return " " * self._indent + text.strip()
        old = self.store.committed.lines[self._editing]
        return " " * old.indent + text.strip() if "#" in text else in_place_of(text.strip(), old)

    def on_line_editor_typed(self, event: LineEditor.Typed) -> None:
        """Preview the line while it is typed; a line that does not read leaves the last preview standing."""
        if self._editing is None:
            return
        line = parse_line(event.text)
        if line.error is None:
            self.store.preview(self._edit_of(event.text))
        self.typing(self._editing, event.text)
        self._place_editor()

    def typing(self, row: int, text: str | None) -> None:
        """A half-typed text, for whoever keeps it safe; None when it is no longer half-typed."""

    def on_line_editor_cancelled(self) -> None:
        row, adding = self._editing, self._adding
        self._close_editor()
        self.store.preview(None)
        if row is not None:
            self.go_to_row(max(row - 1, 0) if adding else row)

    def on_line_editor_committed(self, event: LineEditor.Committed) -> None:
        row, adding = self._editing, self._adding
        if row is None:
            return
        text = event.text
        unchanged = not adding and text == editable(self.store.committed.lines[row])
        if unchanged or (adding and not text.strip()):
            self.on_line_editor_cancelled()
        elif not text.strip():
            self._close_editor()
            self.change(lambda: edits.delete(self.store.committed, row, row))
            return
        else:
            edit = self._edit_of(text)
            self._close_editor()
            self.store.apply(edit)
            self.go_to_row(row)
            result = self.store.committed.result(row)
            if result is not None and result.status == "error":
                # The working says all of it; a second line here would push the last row out of the list.
                self.say(f"{result.message}   (. ways out, u undoes)", error=True, whole=False)
            else:
                self.say(f"{edit.label}   (u undoes)")
        if event.then == "next" and adding and text.strip():
            self.call_later(self.open_editor, row + 1, "", adding=True)
        elif event.then in ("up", "down"):
            self.call_later(self._edit_neighbour, -1 if event.then == "up" else 1)

    def _edit_neighbour(self, step: int) -> None:
        place = self.view.place(self.view.row or 0) + step
        if 0 <= place < len(self.view.shown):
            self.go_to(place)
            self.run_action_of("edit")

    def _close_editor(self) -> None:
        self._editing = None
        self.editor.open = False
        self.typing(0, None)
        self.editor_help.display = False
        self.set_class(False, "-editing")
        self.set_focus(self.layer_list)


def editable(line: Line) -> str:
    """What of a line is put into the editor: its code, its note where that is all there is."""
    return line.code if line.code else line.text
