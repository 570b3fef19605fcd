"""Modules and functions of PyTorch that their arguments make a kind of its own here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from tui.core.size import Size
from tui.core.tensor import Shape
from tui.formats.frameworks.words import is_whole

Args = dict[str, Any]

_CONVOLUTIONS: Final = frozenset(("Conv1d", "Conv2d", "Conv3d"))
_WINDOW: Final = frozenset(("kernel_size", "stride", "padding", "dilation", "bias", "trainable"))


def narrowed(class_name: str, args: Args, shapes: Sequence[Shape]) -> tuple[str, Args]:
    """A convolution with a group for each channel is ``depthwise``; others stay as they are."""
    groups, filters = args.get("groups", 1), args.get("out_channels")
    if class_name not in _CONVOLUTIONS or not is_whole(groups) or not is_whole(filters) or groups < 2:
        return class_name, args
    given = args.keys() - {"in_channels", "out_channels", "groups"}
    batched = bool(shapes) and len(shapes[0]) == int(class_name[4]) + 2
    if filters % groups or args.get("in_channels") != groups or not given <= _WINDOW or not batched:
        return class_name, args
    if shapes[0][1] != groups:
        return class_name, args
    made = {name: args[name] for name in args if name in given}
    return f"DepthwiseConv{class_name[4]}D", {
        **made,
        **({"depth_multiplier": filters // groups} if filters != groups else {}),
    }


def is_global_pool(axes: Any, shape: Sequence[Size]) -> bool:
    """Whether a mean over these axes is that of all positions: of maps of two axes or more with the channels first.

    Of a tensor of three axes it may as well be a mean over features.
    """
    ndim = len(shape)
    if ndim < 4 or not isinstance(axes, list) or not all(map(is_whole, axes)):
        return False
    return sorted(axis % ndim for axis in axes) == list(range(2, ndim))
