"""The ONNX operators with weights or windows: what they are in our kinds.

The sizes of a layer follow from the shapes of its initializers (a convolution's filters, a cell's width).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from tui.formats.frameworks.words import FrameworkError, sizes_shown
from tui.formats.onnx.functions import settings
from tui.formats.onnx.node import Extra, Node, Written, whole
from tui.formats.onnx.recurrent import recurrent

_WINDOW_NAMES: Final = {
    "strides": "stride",
    "dilations": "dilation",
    "kernel_shape": "kernel",
    "ceil_mode": "ceil_mode",
}
_AUTO: Final = {"SAME_UPPER": "same", "SAME_LOWER": "same_lower", "VALID": "valid"}


def window(node: Node) -> dict[str, Any]:
    """The arguments of a window; a stride that is not given is 1, for pools too."""
    args = {ours: _alone(node.attributes[name]) for name, ours in _WINDOW_NAMES.items() if name in node.attributes}
    args.setdefault("stride", 1)
    auto, pads = node.attributes.get("auto_pad", "NOTSET"), node.attributes.get("pads")
    if auto in _AUTO:
        args["padding"] = _AUTO[auto]
    elif pads and any(pads):
        half = len(pads) // 2
        args["padding"] = _shortest(list(zip(pads[:half], pads[half:], strict=True)))
    return args


def _alone(sizes: Any) -> Any:
    """The size of the only axis there is."""
    return sizes[0] if isinstance(sizes, list) and len(sizes) == 1 else sizes


def _shortest(ends: list[tuple[int, int]]) -> Any:
    """Paddings in the fewest numbers: one for all, one for each axis, or a pair for each."""
    if any(first != last for first, last in ends):
        return ends
    sizes = [first for first, _ in ends]
    return sizes[0] if len(set(sizes)) == 1 else sizes


def _kernel(node: Node, weights: tuple[Any, ...]) -> list[Any]:
    kernel = [*weights[2:]]
    stated = node.attributes.get("kernel_shape", kernel)
    if stated != kernel:
        raise FrameworkError(f"{node.operator}: kernel_shape={stated}, but the weights are {sizes_shown(weights)}")
    return kernel


def _stored(node: Node, index: int) -> bool:
    """Whether an input is one of the model's own weights; a computed offset is none."""
    given = node.input(index)
    return given is not None and given.stored


def _conv(node: Node) -> Written:
    weights, group = node.sizes(1), node.attributes.get("group", 1)
    if len(weights) < 3:
        raise FrameworkError(f"{node.operator}: weights of {sizes_shown(weights)} have no window")
    padding = node.attributes.get("auto_pad", "NOTSET")
    if node.operator == "Conv" and padding.startswith("SAME") and max(node.attributes.get("dilations") or [1]) > 1:
        raise FrameworkError(f"Conv: auto_pad={padding} together with dilations: ONNX Runtime refuses that")
    args = {**window(node), "kernel": _alone(_kernel(node, weights)), "groups": group, "bias": _stored(node, 2)}
    transposed = node.operator == "ConvTranspose"
    channels = whole(weights[1], "a kernel") * group
    sizes = {"filters": channels, "in_channels": weights[0]} if transposed else {
        "filters": weights[0], "in_channels": channels}  # fmt: skip
    own = (1, 2) if args["bias"] else (1,)
    return Written("convtranspose" if transposed else "conv", {**args, **sizes}, weights=own)


def _conv_transpose(node: Node) -> Written:
    written = _conv(node)
    args = dict(written.args)
    size, extra = node.attributes.get("output_shape"), node.attributes.get("output_padding")
    if size:
        args["output_size"] = size[-(len(node.sizes(1)) - 2) :]
    _check_transposed(node, _kernel(node, node.sizes(1)), args.get("output_size"), extra)
    if args.get("padding", "valid") == "valid":
        # In words our rule is that of Keras, which differs where a window is shorter than its stride.
        args["padding"] = "valid" if min(_beyond(node, _kernel(node, node.sizes(1)))) >= 0 else 0
    elif isinstance(args["padding"], str):
        args["padding"] = _same_transposed(node, _kernel(node, node.sizes(1)), args["padding"])
    if extra and any(extra) and not _AUTO.get(node.attributes.get("auto_pad", ""), "").startswith("same"):
        args["output_padding"] = extra
        args["padding"] = 0 if args["padding"] == "valid" else args["padding"]
    return Written(written.class_name, args, weights=written.weights)


