"""Limits as they are written: ``params<=100k``, ``ram<=256KiB``, and of one layer ``conv1:field>=31`` or ``#7:H=4``."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from tui.core.errors import did_you_mean, or_list
from tui.core.metric import METRICS, MetricError, metric_named
from tui.core.result import Result
from tui.core.size import Size, maximum
from tui.core.snapshot import Snapshot
from tui.core.solve_problem import RELATIONS, Limit, Measure, SolveError, measure_of
from tui.formats.quantity import parse_quantity
from tui.formats.record import row_named
from tui.formats.solve.words import AXES, LETTERS

VALID: Final = "valid"
_SPLIT: Final = re.compile(r"(<=|>=|==|=|<|>|≤|≥)")
_READ: Final = {"==": "=", "≤": "<=", "≥": ">="}
OF_LAYER: Final = ("out", "field", *AXES, "C", *METRICS)
"""What can be limited of one layer: the elements of its output, its receptive field, an axis, a metric."""


def parse_limit(snapshot: Snapshot, text: str, relation: str) -> Limit:
    """The limit that ``params=100k`` says under a relation; raises as :func:`measure_named`, and QuantityError."""
    name, equals, quantity = (part.strip() for part in text.rpartition("="))
    if not equals:
        name, quantity = text.strip(), ""
    return _limit(snapshot, name.rstrip("<>"), relation, quantity)


def parse_limits(snapshot: Snapshot, text: str) -> tuple[Limit, ...]:
    """The limits that ``params<=100k, ram<=64KiB`` says; ``valid`` and nothing ask for none."""
    found = []
    for part in re.split(r",(?!\d{3}(?:\D|$))|;", text):
        if not part.strip() or part.strip() == VALID:
            continue
        pieces = _SPLIT.split(part, maxsplit=1)
        if len(pieces) < 3:
            name, _, rest = part.strip().partition(" ")
            measure_named(snapshot, name)
            wrong = f", not {rest.strip()!r}" if rest else ""
            raise SolveError(f"{name} needs a limit, such as {name}<=100k{wrong}")
        name, sign, quantity = (piece.strip() for piece in pieces)
        if sign in ("<", ">"):
            raise SolveError(f"write {name}{sign}={quantity}: limits are {or_list(RELATIONS)}")
        found.append(_limit(snapshot, name, _READ.get(sign, sign), quantity))
    return tuple(found)


def _limit(snapshot: Snapshot, name: str, relation: str, quantity: str) -> Limit:
    measure = measure_named(snapshot, name)
    if not quantity:
        example = "256KiB" if measure.in_bytes else "100k" if measure.whole else "7"
        raise SolveError(f"{measure.name} needs a limit, such as {measure.name}={example}")
    return Limit(measure, relation, parse_quantity(quantity, in_bytes=measure.in_bytes))


def measure_named(snapshot: Snapshot, name: str) -> Measure:
    """The measure of a name, of the network or of one layer; raises MetricError, LayerError or SolveError, which say
    what there is."""
    layer, colon, part = (piece.strip() for piece in name.rpartition(":"))
    if not colon:
        if name == VALID:
            raise SolveError("valid needs no limit: every layer must have an output anyway")
        return measure_of(metric_named(name))
    row = row_named(snapshot, layer)
    if part not in OF_LAYER:
        near = did_you_mean(part, OF_LAYER)
        hint = f"did you mean {or_list(near)}?" if near else f"there are {', '.join(OF_LAYER)}"
        raise MetricError(f"no number of a layer is called {part!r}; {hint}")
    metric = METRICS.get(part)
    about = f"{_help(part)} of {layer}" if metric is None else f"{metric.help}: {layer}"
    return Measure(f"{layer}:{part}", about, _of_row(row, part), bool(metric and metric.in_bytes), whole=False)


def _help(part: str) -> str:
    return {"out": "elements of the output", "field": "receptive field"}.get(part, f"output {part}")


def _of_row(row: int, part: str) -> Callable[[Snapshot], Size | None]:
    def total(snapshot: Snapshot) -> Size | None:
        result = snapshot.result(row)
        if result is None or not result.outputs:
            return None
        if part == "field":
            field = snapshot.field(row)
            return None if field is None or field.whole or not field.axes else maximum(*field.sizes())
        if part == "out":
            return result.outputs[0].elements
        metric = METRICS.get(part)
        return _axis(snapshot, result, part) if metric is None else metric.part(result)

    return total


def _axis(snapshot: Snapshot, result: Result, letter: str) -> Size | None:
    """The size of an output axis, the batch left out; None where there is no such axis."""
    shape = result.outputs[0].shape[1:]
    if not shape:
        return None
    last = snapshot.settings.channels_last or len(shape) == 1
    if letter == "C":
        return shape[-1] if last else shape[0]
    spatial = shape[:-1] if last else shape[1:]
    letters = LETTERS.get(len(spatial), "")
    return spatial[letters.index(letter)] if letter in letters else None
