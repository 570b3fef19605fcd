"""The start of a practice: what is asked, of which layers, in which order."""

from __future__ import annotations

import random
from typing import Final

from textual.app import ComposeResult
from textual.widgets import Input

from tui.core.practice import LAYERS, PARTS, Question, questions
from tui.core.snapshot import Snapshot
from tui.ui.dialogs.fields import Field, Fields
from tui.ui.dialogs.frame import Dialog, saying

ASKED: Final = ("shape,params", "shape,params,macs", "shape,params,macs,field", "shape", "params", "macs", "field")
ORDERS: Final = ("listed", "mixed")
MEANING: Final = {
    "interesting": "layers with something to compute, equal ones once",
    "once": "those, and one activation, dropout, ... of each kind",
    "all": "every layer that has an answer",
}


class PracticeStart(Dialog[list[Question]]):
    """Choose what is asked; the result are the questions."""

    DEFAULT_CSS = """
    PracticeStart Fields { max-height: 6; }
    PracticeStart Field > .field-label { width: 12; }
    PracticeStart #state { margin-top: 1; max-height: 3; }
    """
    AUTO_FOCUS = "FieldInput"
    title_text = "Practice"
    keys = "Space next word  Enter start  Esc cancel"
    accept_label = "Start"

    def __init__(self, snapshot: Snapshot) -> None:
        super().__init__()
        self.snapshot = snapshot
        self._seed = random.randrange(1_000_000)

    def body(self) -> ComposeResult:
        yield saying("what", muted=True, text="The results are hidden; you say what each layer comes to.")
        with Fields():
            yield Field("parts", "questions", ASKED[0], words=ASKED, help_text="shape, params, macs, field")
            yield Field("layers", "layers", LAYERS[0], words=LAYERS, help_text=MEANING[LAYERS[0]])
            yield Field("order", "order", ORDERS[0], words=ORDERS, help_text="as listed, or mixed")
            yield Field("most", "at most", "", placeholder="no end", help_text="so many questions")
        yield saying("state")

    def on_mount(self) -> None:
        self._show()

    def on_field_changed(self, event: Field.Changed) -> None:
        self.later(self._show)

    def _read(self) -> tuple[list[Question], dict[str, str]]:
        """The questions, or what is wrong with the fields."""
        fields = {field.key: field for field in self.query_one(Fields).all()}
        errors = {}
        parts = [word.strip() for word in fields["parts"].value.split(",") if word.strip()]
        if not parts or not set(parts) <= set(PARTS):
            errors["parts"] = f"write some of {', '.join(PARTS)}"
        layers, order, most = (fields[key].value for key in ("layers", "order", "most"))
        if layers not in LAYERS:
            errors["layers"] = f"write {', '.join(LAYERS[:-1])} or {LAYERS[-1]}"
        elif fields["layers"].help_text != MEANING[layers]:
            fields["layers"].show_help(MEANING[layers])
        if order not in ORDERS:
            errors["order"] = f"write {' or '.join(ORDERS)}"
        count = int(most) if most.isdecimal() and most.isascii() and len(most) < 10 else None
        if most and not count:
            errors["most"] = "write a number such as 10"
        if errors:
            return [], errors
        return questions(self.snapshot, parts, layers, self._seed if order == "mixed" else None, count), {}

    def _show(self) -> None:
        asked, errors = self._read()
        self.query_one(Fields).show_errors(errors)
        if errors:
            self.say("#state", "")
        elif asked:
            layers = len({question.row for question in asked})
            self.say(
                "#state", f"{len(asked)} question{'s' * (len(asked) > 1)} about {layers} layer{'s' * (layers > 1)}"
            )
        else:
            self.say("#state", "no layer of this network has an answer to these questions", error=True)

    def accept(self) -> None:
        asked, errors = self._read()
        if not self.query_one(Fields).focus_wrong(errors) and asked:
            self.answer(asked)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.accept()
