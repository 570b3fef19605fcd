"""Groups and branches: fold what belongs together, and follow the wires."""

from __future__ import annotations

from collections.abc import Sequence

from tui.ui.copying import Copying


class Folding(Copying):
    """The bench on which groups fold and the cursor follows branches."""

    _trail: tuple[int, int, int] | None = None
    """The row that a jump started from, how far round its sources or readers it went, and where it led."""

    def action_fold(self) -> None:
        """Fold the innermost group around the cursor; a folded one unfolds."""
        row = self.view.row
        if row is None:
            return
        here = self.view.fold(self.view.cursor)
        if here is not None:
            self._set_folds(self.view.folds - {here.key}, row)
            return
        around = [group for group in self.view.groups if row in group.rows]
        if not around:
            self.say("no group here: dotted names (stage1.conv1) and repeat make groups")
            return
        inner = min(around, key=lambda group: len(group.rows))
        self._set_folds(self.view.folds | {inner.key}, inner.rows.start)

    def action_fold_all(self) -> None:
        """Fold every outermost group; where any is folded, unfold all."""
        if self.view.folds:
            self._set_folds(frozenset(), self.view.row or 0)
            return
        outer = frozenset(group.key for group in self.view.groups if group.depth == 0)
        if not outer:
            self.say("there are no groups: names with dots make groups, and repeat makes blocks")
            return
        self._set_folds(outer, self.view.row or 0)

    def action_fold_alike(self) -> None:
        """Fold all groups that lie as deep as the innermost one around the cursor."""
        row = self.view.row or 0
        groups = self.view.groups
        depths = [group.depth for group in groups if row in group.rows]
        if not depths:
            self.say("there is no group here")
            return
        self._set_folds(frozenset(g.key for g in groups if g.depth == max(depths)), row)

    def _set_folds(self, folds: frozenset[str], row: int) -> None:
        self.view.folds = folds
        self.end_range()
        self.view.cursor = self.view.place(row)
        self.on_store()

    def action_to_source(self) -> None:
        """Go to what the layer reads."""
        row = self._start()
        if row is not None:
            self._jump(row, self.view.snapshot.sources(row), "this layer reads nothing")

    def action_to_reader(self) -> None:
        """Go to what reads the layer."""
        row = self._start()
        if row is not None:
            snapshot = self.view.snapshot
            readers = [r for r in snapshot.shown if row in snapshot.sources(r)]
            self._jump(row, readers, "nothing reads this layer")

    def _start(self) -> int | None:
        """Where a jump starts: again from the same layer, while the cursor stands where the last jump led."""
        row = self.view.row
        if self._trail is not None and self._trail[2] == row:
            return self._trail[0]
        return row

    def _jump(self, start: int, targets: Sequence[int], nothing: str) -> None:
        if not targets:
            self.say(nothing)
            return
        again = self._trail is not None and self._trail[0] == start and self._trail[2] == self.view.row
        turn = (self._trail[1] + 1) % len(targets) if again and self._trail is not None else 0
        target = targets[turn]
        self._trail = (start, turn, target) if len(targets) > 1 else None
        self.go_to_row(target)
        if len(targets) > 1:
            self.say(f"{turn + 1} of {len(targets)}; press again for the next")
