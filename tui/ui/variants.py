"""Variants of the network, and what a look at one was left for."""

from __future__ import annotations

from typing import NamedTuple

from tui.core.snapshot import Snapshot


class Variant(NamedTuple):
    """A network to compare with: ``key`` is its letter where it is kept, or what it was chosen as."""

    key: str
    name: str
    snapshot: Snapshot
    kept: bool = False


class Outcome(NamedTuple):
    """What the dialog was left for: ``go`` to a row, ``take`` the variant back, compare with ``another``, or ``drop``
    it."""

    what: str
    variant: Variant
    row: int = 0
    note: str = ""
