"""Normalizations, linear layers and embeddings as PyTorch writes them.

PyTorch's momentum is one minus ours; every epsilon that is not its default is written. A scale without an offset,
or an offset without a scale, is a parameter beside the module where the module has both or none.
"""

from __future__ import annotations

from typing import Final

from tui.core.axes import axes_at, axis_at
from tui.core.size import Size
from tui.formats.torch.write_functions import Rule
from tui.formats.torch.write_site import Chain, Site
from tui.formats.torch.write_source import EITHER, FIRST, OURS, Said
from tui.formats.torch.write_text import call, operand, real, tupled
from tui.formats.torch.write_windows import unless


def _epsilon(site: Site, default: float) -> str | None:
    """None where PyTorch's own is meant: what a network of PyTorch or ONNX does not say."""
    return unless(real(site.of("epsilon")), repr(default)) if site.says("epsilon") else None


def _momentum(site: Site) -> str | None:
    return unless(real(round(1 - site.of("momentum"), 12)), "0.1") if site.says("momentum") else None


def _sides(site: Site) -> tuple[bool, bool]:
    """Whether there is a scale, and whether an offset."""
    affine = site.of("affine")
    return affine and getattr(site.kind, "scale", True), affine and getattr(site.kind, "center", True)


def _channels_at_one(site: Site) -> tuple[str, int]:
    """The input with the channels at axis 1, and the axis of the network where they stand."""
    axis = getattr(site.kind, "axis", None)
    own = site.kind.channel_axis(site.shape) if axis is None else axis_at(axis, site.shape)
    if len(site.shape) < 3 or own == 1:
        return site.read(), own
    if site.moves(site.shape) and own == len(site.shape) - 1:
        return site.read(0, FIRST), own
    site.chained = False
    return f"{operand(site.read())}.movedim({own}, 1)", own


def _back(site: Site, own: int, chain: Chain) -> Said:
    """The layer with its axes where they were."""
    if len(site.shape) > 2 and site.moves(site.shape) and own == len(site.shape) - 1:
        return chain.said(FIRST)
    return (chain if own == 1 or len(site.shape) < 3 else chain.then(f"{{}}.movedim(1, {own})")).said(OURS)


def _weighed(site: Site, chain: Chain, scale: bool, center: bool, size: Size) -> None:
    """The weights of a module that has both or none, as parameters beside it."""
    behind = ", None" * (len(site.shape) - 2)
    if scale:
        chain.then(f"{{}} * {site.parameter('gamma', (size,), 'torch.ones')}[:{behind}]".replace("[:]", ""))
    if center:
        chain.then(f"{{}} + {site.parameter('beta', (size,))}[:{behind}]".replace("[:]", ""))


def batch_norm(site: Site) -> Said:
    """nn.BatchNorm1d to 3d."""
    if len(site.shape) > 5:
        site.refuse("nn.BatchNorm has at most 3 spatial axes", "flatten some of them before it")
    code, own = _channels_at_one(site)
    scale, center = _sides(site)
    size = site.shape[own]
    chain = Chain(site, EITHER)
    chain.code, chain.modules = code, []
    name = f"nn.BatchNorm{max(len(site.shape) - 2, 1)}d"
    chain.own(call(name, site.arg(size), eps=_epsilon(site, 1e-5), momentum=_momentum(site),
                   affine=None if scale and center else "False",
                   track_running_stats=None if site.of("track_running_stats") else "False"))  # fmt: skip
    if scale != center:
        site.tell("folded", "nn.BatchNorm has a scale and an offset or none: the one that there is stands beside it")
        _weighed(site, chain, scale, center, size)
    return _back(site, own, chain)


def group_norm(site: Site) -> Said:
    """nn.GroupNorm; a group for each channel where groups is -1."""
    code, own = _channels_at_one(site)
    scale, center = _sides(site)
    size = site.shape[own]
    groups = size if site.of("groups") == -1 else site.of("groups")
    chain = Chain(site, EITHER)
    chain.code, chain.modules = code, []
    chain.own(call("nn.GroupNorm", site.arg(groups), site.arg(size), eps=_epsilon(site, 1e-5),
                   affine=None if scale and center else "False"))  # fmt: skip
    if scale != center:
        _weighed(site, chain, scale, center, size)
    return _back(site, own, chain)


def instance_norm(site: Site) -> Said:
    """nn.InstanceNorm1d to 3d."""
    if site.rank not in (1, 2, 3):
        site.refuse(f"nn.InstanceNorm reads 1 to 3 spatial axes, here are {site.rank}", "use layernorm")
    constructor = call(f"nn.InstanceNorm{site.rank}d", site.arg(site.kind.channels(site.shape)),
                       eps=_epsilon(site, 1e-5),
                       momentum=_momentum(site) if site.of("track_running_stats") else None,
                       affine="True" if site.of("affine") else None,
                       track_running_stats="True" if site.of("track_running_stats") else None)  # fmt: skip
    return Chain(site, FIRST).own(constructor).said()


