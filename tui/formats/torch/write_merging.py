"""Reductions along axes and the merging of several inputs as PyTorch writes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tui.core.axes import axis_at
from tui.core.broadcast import batches_lined_up
from tui.core.tensor import Shape
from tui.formats.torch.write_functions import Rule
from tui.formats.torch.write_site import Chain, Site
from tui.formats.torch.write_source import EITHER, OURS, Said
from tui.formats.torch.write_text import call, operand, tupled


def _dim(site: Site, axis: int, layout: str) -> int:
    return site.axis(axis_at(axis, site.shape), site.shape, layout)


REDUCTIONS: Final = {
    "reducemean": "{}.mean(<dim>)", "reducesum": "{}.sum(<dim>)", "reducemax": "{}.amax(<dim>)",
    "reducemin": "{}.amin(<dim>)", "reducel1": "{}.abs().sum(<dim>)", "reducel2": "{}.square().sum(<dim>).sqrt()",
    "reducelogsum": "{}.sum(<dim>).log()", "reducelogsumexp": "{}.logsumexp(<dim>)",
    "reducesumsquare": "{}.square().sum(<dim>)", "reducestd": "{}.std(<dim>, correction=0)",
    "reducevar": "{}.var(<dim>, correction=0)", "reduceany": "{}.any(<dim>)", "reduceall": "{}.all(<dim>)",
}  # fmt: skip


def _after(site: Site, layout: str, gone: Sequence[int]) -> str:
    """The layout of what is left when some axes of the network are gone."""
    return layout if layout == OURS or len(site.shape) - 1 not in gone else OURS


def reduction(site: Site) -> Said:
    """One method of the tensor, along all of the axes at once; products go axis by axis."""
    axes = site.of("_axes")(site.shape)
    chain = Chain(site, OURS if 0 in axes else EITHER)
    if not axes:
        return chain.said()
    keep = site.of("keepdims")
    dims = [site.axis(axis, site.shape, chain.layout) for axis in axes]
    layout = _after(site, chain.layout, () if keep else axes)
    if site.kind.name == "reduceprod":
        for dim in sorted(dims, reverse=True):
            chain.then(f"{{}}.prod(dim={dim}{', keepdim=True' if keep else ''})")
        return chain.said(layout)
    words = f"dim={dims[0] if len(dims) == 1 else tupled([*map(str, dims)])}{', keepdim=True' if keep else ''}"
    chain.then(REDUCTIONS[site.kind.name].replace("<dim>", words))
    if site.kind.name in ("reduceany", "reduceall") and site.outputs[0].dtype != "bool":
        chain.then(f"{{}}.to(torch.{site.outputs[0].dtype})")
    return chain.said(layout)


def median(site: Site) -> Said:
    """The quantile at one half, which takes the mean of the two in the middle as NumPy does; axes are joined for it."""
    axes = site.of("_axes")(site.shape)
    chain = Chain(site, OURS)
    if not axes:
        return chain.said()
    last = tuple(range(-len(axes), 0))
    if len(axes) > 1:
        chain.then(f"{{}}.movedim({axes}, {last}).flatten({-len(axes)})")
    chain.then(f"{{}}.quantile(0.5, dim={axes[0] if len(axes) == 1 else -1})")
    for axis in sorted(axes) if site.of("keepdims") else ():
        chain.then(f"{{}}.unsqueeze({axis})")
    return chain.said()


def arg_extreme(site: Site) -> Said:
    """argmax or argmin."""
    chain = Chain(site, EITHER)
    axis = axis_at(site.of("axis"), site.shape)
    keep = site.of("keepdims")
    if site.of("select_last_index"):
        site.tell("differs", "of equal elements PyTorch may name any, not the last")
    code = f"{{}}.{site.kind.name}(dim={site.axis(axis, site.shape, chain.layout)}{', keepdim=True' if keep else ''})"
    return chain.then(code).said(_after(site, chain.layout, () if keep else (axis,)))


def topk(site: Site) -> Said:
    """topk: values and indices."""
    chain = Chain(site, EITHER)
    words = {name: None if site.of(name) else "False" for name in ("largest", "sorted")}
    dim = str(_dim(site, site.of("axis"), chain.layout))
    chain.then(call("{}.topk", site.size(site.of("k")), dim=dim, **words))
    return chain.said()._replace(packed=True, modules=None)


def cumulative(site: Site) -> Said:
    """cumsum or cumprod; from the end by flipping twice."""
    chain = Chain(site, EITHER)
    dim = _dim(site, site.of("axis"), chain.layout)
    word, back = site.kind.name, f".flip({dim})" if site.of("reverse") else ""
    if not site.of("exclusive"):
        return chain.then(f"{{}}{back}.{word}({dim}){back}").said()
    if word == "cumprod":
        site.refuse("PyTorch has no exclusive cumprod", "leave out exclusive=true and slice")
    x = chain.code = site.variable(chain.code)
    return chain.then(f"{{}}{back}.{word}({dim}){back} - {x}").said()


def merged(sign: str, whole: bool = False) -> Rule:
    """An operator between all inputs."""

    def rule(site: Site) -> Said:
        codes, layout = joined(site)
        if whole:
            codes = [code if value.tensor.dtype.startswith(("int", "uint", "bool")) else f"{operand(code)}.long()"
                     for code, value in zip(codes, site.values, strict=True)]  # fmt: skip
        code = f" {sign} ".join(map(operand, codes))
        if whole and site.outputs[0].dtype.startswith(("float", "bfloat")):
            code = f"({code}).to(torch.{site.outputs[0].dtype})"
        return Said((code,), layout)

    return rule


def pairwise(function: str) -> Rule:
    """A function of two, folded over all inputs."""

    def rule(site: Site) -> Said:
        codes, layout = joined(site)
        code = codes[0]
        for other in codes[1:]:
            code = f"{function}({code}, {other})"
        return Said((code,), layout)

    return rule


def joined(site: Site) -> tuple[list[str], str]:
    """All inputs in one layout, lined up at their last axes as PyTorch does."""
    layout = site.common()
    shapes: list[Shape] = [value.tensor.shape for value in site.values]
    codes = [site.read(i, layout) for i in range(len(shapes))]
    if batches_lined_up(shapes):
        most = max(map(len, shapes))
        # Keras lines up the batches: the axes that are missing stand behind the batch.
        codes = [code if len(shape) == most else f"{operand(code)}[:{', None' * (most - len(shape))}]"
                 for code, shape in zip(codes, shapes, strict=True)]  # fmt: skip
    return codes, layout


def average(site: Site) -> Said:
    """The mean of all inputs."""
    codes, layout = joined(site)
    return Said((f"({' + '.join(map(operand, codes))}) / {len(codes)}",), layout)


def where(site: Site) -> Said:
    """torch.where."""
    (condition, *others), layout = joined(site)
    if site.values[0].tensor.dtype != "bool":
        condition = f"{operand(condition)}.bool()"
    return Said((call("torch.where", condition, *others),), layout)


def concat(site: Site) -> Said:
    """torch.cat."""
    layout = site.common()
    given = site.of("axis")
    axis = site.kind.channel_axis(site.shape) if given is None else axis_at(given, site.shape)
    codes = [site.read(i, layout) for i in range(len(site.values))]
    return Said((f"torch.cat({tupled(codes)}, dim={site.axis(axis, site.shape, layout)})",), layout)


def stack(site: Site) -> Said:
    """torch.stack."""
    codes = [site.read(i) for i in range(len(site.values))]
    return Said((f"torch.stack({tupled(codes)}, dim={axis_at(site.of('axis'), site.shape, room=1)})",))


UNARY: Final = frozenset((
    "deg2rad", "digamma", "erfc", "erfinv", "exp2", "frac", "i0", "isfinite", "isneginf", "isposinf", "lgamma", "log10",
    "log2", "logit", "nan_to_num", "positive", "rad2deg", "signbit", "sinc", "trunc",
))  # fmt: skip
BINARY: Final = {
    "arctan2": "atan2", "atan2": "atan2", "copysign": "copysign", "fmax": "fmax", "fmin": "fmin", "hypot": "hypot",
    "logaddexp": "logaddexp", "logaddexp2": "logaddexp2", "xlogy": "xlogy",
}  # fmt: skip


def by_name(site: Site) -> Said:
    """A function that is known by its name only, where PyTorch has one of that name."""
    word = site.of("operator").lower()
    codes, layout = joined(site)
    if word in UNARY and len(codes) == 1:
        return Said((f"torch.{word}({codes[0]})",), layout)
    if word in BINARY and len(codes) == 2:
        return Said((f"torch.{BINARY[word]}({codes[0]}, {codes[1]})",), layout)
    return site.refuse(f"PyTorch has no function {site.of('operator')} of {len(codes)} inputs", "skip it")


MERGING: Final[dict[str, tuple[Rule, str]]] = {
    **dict.fromkeys((*REDUCTIONS, "reduceprod"), (reduction, EITHER)),
    "reducemedian": (median, OURS),
    "argmax": (arg_extreme, EITHER), "argmin": (arg_extreme, EITHER), "topk": (topk, EITHER),
    "cumsum": (cumulative, EITHER), "cumprod": (cumulative, EITHER),
    "add": (merged("+"), EITHER), "subtract": (merged("-"), EITHER), "multiply": (merged("*"), EITHER),
    "divide": (merged("/"), EITHER), "floordivide": (merged("//"), EITHER), "power": (merged("**"), EITHER),
    "mod": (merged("%"), EITHER), "equal": (merged("=="), EITHER),
    "notequal": (merged("!="), EITHER), "greater": (merged(">"), EITHER),
    "greaterorequal": (merged(">="), EITHER), "less": (merged("<"), EITHER), "lessorequal": (merged("<="), EITHER),
    "maximum": (pairwise("torch.maximum"), EITHER), "minimum": (pairwise("torch.minimum"), EITHER),
    "and": (pairwise("torch.logical_and"), EITHER), "or": (pairwise("torch.logical_or"), EITHER),
    "xor": (pairwise("torch.logical_xor"), EITHER),
    "bitwiseand": (merged("&", whole=True), EITHER), "bitwiseor": (merged("|", whole=True), EITHER),
    "bitwisexor": (merged("^", whole=True), EITHER), "bitshift": (merged("<<", whole=True), EITHER),
    "average": (average, EITHER), "where": (where, EITHER), "concat": (concat, EITHER),
    "pointwise": (by_name, EITHER), "stack": (stack, OURS),
}  # fmt: skip
"""Each kind with its rule and the layout that it reads."""
