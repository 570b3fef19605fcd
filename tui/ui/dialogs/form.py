"""One layer as labelled fields; the form writes the line that one could have typed."""

from __future__ import annotations

from textual import work
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Input, Static

from tui.core.argument import Arg
from tui.core.snapshot import Change
from tui.core.store import ModelStore
from tui.formats.line import parse_line
from tui.layers import KINDS
from tui.ui.dialogs.draft import NAME, NOTE, OWN_FIELDS, SKIPPED, SOURCES, Draft
from tui.ui.dialogs.fields import Field, Fields
from tui.ui.dialogs.frame import Dialog, Push, saying
from tui.ui.dialogs.kinds import PickKind
from tui.ui.dialogs.preview import layer_text, totals_text

_OWN_HELP = {
    NAME: ("name", "none", "what other lines call this layer"),
    SOURCES: ("sources", "the layer above", "names of the layers it reads, such as @stem"),
    SKIPPED: ("skipped", "no", "yes leaves the layer out"),
    NOTE: ("note", "none", "a remark for people"),
}


class LayerForm(Dialog[str]):
    """Edit the layer of ``line_text`` by fields; the result is the new line.

    ``row`` is the document row that the line stands in; None for a new line, previewed at the end.
    A line that does not read fills the fields as far as it can be read.
    """

    DEFAULT_CSS = """
    LayerForm Fields { height: 1fr; }
    LayerForm #kind-row { height: 1; }
    LayerForm #kind-label { width: 13; padding-left: 2; }
    LayerForm #summary { width: 1fr; height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
    LayerForm #help { height: 1; border-top: none; text-wrap: nowrap; text-overflow: ellipsis; }
    LayerForm #line { text-style: bold; max-height: 2; }
    LayerForm #layer { max-height: 3; }
    LayerForm #totals { height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
    LayerForm .dialog-foot { margin-top: 0; }
    """
    AUTO_FOCUS = ""
    tall = True
    title_text = "Layer"
    keys = "Tab field  Space next word  Enter apply  Esc cancel"
    accept_label = "Apply"

    def __init__(self, store: ModelStore, row: int | None, line_text: str) -> None:
        super().__init__()
        self.snapshot = store.committed
        self.row = row
        self.draft = Draft(line_text, self.snapshot.settings)

    def body(self) -> ComposeResult:
        with Horizontal(id="kind-row"):
            yield Static("kind", markup=False, id="kind-label")
            yield Push("", id="kind")
            yield saying("summary", muted=True)
        yield Fields(*self._fields())
        yield saying("help", muted=True)
        yield saying("line")
        yield saying("layer")
        yield saying("totals", muted=True)

    def on_mount(self) -> None:
        self._begin()

    def _begin(self) -> None:
        """Name the kind and go to its first field."""
        kind = self.draft.kind
        push = self.query_one("#kind", Push)
        push.label = kind.name if kind is not None else "choose"
        push.refresh(layout=True)
        self.say("#summary", kind.summary if kind is not None else "Enter finds a kind")
        fields = self.query_one(Fields).all()
        (fields[0].input if fields else push).focus()
        self._show()

    def _fields(self) -> list[Field]:
        """The fields of the draft's kind: its own arguments, then what every layer has, then the common ones."""
        kind = self.draft.kind
        if kind is None:
            return []
        own = [Field(key, label, self.draft.words[key], placeholder=blank, help_text=said)
               for key, (label, blank, said) in _OWN_HELP.items()]  # fmt: skip
        common = [arg for arg in kind.all_args() if arg not in kind.args]
        return [*map(self._field, kind.args), *own, *map(self._field, common)]

    def _field(self, arg: Arg) -> Field:
        return Field(
            arg.name,
            arg.name,
            self.draft.words.get(arg.name, ""),
            placeholder=self.draft.default_text(arg),
            help_text=arg.help,
            words=arg.type.words(),
        )

    def on_field_changed(self, event: Field.Changed) -> None:
        self.draft.words[event.field.key] = event.field.value
        self.later(self._show)

    def on_descendant_focus(self) -> None:
        field = next((f for f in self.query(Field) if f.has_focus_within), None)
        if field is None or self.draft.kind is None:
            self.say("#help", "Enter finds another kind; fields that both have keep their values")
        elif field.key in OWN_FIELDS:
            self.say("#help", _OWN_HELP[field.key][2])
        else:
            self.say("#help", f"{field.key}: {self.draft.kind.by_name[field.key].type.expected}")

    def _show(self) -> None:
        text, errors = self.draft.line()
        self.query_one(Fields).show_errors(errors)
        self.say("#line", text)
        if self.draft.kind is None:
            return
        if errors:
            where, message = next(iter(errors.items()))
            label = _OWN_HELP[where][0] if where in _OWN_HELP else where
            self.say("#layer", f"{label}: {message}" if label else message, error=True)
            self.say("#totals", totals_text(self.snapshot))
            return
        row = len(self.snapshot.lines) if self.row is None else self.row
        after = self.snapshot.edited([Change(row, row + (self.row is not None), [parse_line(text)])])
        said, wrong = layer_text(after, row)
        self.say("#layer", said, error=wrong)
        self.say("#totals", totals_text(after))

    def on_push_pressed(self, event: Push.Pressed) -> None:
        if event.push.id == "kind":
            event.stop()
            self._choose_kind()
        else:
            super().on_push_pressed(event)

    @work
    async def _choose_kind(self) -> None:
        kind = self.draft.kind
        name = await self.app.push_screen_wait(PickKind(kind.name if kind is not None else None))
        if name is None:
            return
        self.draft.choose(KINDS[name])
        fields = self.query_one(Fields)
        await fields.remove_children()
        await fields.mount_all(self._fields())
        self._begin()

    def accept(self) -> None:
        text, errors = self.draft.line()
        if not errors:
            self.answer(text)
        elif not self.query_one(Fields).focus_wrong(errors):
            self.query_one("#kind").focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.accept()
