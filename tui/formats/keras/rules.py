"""What the arguments of Keras's layers are in our kinds. Most go by their own names, the rest stands in ``RULES``.

Sources: the constructors and ``compute_output_shape`` of Keras 3 (``keras.layers``), and Keras 2's where the
JSON of both differs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from tui.core.kind import Kind
from tui.core.tensor import BYTES
from tui.formats.frameworks.words import FrameworkError, kind_of, shown, without_nothing
from tui.formats.keras import rewrites
from tui.formats.keras.rewrites import Args, spatial_axes
from tui.layers import family_of

UNUSED: Final = frozenset((
    "name", "seed", "unit_forget_bias", "implementation", "unroll", "zero_output_for_mask", "noise_shape",
    "synchronized", "autocast", "cache", "build_config", "activity_regularizer", "batch_input_shape", "batch_shape",
    "input_length", "sparse", "invert", "sliding_window", "flash_attention", "crop_to_aspect_ratio",
    "pad_to_aspect_ratio", "antialias", "renorm_momentum", "time_major", "num_bins", "bin_boundaries", "salt",
    "vocabulary", "mask_token", "oov_token", "num_oov_indices", "max_tokens", "encoding", "weights", "fused",
    "virtual_batch_size", "adjustment", "beta_2", "lora_alpha", "stateful", "quantization_config", "return_scores",
))  # fmt: skip
"""Arguments that change neither a shape nor a count."""
UNUSED_ENDINGS: Final = ("_initializer", "_regularizer", "_constraint")

ONLY: Final[Mapping[str, tuple[Any, ...]]] = {
    "renorm": (False, None), "renorm_clipping": (None,),
    "ragged": (False, None), "groups": (1,), "output_mode": ("one_hot", "multi_hot", "count"),
}  # fmt: skip
"""Arguments of which only these values are read: the others would change what is counted."""


class Rule(NamedTuple):
    """How one class differs: ``unused`` arguments, values that a missing one has, and what rewrites the others."""

    unused: frozenset[str] = frozenset()
    missing: Mapping[str, Any] = {}
    rewrite: Callable[[str, Args], Args] | None = None
    order: tuple[int, ...] = ()
    """The inputs in our order, where Keras has another."""
    axes: int | None = None
    """How many axes the input must have, the batch included."""


_CONVOLUTION: Final = Rule(missing={"strides": 1}, rewrite=rewrites.convolution)
_TRANSPOSED: Final = Rule(rewrite=rewrites.transposed)
_POOL: Final = Rule(rewrite=rewrites.window)
_MAX_POOL: Final = Rule(missing={"pool_size": 2}, rewrite=rewrites.window)
_QUERY_VALUE_KEY: Final = Rule(rewrite=rewrites.attention, order=(0, 2, 1))

RULES: Final[Mapping[str, Rule]] = {
    **{f"{name}{rank}D": _CONVOLUTION for name in ("Conv", "Convolution", "DepthwiseConv", "SeparableConv",
                                                   "SeparableConvolution") for rank in (1, 2, 3)},
    **{f"{name}{rank}DTranspose": _TRANSPOSED for name in ("Conv", "Convolution") for rank in (1, 2, 3)},
    **{f"ConvLSTM{rank}D": _CONVOLUTION for rank in (1, 2, 3)},
    **{f"AveragePooling{rank}D": _POOL for rank in (1, 2, 3)},
    **{f"MaxPooling{rank}D": _MAX_POOL for rank in (1, 2, 3)},
    **{f"ZeroPadding{rank}D": Rule(rewrite=rewrites.ends("padding", 1)) for rank in (1, 2, 3)},
    "Cropping1D": Rule(missing={"cropping": [1, 1]}, rewrite=rewrites.ends("cropping", 1)),
    "Cropping2D": Rule(rewrite=rewrites.ends("cropping", 0)),
    "Cropping3D": Rule(rewrite=rewrites.ends("cropping", 1)),
    **{f"UpSampling{rank}D": Rule(rewrite=rewrites.whole_factors) for rank in (1, 2, 3)},
    "MultiHeadAttention": _QUERY_VALUE_KEY,
    "GroupQueryAttention": _QUERY_VALUE_KEY,
    "GroupedQueryAttention": _QUERY_VALUE_KEY,
    "Attention": Rule(order=(0, 2, 1)),
    "AdditiveAttention": Rule(order=(0, 2, 1)),
    "BatchNormalization": Rule(missing={"axis": -1}),
    "GroupNormalization": Rule(missing={"axis": -1}),
    "Normalization": Rule(rewrite=rewrites.normalization),
    "EinsumDense": Rule(rewrite=rewrites.einsum),
    "Dot": Rule(rewrite=rewrites.dot),
    "Concatenate": Rule(missing={"axis": -1}),
    "Permute": Rule(rewrite=rewrites.permute),
    "PReLU": Rule(rewrite=rewrites.shared_axes),
    "Flatten": Rule(rewrite=rewrites.flatten),
    "Dropout": Rule(rewrite=rewrites.rate),
    "AlphaDropout": Rule(rewrite=rewrites.rate),
    "GaussianDropout": Rule(rewrite=rewrites.rate),
    **{f"SpatialDropout{rank}D": Rule(rewrite=rewrites.rate) for rank in (1, 2, 3)},
    "LayerScale": Rule(unused=frozenset(("init_values", "projection_dim"))),
    "add": Rule(unused=frozenset(("scale",))),
    "Resizing": Rule(unused=frozenset(("fill_mode", "fill_value"))),
    "Rescaling": Rule(rewrite=rewrites.rescaling),
    "RepeatVector": Rule(axes=2),
    **dict.fromkeys(("reducemean", "reducesum", "reducemax", "reducemin", "reduceprod", "reducestd", "reducevar"),
                    Rule(missing={"keepdims": False}, unused=frozenset(("initial", "keep_dtype")))),
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

    Raises FrameworkError where Keras refuses a value, or where one is not understood.
    """
    rule = rule_of(class_name)
    kind = kind_of(class_name)
    args: Args = {}
    for name, value in {**rule.missing, **config}.items():
        if name in UNUSED | rule.unused or name.endswith(UNUSED_ENDINGS) or name in ("data_format", "dtype"):
            continue
        if name in ONLY and not (name == "groups" and name in kind.by_name):
            if value not in ONLY[name]:
                raise FrameworkError(
                    f"{class_name}: {name}={shown(value)} is not read; it would change what is counted"
                )
            if name not in kind.by_name:
                continue
        args[name] = value
    if "training" not in kind.by_name or not args.get("training"):
        args.pop("training", None)
    if args.get("trainable", True) or kind.weights is Kind.weights:
        args.pop("trainable", None)
    if family_of(kind) == "augmentation":
        # Strengths and fillings change values only.
        args = {
            name: value
            for name, value in args.items()
            if name in ("height", "width", "training") and name in kind.by_name
        }
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
        raise FrameworkError(f"{class_name}: {argument}={shown(value)} is not the name of a function")
    return value


def quantized_mode(dtype: Any) -> str | None:
    """How a policy keeps weights as whole numbers of few bits; None where it does not."""
    if not isinstance(dtype, Mapping) or "Quantized" not in str(dtype.get("class_name")):
        return None
    inner = dtype.get("config")
    mode = inner.get("mode") or inner.get("name") if isinstance(inner, Mapping) else None
    return mode[:20] if isinstance(mode, str) else "whole numbers"


def _stored_as(dtype: Any) -> Args:
    """The type that a layer stores, where it is not that of the network; mixed policies keep float32 weights."""
    if isinstance(dtype, Mapping):
        inner = dtype.get("config")
        dtype = inner.get("name") if isinstance(inner, Mapping) else None
    return dtype_args(dtype)


def dtype_args(dtype: Any) -> Args:
    """A type as our argument; none where it is the network's own, or unknown."""
    return {"dtype": dtype} if isinstance(dtype, str) and dtype in BYTES and dtype != "float32" else {}
