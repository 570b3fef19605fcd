"""What the arguments of Keras's layers are in our kinds. Most go by their own names, the rest stands in ``RULES``.

Sources: the constructors and ``compute_output_shape`` of Keras 3 (``keras.layers``), and Keras 2's where the
JSON of both differs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from tui.core.kind import Kind
from tui.core.tensor import BYTES
from tui.formats.framework_words import Objection, is_whole, kind_of, shown, without_nothing
from tui.layers import family_of

Args = dict[str, Any]

UNUSED: Final = frozenset(
    "name seed unit_forget_bias implementation unroll zero_output_for_mask noise_shape synchronized autocast cache "
    "build_config activity_regularizer batch_input_shape batch_shape input_length sparse invert sliding_window "
    "flash_attention crop_to_aspect_ratio pad_to_aspect_ratio antialias renorm_momentum time_major num_bins bin_boundaries "
    "salt vocabulary mask_token oov_token num_oov_indices max_tokens encoding weights fused virtual_batch_size "
    "adjustment beta_2 lora_alpha".split()
)
"""Arguments that change neither a shape nor a count."""
UNUSED_ENDINGS: Final = ("_initializer", "_regularizer", "_constraint")

ONLY: Final[Mapping[str, tuple[Any, ...]]] = {
    "stateful": (False, None), "renorm": (False, None), "renorm_clipping": (None,), "quantization_config": (None,),
    "ragged": (False, None), "output_mode": ("int", "one_hot", "multi_hot", "count"),
}  # fmt: skip
"""Arguments of which only these values are read: the others would change what is counted."""

SPATIAL: Final = re.compile(r"([123])D")
"""The number of spatial axes in the name of a class."""


class Rule(NamedTuple):
    """How one class differs: ``unused`` arguments, values that a missing one has, and what rewrites the others."""

    unused: frozenset[str] = frozenset()
    missing: Mapping[str, Any] = {}
    rewrite: Callable[[str, Args], Args] | None = None
    order: tuple[int, ...] = ()
    """The inputs in our order, where Keras has another."""
    axes: int | None = None
    """How many axes the input must have, the batch included."""


def spatial_axes(class_name: str) -> int | None:
    """The spatial axes that a class works on, by its name."""
    found = SPATIAL.search(class_name)
    return int(found[1]) if found else None


def _ends(argument: str, default: int) -> Callable[[str, Args], Args]:
    """Amounts for both ends of axes: one, one for each axis, or a pair for each; of a single axis, a pair."""

    def rewrite(class_name: str, args: Args) -> Args:
        amount = args.get(argument, default)
        rank = spatial_axes(class_name) or 1
        if rank == 1 and isinstance(amount, list) and len(amount) == 2 and all(map(is_whole, amount)):
            amount = [amount]
        flat = [n for part in amount for n in (part if isinstance(part, list) else [part])] if isinstance(
            amount, list) else [amount]  # fmt: skip
        if not all(is_whole(n) and n >= 0 for n in flat) or (isinstance(amount, list) and len(amount) != rank):
            raise Objection(
                f"{class_name}: {argument}={shown(amount)} is not a size of at least 0, "
                f"or one (or a pair) for each of {rank} axes"
            )
        return {**args, argument: amount}

    return rewrite


def _whole_factors(class_name: str, args: Args) -> Args:
    size = args.get("size", 2)
    factors = size if isinstance(size, list) else [size]
    rank = spatial_axes(class_name)
    if not all(is_whole(n) and n > 0 for n in factors) or (isinstance(size, list) and len(size) != rank):
        raise Objection(f"{class_name}: size={shown(size)} is not a whole factor, or one for each of {rank} axes")
    return args


def _window(class_name: str, args: Args) -> Args:
    """Sizes of windows are positive; padding is a word, and which words there are depends on the class."""
    padding = args.get("padding", "valid")
    allowed = ("valid", "same", "causal") if class_name == "Conv1D" else ("valid", "same")
    if not isinstance(padding, str) or padding.lower() not in allowed:
        raise Objection(f"{class_name}: padding={shown(padding)} is not {', '.join(allowed)}")
    rank = spatial_axes(class_name)
    for name in ("kernel_size", "pool_size", "strides", "dilation_rate", "output_padding"):
        size = args.get(name)
        low = 0 if name == "output_padding" else 1
        if size is None:
            continue
        sizes = size if isinstance(size, list) else [size]
        if not all(is_whole(n) and n >= low for n in sizes) or (isinstance(size, list) and len(size) != rank):
            raise Objection(
                f"{class_name}: {name}={shown(size)} is not a size of at least {low}, or one for each of {rank} axes"
            )
    return {**args, "padding": padding.lower()}


def _convolution(class_name: str, args: Args) -> Args:
    args = _window(class_name, args)
    strides, dilation = (_most(args.get(name, 1)) for name in ("strides", "dilation_rate"))
    alone = not class_name.startswith(("Depthwise", "Separable"))
    if alone and strides > 1 and dilation > 1:
        raise Objection(
            f"{class_name}: Keras refuses strides above 1 together with a dilation_rate above 1; set one of them to 1"
        )
    return args


def _transposed(class_name: str, args: Args) -> Args:
    args = _convolution(class_name, args)
    extra, strides = args.get("output_padding"), args.get("strides", 1)
    if extra is not None:
        rank = spatial_axes(class_name) or 1
        pairs = zip(*(size if isinstance(size, list) else [size] * rank for size in (extra, strides)), strict=True)
        if any(more >= step for more, step in pairs):
            raise Objection(
                f"{class_name}: output_padding={shown(extra)} must be below strides={shown(strides)} on every axis"
            )
    return args


def _most(size: Any) -> int:
    return max(size) if isinstance(size, list) else size


def _normalization(class_name: str, args: Args) -> Args:
    fixed = args.pop("mean", None) is not None
    args.pop("variance", None)
    axis = args.pop("axis", -1)
    return {**args, "axis": [] if axis is None else axis, **({"fixed": True} if fixed else {})}


def _attention(class_name: str, args: Args) -> Args:
    """``output_shape`` may be a number."""
    if args.pop("return_attention_scores", False):
        args["return_weights"] = "heads"
    if is_whole(args.get("output_shape")):
        args["output_shape"] = [args["output_shape"]]
    return args


def _einsum(class_name: str, args: Args) -> Args:
    """None in ``output_shape`` is a size that the input gives."""
    sizes = args.get("output_shape")
    listed = sizes if isinstance(sizes, list) else [sizes]
    return {**args, "output_shape": [-1 if size is None else size for size in listed]}


def _dot(class_name: str, args: Args) -> Args:
    axes = args.get("axes")
    if not (is_whole(axes) or (isinstance(axes, list) and len(axes) == 2 and all(map(is_whole, axes)))):
        raise Objection(f"{class_name}: axes={shown(axes)} is not an axis, or one for each of the two inputs")
    return args


def _lookup(class_name: str, args: Args) -> Args:
    if args.pop("output_mode", "int") != "int":
        raise Objection(f"{class_name}: only output_mode='int' is read")
    return {}


def _flatten(class_name: str, args: Args) -> Args:
    return {}


def _rate(class_name: str, args: Args) -> Args:
    rate = args.get("rate")
    if not isinstance(rate, int | float) or not 0 <= rate <= 1:
        raise Objection(f"{class_name}: rate={shown(rate)} is not a number from 0 to 1")
    return args


def _permute(class_name: str, args: Args) -> Args:
    dims = args.get("dims")
    if not isinstance(dims, list) or sorted(dims) != list(range(1, len(dims) + 1)):
        raise Objection(f"{class_name}: dims={shown(dims)} does not name each axis from 1 on once")
    return args


def _shared_axes(class_name: str, args: Args) -> Args:
    return {**args, "shared_axes": args.get("shared_axes") or []}


_CONVOLUTION: Final = Rule(missing={"strides": 1}, rewrite=_convolution)
_TRANSPOSED: Final = Rule(rewrite=_transposed)
_POOL: Final = Rule(rewrite=_window)
_MAX_POOL: Final = Rule(missing={"pool_size": 2}, rewrite=_window)
_LOOKUP: Final = Rule(rewrite=_lookup)
_QUERY_VALUE_KEY: Final = Rule(rewrite=_attention, order=(0, 2, 1))

RULES: Final[Mapping[str, Rule]] = {
    **{f"{name}{rank}D": _CONVOLUTION for name in ("Conv", "Convolution", "DepthwiseConv", "SeparableConv",
                                                   "SeparableConvolution") for rank in (1, 2, 3)},
    **{f"{name}{rank}DTranspose": _TRANSPOSED for name in ("Conv", "Convolution") for rank in (1, 2, 3)},
    **{f"ConvLSTM{rank}D": _CONVOLUTION for rank in (1, 2, 3)},
    **{f"AveragePooling{rank}D": _POOL for rank in (1, 2, 3)},
    **{f"MaxPooling{rank}D": _MAX_POOL for rank in (1, 2, 3)},
    **{f"ZeroPadding{rank}D": Rule(rewrite=_ends("padding", 1)) for rank in (1, 2, 3)},
    "Cropping1D": Rule(missing={"cropping": [1, 1]}, rewrite=_ends("cropping", 1)),
    "Cropping2D": Rule(rewrite=_ends("cropping", 0)),
    "Cropping3D": Rule(rewrite=_ends("cropping", 1)),
    **{f"UpSampling{rank}D": Rule(rewrite=_whole_factors) for rank in (1, 2, 3)},
    "MultiHeadAttention": _QUERY_VALUE_KEY,
    "GroupQueryAttention": _QUERY_VALUE_KEY,
    "GroupedQueryAttention": _QUERY_VALUE_KEY,
    "Attention": Rule(order=(0, 2, 1)),
    "AdditiveAttention": Rule(order=(0, 2, 1)),
    "BatchNormalization": Rule(missing={"axis": -1}),
    "GroupNormalization": Rule(missing={"axis": -1}),
    "Normalization": Rule(rewrite=_normalization),
    "EinsumDense": Rule(rewrite=_einsum),
    "Dot": Rule(rewrite=_dot),
    "Concatenate": Rule(missing={"axis": -1}),
    "Permute": Rule(rewrite=_permute),
    "PReLU": Rule(rewrite=_shared_axes),
    "Flatten": Rule(rewrite=_flatten),
    "Dropout": Rule(rewrite=_rate),
    "AlphaDropout": Rule(rewrite=_rate),
    "GaussianDropout": Rule(rewrite=_rate),
    **{f"SpatialDropout{rank}D": Rule(rewrite=_rate) for rank in (1, 2, 3)},
    "Hashing": _LOOKUP, "Discretization": _LOOKUP, "IntegerLookup": _LOOKUP, "StringLookup": _LOOKUP,
    "RepeatVector": Rule(axes=2),
    "LSTM": Rule(axes=3), "GRU": Rule(axes=3), "SimpleRNN": Rule(axes=3),
}  # fmt: skip
_NO_RULE: Final = Rule()


def rule_of(class_name: str) -> Rule:
    """The rule of a class; one that changes nothing where the class needs none."""
    return RULES.get(class_name, _NO_RULE)


def needed_axes(class_name: str) -> int | None:
    """How many axes Keras requires of the input, the batch included; None where it takes any number."""
    rank = spatial_axes(class_name)
    if rank is None:
        return rule_of(class_name).axes
    return rank + (3 if class_name.startswith("ConvLSTM") else 2)


def arguments(class_name: str, config: Mapping[str, Any]) -> Args:
    """The arguments of our kind for the configuration of a layer.

    Raises Objection where Keras refuses a value, or where one is not understood.
    """
    rule = rule_of(class_name)
    kind = kind_of(class_name)
    args: Args = {}
    for name, value in {**rule.missing, **config}.items():
        if name in UNUSED | rule.unused or name.endswith(UNUSED_ENDINGS) or name in ("data_format", "dtype"):
            continue
        if name in ONLY:
            if value not in ONLY[name]:
                raise Objection(f"{class_name}: {name}={shown(value)} is not read; it would change what is counted")
            if name not in kind.by_name:
                continue
        args[name] = value
    if "training" not in kind.by_name or not args.get("training"):
        args.pop("training", None)
    if args.get("trainable", True) or kind.weights is Kind.weights:
        args.pop("trainable", None)
    if family_of(kind) == "augmentation":
        # Strengths and fillings change values only.
        args = {name: value for name, value in args.items() if name in ("height", "width", "training") and name in kind.by_name}
    for name in ("activation", "recurrent_activation"):
        if name in args:
            args[name] = _function(class_name, name, args[name])
    if rule.rewrite is not None:
        args = rule.rewrite(class_name, args)
    return without_nothing({**args, **_stored_as(config.get("dtype"))})


def _function(class_name: str, argument: str, value: Any) -> Any:
    """The name of a function, which Keras may write as an object."""
    if isinstance(value, Mapping):
        inner = value.get("config")
        value = inner if isinstance(inner, str) else value.get("class_name")
    if value is not None and not isinstance(value, str):
        raise Objection(f"{class_name}: {argument}={shown(value)} is not the name of a function")
    return value


def _stored_as(dtype: Any) -> Args:
    """The type that a layer stores, where it is not that of the network; mixed policies keep float32 weights."""
    if isinstance(dtype, Mapping):
        inner = dtype.get("config")
        dtype = inner.get("name") if isinstance(inner, Mapping) else None
    return {"dtype": dtype} if isinstance(dtype, str) and dtype in BYTES and dtype != "float32" else {}
