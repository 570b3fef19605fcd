"""Inputs, and the rows that need a line or two of their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tui.core.size import Poly, symbols
from tui.formats.keras.write_call import Call
from tui.formats.keras.write_plain import refused
from tui.formats.keras.write_program import KEYWORD, POSITIONAL
from tui.formats.keras.write_row import Refs, Row


def inputs(call: Call, row: Row) -> Refs:
    """``keras.Input``; a size that depends on a symbol is open, None."""
    shape, dtype = call.outputs[0].shape, call.outputs[0].dtype
    if not shape:
        call.refuse("its inputs have a batch", "give the input a shape")
    free = sorted({name for size in shape[0 if call.kind.whole else 1 :] for name in symbols(size)})
    if free:
        call.rewritten(f"{', '.join(free)}: a size that is a free symbol is left open (None)")
    open_shape = tuple(None if isinstance(size, Poly) else size for size in shape)
    return (call.layer("InputLayer", {"batch_shape": open_shape, "dtype": dtype}, ()),)


def einsumdense(call: Call, row: Row) -> Refs:
    """A size that the input gives is None."""
    sizes = call.numbers(call.kind.output_shape, "output_shape")
    shape = tuple(None if size == -1 else size for size in sizes)
    return row.layer(call, {**row.values(call), "output_shape": shape})


def dense(call: Call, row: Row) -> Refs:
    if len(call.shape) < 2:
        call.refuse("its Dense needs an axis behind the batch", "put a line unsqueeze above")
    return row.layer(call)


def relu6(call: Call, row: Row) -> Refs:
    return (call.layer("ReLU", {"max_value": 6.0}),)


def leakyrelu(call: Call, row: Row) -> Refs:
    """The slope is written out: the defaults of the frameworks differ (Keras 0.3, PyTorch and ONNX 0.01)."""
    if call.kind.slope < 0:
        call.refuse("its LeakyReLU takes no slope below 0", "give a slope of at least 0")
    return row.layer(call)


def thresholded(call: Call, row: Row) -> Refs:
    theta = call.kind.theta
    if theta >= 0:
        return (call.layer("ReLU", {"threshold": theta}),)
    x = call.refs[0]
    return (call.op("where", call.op("greater", x, theta), x, 0.0),)


def cast(call: Call, row: Row) -> Refs:
    return (call.op("cast", call.refs[0], dtype=call.kind.to),)


def stack(call: Call, row: Row) -> Refs:
    return (call.op("stack", list(call.refs), axis=call.kind.axis),)


POINTWISE: Final = {
    "log2": "log2", "log10": "log10", "exp2": "exp2", "cbrt": "cbrt", "trunc": "trunc", "isfinite": "isfinite",
    "deg2rad": "deg2rad", "rad2deg": "rad2deg", "sinc": "sinc", "signbit": "signbit", "erfc": "erfc",
    "nantonum": "nan_to_num", "arctan2": "arctan2", "logaddexp": "logaddexp", "logaddexp2": "logaddexp2",
    "hypot": "hypot", "heaviside": "heaviside",
}  # fmt: skip
"""Operators of other frameworks without a kind of their own, which keras.ops has too."""


def pointwise(call: Call, row: Row) -> Refs:
    name = str(call.kind.operator)
    function = POINTWISE.get(name.lower().replace("_", ""))
    if function is None:
        call.refuse(f"keras.ops has no {name} that is known to be the same", "replace it by functions that are known")
    return (call.op(function, *call.refs),)


NEEDED: Final = frozenset((
    "RandomBrightness", "RandomColorDegeneration", "RandomContrast", "RandomHue", "RandomPosterization",
    "RandomSaturation", "RandomSharpness", "RandomRotation", "RandomTranslation", "RandomZoom",
))  # fmt: skip
"""The classes that have no default for how much they change."""


def augmentation(class_name: str, *amounts: str) -> Row:
    """A layer of random changes; how much is what the line says, else Keras's default where there is one."""

    def how(call: Call, row: Row) -> Refs:
        args = {}
        if class_name == "RandomColorDegeneration" and call.kind.channels(call.shape) != 3:
            call.refuse("it takes the colour out of 3 channels", "give it an image of 3 channels")
        if class_name == "RandomPosterization" and not 1 <= call.kind.factor <= 8:
            call.refuse("it takes a number of bits from 1 to 8", "give factor=4")
        for name in amounts:
            value = getattr(call.kind, name)
            if name in call.given or class_name in NEEDED:
                args[name] = list(value) if isinstance(value, tuple) else value
        if not all(name in call.given for name in amounts):
            call.differs("how much it changes is not in the line; here it is Keras's default, or 0 where it has none")
        return (
            call.layer(class_name, args, ways={name: POSITIONAL if name == "factor" else KEYWORD for name in args}),
        )

    return Row(class_name, also=" ".join((*amounts, "training")), how=how)


_BY_FACTOR: Final = (
    "RandomRotation RandomPerspective RandomElasticTransform RandomContrast RandomBrightness RandomSaturation "
    "RandomHue RandomSharpness RandomColorDegeneration RandomGrayscale RandomInvert RandomPosterization RandomErasing "
    "RandomGaussianBlur CutMix"
)
_WITHOUT: Final = "RandomColorJitter Solarization AutoContrast MixUp RandAugment AugMix"
_BY_SIZE: Final = ("height_factor", "width_factor")

AUGMENTATIONS: Final[Mapping[str, Row]] = {
    "randomflip": Row("RandomFlip", "mode=horizontal_and_vertical"),
    "randomcrop": Row("RandomCrop", "height! width!"),
    "randomzoom": augmentation("RandomZoom", *_BY_SIZE),
    "randomtranslation": augmentation("RandomTranslation", *_BY_SIZE),
    "randomshear": augmentation("RandomShear", "x_factor", "y_factor"),
    **{name.lower(): augmentation(name, "factor") for name in _BY_FACTOR.split()},
    **{name.lower(): augmentation(name) for name in _WITHOUT.split()},
    "equalization": refused("its Equalization hands on its input as it is and so breaks a model", "take the line out"),
}
"""Layers that change images at random while training."""
