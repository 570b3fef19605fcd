"""How much a layer of one network is like a layer of another: what the alignment of the two adds up.

The numbers only rank: a layer that says the same counts most, one of the same kind with other arguments
less, one of the same family in its place least. Names that say more than a place count beside that.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import IntEnum
from typing import Any, Final, NamedTuple

from tui.core.axis_sizes import Axes
from tui.core.network import Line, Spec
from tui.core.padding import Pads
from tui.core.settings import Settings
from tui.core.size import Poly, text
from tui.core.snapshot import Snapshot
from tui.core.ties import Ties
from tui.core.value_type import ValueType

SAME: Final = 100
PLAIN: Final = 70
"""What a layer without arguments is worth."""
KIND: Final = 20
ARGUMENTS: Final = 25
NAME: Final = 35
PLACE: Final = 10
FAMILY: Final = 12
LONE_NAME: Final = 25
_PLACE_NAME: Final = re.compile(r"(?:.*\.)?\d+|[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z]\w*?)*_\d+")
"""A name that is a running number, ``features.3`` or ``conv2d_12``: it moves when a layer is put in before it."""


class Item(NamedTuple):
    """A row as the alignment sees it. ``code`` is what it says without its name, its sources and its note."""

    row: int
    name: str | None
    code: str
    kind: str
    family: str
    args: Mapping[str, str]
    """The arguments as words, without those that are what they would be anyway."""
    depth: int
    """In how many blocks it lies."""
    plain: bool
    """Whether the line gives no arguments: there are many alike, which place the others badly."""
    effective: Mapping[str, str]
    """The arguments with those that the settings of the network give."""

    def says(self, other: Item) -> bool:
        """Whether both lines say the same, their names, sources, places and being skipped aside."""
        if not self.kind or self.kind != other.kind:
            return self.code == other.code
        return self.args == other.args or self.effective == other.effective


class Names(IntEnum):
    """What two names say of their layers."""

    SAME = 0
    NONE = 1
    SAME_PLACE = 2
    OPEN = 3
    OTHER = 4


def items_of(snapshot: Snapshot) -> list[Item]:
    """The layers and heads of blocks of a network in their order, the skipped and the unread ones included."""
    items: list[Item] = []
    told: dict[int, _Told] = {}
    around: list[int] = []  # the indentation of the heads that a row lies in
    for row in snapshot.shown:
        line = snapshot.lines[row]
        if not line.is_layer and line.repeat is None:
            continue
        while around and around[-1] >= line.indent:
            around.pop()
        items.append(_item(row, line, len(around), snapshot.settings, told))
        if line.repeat is not None:
            around.append(line.indent)
    return items


def _item(row: int, line: Line, depth: int, settings: Settings, told: dict[int, _Told]) -> Item:
    """The item of a row; ``told`` keeps the arguments of each spec, which are few in a long network."""
    if line.repeat is not None:
        name, times = line.repeat.name, {"times": text(line.repeat.times)}
        return Item(row, name, f"repeat {times['times']}", "repeat", "repeat", times, depth, False, times)
    off = "off " if line.off else ""
    spec = line.spec
    if spec is None:
        return Item(row, line.name, line.code, "", "", {}, depth, False, {})
    found = told.get(id(spec))
    if found is None:
        found = told[id(spec)] = _told(spec, settings)
    args, effective = found
    code = " ".join([off + spec.kind.name, *(f"{name}={value}" for name, value in sorted(args.items()))])
    return Item(row, line.name, code, spec.kind.name, spec.kind.__module__, args, depth, not spec.args, effective)


_Told = tuple[dict[str, str], dict[str, str]]


def _told(spec: Spec, settings: Settings) -> _Told:
    """What the arguments come to: no defaults, one size for axes that are alike, and the stride that is meant.

    The second time with what the settings give.
    """
    found: dict[str, str] = {}
    kind = spec.kind
    for name, value in spec.args.items():
        arg = kind.by_name[name]
        usual = getattr(settings, arg.setting) if arg.setting else arg.default
        # The name of a layer that is used again is a reference, as a source is, and so is one that weights are tied to.
        if isinstance(value, Ties):
            found[name] = ",".join(weight or "all" for weight, _ in value.pairs)
        elif name != kind.calls and (_lone(value) if isinstance(arg.type, Axes | Pads) else value) != usual:
            found[name] = _value(arg.type, value)
    stride = kind.by_name.get("stride")
    if stride is not None and stride.default is None and hasattr(kind, "steps"):
        found["stride"] = _value(stride.type, kind.make(spec.args, settings).steps())
    usual_ones = {arg.name: str(getattr(settings, arg.setting)) for arg in kind.args if arg.setting}
    return found, {**usual_ones, **found}


def _value(of: ValueType, value: Any) -> str:
    lone = _lone(value) if isinstance(of, Axes | Pads) else value
    return of.print(value) if isinstance(lone, tuple) else text(lone) if isinstance(lone, int | Poly) else str(lone)


def _lone(value: Any) -> Any:
    """One size for several that are the same: ``5`` for ``5x5``."""
    if not isinstance(value, tuple) or not value:
        return value
    parts = [_lone(part) for part in value]
    return parts[0] if all(part == parts[0] for part in parts) else value


def is_place(name: str) -> bool:
    """Whether a name only numbers its layer."""
    return _PLACE_NAME.fullmatch(name) is not None


def by_names(x: Item, y: Item) -> tuple[int, ...]:
    """What it is worth to pair two layers, for each of :class:`Names`; 0 where they are never paired."""
    if x.says(y) and x.code.startswith("off ") == y.code.startswith("off "):
        worth = PLAIN if x.plain and y.plain else SAME
        if x.depth != y.depth:
            worth -= 30
        return worth, worth, worth - 5, worth - 10, worth - 20
    if x.kind == y.kind:
        worth = KIND + round(ARGUMENTS * _shared(x.args, y.args)) - (5 if x.depth != y.depth else 0)
        most = PLAIN - 1  # never more than two layers that say the same
        return min(worth + NAME, most), worth, worth + PLACE, worth, worth
    if x.family == y.family and x.family:
        return FAMILY + NAME, FAMILY, FAMILY, FAMILY, FAMILY
    return LONE_NAME, 0, 0, 0, 0


def _shared(x: Mapping[str, str], y: Mapping[str, str]) -> float:
    """The share of the arguments that both give alike."""
    keys = x.keys() | y.keys()
    return sum(x.get(key) == y.get(key) for key in keys) / len(keys) if keys else 1.0


def names_of(items: Sequence[Item]) -> list[tuple[str | None, bool]]:
    """The name of each item with whether it only numbers it."""
    return [(item.name, item.name is not None and is_place(item.name)) for item in items]


def relation(x: tuple[str | None, bool], y: tuple[str | None, bool]) -> Names:
    """What two names, as :func:`names_of` gives them, say of their layers."""
    if x[0] is None or y[0] is None:
        return Names.NONE if x[0] is y[0] else Names.OPEN
    if x[0] == y[0]:
        return Names.SAME_PLACE if x[1] else Names.SAME
    return Names.OPEN if x[1] or y[1] else Names.OTHER
