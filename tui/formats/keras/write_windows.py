"""Convolutions and pools in Keras: paddings that it has no word for become a layer of their own."""

from __future__ import annotations

from typing import Any, Final

from tui.core.argument import per_axis
from tui.core.size import Size, same
from tui.core.windows import Ends, ends_of, pads
from tui.formats.frameworks.padding import MARK
from tui.formats.keras.write_call import Call
from tui.formats.keras.write_program import POSITIONAL, Ref
from tui.formats.keras.write_row import Args, Refs, Row

Pairs = tuple[tuple[int, int], ...]


class Axes:
    """The window of a layer, axis by axis."""

    def __init__(self, call: Call) -> None:
        kind, rank = call.kind, call.rank
        self.sizes: tuple[Size, ...] = kind.spatial(call.shape)
        self.kernel = per_axis(kind.kernel, rank)
        self.stride = per_axis(kind.steps() if hasattr(kind, "steps") else kind.stride, rank)
        self.dilation = per_axis(kind.dilation, rank)
        self.ends: tuple[Ends, ...] = ends_of(kind.padding, rank)

    def pads(self) -> list[tuple[Size, Size]]:
        """The padding at both ends of each axis."""
        return [
            pads(*axis) for axis in zip(self.sizes, self.kernel, self.stride, self.dilation, self.ends, strict=True)
        ]

    def is_same(self) -> bool:
        """Whether Keras's ``same`` pads alike whatever the size of the input: a stride of 1, and all of the kernel."""
        if any(step != 1 for step in self.stride):
            return False
        return tuple(self.pads()) == self.same_pads()

    def same_pads(self) -> tuple[tuple[Size, Size], ...]:
        """What Keras's ``same`` adds at both ends of each axis, of the size that it has here."""
        axes = zip(self.sizes, self.kernel, self.stride, self.dilation, strict=True)
        return tuple(pads(n, k, s, d, "same") for n, k, s, d in axes)


def numbers(call: Call, frame: list[tuple[Size, Size]]) -> Pairs:
    """Paddings as numbers; raises WriteError where one depends on symbols."""
    return tuple((call.number(a, "the padding"), call.number(b, "the padding")) for a, b in frame)


PADDING: Final = MARK.removeprefix("_")
"""What tells a layer that is the padding of another one from it."""


def framed(call: Call, frame: Pairs, reads: Ref | None = None, suffix: str = "pad", what: str = "ZeroPadding") -> Ref:
    """Zeros around the spatial axes, or with ``what="Cropping"`` units cut off them."""
    amount: Any = frame[0] if len(frame) == 1 else frame
    if all(a == b for a, b in frame):
        firsts = tuple(a for a, _ in frame)
        amount = firsts[0] if len(set(firsts)) == 1 else firsts
        if what == "Cropping" and len(frame) == 1:
            amount = frame[0]
    if what == "Cropping" and len(frame) == 1 and not call.channels_last:
        cut = slice(frame[0][0], -frame[0][1] or None)
        return call.op("get_item", call.refs[0] if reads is None else reads, [slice(None), slice(None), cut])
    name = {"ZeroPadding": "padding", "Cropping": "cropping"}[what]
    call.marked = call.marked or suffix == PADDING
    return call.layer(f"{what}{len(frame)}D", {name: amount}, reads, suffix=suffix, ways={name: POSITIONAL})


def filled(call: Call, frame: Pairs, mode: str, reads: Ref | None = None, **kwargs: Any) -> Ref:
    """Other fillings than zeros, by ``keras.ops.pad``."""
    none = ((0, 0),)
    width = none + frame + none if call.channels_last else none + none + frame
    config: Args = {} if mode == "constant" else {"mode": mode}
    return call.op("pad", call.refs[0] if reads is None else reads, pad_width=width, kwargs=kwargs, **config)


MOST_GROUPS: Final = 32
"""Groups of a transposed convolution that are written as a layer each; more would be no source that anybody reads."""
ACROSS_CHANNELS: Final = ("softmax", "logsoftmax", "sparsemax")
"""Functions that are not of each element."""

FILL_MODES: Final = {"reflect": "reflect", "replicate": "edge", "circular": "wrap"}


def told_of_mode(call: Call, mode: str) -> None:
    """Report a filling that not every backend of Keras has."""
    if mode != "reflect":
        call.rewritten(f'keras.ops.pad(mode="{mode}"): the backends JAX and NumPy have it')


def convolution(call: Call, row: Row) -> Refs:
    """Padding by sizes as ZeroPadding in front, ``same`` where that is the same; other fillings by ``ops.pad``."""
    args, axes = row.values(call), Axes(call)
    strided, dilated = (any(size != 1 for size in sizes) for sizes in (axes.stride, axes.dilation))
    if strided and dilated and row.class_name.startswith("Conv"):
        call.refuse("Keras takes no stride above 1 together with a dilation above 1", "set one of them to 1")
    reads = padded(
        call, axes, args, causal=row.class_name == "Conv{n}D", mode=getattr(call.kind, "padding_mode", "zeros")
    )
    return _kernels(call, row, args, reads)


def padded(call: Call, axes: Axes, args: Args, *, causal: bool = False, mode: str = "zeros") -> Ref:
    """The input with the padding that ``args`` cannot say; sets the word that is left for them."""
    word, reads = call.kind.padding, call.refs[0]
    if mode == "zeros" and (word in ("valid", "same") or (word == "causal" and causal)):
        args["padding"] = word
        return reads
    frame = axes.pads()
    args["padding"] = "valid"
    if all(same(end, 0) for pair in frame for end in pair):
        return reads
    if mode != "zeros":
        filling = FILL_MODES[mode]
        told_of_mode(call, filling)
        call.rewritten(f"padding_mode={mode} is padding by keras.ops.pad before the layer")
        return filled(call, numbers(call, frame), filling)
    if axes.is_same():
        args["padding"] = "same"
        call.rewritten('the padding is what padding="same" adds at a stride of 1')
        return reads
    call.rewritten('the padding is a ZeroPadding layer before the layer: "same" would pad other ends')
    return framed(call, numbers(call, frame), reads, PADDING)


