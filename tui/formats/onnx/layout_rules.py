"""Which layers mean the same of an image with its channels last, and how their arguments then read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any, Final

from tui.core.network import Spec
from tui.core.size import same
from tui.core.tensor import Shape
from tui.formats.onnx.rows import with_args
from tui.layers.activation import Pointwise
from tui.layers.elementary import Function
from tui.layers.merging import Elementwise
from tui.layers.reduction import Reduction


class NotTurnedError(Exception):
    """A layer that is not sure to mean the same of a turned tensor."""


class Turned(Enum):
    """In which form a layer reads its inputs and gives its outputs."""

    NO = "as the file has them"
    YES = "turned"
    EITHER = "in the form in which the inputs are there"
    LOOSE = "it makes numbers in either form"


_IMAGES: Final = frozenset((
    "conv", "depthwise", "separable", "convtranspose", "maxpool", "avgpool", "lppool", "globalmaxpool",
    "globalavgpool", "globallppool", "adaptivemaxpool", "adaptiveavgpool", "batchnorm", "instancenorm", "groupnorm",
    "localresponsenorm", "upsample", "upsampling", "pixelshuffle", "pixelunshuffle",
))  # fmt: skip
"""Where the channels are is a matter of the network's setting; their arguments name axes of the space alone."""
_PASSING: Final = frozenset((
    "dropout", "cast", "identity", "clip", "dequantize", "quantize",
))  # fmt: skip
_ALONG: Final[Mapping[str, str]] = {
    "softmax": "axis", "logsoftmax": "axis", "hardmax": "axis", "concat": "axis", "split": "axis", "slice": "axis",
    "layernorm": "axis", "rmsnorm": "axis", "unitnorm": "axis", "meanvariancenorm": "axis", "cumsum": "axis",
    "argmax": "axis", "argmin": "axis", "topk": "axis", "pad": "padding", "tile": "repeats", "expand": "shape",
}  # fmt: skip
"""The argument that names axes, or has an entry for each."""
_DEFAULT_AXES: Final[Mapping[str, Any]] = {
    "softmax": (-1,), "logsoftmax": (-1,), "hardmax": (-1,), "layernorm": (-1,), "rmsnorm": (-1,), "unitnorm": (-1,),
    "meanvariancenorm": (0, 2, 3), "cumsum": -1, "argmax": -1, "argmin": -1, "topk": -1,
}  # fmt: skip
_BY_SETTING: Final = frozenset(("concat", "split"))
"""Where no axis is named they take that of the channels."""
_ENTRIES: Final = frozenset(("pad", "tile", "expand"))
"""Their argument has an entry for each axis."""
_ANYWHERE: Final = frozenset((
    "dense", "embedding", "lstm", "gru", "rnn", "layernorm", "rmsnorm", "reshape", "flatten", "squeeze", "unsqueeze",
    "matmul", "gemm", "einsum", "softmax", "logsoftmax", "hardmax", "attention", "gather", "expand", "slice", "argmax",
    "argmin", "shape", "size", "range", "constant", "parameter", "input", "unitnorm", "cumsum", "topk", "onehot",
    "tile", "trilu", "multiheadattention", "squeeze", "gathernd", "gatherelements",
))  # fmt: skip
"""They mean the same with either setting; where a line leaves out an axis, the default does not follow the setting."""
FLATTENING: Final = frozenset(("flatten", "squeeze", "reshape"))
FIXED: Final[Mapping[str, str]] = {"parameter": "shape", "constant": "shape", "reshape": "shape"}
"""Rows that make numbers in either form, and the argument that says which."""


def own_order(spec: Spec, given: Sequence[Shape], made: Sequence[Shape]) -> Turned:
    """How a layer reads its inputs; raises NotTurnedError where it is not known."""
    kind, name = spec.kind, spec.kind.name
    if spec.args.get("timedistributed") or spec.args.get("return_indices"):
        raise NotTurnedError(name)
    if name in ("parameter", "constant") and not spec.args.get("dtype"):
        return Turned.LOOSE
    if name == "reshape" and len(made[0]) > 2 and _ones(made[0]) and len(given[0]) == 2:
        return Turned.LOOSE
    flat = all(len(shape) < 3 for shape in (*given, *made))
    if flat and name not in ("concat", "batchnorm"):
        return Turned.NO
    if name == "prelu" and "slope" in spec.args:
        return Turned.EITHER
    if name in _IMAGES:
        if "axis" in spec.args:
            raise NotTurnedError(name)
        return Turned.YES if len(given[0]) > 2 else Turned.NO
    if issubclass(kind, Elementwise | Pointwise | Function) or name in _PASSING or name in _ALONG or issubclass(
            kind, Reduction):  # fmt: skip
        return Turned.EITHER
    if name in _ANYWHERE:
        return Turned.EITHER if name in FLATTENING and _ones(given[0]) else Turned.NO
    raise NotTurnedError(name)


