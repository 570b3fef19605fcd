"""Convolutions and pools as PyTorch writes them, with paddings that it has no word for written out.

PyTorch pads both ends of an axis alike and refuses ``same`` with a stride above 1: other paddings are a step before
the layer, with the numbers that its input comes to. Sources: torch.nn, ATen's ``Pool.h``, and ``core.windows``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from tui.core.argument import per_axis
from tui.core.size import Size, at_least
from tui.core.spread import cut_before
from tui.core.windows import ends_of, extent, pads
from tui.formats.torch.write_functions import activated
from tui.formats.torch.write_site import Chain, Site
from tui.formats.torch.write_source import FIRST, Said
from tui.formats.torch.write_text import call, tupled

Ends = tuple[Size, Size]
PAD_MODULES: Final = {"zeros": "Zero", "reflect": "Reflection", "replicate": "Replication", "circular": "Circular"}


class Axis(NamedTuple):
    """The window along one axis, and what its ends are padded with."""

    n: Size
    k: Size
    s: Size
    d: Size
    ends: Ends
    out: Size


def axes_of(site: Site) -> list[Axis]:
    """The windows of a layer along its spatial axes."""
    kind = site.kind
    spatial, out = kind.spatial(site.shape), site.of("slid")(site.shape)
    rank = len(spatial)
    stride = site.of("kernel") if site.of("stride") is None else site.of("stride")
    sizes = (per_axis(v, rank) for v in (site.of("kernel"), stride, site.of("dilation")))
    found = zip(spatial, *sizes, ends_of(site.of("padding"), rank), out, strict=True)
    return [Axis(n, k, s, d, pads(n, k, s, d, ends), o) for n, k, s, d, ends, o in found]


def alike(axes: Sequence[Axis]) -> bool:
    """Whether both ends of each axis are padded by the same size."""
    return all(first == last for first, last in (axis.ends for axis in axes))


def frame(site: Site, ends: Sequence[Ends], size: bool = True) -> str:
    """Paddings in PyTorch's order: the last axis first."""
    write = site.size if size else site.arg
    return tupled([write(end) for pair in reversed(ends) for end in pair])


def padded(chain: Chain, ends: Sequence[Ends], mode: str = "zeros", value: str | None = None) -> Chain:
    """One more step: padding, or cropping where a size is below 0."""
    if all(end == 0 for pair in ends for end in pair):
        return chain
    site, rank = chain.site, len(ends)
    sizes = frame(site, ends, size=False)
    module = f"nn.Constant{'Pad'}{rank}d({sizes}, {value})" if value else f"nn.{PAD_MODULES[mode]}Pad{rank}d({sizes})"
    if mode == "zeros":
        return chain.then(call("F.pad", "{}", frame(site, ends), value=value), module)
    return chain.then(call("F.pad", "{}", frame(site, ends), mode=f'"{mode}"'), module)


def unless(word: str, default: str) -> str | None:
    """A word that is left out where it is the default."""
    return None if word == default else word


def window(site: Site, axes: Sequence[Axis], padding: str | None = None) -> dict[str, str | None]:
    """Stride, padding and dilation of a convolution."""
    return {
        "stride": unless(site.args([axis.s for axis in axes]), "1"),
        "padding": padding,
        "dilation": unless(site.args([axis.d for axis in axes]), "1"),
    }


def _padding(chain: Chain, axes: Sequence[Axis], mode: str) -> str | None:
    """The padding of a convolution as its argument; None where there is none, or where a step before it pads."""
    site, asked = chain.site, site_padding(chain.site)
    if asked == "same" and all(axis.s == 1 for axis in axes):
        return '"same"'
    if alike(axes) and all(at_least(axis.ends[0], 0) for axis in axes):
        return unless(site.args([axis.ends[0] for axis in axes]), "0")
    if asked in ("same", "same_lower"):
        site.tell("folded", f"padding={asked} is written out in sizes, the odd unit "
                            f"{'last' if asked == 'same' else 'first'}: PyTorch pads both ends alike")  # fmt: skip
    padded(chain, [axis.ends for axis in axes], mode)
    return None


def site_padding(site: Site) -> str | None:
    """The padding of a layer where it is a word."""
    padding = site.of("padding")
    return padding if isinstance(padding, str) else None


