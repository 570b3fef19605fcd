"""Padding, cropping and shuffling of channels and space in Keras."""

from __future__ import annotations

from collections.abc import Sequence

from tui.core.size import Size
from tui.core.tensor import Shape
from tui.formats.keras.write_call import Call
from tui.formats.keras.write_program import Ref
from tui.formats.keras.write_row import Args, Refs, Row
from tui.formats.keras.write_shapes import reshaped, shortened, turned
from tui.formats.keras.write_windows import FILL_MODES, framed, told_of_mode


def crop(call: Call, row: Row) -> Refs:
    """Cropping of the spatial axes; other axes are sliced."""
    frame = [(call.number(a, "cropping"), call.number(b, "cropping")) for a, b in call.kind.frame(call.shape)]
    return (_cropped(call, frame, call.refs[0], ""),)


def _cropped(call: Call, frame: list[tuple[int, int]], x: Ref, suffix: str) -> Ref:
    ndim, rank = len(frame), call.rank
    spatial = range(1, ndim - 1) if call.channels_last else range(2, ndim)
    if rank in (1, 2, 3) and not any(end for i, pair in enumerate(frame) if i not in spatial for end in pair):
        return framed(call, tuple(frame[i] for i in spatial), x, suffix, "Cropping")
    return call.op("get_item", x, shortened([slice(a or None, -b or None) for a, b in frame]))


def pad(call: Call, row: Row) -> Refs:
    """ZeroPadding of the spatial axes; other fillings and axes by ``ops.pad``, what is below 0 cropped afterwards."""
    kind = call.kind
    frame = [(call.number(a, "the padding"), call.number(b, "the padding")) for a, b in kind.frame(call.shape)]
    less = [(max(-a, 0), max(-b, 0)) for a, b in frame]
    more = [(max(a, 0), max(b, 0)) for a, b in frame]
    x, crops = call.refs[0], any(end for pair in less for end in pair)
    if any(end for pair in more for end in pair):
        x = _padded(call, more, "pad" if crops else "")
    elif not crops:
        return (call.layer("Identity", {}),)
    if crops:
        call.rewritten("a padding below 0 is cropping")
        x = _cropped(call, less, x, "")
    return (x,)


def _padded(call: Call, more: list[tuple[int, int]], suffix: str) -> Ref:
    kind, ndim = call.kind, len(call.shape)
    mode, value = kind.mode, getattr(kind, "value", 0.0)
    spatial = range(1, ndim - 1) if call.channels_last else range(2, ndim)
    inner = not any(end for i, pair in enumerate(more) if i not in spatial for end in pair)
    if mode == "constant" and value == 0 and inner and call.rank in (1, 2, 3):
        return framed(call, tuple(more[i] for i in spatial), suffix=suffix)
    if mode == "constant":
        return call.op("pad", call.refs[0], pad_width=tuple(more), kwargs={"constant_values": value} if value else {})
    word = FILL_MODES.get(mode, mode)
    told_of_mode(call, word)
    return call.op("pad", call.refs[0], pad_width=tuple(more), mode=word)


def shuffled(call: Call, old: tuple[Size, ...], order: Sequence[int], new: Shape) -> Ref:
    """A reshape, a change of axes, and a reshape: ``old`` and ``order`` are without the batch."""
    batch = call.shape[0]
    parts = reshaped(call, (batch, *old), suffix="split")
    moved = turned(call, [0, *(axis + 1 for axis in order)], parts, "swap")
    return reshaped(call, new, moved, old=(batch, *(old[axis] for axis in order)))


