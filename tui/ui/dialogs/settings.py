"""What holds for the whole network: data format, batch, dtype, bias and counting."""

from __future__ import annotations

from typing import Any

from textual.app import ComposeResult
from textual.widgets import Input

from tui.core.errors import ParseError
from tui.core.settings import SETTINGS
from tui.core.store import ModelStore
from tui.ui.dialogs.declare import settings_edit
from tui.ui.dialogs.fields import Field, Fields
from tui.ui.dialogs.frame import Dialog, saying
from tui.ui.dialogs.preview import totals_text


class NetworkSettings(Dialog[dict[str, Any]]):
    """Edit the settings with the totals alive; the result holds those that changed (``settings_edit`` applies it)."""

    DEFAULT_CSS = """
    NetworkSettings Fields { max-height: 12; }
    NetworkSettings #help { margin-top: 1; min-height: 2; max-height: 3; }
    NetworkSettings #totals { max-height: 3; }
    """
    AUTO_FOCUS = "FieldInput"
    title_text = "Network settings"
    keys = "Space next word  Enter apply  Esc cancel"
    accept_label = "Apply"

    def __init__(self, store: ModelStore) -> None:
        super().__init__()
        self.snapshot = store.committed

    def body(self) -> ComposeResult:
        with Fields():
            for name, arg in SETTINGS.items():
                now = arg.type.print(getattr(self.snapshot.settings, name))
                default = arg.type.print(arg.default)
                words = arg.type.words()
                yield Field(name, name, now, placeholder=default, help_text=arg.help, words=words)
        yield saying("help", muted=True)
        yield saying("totals")

    def on_mount(self) -> None:
        self._show()

    def _read(self) -> tuple[dict[str, Any], dict[str, str]]:
        """The settings that differ from the network's, and what is wrong with the others."""
        changes, errors = {}, {}
        for field in self.query_one(Fields).all():
            arg = SETTINGS[field.key]
            try:
                value = arg.type.parse(field.value) if field.value else arg.default
            except ParseError as error:
                errors[field.key] = error.message
                continue
            if value != getattr(self.snapshot.settings, field.key):
                changes[field.key] = value
        return changes, errors

    def on_field_changed(self, event: Field.Changed) -> None:
        self.later(self._show)

    def on_descendant_focus(self) -> None:
        field = next((f for f in self.query(Field) if f.has_focus_within), None)
        if field is not None:
            arg = SETTINGS[field.key]
            self.say("#help", f"{field.key}: {arg.help}\n{arg.type.expected}")

    def _show(self) -> None:
        changes, errors = self._read()
        self.query_one(Fields).show_errors(errors)
        edit = settings_edit(self.snapshot, changes) if changes else None
        self.say("#totals", totals_text(self.snapshot.edited(edit.changes) if edit else self.snapshot))

    def accept(self) -> None:
        changes, errors = self._read()
        if not self.query_one(Fields).focus_wrong(errors):
            self.answer(changes or None)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.accept()
