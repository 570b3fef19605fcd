"""The names of element-wise functions that a layer can apply to its own output (``dense 10 activation=relu``)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tui.core.argument import Arg, ValueType
from tui.core.errors import ParseError, did_you_mean, or_list
from tui.core.size import Size
from tui.core.tensor import Tensor

FUNCTIONS: Final = (
    "linear", "relu", "relu6", "leakyrelu", "elu", "celu", "selu", "gelu", "silu", "mish", "sigmoid", "hardsigmoid",
    "hardsilu", "logsigmoid", "tanh", "hardtanh", "tanhshrink", "hardshrink", "softshrink", "softplus", "softsign",
    "softmax", "logsoftmax", "sparsemax", "squareplus", "sparseplus", "sparsesigmoid", "exponential", "threshold",
)  # fmt: skip
"""In the spelling of the kinds: one word, lower case. The frameworks' ``hard_sigmoid`` is read as well."""

_SYNONYMS: Final = {"swish": "silu", "hardswish": "hardsilu", "none": "linear", "identity": "linear"}


@dataclass(eq=False, repr=False)
class FunctionName(ValueType):
    """The name of an element-wise function."""

    expected: str = "an activation such as relu, gelu or softmax"

    def parse(self, word: str) -> str:
        name = word.lower().replace("_", "")
        name = _SYNONYMS.get(name, name)
        if name not in FUNCTIONS:
            near = did_you_mean(name, FUNCTIONS)
            hint = f"; did you mean {or_list(near)}?" if near else ""
            raise ParseError(f"{word!r} is not {self.expected}{hint}", (0, len(word)), expected=FUNCTIONS)
        return name

    def words(self) -> tuple[str, ...]:
        return FUNCTIONS


ACTIVATION: Final = Arg("activation", FunctionName(), "linear", "a function of each element of the output")


def activation_work(activation: str, output: Tensor) -> Size:
    """The element-wise operations of an activation: one an element, none for ``linear``."""
    return 0 if activation == "linear" else output.elements
