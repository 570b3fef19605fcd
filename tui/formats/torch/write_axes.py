"""Reshaping, cutting, reducing and merging as PyTorch writes them: what moves or sums elements along axes."""

from __future__ import annotations

from typing import Final

from tui.core.axes import axes_at, axis_at
from tui.core.size import at_least, same
from tui.formats.torch.write_functions import Rule
from tui.formats.torch.write_site import Chain, Site
from tui.formats.torch.write_source import EITHER, FIRST, OURS, Said
from tui.formats.torch.write_text import is_name, tupled


def flatten(site: Site) -> Said:
    """nn.Flatten. Channels last are permuted back before: the order of the elements is that of the network."""
    ndim, value = len(site.shape), site.values[0]
    axis, chain = site.of("axis"), None
    if axis is not None:
        chain = Chain(site)
        first = ndim if axis == ndim else axis_at(axis, site.shape)
        if first == 0:
            return chain.then("{}.reshape(1, -1)").said()
        if first > 1:
            chain.then("{}.flatten()" if first == ndim else f"{{}}.flatten(0, {first - 1})")
        return chain.then("{}.unsqueeze(1)" if first == ndim else "{}.flatten(1)").said()
    if ndim < 2 and site.kind.settings.counting == "keras":
        return Chain(site).then("{}.unsqueeze(-1)").said()
    start, end = (axis_at(site.of(name), site.shape) for name in ("start", "end"))
    ones = all(size == 1 for size in site.shape[1:-1])
    if value.layout == FIRST and not ones:
        site.tell("folded", "permuted back before it, so that what it flattens stays in the order of the network")
    chain = Chain(site, EITHER if ones and (start, end) == (1, ndim - 1) else OURS)
    if (start, end) == (1, ndim - 1):
        return chain.then("{}.flatten(1)", "nn.Flatten()").said(OURS)
    return chain.then(f"{{}}.flatten({start}, {end})", f"nn.Flatten({start}, {end})").said()


def unflatten(site: Site) -> Said:
    """nn.Unflatten."""
    axis = axis_at(site.of("axis"), site.shape)
    sizes = site.of("sizes")
    module = f"nn.Unflatten({axis}, {tupled([*map(site.arg, sizes)])})"
    return Chain(site).then(f"{{}}.unflatten({axis}, {tupled([*map(site.size, sizes)])})", module).said()


def reshape(site: Site) -> Said:
    """A reshape that leaves the batch alone, or of the whole shape."""
    given, chain = site.of("shape"), Chain(site)
    whole = site.of("whole")
    kept = () if whole else site.shape[:1]
    out = site.out[len(kept) :]
    sizes = [-1 if same(asked, -1) else size for asked, size in zip(given, out, strict=True)]
    words = [*map(site.size, sizes)]
    if whole:
        return chain.then(f"{{}}.reshape({', '.join(words) or '()'})").said()
    if -1 not in sizes:
        chain.then(f"{{}}.reshape({', '.join(['-1', *words])})")
    else:
        x = chain.code = site.variable(chain.code, "elements") if site.chained or is_name(chain.code) else chain.code
        if not is_name(x):
            x = chain.code = site.let("elements", x)
        chain.then(f"{{}}.reshape({', '.join([f'{x}.shape[0]', *words])})")
    flat = [] if len(site.shape) == 2 else ["nn.Flatten()"]
    if words and len(site.shape) > 1:
        args = tupled([*map(site.arg, sizes)])
        modules = tuple([*flat, f"nn.Unflatten(1, {args})"] if len(words) > 1 else flat)
        if modules and site.values[0].layout == OURS and is_name(site.values[0].code):
            return Said((chain.code,), OURS, modules)
    return chain.said()


def permute(site: Site) -> Said:
    """permute, or transpose where two axes change places."""
    chain, ndim = Chain(site), len(site.shape)
    if site.of("swap") is not None:
        first, second = axes_at(site.of("swap"), site.shape)
        return chain.then(f"{{}}.transpose({first}, {second})").said()
    named = site.of("axes")
    order = tuple(reversed(range(ndim))) if named is None else axes_at(named, site.shape)
    if len(order) == ndim - 1:
        order = (0, *order)
    return chain.then(f"{{}}.permute{tupled([*map(str, order)])}").said()


