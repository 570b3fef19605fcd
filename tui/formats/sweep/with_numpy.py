"""Columns of NumPy, where it is installed (``pip install layersheet[sweep]``): a million points in a moment.

64-bit integers wrap around in silence, so they are used only for formulas whose numbers are known to fit;
for others the columns hold Python's own integers, which are exact at any size and slower.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, cast

import numpy as np

from tui.core.sweep_columns import Flags, Numbers

BITS: Final = 62
"""So many answers fit one 64-bit number."""


class Arrays:
    """The symbol of the rows stands along the first axis, the other along the second: what depends on one of
    them alone is computed once for each of its values."""

    name = "NumPy"
    most: int | None = 2**63 - 1
    at_once = 1 << 17
    row_alone = 1 << 17

    def grid(self, rows: Sequence[int], across: Sequence[int], wide: bool) -> tuple[Numbers, Numbers]:
        kind: Any = object if wide else np.int64
        return np.array(rows, kind).reshape(-1, 1), np.array(across, kind).reshape(1, -1)

    def lesser(self, a: Numbers, b: Numbers) -> Numbers:
        return np.minimum(a, b)

    def greater(self, a: Numbers, b: Numbers) -> Numbers:
        return np.maximum(a, b)

    def without_zeros(self, a: Numbers) -> Numbers:
        return np.where(a == 0, 1, a)

    def not_negative(self, a: Numbers) -> Flags:
        return (a >= 0).astype(bool)

    def is_zero(self, a: Numbers) -> Flags:
        return (a == 0).astype(bool)

    def kinds_of(self, flags: Sequence[Flags], rows: int, across: int) -> tuple[list[tuple[int, ...]], Sequence[int]]:
        shape = (rows, across)
        # What all points answer alike tells none of them from another.
        told = [flag for flag in flags if not flag.all() and flag.any()]
        same = tuple(-1 if any(flag is t for t in told) else int(flag.flat[0]) for flag in flags)
        own: Any = np.zeros(shape, np.int64).ravel()
        for start in range(0, len(told), BITS):
            word: Any = np.zeros(shape, np.int64)
            for flag in told[start : start + BITS]:
                word = word * 2 + flag
            values, place = np.unique(word.ravel(), return_inverse=True)
            own = np.unique(own * len(values) + place, return_inverse=True)[1]
        _, first = np.unique(own, return_index=True)
        keys = []
        for index in first.tolist():
            answers = iter([int(np.broadcast_to(flag, shape).flat[index]) for flag in told])
            keys.append(tuple(next(answers) if answer < 0 else answer for answer in same))
        return keys, own

    def renumbered(self, own: Sequence[int], numbers: Sequence[int]) -> Sequence[int]:
        return cast(Sequence[int], np.asarray(numbers, np.int32)[cast(Any, own)])

    def flat(self, a: Numbers, rows: int, across: int) -> Sequence[int]:
        if isinstance(a, int):
            kind: Any = np.int64 if abs(a) < 2**63 else object
            return cast(Sequence[int], np.full(rows * across, a, kind))
        return cast(Sequence[int], np.broadcast_to(a, (rows, across)).reshape(-1))

    def joined(self, pieces: Sequence[Sequence[int]]) -> Sequence[int]:
        return pieces[0] if len(pieces) == 1 else cast(Sequence[int], np.concatenate(cast(Any, pieces)))

    def members(self, own: Sequence[int], count: int) -> list[Sequence[int]]:
        numbers: Any = np.asarray(own)
        order = np.argsort(numbers, kind="stable")
        ends = np.cumsum(np.bincount(numbers, minlength=count))[:-1]
        return [cast(Sequence[int], places) for places in np.split(order, ends)]
