"""Values for the symbols of a network."""

from __future__ import annotations

from typing import Final

from textual.app import ComposeResult
from textual.events import Key
from textual.widgets import Input

from tui.core.errors import ParseError
from tui.core.expression import parse_size
from tui.core.size import Size, symbols, text
from tui.core.store import ModelStore
from tui.formats.symbol_facts import needs_text, used_text
from tui.ui.dialogs.declare import bind_edit
from tui.ui.dialogs.fields import Field, FieldInput, Fields
from tui.ui.dialogs.frame import Dialog, Push, saying
from tui.ui.dialogs.preview import totals_text

STEPS: Final = {"plus": "+", "equals_sign": "+", "minus": "-", "right_square_bracket": "]", "left_square_bracket": "["}


def stepped(value: str, step: str) -> str | None:
    """The value one more, one less, twice or half as large, at least 1; None where it is no plain number."""
    if not value.isdecimal() or not value.isascii():
        return "1" if not value and step == "+" else None
    number = int(value[:18])
    changed = {"+": number + 1, "-": number - 1, "]": number * 2, "[": number // 2}[step]
    return str(max(changed, 1))


class SymbolInput(FieldInput):
    """The value of a symbol. In a plain number + - [ ] step it, as they do in the list of layers."""

    async def _on_key(self, event: Key) -> None:
        step = STEPS.get(event.key)
        value = stepped(self.value.strip(), step) if step is not None else None
        if value is not None:
            event.stop()
            event.prevent_default()
            self.value = value
            self.cursor_position = len(value)


class SymbolField(Field):
    """One symbol; ``key`` is its name."""

    def __init__(self, name: str, value: str) -> None:
        super().__init__(name, f"{name} =", value, help_text="a number, or such as 2*k")
        self.input = SymbolInput(value, "free", ())


class BindSymbols(Dialog[dict[str, Size | None]]):
    """A field for each symbol, blank for a free one, with the totals alive here and in the panes below.

    The result holds the symbols that changed, None for one that is set free (``bind_edit`` applies it).
    """

    DEFAULT_CSS = """
    BindSymbols Fields { max-height: 10; }
    BindSymbols #free, BindSymbols #bound { max-height: 3; }
    BindSymbols #used { margin-top: 1; max-height: 2; }
    BindSymbols #needs { height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
    """
    AUTO_FOCUS = "FieldInput, Push"
    title_text = "Symbols"
    keys = "blank is free  + - [ ] step  Enter apply  Esc cancel"
    accept_label = "Apply"

    def __init__(self, store: ModelStore) -> None:
        super().__init__()
        self.store = store
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
                yield SymbolField(name, "" if value is None else text(value))
        yield saying("used", muted=True)
        yield saying("needs", muted=True)
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
        after = self.store.preview(edit)
        self.say("#bound", f"then {totals_text(after)}")

    def on_descendant_focus(self) -> None:
        field = next((f for f in self.query(SymbolField) if f.has_focus_within), None)
        if field is not None:
            self.say("#used", used_text(self.snapshot, field.key))
            self.say("#needs", f"it must be: {needs_text(self.snapshot, field.key)}")

    def on_unmount(self) -> None:
        self.store.preview(None)

    def accept(self) -> None:
        changes, errors = self._read()
        if not self.query_one(Fields).focus_wrong(errors):
            self.answer(changes or None)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.accept()