def pixelshuffle(call: Call, row: Row) -> Refs:
    """Channels become space, by Reshape and Permute."""
    kind, rank = call.kind, call.rank
    r, space = call.number(kind.factor, "factor"), list(kind.spatial(call.shape))
    depth = kind.channels(call.outputs[0].shape)
    depth_first = kind.mode == "CRD"
    split = [depth, *(r,) * rank] if depth_first else [*(r,) * rank, depth]
    c, blocks = (0, list(range(1, rank + 1))) if depth_first else (rank, list(range(rank)))
    call.rewritten("Reshape, Permute and Reshape")
    if call.channels_last:
        old = (*space, *split)
        order = [axis for i in range(rank) for axis in (i, rank + blocks[i])] + [rank + c]
    else:
        old = (*split, *space)
        order = [c] + [axis for i in range(rank) for axis in (rank + 1 + i, blocks[i])]
    return (shuffled(call, old, order, call.outputs[0].shape),)


def pixelunshuffle(call: Call, row: Row) -> Refs:
    """Space becomes channels, by Reshape and Permute."""
    kind, rank = call.kind, call.rank
    r, out = call.number(kind.factor, "factor"), list(kind.spatial(call.outputs[0].shape))
    depth = kind.channels(call.shape)
    pairs = [size for n in out for size in (n, r)]
    call.rewritten("Reshape, Permute and Reshape")
    if call.channels_last:
        old, places, blocks, c = (
            (*pairs, depth),
            [2 * i for i in range(rank)],
            [2 * i + 1 for i in range(rank)],
            2 * rank,
        )
    else:
        old, places, blocks, c = (depth, *pairs), [2 * i + 1 for i in range(rank)], [2 * i + 2 for i in range(rank)], 0
    inner = [c, *blocks] if kind.mode == "CRD" else [*blocks, c]
    order = [*places, *inner] if call.channels_last else [*inner, *places]
    return (shuffled(call, old, order, call.outputs[0].shape),)


def channelshuffle(call: Call, row: Row) -> Refs:
    kind, rank = call.kind, call.rank
    groups, channels = call.number(kind.groups, "groups"), kind.channels(call.shape)
    space = list(kind.spatial(call.shape))
    each = channels // groups
    call.rewritten("Reshape, Permute and Reshape")
    if call.channels_last:
        return (shuffled(call, (*space, groups, each), [*range(rank), rank + 1, rank], call.shape),)
    return (shuffled(call, (groups, each, *space), [1, 0, *range(2, rank + 2)], call.shape),)


def _columns(call: Call) -> Args:
    """The window of ``ops.unfold`` and ``ops.fold``, which pads both ends of an axis alike."""
    kind = call.kind
    found: Args = {}
    for name in ("dilation", "stride"):
        found[name] = call.plain(getattr(kind, name), name)
    padding = 0 if kind.padding == "valid" else call.plain(kind.padding, "padding")
    if isinstance(padding, str) or (isinstance(padding, tuple) and any(isinstance(p, tuple) for p in padding)):
        call.refuse("its columns have one padding for both ends of an axis", "give padding as sizes such as 1 or 1x2")
    return {**found, "padding": padding}


def unfold(call: Call, row: Row) -> Refs:
    """``ops.unfold`` of images with the channels first, as in PyTorch; others are turned before and after."""
    if call.rank != 2 or not all(isinstance(size, int) for size in call.kind.spatial(call.shape)):
        call.refuse("its columns are those of images of a known size", "name the size of the image")
    kernel = call.plain(call.kind.kernel, "kernel")
    x = call.refs[0] if not call.channels_last else turned(call, [0, 3, 1, 2], suffix="first")
    made = call.op("unfold", x, kernel_size=kernel, **_columns(call))
    return (made if not call.channels_last else turned(call, [0, 2, 1], made, ""),)


def fold(call: Call, row: Row) -> Refs:
    """``ops.fold``: the sum of the columns where they overlap."""
    sizes = call.numbers(call.kind.sizes(), "size")
    if len(sizes) != 2:
        call.refuse("its columns are those of images", "give a height and a width")
    kernel = call.plain(call.kind.kernel, "kernel")
    x = call.refs[0] if not call.channels_last else turned(call, [0, 2, 1], suffix="first")
    made = call.op("fold", x, output_size=sizes, kernel_size=kernel, **_columns(call))
    return (made if not call.channels_last else turned(call, [0, 2, 3, 1], made, ""),)
