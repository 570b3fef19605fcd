"""Pools, and windows as columns, as PyTorch writes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tui.core.argument import per_axis
from tui.core.size import at_least, same
from tui.core.windows import ends_of, extent, pads, slide
from tui.formats.torch.write_functions import Rule
from tui.formats.torch.write_site import Chain, Site
from tui.formats.torch.write_source import FIRST, Said
from tui.formats.torch.write_text import call, operand, tupled
from tui.formats.torch.write_windows import Axis, Ends, alike, axes_of, frame, padded, site_padding, unless, window


def _native(axis: Axis, ceil_mode: bool) -> bool:
    """Whether PyTorch's own padding of both ends gives the size that is computed."""
    n, k, s, d, (first, last), out = axis
    if first != last or at_least(extent(k, d), 2 * first) is False or at_least(k, 2 * first) is False:
        return False
    return same(slide(n, k, s, d, (first, last), ceil_mode), out) is not False


def _exact(axis: Axis) -> Ends:
    """Paddings with which as many windows fit as are computed, without rounding up."""
    n, k, s, d, (first, _), out = axis
    return first, (out - 1) * s + extent(k, d) - n - first


def _pooled(site: Site) -> tuple[list[Axis], bool, bool]:
    """The windows, whether PyTorch's own padding does, and whether it rounds up."""
    ceil_mode = bool(site.of("ceil_mode")) and site_padding(site) in (None, "valid")
    axes = axes_of(site)
    return axes, all(_native(axis, ceil_mode) for axis in axes), ceil_mode


def _pool_words(site: Site, axes: Sequence[Axis], native: bool, ceil_mode: bool) -> dict[str, str | None]:
    kernel = site.args([axis.k for axis in axes])
    return {
        "stride": unless(site.args([axis.s for axis in axes]), kernel),
        "padding": unless(site.args([axis.ends[0] for axis in axes]), "0") if native else None,
        "ceil_mode": "True" if native and ceil_mode else None,
    }


def max_pool(site: Site) -> Said:
    """nn.MaxPool1d to 3d; other paddings are a step before it, of minus infinity."""
    axes, native, ceil_mode = _pooled(site)
    chain = Chain(site, FIRST)
    indices = site.of("return_indices")
    if not native:
        if indices:
            site.refuse("PyTorch pads both ends of an axis alike, and the indices of a padded input name other places",
                        "give a padding of one size for both ends")  # fmt: skip
        padded(chain, [_exact(axis) for axis in axes], value='float("-inf")')
    words = _pool_words(site, axes, native, ceil_mode)
    dilation = unless(site.args([axis.d for axis in axes]), "1")
    chain.own(call(f"nn.MaxPool{len(axes)}d", site.args([axis.k for axis in axes]), **words, dilation=dilation,
                   return_indices="True" if indices else None))  # fmt: skip
    said = chain.said()
    return said._replace(packed=True, modules=None) if indices else said


def avg_pool(site: Site) -> Said:
    """nn.AvgPool1d to 3d. Where it cannot leave the padding out of its means, the means of ones divide them."""
    axes, native, ceil_mode = _pooled(site)
    _undilated(site, axes)
    chain = Chain(site, FIRST)
    in_words = site_padding(site) is not None
    counts = bool(site.of("count_include_pad")) and not in_words  # Keras's means leave its padding out
    words = _pool_words(site, axes, native, ceil_mode)
    any_pad = any(end != 0 for axis in axes for end in axis.ends)
    if any_pad and native and not counts:
        words["count_include_pad"] = "False"
    divisor = site.of("divisor_override")
    if divisor is not None:
        if len(axes) == 1:
            site.refuse("nn.AvgPool1d has no divisor_override", "leave it out and scale behind the layer")
        words["divisor_override"] = site.arg(divisor)
    constructor = call(f"nn.AvgPool{len(axes)}d", site.args([axis.k for axis in axes]), **words)
    if native:
        return chain.own(constructor).said()
    ends = [_exact(axis) for axis in axes]
    x = site.variable(chain.code)
    path = site.own(constructor)
    numbers = frame(site, ends)
    code = f"{path}(F.pad({x}, {numbers}))"
    if not counts and divisor is None:
        code += f" / {path}(F.pad(torch.ones_like({x}), {numbers}))"
    return Said((code,), FIRST)