def conv(site: Site) -> Said:
    """nn.Conv1d to nn.Conv3d."""
    axes, chain = axes_of(site), Chain(site, FIRST)
    mode = site.of("padding_mode")
    padding = _padding(chain, axes, mode)
    constructor = call(
        f"nn.Conv{len(axes)}d", site.arg(site.kind.channels(site.shape)), site.arg(site.of("filters")),
        kernel_size=site.args([axis.k for axis in axes]), **window(site, axes, padding),
        groups=unless(site.arg(site.of("groups")), "1"), bias=None if site.of("bias") else "False",
        padding_mode=f'"{mode}"' if padding and mode != "zeros" else None,
    )  # fmt: skip
    return activated(chain.own(constructor), site.of("activation")).said()


def depthwise(site: Site) -> Said:
    """A convolution with as many groups as there are channels."""
    axes, chain = axes_of(site), Chain(site, FIRST)
    padding = _padding(chain, axes, "zeros")
    channels = site.kind.channels(site.shape)
    constructor = call(
        f"nn.Conv{len(axes)}d", site.arg(channels), site.arg(site.kind.channels(site.out)),
        kernel_size=site.args([axis.k for axis in axes]), **window(site, axes, padding),
        groups=site.arg(channels), bias=None if site.of("bias") else "False",
    )  # fmt: skip
    return activated(chain.own(constructor), site.of("activation")).said()


def separable(site: Site) -> Said:
    """Two convolutions, of which the second has the bias."""
    axes, chain = axes_of(site), Chain(site, FIRST)
    padding = _padding(chain, axes, "zeros")
    channels = site.kind.channels(site.shape)
    between = site.arg(channels * site.of("depth_multiplier"))
    first = call(
        f"nn.Conv{len(axes)}d", site.arg(channels), between, kernel_size=site.args([axis.k for axis in axes]),
        **window(site, axes, padding), groups=site.arg(channels), bias="False",
    )  # fmt: skip
    second = call(f"nn.Conv{len(axes)}d", between, site.arg(site.of("filters")), kernel_size="1",
                  bias=None if site.of("bias") else "False")  # fmt: skip
    chain.own(first, "depthwise").own(second, "pointwise")
    site.tell("folded", "a separable convolution is two modules here, depthwise and pointwise")
    return activated(chain, site.of("activation")).said()


def transposed(site: Site) -> Said:
    """nn.ConvTranspose1d to 3d; what its padding cannot cut off at one end alone is cropped behind it."""
    kind, chain = site.kind, Chain(site, FIRST)
    out = kind.spatial(site.out)
    padding, extra, crops = list[Size](), list[Size](), list[Ends]()
    for (n, k, s, d, ends, o, size), m in zip(site.of("axes")(kind.spatial(site.shape)), out, strict=True):
        e = extent(k, d)
        before = cut_before(n, e, s, ends, o, size)
        after = (n - 1) * s + e - before - m  # what is cut off behind; below 0 where units are added
        lacks = before - after
        crops.append((0, lacks) if at_least(lacks, 0) is False else (0, 0))
        lacks = 0 if at_least(lacks, 0) is False else lacks
        if lacks != 0 and at_least(lacks, s) and at_least(lacks, d):
            site.refuse(f"an output of {site.arg(m)} needs {site.arg(lacks)} units more than PyTorch adds",
                        "add them with a pad layer behind it, or lower output_size or output_padding")  # fmt: skip
        padding.append(before)
        extra.append(lacks)
    rank = len(out)
    kernel, stride, dilation = (site.args(per_axis(site.of(v), rank)) for v in ("kernel", "stride", "dilation"))
    constructor = call(
        f"nn.ConvTranspose{rank}d", site.arg(kind.channels(site.shape)), site.arg(site.of("filters")),
        kernel_size=kernel, stride=unless(stride, "1"), padding=unless(site.args(padding), "0"),
        output_padding=unless(site.args(extra), "0"), groups=unless(site.arg(site.of("groups")), "1"),
        bias=None if site.of("bias") else "False", dilation=unless(dilation, "1"),
    )  # fmt: skip
    chain.own(constructor)
    if any(end != 0 for pair in crops for end in pair):
        site.tell("folded", "what its padding cuts off at one end only is cropped behind the layer")
    padded(chain, crops)
    return activated(chain, site.of("activation")).said()
