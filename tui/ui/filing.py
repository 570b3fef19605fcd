"""Files: open, save, presets, and the journal that keeps unsaved work through a crash."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from textual import work

from tui.core.errors import FileError
from tui.core.journal import Journal
from tui.core.network import Line
from tui.core.rows import Rows
from tui.core.store import ModelStore
from tui.formats.document import parse_document
from tui.ui.folders import absolute, working_folder
from tui.ui.folding import Folding

if TYPE_CHECKING:
    from tui.formats.files import Stamp
    from tui.formats.imported import Imported, Notice


class Document(NamedTuple):
    """Where a network comes from. Without a path it is a copy that has no file yet.

    ``origin`` names the file of another program that it was read from, and ``notices`` are the report of that.
    """

    name: str
    path: Path | None = None
    stamp: Stamp | None = None
    origin: str = ""
    notices: tuple[Notice, ...] = ()


def copy_of(path: Path, made: Imported) -> Document:
    """The document that was read from another program's file: a copy that has no file yet."""
    return Document(path.stem, origin=path.name, notices=made.notices)


def load_document(path: Path) -> tuple[list[Line], Document]:
    """The lines of a file, and the document that they are saved as: a file of another format is a copy without one.

    Raises FileError where it cannot be read.
    """
    from tui.formats.files import load
    from tui.formats.readers import READERS, read_file

    if path.suffix.lower() in READERS:
        made = read_file(path)
        return made.lines, copy_of(path, made)
    lines, stamp = load(path)
    return lines, Document(path.name, path, stamp)


