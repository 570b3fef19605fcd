"""The application: one workbench over one store, its theme and its palette."""

from __future__ import annotations

import gc
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import platformdirs
from textual import events
from textual.app import App, SystemCommand
from textual.markup import escape
from textual.screen import Screen
from textual.theme import ThemeProvider

from tui.core.journal import Journal
from tui.core.network import Line
from tui.core.store import ModelStore
from tui.formats.document import parse_document
from tui.formats.presets import FIRST, preset
from tui.layers import KINDS
from tui.ui.actions import ACTIONS
from tui.ui.filing import Document, load_document
from tui.ui.workbench import Workbench

if TYPE_CHECKING:
    from tui.formats.imported import Notice


class LayersheetApp(App[None], inherit_bindings=False):
    """A Textual app that holds the layer list and the live results over a shared model store.

    Textual's own Ctrl+Q would quit at once, unsaved work or not; the workbench has that key.
    """

    CSS_PATH = "app.tcss"
    TITLE = "layersheet"
    ENABLE_COMMAND_PALETTE = True
    COMMAND_PALETTE_BINDING = "f12"  # the workbench binds the palette itself, with a second key

    def __init__(
        self,
        store: ModelStore,
        document: Document,
        journal_folder: Path | None = None,
        first_time: bool = False,
        tips_seen: Path | None = None,
    ) -> None:
        super().__init__()
        # What is said stands in the message line: no toasts, no tooltips, and none of their widgets on each screen.
        self._disable_tooltips = self._disable_notifications = True
        self.store = store
        self.document = document
        self.journal_folder = journal_folder
        self.journal = Journal(journal_folder, None) if journal_folder is not None else None
        self.first_time = first_time
        self.tips_seen = tips_seen

    def get_default_screen(self) -> Screen[Any]:
        return Workbench(self.store, self.document, self.journal)

    def on_ready(self) -> None:
        """After the first frame: what would only have held it up."""
        workbench = self.screen
        if isinstance(workbench, Workbench):
            workbench.set_timer(0.1, workbench.make_fields)
            if self.first_time:
                workbench.start_tips()
            workbench.tell_origin()
            if self.journal_folder is not None:
                from tui.core.recovery import recoverable

                if found := recoverable(self.journal_folder):
                    workbench.offer(found)
        # A full collection over 10,000 layers would cost a frame; they live as long as the program.
        gc.freeze()
        gc.set_threshold(20_000, 20, 20)  # a key makes some 5,000 objects, and most are gone with its frame
        gc.enable()  # the command turns it off for the start
        # The first key in the editor asks for all kinds; by then they are here.
        self.set_timer(0.3, lambda: len(KINDS))

    async def on_event(self, event: events.Event) -> None:
        """A key that is pressed in a list goes to its action at once.

        Textual would first merge the bindings of all ancestors, twice, and send the key through six queues: a
        third of the time until the paint.
        """
        if isinstance(event, events.Key) and not event.is_forwarded and self.app_focus:
            screen = self.screen
            if isinstance(screen, Workbench) and await screen.run_key(event.key):
                return
        await super().on_event(event)

    def on_tips_closed(self) -> None:
        """The tips were read: a file of no bytes says so to the next start."""
        if self.tips_seen is not None:
            with suppress(OSError):  # then they are shown once more
                self.tips_seen.parent.mkdir(parents=True, exist_ok=True)
                self.tips_seen.touch()

    def action_command_palette(self) -> None:
        """Open the palette of all commands."""
        from tui.ui.dialogs.palette import Palette

        if not isinstance(self.screen, Palette):
            self.push_screen(Palette())

    def search_themes(self) -> None:
        """Open the palette of themes."""
        from tui.ui.dialogs.palette import Palette

        self.push_screen(Palette([ThemeProvider], placeholder="Search for themes…"))

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Every action by its help, with its keys: the palette teaches them."""
        if isinstance(screen, Workbench):
            for action in ACTIONS:
                if action.id not in ("palette", "interrupt", "back"):
                    run = getattr(screen, f"action_{action.id}")
                    title = action.help[0].upper() + action.help[1:]
                    # The palette reads its second line as markup, and keys such as [ are a part of that.
                    yield SystemCommand(title, escape(f"{action.key_names()}  ({action.group})"), run)
        yield SystemCommand("Theme", "Choose other colours", self.action_change_theme)


def run(
    path: Path | None, *, lines: list[Line] | None = None, name: str = "", origin: str = "",
    notices: tuple[Notice, ...] = (),
) -> int:  # fmt: skip
    """Open the screen on a file, or on lines that have none yet; without either on the worked example.

    ``origin`` and ``notices`` are those of a :class:`Document`, for lines that came from another program's file.

    Returns the exit code. Raises FileError where the file cannot be read; one that does not exist yet
    is opened empty and made when it is saved.
    """
    state = platformdirs.user_state_path("layersheet")
    first_time = False
    if path is not None and path.exists():
        lines, document = load_document(path)
    elif path is not None:
        lines, document = [], Document(path.name, path)
    elif lines is not None:
        document = Document(name, origin=origin, notices=notices)
    else:
        lines, document = parse_document(preset(FIRST).text), Document(FIRST)
        first_time = not (state / "tips-seen").exists()
    app = LayersheetApp(ModelStore(lines), document, state / "journal", first_time, state / "tips-seen")
    app.run()
    return app.return_code or 0
