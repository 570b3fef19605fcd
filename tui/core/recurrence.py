"""The arithmetic of recurrent cells: their gates, weights, states, and the two directions they can run in.

I input width, H units, G gates (1 for a simple RNN, 3 for a GRU, 4 for an LSTM), P width of a
projected state. A step multiplies the input by ``I x G*H`` and the last state by ``H x G*H`` weights.
Sources: PyTorch's nn.LSTM and nn.GRU, Keras's LSTM and GRU, the ONNX operators RNN, GRU and LSTM.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from tui.core.argument import Arg, Choice, Real, Switch, Whole
from tui.core.errors import Fix, ShapeError
from tui.core.functions import FunctionName
from tui.core.layout import same_shape, sizes_text
from tui.core.settings import Settings
from tui.core.size import Size, product
from tui.core.tensor import Shape, Tensors, Weight

GATES: Final = {"rnn": 1, "gru": 3, "lstm": 4}
"""Products with the input (and as many with the state) in one step."""

ELEMENTWISE: Final = {"rnn": 1, "gru": 8, "lstm": 9}
"""Element-wise results for each unit in one step, biases left out.

LSTM: 4 gate functions, tanh of the cell state, 3 products, 1 sum. GRU: 3 gate functions, the reset
product, and ``(1 - z)*n + z*h``. Simple RNN: its function.
"""


class Cell(NamedTuple):
    """One recurrent cell. ``projection`` is 0, or the width that an LSTM's state is projected to.

    With a ``peephole`` three gates of an LSTM see the cell state, element by element (ONNX's input P).
    """

    kind: str
    units: Size
    biases: int = 1
    projection: Size = 0
    peephole: bool = False

    @property
    def output(self) -> Size:
        """The width of the state that leaves the cell."""
        return self.units if self.projection == 0 else self.projection

    @property
    def states(self) -> tuple[Size, ...]:
        """The widths of the states that it carries from step to step: the output, for an LSTM also the cell state."""
        return (self.output, self.units) if self.kind == "lstm" else (self.output,)

    def matrices(self, width: Size, prefix: str = "", copies: Shape = ()) -> tuple[Weight, ...]:
        """What a step multiplies by, for an input of ``width``: shapes (..., I, G*H), (..., H, G*H), (..., H, P)."""
        gates = GATES[self.kind] * self.units
        found = [
            Weight(f"{prefix}kernel", (*copies, width, gates)),
            Weight(f"{prefix}recurrent_kernel", (*copies, self.output, gates)),
        ]
        if self.projection != 0:
            found.append(Weight(f"{prefix}projection", (*copies, self.units, self.projection)))
        return tuple(found)

    def weights(self, width: Size, prefix: str = "", copies: Shape = ()) -> tuple[Weight, ...]:
        """The matrices and the bias vectors, each (..., G*H). ``copies`` are leading axes: directions, layers."""
        names = ("bias", "recurrent_bias")[: self.biases]
        gates = GATES[self.kind] * self.units
        found = self.matrices(width, prefix, copies)
        found += tuple(Weight(f"{prefix}{name}", (*copies, gates)) for name in names)
        return (*found, Weight(f"{prefix}peephole", (*copies, 3 * self.units))) if self.peephole else found

    def macs(self, width: Size, copies: Shape = ()) -> Size:
        """Multiply-accumulates of one step of one example: ``G*H*(I + H)``, and ``H*P`` with a projection."""
        total: Size = 0
        for matrix in self.matrices(width, copies=copies):
            total = total + matrix.elements
        return total

    def elementwise(self, copies: Shape = ()) -> Size:
        """Element-wise operations of one step of one example."""
        return product(copies) * (ELEMENTWISE[self.kind] + 3 * self.peephole) * self.units


BIAS_CONVENTIONS: Final = "PyTorch and ONNX have two bias vectors a gate, Keras one, or two in a GRU with reset_after"
"""Why the frameworks count a recurrent layer differently."""


def bias_vectors(kind: str, bias: bool, vectors: str | None, reset_after: bool, settings: Settings) -> int:
    """How many bias vectors each gate has.

    PyTorch and ONNX keep one for the input and one for the state. Keras has one, in a GRU with
    ``reset_after`` two (its ``(2, 3H)`` bias).
    """
    if not bias:
        return 0
    if vectors is not None:
        return int(vectors)
    return 2 if settings.counting != "keras" or (kind == "gru" and reset_after) else 1


ACTIVATION: Final = Arg("activation", FunctionName(), "tanh", "the function of the state", aliases=("nonlinearity",))
GATE_ACTIVATION: Final = Arg("recurrent_activation", FunctionName(), "sigmoid", "the function of the gates")
DROPOUTS: Final = (
    Arg("dropout", Real(0.0, 1.0), 0.0, "the share of inputs that training sets to zero"),
    Arg("recurrent_dropout", Real(0.0, 1.0), 0.0, "the same for the state"),
)
UNITS: Final = Arg("units", Whole(1, examples=("64", "128", "256")), help="the width of the state", slot=0,
                   aliases=("hidden_size",))  # fmt: skip
INPUT_SIZE: Final = Arg("input_size", Whole(1), None, "the width of the input, checked if it is given")
BIAS: Final = Arg("bias", Switch(), True, "whether the gates have biases", aliases=("use_bias",), setting="bias",
                  flags=(("nobias", False),))  # fmt: skip
BIAS_VECTORS: Final = Arg(
    "bias_vectors", Choice(("1", "2")), None, "bias vectors of each gate, if not those of the counting"
)
RESET_AFTER: Final = Arg("reset_after", Switch(), True, "whether the reset gate acts after the product with the state",
                         aliases=("linear_before_reset",))  # fmt: skip
SEQUENCES: Final = Arg("return_sequences", Switch(), False, "whether every step is an output, or the last one",
                       flags=(("sequences", True), ("return_sequences", True)))  # fmt: skip
STATE: Final = Arg("return_state", Switch(), False, "whether the last states are outputs too",
                   flags=(("return_state", True),))  # fmt: skip
BACKWARDS: Final = Arg("go_backwards", Switch(), False, "whether the steps are read from the last to the first",
                       flags=(("reverse", True),))  # fmt: skip
BIDIRECTIONAL: Final = Arg("bidirectional", Switch(), False, "whether a second copy reads the steps backwards",
                           flags=(("bidirectional", True),))  # fmt: skip
MERGE_MODE: Final = Arg("merge_mode", Choice(("concat", "sum", "mul", "ave", "none")), "concat",
                        "how the outputs of the two directions become one; none keeps two outputs")  # fmt: skip


def merged(width: Size, bidirectional: bool, merge_mode: str) -> Size:
    """The width of the output of both directions."""
    return 2 * width if bidirectional and merge_mode == "concat" else width


def check_directions(kind: str, bidirectional: bool, go_backwards: bool) -> None:
    """Raise ShapeError where one direction is told to be the other."""
    if bidirectional and go_backwards:
        raise ShapeError(
            f"a bidirectional {kind} reads both ways; go_backwards=true would make both the same",
            fixes=[Fix("go_backwards=false", {"go_backwards": False})],
        )


def check_states(kind: str, given: Tensors, expected: Sequence[Shape]) -> None:
    """Raise ShapeError where initial states (the sources after the first) are not the states of the layer."""
    if len(given) > len(expected):
        raise ShapeError(f"{kind} starts from at most {len(expected)} states, it is given {len(given)}")
    for i, (tensor, shape) in enumerate(zip(given, expected, strict=False), 1):
        if not same_shape(tensor.shape, shape):
            found = sizes_text(tensor.shape) if tensor.shape else "a scalar"
            raise ShapeError(f"initial state {i} of {kind} is {found}, the state is {sizes_text(shape)}")