def _kernels(call: Call, row: Row, args: Args, reads: Ref) -> Refs:
    """The layer; Keras has no depthwise convolution over three axes, but convolutions with a group a channel."""
    if call.rank < 3 or row.class_name == "Conv{n}D":
        return row.layer(call, args, reads=reads)
    channels = call.number(call.kind.channels(call.shape), "the number of channels")
    depthwise = row.class_name.startswith("Depthwise")
    multiplier = args.pop("depth_multiplier")
    last = {name: args.pop(name) for name in ("activation", "use_bias")}
    filters = args.pop("filters", None)
    wide = {"filters": channels * multiplier, **args, "groups": channels}
    call.rewritten("Conv3D with a group for each channel: Keras has no such layer over three axes")
    ways = {"filters": POSITIONAL, "kernel_size": POSITIONAL}
    if depthwise:
        return (call.layer("Conv3D", {**wide, **last}, reads, ways=ways),)
    deep = call.layer("Conv3D", {**wide, "use_bias": False}, reads, suffix="depthwise", ways=ways)
    return (call.layer("Conv3D", {"filters": filters, "kernel_size": 1, **last}, deep, ways=ways),)


def transposed(call: Call, row: Row) -> Refs:
    """Padding by sizes cuts units off, as PyTorch and ONNX have it: a Cropping layer behind the layer."""
    kind = call.kind
    args = row.values(call)
    if any(s != 1 and d != 1 for s, d in zip(per_axis(kind.stride, call.rank), per_axis(kind.dilation, call.rank),
                                             strict=True)):  # fmt: skip
        call.refuse("Keras takes no stride above 1 together with a dilation above 1", "set one of them to 1")
    if kind.padding in ("valid", "same") and kind.output_size is None:
        return (_spread(call, row, args),)
    cuts, extra = [], []
    out = kind.spatial(call.outputs[0].shape)
    for (n, k, s, d, ends, o, size), m in zip(kind.axes(kind.spatial(call.shape)), out, strict=True):
        first, more = _cut(call, call.plain((n, k, s, d, ends, o, size, m), "a size of its output"))
        cuts.append(first)
        extra.append(more)
    made = {**args, "padding": "valid", "output_padding": None}
    if any(one is not None for one in extra):
        made["output_padding"] = tuple(one or 0 for one in extra)
        cuts = [_after(cut, one is None, axis) for cut, one, axis in zip(
            cuts, extra, zip(per_axis(kind.kernel, call.rank), per_axis(kind.stride, call.rank),
                             per_axis(kind.dilation, call.rank), strict=True), strict=True)]  # fmt: skip
    whole = _spread(call, row, made)
    if not any(end for pair in cuts for end in pair):
        return (whole,)
    call.rewritten("the padding is a Cropping layer behind the layer: Keras's padding cuts other ends")
    return (framed(call, tuple(cuts), whole, "crop", "Cropping"),)


def _spread(call: Call, row: Row, args: Args) -> Ref:
    """The layer; of several groups one layer each, on its share of the channels, and their outputs end to end."""
    groups = call.number(call.kind.groups, "groups")
    if groups == 1:
        return row.layer(call, args)[0]
    if groups > MOST_GROUPS or call.kind.activation in ACROSS_CHANNELS:
        call.refuse(
            "its transposed convolutions have no groups", f"set groups=1 (up to {MOST_GROUPS} are written apart)"
        )
    call.rewritten("a layer for each group of channels: Keras's transposed convolutions have no groups")
    axis = call.kind.channel_axis(call.shape)
    parts = call.op("split", call.refs[0], indices_or_sections=groups, axis=axis, outputs=groups)
    mine = {**args, "filters": args["filters"] // groups}
    made = [row.layer(call, mine, reads=Ref(parts.step, i), suffix=f"group{i + 1}")[0] for i in range(groups)]
    return call.layer("Concatenate", {"axis": axis}, made)


def _cut(call: Call, axis: tuple[Any, ...]) -> tuple[tuple[int, int], int | None]:
    """What is cut off the whole output along an axis, and the output padding where the whole one is too short."""
    n, k, s, d, ends, o, size, m = axis
    e = d * (k - 1) + 1
    if isinstance(ends, str):
        total = max(e - s if o is None else 2 * (e // 2) - o, 0) if ends != "valid" else 0
        first = -(-total // 2) if ends == "same_lower" else total // 2
    else:
        first = ends[0]
    if size is not None:
        first = max((n - 1) * s + (o or 0) + e - size, 0) // 2
    last = (n - 1) * s + max(e, s) - first - m
    if last >= 0:
        return (first, last), None
    needed = first + m - (n - 1) * s - e
    if needed >= s:
        call.refuse(f"it takes an output_padding below the stride {s}, this needs {needed}", "set output_padding lower")
    return (first, 0), needed


def _after(cut: tuple[int, int], plain: bool, axis: tuple[Any, ...]) -> tuple[int, int]:
    """The cut of an axis that has an output padding of 0 now: Keras then leaves out what a long stride adds."""
    k, s, d = axis
    return (cut[0], cut[1] - max(s - (d * (k - 1) + 1), 0)) if plain else cut
