"""Functions of each element as PyTorch writes them: activations by name, and the kinds that are one.

Each is the expression around a tensor and, where there is one, the module that does the same. Sources: torch.nn,
torch.nn.functional, and the formulas of keras.activations where PyTorch has no function of that name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from tui.formats.torch.write_site import Chain, Site
from tui.formats.torch.write_source import EITHER, FIRST, Said
from tui.formats.torch.write_text import call, real

Rule = Callable[[Site], Said]


class Function(NamedTuple):
    """A function of each element: around its argument, and as a module."""

    around: str
    module: str | None = None


ACTIVATIONS: Final[Mapping[str, Function]] = {
    "relu": Function("F.relu({})", "nn.ReLU()"),
    "relu6": Function("F.relu6({})", "nn.ReLU6()"),
    "elu": Function("F.elu({})", "nn.ELU()"),
    "celu": Function("F.celu({})", "nn.CELU()"),
    "selu": Function("F.selu({})", "nn.SELU()"),
    "gelu": Function("F.gelu({})", "nn.GELU()"),
    "silu": Function("F.silu({})", "nn.SiLU()"),
    "mish": Function("F.mish({})", "nn.Mish()"),
    "sigmoid": Function("torch.sigmoid({})", "nn.Sigmoid()"),
    "hardsigmoid": Function("F.hardsigmoid({})", "nn.Hardsigmoid()"),
    "hardsilu": Function("F.hardswish({})", "nn.Hardswish()"),
    "logsigmoid": Function("F.logsigmoid({})", "nn.LogSigmoid()"),
    "tanh": Function("torch.tanh({})", "nn.Tanh()"),
    "hardtanh": Function("F.hardtanh({})", "nn.Hardtanh()"),
    "tanhshrink": Function("F.tanhshrink({})", "nn.Tanhshrink()"),
    "hardshrink": Function("F.hardshrink({})", "nn.Hardshrink()"),
    "softshrink": Function("F.softshrink({})", "nn.Softshrink()"),
    "softplus": Function("F.softplus({})", "nn.Softplus()"),
    "softsign": Function("F.softsign({})", "nn.Softsign()"),
    "exponential": Function("torch.exp({})"),
    "threshold": Function("F.threshold({}, 0.0, 0.0)", "nn.Threshold(0.0, 0.0)"),
    "sparsesigmoid": Function("(0.5 * {} + 0.5).clamp(0.0, 1.0)"),
}
"""The activations that a layer may have as an argument, but for those that look at an axis or at their slope."""


def activated(chain: Chain, activation: str) -> Chain:
    """One more step: the activation of a layer by its name; raises WriteError where PyTorch has none."""
    site = chain.site
    if activation == "linear":
        return chain
    if activation in ("softmax", "logsoftmax"):
        dim = 1 if chain.layout == FIRST and site.moves(site.out) else -1
        word, module = ("softmax", "Softmax") if activation == "softmax" else ("log_softmax", "LogSoftmax")
        return chain.then(f"F.{word}({{}}, dim={dim})", f"nn.{module}(dim={dim})")
    if activation == "leakyrelu":
        slope = "0.2" if site.kind.settings.counting == "keras" else "0.01"  # their defaults as functions
        return chain.then(f"F.leaky_relu({{}}, {slope})", f"nn.LeakyReLU({slope})")
    if activation == "squareplus":
        value = chain.code = site.variable(chain.code)
        return chain.then(f"({value} + ({value}.square() + 4.0).sqrt()) / 2.0")
    if activation == "sparseplus":
        return _sparse_plus(chain)
    found = ACTIVATIONS.get(activation)
    if found is None:
        site.refuse(f"PyTorch has no {activation}", "use another activation, such as softmax")
    return chain.then(*found)


def _sparse_plus(chain: Chain) -> Chain:
    value = chain.code = chain.site.variable(chain.code)
    return chain.then(f"torch.where({value} < 1.0, ({value}.clamp(min=-1.0) + 1.0).square() / 4.0, {value})")


def named(activation: str) -> Rule:
    """The rule of a kind that is an activation without arguments."""
    return lambda site: activated(Chain(site, EITHER), activation).said()


def activation(site: Site) -> Said:
    """A function by its name."""
    return activated(Chain(site, EITHER), site.of("activation")).said()


def module(name: str, **arguments: tuple[str, float | str | None]) -> Rule:
    """The rule of a kind that is a module: each argument of the module with ours, and the module's default."""

    def rule(site: Site) -> Said:
        words = {}
        for theirs, (ours, default) in arguments.items():
            value = site.of(ours)
            word = f'"{value}"' if isinstance(value, str) else real(value)
            words[theirs] = None if value == default or not site.says(ours) else word
        return Chain(site, EITHER).own(call(f"nn.{name}", **words)).said()

    return rule


def function(around: str, **arguments: str) -> Rule:
    """The rule of a kind that is an expression; ``<name>`` stands for an argument of ours."""

    def rule(site: Site) -> Said:
        code = around
        for place, ours in arguments.items():
            code = code.replace(f"<{place}>", real(site.of(ours)))
        return Chain(site, EITHER).then(code).said()

    return rule


def whole(around: str) -> Rule:
    """The rule of a function of whole numbers: numbers with a point are cut first."""

    def rule(site: Site) -> Said:
        chain = Chain(site, EITHER)
        if site.values[0].tensor.dtype.startswith(("float", "bfloat")):
            return chain.then("{}.long()").then(around).then(f"{{}}.to(torch.{site.outputs[0].dtype})").said()
        return chain.then(around).said()

    return rule


