"""Lists of recurrent cells as an argument: ``lstm:32,gru:16:nobias``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

from tui.core.argument import ValueType, Whole, split_top
from tui.core.errors import ParseError, did_you_mean, or_list
from tui.core.recurrence import GATES
from tui.core.size import Size, bind, symbols


class StackedCell(NamedTuple):
    """One cell of a list; ``bias`` and ``reset_after`` as in the layers."""

    kind: str
    units: Size
    bias: bool = True
    reset_after: bool = True


@dataclass(eq=False, repr=False)
class CellList:
    """Cells that are stacked inside one layer, the first reads the input."""

    cells: tuple[StackedCell, ...]


_NAMES: Final = {"lstmcell": "lstm", "grucell": "gru", "rnncell": "rnn", "simplernncell": "rnn", "simplernn": "rnn"}
_FLAGS: Final = {"nobias": "bias", "reset_before": "reset_after"}


@dataclass(eq=False, repr=False)
class Cells(ValueType):
    """Cells joined by commas, each with its units: ``lstm:32,gru:16:nobias``."""

    expected: str = "cells such as lstm:32,gru:16"

    def parse(self, word: str) -> CellList:
        return CellList(tuple(self._cell(part, start) for start, part in split_top(word, ",")))

    def _cell(self, part: str, start: int) -> StackedCell:
        (_, name), *rest = split_top(part, ":")
        kind = _NAMES.get(name.lower(), name.lower())
        span = (start, start + len(part))
        if kind not in GATES:
            near = or_list(did_you_mean(name, GATES) or GATES)
            raise ParseError(f"{name!r} is no cell; did you mean {near}?", span, expected=tuple(GATES))
        if not rest:
            raise ParseError(f"{name} needs its units, such as {name}:32", span, expected=(f"{name}:32",))
        (at, word), *flags = rest
        try:
            cell = StackedCell(kind, Whole(1).parse(word))
        except ParseError as error:
            raise error.shifted(start + at) from None
        for at, flag in flags:
            if flag not in _FLAGS:
                place = (start + at, start + at + len(flag))
                raise ParseError(f"{flag!r} is not {or_list(_FLAGS)}", place, expected=tuple(_FLAGS))
            cell = cell._replace(bias=False) if flag == "nobias" else cell._replace(reset_after=False)
        return cell

    def print(self, value: CellList) -> str:
        return ",".join(
            ":".join([c.kind, Whole(1).print(c.units), *(f for f, name in _FLAGS.items() if not getattr(c, name))])
            for c in value.cells
        )

    def bind(self, value: CellList, values: dict[str, Size]) -> CellList:
        return CellList(tuple(c._replace(units=bind(c.units, values)) for c in value.cells))

    def symbols(self, value: CellList) -> frozenset[str]:
        return frozenset().union(*(symbols(c.units) for c in value.cells))

    def words(self) -> tuple[str, ...]:
        return tuple(f"{kind}:32" for kind in GATES)

    def sizes(self, value: CellList) -> tuple[Size, ...]:
        return tuple(c.units for c in value.cells)
