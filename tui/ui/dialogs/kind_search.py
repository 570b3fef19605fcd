"""The search for a kind of layer: a word, the kinds that answer to it, and help for the marked one."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from tui.core.kind import Kind
from tui.formats.escape import visible
from tui.layers import FAMILIES, KINDS, family_of
from tui.ui.dialogs.frame import saying
from tui.ui.dialogs.pick_list import Pick, PickList
from tui.ui.safe_input import SafeInput

NO_ANSWER = 5


def found_kinds(search: str) -> list[type[Kind]]:
    """The kinds that answer to a word, best first: a whole name, a start, a part, then an argument or the summary."""
    word = search.strip().casefold()

    def rank(kind: type[Kind]) -> int:
        names = [kind.name, *kind.aliases]
        if word in names:
            return 0
        if kind.name.startswith(word):
            return 1
        if any(name.startswith(word) for name in names):
            return 2
        if any(word in name for name in names):
            return 3
        return 4 if word in kind.by_name or word in kind.summary.casefold() else NO_ANSWER

    found = [(rank(kind), len(kind.name), kind.name) for kind in KINDS.values()]
    return [KINDS[name] for at, _, name in sorted(found) if at < NO_ANSWER]


def kind_picks(search: str) -> list[Pick]:
    """Rows for the kinds found; all of them by family where nothing is searched."""
    if search.strip():
        return [Pick(kind.name, kind.name, family_of(kind)) for kind in found_kinds(search)]
    rows = []
    for family in FAMILIES:
        kinds = [kind for kind in KINDS.values() if family_of(kind) == family]
        if kinds:
            rows.append(Pick("", family, heading=True))
            rows.extend(Pick(kind.name, kind.name) for kind in kinds)
    return rows


def kind_help(kind: type[Kind]) -> str:
    """What a kind is, how it is written and what it takes, from its declarations."""
    rows = [kind.summary, "", f"example: {kind.example}"]
    if kind.aliases:
        rows.append(f"also: {', '.join(kind.aliases)}")
    rows.append("")
    for arg in kind.all_args():
        default = "" if arg.required or arg.default in (None, "") else f" = {arg.type.print(arg.default)}"
        rows.append(f"{arg.name}{default}  {arg.help}")
    return "\n".join(rows)


class KindSearch(Vertical):
    """Search above, kinds and help below; arrows in the search move the mark."""

    DEFAULT_CSS = """
    KindSearch { height: 1fr; }
    KindSearch #kind-sides { height: 1fr; margin-top: 1; }
    KindSearch PickList { width: 2fr; margin-right: 1; }
    KindSearch #kind-help { width: 3fr; height: 1fr; scrollbar-size-vertical: 1; }
    KindSearch #kind-help { border-left: solid $primary 50%; padding-left: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "move(1)", "Next", show=False),
        Binding("up", "move(-1)", "Previous", show=False),
        Binding("pagedown", "move(8)", "Page down", show=False),
        Binding("pageup", "move(-8)", "Page up", show=False),
    ]

    class Marked(Message):
        """Another kind is marked; None where none answers."""

        def __init__(self, kind: type[Kind] | None) -> None:
            super().__init__()
            self.kind = kind

    class Chosen(Message):
        """A kind was chosen with Enter or the mouse."""

        def __init__(self, kind: type[Kind]) -> None:
            super().__init__()
            self.kind = kind

    def __init__(self, marked: str | None = None) -> None:
        super().__init__()
        self._first = marked

    def compose(self) -> ComposeResult:
        yield SafeInput(placeholder="find a kind: name, alias or what it does", id="kind-search", compact=True)
        with Horizontal(id="kind-sides"):
            yield PickList(kind_picks(""), marked=self._first)
            with VerticalScroll(id="kind-help", can_focus=False):
                yield saying("kind-help-text")

    @property
    def kind(self) -> type[Kind] | None:
        """The marked kind."""
        marked = self.query_one(PickList).marked
        return None if marked is None else KINDS[marked]

    def action_move(self, by: int) -> None:
        self.query_one(PickList).move(by)

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.query_one(PickList).fill(kind_picks(event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if self.kind is not None:
            self.post_message(self.Chosen(self.kind))

    def on_pick_list_marked(self, event: PickList.Marked) -> None:
        event.stop()
        text = "no kind answers to this word" if self.kind is None else kind_help(self.kind)
        safe = "\n".join(map(visible, text.split("\n")))
        self.query_one("#kind-help-text", Static).update(Content(safe))
        self.query_one("#kind-help").scroll_home(animate=False)
        self.post_message(self.Marked(self.kind))

    def on_pick_list_chosen(self, event: PickList.Chosen) -> None:
        event.stop()
        self.post_message(self.Chosen(KINDS[event.key]))
