"""Larger layers of which an ONNX graph holds the parts: what transformers learn beside their blocks, and blocks."""

from __future__ import annotations

from typing import Final

from tui.core.network import Source
from tui.core.size import same
from tui.formats.onnx.joined import Joining, out

_ENCODER_EPSILON: Final = 1e-5
"""What PyTorch's encoder layers add to a variance; no argument of ours says another."""


def _with_parameter(joining: Joining, place: int) -> tuple[int, Source] | None:
    """The parameter that a line of two sources reads and nobody else does, and what it reads besides."""
    row = joining.row(place)
    if len(row.sources) != 2 or row.sources[0] == row.sources[1]:
        return None
    for source, other in (row.sources, row.sources[::-1]):
        parameter = joining.maker(source, "parameter")
        if parameter is not None and joining.only(source) == place and joining.maker(other, "parameter") is None:
            return parameter, other
    return None


def layer_scale(joining: Joining, place: int) -> bool:
    """A product with one weight for each channel."""
    found = _with_parameter(joining, place)
    if found is None:
        return False
    parameter, source = found
    shape, wide = joining.shape(source), joining.row(parameter).result.outputs[0].shape
    axis = len(shape) - 1 if joining.settings.channels_last or len(shape) < 3 else 1
    sizes = (*(1,) * (len(shape) - len(wide)), *wide)
    if len(sizes) != len(shape) or not all(
            same(size, shape[i] if i == axis else 1) for i, size in enumerate(sizes)):  # fmt: skip
        return False
    return joining.join([parameter, place], place, "layerscale", {}, [source])


def class_token(joining: Joining, place: int) -> bool:
    """A learned step in front of a sequence; for more than one example it is expanded before."""
    row = joining.row(place)
    if len(row.sources) != 2 or joining.axis(place) != 1 or len(row.result.outputs[0].shape) != 3:
        return False
    first, members = row.sources[0], [place]
    expanded = joining.maker(first, "expand")
    if expanded is not None and joining.only(first) == place:
        members.insert(0, expanded)
        first = joining.row(expanded).sources[0]
    parameter = joining.maker(first, "parameter")
    if parameter is None or joining.only(first) != members[0]:
        return False
    shape = joining.row(parameter).result.outputs[0].shape
    if len(shape) != 3 or not same(shape[0], 1):
        return False
    return joining.join([parameter, *members], place, "classtoken", {"tokens": shape[1]}, [row.sources[1]])


def positions(joining: Joining, place: int) -> bool:
    """A learned vector added to each step of a sequence."""
    found = _with_parameter(joining, place)
    if found is None:
        return _first_positions(joining, place)
    parameter, source = found
    shape, wide = joining.shape(source), joining.row(parameter).result.outputs[0].shape
    table = wide[1:] if len(wide) == 3 and same(wide[0], 1) else wide
    if len(shape) != 3 or len(table) != 2 or not all(same(a, b) for a, b in zip(table, shape[1:], strict=True)):
        return False
    return joining.join([parameter, place], place, "positionembedding", {}, [source])


def _first_positions(joining: Joining, place: int) -> bool:
    """The same with a table that is longer than the sequence."""
    row = joining.row(place)
    if len(row.sources) != 2:
        return False
    for source, other in (row.sources, row.sources[::-1]):
        cut = joining.maker(source, "slice")
        table = None if cut is None else joining.maker(joining.row(cut).sources[0], "parameter")
        if cut is None or table is None or joining.only(source) != place or joining.only(out(joining, table)) != cut:
            continue
        args, wide = joining.row(cut).spec.args, joining.row(table).result.outputs[0].shape
        from_the_first = args.get("start", (0,)) == (0,) and args.get("axis", (0,)) == (0,) and "step" not in args
        if not from_the_first or len(wide) != 2 or len(joining.shape(other)) != 3:
            continue
        longer = {"positions": wide[0]}
        return joining.join([table, cut, place], place, "positionembedding", longer, [other])
    return False


