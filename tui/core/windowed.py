"""What the layers with a sliding window share: their arguments, and the sizes and windows that follow from them."""

from __future__ import annotations

from dataclasses import replace
from math import gcd
from typing import Final

from tui.core.argument import Arg, Axes, Padding, Pads, PerAxis, Switch, Whole, per_axis
from tui.core.errors import Fix, ShapeError, or_list
from tui.core.kind import Kind, Reach
from tui.core.size import Size, at_least, same, text
from tui.core.tensor import Shape, Tensor, Tensors
from tui.core.windows import axes_text, check_rank, slide_all, unread, windows
from tui.core.working import plain

KERNEL: Final = Arg("kernel", Axes(examples=("3x3", "1x1", "5x5")), help="the window: 3, or 3x5", slot=1,
                    aliases=("kernel_size", "kernel_shape"), short="k", sign="k")  # fmt: skip
STRIDE: Final = Arg("stride", Axes(), 1, "the step of the window", aliases=("strides",), short="s", sign="s")
MODES: Final = ("valid", "same", "same_lower", "causal")
PADDING: Final = Arg("padding", Pads(MODES), "valid", "what is added around the input", short="p",
                     aliases=("pad", "pads"), sign="p", flags=tuple((word, word) for word in MODES))  # fmt: skip
DILATION: Final = Arg("dilation", Axes(), 1, "the distance between the taps of the window",
                      aliases=("dilation_rate", "dilations"), short="d", sign="d")  # fmt: skip
GROUPS: Final = Arg("groups", Whole(1), 1, "groups of channels that do not mix", aliases=("group",),
                    short="g")  # fmt: skip
BIAS: Final = Arg("bias", Switch(), True, "one bias for each output channel", aliases=("use_bias",), setting="bias",
                  flags=(("nobias", False),))  # fmt: skip
FILTERS: Final = Arg("filters", Whole(1, examples=("32", "64", "128")), help="output channels", slot=0,
                     aliases=("out_channels",))  # fmt: skip
IN_CHANNELS: Final = Arg("in_channels", Whole(1), None, "the input channels that are expected; checked only")
"""PyTorch's first argument and ONNX's kernel shape say it; the sizes come from the input all the same."""

POOL_KERNEL: Final = replace(KERNEL, slot=0, aliases=(*KERNEL.aliases, "pool_size"), type=Axes(examples=("2", "3")))
POOL_STRIDE: Final = replace(STRIDE, default=None, help="the step of the window; the kernel where it is left out")
RETURN_INDICES: Final = Arg("return_indices", Switch(), False, "a second output says where each largest element was")


class Windowed(Kind):
    """Base of the kinds whose window slides over the input; ``stride`` None is the kernel, as pools have it."""

    kernel: PerAxis
    stride: PerAxis | None
    padding: Padding
    dilation: PerAxis
    ceil_mode: bool = False

    def rank(self, shape: Shape) -> int:
        """The number of spatial axes; raises ShapeError where the window's arguments name another one."""
        rank = need_spatial(self, shape)
        for name in ("kernel", "stride", "padding", "dilation"):
            value = getattr(self, name)
            if isinstance(value, tuple):
                check_rank(name, value, rank)
        if self.padding == "causal" and rank != 1:
            raise ShapeError(
                f"padding=causal is for a single axis, the input has {axes_text(rank, 'spatial')}",
                fixes=[Fix("padding=same", {"padding": "same"})],
            )
        return rank

    def steps(self) -> PerAxis:
        """The stride of the window."""
        return self.kernel if self.stride is None else self.stride

    def slid(self, shape: Shape) -> tuple[Size, ...]:
        """The spatial output sizes; raises ShapeError where no window fits."""
        return slide_all(self.spatial(shape), self.kernel, self.steps(), self.dilation, self.padding, self.ceil_mode)

    def remarks(self, inputs: Tensors, outputs: Tensors) -> tuple[str, ...]:
        """What the rounding down loses: input that no window reads."""
        if self.ceil_mode or not above_one(self.steps()):
            return ()
        spatial = self.spatial(inputs[0].shape)
        rank = len(spatial)
        rest = unread(spatial, self.kernel, self.steps(), self.dilation, self.padding)
        names = {1: ("position",), 2: ("row", "column"), 3: ("slice", "row", "column")}[rank]
        lost = [f"{n} {name}{'' if n == 1 else 's'}" for n, name in zip(rest, names, strict=True) if n]
        return (f"no window reads the last {or_list(lost, 'and')} of the input",) if lost else ()

    def reach(self, inputs: Tensors) -> Reach:
        return windows(self.spatial(inputs[0].shape), self.kernel, self.steps(), self.dilation, self.padding)


def with_indices(outputs: Tensors, wanted: bool) -> Tensors:
    """The outputs, with the indices of the largest elements as a second one where they are wanted."""
    return (*outputs, Tensor(outputs[0].shape, "int64")) if wanted else outputs


def need_spatial(kind: Kind, shape: Shape) -> int:
    """The number of spatial axes, 1 to 3; raises ShapeError where there are none or more."""
    rank = len(shape) - 2
    if rank not in (1, 2, 3):
        raise ShapeError(f"{kind.name} needs 1 to 3 spatial axes and channels, it gets {max(rank, 0)} spatial axes")
    return rank


def above_one(value: PerAxis) -> bool:
    """Whether a size is above 1 along any axis, for all values of the symbols."""
    return any(at_least(size, 2) for size in per_axis(value, 1))


def check_channels(expected: Size | None, channels: Size) -> None:
    """Raise ShapeError where the input has other channels than the layer was declared for."""
    if expected is not None and same(expected, channels) is False:
        wanted, found = plain(expected), plain(channels)
        raise ShapeError(
            f"in_channels={text(wanted)}, the input has {text(found)} channels",
            fixes=[Fix(f"in_channels={text(found)}", {"in_channels": found})],
        )


def divides(groups: Size, *sizes: Size) -> tuple[tuple[Size, Size], ...]:
    """What has to be equal for groups to divide some sizes: the rest of each, and 0."""
    return () if groups == 1 else tuple((size % groups, 0) for size in sizes)


def check_groups(groups: Size, size: Size, what: str) -> None:
    """Raise ShapeError where the groups do not divide a number of channels."""
    if groups == 1 or same(size % groups, 0) is not False:
        return
    fixes = [Fix("groups=1", {"groups": 1})]
    plain_groups, plain_size = plain(groups), plain(size)
    if isinstance(plain_groups, int) and isinstance(plain_size, int) and (shared := gcd(plain_groups, plain_size)) > 1:
        fixes.insert(0, Fix(f"groups={shared}", {"groups": shared}))
    raise ShapeError(f"groups={text(plain_groups)} does not divide {text(plain_size)} {what}", fixes=fixes)