class Filing(Folding):
    """The bench with a document behind it."""

    def __init__(self, store: ModelStore, document: Document, journal: Journal | None = None) -> None:
        super().__init__(store, document.name)
        self.document = document
        self.journal = journal
        self._journaled: Rows[Line] = store.committed.lines
        self._told_changed = False

    def on_mount(self) -> None:
        if self.journal is not None:
            self.journal.reset(self._journaled, self._document_path())
        self.set_interval(1.0, self._look_at_disk)

    def _document_path(self) -> str | None:
        """As the journal keeps it: another session may find it from another folder."""
        return str(absolute(self.document.path)) if self.document.path is not None else None

    @property
    def folder(self) -> Path:
        """Where dialogs for a file begin: beside the document."""
        return working_folder() if self.document.path is None else self.document.path.parent

    def on_store(self) -> None:
        lines = self.store.committed.lines
        if self.journal is not None and lines is not self._journaled:
            self.journal.record(self._journaled, lines)
            if self.journal.problem is not None:
                self.say(self.journal.problem, error=True)
        self._journaled = lines
        super().on_store()

    def typing(self, row: int, text: str | None) -> None:
        if self.journal is not None:
            self.journal.typing(row, text, insert=self._adding)

    def _look_at_disk(self) -> None:
        """Notice that another program wrote the file; asked once a second, it costs one stat."""
        path, stamp = self.document.path, self.document.stamp
        if path is None or stamp is None or self._told_changed:
            return
        from tui.formats.files import changed_on_disk

        if changed_on_disk(path, stamp):
            self._told_changed = True
            self.say("the file was changed by another program; Ctrl+S asks before it overwrites", error=True)

    # -- saving ------------------------------------------------------------------------------------

    def action_save(self) -> None:
        self.finish_editing()
        self._save()

    @work
    async def _save(self) -> None:
        await self.save_document()

    async def save_document(self) -> bool:
        """Save, asking for a name or before overwriting where needed; False where it was not saved."""
        from tui.formats.files import ChangedOnDisk

        path = self.document.path
        if path is None:
            return await self.save_document_as()
        try:
            self._write(path, force=False)
        except ChangedOnDisk as error:
            answer = await self._ask(
                "The file on disk is another one now",
                error.message,
                ("o", "Overwrite", "over"),
                ("r", "Read it anew, without the changes here", "read"),
            )
            if answer == "over":
                return self._try(lambda: self._write(path, force=True))
            if answer == "read":
                await self.open_path(path)
            return False
        except FileError as error:
            self.say(error.message, error=True)
            return False
        return True

    async def save_document_as(self) -> bool:
        """Save under a name that is asked for; False where none was given."""
        from tui.formats.readers import READERS
        from tui.ui.dialogs.path import SaveFile

        start = self.document.path or working_folder() / f"{self.document.name}.layers"
        path = await self.app.push_screen_wait(SaveFile(start, foreign=tuple(READERS)))
        return path is not None and self._try(lambda: self._write(path, force=True))

    def action_save_as(self) -> None:
        self._save_as()

    @work
    async def _save_as(self) -> None:
        await self.save_document_as()

    def _write(self, path: Path, force: bool) -> None:
        from tui.formats.files import save

        lines = self.store.committed.lines
        stamp = save(path, lines, self.document.stamp if path == self.document.path else None, force=force)
        self.document = self.document._replace(name=path.name, path=path, stamp=stamp)
        self.document_name = path.name
        self._told_changed = False
        self.store.mark_saved()
        if self.journal is not None:
            self.journal.saved(lines, str(absolute(path)))
        self.say(f"saved {path}")

    def _try(self, write: Callable[[], None]) -> bool:
        try:
            write()
        except FileError as error:
            self.say(error.message, error=True)
            return False
        return True

    # -- opening -----------------------------------------------------------------------------------

    @work
    async def action_open(self) -> None:
        """Open another file."""
        from tui.formats.readers import READERS
        from tui.ui.dialogs.path import OpenFile

        if not await self.may_leave("open another file"):
            return
        path = await self.app.push_screen_wait(OpenFile(self.folder, (".layers", *READERS)))
        if path is not None:
            await self.open_path(path)

    @work
    async def action_presets(self) -> None:
        """Open a copy of a preset."""
        from tui.formats.presets import presets
        from tui.ui.dialogs.presets import PresetEntry, Presets

        if not await self.may_leave("open a preset"):
            return
        entries = [PresetEntry(p.name, p.title, p.source, p.text) for p in presets().values()]
        name = await self.app.push_screen_wait(Presets(entries))
        if name is not None:
            self.open_lines(parse_document(presets()[name].text), Document(name))
            self.say(f"a copy of {name}; Ctrl+S gives it a file")

    async def open_path(self, path: Path) -> None:
        """Open a file in place of the document."""
        try:
            lines, document = load_document(path)
        except FileError as error:
            self.say(error.message, error=True)
            return
        self.open_lines(lines, document)
        self.say(f"opened {path}")

    def open_lines(self, lines: list[Line], document: Document) -> None:
        """Show another document."""
        self.document, self.document_name = document, document.name
        self._told_changed = False
        self.store.reset(lines)
        self._journaled = self.store.committed.lines
        if self.journal is not None:
            self.journal.reset(self._journaled, self._document_path())
        self.end_range()
        self.view.matches = frozenset()
        self.view.folds = frozenset()
        self.view.sorting = None
        self.view.snapshot = self.store.snapshot
        self.go_to(self._first_cursor())

    # -- leaving -----------------------------------------------------------------------------------

    async def may_leave(self, what: str) -> bool:
        """Whether the document may be left: it is saved, or the user says so."""
        if not self.store.unsaved:
            return True
        answer = await self._ask(
            f"Save before you {what}?",
            f"{self.document_name} has unsaved changes.",
            ("s", "Save", "save"),
            ("d", "Discard them", "discard"),
        )
        if answer == "save":
            return await self.save_document()
        return answer == "discard"

    async def _ask(self, question: str, detail: str, *choices: tuple[str, str, str]) -> str | None:
        from tui.ui.dialogs.confirm import Choice, Confirm

        offered = [Choice(*choice) for choice in choices]
        offered.append(Choice("c", "Cancel", "cancel"))
        return await self.app.push_screen_wait(Confirm(question, detail, tuple(offered)))

    @work
    async def action_quit(self) -> None:
        """Leave the program."""
        self.finish_editing()
        if await self.may_leave("quit"):
            if self.journal is not None:
                self.journal.discard()
            self.app.exit()
