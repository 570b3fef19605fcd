"""Unsaved work of sessions that ended without a word, offered at the start of another."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from textual import work

from tui.formats.document import parse_document
from tui.ui.filing import Document
from tui.ui.finding import Finding

if TYPE_CHECKING:
    from tui.core.recovery import Recovery


class Recovering(Finding):
    """The bench that brings back what was not saved."""

    @work
    async def offer(self, found: Sequence[Recovery]) -> None:
        """Offer one after another, that of this document first; Cancel leaves the rest for the next start."""
        here = self._document_path()
        ordered = sorted(found, key=lambda recovery: recovery.document is None or recovery.document != here)
        for place, recovery in enumerate(ordered):
            answer = await self._ask_about(recovery, len(ordered) - place - 1)
            if answer == "recover":
                self._recover(recovery)
                return
            if answer == "discard":
                recovery.discard()
            elif answer != "next":
                return

    async def _ask_about(self, recovery: Recovery, more: int) -> str | None:
        from datetime import datetime

        when = datetime.fromtimestamp(recovery.time).strftime("%d %b %H:%M")
        name = recovery.document or "a copy without a file"
        what = {0: "a half-typed line", 1: "1 change"}.get(recovery.changes, f"{recovery.changes} changes")
        choices = [("r", "Recover it", "recover"), ("d", "Throw it away", "discard")]
        if more:
            choices.append(("n", f"Look at the next of {more} more", "next"))
        said = f"{name}, {what}, {when}: that session ended without saving."
        return await self._ask("Unsaved work was found", said, *choices)

    def _recover(self, recovery: Recovery) -> None:
        path = Path(recovery.document) if recovery.document else None
        self.open_lines(parse_document(recovery.text), Document(path.name if path else "recovered", path))
        self.store.mark_unsaved()
        if self.journal is not None:
            self.journal.reset(self.store.committed.lines, recovery.document, on_disk=False)
        self.on_store()
        self.say("recovered; Ctrl+S saves it")
        # The old journal goes only when the new one holds the work.
        if self.journal is not None and self.journal.problem is None:
            recovery.discard()
