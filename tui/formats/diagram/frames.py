"""The frames of a picture: the groups and blocks of a network that hold more than one box."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

from tui.core.groups import groups_of
from tui.core.network import Line
from tui.core.size import Size, SizeError, bind, text
from tui.formats.escape import visible

DEEPEST: Final = 6
"""Groups that lie deeper are not framed: each frame takes room at both sides."""


class Span:
    """Rows that belong together: a group of dotted names, or a repeated block (``times``).

    ``labels`` has more than one name where groups that repeat are drawn as one.
    """

    def __init__(self, label: str, rows: range, times: Size | None) -> None:
        self.labels = [label]
        self.rows = rows
        self.times = times
        self.gives = ""
        """The shape that the last time gives, where it is not that of the first."""

    @property
    def label(self) -> str:
        return self.labels[0]

    @property
    def parent(self) -> str:
        """The group that the group's own name stands in."""
        return self.label.rpartition(".")[0]

    @property
    def block(self) -> bool:
        return self.times is not None

    @property
    def repeats(self) -> bool:
        return self.block or len(self.labels) > 1

    def merge(self, other: Span) -> None:
        """Stand for another group too."""
        self.labels += other.labels

    def part(self) -> None:
        """Stand for itself alone."""
        del self.labels[1:]

    def title(self, outer: Sequence[Span]) -> str:
        """How the frame is called inside others: ``stage1``, ``encoder x 6``, ``x 3``, ``1 to 4, x 4``."""
        name = named_inside(self.label, outer)
        if len(self.labels) > 1:
            return f"{name} to {self.labels[-1].rpartition('.')[2]}, x {len(self.labels)}"
        if self.times is None:
            return name
        gives = f", at last {self.gives}" if self.gives else ""
        return f"{name} x {text(self.times)}{gives}".lstrip()


class Frame(NamedTuple):
    """A frame around the boxes ``first`` to ``last``; ``depth`` is how many frames it lies in."""

    title: str
    first: int
    last: int
    depth: int
    repeats: bool


def named_inside(name: str | None, outer: Sequence[Span]) -> str:
    """A dotted name without the part that the frames around it say already."""
    best = ""
    for span in outer:
        if name and name.startswith(f"{span.label}.") and len(span.label) > len(best) and not span.block:
            best = span.label
    return (name or "")[len(best) + 1 if best else 0 :]


def spans_of(
    lines: Sequence[Line], drawn: Callable[[int], bool], bindings: Mapping[str, Size]
) -> dict[int, tuple[Span, ...]]:
    """For each row that is drawn the spans around it, outermost first.

    A group that crosses the end of a block cannot be a frame, and is left out.
    """
    groups = groups_of(lines)
    found: dict[int, tuple[Span, ...]] = {}
    path: tuple[Span, ...] = ()
    at = 0
    for row in range(len(lines)):
        while path and path[-1].rows.stop <= row:
            path = path[:-1]
        while at < len(groups) and groups[at].rows.start <= row:
            group = groups[at]
            at += 1
            if len(path) < DEEPEST and (not path or group.rows.stop <= path[-1].rows.stop):
                repeat = lines[group.rows.start].repeat if group.block else None
                label = group.label if repeat is None else repeat.name or ""
                path = (*path, Span(label, group.rows, None if repeat is None else _bound(repeat.times, bindings)))
        if drawn(row):
            found[row] = path
    return found


def _bound(times: Size, bindings: Mapping[str, Size]) -> Size:
    try:
        return bind(times, bindings)
    except SizeError:
        return times  # the head of the block says what is wrong


def frames_of(paths: Sequence[tuple[Span, ...]]) -> tuple[list[tuple[Span, ...]], tuple[Frame, ...]]:
    """The paths without the spans that are no frames, and the frames of the rest.

    One box that does not repeat needs no frame.
    """
    ends: dict[Span, list[int]] = {}
    for i, path in enumerate(paths):
        for span in path:
            ends.setdefault(span, [i, i])[1] = i
    framed = {span for span, (first, last) in ends.items() if span.repeats or last > first}
    kept = [tuple(span for span in path if span in framed) for path in paths]
    frames = []
    for span, (first, last) in ends.items():
        if span in framed:
            depth = kept[first].index(span)
            frames.append(Frame(visible(span.title(kept[first][:depth])), first, last, depth, span.repeats))
    return kept, tuple(frames)
