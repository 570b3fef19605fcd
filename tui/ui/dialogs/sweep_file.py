"""The part of the sweep's dialog that writes a file."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from textual import work
from textual.events import Key
from textual.widgets import Input
from textual.worker import Worker

from tui.core.sweep import Sweep
from tui.core.sweep_front import Goal
from tui.formats.sweep.files import as_csv
from tui.ui.actions import keyed
from tui.ui.dialogs.frame import Dialog, Push
from tui.ui.folders import beside


class SavesSweep(Dialog[dict[str, int]]):
    """A dialog that has found a sweep, and writes it as CSV when ``s`` is pressed outside of a field."""

    document_name = ""
    folder: Path | None = None
    found: Sweep | None = None
    goals: tuple[Goal, Goal] | None = None
    _listed: Sequence[int] = ()
    _worker: Worker[None] | None = None

    def on_key(self, event: Key) -> None:
        if event.key in keyed("s").split(",") and not isinstance(self.focused, Input):
            event.stop()
            self._save()

    def on_push_pressed(self, event: Push.Pressed) -> None:
        if event.push.id == "save":
            event.stop()
            self._save()
        else:
            super().on_push_pressed(event)

    @work
    async def _save(self) -> None:
        from tui.ui.dialogs.path import SaveFile

        found = self.found
        if found is None:
            self.say("#state", "there is nothing to save yet", error=True)
            return
        start = beside(self.folder, self.document_name, "-sweep.csv")
        path = await self.app.push_screen_wait(SaveFile(start, (".csv",)))
        if path is not None:
            self._worker = self._write(found, path, list(self._listed) if self.goals is not None else None)

    @work(exclusive=True, group="sweep")
    async def _write(self, found: Sweep, path: Path, chosen: Sequence[int] | None) -> None:
        """Write the file; Esc stops, and leaves none."""
        count, done = len(found) if chosen is None else len(chosen), 0
        part = path.with_name(path.name + ".part")
        try:
            with part.open("w", encoding="utf-8", newline="") as file:
                for piece in as_csv(found, chosen):
                    file.write(piece)
                    done = min(done + piece.count("\n"), count)
                    self._progress(done, count, "rows written")
                    await asyncio.sleep(0)
            part.replace(path)
            self.say("#state", f"saved {path}: {count:,} rows")
        except OSError as error:
            self.say("#state", f"cannot write {path}: {error.strerror or error}", error=True)
        finally:
            part.unlink(missing_ok=True)

    def _progress(self, done: int, total: int, what: str) -> None:
        share = done * 20 // max(total, 1)
        self.say("#state", f"[{'#' * share}{'.' * (20 - share)}] {done:,} of {total:,} {what}; Esc stops")
