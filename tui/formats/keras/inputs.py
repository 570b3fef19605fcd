"""The tensors that a layer reads, in the order in which it takes them, however they are given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from tui.core.network import Source
from tui.formats.keras.nodes import MASKS, all_in

SIGNATURES: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(("MultiHeadAttention", "GroupQueryAttention", "GroupedQueryAttention"), ("query", "value", "key")),
    **dict.fromkeys(("LSTM", "GRU", "SimpleRNN", "RNN", "Bidirectional", "CuDNNLSTM", "CuDNNGRU", "ConvLSTM1D",
                     "ConvLSTM2D", "ConvLSTM3D"), ("sequences", "initial_state")),
}  # fmt: skip
"""The arguments of a call that are tensors, by their names, in their order."""


def in_order(class_name: str, args: Any, options: Mapping[str, Any]) -> list[Source]:
    """The sources of a call; masks change no shape and are left out."""
    parts = args if isinstance(args, list) else [args]
    signature = SIGNATURES.get(class_name)
    if signature is None:
        return list(sources_in([parts, [value for name, value in options.items() if name not in MASKS]]))
    named = dict(options)
    if "sequence" in named or "inputs" in named:
        named.setdefault("sequences", named.pop("sequence", named.pop("inputs", None)))
    found = [*sources_in(parts[: len(signature)] if signature[0] == "query" else parts)]
    return [*found, *(source for name in signature for source in sources_in(named.get(name)))]


def sources_in(value: Any) -> Iterator[Source]:
    """The sources in an argument."""
    return all_in(value, Source)


def parts_of(args: Any) -> list[Any]:
    """The arguments of a call as a list."""
    return args if isinstance(args, list) else [args]
