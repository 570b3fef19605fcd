"""Variants of the network: kept in memory, compared with what it is now, and taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual import work

from tui.ui.exchanging import Exchanging

if TYPE_CHECKING:
    from tui.core.compare import Comparison
    from tui.core.snapshot import Snapshot
    from tui.ui.variants import Outcome, Variant

LETTERS: Final = "ABCDEFGHI"
QUICK: Final = 600
"""Networks of so many lines together are compared at once; larger ones beside the screen, with a bar."""


class Comparing(Exchanging):
    """The bench with variants that were kept; they outlive edits, undo and another document."""

    kept: tuple[Variant, ...] = ()
    """The variants, the latest last."""

    def action_keep_variant(self) -> None:
        """Keep the network as it is now, under the next free letter."""
        from tui.ui.dialogs.preview import totals_text
        from tui.ui.variants import Variant

        snapshot = self.store.committed
        if not snapshot.shown:
            self.say("there is nothing to keep: a adds a layer, Ctrl+N opens a preset")
            return
        for variant in self.kept:
            if _text(variant.snapshot) == _text(snapshot):
                self.say(f"this is kept as {variant.key} already; c compares")
                return
        free = [letter for letter in LETTERS if all(variant.key != letter for variant in self.kept)]
        if not free:
            self.say(f"{len(LETTERS)} variants are kept: c, then Delete drops one", error=True)
            return
        self.kept += (Variant(free[0], self.document_name, snapshot, kept=True),)
        self.say(f"kept as {free[0]} (c compares): {totals_text(snapshot)}")

    @work
    async def action_compare(self) -> None:
        """Compare the network with the latest variant, or where none is kept with what is chosen."""
        self.finish_editing()
        current = _text(self.store.committed)
        # The latest that is not what is on the screen: there would be nothing to see.
        others = [variant for variant in self.kept if _text(variant.snapshot) != current]
        variant = others[-1] if others else await self._chosen()
        while variant is not None:
            outcome = await self._look_at(variant)
            if outcome is None:
                return
            if outcome.what in ("go", "take"):
                self._leave_for(outcome)
                return
            if outcome.what == "drop":
                self.kept = tuple(v for v in self.kept if v.key != outcome.variant.key)
                self.say(f"dropped {outcome.variant.key}")
                variant = self.kept[-1] if self.kept else None
            else:
                variant = await self._chosen() or outcome.variant

    async def _look_at(self, variant: Variant) -> Outcome | None:
        from tui.ui.dialogs.compare import Compared

        comparison = await self._compared(variant)
        if comparison is None:
            return None
        variants = [*self.kept, *([] if variant.kept else [variant])]
        dialog = Compared(variants, variant, comparison, self._compared, self.document_name, self.folder)
        return await self.app.push_screen_wait(dialog)

    async def _compared(self, variant: Variant) -> Comparison | None:
        """The comparison with a variant; None where the user stopped it."""
        from tui.core.compare import compare
        from tui.core.snapshot import Snapshot

        old, now = variant.snapshot, self.store.committed
        if len(old.lines) + len(now.lines) <= QUICK:
            return compare(old, now)
        # Snapshots compute when they are asked, and the screen asks those on it: a thread needs its own.
        return await self.watched(
            f"Comparing with {variant.key}",
            lambda progress: compare(Snapshot.of(list(old.lines)), Snapshot.of(list(now.lines)), progress),
        )

    async def _chosen(self) -> Variant | None:
        """A network that the user chooses; None where nothing was."""
        from tui.ui.dialogs.compare_with import FILE, CompareWith, variant_of

        key = await self.app.push_screen_wait(CompareWith(self.store, self.kept))
        if key is None:
            return None
        return await self._from_file() if key == FILE else variant_of(key, self.kept, self.store.steps)

    async def _from_file(self) -> Variant | None:
        from tui.core.snapshot import Snapshot
        from tui.formats.readers import READERS, read_file
        from tui.ui.dialogs.compare_with import CompareFile
        from tui.ui.variants import Variant

        path = await self.app.push_screen_wait(CompareFile(self.folder, (*READERS, ".layers")))
        if path is None:
            return None
        made = await self.watched(f"Reading {path.name}", lambda progress: read_file(path, progress))
        return None if made is None else Variant("file", path.name, Snapshot.of(made.lines))

    def _leave_for(self, outcome: Outcome) -> None:
        from tui.core.edits import replace_all

        if outcome.what == "go":
            self.action_pane_1()
            self.go_to_row(outcome.row)
            self.on_store()
            self.say(outcome.note)
            return
        variant = outcome.variant
        if _text(variant.snapshot) == _text(self.store.committed):
            self.say(f"nothing to restore: {variant.key} is what is here")
            return
        label = f"restore {variant.key}" if variant.kept else f"take {variant.key}: {variant.name}"
        self.change(lambda: replace_all(self.store.committed, list(variant.snapshot.lines), label))


def _text(snapshot: Snapshot) -> list[str]:
    return [line.text for line in snapshot.lines]