def _beyond(node: Node, kernel: list[Any]) -> list[int]:
    """By how much each window is longer than its stride."""
    ones = [1] * len(kernel)
    strides, dilations = (node.attributes.get(name) or ones for name in ("strides", "dilations"))
    return [d * (k - 1) + 1 - s for k, s, d in zip(kernel, strides, dilations, strict=True)]


def _same_transposed(node: Node, kernel: list[Any], word: str) -> Any:
    """SAME padding; where a window is shorter than its stride, sizes: ONNX does not pad below 0, so that less comes
    out than input times stride there."""
    beyond = _beyond(node, kernel)
    if all(size >= 0 for size in beyond):
        return word
    halves = [(max(size, 0) // 2, -(-max(size, 0) // 2)) for size in beyond]
    return _shortest(halves if word == "same" else [(last, first) for first, last in halves])


def _check_transposed(node: Node, kernel: list[Any], asked: list[Any] | None, extra: list[Any] | None) -> None:
    """ONNX Runtime wants a convolution of the output to give the input back, which bounds the output from above."""
    rank = len(kernel)
    strides, dilations = (node.attributes.get(name) or [1] * rank for name in ("strides", "dilations"))
    for axis, (n, k, s, d) in enumerate(zip(node.sizes(0)[2:], kernel, strides, dilations, strict=False)):
        if extra and extra[axis] >= s:
            raise FrameworkError(
                f"ConvTranspose: output_padding={extra} must be below the strides; ONNX Runtime refuses it"
            )
        if asked and isinstance(n, int) and asked[axis] >= d * (k - 1) + 1 + s * n:
            raise FrameworkError(
                f"ConvTranspose: output_shape={asked} is more than {n} windows of {k} reach; ONNX Runtime refuses it"
            )


def _pool(node: Node) -> Written:
    args = window(node)
    if "kernel_shape" not in node.attributes:
        raise FrameworkError(f"{node.operator} needs kernel_shape")
    if "p" in node.attributes:
        args["norm"] = node.attributes["p"]
    if node.operator == "AveragePool" and any(node.attributes.get("pads") or ()):
        args["count_include_pad"] = bool(node.attributes.get("count_include_pad", 0))
    if node.has_output(1):
        args["return_indices"] = True
    return Written(node.operator, args)


def _global_pool(node: Node) -> Written:
    norm = {"norm": node.attributes["p"]} if "p" in node.attributes else {}
    return Written(node.operator, {"keepdims": True, **norm})


def _batch_norm(node: Node) -> Written:
    axes = [axis for axis in range(len(node.sizes(0))) if axis != 1]
    extras = [Extra(i, kind, {"axes": axes, "keepdims": False}) for i, kind in ((1, "reducemean"), (2, "reducevar"))]
    given = {"epsilon": node.attributes.get("epsilon", 1e-5), "momentum": node.attributes.get("momentum")}
    args, own = _scale_and_offset(node)
    return Written("batchnorm", {**args, **settings("batchnorm", given)}, weights=(*own, 3, 4), extras=extras)


def _scale_and_offset(node: Node) -> tuple[dict[str, Any], tuple[int, ...]]:
    """Which of the two a normalization has as weights, and the inputs that those are: 1 and 0 change nothing."""
    offset = node.input(2)
    scales, centers = not node.needs(1).is_number(1), offset is not None and not offset.is_number(0)
    own = tuple(index for index, has in ((1, scales), (2, centers)) if has)
    if scales and centers:
        return {}, own
    return {"affine": False} if not own else {"scale": False} if not scales else {"center": False}, own


def _instance_norm(node: Node) -> Written:
    small = settings("instancenorm", {"epsilon": node.attributes.get("epsilon", 1e-5)})
    if node.needs(1).is_number(1) and node.needs(2).is_number(0):
        return Written("instancenorm", {"affine": False, **small})
    return Written("instancenorm", {"affine": True, **small}, weights=(1, 2))


def _group_norm(node: Node) -> Written:
    small = settings("groupnorm", {"epsilon": node.attributes.get("epsilon", 1e-5)})
    args, own = _scale_and_offset(node)
    return Written("groupnorm", {"groups": node.attributes.get("num_groups"), **args, **small}, weights=own)


def _layer_norm(node: Node) -> Written:
    rank, axis = len(node.sizes(0)), node.attributes.get("axis", -1)
    axes = [*range(axis % rank, rank)] if -rank <= axis < rank else [axis]
    args: dict[str, Any] = {} if axes == [rank - 1] else {"axis": axes}
    args |= settings(node.operator, {"epsilon": node.attributes.get("epsilon", 1e-5)})
    extras = [Extra(i, "reducemean", {"axes": axes}) for i in (1, 2)]
    if node.operator != "LayerNormalization":
        own: tuple[int, ...] = () if node.needs(1).is_number(1) else (1,)
        return Written(node.operator, args if own else {**args, "affine": False}, weights=own, extras=extras)
    flags, own = _scale_and_offset(node)
    return Written(node.operator, {**args, **flags}, weights=own, extras=extras)


def _lrn(node: Node) -> Written:
    size = node.attributes.get("size")
    if not isinstance(size, int) or size % 2 == 0:
        raise FrameworkError(f"LRN: size={size} is not odd; ONNX Runtime refuses it")
    defaults = {"alpha": ("alpha", 1e-4), "beta": ("beta", 0.75), "k": ("bias", 1.0)}
    given = {ours: node.attributes.get(name, default) for ours, (name, default) in defaults.items()}
    return Written("localresponsenorm", {"size": size, **settings("localresponsenorm", given)})


def _gemm(node: Node) -> Written:
    weights, offset = node.needs(1), node.input(2)
    turned = node.attributes.get("transB", 0)
    shape = weights.shape or ()
    plain = weights.stored and len(shape) == 2 and len(node.sizes(0)) == 2 and not node.attributes.get("transA", 0)
    if plain:
        rows, columns = shape[::-1] if turned else shape
        if offset is None or (offset.stored and offset.shape in ((columns,), (1, columns))):
            args = {"units": columns, "in_features": rows, "bias": offset is not None}
            return Written("dense", args, weights=(1, 2))
    factors = settings("gemm", {name: node.attributes.get(name, 1.0) for name in ("alpha", "beta")})
    return Written("gemm", {**node.chosen("transA", "transB"), **factors}, (0, 1) if offset is None else (0, 1, 2))


def _mat_mul(node: Node) -> Written:
    weights = node.needs(1)
    if weights.stored and len(weights.shape or ()) == 2 and len(node.sizes(0)) > 1:
        rows, columns = node.sizes(1)
        return Written("dense", {"units": columns, "in_features": rows, "bias": False}, weights=(1,))
    return Written("matmul", {}, (0, 1))


def _prelu(node: Node) -> Written:
    return Written("prelu", {"slope": list(node.sizes(1)) or [1]}, weights=(1,))


LAYERS: Final[Mapping[str, Callable[[Node], Written]]] = {
    "Conv": _conv, "ConvTranspose": _conv_transpose,
    "MaxPool": _pool, "AveragePool": _pool, "LpPool": _pool,
    "GlobalMaxPool": _global_pool, "GlobalAveragePool": _global_pool, "GlobalLpPool": _global_pool,
    "BatchNormalization": _batch_norm, "InstanceNormalization": _instance_norm, "GroupNormalization": _group_norm,
    "LayerNormalization": _layer_norm, "RMSNormalization": _layer_norm, "LRN": _lrn,
    "Gemm": _gemm, "MatMul": _mat_mul, "PRelu": _prelu,
    **dict.fromkeys(("LSTM", "GRU", "RNN"), recurrent),
}  # fmt: skip
