"""Layers that work along axes in ONNX's operators: reductions, softmax and its kin, indexing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from tui.core.axes import axes_at, axis_at
from tui.core.size import product
from tui.core.tensor import Shape
from tui.formats.onnx.axes import to_first
from tui.formats.onnx.write_call import MOST_NUMBERS, Call, Rule
from tui.formats.onnx.write_functions import sparsemax
from tui.formats.onnx.write_norms import centred
from tui.formats.onnx.write_shapes import cut

MOST_FACTORS: Final = 256
"""Longer running products than this are not written out."""


def _in_form(call: Call, axes: Sequence[int], keeps: bool, dtype: str | None = None) -> tuple[str, list[int], bool]:
    """The input, the axes in its form, and whether the result stays channels first.

    Where axes vanish the input is taken as it is there if what is left has the order that the network has.
    """
    name, first = call.either(dtype=dtype)
    if first and not keeps:
        left = [axis for axis in to_first(len(call.shape())) if axis not in axes]
        if left != sorted(left):
            name, first = call.x(dtype=dtype), False
    return name, [call.axis(axis, first) for axis in axes], first and keeps


def _deviation(root: bool) -> Rule:
    def rule(call: Call) -> None:
        kind = call.kind
        x, axes, first = _in_form(call, kind._axes(call.shape()), kind.keepdims)
        if not axes:
            call.give(call.op("Sub", x, x), first)  # a number is its own mean
            return
        distance = centred(call, x, axes)
        squares = call.op("Mul", distance, distance)
        mean = call.op("ReduceMean", squares, call.ints(axes, "axes"), keepdims=int(kind.keepdims))
        call.give(call.op("Sqrt", mean) if root else mean, first)

    return rule


def _reduction(operator: str) -> Rule:
    def rule(call: Call) -> None:
        kind = call.kind
        axes = kind._axes(call.shape())
        dtype = call.inputs[0].dtype if operator in ("ReduceMax", "ReduceMin", "ReduceSum") else None
        dtype = call.dtype if dtype == "bool" else dtype
        x, places, first = _in_form(call, axes, kind.keepdims, dtype)
        if not axes:
            call.give(call.op("Identity", x), first, dtype=dtype)
            return
        call.give(call.op(operator, x, call.ints(places, "axes"), keepdims=int(kind.keepdims)), first, dtype=dtype)

    return rule


def _median(call: Call) -> None:
    """The lower of the two in the middle, as in PyTorch: the last of the smallest half."""
    kind, shape = call.kind, call.shape()
    axes = sorted(kind._axes(shape))
    left = [axis for axis in range(len(shape)) if axis not in axes]
    kept: Shape = tuple(shape[axis] for axis in left)
    count = call.whole(product(shape[axis] for axis in axes), "the elements of a median")
    order = [*left, *axes]
    rows = call.reshape(call.permute(call.x(), order), tuple(shape[axis] for axis in order), (*kept, count))
    half = (count - 1) // 2 + 1
    smallest, _ = call.ops("TopK", rows, call.ints([half], "count"), outputs=[0, 1], axis=-1, largest=0)
    made = cut(call, smallest, [(len(kept), half - 1, half, 1)])
    call.give(call.reshape(made, (*kept, 1), call.expected[0].shape))


def _arg(operator: str) -> Rule:
    def rule(call: Call) -> None:
        kind = call.kind
        x, (axis,), first = _in_form(call, [axis_at(kind.axis, call.shape())], kind.keepdims)
        last = {"select_last_index": 1} if kind.select_last_index else {}
        call.give(call.op(operator, x, axis=axis, keepdims=int(kind.keepdims), **last), first, dtype="int64")

    return rule


def _top_k(call: Call) -> None:
    kind, (x, first) = call.kind, call.either()
    axis = call.axis(axis_at(kind.axis, call.shape()), first)
    how = {name: 0 for name, there in (("largest", kind.largest), ("sorted", kind.sorted)) if not there}
    values, at = call.ops("TopK", x, call.ints([kind.k], "count"), outputs=[0, 1], axis=axis, **how)
    call.give(values, first)
    call.give(at, first, 1, "int64")


def _cum_sum(call: Call) -> None:
    kind, (x, first) = call.kind, call.either()
    axis = call.axis(axis_at(kind.axis, call.shape()), first)
    how = {name: 1 for name in ("exclusive", "reverse") if getattr(kind, name)}
    call.give(call.op("CumSum", x, call.build.list_of(f"{call.name}/axis", [axis], ()), **how), first)


def _cum_prod(call: Call) -> None:
    """Product by product: ONNX has running products from opset 26 on."""
    kind, (x, first) = call.kind, call.either()
    axis = axis_at(kind.axis, call.shape())
    count, place = call.whole(call.shape()[axis], "the axis of a running product"), call.axis(axis, first)
    if count > MOST_FACTORS:
        call.fail(f"{count} factors are too many to write one by one", "take the log and use cumsum")
    parts = list(call.ops("Split", x, outputs=list(range(count)), axis=place, num_outputs=count)) if count > 1 else [x]
    parts = parts[::-1] if kind.reverse else parts
    totals = [call.op("Pow", parts[0], call.const(0.0))] if kind.exclusive else parts[:1]
    for part in parts[:-1] if kind.exclusive else parts[1:]:
        totals.append(call.op("Mul", totals[-1], part))
    call.give(call.op("Concat", *(totals[::-1] if kind.reverse else totals), axis=place), first)


def _soft(operator: str, sign: str = "") -> Rule:
    """Along one axis the operator; along several, written out."""

    def rule(call: Call) -> None:
        x, first = call.either()
        axes = [call.axis(axis, first) for axis in axes_at(call.kind.axis, call.shape())]
        x = call.op(sign, x) if sign else x
        if len(axes) == 1:
            call.give(call.op(operator, x, axis=axes[0]), first)
            return
        if operator == "Hardmax":
            call.fail(f"ONNX takes one axis, not {len(axes)}", "name one axis")
        over = call.ints(axes, "axes")
        if operator == "LogSoftmax":
            call.give(call.op("Sub", x, call.op("ReduceLogSumExp", x, over)), first)
            return
        powers = call.op("Exp", call.op("Sub", x, call.op("ReduceMax", x, over)))
        call.give(call.op("Div", powers, call.op("ReduceSum", powers, over)), first)

    return rule


def _softmax_2d(call: Call) -> None:
    x, first = call.either()
    call.give(call.op("Softmax", x, axis=call.axis(call.kind.channel_axis(call.shape()), first)), first)


def _sparsemax(call: Call) -> None:
    axes = axes_at(call.kind.axis, call.shape())
    if len(axes) != 1:
        call.fail(f"it is written along one axis, not {len(axes)}", "name one axis")
    size = call.whole(call.shape()[axes[0]], "the axis of sparsemax")
    call.give(sparsemax(call, call.x(), axes[0], size))


def _glu(call: Call) -> None:
    x, first = call.either()
    axis = call.axis(axis_at(call.kind.axis, call.shape()), first)
    half, gate = call.ops("Split", x, outputs=[0, 1], axis=axis, num_outputs=2)
    call.give(call.op("Mul", half, call.op("Sigmoid", gate)), first)


def _indices(call: Call) -> str:
    """The indices: the second input, else zeros, for the text holds their shape alone."""
    if len(call.inputs) > 1:
        return call.x(1, "int64")
    sizes = call.wholes(call.kind.indices, "the shape of indices")
    call.notice("dropped", "its indices: the text holds their shape, not their numbers; written as 0")
    return call.zeros(sizes, "int64")


def _gather(operator: str) -> Rule:
    def rule(call: Call) -> None:
        kind, shape = call.kind, call.shape()
        if operator == "GatherND":
            shared = {"batch_dims": call.whole(kind.batch_dims, "batch_dims")} if kind.batch_dims != 0 else {}
            made = call.op(operator, call.x(dtype=""), _indices(call), **shared)
        else:
            made = call.op(operator, call.x(dtype=""), _indices(call), axis=axis_at(kind.axis, shape))
        call.give(made, dtype=call.inputs[0].dtype)

    return rule


def _compress(call: Call) -> None:
    kind, shape = call.kind, call.shape()
    axis = {} if kind.axis is None else {"axis": axis_at(kind.axis, shape)}
    if len(call.inputs) > 1:
        condition = call.x(1, "bool")
    else:
        kept = call.whole(kind.kept, "how many entries are kept")
        condition = call.const([1.0] * kept, "bool") if kept <= MOST_NUMBERS else call.filled([kept], 1, "bool")
        call.notice("dropped", f"which entries it keeps is no part of the text; written as the first {kept}")
    call.give(call.op("Compress", call.x(dtype=""), condition, **axis), dtype=call.inputs[0].dtype)


def _hot(call: Call, depth: str, axis: int) -> str:
    x, values = call.x(dtype="int64"), call.const([0.0, 1.0], call.kind.settings.dtype)
    if call.shape():
        return call.op("OneHot", x, depth, values, axis=axis)
    first = call.ints([0], "axes")  # ONNX has no row for a single number
    return call.op("Squeeze", call.op("OneHot", call.op("Unsqueeze", x, first), depth, values), first)


def _one_hot(call: Call) -> None:
    axis = axis_at(call.kind.axis, call.shape(), room=1)
    call.give(_hot(call, call.ints([call.kind.depth], "depth"), axis), dtype=call.kind.settings.dtype)


def _category(call: Call) -> None:
    """One row for each index, then, but for one_hot, their sum or largest for each example."""
    kind, shape, out = call.kind, call.shape(), call.expected[0].shape
    rows = _hot(call, call.ints([kind.num_tokens], "depth"), -1)
    if len(out) > len(shape):
        call.give(rows, dtype=kind.settings.dtype)
        return
    operator = "ReduceSum" if kind.output_mode == "count" else "ReduceMax"
    call.give(call.op(operator, rows, call.ints([-2], "axes"), keepdims=0), dtype=kind.settings.dtype)


def _scatter(call: Call) -> None:
    if len(call.inputs) < 3:
        call.fail("what is put where has to be its second and third input", "give it indices and updates")
    dtype = call.inputs[0].dtype
    data, at, updates = call.x(0, ""), call.x(1, "int64"), call.x(2, dtype)
    if len(call.shape(0)) == len(call.shape(1)) == len(call.shape(2)):
        made = call.op("ScatterElements", data, at, updates, axis=axis_at(call.kind.axis, call.shape()))
    else:
        made = call.op("ScatterND", data, at, updates)
    call.give(made, dtype=dtype)


RULES: Final[Mapping[str, Rule]] = {
    **{f"reduce{what.lower()}": _reduction(f"Reduce{what}") for what in (
        "Mean", "Sum", "Max", "Min", "Prod", "L1", "L2", "LogSum", "LogSumExp", "SumSquare")},
    "reduceany": _reduction("ReduceMax"), "reduceall": _reduction("ReduceMin"),
    "reducemedian": _median, "reducestd": _deviation(True), "reducevar": _deviation(False),
    "argmax": _arg("ArgMax"), "argmin": _arg("ArgMin"), "topk": _top_k, "cumsum": _cum_sum, "cumprod": _cum_prod,
    "softmax": _soft("Softmax"), "logsoftmax": _soft("LogSoftmax"), "hardmax": _soft("Hardmax"),
    "softmin": _soft("Softmax", "Neg"), "softmax2d": _softmax_2d, "sparsemax": _sparsemax, "glu": _glu,
    "gather": _gather("Gather"), "gatherelements": _gather("GatherElements"), "gathernd": _gather("GatherND"),
    "compress": _compress, "onehot": _one_hot, "categoryencoding": _category, "scatter": _scatter,
    "nonzero": lambda call: call.give(call.op("NonZero", call.x(dtype="")), dtype="int64"),
}  # fmt: skip
