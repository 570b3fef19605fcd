"""Layers that older exporters write as several operators: found by their wires, and taken only where all of it fits.

A normalization is a mean, differences, a root and a quotient (Ba et al. 2016; Zhang and Sennrich 2019 for the
root mean square; Wu and He 2018 for groups); GELU is x*(1 + erf(x/sqrt(2)))/2 or its form with tanh (Hendrycks and
Gimpel 2016); a dense layer is a product with a sum.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import pi, sqrt
from typing import Final

from tui.formats.onnx.attention import attentions
from tui.formats.onnx.web import Pattern, Web

Finder = Callable[[Web], Iterator[Pattern]]


def patterns_of(web: Web) -> list[Pattern]:
    """The patterns of a graph; no operator is in two of them."""
    taken: set[int] = set()
    found = []
    for find in _FINDERS:
        for pattern in find(web):
            if taken.isdisjoint(pattern.members) and web.kept_inside(pattern.members, max(pattern.members)):
                taken |= pattern.members
                found.append(pattern)
    return found


def _places(web: Web, *operators: str) -> Iterator[int]:
    return (place for place, one in enumerate(web.operations) if one.operator in operators)


def _normalizations(web: Web) -> Iterator[Pattern]:
    for root in _places(web, "Sqrt"):
        offset = web.maker(web.inputs(root)[0], "Add")
        if offset is None:
            continue
        sides = web.inputs(offset)
        variance = next((name for name in sides if web.number(name) is None), "")
        mean_of_squares = web.maker(variance, "ReduceMean")
        square = None if mean_of_squares is None else web.maker(web.inputs(mean_of_squares)[0], "Pow", "Mul")
        if mean_of_squares is None or square is None or not any(web.number(name) is not None for name in sides):
            continue
        x, power = web.inputs(square)
        if not (web.is_near(power, 2) if web.operations[square].operator == "Pow" else power == x):
            continue
        members = [root, offset, mean_of_squares, square]
        end = _quotient(web, root, x, members)
        if end is None:
            continue
        means = [mean_of_squares]
        difference = web.maker(x, "Sub")
        if difference is not None:
            source, mean = web.inputs(difference)
            first = web.maker(mean, "ReduceMean")
            if first is not None and web.inputs(first)[0] == source:
                members += [difference, first]
                means.append(first)
                x = source
        operator = "fused.LayerNormalization" if len(means) == 2 else "fused.RMSNormalization"
        inputs = [x, *_scale_and_offset(web, end, members)]
        axes = [_axes(web, mean) for mean in means]
        epsilon = next((value for value in map(web.number, sides) if value is not None), 0.0)
        yield web.fused(operator, members, inputs, axes=axes, epsilon=epsilon)


def _axes(web: Web, mean: int) -> list[object] | None:
    """The axes of a mean that keeps them; None where they are not known."""
    one = web.operations[mean]
    if one.attributes.get("keepdims", 1) != 1:
        return None
    given = one.attributes.get("axes")
    if isinstance(given, list):
        return list(given)
    entries = web.entries(web.inputs(mean)[1])
    return None if entries is None else list(entries)


def _quotient(web: Web, root: int, x: str, members: list[int]) -> int | None:
    """x divided by the root, or multiplied by its reciprocal."""
    end = web.only(web.out(root), "Div", "Reciprocal")
    if end is None:
        return None
    members.append(end)
    if web.operations[end].operator == "Div":
        return end if web.inputs(end) == (x, web.out(root)) else _one_over(web, end, root, x, members)
    return _times(web, end, x, members)


def _one_over(web: Web, end: int, root: int, x: str, members: list[int]) -> int | None:
    first, second = web.inputs(end)
    return _times(web, end, x, members) if web.is_near(first, 1) and second == web.out(root) else None


def _times(web: Web, end: int, x: str, members: list[int]) -> int | None:
    product = web.only(web.out(end), "Mul")
    if product is None or web.other(product, web.out(end)) != x:
        return None
    members.append(product)
    return product


def _scale_and_offset(web: Web, end: int, members: list[int]) -> list[str]:
    """The initializers that a normalization is multiplied by and that are added to it; "" where there are none."""
    found = ["", ""]
    for index, operator in enumerate(("Mul", "Add")):
        place = web.only(web.out(end), operator)
        other = None if place is None else web.other(place, web.out(end))
        if place is not None and other is not None and other in web.constant and web.number(other) is None:
            members.append(place)
            found[index], end = other, place
    return found


def _group_norms(web: Web) -> Iterator[Pattern]:
    for norm in _places(web, "InstanceNormalization"):
        one = web.operations[norm]
        before = web.maker(web.inputs(norm)[0], "Reshape")
        after = web.only(web.out(norm), "Reshape")
        if before is None or after is None or len(one.inputs) != 3:
            continue
        scale, offset = (web.entries(name) for name in one.inputs[1:])
        if not scale or not offset or set(scale) != {1} or set(offset) != {0}:
            continue
        members = [before, norm, after]
        own = _scale_and_offset(web, after, members)
        x, shape = web.inputs(before)
        yield web.fused("fused.GroupNormalization", members, [x, shape, web.inputs(after)[1], *own],
                        **one.attributes)  # fmt: skip


def _gelus(web: Web) -> Iterator[Pattern]:
    for place in _places(web, "Erf", "Tanh"):
        members = [place]
        inner = web.inputs(place)[0]
        x = _under_erf(web, inner, members) if web.operations[place].operator == "Erf" else _under_tanh(
            web, inner, members)  # fmt: skip
        plus = web.only(web.out(place), "Add")
        one = None if plus is None else web.other(plus, web.out(place))
        if x is None or plus is None or one is None or not web.is_near(one, 1):
            continue
        members.append(plus)
        if _half_of_product(web, plus, x, members):
            yield web.fused("Gelu", members, [x])


def _under_erf(web: Web, name: str, members: list[int]) -> str | None:
    found = web.scaled(name, 1 / sqrt(2))
    if found is None:
        return None
    members.append(found[1])
    return found[0]


def _under_tanh(web: Web, name: str, members: list[int]) -> str | None:
    """sqrt(2/pi)*(x + 0.044715*x**3)."""
    found = web.scaled(name, sqrt(2 / pi))
    total = None if found is None else web.maker(found[0], "Add")
    if found is None or total is None:
        return None
    for x, other in (web.inputs(total), web.inputs(total)[::-1]):
        cubed = web.scaled(other, 0.044715)
        cube = None if cubed is None else web.maker(cubed[0], "Pow", "Mul")
        if cubed is None or cube is None:
            continue
        base, power = web.inputs(cube)
        members += [found[1], total, cubed[1], cube]
        if web.operations[cube].operator == "Pow":
            return x if base == x and web.is_near(power, 3) else None
        square = web.maker(power if base == x else base, "Mul")
        if square is None or web.inputs(square) != (x, x) or x not in (base, power):
            return None
        members.append(square)
        return x
    return None


def _half_of_product(web: Web, end: int, x: str, members: list[int]) -> bool:
    """Whether what an operator makes is multiplied by x and by a half, in any order."""
    times_x = halved = False
    while not (times_x and halved):
        product = web.only(web.out(end), "Mul", "Div")
        other = None if product is None else web.other(product, web.out(end))
        if product is None or other is None:
            return False
        half = 2 if web.operations[product].operator == "Div" else 0.5
        both = web.scaled(other, 0.5)
        if other == x and not times_x:
            times_x = True
        elif web.is_near(other, half) and not halved:
            halved = True
        elif both is not None and both[0] == x and not times_x and not halved:
            times_x = halved = True
            members.append(both[1])
        else:
            return False
        members.append(product)
        end = product
    return True


def _gates(web: Web) -> Iterator[Pattern]:
    """x times a function of x: SiLU, hard swish, Mish (Ramachandran et al. 2017; Howard et al. 2019; Misra 2019)."""
    for place in _places(web, "Mul"):
        for x, gate in (web.inputs(place), web.inputs(place)[::-1]):
            inner = web.maker(gate, "Sigmoid", "HardSigmoid", "Tanh")
            if inner is None:
                continue
            one = web.operations[inner]
            if one.operator == "Tanh":
                soft = web.maker(web.inputs(inner)[0], "Softplus")
                if soft is not None and web.inputs(soft)[0] == x:
                    yield web.fused("Mish", [soft, inner, place], [x])
            elif web.inputs(inner)[0] == x:
                is_swish = abs(one.attributes.get("alpha", 0.2) - 1 / 6) < 1e-3 if one.operator[0] == "H" else True
                name = "HardSwish" if one.operator[0] == "H" else "Swish"
                if is_swish:
                    yield web.fused(name, [inner, place], [x])


def _hard_gates(web: Web) -> Iterator[Pattern]:
    """clip(x + 3, 0, 6)/6, times x or alone."""
    for clip in _places(web, "Clip"):
        one = web.operations[clip]
        bounds = [one.attributes.get(k, web.number(n)) for k, n in
                  zip(("min", "max"), [*one.inputs[1:], "", ""], strict=False)]  # fmt: skip
        plus = web.maker(web.inputs(clip)[0], "Add")
        if bounds != [0, 6] or plus is None:
            continue
        first, second = web.inputs(plus)
        x = first if web.is_near(second, 3) else second if web.is_near(first, 3) else ""
        members = [clip, plus]
        if not x:
            continue
        end, times_x = clip, False
        for _ in range(2):
            following = web.only(web.out(end), "Mul", "Div")
            other = None if following is None else web.other(following, web.out(end))
            if following is None or other is None:
                break
            divided = web.scaled(web.out(following), 1 / 6)
            if other == x and not times_x:
                times_x = True
            elif divided is None:
                break
            members.append(following)
            end = following
        if len(members) == 4 and times_x:
            yield web.fused("HardSwish", members, [x])
        elif len(members) == 3 and not times_x:
            yield web.fused("fused.HardSigmoid", members, [x])


def _sums_of_products(web: Web) -> Iterator[Pattern]:
    """A product or a convolution with weights, and the initializer that is added to it."""
    for place in _places(web, "MatMul", "Conv"):
        one = web.operations[place]
        if len(one.inputs) != 2 or one.inputs[1] not in web.constant or one.inputs[0] in web.constant:
            continue
        total = web.only(web.out(place), "Add")
        other = None if total is None else web.other(total, web.out(place))
        if total is not None and other is not None and other in web.constant:
            pattern = web.fused(f"fused.{one.operator}", [place, total], [*one.inputs, other], **one.attributes)
            pattern.operation.name = one.name
            pattern.operation.scopes = one.scopes
            yield pattern


_FINDERS: Final[tuple[Finder, ...]] = (
    attentions, _normalizations, _group_norms, _gelus, _gates, _hard_gates, _sums_of_products,
)  # fmt: skip