def excitation(joining: Joining, place: int) -> bool:
    """Squeeze and excitation (Hu et al. 2018) where all of it is one scope: a mean, two products, a scale."""
    row = joining.row(place)
    if len(row.sources) != 2:
        return False
    for source, other in (row.sources, row.sources[::-1]):
        expand = joining.maker(other, "conv", "dense")
        reduce = None if expand is None else joining.maker(joining.row(expand).sources[0], "conv", "dense")
        pool = None if reduce is None else joining.maker(joining.row(reduce).sources[0], "globalavgpool", "reducemean")
        if expand is None or reduce is None or pool is None or joining.row(pool).sources != (source,):
            continue
        functions = [joining.row(at).spec.args.get("activation") for at in (reduce, expand)]
        if functions != ["relu", "sigmoid"] or not joining.in_scope(place, expand, reduce, pool):
            continue
        biases = {joining.row(at).spec.args.get("bias", True) for at in (reduce, expand)}
        first = joining.row(reduce).spec.args
        args = {"squeeze": first.get("filters", first.get("units")), "bias": biases.pop()}
        if not biases:
            return joining.join([pool, reduce, expand, place], place, "squeezeexcitation", args, [source])
    return False


def encoder(joining: Joining, place: int) -> bool:
    """An encoder layer, all of it one scope: attention and a feed-forward network, each with a sum and a norm."""
    first = joining.row(place).kind == "add"
    second = _residual(joining, place, "dense", first)
    if second is None:
        return False
    outer, middle, own = second
    inner = joining.maker(joining.row(outer).sources[0], "dense")
    start = None if inner is None else joining.row(inner).sources[0]
    if inner is None or start is None:
        return False
    if first:
        norm = joining.maker(start, "layernorm")
        if norm is None or joining.row(norm).sources != (middle,):
            return False
        own.append(norm)
    elif start != middle:
        return False
    before = joining.maker(middle, "add" if first else "layernorm")
    upper = None if before is None else _residual(joining, before, "multiheadattention", first)
    if before is None or upper is None:
        return False
    attention, source, parts = upper
    asked = joining.row(attention)
    if first:
        norm = joining.maker(asked.sources[0], "layernorm")
        if norm is None or joining.row(norm).sources != (source,):
            return False
        parts.append(norm)
    elif asked.sources != (source,):
        return False
    members = [*parts, *own, inner]
    norms = [joining.row(at).spec.args for at in members if joining.row(at).kind == "layernorm"]
    plain = {*asked.spec.args} <= {"heads", "bias"} and joining.in_scope(*members)
    usual = [{"epsilon": _ENCODER_EPSILON, **({} if asked.spec.args.get("bias", True) else {"center": False})}]
    plain = plain and norms == usual * 2
    dense = joining.row(inner).spec.args
    biases = {joining.row(at).spec.args.get("bias", True) for at in (attention, inner, outer)}
    if not plain or len(biases) != 1 or "activation" not in dense or "activation" in joining.row(outer).spec.args:
        return False
    args = {"heads": asked.spec.args["heads"], "feedforward": dense["units"], "norm_first": first,
            "activation": dense["activation"], "bias": biases.pop()}  # fmt: skip
    return joining.join(sorted({*members}), place, "transformerencoder", args, [source])


def _residual(joining: Joining, place: int, kind: str, first: bool) -> tuple[int, Source, list[int]] | None:
    """What is added to a tensor at a line (or before the norm that it is): the layer, the tensor, and the lines."""
    members, total = [place], place
    if not first:
        found = joining.maker(joining.row(place).sources[0], "add")
        if found is None:
            return None
        members.append(found)
        total = found
    sources = joining.row(total).sources
    for source, other in (sources, sources[::-1]) if len(sources) == 2 else ():
        layer = joining.maker(other, kind)
        if layer is not None and joining.only(other) == total:
            return layer, source, [*members, layer]
    return None


def stacked(joining: Joining, place: int) -> bool:
    """Equal layers of one scope on top of each other."""
    row = joining.row(place)
    above = joining.maker(row.sources[0], "transformerencoder")
    if above is None or not joining.in_scope(place, above):
        return False
    below = joining.row(above)
    counts = [one.spec.args.get("layers", 1) for one in (below, row)]
    rest = [{name: value for name, value in one.spec.args.items() if name != "layers"} for one in (below, row)]
    if rest[0] != rest[1]:
        return False
    return joining.join([above, place], place, row.kind, {**rest[0], "layers": sum(counts)}, below.sources)