def squeeze(site: Site) -> Said:
    """squeeze of named axes: PyTorch alone would drop a batch of 1 too."""
    if site.of("axes") is None:
        first = 0 if site.of("whole") else 1
        dropped = tuple(i for i, size in enumerate(site.shape) if i >= first and same(size, 1))
    else:
        dropped = axes_at(site.of("axes"), site.shape)
    chain = Chain(site)
    if not dropped:
        return chain.said()
    return chain.then(f"{{}}.squeeze({dropped[0] if len(dropped) == 1 else dropped})").said()


def unsqueeze(site: Site) -> Said:
    """One unsqueeze for each new axis."""
    axes, chain = site.of("axes"), Chain(site)
    for axis in sorted(axes_at(axes, site.shape, room=len(axes))):
        chain.then(f"{{}}.unsqueeze({axis})")
    return chain.said()


def expand(site: Site) -> Said:
    """expand; -1 keeps an axis."""
    added = len(site.out) - len(site.shape)
    sizes = [
        "-1" if i >= added and site.shape[i - added] == size else site.size(size) for i, size in enumerate(site.out)
    ]
    return Chain(site).then(f"{{}}.expand({', '.join(sizes)})").said()


def repeat_vector(site: Site) -> Said:
    """A new axis, stretched."""
    return Chain(site).then(f"{{}}.unsqueeze(1).expand(-1, {site.size(site.of('times'))}, -1)").said()


def slices(site: Site) -> Said:
    """An index; PyTorch does not step backwards."""
    chain = Chain(site, EITHER)
    parts = [":"] * len(site.shape)
    for axis, start, end, step in site.of("_cuts")(site.shape):
        if at_least(step, 1) is not True:
            site.refuse("PyTorch refuses to step backwards", "use reverse and a slice with a step above 0")
        first = "" if start == 0 else site.size(start)
        last = "" if end is None or at_least(end, 2**31 - 1) else site.size(end)
        each = "" if step == 1 else f":{site.size(step)}"
        parts[site.axis(axis, site.shape, chain.layout)] = f"{first}:{last}{each}"
    while parts and parts[-1] == ":":
        parts.pop()
    return (chain.then(f"{{}}[{', '.join(parts)}]") if parts else chain).said()


def split(site: Site) -> Said:
    """chunk where the parts are equal, else split with their sizes."""
    chain = Chain(site, EITHER)
    given = site.of("axis")
    axis = site.kind.channel_axis(site.shape) if given is None else axis_at(given, site.shape)
    dim = site.axis(axis, site.shape, chain.layout)
    sizes = [tensor.shape[axis] for tensor in site.outputs]
    if len(sizes) == 1:
        return chain.said()
    if all(size == sizes[0] for size in sizes):
        chain.then(f"{{}}.chunk({len(sizes)}, dim={dim})")
    else:
        chain.then(f"{{}}.split({tupled([*map(site.size, sizes)])}, dim={dim})")
    return chain.said()._replace(packed=True, modules=None)


def tile(site: Site) -> Said:
    """tile."""
    return Chain(site).then(f"{{}}.tile({tupled([*map(site.size, site.of('repeats'))])})").said()


def trilu(site: Site) -> Said:
    """triu or tril."""
    k = site.of("k")
    word = "triu" if site.of("upper") else "tril"
    return Chain(site).then(f"{{}}.{word}({'' if k == 0 else site.size(k)})").said()


def reverse(site: Site) -> Said:
    """flip of the named axes."""
    chain = Chain(site, EITHER)
    if site.of("axis") is None:
        site.tell("dropped", "which axis it reverses is not said: the entries stay as they are")
        return chain.said()
    axes = [site.axis(axis, site.shape, chain.layout) for axis in axes_at(site.of("axis"), site.shape)]
    return chain.then(f"{{}}.flip({', '.join(map(str, axes))})").said()


AXES: Final[dict[str, tuple[Rule, str]]] = {
    "flatten": (flatten, OURS), "unflatten": (unflatten, OURS), "reshape": (reshape, OURS), "permute": (permute, OURS),
    "squeeze": (squeeze, OURS), "unsqueeze": (unsqueeze, OURS), "expand": (expand, OURS),
    "repeatvector": (repeat_vector, OURS), "slice": (slices, EITHER), "split": (split, EITHER), "tile": (tile, OURS),
    "trilu": (trilu, OURS), "reverse": (reverse, EITHER),
}  # fmt: skip
"""Each kind with its rule and the layout that it reads."""
