"""The questions of a practice, one after another. The screen is opaque: what is below would tell the answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.events import Key
from textual.message import Message
from textual.widgets import Input

from tui.core.practice_session import Answered, Session
from tui.formats.practice import text as practice_text
from tui.formats.practice.answer import AnswerError, read_answer
from tui.ui.dialogs.frame import Dialog, Push, saying
from tui.ui.safe_input import SafeInput

ASKS: Final = {"question_mark": "hint", "greater_than_sign": "skip"}
"""Keys that no answer needs, so that they may be commands while it is typed."""


class AnswerInput(SafeInput):
    """The answer. ``?`` and ``>`` are commands; once it is judged it takes no more keys."""

    judged = False

    class Asked(Message):
        """A command was typed: ``hint`` or ``skip``."""

        def __init__(self, what: str) -> None:
            super().__init__()
            self.what = what

    async def _on_key(self, event: Key) -> None:
        what = ASKS.get(event.key)
        if what is not None:
            self.post_message(self.Asked(what))
        if what is not None or (self.judged and (event.is_printable or event.key in ("backspace", "delete"))):
            event.stop()
            event.prevent_default()


class PracticeQuestions(Dialog[bool]):
    """Ask the questions of a session; closed by the last answer, or by Esc before it."""

    DEFAULT_CSS = """
    PracticeQuestions { background: $background; }
    PracticeQuestions #layer { text-style: bold; max-height: 2; }
    PracticeQuestions #given { max-height: 4; }
    PracticeQuestions #asked { margin-top: 1; max-height: 2; }
    PracticeQuestions #typed { height: 1; layout: horizontal; }
    PracticeQuestions #prompt { width: 2; }
    PracticeQuestions #told { height: 1fr; scrollbar-size-vertical: 1; margin-top: 1; }
    PracticeQuestions #verdict.-right { color: $text-success; text-style: bold; }
    PracticeQuestions .dialog-foot { margin-top: 0; }
    PracticeQuestions.-short #asked, PracticeQuestions.-short #told { margin-top: 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "scroll_told(-1)", "Scroll", show=False),
        Binding("down", "scroll_told(1)", "Scroll", show=False),
        Binding("pageup", "scroll_told(-8)", "Scroll", show=False),
        Binding("pagedown", "scroll_told(8)", "Scroll", show=False),
    ]
    VERTICAL_BREAKPOINTS = [(0, "-short"), (24, "-mid")]
    AUTO_FOCUS = "AnswerInput"
    tall = True
    title_text = "Practice"
    keys = "Enter answer  ? rule (half)  > skip  Esc score"
    accept_label = "Check"

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self._done: Answered | None = None

    def body(self) -> ComposeResult:
        yield saying("progress", muted=True)
        yield saying("layer")
        yield saying("given", muted=True)
        yield saying("asked")
        with Vertical(id="typed"):
            yield saying("prompt", text=">")
            yield AnswerInput(compact=True)
        with VerticalScroll(id="told", can_focus=False):
            yield saying("verdict")
            yield saying("reasons")
            yield saying("working", muted=True)

    def pushes(self) -> ComposeResult:
        yield Push(self.accept_label, id="accept")
        yield Push("Rule", id="hint")
        yield Push("Skip", id="skip")
        yield Push("End", id="cancel")

    def on_mount(self) -> None:
        self._ask()

    # -- a question --------------------------------------------------------------------------------

    def _ask(self) -> None:
        """Show the next question, or close where there is none."""
        session, self._done = self.session, None
        question = session.question
        if question is None:
            self.answer(True)
            return
        snapshot = session.snapshot
        self.say("#progress", practice_text.progress_text(session))
        self.say("#layer", practice_text.title(snapshot, question.row))
        self.say("#given", "\n".join(practice_text.given(session)))
        self.say("#asked", practice_text.question_text(snapshot, question))
        field = self.query_one(AnswerInput)
        field.judged = False
        field.value = ""
        field.focus()
        self._tell()

    def _tell(
        self, verdict: str = "", reasons: Sequence[str] = (), working: Sequence[str] = (), *, right: bool | None = None
    ) -> None:
        """What stands below the answer; ``right`` is None where nothing is judged."""
        self.say("#verdict", verdict, error=right is False)
        self.query_one("#verdict").set_class(right is True, "-right")
        self.say("#reasons", "\n".join(reasons))
        self.say("#working", "\n".join(working))
        self.query_one("#told").scroll_home(animate=False)

    def accept(self) -> None:
        if self._done is not None:
            self._ask()
            return
        question = self.session.question
        assert question is not None
        try:
            sizes = read_answer(question.part, self.query_one(AnswerInput).value, self.session.snapshot.symbols)
        except AnswerError as error:
            self._tell(error.message, ["? shows the rule, > skips the question"], right=False)
            return
        self._show(self.session.answer(sizes))

    def _show(self, done: Answered) -> None:
        """The verdict, until Enter."""
        self._done = done
        field = self.query_one(AnswerInput)
        field.judged = True
        field.focus()
        snapshot, more = self.session.snapshot, self.session.question is not None
        right, (verdict, *reasons) = practice_text.verdict(snapshot, done)
        reasons += ["", f"Enter: {'the next question' if more else 'the score'}", ""]
        self._tell(verdict, reasons, practice_text.working(snapshot, done.question), right=right)
        score = practice_text.share_text(self.session.score)
        self.say("#progress", f"question {len(self.session.answered)} of {len(self.session.questions)}, score {score}")

    # -- keys --------------------------------------------------------------------------------------

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.accept()

    def on_answer_input_asked(self, event: AnswerInput.Asked) -> None:
        self._do(event.what)

    def on_push_pressed(self, event: Push.Pressed) -> None:
        if event.push.id in ASKS.values():
            event.stop()
            self._do(event.push.id)
            self.query_one(AnswerInput).focus()
        else:
            super().on_push_pressed(event)

    def _do(self, what: str | None) -> None:
        question = self.session.question
        if self._done is not None or question is None:
            return
        if what == "skip":
            self._show(self.session.skip())
        else:
            self.session.hinted = True
            self._tell("The rule:", practice_text.hint(self.session.snapshot, question))

    def action_scroll_told(self, lines: int) -> None:
        self.query_one("#told").scroll_relative(y=lines, animate=False)
