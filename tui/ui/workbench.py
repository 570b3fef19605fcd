"""The workbench: the bench with everything that opens on top of it."""

from __future__ import annotations

from textual import work
from textual.screen import Screen

from tui.formats.columns import COLUMN_SETS
from tui.formats.document import parse_document, print_document
from tui.ui.actions import bindings, groups, key_name
from tui.ui.budgeting import Budgeting
from tui.ui.comparing import Comparing
from tui.ui.practising import Practising
from tui.ui.recovering import Recovering
from tui.ui.results import columns_for
from tui.ui.solving import Solving
from tui.ui.sorting import Sorting
from tui.ui.sweeping import Sweeping
from tui.ui.tips import Tips


class Workbench(Comparing, Budgeting, Solving, Sweeping, Practising, Sorting, Recovering, Tips, Screen[None]):
    """The main screen of the program."""

    BINDINGS = [*bindings()]

    async def run_key(self, key: str) -> bool:
        """Run the action of a key that is pressed in one of the lists; false where there is none."""
        if self.focused not in (self.layer_list, self.results):
            return False  # a field has its keys first: q is a letter there
        for binding in self._bindings.key_to_bindings.get(key, ()):
            if await self.app.run_action(binding.action, self):
                return True
        return False

    # -- dialogs over a line -----------------------------------------------------------------------

    @work
    async def action_form(self) -> None:
        """Edit the layer under the cursor as a form."""
        from tui.ui.dialogs.form import LayerForm

        self.view.open_here()
        self.on_store()
        row = self.view.row
        text = self.store.committed.lines[row].text if row is not None else ""
        line = await self.app.push_screen_wait(LayerForm(self.store, row, text))
        if line is not None and line != text:
            self._put(row, line)

    @work
    async def action_kinds(self) -> None:
        """Add a layer that is chosen from the list of kinds."""
        from tui.ui.dialogs.kinds import AddLayer

        row = self.view.row
        place = len(self.store.committed.lines) if row is None else row + 1
        line = await self.app.push_screen_wait(AddLayer(self.store, place))
        if line is not None:
            self.insert_text(place, line)

    def _put(self, row: int | None, text: str) -> None:
        if row is None:
            self.insert_text(len(self.store.committed.lines), text)
        else:
            self.replace_text(row, text)

    @work
    async def action_fix(self) -> None:
        """Choose a way out of the error under the cursor, or of that which it waits for; from elsewhere go to one."""
        from tui.formats.fixes import ways_out
        from tui.ui.dialogs.fixes import Fixes

        snapshot, row = self.view.snapshot, self.view.row
        result = snapshot.result(row) if row is not None else None
        if row is not None and result is not None and result.status == "waiting":
            row = snapshot.waits_for(row)
            result = snapshot.result(row) if row is not None else None
        if row is None or result is None or result.status != "error":
            self._to_error(row or 0)
            return
        ways = ways_out(self.store.committed, row)
        number = snapshot.number(row)
        place = snapshot.lines[row].code if number is None else f"#{number} {snapshot.lines[row].code}"
        dialog = Fixes(place, result.message or "", result.failed, [(way.label, way.text) for way in ways])
        chosen = await self.app.push_screen_wait(dialog)
        if chosen is not None:
            self.change(lambda: ways[chosen].edit)

    def _to_error(self, row: int) -> None:
        """Go to the next line with an error, after the last to the first."""
        snapshot = self.view.snapshot
        results = ((place, snapshot.result(place)) for place in snapshot.shown)
        wrong = {place: result.message for place, result in results if result is not None and result.status == "error"}
        if not wrong:
            self.say("nothing is wrong on any line")
            return
        target = next((place for place in wrong if place > row), min(wrong))
        self.go_to_row(target)
        self.say(f"{wrong[target]}   (. again: ways out)", error=True, whole=False)

    @work
    async def action_explain(self) -> None:
        """The whole worked solution of the layer under the cursor."""
        from tui.formats.worked import as_text
        from tui.ui.dialogs.report import Report

        row = self.view.row
        if row is None or self.view.snapshot.lines[row].spec is None:
            self.say("there is no layer here to explain")
            return
        await self.app.push_screen_wait(Report("Worked solution", as_text(self.view.snapshot, row).splitlines()))

    @work
    async def action_memory(self) -> None:
        """The memory of inference and training, each with its sum and what it assumes."""
        from tui.formats.worked import memory_as_text
        from tui.ui.dialogs.report import Report

        await self.app.push_screen_wait(Report("Memory", memory_as_text(self.view.snapshot).splitlines()))

    @work
    async def action_diagram(self) -> None:
        """The network as a block diagram."""
        from tui.ui.dialogs.diagram import DiagramView

        await self.app.push_screen_wait(DiagramView(self.view.snapshot, self.document_name))

    # -- dialogs over the network ------------------------------------------------------------------

    @work
    async def action_bind(self) -> None:
        """Give symbols values."""
        from tui.ui.dialogs.bind import BindSymbols
        from tui.ui.dialogs.declare import bind_edit

        if not self.store.committed.symbols:
            self.say("there are no symbols: write dense n, or press L on a number")
            return
        changes = await self.app.push_screen_wait(BindSymbols(self.store))
        edit = bind_edit(self.store.committed, changes) if changes else None
        if edit is not None:
            self.change_in_place(edit)

    @work
    async def action_settings(self) -> None:
        """Change what is true of the whole network."""
        from tui.ui.dialogs.declare import settings_edit
        from tui.ui.dialogs.settings import NetworkSettings

        changes = await self.app.push_screen_wait(NetworkSettings(self.store))
        edit = settings_edit(self.store.committed, changes) if changes else None
        if edit is not None:
            self.change_in_place(edit)

    @work
    async def action_history(self) -> None:
        """Go to any step."""
        from tui.ui.dialogs.history import History

        at = await self.app.push_screen_wait(History(self.store))
        if at is not None and self.travel(lambda: self.store.jump(at)):
            self.say(f"step {at}: {self.store.steps[at].label}")

    @work
    async def action_as_text(self) -> None:
        """Edit the whole list as text."""
        from tui.core.edits import replace_all
        from tui.ui.dialogs.text import WholeText

        before = print_document(self.store.committed.lines)
        text = await self.app.push_screen_wait(WholeText(before))
        if text is not None and text != before:
            self.travel(lambda: self.change(lambda: replace_all(self.store.committed, parse_document(text))))

    @work
    async def action_help(self) -> None:
        """Show all keys."""
        from tui.ui.dialogs.keys import BESIDES, KeysHelp

        await self.app.push_screen_wait(KeysHelp([*groups(), *BESIDES]))

    def action_palette(self) -> None:
        self.app.action_command_palette()

    def action_columns(self) -> None:
        sets = list(COLUMN_SETS.values())
        chosen = [columns for _, columns in sets]
        at = (chosen.index(self.columns) + 1) % len(sets) if self.columns in chosen else 0
        said, self.columns = sets[at]
        self.results.show_columns(columns_for(self.results.size.width, self.columns))
        self.on_store()
        self.say(said)

    def action_copy_table(self) -> None:
        from tui.formats.table import as_markdown

        self._to_clipboard(as_markdown(self.view.snapshot), "the table as Markdown")

    def action_back(self) -> None:
        """One level back."""
        if self.has_class("-finding"):
            if self._purpose == "find":
                self.view.matches = frozenset()
            self._end_asking()
            self.on_store()
        elif self.view.anchor is not None:
            self.end_range()
            self.on_store()
        elif self.view.matches:
            self.view.matches = frozenset()
            self.on_store()
        elif self.view.sorting is not None:
            self.view.unsort()
            self.say("layer order again")
            self.on_store()
        elif self.has_class("-zoomed"):
            self.action_zoom()
        elif self.focused is not self.layer_list:
            self.action_pane_1()
        elif not self.next_tip():
            self.say("")

    def action_interrupt(self) -> None:
        """What Ctrl+C is pressed for: a copy, or a way out."""
        self.copy_here(f" ({key_name('q')} or Ctrl+Q quits)")
