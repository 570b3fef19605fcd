"""What the first frame does without: the fields that are hidden, and the styles of other sizes and states.

They are made when they are first asked for, or shortly after the first frame, which their code and their
styles would hold up.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from textual.screen import Screen
from textual.widget import Widget

from tui.ui.kept_style import KeptStyle

if TYPE_CHECKING:
    from textual.widgets import Input

    from tui.ui.line_editor import EditorHelp, LineEditor

# No screen but for the checker, and nor is any that builds on it below the workbench: for each class of a screen
# Textual merges the bindings and lists the attributes anew, 8 ms of the start in all.
if TYPE_CHECKING:

    class _Base(KeptStyle, Screen[None]): ...
else:
    _Base = KeptStyle

Field = TypeVar("Field", bound=Widget)

STYLES: Final = Path(__file__).with_name("later.tcss")
COMMON: Final = frozenset(("-normal", "-wide", "-mid", "-tall"))
"""The classes of sizes that the styles of the start are for."""


class LateParts(_Base):
    """The screen with the parts that come late."""

    @cached_property
    def editor(self) -> LineEditor:
        """The field over the line that is edited."""
        from tui.ui.line_editor import LineEditor

        return self._with(LineEditor(id="editor"))

    @cached_property
    def editor_help(self) -> EditorHelp:
        """What can stand next in that field."""
        from tui.ui.line_editor import EditorHelp

        return self._with(EditorHelp(id="editor-help"))

    @cached_property
    def question(self) -> Input:
        """The field at the bottom, which asks for words to find and for names."""
        from tui.ui.safe_input import SafeInput

        return self._with(SafeInput(id="find", compact=True))

    def _with(self, field: Field) -> Field:
        self.complete_styles()
        self.mount(field)
        return field

    def make_fields(self) -> None:
        """Have all the fields ready."""
        if self.is_attached:
            _ = self.editor, self.editor_help, self.question

    def complete_styles(self) -> None:
        """Have the styles of all sizes and states; what is on the screen in a common size has its own already."""
        sheet = self.app.stylesheet
        if not sheet.has_source(str(STYLES)):
            sheet.read(STYLES)
            sheet.parse()
