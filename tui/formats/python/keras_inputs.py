"""The input of a Keras model whose source does not say its shape: as many axes as its first layer reads.

Keras finds the channels when a model is built; here they stay symbols, as do the sizes of an image.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from tui.core.size import Poly, Size, symbol
from tui.formats.frameworks.words import flat
from tui.formats.python.keras import KerasLayer, KerasTensor
from tui.formats.python.keras_models import KerasModel
from tui.formats.python.values import Instance

_RANKED: Final = re.compile(r"\w*?([123])D(Transpose)?")
_SPACE: Final = {1: ("L",), 2: ("H", "W"), 3: ("D", "H", "W")}
_IMAGES: Final = re.compile(r"Resizing|CenterCrop|Random\w+|Rescaling")
_SEQUENCES: Final = frozenset(("LSTM", "GRU", "SimpleRNN", "RNN", "Bidirectional", "MultiHeadAttention", "Attention"))


class Guess(NamedTuple):
    """The sizes of an input without its batch, its type, and the class that reads it."""

    sizes: list[Size]
    dtype: str
    because: str


def guessed(first: Any) -> Guess | None:
    """The input that a layer, a model or an object of layers reads first; None where nothing says it."""
    for layer in _layers(first, set()):
        found = _of(layer)
        if found is not None:
            return found
    return None


def _of(layer: KerasLayer) -> Guess | None:
    name = layer.class_name
    if name == "InputLayer":
        shape = layer.config.get("batch_shape")
        if isinstance(shape, list) and len(shape) > 1 and all(isinstance(n, int | Poly | None) for n in shape):
            sizes = [symbol(f"n{i}") if size is None else size for i, size in enumerate(shape[1:], 1)]
            return Guess(sizes, layer.config.get("dtype", ""), "the Input of a model inside")
        return None
    ranked = _RANKED.fullmatch(name)
    if ranked is not None and name not in ("RepeatVector1D",):
        return Guess([*map(symbol, _SPACE[int(ranked[1])]), symbol("C")], "", name)
    if _IMAGES.fullmatch(name):
        return Guess([symbol("H"), symbol("W"), symbol("C")], "", name)
    if name in _SEQUENCES:
        return Guess([symbol("T"), symbol("C")], "", name)
    if name in ("Embedding", "ReversibleEmbedding"):
        return Guess([symbol("T")], "int64", name)
    if name == "TextVectorization":
        return Guess([], "", name)
    return Guess([symbol("C")], "", name) if name == "Dense" else None


def _layers(value: Any, seen: set[int]) -> Iterator[KerasLayer]:
    """The layers inside, in the order in which the source made them."""
    if id(value) in seen:
        return
    seen.add(id(value))
    if isinstance(value, KerasLayer):
        yield value
    elif isinstance(value, KerasTensor):
        yield value.node.layer
    elif isinstance(value, KerasModel):
        for one in value.inputs if value.layers is None else value.layers:
            yield from _layers(one, seen)
    elif isinstance(value, Instance):
        for one in value.attributes.values():
            yield from _layers(one, seen)
    elif isinstance(value, dict):
        for one in value.values():
            yield from _layers(one, seen)
    elif isinstance(value, list | tuple):
        for one in flat(value):
            yield from _layers(one, seen)
