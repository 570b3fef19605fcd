"""A layer used again (``call NAME``): its rules on other inputs, its weights counted where they stand."""

from __future__ import annotations

from tui.core.context import Context
from tui.core.errors import Fix, ShapeError
from tui.core.network import Spec
from tui.core.result import Result, refused
from tui.core.tensor import Tensors, Weight, joined


def used_again(context: Context, spec: Spec, owner: Result, inputs: Tensors) -> Result:
    """The result of a call of the layer whose spec and result are given; refused where it would need other weights."""
    result = context.result(spec, inputs)
    if result.kind is not None and result.weights != owner.weights:
        return refused(_other_weights(spec, owner, result))
    return context.shared(result)


def _other_weights(spec: Spec, owner: Result, here: Result) -> ShapeError:
    pairs = zip(owner.weights, here.weights, strict=False)
    made, needed = next(((a, b) for a, b in pairs if a != b), (None, None))
    if made is None or needed is None:
        what = "it needs other weights here"
    else:
        what = f"its {made.name} is {sizes_of(made)}, here it would have to be {sizes_of(needed)}"
    return ShapeError(
        f"the weights are made for another input: {what}; use it on an input of the same size, or add a layer",
        fixes=[Fix("a layer with weights of its own", text=spec.code)],
    )


def sizes_of(weight: Weight) -> str:
    """The sizes of a weight in words."""
    return joined(weight.shape) or "one number"
