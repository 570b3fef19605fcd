"""A layer used again: its weights are counted once, its operations at each call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tui.core.argument import Arg, ValueType
from tui.core.errors import ParseError
from tui.core.kind import Kind
from tui.core.layer_name import is_layer_name


@dataclass(eq=False, repr=False)
class LayerName(ValueType):
    """The name of a layer above."""

    expected: str = "the name of a layer above"

    def parse(self, word: str) -> str:
        name = word.removeprefix("@")
        if not is_layer_name(name):
            raise ParseError(f"{word!r} is not {self.expected}", (0, len(word)), expected=(self.expected,))
        return name


class Call(Kind):
    """The rules run are those of the layer that is named; this class only names it."""

    name = "call"
    summary = "Another layer used again: its weights count once, its operations at each call."
    example = "call conv1 @x"
    aliases: ClassVar = {"reuse": None, "shared": None}
    calls = "layer"
    inputs = (1, None)
    common = ()  # those of the layer that is named hold
    args = (Arg("layer", LayerName(), help="the name of the layer whose weights are used again", slot=0),)
    layer: str
