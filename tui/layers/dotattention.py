"""Attention without projections: scores of queries and keys weigh the values. Shapes (N, T, d) or (N, h, T, d)."""

from __future__ import annotations

from typing import ClassVar, NamedTuple

from tui.core.argument import MISSING, Arg, Choice, Switch, Whole
from tui.core.errors import Fix, ShapeError
from tui.core.kind import Kind, Reach, Work
from tui.core.layout import same_shape, sizes_text
from tui.core.multihead import CAUSAL, DROPOUT, check_batches
from tui.core.size import Size, at_least, floor_div, product, same, text
from tui.core.tensor import Shape, Tensor, Tensors, Weight
from tui.core.working import plain

HEADS = Arg("heads", Whole(1), None, "heads that the features hold side by side, where they are no axis of their own",
            aliases=("q_num_heads", "num_heads"))  # fmt: skip
KV_HEADS = Arg("kv_heads", Whole(1), None, "the same for key and value, if fewer", aliases=("kv_num_heads",))
MASK = Arg("mask", Switch(), False, "whether the source after the value is a mask over the scores")
SCORES = Arg("return_scores", Switch(), False, "whether the scores are an output", aliases=("return_attention_scores",))
PRESENT = Arg("return_present", Switch(), False, "whether all keys and values, past ones too, are outputs")


class Call(NamedTuple):
    """One call: ``batch`` and ``heads`` lead the scores, T ``asking`` by S ``seen`` positions follow.

    ``width`` is that of the query, ``value`` that of the output, over all heads where they share an axis.
    """

    batch: Shape
    heads: Shape
    asking: Size
    seen: Size
    width: Size
    value: Size
    present: tuple[Shape, ...]


