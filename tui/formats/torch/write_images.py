"""Pools over whole axes, resizing, padding and rearranging of images as PyTorch writes them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from tui.core.argument import per_axis
from tui.core.size import Size, at_least, minimum
from tui.formats.torch.write_functions import Rule
from tui.formats.torch.write_site import Chain, Site
from tui.formats.torch.write_source import EITHER, FIRST, OURS, Said
from tui.formats.torch.write_text import call, operand, real, tupled
from tui.formats.torch.write_windows import padded

MODES: Final = {"linear": ("linear", "bilinear", "trilinear"), "cubic": ("", "bicubic", "")}


def global_pool(word: str) -> Rule:
    """The mean or the largest of all of every spatial axis."""

    def rule(site: Site) -> Said:
        if site.of("keepdims"):
            return Chain(site, FIRST).own(f"nn.Adaptive{word}Pool{site.rank}d(1)").said()
        value = site.values[0]
        axes = [site.axis(axis, site.shape, value.layout) for axis in _spatial(site)]
        step = f"{{}}.{'mean' if word == 'Avg' else 'amax'}(dim={_dims(axes)})"
        chain = Chain(site, EITHER)
        if site.chained and (value.layout == FIRST or not site.source.channels_last):
            # As modules it is two: the pool leaves axes of 1.
            path = f"nn.Adaptive{word}Pool{site.rank}d(1)"
            chain.then(step, path).modules.append("nn.Flatten()")
        else:
            chain.then(step)
        return chain.said(OURS)

    return rule


def global_lp_pool(site: Site) -> Said:
    """The p-norm of all of every spatial axis."""
    value = site.values[0]
    axes = [site.axis(axis, site.shape, value.layout) for axis in _spatial(site)]
    keep = "True" if site.of("keepdims") else None
    norm = call("torch.linalg.vector_norm", "{}", real(site.of("norm")), dim=_dims(axes), keepdim=keep)
    return Chain(site, EITHER).then(norm).said(None if keep else OURS)


def _spatial(site: Site) -> range:
    return range(1, len(site.shape) - 1) if site.source.channels_last else range(2, len(site.shape))


def _dims(axes: Sequence[int]) -> str:
    return tupled([*map(str, axes)]) if len(axes) > 1 else str(axes[0])


def adaptive(word: str) -> Rule:
    """nn.AdaptiveAvgPool1d to 3d and their likes; None keeps an axis."""

    def rule(site: Site) -> Said:
        asked = per_axis(site.of("size"), site.rank)
        sizes = ["None" if size == 0 else site.arg(size) for size in asked]
        if sizes == ["None"]:
            site.refuse("nn.AdaptiveAvgPool1d cannot keep its only axis", "skip the layer, it changes nothing")
        size = sizes[0] if len(set(sizes)) == 1 and sizes[0] != "None" else tupled(sizes)
        indices = bool(getattr(site.kind, "return_indices", False))
        name = f"nn.Adaptive{word}Pool{site.rank}d"
        said = Chain(site, FIRST).own(call(name, size, return_indices="True" if indices else None)).said()
        return said._replace(packed=True, modules=None) if indices else said

    return rule


def fractional(site: Site) -> Said:
    """nn.FractionalMaxPool2d and 3d, with the size that comes out."""
    if site.rank == 1:
        site.refuse("PyTorch's fractional max pool is for 2 or 3 spatial axes", "use adaptivemaxpool")
    sizes = tupled([*map(site.arg, site.kind.spatial(site.out))])
    indices = bool(site.of("return_indices"))
    constructor = call(f"nn.FractionalMaxPool{site.rank}d", site.args(per_axis(site.of("kernel"), site.rank)),
                       output_size=sizes, return_indices="True" if indices else None)  # fmt: skip
    said = Chain(site, FIRST).own(constructor).said()
    return said._replace(packed=True, modules=None) if indices else said


def resized(site: Site) -> Said:
    """nn.Upsample by a whole factor, else to the size that comes out: a decimal factor is rounded in floating point."""
    kind, rank = site.kind, site.rank
    mode = site.of("mode")
    if mode in MODES:
        mode = MODES[mode][rank - 1]
    if kind.name == "resizing":
        site.tell("differs", "Keras's resizing of images may differ from PyTorch's in the last digits")
        mode = "nearest-exact" if mode == "nearest" else mode
    if not mode or mode.startswith("lanczos") or (mode == "bilinear" and rank != 2):
        site.refuse(f"PyTorch has no mode {site.of('mode')} for {rank} spatial axes", "take mode=linear or nearest")
    factor = site.of("size") if kind.name == "upsampling" else getattr(kind, "scale", None)
    words: dict[str, str | None] = {}
    factors = factor if isinstance(factor, tuple) else (factor,) * rank
    if factor is not None and not any(isinstance(one, Fraction) and one.denominator != 1 for one in factors):
        whole = [one.numerator if isinstance(one, Fraction) else one for one in factors if one is not None]
        words["scale_factor"] = site.args(whole)
    else:
        words["size"] = site.args(kind.spatial(site.out))
    mode_word = None if mode == "nearest" else f'"{mode}"'
    return Chain(site, FIRST).own(call("nn.Upsample", **words, mode=mode_word)).said()


def center_crop(site: Site) -> Said:
    """The middle of an image. Of one that is too small Keras's ``smart_resize`` enlarges the part of that form."""
    spatial, out = site.kind.spatial(site.shape), site.kind.spatial(site.out)
    if all(at_least(n, m) is not False for n, m in zip(spatial, out, strict=True)):
        return _cut(site, [((n - m) // 2, m) for n, m in zip(spatial, out, strict=True)])
    (high, wide), (height, width) = spatial, out
    part = minimum(high, wide * height // width), minimum(wide, high * width // height)
    cut = _cut(site, [((n - m) // 2, m) for n, m in zip(spatial, part, strict=True)])
    sizes = tupled([site.size(height), site.size(width)])
    return Said((call("F.interpolate", cut.outputs[0], size=sizes, mode='"bilinear"'),), FIRST)


def random_crop(site: Site) -> Said:
    """What it is when nothing is trained: the middle."""
    site.tell("differs", "the place of the crop is not drawn at random: the middle is taken, as at inference")
    return center_crop(site)


def _cut(site: Site, cuts: Sequence[tuple[Size, Size]]) -> Said:
    parts = []
    for start, size in cuts:
        first = "" if start == 0 else site.size(start)
        parts.append(f"{first}:{site.size(start + size)}")
    chain = Chain(site, FIRST)
    return chain.then(f"{{}}[:, :, {', '.join(parts)}]").said()


def center_crop_pad(site: Site) -> Said:
    """The middle of axes that are too long, zeros around those that are too short: padding, below 0 cropping."""
    ends = []
    for n, m in zip(site.shape, site.out, strict=True):
        if at_least(n, m):
            ends.append((-((n - m) // 2), -(n - m - (n - m) // 2)))
        elif at_least(m, n):
            ends.append(((m - n) // 2, m - n - (m - n) // 2))
        else:
            site.refuse("whether it crops or pads depends on a symbol", "give the symbol a value")
    return _framed(site, ends, "zeros", None)


def pad(site: Site) -> Said:
    """F.pad, or the module for its mode."""
    mode = {"constant": "zeros"}.get(site.of("mode"), site.of("mode"))
    if mode == "symmetric":
        site.refuse("PyTorch has no symmetric padding", "take mode=reflect, which leaves out the edge")
    value = getattr(site.kind, "value", 0.0)
    return _framed(site, list(site.of("frame")(site.shape)), mode, real(value) if value else None)


def crop(site: Site) -> Said:
    """Slices; a module that pads by less than 0 where modules are in a row."""
    frame = list(site.of("frame")(site.shape))
    return _framed(site, [(-first, -last) for first, last in frame], "zeros", None)


def _framed(site: Site, frame: list[tuple[Size, Size]], mode: str, value: str | None) -> Said:
    chain = Chain(site, FIRST)
    if site.moves(site.shape):
        frame = [frame[0], frame[-1], *frame[1:-1]]
    if all(end == 0 for pair in frame[:2] for end in pair):
        return padded(chain, frame[2:], mode, value).said()
    if mode != "zeros":
        site.refuse(f"PyTorch pads the batch or the channels with a constant only, not with {mode}",
                    "pad the spatial axes alone, or with a constant")  # fmt: skip
    sizes = tupled([site.size(end) for pair in reversed(frame) for end in pair])
    return chain.then(call("F.pad", "{}", sizes, value=value)).said()


def shuffle(site: Site) -> Said:
    """nn.PixelShuffle and nn.PixelUnshuffle for images of two axes.

    Which channels go where differs between the frameworks (mode=DCR or CRD): no count and no shape does.
    """
    if site.rank != 2:
        site.refuse("PyTorch's is for 2 spatial axes", "use reshape and permute")
    if site.of("mode") == "DCR":
        site.tell("differs", "PyTorch takes the channels in the order CRD, not DCR")
    word = "PixelShuffle" if site.kind.name == "pixelshuffle" else "PixelUnshuffle"
    return Chain(site, FIRST).own(f"nn.{word}({site.arg(site.of('factor'))})").said()


def channel_shuffle(site: Site) -> Said:
    """nn.ChannelShuffle."""
    return Chain(site, FIRST).own(f"nn.ChannelShuffle({site.arg(site.of('groups'))})").said()


def grid_sample(site: Site) -> Said:
    """F.grid_sample, for 2 or 3 spatial axes."""
    if site.rank == 1:
        site.refuse("F.grid_sample is for 2 or 3 spatial axes", "give the input and the grid an axis of 1")
    code = call("F.grid_sample", site.read(0, FIRST), site.read(1), align_corners="False")
    return Said((code,), FIRST)


def affine_grid(site: Site) -> Said:
    """F.affine_grid."""
    sizes = tupled([*map(site.size, site.of("size"))])
    return Said((call("F.affine_grid", site.read(), sizes, align_corners="False"),))


def squeeze_excitation(site: Site) -> Said:
    """Two dense layers over the mean of each channel weigh the channels, as in torchvision."""
    x = site.variable(site.read(0, FIRST), "image")
    channels, squeeze = site.arg(site.kind.channels(site.shape)), site.arg(site.of("squeeze"))
    bias = "" if site.of("bias") else ", bias=False"
    reduce = site.own(f"nn.Linear({channels}, {squeeze}{bias})", "reduce")
    expand = site.own(f"nn.Linear({squeeze}, {channels}{bias})", "expand")
    mean = f"{x}.mean(dim={_dims(range(2, len(site.shape)))})" if site.rank > 0 else x
    scale = site.let("scale", f"torch.sigmoid({expand}(F.relu({reduce}({mean}))))")
    return Said((f"{x} * {site.spread(scale, _channel_axis(site), site.shape, FIRST)}".replace("[:", "[:, :"),), FIRST)


def _channel_axis(site: Site) -> int:
    return site.kind.channel_axis(site.shape)


def layer_scale(site: Site) -> Said:
    """One factor for each channel, and an offset if there is one."""
    chain = Chain(site, EITHER)
    axis, channels = _channel_axis(site), site.kind.channels(site.shape)
    factor = site.spread(site.parameter("gamma", (channels,), "torch.ones"), axis, site.shape, chain.layout)
    code = f"{operand(chain.code)} * {factor}"
    if site.of("bias"):
        code += f" + {site.spread(site.parameter('offset', (channels,)), axis, site.shape, chain.layout)}"
    return Said((code,), chain.layout)


IMAGES: Final[dict[str, tuple[Rule, str]]] = {
    "globalavgpool": (global_pool("Avg"), EITHER), "globalmaxpool": (global_pool("Max"), EITHER),
    "globallppool": (global_lp_pool, EITHER), "adaptiveavgpool": (adaptive("Avg"), FIRST),
    "adaptivemaxpool": (adaptive("Max"), FIRST), "fractionalmaxpool": (fractional, FIRST),
    "upsample": (resized, FIRST), "upsampling": (resized, FIRST), "resizing": (resized, FIRST),
    "centercrop": (center_crop, FIRST), "randomcrop": (random_crop, FIRST), "centercroppad": (center_crop_pad, FIRST),
    "pad": (pad, FIRST), "crop": (crop, FIRST),
    **dict.fromkeys(("reflectionpad", "replicationpad", "circularpad"), (pad, FIRST)),
    "pixelshuffle": (shuffle, FIRST), "pixelunshuffle": (shuffle, FIRST),
    "channelshuffle": (channel_shuffle, FIRST), "gridsample": (grid_sample, FIRST), "affinegrid": (affine_grid, OURS),
    "squeezeexcitation": (squeeze_excitation, FIRST), "layerscale": (layer_scale, EITHER),
}  # fmt: skip
"""Each kind with its rule and the layout that it reads."""
