"""A bar on stderr for work that takes long, where somebody sees it."""

from __future__ import annotations

import sys
import time
from collections.abc import Generator
from types import TracebackType
from typing import Final, Protocol, Self, TypeVar

import click

PATIENCE: Final = 0.3
"""Seconds before a work shows how far it is."""
PAUSE: Final = 0.1
WIDTH: Final = 30


Made = TypeVar("Made")


class Step(Protocol):
    """How far a work is that goes step by step: so many of so many."""

    @property
    def done(self) -> int: ...
    @property
    def total(self) -> int: ...


class Bar:
    """Told how far a work is, as ``bar(done, total)``; it wipes itself away at the end of its ``with``."""

    def __init__(self, what: str = "") -> None:
        self.what = what
        self._begun = self._shown = time.monotonic()
        self._talks = sys.stderr.isatty()

    def __enter__(self) -> Self:
        return self

    def __call__(self, done: int, total: int, /) -> None:
        now = time.monotonic()
        if not self._talks or now - self._begun < PATIENCE or now - self._shown < PAUSE:
            return
        self._shown = now
        filled = "#" * round(WIDTH * min(done / max(total, 1), 1))
        click.echo(f"\r[{filled:{WIDTH}}] {done:,} of {total:,}{self.what}; Ctrl+C stops\x1b[K", nl=False, err=True)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._shown > self._begun:
            click.echo("\r\x1b[K", nl=False, err=True)


def followed(steps: Generator[Step, None, Made]) -> Made:
    """Run a work that goes step by step to its end, with a bar; what it returned."""
    with Bar() as bar:
        while True:
            try:
                step = next(steps)
            except StopIteration as end:
                made: Made = end.value
                return made
            bar(step.done, step.total)
