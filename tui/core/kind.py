"""What a kind of layer is: one class, its arguments declared once, and three rules.

A kind declares ``args`` and writes ``output``, ``weights`` and ``work``. Everything else comes from
those: grammar, completion, form, help, explanation and the numbers themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final, NamedTuple, Self

from tui.core.argument import AXES, Arg, Switch
from tui.core.errors import LayersheetError, ParseError
from tui.core.settings import DTYPE, Settings
from tui.core.size import Poly, Size
from tui.core.tensor import Shape, Tensor, Tensors, Weight
from tui.core.ties import TiedWeights, Ties
from tui.core.working import recorded


class Window(NamedTuple):
    """What one output unit reads along one axis; ``kernel`` is the extent with its dilation.

    ``up`` is the number of output units for each step of ``stride``: 2 where a layer doubles an axis.
    """

    kernel: Size
    stride: Size = 1
    pad: Size = 0
    up: Size = 1


Reach = tuple[Window, ...] | None
"""The windows of the spatial axes; ``None`` where a unit reads the whole input."""

POINTWISE: Final[tuple[Window, ...]] = ()
"""A layer whose units each read the same unit of the input."""


UNKNOWN_REACH: Final[tuple[Window, ...]] = (Window(1),) * 9
"""More windows than there are axes: nothing is known of what a unit reads."""


class Work(NamedTuple):
    """Multiply-accumulates, and the element-wise operations that are not among them."""

    macs: Size = 0
    elementwise: Size = 0


NO_WORK: Final = Work()

COMMON: Final = (
    Arg("trainable", Switch(), True, "false freezes the weights: they count as non-trainable"),
    Arg(
        "dtype",
        DTYPE,
        "",
        "what the weights and outputs of this layer are stored as; else the network's for weights, the input's for "
        "outputs",
    ),
    Arg("tied", TiedWeights(), Ties(), "weights that are another layer's and count there: kernel@NAME, @NAME for all"),
    Arg("timedistributed", Switch(), False, "true applies the layer to each step of the first axis by itself"),
)


class Kind:
    """Base of all kinds. A subclass with a ``name`` is a kind; an instance is a layer's arguments.

    Shapes are whole (batch first) and physical (``settings.data_format`` says which axis holds the
    channels). Sizes may be symbolic: compare them with ``at_least`` and ``same``, never with ``<``.
    """

    name: ClassVar[str] = ""
    summary: ClassVar[str] = ""
    """One sentence for lists and help."""
    example: ClassVar[str] = ""
    """A line that parses, for help."""
    aliases: ClassVar[Mapping[str, int | None]] = {}
    """Other names, lower case, with the rank that the name fixes: ``{"conv2d": 2, "convolution": None}``."""
    args: ClassVar[tuple[Arg, ...]] = ()
    common: ClassVar[tuple[Arg, ...]] = COMMON
    """The arguments that this kind shares with all others."""
    by_name: ClassVar[Mapping[str, Arg]] = {}
    """Every argument by its name and aliases, the common ones included."""
    rank_arg: ClassVar[str] = "kernel"
    """The argument that a rank-fixing alias spreads over the axes."""
    known: ClassVar[bool] = True
    """False where nothing is known of the weights and the work: the layer counts as missing in every total."""
    batched: ClassVar[bool] = True
    """False where the outputs do not depend on the batch: their first axis is one like the others."""
    calls: ClassVar[str] = ""
    """The argument that names another layer, for the kind that uses that layer's weights again."""
    inputs: ClassVar[tuple[int, int | None]] = (1, 1)
    """The fewest and the most sources (None: any number)."""

    why_conventions_differ: ClassVar[str] = (
        "Keras counts moving statistics as non-trainable parameters, PyTorch as buffers, ONNX as initializers"
    )
    """The reason to give where keras, pytorch and onnx count this kind differently."""

    settings: Settings
    given: Mapping[str, Any]
    """The arguments that were given, symbols bound."""
    trainable: bool = True
    dtype: str = ""
    timedistributed: bool = False
    tied: Ties = Ties()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.by_name = {n: arg for arg in (*cls.common, *cls.args) for n in arg.names()}

    @classmethod
    def all_args(cls) -> tuple[Arg, ...]:
        """The arguments in the order they are written, the common ones last."""
        return (*cls.args, *cls.common)

    @classmethod
    def make(cls, given: Mapping[str, Any], settings: Settings, values: dict[str, Size] | None = None) -> Self:
        """A layer from the arguments that were given, defaults and settings filled in, symbols bound.

        Raises LayersheetError where a bound symbol takes an argument out of its range.
        """
        layer = cls()
        if given.get("timedistributed"):
            from tui.core.timedistributed import each_step  # it derives from Kind

            layer = each_step(cls)()
        layer.settings = settings
        layer.given = bound = dict(given)
        for arg in cls.all_args():
            if arg.name in given:
                value = given[arg.name]
                if values and arg.type.symbols(value):
                    value = bound[arg.name] = _bound(arg, value, values)
            else:
                value = getattr(settings, arg.setting) if arg.setting else arg.default
            setattr(layer, arg.name, value)
        return layer

    def under(self, settings: Settings) -> Self:
        """The same arguments under other settings."""
        return type(self).make(self.given, settings)

    def recorded(self) -> Self:
        """The same layer with numbers that record what is done to them."""
        twin = type(self)()
        twin.settings = self.settings
        twin.given = self.given
        for arg in self.all_args():
            setattr(twin, arg.name, _record(getattr(self, arg.name), arg.sign or arg.name, arg.type.spatial))
        return twin

    def output(self, inputs: Tensors) -> Tensors:
        """The outputs; raises ShapeError where the inputs do not fit."""
        return inputs

    def weights(self, inputs: Tensors) -> tuple[Weight, ...]:
        """The weights, each a named tensor with a role."""
        return ()

    def work(self, inputs: Tensors, outputs: Tensors) -> Work:
        """The operations for the whole batch."""
        return NO_WORK

    def reach(self, inputs: Tensors) -> Reach:
        """What one output unit reads of its inputs, for the receptive field."""
        return POINTWISE

    def remarks(self, inputs: Tensors, outputs: Tensors) -> tuple[str, ...]:
        """Warnings: what is allowed but is perhaps not meant."""
        return ()

    def agreements(self, inputs: Tensors) -> tuple[tuple[Size, Size], ...]:
        """Pairs of sizes that have to be equal for the inputs to fit, and that may hold symbols."""
        return ()

    @property
    def channels_last(self) -> bool:
        return self.settings.data_format == "channels_last"

    def channel_axis(self, shape: Shape) -> int:
        """The axis that holds the channels; the last one where there is no spatial axis."""
        return len(shape) - 1 if self.channels_last or len(shape) < 3 else 1

    def channels(self, shape: Shape) -> Size:
        return shape[self.channel_axis(shape)]

    def spatial(self, shape: Shape) -> tuple[Size, ...]:
        """The sizes of the spatial axes."""
        return shape[1:-1] if self.channels_last else shape[2:]

    def shaped(self, batch: Size, channels: Size, spatial: tuple[Size, ...]) -> Shape:
        """A whole shape from its parts, in the physical order."""
        return (batch, *spatial, channels) if self.channels_last else (batch, channels, *spatial)


