"""What PyTorch's modules are in our kinds. Most go by their own names, the rest stands in ``RULES``.

Source: the constructors of ``torch.nn`` and the numbers of axes that their documentation names.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from tui.core.tensor import Shape
from tui.formats.torch import rewrites
from tui.formats.torch.rewrites import UNUSED, Args, Rewrite


class Rule(NamedTuple):
    """How one class differs from its kind of the same name.

    ``always`` is added; ``rewrite`` gives the arguments for these input shapes.
    ``axes`` are the numbers of axes that PyTorch takes, ``core`` those that our kind reads: inputs with
    fewer or more axes in front are brought to that and back.
    """

    rewrite: Rewrite | None = None
    always: Mapping[str, Any] = {}
    axes: tuple[int, ...] = ()
    core: int = 0


def _ranked(name: str, rewrite: Rewrite | None = None, unbatched: bool = True, **more: Any) -> dict[str, Rule]:
    """The rules of a family of classes for 1 to 3 spatial axes."""
    rules = {}
    for rank in (1, 2, 3):
        axes = (rank + 1, rank + 2) if unbatched else (rank + 2,)
        rules[f"{name}{rank}d"] = Rule(rewrite, axes=axes, core=rank + 2, **more)
    return rules


_STATES: Final = {"return_sequences": True, "return_state": True, "states": "stacked"}
_RECURRENT: Final = Rule(rewrites.recurrent, _STATES, axes=(2, 3))
_SEQUENCE: Final = Rule(rewrites.sequence, axes=(2, 3))

RULES: Final[Mapping[str, Rule]] = {
    **_ranked("Conv", rewrites.convolution), **_ranked("LazyConv", rewrites.convolution),
    **_ranked("ConvTranspose", rewrites.transposed), **_ranked("LazyConvTranspose", rewrites.transposed),
    **_ranked("MaxPool", rewrites.pool), **_ranked("AvgPool", rewrites.pool), **_ranked("LPPool", rewrites.lp_pool),
    **_ranked("MaxUnpool", rewrites.pool),
    **_ranked("AdaptiveAvgPool", rewrites.adaptive), **_ranked("AdaptiveMaxPool", rewrites.adaptive),
    **_ranked("FractionalMaxPool", rewrites.fractional),
    **_ranked("ReflectionPad", rewrites.edges), **_ranked("ReplicationPad", rewrites.edges),
    **_ranked("CircularPad", rewrites.edges),
    **{f"{name}Pad{rank}d": Rule(rewrites.edges, core=rank + 2) for name in ("Zero", "Constant") for rank in (1, 2, 3)},
    **_ranked("BatchNorm", rewrites.norm, unbatched=False), **_ranked("LazyBatchNorm", unbatched=False),
    "BatchNorm1d": Rule(rewrites.norm, axes=(2, 3)), "LazyBatchNorm1d": Rule(axes=(2, 3)),
    **_ranked("InstanceNorm"), **_ranked("LazyInstanceNorm"),
    **{name: Rule(rewrites.chance) for name in ("Dropout", "Dropout2d", "Dropout3d", "AlphaDropout",
                                                     "FeatureAlphaDropout")},
    "Dropout1d": Rule(rewrites.chance, axes=(2, 3)),
    "GroupNorm": Rule(rewrites.group_norm), "PReLU": Rule(rewrites.prelu),
    "Embedding": Rule(rewrites.embedding), "EmbeddingBag": Rule(rewrites.embedding),
    "Upsample": Rule(rewrites.upsample, axes=(3, 4, 5)),
    "Softmax2d": Rule(axes=(3, 4)),
    "Unfold": Rule(axes=(3, 4), core=4), "Fold": Rule(axes=(2, 3), core=3),
    "PixelShuffle": Rule(core=4), "PixelUnshuffle": Rule(core=4),
    "MultiheadAttention": Rule(rewrites.sequence, {"return_weights": "mean"}, axes=(2, 3)),
    "LSTM": _RECURRENT, "GRU": _RECURRENT, "RNN": _RECURRENT,
    "RNNCell": Rule(axes=(1, 2)), "LSTMCell": Rule(axes=(1, 2)), "GRUCell": Rule(axes=(1, 2)),
    "TransformerEncoderLayer": _SEQUENCE, "TransformerDecoderLayer": _SEQUENCE, "Transformer": _SEQUENCE,
    "TransformerEncoder": Rule(rewrites.stack, axes=(2, 3)), "TransformerDecoder": Rule(rewrites.stack, axes=(2, 3)),
}  # fmt: skip
_NO_RULE: Final = Rule()


def rule_of(class_name: str) -> Rule:
    """The rule of a class; one that changes nothing where the class needs none."""
    return RULES.get(class_name, _NO_RULE)


def arguments(class_name: str, args: Mapping[str, Any], shapes: list[Shape]) -> Args:
    """The arguments of our kind for those of a constructor and these input shapes (none where they are not known).

    Raises FrameworkError where PyTorch refuses a value.
    """
    rule = rule_of(class_name)
    given = {name: value for name, value in args.items() if name not in UNUSED and value is not None}
    if class_name in ("Identity", "Softmax2d"):
        given = {}
    if rule.rewrite is not None:
        given = rule.rewrite(class_name, given, shapes)
    return {**rule.always, **given}