def layer_norm(site: Site) -> Said:
    """nn.LayerNorm or nn.RMSNorm over the last axes; other axes are brought there and back."""
    rms = site.kind.name == "rmsnorm" or bool(getattr(site.kind, "rms_scaling", False))
    axes = site.of("_axes")(site.tensors)
    ndim, count = len(site.shape), len(axes)
    last = tuple(range(ndim - count, ndim))
    scale, center = _sides(site)
    if rms:
        scale, center = bool(site.of("affine")), False
    chain = Chain(site, OURS)
    moved = f"({', '.join(map(str, axes))}{',' if count == 1 else ''})", str(tuple(last))
    if tuple(axes) != last:
        chain.then(f"{{}}.movedim({moved[0]}, {moved[1]})")
    sizes = [site.shape[axis] for axis in axes]
    shape = site.arg(sizes[0]) if count == 1 else tupled([*map(site.arg, sizes)])
    eps = _epsilon(site, 1e-5) if not rms else real(site.of("epsilon")) if site.says("epsilon") else None
    if rms:
        chain.own(call("nn.RMSNorm", shape, eps=eps, elementwise_affine=None if scale else "False"))
    else:
        chain.own(call("nn.LayerNorm", shape, eps=eps, elementwise_affine=None if scale else "False",
                       bias="False" if scale and not center else None))  # fmt: skip
        if center and not scale:
            chain.then(f"{{}} + {site.parameter('beta', sizes)}")
    if tuple(axes) != last:
        chain.then(f"{{}}.movedim({moved[1]}, {moved[0]})")
    return chain.said()


def local_response(site: Site) -> Said:
    """nn.LocalResponseNorm, whose alpha is divided by the size as ONNX has it."""
    return Chain(site, FIRST).own(call(
        "nn.LocalResponseNorm", site.arg(site.of("size")), alpha=unless(real(site.of("alpha")), "0.0001"),
        beta=unless(real(site.of("beta")), "0.75"), k=unless(real(site.of("k")), "1.0"),
    )).said()  # fmt: skip


def unit_norm(site: Site) -> Said:
    """F.normalize."""
    axes, chain = axes_at(site.of("axis"), site.shape), Chain(site, EITHER)
    dims = [str(site.axis(axis, site.shape, chain.layout)) for axis in axes]
    p = unless(real(site.of("order")), "2.0")
    return chain.then(call("F.normalize", "{}", p=p, dim=dims[0] if len(dims) == 1 else tupled(dims))).said()


def mean_variance(site: Site) -> Said:
    """By the mean and the standard deviation of the named axes."""
    chain = Chain(site, OURS)
    dims = tupled([*map(str, axes_at(site.of("axis"), site.shape))])
    x = site.variable(chain.code)
    words = f"dim={dims}, keepdim=True"
    deviation = f"{x}.std({words}, correction=0).clamp(min=1e-9)"
    return Said((f"({x} - {x}.mean({words})) / {deviation}",))


def normalization(site: Site) -> Said:
    """Keras's Normalization: its three statistics are buffers."""
    if site.of("fixed"):
        site.refuse("its mean and variance are not in the list of layers", "use rescaling with the numbers")
    axes = sorted(axes_at(site.of("axis"), site.shape))
    sizes = [site.arg(site.shape[axis]) for axis in axes]
    shape = ", ".join(sizes) or "()"
    mean = site.buffer("mean", f"torch.zeros({shape})")
    variance = site.buffer("variance", f"torch.ones({shape})")
    site.buffer("count", "torch.tensor(0)")
    places = ["" if axis in axes else "None" for axis in range(len(site.shape))]
    first = axes[0] if axes else len(places)
    index = ", ".join(place or ":" for place in places[first:])
    index = f"[{index}]" if "None" in index else ""
    code = f"({operand(site.read())} - {mean}{index}) / {variance}{index}.sqrt().clamp(min=1e-7)"
    return Said((code,))


NORMS: Final[dict[str, tuple[Rule, str]]] = {
    "batchnorm": (batch_norm, FIRST), "groupnorm": (group_norm, FIRST), "instancenorm": (instance_norm, FIRST),
    "layernorm": (layer_norm, OURS), "rmsnorm": (layer_norm, OURS), "localresponsenorm": (local_response, FIRST),
    "unitnorm": (unit_norm, EITHER), "meanvariancenorm": (mean_variance, OURS), "normalization": (normalization, OURS),
}  # fmt: skip
"""Each kind with its rule and the layout that it reads."""
