"""One cell of a recurrent layer in ONNX's operators RNN, GRU and LSTM.

ONNX reads (steps, batch, features) and gives (steps, directions, batch, units); states are (directions, batch, units).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from tui.core.recurrence import GATES, Cell
from tui.core.size import Size
from tui.formats.onnx.write_call import Call

_OPERATORS: Final = {"rnn": "RNN", "gru": "GRU", "lstm": "LSTM"}
_ACTIVATIONS: Final[Mapping[str, tuple[str, float | None, float | None]]] = {
    "tanh": ("Tanh", None, None), "sigmoid": ("Sigmoid", None, None), "relu": ("Relu", None, None),
    "softsign": ("Softsign", None, None), "softplus": ("Softplus", None, None), "linear": ("Affine", 1.0, 0.0),
    "hardsigmoid": ("HardSigmoid", 1 / 6, 0.5), "elu": ("Elu", 1.0, None), "leakyrelu": ("LeakyRelu", 0.2, None),
}  # fmt: skip
"""ONNX's name of a function inside a cell, and its alpha and beta."""


class Layer(NamedTuple):
    """One operator: its cell, the prefix of its weights, which copy of them it has, and which way it reads."""

    cell: Cell
    prefix: str
    width: Size
    part: tuple[int, ...]
    direction: str
    reset_after: bool = True

    @property
    def directions(self) -> int:
        return 2 if self.direction == "bidirectional" else 1


class Run(NamedTuple):
    """What an operator gives: every step, and the last states (for an LSTM the cell's too)."""

    every: str
    states: tuple[str, ...]


def run(call: Call, x: str, layer: Layer, initial: Sequence[str], every: bool, states: int) -> Run:
    """The operator over (steps, batch, features); ``initial`` are its first states, as many as are given.

    ``every`` and ``states`` say what is wanted of it: all steps, and how many of the last states.
    """
    cell, d = layer.cell, layer.directions
    if cell.projection != 0:
        call.fail("ONNX's LSTM has no projection of the state", "write proj_size=0 and a dense layer")
    wide = GATES[cell.kind] * cell.units
    kernel, state = f"{layer.prefix}kernel", f"{layer.prefix}recurrent_kernel"
    inputs = [
        x,
        call.weight(kernel, [d, wide, layer.width], layer.part),
        call.weight(state, [d, wide, cell.units], layer.part),
        _bias(call, layer, wide),
        "",
        *initial,
    ]
    if cell.peephole:
        inputs += [""] * (7 - len(inputs)) + [call.weight(f"{layer.prefix}peephole", [d, 3 * cell.units], layer.part)]
    while not inputs[-1]:
        inputs.pop()
    attributes: dict[str, Any] = {"hidden_size": call.whole(cell.units, "units"), **_functions(call, cell.kind, d)}
    if layer.direction != "forward":
        attributes["direction"] = layer.direction
    if cell.kind == "gru" and layer.reset_after:
        attributes["linear_before_reset"] = 1
    wanted = [*([0] if every else []), *range(1, 1 + states)]
    made = call.ops(_OPERATORS[cell.kind], *inputs, outputs=wanted, **attributes)
    return Run(made[0] if every else "", made[1:] if every else made)


def _bias(call: Call, layer: Layer, wide: Size) -> str:
    """ONNX has two vectors a gate; where the layer has one, the second is 0 and no weight."""
    names, d = (f"{layer.prefix}bias", f"{layer.prefix}recurrent_bias"), layer.directions
    if layer.cell.biases == 2:
        return call.joint(names, [d, 2 * wide], layer.part)
    if not layer.cell.biases:
        return ""
    count = call.whole(wide, "units")
    first, second = call.weight(names[0], [d, wide], layer.part), call.zeros([d, count])
    return call.op("Concat", first, second, axis=1)


def _functions(call: Call, cell: str, directions: int) -> dict[str, Any]:
    """The functions of one direction, as often as there are directions; none where they are ONNX's own."""
    state, gate = (getattr(call.kind, name, default) for name, default in (
        ("activation", "tanh"), ("recurrent_activation", "sigmoid")))  # fmt: skip
    words = {"rnn": [state], "gru": [gate, state], "lstm": [gate, state, state]}[cell]
    for word in words:
        if word not in _ACTIVATIONS:
            call.fail(f"ONNX's cells have no {word}", "use tanh, sigmoid, relu or hardsigmoid")
    if state == "tanh" and gate == "sigmoid":
        return {}
    found = [_ACTIVATIONS[word] for word in words] * directions
    given: dict[str, Any] = {"activations": [name for name, _, _ in found]}
    for key, place in (("activation_alpha", 1), ("activation_beta", 2)):
        numbers = [one[place] for one in found if one[place] is not None]
        given |= {key: numbers} if numbers else {}
    return given
