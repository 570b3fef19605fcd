"""Resizing: the spatial axes get another size, by a factor or as asked."""

from __future__ import annotations

from math import gcd
from typing import ClassVar

from tui.core.argument import MISSING, Arg, Axes, Choice, PerAxis, Whole, per_axis
from tui.core.errors import Fix, ShapeError
from tui.core.kind import Kind, Reach, Window, Work
from tui.core.output_size import OutputSize, kept
from tui.core.ratio import Factor, Ratios, parts_of, scaled
from tui.core.size import Size, at_least, text
from tui.core.tensor import Shape, Tensor, Tensors
from tui.core.windowed import need_spatial
from tui.core.windows import axes_text, check_rank
from tui.core.working import plain

TAPS = {"nearest": 1, "nearest-exact": 1, "linear": 2, "bilinear": 2, "trilinear": 2, "area": 2, "cubic": 4,
        "bicubic": 4, "lanczos3": 6, "lanczos5": 10}  # fmt: skip
"""How many input units an output unit is made of along each axis."""

RANKS = {"bilinear": 2, "trilinear": 3, "bicubic": 2}

MODE = Arg("mode", Choice(tuple(TAPS)), "nearest", "how new units are made", aliases=("interpolation",))
HEIGHT = Arg("height", Whole(1), help="rows of the output", slot=0)
WIDTH = Arg("width", Whole(1), help="columns of the output", slot=1)


