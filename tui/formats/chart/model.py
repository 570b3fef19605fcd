"""Charts of one network: what each layer, group or kind adds to a number, as bars that are shares of the whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple

from tui.core.errors import LayersheetError, did_you_mean, or_list
from tui.core.groups import Group, groups_of
from tui.core.result import Result
from tui.core.size import Size, bind, maximum, symbols
from tui.core.snapshot import Snapshot
from tui.core.validity import bounds_of
from tui.formats.columns import brief_text, field_text, status_text

BY: Final = ("layer", "group", "kind")
DEPTH: Final = "field"
"""The quantity that is no sum: the receptive field grows along the depth."""


class ChartError(LayersheetError):
    """A chart that there is not."""


class Quantity(NamedTuple):
    """What is charted: a number of one computed layer."""

    name: str
    title: str
    of: Callable[[Result], Size]


QUANTITIES: Final = {
    quantity.name: quantity
    for quantity in (
        Quantity("params", "parameters", lambda r: r.counts.params),
        Quantity("trainable", "trainable parameters", lambda r: r.counts.trainable),
        Quantity("macs", "multiply-accumulates", lambda r: r.counts.macs),
        Quantity("flops", "floating-point operations, 2 a MAC", lambda r: r.counts.macs * 2),
        Quantity("activations", "bytes of the outputs", lambda r: r.output_bytes),
        Quantity("weights", "bytes of the weights", lambda r: r.counts.weight_bytes),
        Quantity("live", "bytes of inputs and outputs", lambda r: r.live),
        Quantity("elementwise", "operations that are no MACs", lambda r: r.counts.elementwise),
        Quantity(DEPTH, "receptive field", lambda r: 0),
    )
}
_ALIASES: Final = {
    "activation_bytes": "activations", "act": "activations", "ram": "live", "flash": "weights",
    "weight_bytes": "weights", "receptive_field": DEPTH, "rf": DEPTH,
}  # fmt: skip


class Bar(NamedTuple):
    """One bar. ``length`` is from 0 to 1, where 1 is the longest bar; ``share`` is that of the whole in tenths of a
    percent, None where there is none. ``row`` is the line that it stands for, None for a kind. ``mark`` is the sign of
    an error or of what is not known.
    """

    row: int | None
    label: str
    depth: int
    text: str
    length: float
    share: int | None
    mark: str = ""

    @property
    def percent(self) -> str:
        """The share for reading: ``43.1%``."""
        return "" if self.share is None else f"{self.share // 10}.{self.share % 10}%"


class Chart(NamedTuple):
    """The bars with their title, and what a reader has to know of them."""

    title: str
    by: str
    bars: tuple[Bar, ...]
    total: str
    notes: tuple[str, ...] = ()


def quantity_named(name: str) -> Quantity:
    """What is called so; raises ChartError, which says what there is."""
    found = QUANTITIES.get(_ALIASES.get(name, name))
    if found is None:
        near = did_you_mean(name, QUANTITIES) or did_you_mean(name, _ALIASES)
        hint = f"did you mean {or_list(near)}?" if near else f"there are {', '.join(QUANTITIES)}"
        raise ChartError(f"no chart shows {name!r}; {hint}")
    return found


class _Part(NamedTuple):
    row: int | None
    label: str
    depth: int
    size: Size | None
    text: str | None = None
    mark: str = ""


def chart_of(snapshot: Snapshot, quantity: Quantity, by: str = "layer") -> Chart:
    """The chart of a quantity; raises ChartError for a receptive field by anything but layers."""
    if quantity.name == DEPTH and by != "layer":
        raise ChartError(f"a receptive field is no sum, so there is no chart of it by {by}; chart it by layer")
    parts = list({"layer": _layers, "group": _groups, "kind": _kinds}[by](snapshot, quantity))
    whole = _whole(snapshot, quantity)
    least = bounds_of(snapshot.conditions)
    sizes = [0 if part.size is None else _drawn(part.size, least) for part in parts]
    total, longest = 0 if quantity.name == DEPTH else _drawn(whole, least), max(sizes, default=0)
    bars = [_bar(part, size, total, longest) for part, size in zip(parts, sizes, strict=True)]
    notes = []
    free = sorted(frozenset[str]().union(*(symbols(part.size) for part in parts if part.size is not None)))
    if free:
        chosen = ", ".join(f"{name} = {least.get(name, 1)}" for name in free)
        notes.append(f"the bars are drawn for {chosen}; give {or_list(free, 'and')} a value for others")
    if not snapshot.totals.complete:
        notes.append("not all layers are known, so the whole is at least what is shown")
    shown = "" if quantity.name == DEPTH else brief_text(whole)
    return Chart(f"{quantity.title} by {by}", by, tuple(bars), shown, tuple(notes))


def _bar(part: _Part, size: int, total: int, longest: int) -> Bar:
    shown = part.text if part.text is not None else "" if part.size is None else brief_text(part.size, 40)
    # Whole numbers as far as possible: sizes outgrow what floats hold.
    length = size * 1_000_000 // longest / 1_000_000 if longest > 0 else 0.0
    share = None if part.size is None or total <= 0 else (2_000 * size + total) // (2 * total)
    return Bar(part.row, part.label, part.depth, shown, length, share, part.mark)


def _drawn(size: Size, least: Mapping[str, int]) -> int:
    """The size with every symbol at the least value with which all layers fit: some length, where there are symbols."""
    try:
        value = bind(size, {name: least.get(name, 1) for name in symbols(size)})
    except ArithmeticError:  # a division by zero there
        return 0
    return max(value, 0) if isinstance(value, int) else 0


def _whole(snapshot: Snapshot, quantity: Quantity) -> Size:
    total: Size = 0
    if quantity.name != DEPTH:
        for row in snapshot.shown:
            if snapshot.lines[row].repeat is None:
                total = total + _of_row(snapshot, row, quantity)
    return total


def _of_row(snapshot: Snapshot, row: int, quantity: Quantity) -> Size:
    """What a line comes to: all its copies, where it stands in a repeated block."""
    total: Size = 0
    for place in snapshot.copies(row):
        result = snapshot.inference.result(place)
        if result is not None and result.status not in ("error", "waiting"):
            total = total + quantity.of(result) * snapshot.inference.counted(place)
    return total


def _label(snapshot: Snapshot, row: int, digits: int = 1) -> str:
    number = snapshot.number(row)
    return f"{'' if number is None else number:>{digits}} {snapshot.lines[row].code}"


def _layers(snapshot: Snapshot, quantity: Quantity) -> Iterator[_Part]:
    digits = len(str(max((n for row in snapshot.shown if (n := snapshot.number(row)) is not None), default=0)))
    for row in snapshot.shown:
        line, result = snapshot.lines[row], snapshot.result(row)
        if not line.is_layer or result is None:
            continue
        label = _label(snapshot, row, digits)
        if result.status in ("error", "waiting"):
            yield _Part(
                row, label, 0, None, status_text(snapshot, row, result), "!" if result.status == "error" else "-"
            )
        elif quantity.name == DEPTH:
            field = snapshot.field(row)
            sizes = field.sizes() if field is not None and field.axes else ()
            yield _Part(row, label, 0, maximum(*sizes) if sizes else None, field_text(field) or "-")
        else:
            yield _Part(row, label, 0, _of_row(snapshot, row, quantity), None, "~" if result.status == "opaque" else "")


def _groups(snapshot: Snapshot, quantity: Quantity) -> Iterator[_Part]:
    """The groups with those inside them, and between them the layers that are in none."""
    groups = groups_of(snapshot.lines)
    starts: dict[int, list[Group]] = {}
    sizes: dict[int, Size] = {}
    for group in groups:
        starts.setdefault(group.rows.start, []).append(group)
    inside = -1
    for row in snapshot.shown:
        for group in starts.get(row, ()):
            inner = snapshot.shown[snapshot.place(group.rows.start) : snapshot.place(group.rows.stop)]
            rows = [r for r in inner if snapshot.lines[r].repeat is None]
            size: Size = 0
            for each in rows:
                if each not in sizes:
                    sizes[each] = _of_row(snapshot, each, quantity)
                size = size + sizes[each]
            wrong = any((r := snapshot.result(each)) is not None and r.status == "error" for each in rows)
            yield _Part(row, group.label, group.depth, size, None, "!" if wrong else "")
            inside = max(inside, group.rows.stop - 1)
        if row > inside and snapshot.lines[row].is_layer and snapshot.result(row) is not None:
            yield _Part(row, _label(snapshot, row), 0, _of_row(snapshot, row, quantity))


def _kinds(snapshot: Snapshot, quantity: Quantity) -> Iterator[_Part]:
    """The kinds of layers, the largest first."""
    sums: dict[str, Size] = {}
    counts: dict[str, int] = {}
    for row in snapshot.shown:
        spec = snapshot.lines[row].spec
        if spec is not None and snapshot.result(row) is not None:
            sums[spec.kind.name] = sums.get(spec.kind.name, 0) + _of_row(snapshot, row, quantity)
            counts[spec.kind.name] = counts.get(spec.kind.name, 0) + 1
    least = bounds_of(snapshot.conditions)
    for name in sorted(sums, key=lambda name: -_drawn(sums[name], least)):
        yield _Part(None, f"{name} ({counts[name]})", 0, sums[name])
