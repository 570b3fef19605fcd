"""Arguments of Keras's layers that must be written otherwise, and what Keras refuses that our rules take.

Sources: the constructors of Keras 3 (``keras.layers``) and what they check. Each function takes the name of a
class and its arguments, and gives the arguments of our kind.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from tui.core.errors import or_list
from tui.core.windows import axes_text
from tui.formats.frameworks.words import FrameworkError, is_whole, shown
from tui.formats.keras.classes import IMAGES

Args = dict[str, Any]

SPATIAL: Final = re.compile(r"([123])D")
"""The number of spatial axes in the name of a class."""


def spatial_axes(class_name: str) -> int | None:
    """The spatial axes that a class works on, by its name."""
    found = SPATIAL.search(class_name)
    return int(found[1]) if found else 2 if class_name in IMAGES else None


def ends(argument: str, default: int) -> Callable[[str, Args], Args]:
    """Amounts for both ends of axes: one, one for each axis, or a pair for each; of a single axis, a pair."""

    def rewrite(class_name: str, args: Args) -> Args:
        amount = args.get(argument, default)
        rank = spatial_axes(class_name) or 1
        if rank == 1 and isinstance(amount, list) and len(amount) == 2 and all(map(is_whole, amount)):
            amount = [amount]
        flat = [n for part in amount for n in (part if isinstance(part, list) else [part])] if isinstance(
            amount, list) else [amount]  # fmt: skip
        if not all(is_whole(n) and n >= 0 for n in flat) or (isinstance(amount, list) and len(amount) != rank):
            raise FrameworkError(
                f"{class_name}: {argument}={shown(amount)} is not a size of at least 0, "
                f"or one (or a pair) for each of {axes_text(rank)}"
            )
        return {**args, argument: amount}

    return rewrite


def whole_factors(class_name: str, args: Args) -> Args:
    """UpSampling takes whole factors only."""
    size = args.get("size", 2)
    factors = size if isinstance(size, list) else [size]
    rank = spatial_axes(class_name) or 1
    if not all(is_whole(n) and n > 0 for n in factors) or (isinstance(size, list) and len(size) != rank):
        raise FrameworkError(
            f"{class_name}: size={shown(size)} is not a whole factor, or one for each of {axes_text(rank)}"
        )
    return args


def window(class_name: str, args: Args) -> Args:
    """Sizes of windows are positive; padding is a word, and which words there are depends on the class."""
    padding = args.get("padding", "valid")
    allowed = ("valid", "same", "causal") if class_name == "Conv1D" else ("valid", "same")
    if not isinstance(padding, str) or padding.lower() not in allowed:
        raise FrameworkError(f"{class_name}: padding={shown(padding)} is not {or_list(map(repr, allowed))}")
    if class_name.startswith("AveragePooling") and args.get("pool_size") is None:
        raise FrameworkError(f"{class_name} needs pool_size; unlike MaxPooling it has no default")
    rank = spatial_axes(class_name) or 1
    for name in ("kernel_size", "pool_size", "strides", "dilation_rate", "output_padding"):
        size = args.get(name)
        low = 0 if name == "output_padding" else 1
        if size is None:
            continue
        sizes = size if isinstance(size, list) else [size]
        if not all(is_whole(n) and n >= low for n in sizes) or (isinstance(size, list) and len(size) != rank):
            raise FrameworkError(
                f"{class_name}: {name}={shown(size)} is not a size of at least {low}, "
                f"or one for each of {axes_text(rank)}"
            )
    return {**args, "padding": padding.lower()}


def convolution(class_name: str, args: Args) -> Args:
    """A window, of which Keras allows a stride or a dilation above 1, but not both."""
    args = window(class_name, args)
    strides, dilation = (_most(args.get(name, 1)) for name in ("strides", "dilation_rate"))
    alone = not class_name.startswith(("Depthwise", "Separable"))
    if alone and strides > 1 and dilation > 1:
        raise FrameworkError(
            f"{class_name}: Keras refuses strides above 1 together with a dilation_rate above 1; set one of them to 1"
        )
    return args


def transposed(class_name: str, args: Args) -> Args:
    """A convolution whose output padding stays below its strides."""
    args = convolution(class_name, args)
    extra, strides = args.get("output_padding"), args.get("strides", 1)
    if extra is not None:
        rank = spatial_axes(class_name) or 1
        pairs = zip(*(size if isinstance(size, list) else [size] * rank for size in (extra, strides)), strict=True)
        if any(more >= step for more, step in pairs):
            raise FrameworkError(
                f"{class_name}: output_padding={shown(extra)} must be below strides={shown(strides)} on every axis"
            )
    return args


def _most(size: Any) -> int:
    return max(size) if isinstance(size, list) else int(size)


def normalization(class_name: str, args: Args) -> Args:
    """Statistics that are given are no weights; no axis stands for one mean of all."""
    fixed = args.pop("mean", None) is not None
    args.pop("variance", None)
    axis = args.pop("axis", -1)
    return {**args, "axis": [] if axis is None else axis, **({"fixed": True} if fixed else {})}


def attention(class_name: str, args: Args) -> Args:
    """``output_shape`` may be a number."""
    if args.pop("return_attention_scores", False):
        args["return_weights"] = "heads"
    if is_whole(args.get("output_shape")):
        args["output_shape"] = [args["output_shape"]]
    return args


def einsum(class_name: str, args: Args) -> Args:
    """None in ``output_shape`` is a size that the input gives."""
    sizes = args.get("output_shape")
    listed = sizes if isinstance(sizes, list) else [sizes]
    letters = str(args.get("equation", "")).rpartition("->")[2].strip()
    if "." not in letters and len(letters) == len(listed) + 1:
        open_axes = {letters[0], *(letter for letter, size in zip(letters[1:], listed, strict=True) if size is None)}
        if open_axes & set(args.get("bias_axes") or ""):
            raise FrameworkError(
                f"{class_name}: bias_axes={shown(args['bias_axes'])} names an axis without a size (the batch, or None)"
            )
    return {**args, "output_shape": [-1 if size is None else size for size in listed]}


def dot(class_name: str, args: Args) -> Args:
    """One axis of both inputs, or one for each."""
    axes = args.get("axes")
    if not (is_whole(axes) or (isinstance(axes, list) and len(axes) == 2 and all(map(is_whole, axes)))):
        raise FrameworkError(f"{class_name}: axes={shown(axes)} is not an axis, or one for each of the two inputs")
    return args


def rescaling(class_name: str, args: Args) -> Args:
    """A factor or an offset for each channel changes values only."""
    return {name: value for name, value in args.items() if not isinstance(value, list)}


def flatten(class_name: str, args: Args) -> Args:
    """The order of the elements changes no shape."""
    return {}


def rate(class_name: str, args: Args) -> Args:
    """A share from 0 to 1."""
    rate = args.get("rate")
    if not isinstance(rate, int | float) or not 0 <= rate <= 1:
        raise FrameworkError(f"{class_name}: rate={shown(rate)} is not a number from 0 to 1")
    return args


def permute(class_name: str, args: Args) -> Args:
    """Each axis once, counted from 1."""
    dims = args.get("dims")
    if not isinstance(dims, list) or sorted(dims) != list(range(1, len(dims) + 1)):
        raise FrameworkError(f"{class_name}: dims={shown(dims)} does not name each axis from 1 on once")
    return args


def shared_axes(class_name: str, args: Args) -> Args:
    """No axis is shared where none is named."""
    return {**args, "shared_axes": args.get("shared_axes") or []}