def relu(site: Site) -> Said:
    """Keras's ReLU: a slope below the threshold, x from there, nothing above the largest value."""
    chain = Chain(site, EITHER)
    most, slope, threshold = (site.of(name) for name in ("max_value", "negative_slope", "threshold"))
    if threshold == 0 and slope == 0:
        if most is None:
            return chain.own("nn.ReLU()").said()
        return chain.own("nn.ReLU6()" if most == 6 else f"nn.Hardtanh(0.0, {real(most)})").said()
    if threshold == 0 and most is None:
        return chain.own(f"nn.LeakyReLU({real(slope)})").said()
    x = chain.code = site.variable(chain.code)
    below = f"{real(slope)} * ({x} - {real(threshold)})" if slope else "0.0"
    chain.then(f"torch.where({x} > {real(threshold)}, {x}, {below})")
    return (chain if most is None else chain.then(f"{{}}.clamp(max={real(most)})")).said()


def shrink(site: Site) -> Said:
    """ONNX's Shrink: what is near 0 becomes 0, the rest moves towards it."""
    near, move = site.of("lambd"), site.of("bias")
    chain = Chain(site, EITHER)
    if move in (0, near):
        return chain.own(f"nn.{'Softshrink' if move else 'Hardshrink'}({real(near)})").said()
    x = chain.code = site.variable(chain.code)
    return chain.then(f"torch.where({x}.abs() > {real(near)}, {x} - {real(move)} * {x}.sign(), 0.0)").said()


def hard_sigmoid(site: Site) -> Said:
    """PyTorch's has the slope 1/6; any other line is cut by hand."""
    alpha, beta = site.of("alpha"), site.of("beta")
    chain = Chain(site, EITHER)
    if abs(alpha - 1 / 6) < 1e-9 and beta == 0.5:
        return chain.own("nn.Hardsigmoid()").said()
    return chain.then(f"({real(alpha)} * {{}} + {real(beta)}).clamp(0.0, 1.0)").said()


def selu(site: Site) -> Said:
    """PyTorch's SELU has its two numbers built in."""
    alpha, gamma = site.of("alpha"), site.of("gamma")
    chain = Chain(site, EITHER)
    if abs(alpha - 1.6732632) < 1e-5 and abs(gamma - 1.050701) < 1e-5:
        return chain.own("nn.SELU()").said()
    return chain.then(f"{real(gamma)} * F.elu({{}}, {real(alpha)})").said()


def clip(site: Site) -> Said:
    """Two bounds, of which one may be missing."""
    bounds = {name: None if (bound := site.of(name)) is None else real(bound) for name in ("min", "max")}
    chain = Chain(site, EITHER)
    return (chain.then(call("torch.clamp", "{}", **bounds)) if any(bounds.values()) else chain).said()


def square_plus(site: Site) -> Said:
    """(x + sqrt(x**2 + b))/2."""
    chain = Chain(site, EITHER)
    x = chain.code = site.variable(chain.code)
    return chain.then(f"({x} + ({x}.square() + {real(site.of('b'))}).sqrt()) / 2.0").said()


FUNCTIONS: Final[Mapping[str, Rule]] = {
    "activation": activation, "relu": relu, "clip": clip, "shrink": shrink, "hardsigmoid": hard_sigmoid,
    "selu": selu, "squareplus": square_plus,
    **{name: named(name) for name in ("exponential", "sparseplus", "sparsesigmoid")},
    "relu6": module("ReLU6"), "silu": module("SiLU"), "mish": module("Mish"), "sigmoid": module("Sigmoid"),
    "hardsilu": module("Hardswish"), "logsigmoid": module("LogSigmoid"), "tanh": module("Tanh"),
    "tanhshrink": module("Tanhshrink"), "softsign": module("Softsign"),
    "leakyrelu": module("LeakyReLU", negative_slope=("slope", 0.01)),
    "rrelu": module("RReLU", lower=("lower", 0.125), upper=("upper", 1 / 3)),
    "elu": module("ELU", alpha=("alpha", 1.0)), "celu": module("CELU", alpha=("alpha", 1.0)),
    "gelu": module("GELU", approximate=("approximate", "none")),
    "hardtanh": module("Hardtanh", min_val=("min_val", -1.0), max_val=("max_val", 1.0)),
    "hardshrink": module("Hardshrink", lambd=("lambd", 0.5)),
    "softshrink": module("Softshrink", lambd=("lambd", 0.5)),
    "softplus": module("Softplus", beta=("beta", 1.0), threshold=("threshold", 20.0)),
    "threshold": lambda site: Chain(site, EITHER).own(
        f"nn.Threshold({real(site.of('threshold'))}, {real(site.of('value'))})").said(),
    "thresholdedrelu": lambda site: Chain(site, EITHER).own(
        f"nn.Threshold({real(site.of('theta'))}, 0.0)").said(),
    **{name: function(f"torch.{name}({{}})") for name in (
        "abs", "neg", "sign", "floor", "ceil", "round", "reciprocal", "sqrt", "rsqrt", "square", "log", "log1p",
        "expm1", "erf", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "asinh", "acosh", "atanh",
        "isnan", "isinf",
    )},
    "not": function("torch.logical_not({})"),
    "bitwisenot": whole("torch.bitwise_not({})"),
    "rescaling": function("{} * <scale> + <offset>", scale="scale", offset="offset"),
}  # fmt: skip
"""The kinds that are one function of each element."""
