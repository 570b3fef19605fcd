"""Scaled dot-product attention as exporters write it: a product, a scale, a mask, a softmax and a product.

Source: Vaswani et al. 2017; PyTorch writes ``softmax(q*s @ (k*s).T + mask) @ v``, with the scale on either side.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tui.formats.onnx.load import Operation
from tui.formats.onnx.web import Pattern, Web

_SCALARS: Final = ("Sqrt", "Reciprocal", "Cast", "Pow", "CastLike")
"""What a scale that is computed from a size ends in."""


def attentions(web: Web) -> Iterator[Pattern]:
    """Every softmax over a product of two tensors, the result of which weighs a third."""
    for place, one in enumerate(web.operations):
        if one.operator == "Softmax" and len(one.inputs) == 1:
            found = _around(web, place)
            if found is not None:
                yield found


def _around(web: Web, softmax: int) -> Pattern | None:
    members = [softmax]
    scales: list[str] = []
    scores, mask = web.inputs(softmax)[0], ""
    added = web.maker(scores, "Add")
    if added is not None:
        first, second = web.inputs(added)
        score_first = _without_scale(web, first, [], []) is not None
        scores, mask = (first, second) if score_first else (second, first)
        members.append(added)
    product = _without_scale(web, scores, members, scales)
    if product is None:
        return None
    members.append(product)
    query, key = web.inputs(product)
    query, key = _scaled(web, query, members, scales), _scaled(web, key, members, scales)
    turned = _turned(web, key, members)
    weighed = None if turned is None else _weighed(web, softmax, members)
    if weighed is None or turned is None:
        return None
    source, order = turned
    inputs = [query, source, web.inputs(weighed)[1], mask, *scales]
    axis = web.operations[softmax].attributes.get("axis", -1)
    return web.fused("fused.Attention", members, inputs, order=order, axis=axis)


def _turned(web: Web, key: str, members: list[int]) -> tuple[str, list[int] | None] | None:
    """What a key with its last axes turned round was before, and the order of the axes that makes it a key.

    PyTorch's newer exporter joins batch and heads around it, k.view(BH, T, d).transpose(1, 2).view(B, H, d, T): of
    that what has the shape (BH, T, d), with no order (None).
    """
    split = web.maker(key, "Reshape")
    turned = web.maker(key if split is None else web.inputs(split)[0], "Transpose")
    if turned is None or not isinstance(order := web.operations[turned].attributes.get("perm"), list):
        return None
    members.append(turned)
    source = web.inputs(turned)[0]
    if split is None:
        return source, [*order[:-2], *order[:-3:-1]]
    if order != [0, 2, 1]:
        return None
    members.append(split)
    return source, None


def _without_scale(web: Web, scores: str, members: list[int], scales: list[str]) -> int | None:
    """The product behind scores that may be scaled."""
    scaled = web.maker(scores, "Mul", "Div")
    if scaled is not None:
        first, second = web.inputs(scaled)
        members.append(scaled)
        scales.append(second)
        scores = first
    return web.maker(scores, "MatMul")


def _scaled(web: Web, name: str, members: list[int], scales: list[str]) -> str:
    """What is scaled, where a tensor is the product of one with a number."""
    place = web.maker(name, "Mul", "Div")
    if place is None:
        return name
    first, second = web.inputs(place)
    if web.number(second) is None and web.maker(second, *_SCALARS) is None:
        return name
    members.append(place)
    scales.append(second)
    return first


def _weighed(web: Web, softmax: int, members: list[int]) -> int | None:
    """The product of the weights with the values; where every key may be masked the weights pass a Where before."""
    name = web.out(softmax)
    readers = [web.operations[place] for place in web.readers(name)]
    if len(readers) == 2 and {one.operator for one in readers} == {"IsNaN", "Where"}:
        check, choice = (next(p for p in web.readers(name) if web.operations[p].operator == word)
                         for word in ("IsNaN", "Where"))  # fmt: skip
        where: Operation = web.operations[choice]
        if where.inputs[0] != web.out(check) or where.inputs[2:] != [name] or web.number(where.inputs[1]) != 0:
            return None
        members += [check, choice]
        name = web.out(choice)
    place = web.only(name, "MatMul")
    if place is None or web.inputs(place)[0] != name or web.inputs(place)[1] == name:
        return None
    members.append(place)
    return place