class Resized(Kind):
    """Base of the kinds that interpolate: the channels stay, the spatial axes change."""

    mode: str

    def asked(self, spatial: Shape) -> Shape:
        """The spatial output sizes; raises ShapeError where they are not given for these axes."""
        raise NotImplementedError

    def step(self, spatial: Shape) -> tuple[tuple[Size, Size], ...]:
        """Output units and the input units that they span, for each axis."""
        return tuple(map(_lowest, self.asked(spatial), spatial))

    def output(self, inputs: Tensors) -> Tensors:
        (x,) = inputs
        rank = need_spatial(self, x.shape)
        spatial = self.spatial(x.shape)
        out = self.asked(spatial)
        if RANKS.get(self.mode, rank) != rank:
            raise ShapeError(
                f"{self.mode} is for {axes_text(RANKS[self.mode])}, the input has {axes_text(rank, 'spatial')}",
                fixes=[Fix("mode=linear", {"mode": "linear"})],
            )
        for n, m in zip(spatial, out, strict=True):
            if at_least(0, m):
                raise ShapeError(f"nothing is left of an axis of {text(plain(n))}: its new size would be 0")
        return (Tensor(self.shaped(x.shape[0], self.channels(x.shape), out), x.dtype),)

    def work(self, inputs: Tensors, outputs: Tensors) -> Work:
        """No MACs. Element-wise: one operation for each input unit that an output unit is made of; a copy is none."""
        (y,) = outputs
        taps = TAPS[self.mode]
        return Work() if taps == 1 else Work(0, taps ** (len(y.shape) - 2) * y.elements)

    def reach(self, inputs: Tensors) -> Reach:
        taps = TAPS[self.mode]
        steps = self.step(self.spatial(inputs[0].shape))
        return tuple(Window(taps, down, taps // 2, up=up) for up, down in steps)


def _lowest(m: Size, n: Size) -> tuple[Size, Size]:
    """The ratio of the sizes in its lowest terms, where they are numbers."""
    if isinstance(m, int) and isinstance(n, int):
        shared = gcd(m, n)
        return m // shared, n // shared
    return m, n


class Upsample(Resized):
    name = "upsample"
    summary = "Resizing by a factor, rounded down, or to a size (PyTorch's Upsample, ONNX's Resize)."
    example = "upsample 2 mode=bilinear"
    aliases: ClassVar = {
        "resize": None, "interpolate": None, "upsamplingnearest2d": 2, "upsamplingbilinear2d": 2, "업샘플링": None,
    }  # fmt: skip
    rank_arg = "scale"
    args = (
        Arg("scale", Factor(), None, "the factor, whole or decimal", slot=0,
            aliases=("scale_factor", "scales", "factor")),
        Arg("size", Axes(), None, "the spatial output size, in place of a factor", aliases=("output_size", "sizes")),
        MODE,
    )  # fmt: skip
    scale: Ratios | None
    size: PerAxis | None

    def asked(self, spatial: Shape) -> Shape:
        rank = len(spatial)
        if self.size is not None and self.scale is None:
            check_rank("size", self.size, rank)
            return per_axis(self.size, rank)
        if self.scale is None or self.size is not None:
            raise ShapeError(
                f"{self.name} needs either scale or size", fixes=[Fix("scale=2", {"scale": 2, "size": MISSING})]
            )
        return _scaled(self.scale, spatial)

    def step(self, spatial: Shape) -> tuple[tuple[Size, Size], ...]:
        return super().step(spatial) if self.scale is None else _parts(self.scale, len(spatial))


class Upsampling(Resized):
    name = "upsampling"
    summary = "Resizing by a whole factor; its size is the factor (Keras's UpSampling)."
    example = "upsampling 2"
    aliases: ClassVar = {"upsampling1d": 1, "upsampling2d": 2, "upsampling3d": 3}
    rank_arg = "size"
    args = (Arg("size", Factor(whole=True), 2, "the factor of each spatial axis", slot=0), MODE)
    size: Ratios

    def asked(self, spatial: Shape) -> Shape:
        return _scaled(self.size, spatial)

    def step(self, spatial: Shape) -> tuple[tuple[Size, Size], ...]:
        return _parts(self.size, len(spatial))


def _scaled(factor: Ratios, spatial: Shape) -> Shape:
    check_rank("factor", factor, len(spatial))
    factors = factor if isinstance(factor, tuple) else (factor,) * len(spatial)
    return tuple(map(scaled, spatial, factors))


def _parts(factor: Ratios, rank: int) -> tuple[tuple[Size, Size], ...]:
    return tuple(map(parts_of, factor if isinstance(factor, tuple) else (factor,) * rank))


class Resizing(Resized):
    name = "resizing"
    summary = "Resizing of an image to a height and a width (Keras)."
    example = "resizing 224 224"
    args = (HEIGHT, WIDTH, Arg("mode", MODE.type, "bilinear", MODE.help, aliases=MODE.aliases))
    height: Size
    width: Size

    def asked(self, spatial: Shape) -> Shape:
        return _image(self, spatial, self.height, self.width)


def _image(kind: Kind, spatial: Shape, height: Size, width: Size) -> Shape:
    if len(spatial) != 2:
        raise ShapeError(f"{kind.name} needs an image with 2 spatial axes, the input has {len(spatial)}")
    return height, width


class CenterCrop(Kind):
    name = "centercrop"
    summary = "The middle of an image; one that is too small is enlarged (Keras)."
    example = "centercrop 224 224"
    args = (HEIGHT, WIDTH)
    height: Size
    width: Size

    def output(self, inputs: Tensors) -> Tensors:
        (x,) = inputs
        out = _image(self, self.spatial(x.shape), self.height, self.width)
        return (Tensor(self.shaped(x.shape[0], self.channels(x.shape), out), x.dtype),)

    def reach(self, inputs: Tensors) -> Reach:
        return _centred(self.spatial(inputs[0].shape), (self.height, self.width))


class CenterCropPad(Kind):
    name = "centercroppad"
    summary = "The middle of axes that are too long, zeros around those that are too short (ONNX)."
    example = "centercroppad 10xkeep"
    args = (
        Arg("size", OutputSize(), help="the size of each spatial axis, or of every axis, batch first", slot=0,
            aliases=("shape",)),
    )  # fmt: skip
    size: PerAxis

    def asked(self, shape: Shape) -> Shape:
        """The whole output shape; raises ShapeError where the sizes are for another number of axes."""
        if isinstance(self.size, tuple) and len(self.size) == len(shape):
            return kept(self.size, shape)
        rank = need_spatial(self, shape)
        check_rank("size", self.size, rank)
        return self.shaped(shape[0], self.channels(shape), kept(per_axis(self.size, rank), self.spatial(shape)))

    def output(self, inputs: Tensors) -> Tensors:
        (x,) = inputs
        return (Tensor(self.asked(x.shape), x.dtype),)

    def reach(self, inputs: Tensors) -> Reach:
        (x,) = inputs
        return _centred(self.spatial(x.shape), self.spatial(self.asked(x.shape)))


def _centred(spatial: Shape, out: Shape) -> tuple[Window, ...]:
    return tuple(Window(1, 1, -((n - m) // 2)) for n, m in zip(spatial, out, strict=True))
