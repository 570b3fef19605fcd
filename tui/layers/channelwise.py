"""Learned factors that rescale whole channels."""

from __future__ import annotations

from typing import ClassVar

from tui.core.argument import Arg, Switch, Whole
from tui.core.kind import Kind, Reach, Work
from tui.core.size import Size
from tui.core.tensor import Tensors, Weight


class LayerScale(Kind):
    """Source: Touvron et al., "Going deeper with Image Transformers", 2021, as in torchvision's ConvNeXt."""

    name = "layerscale"
    summary = "One learned factor for each channel, as at the end of a ConvNeXt block."
    example = "layerscale"
    aliases: ClassVar = {"cnblockscale": None}
    args = (Arg("bias", Switch(), False, "one offset for each channel too", aliases=("use_bias",)),)
    bias: bool

    def weights(self, inputs: Tensors) -> tuple[Weight, ...]:
        channels = (self.channels(inputs[0].shape),)
        gamma = Weight("gamma", channels)
        return (gamma, Weight("offset", channels)) if self.bias else (gamma,)

    def work(self, inputs: Tensors, outputs: Tensors) -> Work:
        """One multiply for each element, and one add where there is an offset."""
        return Work(elementwise=outputs[0].elements * (2 if self.bias else 1))


class SqueezeExcitation(Kind):
    """Source: Hu et al., "Squeeze-and-Excitation Networks", 2018, as in ``torchvision.ops.SqueezeExcitation``."""

    name = "squeezeexcitation"
    summary = "Each channel weighted by two dense layers over the mean of all channels."
    example = "squeezeexcitation 8"
    aliases: ClassVar = {"se": None, "seblock": None}
    args = (
        Arg("squeeze", Whole(1), help="channels between the two layers", slot=0, aliases=("squeeze_channels",)),
        Arg("bias", Switch(), True, "a bias in both layers", aliases=("use_bias",), setting="bias",
            flags=(("nobias", False),)),
    )  # fmt: skip
    squeeze: Size
    bias: bool

    def weights(self, inputs: Tensors) -> tuple[Weight, ...]:
        channels = self.channels(inputs[0].shape)
        kernels = (Weight("reduce", (channels, self.squeeze)), Weight("expand", (self.squeeze, channels)))
        biases = (Weight("reduce_bias", (self.squeeze,)), Weight("expand_bias", (channels,)))
        return (*kernels, *biases) if self.bias else kernels

    def work(self, inputs: Tensors, outputs: Tensors) -> Work:
        """The two layers run once an example; the mean and the weighting take one operation an element each.

        Of a tensor with a single axis that axis holds the channels: it is one example.
        """
        (x,) = inputs
        reduce, expand = self.weights(inputs)[:2]
        examples = x.shape[0] if len(x.shape) > 1 else 1
        return Work((reduce.elements + expand.elements) * examples, 2 * x.elements)

    def reach(self, inputs: Tensors) -> Reach:
        return None
