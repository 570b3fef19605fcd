"""The budgets of the network: a limit for each metric, held against it while they are typed."""

from __future__ import annotations

from typing import ClassVar, Final, NamedTuple

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input

from tui.core.edits import Edit
from tui.core.errors import LayersheetError
from tui.core.metric import METRICS
from tui.core.snapshot import Snapshot
from tui.core.store import ModelStore
from tui.formats.budget import DEVICE, Budget, budgets_of, judge, parse_budget
from tui.formats.devices import device_named, devices
from tui.formats.quantity import print_quantity
from tui.formats.verdicts import bar, percent, word, worst_text
from tui.ui.dialogs.declare import budgets_edit
from tui.ui.dialogs.fields import Field, Fields
from tui.ui.dialogs.frame import Dialog, Push, saying

Entries = dict[str, int | str]
MOST_WORST: Final = 3


class Chosen(NamedTuple):
    """The answer: the edit of the budgets, if they changed, and the line to go to, if one is asked for."""

    edit: Edit | None
    row: int | None = None


class Budgets(Dialog[Chosen]):
    """Edit the limits with their verdicts alive; an empty field has no limit, or that of the device."""

    DEFAULT_CSS = """
    Budgets Fields { max-height: 10; }
    Budgets Field > .field-label { width: 12; }
    Budgets FieldInput { width: 1fr; min-width: 12; max-width: 24; }
    Budgets #about { margin-top: 1; max-height: 2; }
    Budgets #worst { max-height: 5; }
    Budgets .dialog-foot { margin-top: 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+g", "go", "Go to the worst layer", show=False)]
    AUTO_FOCUS = "FieldInput"
    title_text = "Budgets"
    keys = "Space device  Ctrl+G worst  Enter apply  Esc cancel"
    accept_label = "Apply"

    def __init__(self, store: ModelStore) -> None:
        super().__init__()
        self.snapshot: Snapshot = store.committed
        self.given: Entries = dict(self.snapshot.facts.budgets)
        self._worst: dict[str, int] = {}

    def body(self) -> ComposeResult:
        with Fields():
            device = str(self.given.get(DEVICE, ""))
            yield Field(DEVICE, DEVICE, device, placeholder="none", words=("", *devices()))
            for name, metric in METRICS.items():
                limit = self.given.get(name)
                value = print_quantity(limit, in_bytes=metric.in_bytes) if isinstance(limit, int) else ""
                yield Field(name, name, value, placeholder="no limit")
        yield saying("about", muted=True)
        yield saying("worst")

    def pushes(self) -> ComposeResult:
        yield Push(self.accept_label, id="accept")
        yield Push("Go to the worst", id="go")
        yield Push("Cancel", id="cancel")

    def on_mount(self) -> None:
        self._show()

    def _read(self) -> tuple[Entries, dict[str, str]]:
        """The limits as they are typed, and what is wrong with the others."""
        entries: Entries = {}
        errors: dict[str, str] = {}
        for field in self.query_one(Fields).all():
            if not field.value:
                continue
            try:
                if field.key == DEVICE:
                    entries[DEVICE] = device_named(field.value).name
                else:
                    entries[field.key] = parse_budget(f"{field.key}={field.value}").limit
            except LayersheetError as error:
                errors[field.key] = error.message
        return entries, errors

    def on_field_changed(self, event: Field.Changed) -> None:
        self.later(self._show)

    def on_descendant_focus(self) -> None:
        self.later(self._show)

    def _show(self) -> None:
        entries, errors = self._read()
        fields = self.query_one(Fields)
        fields.show_errors(errors)
        budgets = {budget.metric.name: budget for budget in budgets_of(entries.items())}
        device = str(entries.get(DEVICE, ""))
        for field in fields.all():
            if field.key == DEVICE:
                field.show_help(device_named(device).title if device else "Space goes through the devices")
            else:
                field.show_help(self._verdict(field.key, budgets.get(field.key)))
        self._about(device, budgets)

    def _verdict(self, name: str, budget: Budget | None) -> str:
        if budget is None:
            self._worst.pop(name, None)
            return METRICS[name].help
        verdict = judge(self.snapshot, budget)
        if verdict.worst:
            self._worst[name] = verdict.worst[0]
        used = percent(verdict)
        share = f" {used}%" if used is not None else ""
        limit = f" of {print_quantity(budget.limit, in_bytes=budget.metric.in_bytes)}" if budget.device else ""
        return f"{bar(verdict)} {word(verdict)}{share}{limit}"

    def _about(self, device: str, budgets: dict[str, Budget]) -> None:
        """Of the field with the focus: where a device's limits come from, or which layers add most."""
        key = self._current()
        if key in budgets:
            verdict = judge(self.snapshot, budgets[key])
            self.say("#about", "tensors only: what a runtime allocates besides is not counted" if key == "ram" else "")
            lines = [worst_text(self.snapshot, verdict, row) for row in verdict.worst[:MOST_WORST]]
            self.say("#worst", "\n".join(["most:", *lines]) if lines else "no layer adds to it")
        else:
            self.say("#about", device_named(device).source if device else "")
            self.say("#worst", "")

    def _current(self) -> str:
        field = next((field for field in self.query(Field) if field.has_focus_within), None)
        return DEVICE if field is None else field.key

    def on_push_pressed(self, event: Push.Pressed) -> None:
        if event.push.id == "go":
            event.stop()
            self.action_go()
        else:
            super().on_push_pressed(event)

    def action_go(self) -> None:
        """Apply, and go to the layer that adds most to the metric of this field, or to the first that is limited."""
        row = self._worst.get(self._current(), next(iter(self._worst.values()), None))
        if row is None:
            self.say("#worst", "give a limit first; then its worst layer is known", error=True)
        else:
            self._apply(row)

    def accept(self) -> None:
        self._apply(None)

    def _apply(self, row: int | None) -> None:
        entries, errors = self._read()
        if not self.query_one(Fields).focus_wrong(errors):
            self.answer(Chosen(budgets_edit(self.snapshot, entries), row))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.accept()
