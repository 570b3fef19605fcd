"""A Keras model on its way out: steps that call layers or functions of ``keras.ops``, printed as source or as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from tui.core.tensor import Tensor
from tui.formats.imported import Notice

KEYWORD: Final = "keyword"
POSITIONAL: Final = "positional"
UNSAID: Final = "unsaid"  # Keras's default: the source leaves it out, the JSON does not


class Ref(NamedTuple):
    """What a step gives: the place of the step, and which of its outputs where it has several."""

    step: int
    output: int | None = None


@dataclass(eq=False, slots=True)
class Layer:
    """One object of ``keras.layers``. ``args`` may hold layers and lists of them; ``ways`` says how each is written.

    ``name`` is legal and unique; a layer inside another one has none. ``named`` says that the user chose it.
    """

    class_name: str
    args: dict[str, Any]
    name: str = ""
    named: bool = True
    ways: Mapping[str, str] = field(default_factory=dict)


class Op(NamedTuple):
    """One function of ``keras.ops``, and those of its arguments that are no tensors."""

    function: str
    config: Mapping[str, Any]


class Step(NamedTuple):
    """One call. ``args`` and ``kwargs`` may hold Refs, lists of them, numbers and slices; ``title`` is its name.

    ``group`` is the group of the layer that it is for, None where that layer has no name.
    """

    call: Layer | Op
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]
    title: str
    outputs: int = 1
    group: str | None = None


@dataclass(eq=False, slots=True)
class Program:
    """A whole model, in the order of its calls, with Keras's own count of parameters."""

    name: str
    steps: list[Step] = field(default_factory=list)
    inputs: list[Ref] = field(default_factory=list)
    outputs: list[Ref] = field(default_factory=list)
    trainable: int = 0
    non_trainable: int = 0
    notices: list[Notice] = field(default_factory=list)
    tensors: dict[Ref, Tensor] = field(default_factory=dict)
    """What is known of the outputs of the steps: those that are outputs of our layers."""

    def live(self) -> list[int]:
        """The places of the steps that lead to an output, and of the inputs; a row may have made more than is read."""
        waiting = [ref.step for ref in (*self.inputs, *self.outputs)]
        found: set[int] = set()
        while waiting:
            place = waiting.pop()
            if place not in found:
                found.add(place)
                step = self.steps[place]
                waiting += [ref.step for ref in refs_in((step.args, step.kwargs))]
        return sorted(found)


def refs_in(value: Any) -> Iterator[Ref]:
    """The outputs of other steps that an argument holds, in their order."""
    if isinstance(value, Ref):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from refs_in(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from refs_in(part)


class Function(NamedTuple):
    """A function of ``keras.ops``: where its class is, and the arguments that the class keeps.

    An argument that the source writes by its place ends in ``!``; ``leads`` are written before the tensors.
    """

    module: str
    class_name: str
    config: str = ""
    leads: bool = False


def _table(module: str, lines: str) -> dict[str, Function]:
    rows = (line.split() for line in lines.strip().splitlines())
    return {name: Function(module, class_name, " ".join(config)) for name, class_name, *config in rows}


FUNCTIONS: Final[Mapping[str, Function]] = {
    **_table(
        "numpy",
        """
        absolute Absolute
        arccos Arccos
        arccosh Arccosh
        arcsin Arcsin
        arcsinh Arcsinh
        arctan Arctan
        arctanh Arctanh
        bitwise_not BitwiseNot
        ceil Ceil
        clip Clip x_min! x_max!
        cos Cos
        cosh Cosh
        exp Exp
        expm1 Expm1
        floor Floor
        isinf Isinf
        isfinite Isfinite
        isnan Isnan
        log Log
        log1p Log1p
        log2 Log2
        log10 Log10
        exp2 Exp2
        cbrt Cbrt
        trunc Trunc
        deg2rad Deg2rad
        rad2deg Rad2deg
        sinc Sinc
        signbit Signbit
        nan_to_num NanToNum
        arctan2 Arctan2
        logaddexp Logaddexp
        logaddexp2 Logaddexp2
        hypot Hypot
        heaviside Heaviside
        negative Negative
        logical_not LogicalNot
        reciprocal Reciprocal
        round Round
        sign Sign
        sin Sin
        sinh Sinh
        sqrt Sqrt
        square Square
        tan Tan
        where Where
        add Add
        subtract Subtract
        multiply Multiply
        divide Divide
        floor_divide FloorDivide
        power Power
        mod Mod
        maximum Maximum
        minimum Minimum
        equal Equal
        not_equal NotEqual
        greater Greater
        greater_equal GreaterEqual
        less Less
        less_equal LessEqual
        logical_and LogicalAnd
        logical_or LogicalOr
        logical_xor LogicalXor
        bitwise_and BitwiseAnd
        bitwise_or BitwiseOr
        bitwise_xor BitwiseXor
        bitwise_left_shift BitwiseLeftShift
        stack Stack axis
        concatenate Concatenate axis
        matmul Matmul
        mean Mean axis keepdims
        sum Sum axis keepdims
        max Max axis keepdims
        min Min axis keepdims
        prod Prod axis keepdims
        std Std axis keepdims
        var Var axis keepdims
        median Median axis keepdims
        all All axis keepdims
        any Any axis keepdims
        argmax Argmax axis keepdims
        argmin Argmin axis keepdims
        cumsum Cumsum axis
        cumprod Cumprod axis
        flip Flip axis
        tile Tile repeats!
        triu Triu k
        tril Tril k
        take Take axis
        take_along_axis TakeAlongAxis axis
        reshape Reshape newshape!
        transpose Transpose axes!
        squeeze Squeeze axis
        expand_dims ExpandDims axis
        split Split indices_or_sections! axis
        pad Pad pad_width! mode
        get_item GetItem
        ones_like OnesLike dtype
        zeros_like ZerosLike dtype
        repeat Repeat repeats! axis
        moveaxis Moveaxis source! destination!
        """,
    ),
    **_table(
        "nn",
        """
        relu Relu
        sigmoid Sigmoid
        gelu Gelu approximate
        hard_shrink HardShrink threshold
        soft_shrink SoftShrink threshold
        threshold Threshold threshold! default_value!
        celu Celu alpha
        softplus Softplus
        squareplus Squareplus b
        glu Glu axis
        softmax Softmax axis
        log_softmax LogSoftmax axis
        sparsemax Sparsemax axis
        one_hot OneHot num_classes! axis dtype
        unfold Unfold kernel_size! dilation padding stride
        fold Fold output_size! kernel_size! dilation padding stride
        """,
    ),
    **_table("math", "erf Erf\nerfc Erfc\nrsqrt Rsqrt\nlogsumexp Logsumexp axis keepdims\ntop_k TopK k! sorted"),
    **_table("core", "cast Cast dtype!"),
    "einsum": Function("numpy", "Einsum", "subscripts!", leads=True),
}
"""Source: the modules of ``keras.src.ops`` of Keras 3.15; the JSON of a model names their classes."""
