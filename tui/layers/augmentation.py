"""Augmentation: images changed at random while training (Keras). Shapes stay but where a size is named.

What they do to an image is no part of a network's cost at inference: no weights, no MACs, no element-wise work.
``training=true`` counts the matrix product by which the affine ones find where each element comes from.
"""

from __future__ import annotations

from typing import ClassVar

from tui.core.argument import Arg, Choice, Switch, ValueType, Whole
from tui.core.errors import ParseError, ShapeError
from tui.core.kind import Kind, Work
from tui.core.size import Size
from tui.core.tensor import Tensor, Tensors
from tui.core.variant import variant


class Factor(ValueType):
    """A number, or a lower and an upper one: 0.1, or -0.1,0.2."""

    expected = "a number such as 0.1, or two such as -0.1,0.2"

    def parse(self, word: str) -> float | tuple[float, ...]:
        try:
            numbers = tuple(float(part) for part in word.strip("()[]").split(","))
        except ValueError:
            numbers = ()
        if not 1 <= len(numbers) <= 2 or any(abs(n) > 10**9 or n != n for n in numbers):
            raise ParseError(f"{word!r} is not {self.expected}", (0, len(word)), expected=(self.expected,))
        return numbers[0] if len(numbers) == 1 else numbers

    def print(self, value: float | tuple[float, ...]) -> str:
        return ",".join(f"{n:g}" for n in (value if isinstance(value, tuple) else (value,)))


def _factor(name: str, help: str, slot: int | None = None) -> Arg:
    return Arg(name, Factor(), 0.0, help, slot=slot)


FACTOR = _factor("factor", "how much, as a share of the whole", slot=0)
HEIGHT = _factor("height_factor", "how much along the height")
WIDTH = _factor("width_factor", "how much along the width")


class Augmentation(Kind):
    """Base of the kinds that change images while training and keep their shape."""

    args: ClassVar[tuple[Arg, ...]] = (FACTOR,)


TRAINING = Arg("training", Switch(), False, "whether the work of training is counted")


class Affine(Augmentation):
    """Base of the kinds that map each element's place by a 3x3 matrix."""

    args = (FACTOR, TRAINING)
    training: bool

    def work(self, inputs: Tensors, outputs: Tensors) -> Work:
        """9 MACs an element while training (Keras's ``affine_transform``: a place times the matrix)."""
        return Work(9 * outputs[0].elements if self.training else 0)


RandomFlip = variant(Augmentation, "randomflip", "Flips images at random.", args=(
    Arg("mode", Choice(("horizontal_and_vertical", "horizontal", "vertical")), "horizontal_and_vertical",
        "which way", slot=0),
))  # fmt: skip
RandomRotation = variant(Affine, "randomrotation", "Turns images at random.")
RandomZoom = variant(Affine, "randomzoom", "Zooms images at random.", args=(HEIGHT, WIDTH, TRAINING))
RandomTranslation = variant(Affine, "randomtranslation", "Moves images at random.", args=(HEIGHT, WIDTH, TRAINING))
RandomShear = variant(Affine, "randomshear", "Shears images at random.", args=(
    _factor("x_factor", "how much along the width"), _factor("y_factor", "how much along the height"), TRAINING,
))  # fmt: skip
RandomPerspective = variant(Augmentation, "randomperspective", "Tilts images at random.")
RandomElasticTransform = variant(Augmentation, "randomelastictransform", "Bends images at random.")
RandomContrast = variant(Augmentation, "randomcontrast", "Changes the contrast at random.")
RandomBrightness = variant(Augmentation, "randombrightness", "Changes the brightness at random.")
RandomSaturation = variant(Augmentation, "randomsaturation", "Changes the saturation at random.")
RandomHue = variant(Augmentation, "randomhue", "Changes the hue at random.")
RandomSharpness = variant(Augmentation, "randomsharpness", "Changes the sharpness at random.")
RandomColorJitter = variant(Augmentation, "randomcolorjitter", "Changes the colours at random.", args=())
RandomColorDegeneration = variant(
    Augmentation, "randomcolordegeneration", "Takes colour away at random.", args=(FACTOR,)
)
RandomGrayscale = variant(Augmentation, "randomgrayscale", "Takes all colour away at random.")
RandomInvert = variant(Augmentation, "randominvert", "Inverts colours at random.")
RandomPosterization = variant(Augmentation, "randomposterization", "Fewer bits a colour at random.")
Solarization = variant(Augmentation, "solarization", "Inverts bright colours at random.", args=())
RandomErasing = variant(Augmentation, "randomerasing", "Blanks a rectangle at random.")
RandomGaussianBlur = variant(Augmentation, "randomgaussianblur", "Blurs images at random.")
AutoContrast = variant(Augmentation, "autocontrast", "The full range of contrast.", args=())
Equalization = variant(Augmentation, "equalization", "Evens out the histogram.", args=())
MixUp = variant(Augmentation, "mixup", "Blends two images at random.", args=())
CutMix = variant(Augmentation, "cutmix", "Pastes a part of another image at random.")
RandAugment = variant(Augmentation, "randaugment", "Several random changes in a row.", args=())
AugMix = variant(Augmentation, "augmix", "Several chains of random changes, blended.", args=())


class RandomCrop(Kind):
    name = "randomcrop"
    summary = "Cuts a part of the given size out of each image at random."
    example = "randomcrop 24 24"
    args = (
        Arg("height", Whole(1), help="the height that is cut out", slot=0),
        Arg("width", Whole(1), help="the width that is cut out", slot=1),
    )
    height: Size
    width: Size

    def output(self, inputs: Tensors) -> Tensors:
        """The named height and width; a smaller image is enlarged (keras.layers.RandomCrop)."""
        (x,) = inputs
        if len(x.shape) != 4:
            raise ShapeError(f"randomcrop needs images: height, width and channels, it gets {len(x.shape) - 1} axes")
        return (Tensor(self.shaped(x.shape[0], self.channels(x.shape), (self.height, self.width)), x.dtype),)
