"""Files of other programs: taken in with a preview and a report, written in their formats, long ones with a bar."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from textual import work

from tui.core.errors import LayersheetError
from tui.core.network import Line
from tui.core.snapshot import Snapshot
from tui.ui.filing import copy_of
from tui.ui.finding import Finding

if TYPE_CHECKING:
    from tui.formats.imported import Imported, Progress

Made = TypeVar("Made")

PATIENCE: Final = 0.15
"""Seconds that work may take before its bar is shown."""


class Exchanging(Finding):
    """The bench with files of other programs."""

    async def watched(self, title: str, make: Callable[[Progress], Made]) -> Made | None:
        """What ``make`` gives, run beside the screen; None where the user stopped it or it failed, which is said."""
        from tui.formats.imported import Stopped
        from tui.ui.dialogs.watch import Watch, Working

        watch = Watch()
        task = asyncio.create_task(asyncio.to_thread(make, watch))
        await asyncio.wait({task}, timeout=PATIENCE)
        if not task.done():
            dialog = Working(title, watch)
            await self.app.push_screen(dialog)
            await asyncio.wait({task})
            await dialog.dismiss()
        try:
            return task.result()
        except Stopped:
            self.say("stopped; nothing was changed")
        except LayersheetError as error:
            self.say(error.message, error=True)
        return None

    # -- in ----------------------------------------------------------------------------------------

    async def open_path(self, path: Path) -> None:
        """Open a file in place of the document: one of another program as a copy, with its report in short."""
        from tui.formats.readers import READERS, read_file

        if path.suffix.lower() not in READERS:
            await super().open_path(path)
            return
        made = await self.watched(f"Reading {path.name}", lambda progress: read_file(path, progress))
        if made is not None:
            self._open_copy(path, made)

    def _open_copy(self, path: Path, made: Imported) -> None:
        self.open_lines(made.lines, copy_of(path, made))
        self.tell_origin()

    def tell_origin(self) -> None:
        """Say in the message line what the document was read from, and how much of it is said in other terms."""
        document = self.document
        if document.origin:
            from tui.formats.imported import in_short

            report = f": {in_short(document.notices)}   (R: the report)" if document.notices else ""
            self.say(f"a copy of {document.origin}{report}")

    @work
    async def action_import_report(self) -> None:
        """The report of the file of another program that the document was read from."""
        from tui.ui.dialogs.imported import counts_text, notice_lines
        from tui.ui.dialogs.report import Report

        document = self.document
        if not document.origin:
            self.say("there is no report: this network is not from another program")
            return
        lines = [counts_text(document.notices), "", *notice_lines(document.notices)]
        await self.app.push_screen_wait(Report(f"How {document.origin} was read", lines))

    @work
    async def action_import(self) -> None:
        """Take a network of another program: opened as a copy, or put in below the cursor."""
        from tui.formats.readers import READERS
        from tui.ui.dialogs.imported import ImportPreview
        from tui.ui.dialogs.path import ImportFile

        self.finish_editing()
        path = await self.app.push_screen_wait(ImportFile(self.folder, (*READERS, ".layers")))
        if path is None:
            return
        read = await self.watched(f"Reading {path.name}", lambda progress: _computed(path, progress))
        if read is None:
            return
        made, snapshot = read
        answer = await self.app.push_screen_wait(ImportPreview(path.name, snapshot, made.notices))
        if answer == "open" and await self.may_leave(f"open {path.name}"):
            self._open_copy(path, made)
        elif answer == "insert":
            self._insert(path, made.lines)

    def _insert(self, path: Path, lines: list[Line]) -> None:
        self._paste("\n".join(line.text for line in lines))
        self.say(f"put in {path.name}: {sum(line.is_layer for line in lines):,} layers   (u undoes)")

    # -- out ---------------------------------------------------------------------------------------

    @work
    async def action_export(self) -> None:
        """Write the network in another format, to a file or into the clipboard."""
        from tui.formats.writers import TARGETS, write
        from tui.ui.clipboard import copy
        from tui.ui.dialogs.export import ExportAs
        from tui.ui.dialogs.path import SaveFile

        self.finish_editing()
        snapshot, name = self.store.committed, Path(self.document.name).stem
        _ = snapshot.totals  # all of it is computed before another thread reads it
        chosen = await self.app.push_screen_wait(ExportAs(snapshot, name))
        if chosen is None:
            return
        target = TARGETS[chosen.target]
        written = await self.watched(
            f"Writing {target.title}", lambda progress: write(target, snapshot, name, progress)
        )
        if written is None:
            return
        if chosen.copy:
            self.say(f"copied {target.title}: {copy(self.app, written.data.decode())}")
            return
        suffixes = target.suffixes or (f".{target.name.rpartition('-')[2]}",)
        path = await self.app.push_screen_wait(SaveFile(self.folder / f"{name}{suffixes[0]}", suffixes))
        if path is not None:
            self._deliver(path, written.data)

    def _deliver(self, path: Path, data: bytes) -> None:
        from tui.formats.files import replace

        if self._try(lambda: replace(path, data)):
            self.say(f"wrote {path} ({len(data):,} bytes)")


def _computed(path: Path, progress: Progress) -> tuple[Imported, Snapshot]:
    from tui.formats.readers import read_file

    made = read_file(path, progress)
    return made, Snapshot.of(made.lines)