class WeighedValues(Kind):
    """Base of the kinds. Sources: query; query and one for key and value; or query, key, value.

    A mask may follow the value (``mask=true``), then the keys and values of the past. Source of heads,
    past and present: the ONNX operator Attention.
    """

    inputs = (1, 6)
    heads: Size | None = None
    kv_heads: Size | None = None
    mask: bool
    return_scores: bool
    return_present: bool = False

    def call(self, inputs: Tensors) -> Call:
        """The inputs taken apart and checked; raises ShapeError where they do not go together."""
        shapes = [tensor.shape for tensor in inputs]
        past: list[Shape] = []
        if len(shapes) >= 5:
            past = [shapes.pop(-2), shapes.pop(-1)]
        mask = shapes.pop() if self.mask and len(shapes) > 1 else None
        if len(shapes) > 3:
            raise ShapeError(
                f"{self.name} reads query, key and value, then the past key and value; it is given {len(inputs)}; "
                "a mask among them needs mask=true"
            )
        query, key, value = (*shapes, shapes[-1], shapes[-1])[:3]
        for what, shape in (("query", query), ("key", key), ("value", value)):
            if len(shape) < 3 or len(shape) != len(query):
                raise ShapeError(
                    f"{self.name}: the {what} has {len(shape)} axes; query, key and value have the same, 3 or more: "
                    "batch, positions and features"
                )
        if same(key[-2], value[-2]) is False:
            raise ShapeError(
                f"{self.name}: {text(plain(key[-2]))} keys, {text(plain(value[-2]))} values; "
                "each key stands for one value"
            )
        check_batches(self.name, key[:-2], value[:-2], "key and value")
        found = (
            self.heads_in_features(query, key, value) if self.heads is not None else self.heads_apart(query, key, value)
        )
        found = _with_past(self.name, found, past)
        if mask is not None:
            _check_mask(self.name, mask, found)
        return found

    def heads_apart(self, query: Shape, key: Shape, value: Shape) -> Call:
        """Heads as axis 1 of four, or none: (..., T, d), (..., S, d), (..., S, v)."""
        width = key[-1] if self.adds and query[-1] == 1 else query[-1]
        if same(query[-1], key[-1]) is False and not (self.adds and 1 in (query[-1], key[-1])):
            raise _unlike(self.name, query[-1], key[-1])
        if len(query) == 4:
            check_batches(self.name, query[:1], key[:1], "query and key")
            _check_shared(query[1], key[1])
        else:
            check_batches(self.name, query[:-2], key[:-2], "query and key")
        return Call(query[:-2], (), query[-2], key[-2], width, value[-1], (key, value))

    def heads_in_features(self, query: Shape, key: Shape, value: Shape) -> Call:
        """Heads side by side in the features: (N, T, h*d), (N, S, g*d), (N, S, g*v)."""
        if len(query) != 3:
            raise ShapeError(
                f"heads={text(plain(self.heads or 1))} splits the features of 3 axes; {len(query)} axes have heads "
                "as an axis",
                fixes=[Fix("no heads", {"heads": MISSING})],
            )
        check_batches(self.name, query[:1], key[:1], "query and key")
        heads = self.heads or 1
        groups = heads if self.kv_heads is None else self.kv_heads
        _check_shared(heads, groups)
        for width, parts in ((query[2], heads), (key[2], groups), (value[2], groups)):
            if same(width % parts, 0) is False:
                raise ShapeError(f"{text(plain(parts))} heads cannot share a width of {text(plain(width))} equally")
        if same(floor_div(query[2], heads), floor_div(key[2], groups)) is False:
            raise _unlike(self.name, query[2] // heads, key[2] // groups)
        joined = value[2] if self.kv_heads is None else heads * (value[2] // groups)
        split = tuple((query[0], groups, key[1], width // groups) for width in (key[2], value[2]))
        return Call(query[:1], (heads,), query[1], key[1], query[2], joined, split)

    def output(self, inputs: Tensors) -> Tensors:
        call, dtype = self.call(inputs), inputs[0].dtype
        shapes: list[Shape] = [(*call.batch, call.asking, call.value)]
        if self.return_present:
            shapes += call.present
        if self.return_scores:
            shapes.append((*call.batch, *call.heads, call.asking, call.seen))
        return tuple(Tensor(shape, dtype) for shape in shapes)

    @property
    def adds(self) -> bool:
        """Whether query and key are added, so that a width of 1 stretches to the other."""
        return False

    def products(self, call: Call) -> Size:
        """Multiply-accumulates of one score over all heads: what query and key are multiplied by."""
        return call.width

    def elementwise(self, call: Call) -> Size:
        """Element-wise operations of one score, the softmax left out."""
        return 0

    def work(self, inputs: Tensors, outputs: Tensors) -> Work:
        """``T*S*(d + v)`` MACs, those of the scores only where they are products; element-wise: one a score for
        the softmax, and what makes scores without products.
        """
        call = self.call(inputs)
        examples, scores = product(call.batch), call.asking * call.seen
        elementwise = scores * (product(call.heads) + self.elementwise(call))
        macs = scores * (self.products(call) + call.value)
        return Work(examples * macs, examples * elementwise)

    def reach(self, inputs: Tensors) -> Reach:
        return None


class Attention(WeighedValues):
    """Keras's Attention, the ONNX operator Attention, PyTorch's scaled_dot_product_attention."""

    name = "attention"
    summary = "Dot-product attention of given queries, keys and values; no projections."
    example = "attention"
    aliases: ClassVar = {
        "scaled_dot_product_attention": None, "scaleddotproductattention": None, "dotproductattention": None,
        "sdpa": None,
    }  # fmt: skip
    args = (
        HEADS, KV_HEADS,
        Arg("score_mode", Choice(("dot", "concat")), "dot", "products of query and key, or the tanh of their sum"),
        Arg("use_scale", Switch(), False, "one weight that scales the scores"),
        MASK, SCORES, PRESENT, CAUSAL, DROPOUT,
    )  # fmt: skip
    score_mode: str
    use_scale: bool

    def weights(self, inputs: Tensors) -> tuple[Weight, ...]:
        named = (("scale", self.use_scale), ("concat_score_weight", self.score_mode == "concat"))
        return tuple(Weight(name, ()) for name, there in named if there)

    @property
    def adds(self) -> bool:
        return self.score_mode != "dot"

    def products(self, call: Call) -> Size:
        return 0 if self.adds else call.width

    def elementwise(self, call: Call) -> Size:
        return (3 if self.use_scale else 2) * call.width if self.adds else 0

    def remarks(self, inputs: Tensors, outputs: Tensors) -> tuple[str, ...]:
        only = [n for n, there in (("use_scale", self.use_scale), ("score_mode", self.score_mode != "dot")) if there]
        if only and self.settings.counting != "keras":
            return (f"only Keras's Attention has {' and '.join(only)}",)
        return ()


class AdditiveAttention(WeighedValues):
    """Source: Bahdanau et al., 2015, as in Keras: the score is the sum of ``scale*tanh(query + key)``."""

    name = "additiveattention"
    summary = "Additive attention: the scores are sums of tanh(query + key)."
    example = "additiveattention"
    aliases: ClassVar = {"bahdanauattention": None}
    args = (
        Arg("use_scale", Switch(), True, "a weight for each feature, in place of a plain sum"),
        MASK, SCORES, CAUSAL, DROPOUT,
    )  # fmt: skip
    use_scale: bool

    def weights(self, inputs: Tensors) -> tuple[Weight, ...]:
        return (Weight("scale", (inputs[0].shape[-1],)),) if self.use_scale else ()

    @property
    def adds(self) -> bool:
        return True

    def products(self, call: Call) -> Size:
        return 0

    def elementwise(self, call: Call) -> Size:
        return (3 if self.use_scale else 2) * call.width


def _unlike(kind: str, query: Size, key: Size) -> ShapeError:
    return ShapeError(
        f"{kind}: a query has {text(plain(query))} features, a key {text(plain(key))}; they are compared one by one"
    )


def _check_shared(heads: Size, groups: Size) -> None:
    if same(heads % groups, 0) is False:
        raise ShapeError(f"{text(plain(groups))} heads of the key do not divide the {text(plain(heads))} of the query")


def _with_past(kind: str, call: Call, past: list[Shape]) -> Call:
    """The call with the keys and values of the past (..., P, d) and (..., P, v) in front of the new ones."""
    if not past:
        return call
    for what, old, new in zip(("key", "value"), past, call.present, strict=True):
        if len(old) < 2 or not same_shape(_no_steps(old), _no_steps(new)):
            raise ShapeError(
                f"{kind}: the past {what} {sizes_text(old)} does not continue the {what} {sizes_text(new)}"
            )
    if same(past[0][-2], past[1][-2]) is False:
        raise ShapeError(f"{kind}: the past has {text(plain(past[0][-2]))} keys, {text(plain(past[1][-2]))} values")
    seen = past[0][-2] + call.seen
    return call._replace(seen=seen, present=tuple((*shape[:-2], seen, shape[-1]) for shape in call.present))


def _no_steps(shape: Shape) -> Shape:
    return (*shape[:-2], shape[-1])


def _check_mask(kind: str, mask: Shape, call: Call) -> None:
    """A mask is (..., T, S); ONNX fills one that is shorter than S up."""
    if not mask or at_least(call.seen, mask[-1]) is False:
        raise ShapeError(
            f"{kind}: the mask has {text(plain(mask[-1])) if mask else 'no'} keys, there are {text(plain(call.seen))}"
        )
    if len(mask) > 1 and mask[-2] != 1 and same(mask[-2], call.asking) is False:
        raise ShapeError(f"{kind}: the mask has {text(plain(mask[-2]))} queries, there are {text(plain(call.asking))}")
