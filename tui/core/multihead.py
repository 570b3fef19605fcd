"""The arithmetic of multi-head attention: projections of query, key and value, and the two attention products.

T query positions, S key positions, h heads, k and v widths of a head. PyTorch splits one width E over
the heads (``h*k = E``, so its parameters ``4*E*E + 4*E`` know no heads); Keras gives ``key_dim`` for
each head. Sources: Vaswani et al., "Attention Is All You Need", 2017; PyTorch's nn.MultiheadAttention;
Keras's MultiHeadAttention and GroupedQueryAttention.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from tui.core.argument import Arg, Real, Switch, Whole
from tui.core.errors import Fix, ShapeError
from tui.core.layout import same_shape, sizes_text
from tui.core.size import Size, product, same, text
from tui.core.tensor import Shape, Weight
from tui.core.working import plain

HEADS: Final = Arg("heads", Whole(1, examples=("8", "4", "12")), help="heads that attend side by side", slot=0,
                   aliases=("num_heads", "nhead", "num_query_heads", "q_num_heads"))  # fmt: skip
EMBED_DIM: Final = Arg("embed_dim", Whole(1), None, "the width of the query, checked if it is given",
                       aliases=("d_model",))  # fmt: skip
BIAS: Final = Arg("bias", Switch(), True, "whether the projections have biases", aliases=("use_bias",),
                  setting="bias", flags=(("nobias", False),))  # fmt: skip
DROPOUT: Final = Arg("dropout", Real(0.0, 1.0), 0.0, "the share of scores that training sets to zero",
                     aliases=("dropout_p",))  # fmt: skip
CAUSAL: Final = Arg("causal", Switch(), False, "whether a position sees only those before it; counts are the same",
                    aliases=("is_causal", "use_causal_mask"))  # fmt: skip

MOST_HEADS: Final = 1_024
"""The most heads that a fix offers."""


class MultiHead(NamedTuple):
    """The projections. ``query``, ``key``, ``value`` are the widths that come in, ``output`` the shape that leaves.

    ``asked``, ``keyed``, ``valued`` and ``joined`` are the shapes between: of the projected query, key
    and value, and of what the output projection reads.
    """

    query: Size
    key: Size
    value: Size
    asked: Shape
    keyed: Shape
    valued: Shape
    joined: Shape
    output: Shape
    gate: bool = False

    def projections(self) -> tuple[tuple[str, Shape, Shape], ...]:
        """Name, input and output shape of each projection."""
        found = (
            ("query", (self.query,), self.asked),
            ("key", (self.key,), self.keyed),
            ("value", (self.value,), self.valued),
            ("output", self.joined, self.output),
        )
        return (*found, ("gate", (self.query,), self.joined)) if self.gate else found

    def weights(self, bias: bool, prefix: str = "", copies: Shape = ()) -> tuple[Weight, ...]:
        """A kernel for each projection, and a bias. ``copies`` is a leading axis: equal layers."""
        found = []
        for name, inner, outer in self.projections():
            found.append(Weight(f"{prefix}{name}_kernel", (*copies, *inner, *outer)))
            if bias:
                found.append(Weight(f"{prefix}{name}_bias", (*copies, *outer)))
        return tuple(found)

    def macs(self, asking: Size, given: Size, seen: Size | None = None) -> Size:
        """Multiply-accumulates of one example: every projection at its positions, ``T*S*h*k`` and ``T*S*h*v``.

        ``asking`` is T, ``given`` the positions of key and value, ``seen`` S where more are attended
        to than are given.
        """
        found: list[Shape] = []
        for name, inner, outer in self.projections():
            found.append((given if name in ("key", "value") else asking, *inner, *outer))
        all_seen = given if seen is None else seen
        return _sum([*found, (asking, all_seen, *self.asked), (asking, all_seen, *self.joined)])


def _sum(products: Iterable[Shape]) -> Size:
    """The sum of the products, equal ones taken together: ``4*T*E*E`` reads better than four terms.

    Equal means made of the same objects, so that T and S stay apart in a working where both are 10.
    """
    times: dict[tuple[int, ...], tuple[int, Shape]] = {}
    for factors in products:
        key = tuple(map(id, factors))
        times[key] = (times[key][0] + 1 if key in times else 1, factors)
    total: Size = 0
    for count, factors in times.values():
        total = total + count * product(factors)
    return total


def whole_width(width: Size, query: Size, key: Size, value: Size) -> MultiHead:
    """The projections of PyTorch: one width for query, key, value and output, whatever the number of heads."""
    one = (width,)
    return MultiHead(query, key, value, one, one, one, one, one)


def check_heads(heads: Size, width: Size) -> None:
    """Raise ShapeError where the heads do not share a width equally."""
    if heads == 1 or same(width % heads, 0) is not False:
        return
    count, wide = plain(heads), plain(width)
    fixes = [Fix("heads=1", {"heads": 1})]
    if isinstance(count, int) and isinstance(wide, int):
        near = sorted(h for h in range(2, min(wide, 4 * count, MOST_HEADS) + 1) if wide % h == 0)
        if near:
            best = min(near, key=lambda h: abs(h - count))
            fixes.insert(0, Fix(f"heads={best}", {"heads": best}))
    raise ShapeError(
        f"{text(count)} heads cannot share a width of {text(wide)} equally",
        working=f"{text(wide)} mod {text(count)} = {text(wide % count)}, must be 0",
        fixes=fixes,
    )


def check_batches(kind: str, first: Shape, second: Shape, pair: str) -> None:
    """Raise ShapeError where a pair of inputs has other sizes along the axes that attention does not mix."""
    if not same_shape(first, second):
        raise ShapeError(f"{kind}: {pair} differ in their batch ({sizes_text(first)} and {sizes_text(second)})")
