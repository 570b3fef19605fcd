"""Layers of Keras that their arguments make a kind of its own here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tui.formats.keras.rewrites import Args
from tui.layers import kind_named

BY_NAME: Final = frozenset((
    "celu", "exponential", "gelu", "hardshrink", "hardsigmoid", "hardsilu", "hardtanh", "logsigmoid", "logsoftmax",
    "mish", "selu", "sigmoid", "silu", "softplus", "softshrink", "softsign", "sparsemax", "sparseplus",
    "sparsesigmoid", "squareplus", "tanh", "tanhshrink",
))  # fmt: skip
"""Functions with a kind of their own here that Keras has as ``layers.Activation`` only."""
_OTHER_WORDS: Final = {"swish": "silu", "hardswish": "hardsilu"}


def narrowed(class_name: str, args: Args, config: Mapping[str, Any]) -> tuple[str, Args]:
    """The class or kind with its arguments: the narrower kind where the arguments leave only that."""
    if class_name == "Activation" and args.keys() == {"activation"}:
        word = str(args["activation"]).lower().replace("_", "")
        found = kind_named(_OTHER_WORDS.get(word, word))
        if found is not None and found[0].name in BY_NAME:
            return found[0].name, {}
    if class_name == "ReLU" and args.get("max_value") == 6 and not args.get("threshold") and (
        not args.get("negative_slope")
    ):  # fmt: skip
        return "relu6", {name: value for name, value in args.items() if name == "dtype"}
    if class_name == "Dropout" and _whole_samples(config.get("noise_shape")):
        return "droppath", args
    return class_name, args


def _whole_samples(noise: Any) -> bool:
    """Whether a dropout draws once for each sample: of all axes only the batch has a size."""
    return isinstance(noise, list) and len(noise) > 1 and noise[0] != 1 and all(size == 1 for size in noise[1:])


def layer_scale(args: Args, ndim: int, channels: int) -> Args | None:
    """The arguments of ``layerscale`` for those of an EinsumDense that multiplies each channel by a factor.

    ``ndim`` are the axes of its input, the batch among them, ``channels`` is that of the channels. None where it is
    another product.
    """
    before, _, after = str(args.get("equation", "")).replace(" ", "").partition("->")
    x, _, factor = before.partition(",")
    if args.keys() - {"equation", "output_shape", "bias_axes"} or x != after or len(x) != ndim or not x.isalpha():
        return None
    if len(set(x)) != ndim or factor != x[channels]:
        return None
    bias = args.get("bias_axes")
    return None if bias not in (None, factor) else {"bias": True} if bias else {}
