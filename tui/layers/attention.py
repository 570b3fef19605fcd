"""Multi-head attention with projections. Shapes (N, T, E): batch, positions, features."""

from __future__ import annotations

from typing import ClassVar, NamedTuple

from tui.core.argument import MISSING, Arg, Choice, Dims, Switch, Whole
from tui.core.axes import AxisNumbers, axes_at
from tui.core.errors import Fix, ShapeError
from tui.core.kind import Kind, Reach, Work
from tui.core.layout import BATCH_FIRST, UNBATCHED, Places, check_width, places, same_shape, sizes_text
from tui.core.multihead import (
    BIAS,
    CAUSAL,
    DROPOUT,
    EMBED_DIM,
    HEADS,
    MultiHead,
    check_batches,
    check_heads,
)
from tui.core.size import Size, product, same, text
from tui.core.tensor import Shape, Tensor, Tensors, Weight
from tui.core.windowed import divides
from tui.core.working import plain


class Call(NamedTuple):
    """What one call attends over: the query's places, the key's, and the projections between."""

    query: Places
    key: Places
    heads: MultiHead


class MultiHeadAttention(Kind):
    """Reads query, key and value; query and one source for both others; or one source for all three.

    ``key_dim`` is the width of one head (Keras); without it the heads share the width of the query
    (PyTorch). ``kv_heads`` below ``heads`` is grouped-query attention.
    """

    name = "multiheadattention"
    summary = "Attention in several heads, with projections of query, key, value and output."
    example = "multiheadattention 8"
    aliases: ClassVar = {"mha": None, "selfattention": None, "groupqueryattention": None,
                         "groupedqueryattention": None}  # fmt: skip
    inputs = (1, 3)
    args = (
        HEADS,
        Arg("key_dim", Whole(1), None, "the width of each head; without it the heads share the query's width", slot=1,
            aliases=("head_dim",)),
        Arg("value_dim", Whole(1), None, "the width of each head of the value, if not key_dim"),
        Arg("kv_heads", Whole(1), None, "heads of key and value, each shared by several heads of the query",
            aliases=("num_key_value_heads", "kv_num_heads")),
        Arg("output_shape", Dims(), None, "the features that leave, if not the query's width"),
        EMBED_DIM,
        Arg("kdim", Whole(1), None, "the width of the key, checked if it is given"),
        Arg("vdim", Whole(1), None, "the width of the value, checked if it is given"),
        BIAS,
        Arg("add_bias_kv", Switch(), False, "one more key and value, learned"),
        Arg("add_zero_attn", Switch(), False, "one more key and value, zero"),
        Arg("gate", Switch(), False, "whether a gate of the query scales what is attended", aliases=("use_gate",)),
        Arg("attention_axes", AxisNumbers(), None, "the axes to attend over, if not all between batch and features"),
        Arg("return_weights", Choice(("none", "mean", "heads")), "none",
            "a second output: the attention weights, their mean over the heads or those of each"),
        BATCH_FIRST, UNBATCHED, CAUSAL, DROPOUT,
    )  # fmt: skip
    heads: Size
    key_dim: Size | None
    value_dim: Size | None
    kv_heads: Size | None
    output_shape: Shape | None
    embed_dim: Size | None
    kdim: Size | None
    vdim: Size | None
    bias: bool
    add_bias_kv: bool
    add_zero_attn: bool
    gate: bool
    attention_axes: tuple[int, ...] | None
    return_weights: str
    batch_first: bool
    unbatched: bool

    def call(self, inputs: Tensors) -> Call:
        """The inputs taken apart and checked; raises ShapeError where they do not go together."""
        query, *others = (self.places(tensor.shape) for tensor in inputs)
        key, value = (others[0], others[-1]) if others else (query, query)
        check_width(self, "embed_dim", self.embed_dim, query.width)
        check_width(self, "kdim", self.embed_dim if self.kdim is None else self.kdim, key.width)
        check_width(self, "vdim", self.embed_dim if self.vdim is None else self.vdim, value.width)
        for what, other in (("key", key), ("value", value)):
            check_batches(self.name, query.batch, other.batch, f"query and {what}")
        if self.kv_heads is not None and same(query.width, value.width) is False:
            raise ShapeError(
                f"with kv_heads the value must be as wide as the query: they have {text(plain(value.width))} and "
                f"{text(plain(query.width))} (Keras's GroupedQueryAttention refuses it)"
            )
        if not same_shape(key.steps, value.steps):
            raise ShapeError(
                f"{self.name}: key and value differ in their steps ({sizes_text(key.steps)} and "
                f"{sizes_text(value.steps)}); each key stands for one value"
            )
        return Call(query, key, self.projections(query.width, key.width, value.width))

    def places(self, shape: Shape) -> Places:
        """The parts of an input; ``attention_axes`` may name any axes between the batch and the features."""
        if self.unbatched or not self.batch_first or len(shape) < 3 or self.kv_heads is not None:
            if self.attention_axes is not None:
                raise ShapeError(
                    "attention_axes goes with whole batches in front and with heads of one sort",
                    fixes=[Fix("no attention_axes", {"attention_axes": MISSING})],
                )
            return places(self, shape, self.batch_first, self.unbatched)
        last = len(shape) - 1
        axes = tuple(range(1, last)) if self.attention_axes is None else axes_at(self.attention_axes, shape)
        if not axes or not all(0 < axis < last for axis in axes):
            raise ShapeError(
                f"attention_axes must be axes from 1 to {last - 1}, between the batch and the features",
                fixes=[Fix("attention_axes=1", {"attention_axes": (1,)})],
            )
        apart = tuple(size for i, size in enumerate(shape[:last]) if i not in axes)
        return Places(apart, tuple(shape[axis] for axis in axes), shape[last])

    def projections(self, query: Size, key: Size, value: Size) -> MultiHead:
        """The shapes of the projections for the widths of the inputs; raises ShapeError where heads do not divide."""
        groups = self.heads if self.kv_heads is None else self.kv_heads
        if self.kv_heads is not None and same(self.heads % groups, 0) is False:
            raise ShapeError(
                f"kv_heads={text(plain(groups))} does not divide the {text(plain(self.heads))} heads",
                fixes=[Fix("kv_heads=1", {"kv_heads": 1})],
            )
        output = (query,) if self.output_shape is None else self.output_shape
        if self.key_dim is None:
            check_heads(self.heads, query)
            asked: Shape = (query,)
            keyed: Shape = (query,) if self.kv_heads is None else (groups, query // self.heads)
        else:
            asked, keyed = (self.heads, self.key_dim), (groups, self.key_dim)
        valued = keyed if self.value_dim is None else (groups, self.value_dim)
        joined = asked if self.value_dim is None else (self.heads, self.value_dim)
        return MultiHead(query, key, value, asked, keyed, valued, joined, output, self.gate)

    def seen(self, key: Places) -> Size:
        """The positions attended to: those of the key, and those that the layer adds."""
        return key.positions + (int(self.add_bias_kv) + int(self.add_zero_attn))

    def agreements(self, inputs: Tensors) -> tuple[tuple[Size, Size], ...]:
        shared = () if self.key_dim is not None else divides(self.heads, inputs[0].shape[-1])
        return shared if self.kv_heads is None else (*shared, *divides(self.kv_heads, self.heads))

    def output(self, inputs: Tensors) -> Tensors:
        query, key, heads = self.call(inputs)
        x = inputs[0]
        attended = Tensor((*x.shape[:-1], *heads.output), x.dtype)
        if self.return_weights == "none":
            return (attended,)
        each = (self.heads,) if self.return_weights == "heads" else ()
        extra = self.add_bias_kv or self.add_zero_attn
        steps = (self.seen(key),) if extra else key.steps
        return (attended, Tensor((*query.batch, *each, *query.steps, *steps), x.dtype))

    def weights(self, inputs: Tensors) -> tuple[Weight, ...]:
        heads = self.call(inputs).heads
        found = heads.weights(self.bias)
        if self.add_bias_kv:
            found += (Weight("key_added", heads.keyed), Weight("value_added", heads.valued))
        return found

    def work(self, inputs: Tensors, outputs: Tensors) -> Work:
        """``T*d*h*k`` and the like for each projection, ``T*S*h*k + T*S*h*v`` for the attention products.

        Element-wise: the softmax of the scores, one an element, and with a gate two for each gated one.
        """
        query, key, heads = self.call(inputs)
        examples, seen = product(query.batch), self.seen(key)
        macs = heads.macs(query.positions, key.positions, seen)
        elementwise = self.heads * query.positions * seen
        if self.gate:
            elementwise = elementwise + 2 * query.positions * product(heads.joined)
        return Work(examples * macs, examples * elementwise)

    def reach(self, inputs: Tensors) -> Reach:
        return None

    def remarks(self, inputs: Tensors, outputs: Tensors) -> tuple[str, ...]:
        if self.settings.counting == "pytorch":
            named = ("value_dim", "kv_heads", "output_shape", "gate", "attention_axes")
            others = [name for name in named if getattr(self, name) not in (None, False)]
            width = inputs[0].shape[-1]
            if self.key_dim is not None and same(self.heads * self.key_dim, width) is False:
                others.insert(0, "key_dim")
            return (f"PyTorch's MultiheadAttention has no {', '.join(others)}",) if others else ()
        only = [n for n in ("add_bias_kv", "add_zero_attn", "unbatched") if getattr(self, n)]
        return (f"only PyTorch's MultiheadAttention has {', '.join(only)}",) if only else ()
