"""Two networks compared: totals, the layers beside each other, and all of the one that is marked."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Resize
from textual.widgets import Static

from tui.core.compare import Comparison
from tui.core.errors import FileError
from tui.formats.compare.files import as_csv, as_markdown
from tui.formats.compare.record import as_json
from tui.formats.compare.rows import COLUMNS, rows_of
from tui.formats.compare.screen import details_of, shown_pair, state_of, totals_for
from tui.formats.escape import visible
from tui.formats.files import replace
from tui.ui.actions import keyed
from tui.ui.dialogs.compare_list import CompareList
from tui.ui.dialogs.frame import Dialog, Push, saying
from tui.ui.folders import beside
from tui.ui.variants import Outcome, Variant
from tui.ui.words import fitted

NOW = "now"
SHORT = 22
"""A lower dialog shows fewer totals and details."""
FILES = (".md", ".csv", ".json")


class Compared(Dialog[Outcome]):
    """Look through a comparison. ``compute`` compares with another of the variants, None where that was stopped."""

    DEFAULT_CSS = """
    Compared > .dialog-box { max-width: 100%; height: 100%; }
    Compared .dialog-foot { margin-top: 0; }
    Compared #totals { text-wrap: nowrap; height: auto; }
    Compared #which, Compared #more { height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
    Compared #more { width: 1fr; }
    Compared #state { max-height: 3; }
    Compared #details { max-height: 5; }
    Compared.-low #details { max-height: 3; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(keyed("n"), "difference(1)", "Next difference", show=False),
        Binding(keyed("N", "p"), "difference(-1)", "Previous difference", show=False),
        Binding(keyed("right", "l", "v"), "column(1)", "Next column", show=False),
        Binding(keyed("left", "h"), "column(-1)", "Column before", show=False),
        Binding(keyed("d"), "only_changes", "Only differences", show=False),
        Binding(keyed("o"), "take", "Restore", show=False),
        Binding(keyed("s", "x"), "save", "Save", show=False),
        Binding(keyed("c"), "another", "Compare with another", show=False),
        Binding("delete", "drop", "Drop the variant", show=False),
    ]
    AUTO_FOCUS = "CompareList"
    title_text = "Compare"
    keys = "n N difference  Left Right column  Enter go  Esc close"

    def __init__(
        self,
        variants: Sequence[Variant],
        variant: Variant,
        comparison: Comparison,
        compute: Callable[[Variant], Awaitable[Comparison | None]],
        document: str = "",
        folder: Path | None = None,
    ) -> None:
        super().__init__()
        self.variants = list(variants)
        self.variant = variant
        self.comparison = comparison
        self.compute = compute
        self.document, self.folder = document, folder
        self.column = 1
        self.only_changes = False

    @property
    def names(self) -> tuple[str, str]:
        """What the two sides are called in this dialog."""
        return (self.variant.key if self.variant.kept else "old", NOW)

    @property
    def pairs(self) -> CompareList:
        return self.query_one(CompareList)

    def body(self) -> ComposeResult:
        yield saying("which")
        yield saying("totals")
        yield saying("state", muted=True)
        yield CompareList()
        yield saying("details")

    def pushes(self) -> ComposeResult:
        yield Push("Close", id="cancel")
        yield saying("more", muted=True, text="Tab next  o take  s save  c other  d filter  Del drop")

    def on_mount(self) -> None:
        self._fill(0)

    def on_resize(self, event: Resize) -> None:
        self.set_class(event.size.height < SHORT, "-low")
        self._show_totals()

    # -- what is shown -----------------------------------------------------------------------------

    def _fill(self, marked: int) -> None:
        """Everything anew, as for another variant or another column."""
        first, second = self.names
        column = list(COLUMNS.values())[self.column]
        comparison = self.comparison
        self.pairs.fill(
            rows_of(comparison, only_changes=self.only_changes),
            lambda index: shown_pair(comparison, index, column.key),
            (first, second, column.title, "change"),
            marked,
        )
        self._show_totals()
        self.say("#state", state_of(comparison, self.names))
        self._show_details()

    def _show_totals(self) -> None:
        width = max(self.query_one("#totals").size.width or self.size.width - 4, 20)
        most = 3 if self.has_class("-low") else 4 if self.size.height < 30 else 10
        lines = totals_for(self.comparison, self.names, width, most)
        self.query_one("#totals", Static).update(Content("\n".join(fitted(line, width) for line in lines)))
        variants = "  ".join(
            f"[{v.key}]" if v is self.variant else f" {v.key} " for v in self.variants if v.kept or v is self.variant
        )
        self.query_one("#which", Static).update(
            Content(f"{visible(variants)}  {visible(self.variant.name)} -> {visible(self.document)} {NOW}")
        )

    def _show_details(self) -> None:
        index = self.pairs.index
        if index is None:
            same = "no layer differs" if self.comparison.pairs else "there are no layers on either side"
            self.say("#details", same)
            return
        self.say("#details", "\n".join(details_of(self.comparison, index, self.names)))

    def on_compare_list_marked(self, event: CompareList.Marked) -> None:
        self.later(self._show_details)

    # -- keys --------------------------------------------------------------------------------------

    def action_difference(self, step: int) -> None:
        """Mark the next difference, or the one before; beyond an end it goes on at the other."""
        index = -1 if self.pairs.index is None else self.pairs.index
        comparison = self.comparison
        stop = comparison.next_stop(index) if step > 0 else comparison.previous_stop(index)
        if stop is None:
            self.say("#details", "no layer differs")
            return
        self.pairs.mark(self.pairs.rows.index(stop))

    def action_column(self, step: int) -> None:
        self.column = (self.column + step) % len(COLUMNS)
        self._fill(self.pairs.marked)

    def action_only_changes(self) -> None:
        """List the differences alone, or all layers again; the marked one stays marked, or the one below it."""
        index = self.pairs.index or 0
        self.only_changes = not self.only_changes
        rows = rows_of(self.comparison, only_changes=self.only_changes)
        self._fill(next((place for place, row in enumerate(rows) if row >= index), len(rows) - 1))

    @work(exclusive=True)
    async def action_switch(self, step: int) -> None:
        """Compare with the next of the variants."""
        if len(self.variants) < 2:
            self.say("#details", "this is the only variant: m in the list keeps another, c chooses one")
            return
        other = self.variants[(self.variants.index(self.variant) + step) % len(self.variants)]
        made = await self.compute(other)
        if made is not None:
            self.variant, self.comparison = other, made
            self._fill(0)

    def on_compare_list_chosen(self, event: CompareList.Chosen) -> None:
        self.accept()

    def accept(self) -> None:
        index = self.pairs.index
        row = None if index is None else self.comparison.place_in_b(index)
        if index is None or row is None:
            self.say("#details", "there is no layer to go to")
            return
        gone = self.comparison.pairs[index].b is None
        note = f"only {self.names[0]} has that layer: it stood below this one" if gone else ""
        self.answer(Outcome("go", self.variant, row, note))

    def action_take(self) -> None:
        self.answer(Outcome("take", self.variant))

    def action_another(self) -> None:
        self.answer(Outcome("another", self.variant))

    def action_drop(self) -> None:
        if self.variant.kept:
            self.answer(Outcome("drop", self.variant))
        else:
            self.say("#details", "only what was kept with m can be dropped")

    @work
    async def action_save(self) -> None:
        """Write the comparison into a file, in the format of its suffix."""
        from tui.ui.dialogs.path import SaveFile

        start = beside(self.folder, self.document, "-compare.md")
        path = await self.app.push_screen_wait(SaveFile(start, FILES))
        if path is None:
            return
        names = (f"{self.variant.key}: {self.variant.name}", f"{self.document} {NOW}")
        match path.suffix.lower():
            case ".csv":
                written = as_csv(self.comparison)
            case ".json":
                written = as_json(self.comparison, names) + "\n"
            case _:
                written = as_markdown(self.comparison, names)
        try:
            replace(path, written.encode())
        except FileError as error:
            self.say("#details", error.message, error=True)
            return
        self.say("#details", f"wrote {path}")
