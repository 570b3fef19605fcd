"""``einops`` in read PyTorch source: rearrange, reduce and repeat as the views and permutations that they are.

Source: the documentation of einops on its patterns (``b (h w) c -> b c h w``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from tui.core.size import Poly, Size, product
from tui.formats.python.tensors import TensorValue
from tui.formats.python.torch_modules import Module
from tui.formats.python.values import MISSING, TroubleError, Unknown

Groups = list[list[str]]
"""The axes of one side of a pattern, each with the names that it is made of; ``1`` is an axis of one."""

_TOKEN: Final = re.compile(r"\s*(\(|\)|\.\.\.|[A-Za-z_]\w*|\d+)\s*")
_REDUCTIONS: Final = {"mean": "mean", "max": "amax", "min": "amin", "sum": "sum", "prod": "prod"}
FUNCTIONS: Final = frozenset(("rearrange", "reduce", "repeat"))
LAYERS: Final[Mapping[str, str]] = {"Rearrange": "rearrange", "Reduce": "reduce"}


class Einops(Module):
    """``einops.layers.torch.Rearrange`` and ``Reduce``."""

    def __init__(self, tracer: Any, class_name: str, args: Sequence[Any], named: Mapping[str, Any], line: int) -> None:
        super().__init__(tracer, line)
        self.class_name = class_name
        self.args, self.named = list(args), dict(named)

    def method(self, name: str, args: list[Any], named: dict[str, Any], line: int) -> Any:
        if name in ("__call__", "forward"):
            return applied(self.tracer, LAYERS[self.class_name], [*args[:1], *self.args], self.named, line)
        return super().method(name, args, named, line)


def applied(tracer: Any, name: str, args: Sequence[Any], named: Mapping[str, Any], line: int) -> Any:
    """What a function of einops gives; MISSING where it is no use that is read."""
    rest = dict(named)
    words = ["tensor", "pattern", *(["reduction"] if name == "reduce" else [])]
    given = dict(zip(words, args, strict=False))
    given |= {word: rest.pop(word) for word in words if word in rest}
    x, pattern = given.get("tensor"), given.get("pattern")
    if not isinstance(x, TensorValue) or not isinstance(pattern, str) or pattern.count("->") != 1:
        return MISSING
    left, right = (_groups(side, line) for side in pattern.split("->"))
    shape = x.shape()
    if isinstance(shape, Unknown):
        return MISSING
    left, right = _spelt_out(left, right, len(shape), pattern, line)
    sizes = _sizes(left, shape, rest, pattern, line)
    names = [name for group in left for name in group if name != "1"]
    x = _shaped(tracer, x, shape, [sizes[name] for name in names], line)
    kept = [name for group in right for name in group if name != "1"]
    gone = [place for place, name in enumerate(names) if name not in kept]
    if gone:
        reduction = _REDUCTIONS.get(str(given.get("reduction")))
        if reduction is None:
            raise TroubleError(f"{name}: {pattern!r} leaves out axes that it does not reduce", line)
        x = _reduced(tracer, x, reduction, gone, line)
        names = [name for name in names if name in kept]
    order = [names.index(name) for name in kept if name in names]
    if order != sorted(order):
        x = tracer.function("permute", [x, *order], {}, line)
    if len(order) < len(kept):
        x = _repeated(tracer, x, kept, names, rest, pattern, line)
        sizes |= {name: _known(rest, name, pattern, line) for name in kept if name not in names}
    wanted = [product(tuple(sizes[name] for name in group if name != "1")) for group in right]
    found = x.shape()
    return x if isinstance(found, Unknown) else _shaped(tracer, x, found, wanted, line)


def _groups(side: str, line: int) -> Groups:
    found: Groups = []
    inside: list[str] | None = None
    place = 0
    side = side.strip()
    while place < len(side):
        match = _TOKEN.match(side, place)
        if match is None:
            raise TroubleError(f"the pattern {side[:60]!r} is not read", line)
        place, token = match.end(), match[1]
        if token == "(":
            inside = []
        elif token == ")":
            found.append(inside or ["1"])
            inside = None
        elif inside is None:
            found.append([token])
        else:
            inside.append(token)
    return found


def _spelt_out(left: Groups, right: Groups, ndim: int, pattern: str, line: int) -> tuple[Groups, Groups]:
    """Both sides with a name for each axis that ``...`` stands for."""
    if ["..."] in left:
        more = [f"...{i}" for i in range(ndim - len(left) + 1)]
        left, right = ([one for group in side for one in ([[name] for name in more] if group == ["..."] else [group])]
                       for side in (left, right))  # fmt: skip
        right = [[one for name in group for one in (more if name == "..." else [name])] for group in right]
    if len(left) != ndim:
        raise TroubleError(f"{pattern!r} is for {len(left)} axes, the tensor has {ndim}", line)
    return left, right


def _sizes(left: Groups, shape: Sequence[Size], given: Mapping[str, Any], pattern: str, line: int) -> dict[str, Size]:
    """The size of each name on the left side."""
    sizes: dict[str, Size] = {}
    for group, size in zip(left, shape, strict=True):
        names = [name for name in group if name != "1"]
        known = {name: given[name] for name in names if isinstance(given.get(name), int | Poly)}
        open_names = [name for name in names if name not in known]
        if len(open_names) > 1:
            raise TroubleError(f"{pattern!r}: the sizes of {' and '.join(open_names)} are not said", line)
        sizes |= known
        for name in open_names:
            sizes[name] = size // product(tuple(known.values())) if known else size
    return sizes


def _known(given: Mapping[str, Any], name: str, pattern: str, line: int) -> Size:
    size = given.get(name, int(name) if name.isdecimal() else None)
    if not isinstance(size, int | Poly):
        raise TroubleError(f"{pattern!r}: the size of {name} is not said", line)
    return size


def _shaped(tracer: Any, x: Any, shape: Sequence[Size], wanted: Sequence[Size], line: int) -> Any:
    return x if list(shape) == list(wanted) else tracer.function("reshape", [x, *wanted], {}, line)


def _reduced(tracer: Any, x: Any, reduction: str, axes: Sequence[int], line: int) -> Any:
    return tracer.function(reduction, [x, list(axes)], {}, line)


def _repeated(
    tracer: Any, x: Any, kept: Sequence[str], names: Sequence[str], given: Mapping[str, Any], pattern: str, line: int
) -> Any:
    """The tensor with the new axes of a ``repeat``."""
    sizes = list(x.shape())
    there = [name for name in kept if name in names]
    ones, wanted = list[Size](), list[Size]()
    for name in kept:
        old = sizes[there.index(name)] if name in there else 1
        ones.append(old)
        wanted.append(old if name in there else _known(given, name, pattern, line))
    x = _shaped(tracer, x, sizes, ones, line)
    return tracer.function("expand", [x, *wanted], {}, line) if ones != wanted else x
