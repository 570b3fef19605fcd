"""The columns of the results, declared once: the screen, the tables and the files all read them here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from tui.core.result import Result
from tui.core.size import Size, text
from tui.core.snapshot import Snapshot
from tui.core.tensor import shape_text

Value = Callable[[Snapshot, int, Result], "Size | None"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``cell`` gives its text for a computed layer; ``part`` names the workings behind it."""

    key: str
    title: str
    help: str
    cell: Callable[[Snapshot, int, Result], str]
    value: Value | None = None
    part: str = "output"
    right: bool = True
    width: int = 10


def count_text(size: Size) -> str:
    """A count for reading: ``48,320 + 160*n``."""
    return text(size, thousands=True, constant_first=True)


def out_text(result: Result) -> str:
    """The output shapes without their batch."""
    return ", ".join(shape_text(tensor.shape) for tensor in result.outputs)


def field_text(snapshot: Snapshot, row: int) -> str:
    """The receptive field: one number where the axes agree, ``all`` where a unit reads the whole input."""
    field = snapshot.field(row)
    if field is None or not field.axes:
        return ""
    if field.whole:
        return "all"
    sizes = list(dict.fromkeys(map(text, field.sizes())))
    shown = sizes[0] if len(sizes) == 1 else "x".join(map(text, field.sizes()))
    return shown if field.aligned else f"{shown}?"


def _count(key: str, title: str, help_text: str, value: Callable[[Result], Size], part: str, width: int) -> Column:
    return Column(
        key, title, help_text, lambda s, i, r: count_text(value(r)), lambda s, i, r: value(r), part, True, width
    )


OUT: Final = Column("out", "out", "output shape, batch left out", lambda s, i, r: out_text(r), right=False, width=12)
FIELD: Final = Column(
    "field", "RF", "receptive field: the extent of input that one unit reads", lambda s, i, r: field_text(s, i),
    part="field", width=6,
)  # fmt: skip
COLUMNS: Final[dict[str, Column]] = {
    column.key: column
    for column in (
        OUT,
        _count("params", "params", "parameters, as the counting convention has it", lambda r: r.counts.params, "params", 11),
        _count("trainable", "trainable", "parameters that training changes", lambda r: r.counts.trainable, "params", 11),
        _count("non_trainable", "frozen", "parameters that training does not change", lambda r: r.counts.non_trainable, "params", 9),
        _count("buffers", "buffers", "values kept beside the parameters (PyTorch)", lambda r: r.counts.buffers, "params", 9),
        _count("macs", "MACs", "multiply-accumulates for a batch (1 MAC = 2 FLOPs)", lambda r: r.counts.macs, "macs", 13),
        _count("flops", "FLOPs", "two for each MAC", lambda r: r.counts.macs * 2, "macs", 13),
        _count("elementwise", "elem-wise", "operations that are not MACs: biases, activations, pooling", lambda r: r.counts.elementwise, "macs", 11),
        _count("activation_bytes", "act B", "bytes of the output", lambda r: r.output_bytes, "memory", 11),
        _count("weight_bytes", "weight B", "bytes of the weights", lambda r: r.counts.weight_bytes, "memory", 11),
        FIELD,
    )
}  # fmt: skip
STANDARD: Final = ("out", "params", "macs", "activation_bytes", "field")
"""The columns that a table shows unless told otherwise."""


def status_text(snapshot: Snapshot, row: int, result: Result) -> str:
    """What stands in the place of numbers where there are none: the error, or the row that is waited for."""
    if result.status == "waiting":
        source = snapshot.waits_for(row)
        number = None if source is None else snapshot.number(source)
        return f"- needs #{number}" if number is not None else "- needs a layer above"
    return f"! {result.message}"
