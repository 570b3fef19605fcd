"""Linear layers: every output is a weighted sum over an axis of the input."""

from __future__ import annotations

from typing import ClassVar

from tui.core.argument import Arg, Switch, Whole
from tui.core.axes import need_rank
from tui.core.broadcast import merged
from tui.core.errors import Fix, ShapeError
from tui.core.functions import ACTIVATION, activation_work
from tui.core.kind import POINTWISE, Kind, Reach, Window, Work
from tui.core.lora import LORA, factored, lora_macs
from tui.core.size import Size, product, same, text
from tui.core.tensor import Shape, Tensor, Tensors, Weight
from tui.core.working import plain

UNITS = Arg("units", Whole(1, examples=("10", "128", "n")), help="outputs", slot=0, aliases=("out_features",))
BIAS = Arg("bias", Switch(), True, "one bias for each output", aliases=("use_bias",), setting="bias",
           flags=(("nobias", False),))  # fmt: skip


def features(kind: str) -> Arg:
    """The argument with which PyTorch states the size that a layer reads."""
    return Arg("in_features", Whole(1), None, f"the size that the {kind} must find on the last axis; from the input")


def check_features(stated: Size | None, shape: Shape, arg: str = "in_features") -> None:
    """Raise ShapeError where the last axis is not what the argument states."""
    if stated is not None and same(stated, shape[-1]) is False:
        found = plain(shape[-1])
        raise ShapeError(
            f"{arg}={text(plain(stated))}, but the last axis of the input has {text(found)}",
            fixes=[Fix(f"{arg}={text(found)}", {arg: found})],
        )


def reach_of_last_axis(kind: Kind, shape: Shape) -> Reach:
    """What a unit reads where a layer mixes the last axis: that axis whole, at one position of the others."""
    if len(shape) < 3:
        return None
    if kind.channels_last:
        return POINTWISE
    *others, last = kind.spatial(shape)
    # All units of the axis read the same extent: the step between them is 0.
    return (*(Window(1) for _ in others), Window(last, 0))


class Dense(Kind):
    name = "dense"
    summary = "Fully connected: weighted sums over the last axis."
    example = "dense 10"
    aliases: ClassVar = {"linear": None, "fc": None, "lazylinear": None, "fullyconnected": None, "완전연결": None,
                         "밀집": None}  # fmt: skip
    args = (UNITS, features("layer"), BIAS, ACTIVATION, LORA)
    units: Size
    in_features: Size | None
    bias: bool
    activation: str
    lora_rank: Size | None

    def output(self, inputs: Tensors) -> Tensors:
        """``(..., C)`` to ``(..., units)`` (torch.nn.Linear, keras.layers.Dense)."""
        (x,) = inputs
        need_rank("dense", x.shape, 1)
        check_features(self.in_features, x.shape)
        return (Tensor((*x.shape[:-1], self.units), x.dtype),)

    def weights(self, inputs: Tensors) -> tuple[Weight, ...]:
        kernel = Weight("kernel", (inputs[0].shape[-1], self.units))
        bias = (Weight("bias", (self.units,)),) if self.bias else ()
        return (*factored(kernel, self.lora_rank), *bias)

    def work(self, inputs: Tensors, outputs: Tensors) -> Work:
        """``C * units`` MACs at each position of the other axes.

        Element-wise: for each output element one addition of the bias and one operation of the activation.
        """
        weights = self.weights(inputs)
        macs = weights[0].elements * product(inputs[0].shape[:-1]) + lora_macs(weights)
        added = outputs[0].elements if self.bias else 0
        return Work(macs, added + activation_work(self.activation, outputs[0]))

    def reach(self, inputs: Tensors) -> Reach:
        return reach_of_last_axis(self, inputs[0].shape)


class Bilinear(Kind):
    name = "bilinear"
    summary = "Fully connected over all products of two inputs."
    example = "bilinear 10 @other"
    inputs = (2, 2)
    args = (
        UNITS,
        Arg("in1_features", Whole(1), None, "the size that the first input must have; from the input"),
        Arg("in2_features", Whole(1), None, "the size that the second input must have; from the input"),
        BIAS,
    )
    units: Size
    in1_features: Size | None
    in2_features: Size | None
    bias: bool

    def output(self, inputs: Tensors) -> Tensors:
        """``(..., A)`` and ``(..., B)`` to ``(..., units)``; the other axes must be equal (torch.nn.Bilinear)."""
        a, b = (x.shape for x in inputs)
        need_rank("bilinear", a, 1)
        need_rank("bilinear", b, 1)
        check_features(self.in1_features, a, "in1_features")
        check_features(self.in2_features, b, "in2_features")
        if len(a) != len(b):
            raise ShapeError(f"bilinear needs inputs with equally many axes, it gets {len(a)} and {len(b)}")
        leading = []
        for axis, sizes in enumerate(zip(a[:-1], b[:-1], strict=True)):
            size = merged(sizes)
            if size is None:
                first, second = (text(plain(s)) for s in sizes)
                raise ShapeError(f"bilinear needs equal axes before the last: axis {axis} has {first} and {second}")
            leading.append(size)
        return (Tensor((*leading, self.units), inputs[0].dtype),)

    def weights(self, inputs: Tensors) -> tuple[Weight, ...]:
        kernel = Weight("kernel", (self.units, inputs[0].shape[-1], inputs[1].shape[-1]))
        return (kernel, Weight("bias", (self.units,))) if self.bias else (kernel,)

    def work(self, inputs: Tensors, outputs: Tensors) -> Work:
        """One MAC for each weight at each position; element-wise, the products of the inputs and the bias."""
        (kernel, *_) = self.weights(inputs)
        positions = product(outputs[0].shape[:-1])
        added = outputs[0].elements if self.bias else 0
        return Work(kernel.elements * positions, inputs[0].shape[-1] * inputs[1].shape[-1] * positions + added)

    def reach(self, inputs: Tensors) -> Reach:
        return reach_of_last_axis(self, inputs[0].shape)
