"""The numbers in a layer's line: where they stand, and the line with one of them stepped."""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

from tui.core.errors import EditError
from tui.core.network import Line
from tui.core.size import Size, SizeError, text
from tui.formats.spec import written_args

Step: TypeAlias = Literal[1, -1, "double", "halve"]


class Number(NamedTuple):
    """A size that a line writes: its place in ``line.code``, its argument, and which of the argument's sizes it is."""

    span: tuple[int, int]
    argument: str
    position: int


def numbers(line: Line) -> tuple[Number, ...]:
    """The sizes written in a layer's line, from left to right, the count of a block; none for other lines."""
    if line.repeat is not None:
        start = len("repeat ")
        return (Number((start, start + len(text(line.repeat.times, spaces=False))), "times", 0),)
    if line.spec is None:
        return ()
    found: list[Number] = []
    at = len(("off " if line.off else "") + (f"{line.name}: " if line.name else "") + line.spec.kind.name)
    for arg, prefix, word in written_args(line.spec.kind, line.spec.args):
        start = at + 1 + len(prefix)
        found.extend(Number((start + a, start + b), arg.name, i) for i, (a, b) in enumerate(arg.type.places(word)))
        at = start + len(word)
    return tuple(found)


def step_text(line: Line, index: int, change: Step) -> str:
    """The text of the line with its ``index``-th number one more, one less, twice or half as large.

    Raises EditError where there is no such number. Whether the argument allows the size is seen when
    the text is read.
    """
    places = numbers(line)
    if not 0 <= index < len(places):
        raise EditError("there is no such number in this line" if places else "this line has no number to step")
    (first, last), argument, position = places[index]
    if line.repeat is not None:
        old = line.repeat.times
    else:
        assert line.spec is not None
        old = line.spec.kind.by_name[argument].type.sizes(line.spec.args[argument])[position]
    try:
        word = text(_stepped(old, change), spaces=False)
    except SizeError as error:
        raise EditError(f"{argument}: {error}") from None
    # Parentheses hold a sum together among other sizes; a lone word loses them when the line is read.
    first, last = first + line.indent, last + line.indent
    return f"{line.text[:first]}{word if word.isalnum() else f'({word})'}{line.text[last:]}"


def _stepped(size: Size, change: Step) -> Size:
    if change == "double":
        return size * 2
    return size // 2 if change == "halve" else size + change
