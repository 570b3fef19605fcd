"""Symbols that can have one value only: an input of open channels that a layer with stored weights reads."""

from __future__ import annotations

from tui.core.size import Size, bind, symbols


class SettledError(Exception):
    """A symbol can have one value only: the weights of a layer say which."""

    def __init__(self, name: str, value: int) -> None:
        super().__init__(f"{name} = {value}")
        self.name = name
        self.value = value


def settled_by(found: Size, expected: int) -> SettledError | None:
    """The value of the only symbol in a count that makes it the expected one; the count must grow with it evenly."""
    names = sorted(symbols(found))
    if len(names) != 1:
        return None
    at = [bind(found, {names[0]: value}) for value in (1, 2, 3)]
    first, second, third = (size if isinstance(size, int) else 0 for size in at)
    step = second - first
    if step <= 0 or third - second != step or (expected - first) % step or expected < first:
        return None
    return SettledError(names[0], 1 + (expected - first) // step)
