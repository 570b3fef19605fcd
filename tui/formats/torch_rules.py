"""What the arguments of PyTorch's modules are in our kinds, and what PyTorch refuses that our rules take.

Source: the constructors of ``torch.nn`` and the checks of ``torch.nn.functional`` and ATen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from tui.core.tensor import Shape
from tui.formats.framework_words import FrameworkError, is_whole, shown


class Rule(NamedTuple):
    """How one class differs from its kind of the same name.

    ``always`` is added; ``unused`` left out; ``rewrite`` gives the arguments for these input shapes.
    ``axes`` are the numbers of axes that PyTorch takes, ``core`` those that our kind reads: inputs with
    fewer or more axes in front are brought to that and back.
    """

    rewrite: Rewrite | None = None
    always: Mapping[str, Any] = {}
    unused: frozenset[str] = frozenset()
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
_RECURRENT: Final = Rule(recurrent, _STATES, axes=(2, 3))
_SEQUENCE: Final = Rule(sequence, axes=(2, 3))

RULES: Final[Mapping[str, Rule]] = {
    **_ranked("Conv", convolution), **_ranked("LazyConv", convolution),
    **_ranked("ConvTranspose", transposed), **_ranked("LazyConvTranspose", transposed),
    **_ranked("MaxPool", pool), **_ranked("AvgPool", pool), **_ranked("LPPool", lp_pool),
    **_ranked("MaxUnpool", pool),
    **_ranked("AdaptiveAvgPool", adaptive), **_ranked("AdaptiveMaxPool", adaptive), **_ranked("FractionalMaxPool", fractional),
    **_ranked("ReflectionPad", edges), **_ranked("ReplicationPad", edges), **_ranked("CircularPad", edges),
    **{f"{name}Pad{rank}d": Rule(edges, core=rank + 2) for name in ("Zero", "Constant") for rank in (1, 2, 3)},
    **_ranked("BatchNorm", unbatched=False), **_ranked("LazyBatchNorm", unbatched=False),
    "BatchNorm1d": Rule(axes=(2, 3)), "LazyBatchNorm1d": Rule(axes=(2, 3)),
    **_ranked("InstanceNorm"), **_ranked("LazyInstanceNorm"),
    "Dropout": Rule(chance), "AlphaDropout": Rule(chance), "FeatureAlphaDropout": Rule(chance),
    "Dropout1d": Rule(chance, axes=(2, 3)), "Dropout2d": Rule(chance), "Dropout3d": Rule(chance),
    "GroupNorm": Rule(group_norm), "PReLU": Rule(prelu),
    "Embedding": Rule(embedding), "EmbeddingBag": Rule(embedding),
    "Upsample": Rule(upsample, axes=(3, 4, 5)),
    "Unfold": Rule(axes=(3, 4), core=4), "Fold": Rule(axes=(2, 3), core=3),
    "PixelShuffle": Rule(core=4), "PixelUnshuffle": Rule(core=4),
    "MultiheadAttention": Rule(sequence, {"return_weights": "mean"}, axes=(2, 3)),
    "LSTM": _RECURRENT, "GRU": _RECURRENT, "RNN": _RECURRENT,
    "RNNCell": Rule(axes=(1, 2)), "LSTMCell": Rule(axes=(1, 2)), "GRUCell": Rule(axes=(1, 2)),
    "TransformerEncoderLayer": _SEQUENCE, "TransformerDecoderLayer": _SEQUENCE, "Transformer": _SEQUENCE,
    "TransformerEncoder": Rule(stack, axes=(2, 3)), "TransformerDecoder": Rule(stack, axes=(2, 3)),
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
    given = {name: value for name, value in args.items() if name not in UNUSED | rule.unused and value is not None}
    if class_name in ("Identity", "Softmax2d"):
        given = {}
    if rule.rewrite is not None:
        given = rule.rewrite(class_name, given, shapes)
    return {**given, **rule.always}
