"""Regularization: noise while training, nothing at inference. Shapes stay; there are no weights and no work."""

from __future__ import annotations

from typing import ClassVar

from tui.core.argument import Arg, Real
from tui.core.axes import need_rank
from tui.core.kind import Kind
from tui.core.tensor import Tensors
from tui.core.variant import variant

RATE = Arg("rate", Real(0, 1), 0.5, "the share of elements that are dropped", slot=0, aliases=("p", "ratio"))


class Dropout(Kind):
    name = "dropout"
    summary = "Drops elements at random while training."
    example = "dropout 0.5"
    aliases: ClassVar = {"드롭아웃": None}
    args = (RATE,)


class SpatialDropout(Kind):
    name = "spatialdropout"
    summary = "Drops whole channels at random while training."
    example = "spatialdropout 0.2"
    aliases: ClassVar = {
        "dropout1d": None, "dropout2d": None, "dropout3d": None,
        "spatialdropout1d": None, "spatialdropout2d": None, "spatialdropout3d": None,
    }  # fmt: skip
    args = (RATE,)

    def output(self, inputs: Tensors) -> Tensors:
        need_rank("spatialdropout", inputs[0].shape, 2)
        return inputs


class Noise(Kind):
    """Base of the kinds that only change what comes out while training."""

    args = (RATE,)


AlphaDropout = variant(Noise, "alphadropout", "Dropout that keeps mean and variance, for SELU.")
FeatureAlphaDropout = variant(Noise, "featurealphadropout", "Alpha dropout of whole channels.")
GaussianDropout = variant(Noise, "gaussiandropout", "Multiplies by random numbers around 1.")
GaussianNoise = variant(Noise, "gaussiannoise", "Adds random numbers around 0.", args=(
    Arg("stddev", Real(0), 1.0, "the standard deviation", slot=0),
))  # fmt: skip
DropPath = variant(Noise, "droppath", "Drops whole examples of a branch.", "stochasticdepth", "stochastic_depth")
ActivityRegularization = variant(Noise, "activityregularization", "A penalty on large outputs.", args=(
    Arg("l1", Real(0), 0.0, "the weight of the absolute values"), Arg("l2", Real(0), 0.0, "the weight of the squares"),
))  # fmt: skip
