"""Attention with its projections, as one layer: three dense layers or one of three widths, and one behind."""

from __future__ import annotations

from typing import Any

from tui.core.network import Source
from tui.core.size import Size, same
from tui.formats.onnx.joined import Joining, axes_of, out


def _heads(joining: Joining, source: Source) -> tuple[list[int], Any, Source] | None:
    """(N, h, T, d) made of a dense layer: the lines from that on, the sizes (h, d), and what the dense layer reads."""
    turned = joining.maker(source, "permute")
    if turned is None or axes_of(joining, turned) != (0, 2, 1, 3) or joining.only(source) is None:
        return None
    apart = joining.maker(joining.row(turned).sources[0], "reshape")
    if apart is None or joining.only(out(joining, apart)) != turned:
        return None
    dense = joining.maker(joining.row(apart).sources[0], "dense")
    if dense is None or joining.only(out(joining, dense)) != apart or "activation" in joining.row(dense).spec.args:
        return None
    split, wide = joining.row(apart).result.outputs[0].shape, joining.row(dense).result.outputs[0].shape
    if len(split) != 4 or len(wide) != 3 or not all(same(a, b) for a, b in zip(split[:2], wide[:2], strict=True)):
        return None
    return [dense, apart, turned], (split[2], split[3]), joining.row(dense).sources[0]


def attention(joining: Joining, place: int) -> bool:
    """Three projections, the products and a projection of what they give."""
    row = joining.row(place)
    if not {*row.spec.args} <= {"mask"} or len(row.sources) != (4 if "mask" in row.spec.args else 3):
        return False
    found = [_heads(joining, source) for source in row.sources[:3]]
    after = joining.only(out(joining, place), "permute")
    joined = None if after is None or axes_of(joining, after) != (0, 2, 1, 3) else joining.only(
        out(joining, after), "reshape")  # fmt: skip
    last = None if joined is None else joining.only(out(joining, joined), "dense")
    if after is None or joined is None or last is None or "activation" in joining.row(last).spec.args:
        return False
    parts = [one for one in found if one is not None]
    mask = _causal(joining, place)
    if len(parts) != 3 or mask is None:
        return False
    (h, d), (groups, _), (_, wider) = (one[1] for one in parts)
    if not same(h, groups):
        return False
    members = [*(at for one in parts for at in one[0]), *mask, place, after, joined, last]
    biases = {joining.row(at).spec.args.get("bias", True) for at in (*(one[0][0] for one in parts), last)}
    if len(biases) != 1:
        return False
    query, key, value = (one[2] for one in parts)
    sources = [query] if query == key == value else [query, key] if key == value else [query, key, value]
    width = joining.row(last).result.outputs[0].shape[-1]
    args: dict[str, Any] = {"heads": h, "bias": biases.pop()}
    if mask:
        args["causal"] = True
    choices: list[dict[str, Any]] = [{}, {"key_dim": d}, {"key_dim": d, "value_dim": wider},
                                     {"key_dim": d, "value_dim": wider, "output_shape": [width]}]  # fmt: skip
    return any(joining.join(members, last, "multiheadattention", {**args, **more}, sources) for more in choices)


def _causal(joining: Joining, place: int) -> list[int] | None:
    """The lines of a mask that hides what comes later, in the scope of the attention; None for other masks."""
    row = joining.row(place)
    if "mask" not in row.spec.args:
        return []
    upper = joining.maker(row.sources[3], "trilu")
    filled = None if upper is None else joining.maker(joining.row(upper).sources[0], "constant")
    if upper is None or filled is None or joining.only(row.sources[3]) != place or not joining.in_scope(place, upper):
        return None
    alone = joining.only(out(joining, filled)) == upper
    return [filled, upper] if alone and joining.row(upper).spec.args == {"k": 1} else None


def packed_attention(joining: Joining, place: int) -> bool:
    """PyTorch's MultiheadAttention: query, key and value side by side in one product, taken apart by their places."""
    row = joining.row(place)
    if row.spec.args or len(row.sources) != 3:
        return False
    members, roots = [place], set[int]()
    heads: Size = 0
    for source in row.sources:
        found = _gathered(joining, source)
        if found is None:
            return False
        parts, heads, root = found
        members += parts
        roots.add(root)
    if len(roots) != 1:
        return False
    split = _packed(joining, roots.pop())
    ahead = _behind(joining, place)
    if split is None or ahead is None:
        return False
    chain, dense, turned = split
    tail, last = ahead
    source = joining.row(turned if turned is not None else dense).sources[0]
    biases = {joining.row(at).spec.args.get("bias", True) for at in (dense, last)}
    if len(biases) != 1:
        return False
    args: dict[str, Any] = {"heads": heads, "bias": biases.pop(), "tied": _tied(joining, dense, last) or None}
    end = tail[-1]
    if (joining.row(end).kind == "permute") != (turned is not None):
        return False
    if turned is None:
        args["batch_first"] = False
    members += [*chain, *tail]
    return joining.join([*sorted({*members} - {end}), end], end, "multiheadattention", args, [source])


def _gathered(joining: Joining, source: Source) -> tuple[list[int], Size, int] | None:
    """(N, h, T, d) from one of the three: the lines, the heads, and the line that they are taken from."""
    members: list[int] = []
    place = joining.maker(source, "reshape", "permute")
    while place is not None and joining.only(source) is not None and len(members) < 4:
        members.append(place)
        source = joining.row(place).sources[0]
        place = joining.maker(source, "reshape", "permute")
    gather = joining.maker(source, "gather")
    if gather is None or joining.only(source) is None or not members or joining.row(gather).spec.args:
        return None
    root = joining.maker(joining.row(gather).sources[0], "squeeze")
    made = joining.row(members[0]).result.outputs[0].shape
    return None if root is None or len(made) != 4 else ([*members, gather], made[1], root)


def _packed(joining: Joining, squeeze: int) -> tuple[list[int], int, int | None] | None:
    """The lines from the packed product to where it is taken apart, the product, and the permute before it."""
    chain = [squeeze]
    for kind in ("permute", "unsqueeze", "reshape", "dense"):
        place = joining.maker(joining.row(chain[-1]).sources[0], kind)
        if place is None or joining.only(out(joining, place)) != chain[-1]:
            return None
        chain.append(place)
    dense = chain[-1]
    turned = joining.maker(joining.row(dense).sources[0], "permute")
    if turned is None or axes_of(joining, turned) != (1, 0, 2) or joining.only(out(joining, turned)) != dense:
        return chain, dense, None
    return [*chain, turned], dense, turned


def _behind(joining: Joining, place: int) -> tuple[list[int], int] | None:
    """The lines from the products to the end, and the last projection."""
    tail, last = list[int](), -1
    for kind in ("permute", "reshape", "dense", "reshape"):
        found = joining.only(out(joining, tail[-1] if tail else place), kind)
        if found is None:
            return None
        tail.append(found)
        last = found if kind == "dense" else last
    turned = joining.only(out(joining, tail[-1]), "permute")
    if turned is not None and axes_of(joining, turned) == (1, 0, 2):
        tail.append(turned)
    return tail, last


def _tied(joining: Joining, dense: int, last: int) -> str:
    """The weights of the layer that others count, by the names that they have in it."""
    names = []
    for place, parts in ((dense, ("query", "key", "value")), (last, ("output",))):
        names += [f"{part}_{name}" for name in joining.row(place).spec.args.get("tied", ()) for part in parts]
    return ",".join(names)