def lp_pool(site: Site) -> Said:
    """nn.LPPool1d to 3d; a padding is a step before it, of zeros."""
    axes, _, ceil_mode = _pooled(site)
    _undilated(site, axes)
    chain = Chain(site, FIRST)
    bare = not any(end != 0 for axis in axes for end in axis.ends) and all(_native(axis, ceil_mode) for axis in axes)
    if not bare:
        padded(chain, [_exact(axis) for axis in axes])
    words = _pool_words(site, axes, bare, ceil_mode)
    norm = site.of("norm")
    constructor = call(f"nn.LPPool{len(axes)}d", repr(norm), site.args([axis.k for axis in axes]), **words)
    return chain.own(constructor).said()


def _undilated(site: Site, axes: Sequence[Axis]) -> None:
    if any(axis.d != 1 for axis in axes):
        site.refuse(f"PyTorch's {site.kind.name} has no dilation", "take dilation=1, or maxpool, which has one")


def max_unpool(site: Site) -> Said:
    """nn.MaxUnpool1d to 3d, given the indices of a pool."""
    chain = Chain(site, FIRST)
    kind, rank = site.kind, site.rank
    kernel = site.args(per_axis(site.of("kernel"), rank))
    stride = site.of("stride")
    ends = ends_of(site.of("padding"), rank)
    first = [end for end, _ in (pair for pair in ends if not isinstance(pair, str))]
    path = site.own(call(
        f"nn.MaxUnpool{rank}d", kernel, stride=None if stride is None else unless(site.args(per_axis(stride, rank)),
        kernel), padding=unless(site.args(first), "0"),
    ))  # fmt: skip
    size = None if site.of("output_size") is None else tupled([*map(site.size, kind.spatial(site.out))])
    places = site.read(1, FIRST)
    if not site.values[1].tensor.dtype.startswith("int"):
        places = f"{operand(places)}.long()"
    return Said((call(path, chain.code, places, output_size=size),), FIRST)


def unfold(site: Site) -> Said:
    """nn.Unfold, which PyTorch has for two axes."""
    axes, chain = axes_of(site), Chain(site, FIRST)
    _images(site, len(axes))
    ends = [axis.ends for axis in axes]
    own = alike(axes)
    if not own:
        padded(chain, ends)
    padding = unless(site.args([first for first, _ in ends]), "0") if own else None
    chain.own(call("nn.Unfold", site.args([axis.k for axis in axes]), **window(site, axes, padding)))
    return chain.said()


def fold(site: Site) -> Said:
    """nn.Fold, which PyTorch has for two axes."""
    chain = Chain(site, FIRST)
    sizes = site.of("sizes")()
    _images(site, len(sizes))
    kernel, stride, dilation = (per_axis(site.of(v), 2) for v in ("kernel", "stride", "dilation"))
    ends = [pads(n, k, s, d, end) for n, k, s, d, end in
            zip(sizes, kernel, stride, dilation, ends_of(site.of("padding"), 2), strict=True)]  # fmt: skip
    if any(first != last for first, last in ends):
        site.refuse("nn.Fold pads both ends of an axis alike", "give a padding of one size for both ends")
    chain.own(call("nn.Fold", tupled([*map(site.arg, sizes)]), site.args(kernel),
                   stride=unless(site.args(stride), "1"), dilation=unless(site.args(dilation), "1"),
                   padding=unless(site.args([first for first, _ in ends]), "0")))  # fmt: skip
    return chain.said()


def _images(site: Site, rank: int) -> None:
    if rank != 2:
        site.refuse(f"PyTorch's {site.kind.name} is for 2 spatial axes, here are {rank}", "give it an axis of 1")


POOLS: Final[dict[str, tuple[Rule, str]]] = {
    "maxpool": (max_pool, FIRST), "avgpool": (avg_pool, FIRST), "lppool": (lp_pool, FIRST),
    "maxunpool": (max_unpool, FIRST), "unfold": (unfold, FIRST), "fold": (fold, FIRST),
}  # fmt: skip
"""Each kind with its rule and the layout that it reads."""
