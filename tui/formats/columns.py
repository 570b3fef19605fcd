"""The columns of the results, declared once: the screen, the tables and the files all read them here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from tui.core.field import Field
from tui.core.result import Result
from tui.core.size import Size, symbols, text
from tui.core.snapshot import Snapshot
from tui.core.tensor import Shape, shape_text

Value = Callable[[Snapshot, int, Result], "Size | None"]


class Column(NamedTuple):
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
    """The output shapes without their batch, those of a tensor that has none whole."""
    whole: Shape = () if result.kind is None or result.kind.batched else (1,)
    return ", ".join(shape_text(whole + tensor.shape) for tensor in result.outputs) or (
        "?" if result.status == "opaque" else ""
    )


def field_text(field: Field | None) -> str:
    """The receptive field: one number where the axes agree, ``all`` where a unit reads the whole input."""
    if field is None or not field.axes:
        return ""
    if field.whole:
        return "all"
    sizes = list(dict.fromkeys(map(text, field.sizes())))
    shown = sizes[0] if len(sizes) == 1 else "x".join(map(text, field.sizes()))
    return shown if field.aligned else f"{shown}?"


def _count(key: str, title: str, part: str, width: int, help_text: str, value: Callable[[Result], Size]) -> Column:
    """A column of counts: ``?`` for a layer of which none is known, a lower bound for a group with such a layer."""

    def cell(snapshot: Snapshot, row: int, result: Result) -> str:
        if result.status != "opaque":
            return count_text(value(result))
        return "?" if result.kind is not None else f">= {count_text(value(result))}"

    def known(snapshot: Snapshot, row: int, result: Result) -> Size | None:
        return None if result.status == "opaque" and result.kind is not None else value(result)

    return Column(key, title, help_text, cell, known, part, True, width)


COLUMNS: Final[dict[str, Column]] = {
    column.key: column
    for column in (
        Column("out", "out", "output shape, batch left out", lambda s, i, r: out_text(r), right=False, width=9),
        _count("params", "params", "params", 8, "parameters, by the counting convention", lambda r: r.counts.params),
        _count("trainable", "trained", "params", 8, "parameters that training changes", lambda r: r.counts.trainable),
        _count("non_trainable", "frozen", "params", 8, "parameters it does not", lambda r: r.counts.non_trainable),
        _count("buffers", "buffers", "params", 7, "values kept beside them (PyTorch)", lambda r: r.counts.buffers),
        _count("macs", "MACs", "macs", 10, "multiply-accumulates; 1 MAC = 2 FLOPs", lambda r: r.counts.macs),
        _count("flops", "FLOPs", "macs", 10, "two for each MAC", lambda r: r.counts.macs * 2),
        _count("elementwise", "elem-wise", "macs", 9, "operations that are no MACs", lambda r: r.counts.elementwise),
        Column(
            "activation_bytes",
            "act B",
            "bytes of the output",
            lambda s, i, r: count_text(r.output_bytes) if r.outputs else "?",
            lambda s, i, r: r.output_bytes if r.outputs else None,
            part="memory",
            width=7,
        ),
        _count("weight_bytes", "weight B", "memory", 9, "bytes of the weights", lambda r: r.counts.weight_bytes),
        Column("field", "RF", "receptive field", lambda s, i, r: field_text(s.field(i)), part="field", width=3),
    )
}
MARKS: Final = {"error": "!", "warning": "?", "waiting": "-", "opaque": "~"}
"""The sign of each status that a reader has to know of."""
LONGEST: Final = 160
"""A longer sum is no use to a reader; the JSON has it whole."""
STANDARD: Final = ("out", "params", "macs", "activation_bytes", "field")
"""The columns that a table shows unless told otherwise."""
COLUMN_SETS: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "standard": ("the standard columns", STANDARD),
    "parameters": ("parameters in detail", ("out", "trainable", "non_trainable", "buffers", "weight_bytes")),
    "operations": ("operations in detail", ("out", "macs", "flops", "elementwise", "field")),
    "shares": ("shares as bars, of the column under the cursor", ("params", "macs")),
}
"""Columns that go together, by a word for the command line: what they show, and which they are."""


def columns_called(word: str) -> tuple[Column, ...]:
    """The columns of a set; all of them for ``all``."""
    return tuple(COLUMNS.values()) if word == "all" else tuple(COLUMNS[key] for key in COLUMN_SETS[word][1])


def brief_text(size: Size, most: int = LONGEST) -> str:
    """The number as :func:`count_text` writes it, or where that is longer than ``most`` what it depends on."""
    shown = count_text(size)
    if len(shown) <= most or isinstance(size, int):
        return shown
    *names, last = sorted(symbols(size))
    return f"(by {', '.join(names)} and {last})" if names else f"(by {last})"


def status_text(snapshot: Snapshot, row: int, result: Result) -> str:
    """What stands in the place of numbers where there are none: the error, or the row that is waited for."""
    if result.status == "waiting":
        source = snapshot.waits_for(row)
        number = None if source is None else snapshot.number(source)
        if number is None:
            return "- needs a layer above" if source is None else f"- needs {snapshot.lines[source].code}"
        return f"- needs #{number}"
    return f"{MARKS.get(result.status, '!')} {result.message}"
