"""Activations: a function of each element. Shapes stay; element-wise work is one operation an element.

One line a kind: what it is called in the frameworks (torch.nn, keras.activations, ONNX operators) and
its formula.
"""

from __future__ import annotations

from typing import ClassVar

from tui.core.argument import Arg, Real, ValueType
from tui.core.errors import ParseError
from tui.core.functions import ACTIVATION, activation_work
from tui.core.kind import Kind, Work
from tui.core.tensor import Tensors
from tui.core.variant import variant

_ANY = float("-inf")


class Activation(Kind):
    name = "activation"
    summary = "An element-wise function by its name."
    example = "activation relu"
    aliases: ClassVar = {"활성화": None}
    args = (Arg("activation", ACTIVATION.type, ACTIVATION.default, ACTIVATION.help, slot=0, aliases=("function",)),)
    activation: str

    def work(self, inputs: Tensors, outputs: Tensors) -> Work:
        return Work(elementwise=activation_work(self.activation, outputs[0]))


class Pointwise(Kind):
    """Base of the kinds that are one function of each element."""

    def work(self, inputs: Tensors, outputs: Tensors) -> Work:
        """One operation an element, whatever the function."""
        return Work(elementwise=outputs[0].elements)


def _function(name: str, formula: str, *aliases: str, args: tuple[Arg, ...] = ()) -> type[Kind]:
    return variant(Pointwise, name, formula, *aliases, args=args)


def _real(name: str, default: float, what: str, *aliases: str, slot: int | None = None) -> Arg:
    return Arg(name, Real(_ANY), default, what, slot, aliases)


class Approximation(ValueType):
    """Whether by the formula with tanh: ``tanh`` or ``none`` in PyTorch and ONNX, true or false in Keras."""

    expected = "none or tanh"

    def parse(self, word: str) -> str:
        if word.lower() in ("tanh", "true"):
            return "tanh"
        if word.lower() in ("none", "false"):
            return "none"
        raise ParseError(f"{word!r} is not {self.expected}", (0, len(word)), expected=("none", "tanh"))

    def words(self) -> tuple[str, ...]:
        return ("none", "tanh")


_APPROXIMATE = Arg("approximate", Approximation(), "none", "by which formula")

Relu = _function("relu", "ReLU: max(x, 0).", "렐루", args=(
    Arg("max_value", Real(0), None, "nothing above this comes out"),
    Arg("negative_slope", Real(0), 0.0, "the slope below the threshold"),
    Arg("threshold", Real(0), 0.0, "where the function begins"),
))  # fmt: skip
Relu6 = _function("relu6", "ReLU6: min(max(x, 0), 6).")
LeakyRelu = _function("leakyrelu", "Leaky ReLU: x, or slope*x below 0.", args=(
    _real("slope", 0.3, "the slope below 0 (Keras 0.3, PyTorch and ONNX 0.01)", "negative_slope", "alpha", slot=0),
))  # fmt: skip
RRelu = _function("rrelu", "Randomized leaky ReLU: a random slope below 0 while training.", args=(
    _real("lower", 0.125, "the smallest slope"), _real("upper", 1 / 3, "the largest slope"),
))  # fmt: skip
ThresholdedRelu = _function("thresholdedrelu", "x above a threshold, else 0.", args=(
    _real("theta", 1.0, "the threshold", "alpha"),
))  # fmt: skip
Threshold = _function("threshold", "x above a threshold, else a value.", args=(
    _real("threshold", 0.0, "the threshold"), _real("value", 0.0, "what stands below it", "default_value"),
))  # fmt: skip
Elu = _function(
    "elu", "ELU: x, or alpha*(exp(x) - 1) below 0.", args=(_real("alpha", 1.0, "the scale below 0", slot=0),)
)
Celu = _function("celu", "CELU: x, or alpha*(exp(x/alpha) - 1) below 0.", args=(
    _real("alpha", 1.0, "the scale below 0", slot=0),
))  # fmt: skip
Selu = _function("selu", "SELU: a scaled ELU that keeps mean 0 and variance 1.", args=(
    _real("alpha", 1.6732632, "the scale below 0"), _real("gamma", 1.050701, "the scale"),
))  # fmt: skip
Gelu = _function("gelu", "GELU: x*Phi(x), Phi the normal distribution.", args=(_APPROXIMATE,))
Silu = _function("silu", "SiLU: x*sigmoid(x).", "swish")
Mish = _function("mish", "Mish: x*tanh(softplus(x)).")
Sigmoid = _function("sigmoid", "Sigmoid: 1/(1 + exp(-x)).", "시그모이드")
HardSigmoid = _function("hardsigmoid", "Hard sigmoid: a line between 0 and 1.", "hard_sigmoid", args=(
    _real("alpha", 1 / 6, "the slope of the line"), _real("beta", 0.5, "its value at 0"),
))  # fmt: skip
HardSilu = _function("hardsilu", "Hard swish: x*hardsigmoid(x).", "hardswish", "hard_silu", "hard_swish")
LogSigmoid = _function("logsigmoid", "Log sigmoid: -log(1 + exp(-x)).", "log_sigmoid")
Tanh = _function("tanh", "Tanh: from -1 to 1.")
HardTanh = _function("hardtanh", "Hard tanh: x between two bounds.", "hard_tanh", args=(
    _real("min_val", -1.0, "the lower bound"), _real("max_val", 1.0, "the upper bound"),
))  # fmt: skip
TanhShrink = _function("tanhshrink", "Tanh shrink: x - tanh(x).", "tanh_shrink")
HardShrink = _function("hardshrink", "Hard shrink: 0 near 0, else x.", "hard_shrink", args=(
    _real("lambd", 0.5, "how near", "threshold"),
))  # fmt: skip
SoftShrink = _function("softshrink", "Soft shrink: 0 near 0, else x moved towards it.", "soft_shrink", args=(
    _real("lambd", 0.5, "how near", "threshold"),
))  # fmt: skip
Shrink = _function("shrink", "Shrink: 0 near 0, else x moved by a bias (ONNX).", args=(
    _real("lambd", 0.5, "how near"), _real("bias", 0.0, "the move towards 0"),
))  # fmt: skip
Softplus = _function("softplus", "Softplus: log(1 + exp(x)).", args=(
    _real("beta", 1.0, "the sharpness"), _real("threshold", 20.0, "above it the line x"),
))  # fmt: skip
Softsign = _function("softsign", "Softsign: x/(1 + |x|).")
SquarePlus = _function("squareplus", "Squareplus: (x + sqrt(x**2 + b))/2.", args=(_real("b", 4.0, "the smoothness"),))
SparsePlus = _function("sparseplus", "Sparse plus: 0 below -1, x above 1, a parabola between.", "sparse_plus")
SparseSigmoid = _function("sparsesigmoid", "Sparse sigmoid: a line from 0 at -1 to 1 at 1.", "sparse_sigmoid")
Exponential = _function("exponential", "Exponential: exp(x).", "exp")