def plain_spec(spec: Spec, rank: int) -> Spec:
    """A layer that reads the form of the file: an axis that follows the setting is named, as the setting changes."""
    if spec.kind.name not in _BY_SETTING or "axis" in spec.args or rank < 3:
        return spec
    return with_args(spec, {"axis": 1})


def turned_spec(spec: Spec, given: Shape, made: Shape) -> tuple[Spec, bool]:
    """A layer that reads the turned form, and whether what it gives is turned too."""
    name, rank = spec.kind.name, len(given)
    if name in FLATTENING:
        return _flattened(spec, given, made), False
    if name == "prelu":
        return with_args(spec, {"slope": _slopes(spec.args["slope"], rank)}), True
    if issubclass(spec.kind, Reduction):
        return _reduced(spec, rank)
    if name in _ENTRIES:
        return with_args(spec, {_ALONG[name]: _entries(spec.args.get(_ALONG[name]), rank)}), True
    if name in _ALONG:
        return _along(spec, rank)
    return spec, True


def _place(axis: int, rank: int) -> int:
    """Where an axis stands with the channels last."""
    axis %= rank
    return axis if axis == 0 else rank - 1 if axis == 1 else axis - 1


def _along(spec: Spec, rank: int) -> tuple[Spec, bool]:
    name = spec.kind.name
    argument = _ALONG[name]
    value = spec.args.get(argument, _DEFAULT_AXES.get(name))
    if value is None and name in _BY_SETTING:
        return spec, True  # along the channels, wherever they are
    if value is None:
        raise NotTurnedError(name)
    axes = value if isinstance(value, tuple) else (value,)
    placed = tuple(_place(axis, rank) for axis in axes)
    if name in ("layernorm", "rmsnorm") and len(axes) > 1:
        raise NotTurnedError(name)  # the weights lie along several axes, in their order
    last = tuple(place if place != rank - 1 else -1 for place in placed)
    changed = with_args(spec, {argument: last if isinstance(value, tuple) else last[0]})
    if spec.args.get("keepdims") is False:
        raise NotTurnedError(name)
    return changed, True


def _entries(value: Any, rank: int) -> tuple[Any, ...]:
    if not isinstance(value, tuple) or len(value) != rank:
        raise NotTurnedError("entries")
    return (value[0], *value[2:], value[1])


def _slopes(slope: Any, rank: int) -> tuple[Any, ...]:
    """The shape of the slopes, which is stretched to the input behind the batch."""
    if not isinstance(slope, tuple) or not (len(slope) == rank - 1 or all(size == 1 for size in slope)):
        raise NotTurnedError("prelu")
    return (*slope[1:], slope[0])


def _reduced(spec: Spec, rank: int) -> tuple[Spec, bool]:
    axes = spec.args.get("axes")
    if not isinstance(axes, tuple):
        raise NotTurnedError(spec.kind.name)
    old = {axis % rank for axis in axes}
    changed = with_args(spec, {"axes": tuple(sorted(_place(axis, rank) for axis in old))})
    if spec.args.get("keepdims", True):
        return changed, True
    left = [axis for axis in range(rank) if axis not in old]
    now = sorted(left, key=lambda axis: _place(axis, rank))
    if now == left:
        return changed, False
    if len(left) > 2 and now == [left[0], *left[2:], left[1]]:
        return changed, True
    raise NotTurnedError(spec.kind.name)


def _ones(shape: Shape) -> bool:
    """Whether all sizes but those of the batch and the channels are 1."""
    return len(shape) > 2 and all(same(size, 1) for size in shape[2:])


def _flattened(spec: Spec, given: Shape, made: Shape) -> Spec:
    if not _ones(given) or len(made) != 2 or not (same(made[0], given[0]) and same(made[1], given[1])):
        raise NotTurnedError(spec.kind.name)
    if spec.kind.name == "squeeze":
        axes = spec.args.get("axes")
        return spec if axes is None else with_args(spec, {"axes": tuple(range(1, len(given) - 1))})
    return spec
