"""Last states of recurrent layers that nobody reads: PyTorch's layers always give them, ours where they are asked."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from tui.core.argument import MISSING
from tui.core.network import Line, Source
from tui.formats.line import parse_line, with_args

_RECURRENT: Final = frozenset(("lstm", "gru", "rnn"))


def without_unread_states(lines: Sequence[Line], given_back: Collection[Source]) -> list[Line]:
    """The lines with no states where neither a line nor the network, which gives ``given_back``, has a use for them."""
    read = {source.name for line in lines for source in line.sources if source.output}
    read |= {source.name for source in given_back if source.output}
    return [_without(line) if _has_states(line) and line.name not in read else line for line in lines]


def _has_states(line: Line) -> bool:
    spec = line.spec
    if spec is None or spec.kind.name not in _RECURRENT or not spec.args.get("return_sequences"):
        return False
    return spec.args.get("return_state") is True and not spec.args.get("direction_axis")


def _without(line: Line) -> Line:
    return parse_line(with_args(line, dict.fromkeys(("return_state", "states"), MISSING)))
