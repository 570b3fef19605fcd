"""ONNX's recurrent operators: what they are in our kinds, in ONNX's own form (steps first, the directions an axis)."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import Any, Final

from tui.formats.frameworks.words import FrameworkError
from tui.formats.onnx.node import Node, Written, whole

_FUNCTIONS: Final[Mapping[str, tuple[str, float | None, float | None]]] = {
    "Tanh": ("tanh", None, None), "Sigmoid": ("sigmoid", None, None), "Relu": ("relu", None, None),
    "Softsign": ("softsign", None, None), "Softplus": ("softplus", None, None), "Affine": ("linear", 1.0, 0.0),
    "HardSigmoid": ("hardsigmoid", 1 / 6, 0.5), "Elu": ("elu", 1.0, None), "LeakyRelu": ("leakyrelu", 0.2, None),
}  # fmt: skip
"""What a function inside a cell is here, and the alpha and beta that ours has."""


def _functions(node: Node) -> dict[str, Any]:
    """The functions of gates and state, where one word says those of all directions; others change values only."""
    names = [str(name) for name in node.attributes.get("activations") or ()]
    ways = 2 if node.attributes.get("direction") == "bidirectional" else 1
    each = names[: len(names) // ways]
    count = {"RNN": 1, "GRU": 2, "LSTM": 3}[node.operator]
    if len(each) != count or each * ways != names or any(name not in _FUNCTIONS for name in names):
        return {}
    for key, place in (("activation_alpha", 1), ("activation_beta", 2)):
        wanted = [_FUNCTIONS[name][place] for name in names if _FUNCTIONS[name][place] is not None]
        given = node.attributes.get(key) or []
        if len(given) != len(wanted) or any(abs(a - (b or 0)) > 1e-6 for a, b in zip(given, wanted, strict=True)):
            return {}
    gate, state, *more = [_FUNCTIONS[name][0] for name in each] if count > 1 else ["", _FUNCTIONS[each[0]][0]]
    if more and more[0] != state:
        return {}
    return {"activation": state, **({"recurrent_activation": gate} if gate else {})}


def recurrent(node: Node) -> Written:
    direction, layout = node.attributes.get("direction", "forward"), node.attributes.get("layout", 0)
    args: dict[str, Any] = {
        "units": node.attributes.get("hidden_size", node.sizes(2)[-1]),
        "input_size": node.sizes(1)[-1],
        "return_sequences": node.has_output(0),
        "direction_axis": True, "batch_first": bool(layout), "bias": node.input(3) is not None,
    }  # fmt: skip
    # Of the states alone the first comes without asking.
    args["return_state"] = node.has_output(2) or (node.has_output(0) and node.has_output(1))
    first = int(node.has_output(0))
    if direction == "bidirectional":
        args["bidirectional"] = True
    elif direction == "reverse":
        args["go_backwards"] = True
    bias = node.input(3)
    if bias is not None and bias.filled and 2 * bias.filled == prod(whole(size, "a bias") for size in bias.shape or ()):
        args["bias_vectors"] = 1
    args |= _functions(node)
    if node.operator == "GRU":
        args["reset_after"] = bool(node.attributes.get("linear_before_reset", 0))
    states = [i for i in (5, 6) if node.input(i) is not None]
    if states == [6]:
        raise FrameworkError("LSTM with a first cell state but no first state")
    if node.input(7) is not None:
        args["peephole"] = True
    return Written(node.operator, args, (0, *states), weights=(1, 2, 3, 7), outputs=(0, first, first + 1))
