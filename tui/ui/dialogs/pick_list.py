"""A list to choose from: headings, a marked row, texts that are formatted only when they are drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar, Final, NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from textual.binding import Binding, BindingType
from textual.events import Click, Resize
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.formats.escape import visible
from tui.ui.actions import keyed
from tui.ui.words import fitted

MOVES: Final[Sequence[Binding]] = (
    Binding(keyed("up", "k"), "move(-1)", "Up", show=False),
    Binding(keyed("down", "j"), "move(1)", "Down", show=False),
    Binding("pageup", "page(-1)", "Page up", show=False),
    Binding("pagedown", "page(1)", "Page down", show=False),
    Binding(keyed("home", "g"), "move(-1000000000)", "First", show=False),
    Binding(keyed("end", "G"), "move(1000000000)", "Last", show=False),
)
"""The keys of a list in which one row is marked: it has the actions ``move`` and ``page``, and stops at its ends."""


class Pick(NamedTuple):
    """One row: what it stands for, its text, and what stands to the right of it (given or made when drawn)."""

    key: str
    text: str
    aside: str | Callable[[], str] = ""
    heading: bool = False


class PickList(ScrollView, can_focus=True, inherit_bindings=False):
    """Rows of which one is marked with ``>``. It has no fewer rows for being long: only those in view are drawn."""

    DEFAULT_CSS = """
    PickList { height: 1fr; overflow-x: hidden; scrollbar-size-vertical: 1; background: $surface; }
    PickList > .pick-list--heading { text-style: bold; color: $text-muted; }
    PickList > .pick-list--marked { text-style: bold; background: $boost; }
    PickList:focus > .pick-list--marked { text-style: bold; background: $primary; color: $text; }
    PickList > .pick-list--plain { color: $foreground; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"pick-list--heading", "pick-list--marked", "pick-list--plain"}
    BINDINGS: ClassVar[list[BindingType]] = [
        *MOVES,
        Binding("enter,space", "select", "Choose", show=False),
    ]

    class Marked(Message):
        """Another row is marked; ``key`` is None where none is."""

        def __init__(self, picks: PickList, key: str | None) -> None:
            super().__init__()
            self.picks = picks
            self.key = key

    class Chosen(Message):
        """A row was chosen with Enter or the mouse."""

        def __init__(self, picks: PickList, key: str) -> None:
            super().__init__()
            self.picks = picks
            self.key = key

    def __init__(self, picks: Iterable[Pick] = (), *, marked: str | None = None, id: str | None = None) -> None:
        super().__init__(id=id)
        self._picks: list[Pick] = []
        self._marked: int | None = None
        self.fill(picks, marked=marked)

    def fill(self, picks: Iterable[Pick], *, marked: str | None = None, mark_first: bool = True) -> None:
        """Other rows; the one with the key ``marked`` is marked, or the first."""
        self._picks = list(picks)
        places = [i for i, pick in enumerate(self._picks) if not pick.heading]
        at = next((i for i in places if marked is not None and self._picks[i].key == marked), None)
        self._marked = at if at is not None else places[0] if places and mark_first else None
        self.virtual_size = Size(1, len(self._picks))
        self._reveal()
        self.refresh()
        self.post_message(self.Marked(self, self.marked))

    @property
    def marked(self) -> str | None:
        """The key of the marked row."""
        return None if self._marked is None else self._picks[self._marked].key

    def move(self, by: int) -> None:
        """Mark the row so many further, headings not counted; at an end it stays."""
        places = [i for i, pick in enumerate(self._picks) if not pick.heading]
        if not places:
            return
        if self._marked is None:
            self._mark(places[0] if by > 0 else places[-1])
            return
        at = places.index(self._marked) + by
        self._mark(places[min(max(at, 0), len(places) - 1)])

    def _mark(self, index: int) -> None:
        self._marked = index
        self._reveal()
        self.refresh()
        self.post_message(self.Marked(self, self.marked))

    def _reveal(self) -> None:
        at, height = self._marked, self.scrollable_content_region.height
        if at is None or height <= 0:
            return
        # The heading above the first row of its group comes into view with it.
        top = at - 1 if at > 0 and self._picks[at - 1].heading else at
        if top < self.scroll_offset.y:
            self.scroll_to(y=top, animate=False, force=True)
        elif at >= self.scroll_offset.y + height:
            self.scroll_to(y=at - height + 1, animate=False, force=True)

    def on_resize(self, event: Resize) -> None:
        self._reveal()

    def action_move(self, by: int) -> None:
        self.move(by)

    def action_page(self, direction: int) -> None:
        self.move(direction * max(self.scrollable_content_region.height - 1, 1))

    def action_select(self) -> None:
        if self.marked is not None:
            self.post_message(self.Chosen(self, self.marked))

    def on_click(self, event: Click) -> None:
        index = event.y + self.scroll_offset.y
        if 0 <= index < len(self._picks) and not self._picks[index].heading:
            again = index == self._marked
            self._mark(index)
            if again or event.chain > 1:
                self.action_select()

    def render_line(self, y: int) -> Strip:
        index, width = y + self.scroll_offset.y, self.scrollable_content_region.width
        if index >= len(self._picks):
            return Strip.blank(width, self.get_component_rich_style("pick-list--plain"))
        pick = self._picks[index]
        part = "heading" if pick.heading else "marked" if index == self._marked else "plain"
        line = ("" if pick.heading else "> " if index == self._marked else "  ") + visible(pick.text)
        aside = visible(pick.aside() if callable(pick.aside) else pick.aside)
        if aside:
            # A long aside yields to the text, but keeps a third of the row.
            room = max(width - cell_len(line) - 2, width // 3)
            aside = fitted(aside, min(cell_len(aside), room))
            line = f"{fitted(line, width - cell_len(aside) - 2)}  {aside}"
        style = self.get_component_rich_style(f"pick-list--{part}")
        return Strip([Segment(fitted(line, width), style)], width)
