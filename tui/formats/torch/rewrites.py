"""Arguments of PyTorch's modules that must be written otherwise, and what PyTorch refuses that our rules take.

Source: the constructors of ``torch.nn``, and the checks of ``torch.nn.functional`` and ATen. Each function takes the
name of a class, its arguments and the whole shapes of its inputs (none where they are not known), and gives the
arguments of our kind.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from tui.core.tensor import Shape
from tui.formats.frameworks.words import FrameworkError, is_whole, shown

Args = dict[str, Any]
Rewrite = Callable[[str, Args, list[Shape]], Args]

UNUSED: Final = frozenset((
    "inplace", "device", "dtype", "eps", "momentum", "init", "max_norm", "norm_type_embedding", "scale_grad_by_freq",
    "sparse", "align_corners", "recompute_scale_factor", "layer_norm_eps", "_random_samples", "_weight", "_freeze",
    "process_group", "custom_encoder", "custom_decoder", "enable_nested_tensor", "mask_check",
))  # fmt: skip
"""Arguments that change neither a shape nor a count."""

RANK: Final = re.compile(r"([123])d$")


def rank_of(class_name: str) -> int:
    """The spatial axes that the name of a class says, 0 where it says none."""
    found = RANK.search(class_name)
    return int(found[1]) if found else 0


def chance(class_name: str, args: Args, shapes: list[Shape]) -> Args:
    """A probability from 0 to 1."""
    p = args.get("p", 0.5)
    if not isinstance(p, int | float) or not 0 <= p <= 1:
        raise FrameworkError(f"{class_name}: p={shown(p)} is not a probability from 0 to 1")
    return args


def _one_for_all(args: Args, *names: str) -> Args:
    """A tuple of one stands for all axes where ATen expands it."""
    single = {name: args[name][0] for name in names if isinstance(args.get(name), list) and len(args[name]) == 1}
    return {**args, **single}


def convolution(class_name: str, args: Args, shapes: list[Shape]) -> Args:
    """Padding by a word goes with a stride of 1 only (for ``same``)."""
    padding, stride = args.get("padding", 0), args.get("stride", 1)
    if isinstance(padding, str):
        if padding not in ("same", "valid"):
            raise FrameworkError(f"{class_name}: padding={shown(padding)} is not 'same' or 'valid'")
        if padding == "same" and any(step != 1 for step in (stride if isinstance(stride, list) else [stride])):
            raise FrameworkError(f"{class_name}: PyTorch refuses padding='same' with a stride above 1")
    if rank_of(class_name) > 1:
        args = _one_for_all(args, "stride", "padding", "dilation")
    return args


def transposed(class_name: str, args: Args, shapes: list[Shape]) -> Args:
    """Padding by size, of zeros only."""
    if args.get("padding_mode", "zeros") != "zeros":
        raise FrameworkError(f"{class_name}: padding_mode={shown(args['padding_mode'])}: only 'zeros' goes with it")
    args.setdefault("padding", 0)
    if isinstance(args["padding"], str):
        raise FrameworkError(
            f"{class_name}: padding={shown(args['padding'])} is not a size; PyTorch takes no word here"
        )
    return _one_for_all(args, "stride", "padding", "dilation", "output_padding") if rank_of(class_name) > 1 else args


def pool(class_name: str, args: Args, shapes: list[Shape]) -> Args:
    """A window without words."""
    return _one_for_all(args, "kernel_size", "stride", "padding", "dilation") if rank_of(class_name) > 1 else args


def lp_pool(class_name: str, args: Args, shapes: list[Shape]) -> Args:
    """PyTorch multiplies the kernel of LPPool1d: it cannot be a tuple."""
    if class_name == "LPPool1d" and isinstance(args.get("kernel_size"), list):
        raise FrameworkError(f"{class_name}: kernel_size={shown(args['kernel_size'])} must be a number, not a tuple")
    return pool(class_name, args, shapes)


def adaptive(class_name: str, args: Args, shapes: list[Shape]) -> Args:
    """A size must be given, and of a single axis it must be a number."""
    size = args.get("output_size")
    if size is None or (rank_of(class_name) == 1 and size == [None]):
        raise FrameworkError(f"{class_name}: output_size={shown(size)} is not a size")
    return args


def edges(class_name: str, args: Args, shapes: list[Shape]) -> Args:
    """Both ends of each axis, the last axis first."""
    padding, rank = args.get("padding"), rank_of(class_name)
    flat = padding if isinstance(padding, list) else [padding] * (2 * rank)
    if len(flat) != 2 * rank or not all(map(is_whole, flat)):
        raise FrameworkError(f"{class_name}: padding={shown(padding)} is not a size, or {2 * rank} of them")
    pairs = [[flat[i], flat[i + 1]] for i in range(2 * rank - 2, -1, -2)]
    return {"padding": pairs}


def upsample(class_name: str, args: Args, shapes: list[Shape]) -> Args:
    """A decimal scale is multiplied in floating point, which can end below the exact product: the size is written."""
    args = {name: value for name, value in args.items() if name in ("size", "scale_factor", "mode")}
    scale = args.get("scale_factor")
    spatial = shapes[0][2:] if shapes else ()
    if args.get("mode") == "linear" and len(spatial) > 1:  # our linear takes any number of axes, as ONNX's does
        raise FrameworkError(
            f"{class_name}: mode='linear' takes 1 spatial axis, the input has {len(spatial)}; "
            "bilinear takes 2, trilinear 3"
        )
    if scale is None or not spatial:
        return args
    scales = scale if isinstance(scale, list) else [scale] * len(spatial)
    if len(scales) != len(spatial):
        raise FrameworkError(f"{class_name}: scale_factor={shown(scale)} is not one for each of {len(spatial)} axes")
    size = _multiplied(spatial, scales)
    if size is None:
        return args
    return {"size": size, **({"mode": args["mode"]} if "mode" in args else {})}


def _multiplied(spatial: Shape, scales: list[Any]) -> list[int] | None:
    """The sizes times decimal scales as floating point gives them; None where sizes or scales are whole or symbols."""
    if not any(isinstance(scale, float) for scale in scales) or len(scales) != len(spatial):
        return None
    pairs = [(n, scale) for n, scale in zip(spatial, scales, strict=True) if isinstance(n, int)]
    return [int(n * scale) for n, scale in pairs] if len(pairs) == len(spatial) else None


def fractional(class_name: str, args: Args, shapes: list[Shape]) -> Args:
    """Exactly one of a size and a ratio; a ratio is multiplied in floating point."""
    size, ratio = args.get("output_size"), args.get("output_ratio")
    if (size is None) == (ratio is None):
        raise FrameworkError(f"{class_name} needs either output_size or output_ratio")
    if not shapes:
        return args
    if ratio is None:
        _check_fraction(class_name, args, shapes[0])
        return args
    ratios = ratio if isinstance(ratio, list) else [ratio] * rank_of(class_name)
    if not all(isinstance(one, float) and 0 < one < 1 for one in ratios):
        raise FrameworkError(f"{class_name}: output_ratio={shown(ratio)} is not between 0 and 1")
    found = _multiplied(shapes[0][-len(ratios) :], ratios)
    if found is None:
        return args
    written = {**{name: value for name, value in args.items() if name != "output_ratio"}, "output_size": found}
    _check_fraction(class_name, written, shapes[0])
    return written


def _check_fraction(class_name: str, args: Args, shape: Shape) -> None:
    """In three dimensions ATen wants the windows to end before the last unit, in two at the last."""
    kernel, size = (
        value if isinstance(value, list) else [value] * 3 for value in (args["kernel_size"], args["output_size"])
    )
    if class_name != "FractionalMaxPool3d" or len(shape) < 4:
        return
    for n, k, m in zip(shape[-3:], kernel, size, strict=False):
        if isinstance(n, int) and isinstance(k, int) and isinstance(m, int) and m + k - 1 >= n:
            raise FrameworkError(f"{class_name}: {m} windows of {k} need more than {n} units; PyTorch refuses that")


def recurrent(class_name: str, args: Args, shapes: list[Shape]) -> Args:
    """One output for every step, and the last states of all layers as one tensor each."""
    if args.get("nonlinearity", "tanh") not in ("tanh", "relu"):
        raise FrameworkError(f"{class_name}: nonlinearity={shown(args['nonlinearity'])} is not 'tanh' or 'relu'")
    if "proj_size" in args and class_name != "LSTM":
        if args["proj_size"]:
            raise FrameworkError(f"{class_name}: proj_size is for LSTM only")
        del args["proj_size"]
    projected, hidden = args.get("proj_size", 0), args.get("hidden_size", 0)
    if is_whole(projected) and is_whole(hidden) and not 0 <= projected < max(hidden, 1):
        raise FrameworkError(f"{class_name}: proj_size={projected} must be below hidden_size={hidden}")
    args.setdefault("batch_first", False)
    return {**args, **_unbatched(shapes, 2)}


def _unbatched(shapes: list[Shape], axes: int) -> Args:
    return {"unbatched": True} if shapes and len(shapes[0]) == axes else {}


def sequence(class_name: str, args: Args, shapes: list[Shape]) -> Args:
    """Steps come first unless batch_first says otherwise; two axes are one sequence."""
    args.setdefault("batch_first", False)
    alone = _unbatched(shapes, 2)
    if alone:
        del args["batch_first"]
    return {**args, **alone}


def stack(class_name: str, args: Args, shapes: list[Shape]) -> Args:
    """A stack of layers of one form: the arguments of that layer, and how many there are."""
    inner = args.pop("encoder_layer", None) or args.pop("decoder_layer", None)
    if not isinstance(inner, Mapping) or not isinstance(inner.get("args"), Mapping):
        raise FrameworkError(f"{class_name}: the layer that it repeats is not given")
    final = args.pop("norm", None) is not None
    rest = {name: value for name, value in inner["args"].items() if name not in UNUSED}
    return sequence(class_name, {**rest, **args, "final_norm": final}, shapes)


def embedding(class_name: str, args: Args, shapes: list[Shape]) -> Args:
    """The norm of a limit changes values only."""
    return {name: value for name, value in args.items() if name != "norm_type"}


def prelu(class_name: str, args: Args, shapes: list[Shape]) -> Args:
    """Slopes of channels need channels."""
    count = args.get("num_parameters", 1)
    if shapes and count != 1 and len(shapes[0]) < 2:
        raise FrameworkError(f"PReLU: {shown(count)} parameters need an input with channels, axis 1")
    return args


def norm(class_name: str, args: Args, shapes: list[Shape]) -> Args:
    """Without weights and statistics any number of channels is taken."""
    if args.get("affine", True) is False and args.get("track_running_stats", True) is False:
        args.pop("num_features", None)
    return args


def group_norm(class_name: str, args: Args, shapes: list[Shape]) -> Args:
    """The groups divide the channels when the layer is built."""
    groups, channels = args.get("num_groups"), args.get("num_channels")
    if not isinstance(groups, int) or not isinstance(channels, int) or groups < 1 or channels % groups:
        raise FrameworkError(f"{class_name}: num_groups={shown(groups)} does not divide num_channels={shown(channels)}")
    if args.get("affine", True) is False:
        del args["num_channels"]  # without weights any number that the groups divide is taken
    return args