def _bound(arg: Arg, value: Any, values: dict[str, Size]) -> Any:
    bound = arg.type.bind(value, values)
    try:
        return arg.type.parse(arg.type.print(bound))
    except ParseError as error:
        raise LayersheetError(f"{arg.name}={arg.type.print(value)}: {error.message}") from None


def _record(value: Any, sign: str, spatial: bool) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | Poly | tuple):
        return value
    if not isinstance(value, tuple):
        return recorded(value, sign)
    letters = (AXES.get(len(value), "") if spatial else "") or [str(i) for i in range(len(value))]
    return tuple(
        tuple(recorded(end, f"{sign}{letter}{side}") for end, side in zip(size, "12", strict=True))
        if isinstance(size, tuple)
        else recorded(size, f"{sign}{letter}")
        if isinstance(size, int | Poly)
        else size  # a fraction, which is shown as the number it is
        for size, letter in zip(value, letters, strict=True)
    )


def axis_names(ndim: int, channels_last: bool) -> tuple[str, ...]:
    """Letters for the axes of a shape: N for the batch, C for channels, D H W for space, L for a length."""
    if ndim <= 2:
        return ("N", "C")[:ndim]
    space = {1: "L", 2: "HW", 3: "DHW"}.get(ndim - 2) or [f"X{i}" for i in range(1, ndim - 1)]
    return ("N", *space, "C") if channels_last else ("N", "C", *space)


def record_tensor(tensor: Tensor, channels_last: bool, suffix: str = "", batched: bool = True) -> Tensor:
    """The tensor with each size of its shape recorded under the letter of its axis."""
    names = axis_names(len(tensor.shape) + (not batched), channels_last)[not batched :]
    sizes = (recorded(size, name + suffix) for size, name in zip(tensor.shape, names, strict=True))
    # A batch of one is no factor that a reader wants to see.
    shape = tuple(1 if i == 0 and batched and size == 1 else size for i, size in enumerate(sizes))
    return Tensor(shape, tensor.dtype)


def recorded_inputs(layer: Kind, inputs: Tensors) -> Tensors:
    """The inputs of a layer recorded; the letters of the second and of those after it have a number behind them."""
    return tuple(record_tensor(t, layer.channels_last, "" if i == 0 else str(i + 1)) for i, t in enumerate(inputs))


def recorded_outputs(layer: Kind, outputs: Tensors) -> Tensors:
    """The outputs of a layer recorded; their letters have a prime."""
    return tuple(record_tensor(t, layer.channels_last, "'", layer.batched) for t in outputs)
