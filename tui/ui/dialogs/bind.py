"""Values for the symbols of a network."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.widgets import Input

from tui.core.errors import ParseError
from tui.core.expression import parse_size
from tui.core.size import Size, symbols, text
from tui.core.store import ModelStore
from tui.ui.dialogs.declare import bind_edit
from tui.ui.dialogs.fields import Field, Fields
from tui.ui.dialogs.frame import Dialog, Push, saying
from tui.ui.dialogs.preview import totals_text


class BindSymbols(Dialog[dict[str, Size | None]]):
    """A field for each symbol, blank for a free one, with the totals alive.

    The result holds the symbols that changed, None for one that is set free (``bind_edit`` applies it).
    """

    DEFAULT_CSS = """
    BindSymbols Fields { max-height: 10; }
    BindSymbols #free, BindSymbols #bound { max-height: 3; }
    BindSymbols #free { margin-top: 1; }
    """
    AUTO_FOCUS = "FieldInput, Push"
    title_text = "Symbols"
    keys = "blank is free  Enter apply  Esc cancel"
    accept_label = "Apply"

    def __init__(self, store: ModelStore) -> None:
        super().__init__()
        self.snapshot = store.committed
        # The value as its line gives it: another symbol in it is a reference that must survive.
        self.given = {line.binding[0]: line.binding[1] for line in self.snapshot.lines if line.binding is not None}

    def body(self) -> ComposeResult:
        if not self.snapshot.symbols:
            yield saying("none", text="No symbols yet. Write a name where a number stands, as in: dense n")
            return
        with Fields():
            for name in self.snapshot.symbols:
                value = self.given.get(name)
                yield Field(
                    name,
                    f"{name} =",
                    "" if value is None else text(value),
                    placeholder="free",
                    help_text="a number, or such as 2*k",
                )
        yield saying("free", muted=True, text=f"now  {totals_text(self.snapshot)}")
        yield saying("bound")

    def pushes(self) -> ComposeResult:
        if self.snapshot.symbols:
            yield from super().pushes()
        else:
            yield Push("Close", id="cancel")

    def on_mount(self) -> None:
        if self.snapshot.symbols:
            self._show()

    def _read(self) -> tuple[dict[str, Size | None], dict[str, str]]:
        """The bindings that differ from the network's, and what is wrong with the others."""
        changes: dict[str, Size | None] = {}
        errors = {}
        for field in self.query_one(Fields).all():
            try:
                value = parse_size(field.value) if field.value else None
            except ParseError as error:
                errors[field.key] = error.message
                continue
            if value is not None and field.key in symbols(value):
                errors[field.key] = f"{field.key} cannot stand for itself"
            elif value != self.given.get(field.key):
                changes[field.key] = value
        return changes, errors

    def on_field_changed(self, event: Field.Changed) -> None:
        self.later(self._show)

    def _show(self) -> None:
        changes, errors = self._read()
        self.query_one(Fields).show_errors(errors)
        edit = bind_edit(self.snapshot, changes) if changes else None
        after = self.snapshot.edited(edit.changes) if edit else self.snapshot
        self.say("#bound", f"then {totals_text(after)}")

    def accept(self) -> None:
        changes, errors = self._read()
        if not self.query_one(Fields).focus_wrong(errors):
            self.answer(changes or None)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.accept()
