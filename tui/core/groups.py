"""Groups: layers whose dotted names share a beginning, and the blocks that are repeated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from tui.core.network import Line
from tui.core.repeat import body_of


class Group(NamedTuple):
    """Rows that belong together. ``depth`` is how many groups it lies in; ``block`` marks a repeated block,
    whose first row is its head. ``key`` tells it from all others of the document, and stays the same when
    its count, its rows or what stands in them change."""

    label: str
    rows: range
    depth: int
    block: bool = False
    key: str = ""


def groups_of(lines: Sequence[Line]) -> list[Group]:
    """All groups of a document, outer ones first. A single layer is no group.

    Rows without a name belong to the group that goes on below them. A block whose name has dots belongs whole
    to the groups that its name says; names inside it are its own. Of several groups with the same rows the
    innermost is kept: folding all would be folding once.
    """
    spans: list[tuple[str, int, int]] = []
    open_spans: dict[str, list[int]] = {}
    blocks: list[tuple[str, range]] = []
    for row, line in enumerate(lines):
        name, end = line.name, row
        if line.repeat is not None:
            body = body_of(lines, row)
            name, end = line.repeat.name, max(row, body.stop - 1)
            if body:
                blocks.append((line.code, range(row, body.stop)))
        if name is None:
            continue
        parts = name.split(".")
        prefixes = [".".join(parts[:n]) for n in range(1, len(parts))]
        for prefix in [p for p, (_, last) in open_spans.items() if p not in prefixes and last < row]:
            first, last = open_spans.pop(prefix)
            spans.append((prefix, first, last))
        for prefix in prefixes:
            span = open_spans.setdefault(prefix, [row, end])
            span[1] = max(span[1], end)
    spans += [(prefix, first, last) for prefix, (first, last) in open_spans.items()]
    inner = {range(first, last + 1): label for label, first, last in sorted(spans, key=lambda span: span[0].count("."))}
    heads = {rows for _, rows in blocks}
    found = [(label, rows, False) for rows, label in inner.items() if len(rows) > 1 and rows not in heads]
    found += [(label, rows, True) for label, rows in blocks]
    found.sort(key=lambda group: (group[1].start, -group[1].stop, not group[2]))
    groups: list[Group] = []
    around: list[int] = []  # the last rows of the groups that go on, outer ones first
    alike: Counter[str] = Counter()
    for label, rows, block in found:
        while around and around[-1] < rows.stop:
            around.pop()
        repeat = lines[rows.start].repeat if block else None
        key = label if repeat is None else f"repeat {repeat.name or ''}"
        alike[key] += 1
        groups.append(Group(label, rows, len(around), block, f"{key} {alike[key]}"))
        around.append(rows.stop)
    return groups


def same_groups(old: Sequence[Line], new: Sequence[Line]) -> bool:
    """Whether lines in the place of others leave the groups of a document as they are."""
    return len(old) == len(new) and all(map(_same_place, old, new))


def _same_place(old: Line, new: Line) -> bool:
    repeats = old.repeat is not None or new.repeat is not None
    place = (old.name, old.indent, old.is_layer, old.shown)
    return place == (new.name, new.indent, new.is_layer, new.shown) and (not repeats or old.code == new.code)
