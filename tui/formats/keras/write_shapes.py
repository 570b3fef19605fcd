"""Shapes in Keras: reshaping, cutting, looking up. A layer where there is one that leaves the batch alone, else ops."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tui.core.axes import axes_at, axis_at
from tui.core.size import Poly, product, same, symbols
from tui.core.tensor import Shape
from tui.formats.keras.write_call import Call
from tui.formats.keras.write_program import POSITIONAL, Ref
from tui.formats.keras.write_row import Args, Refs, Row

ALL = slice(None)


def reshaped(call: Call, shape: Shape, reads: Ref | None = None, suffix: str = "", old: Shape | None = None) -> Ref:
    """A tensor under new axes. The batch stays where it is alone on the first one; one other size may be open."""
    before = call.shape if old is None else old
    keeps = bool(shape) and bool(before) and before[0] == shape[0]
    sizes: list[int] = []
    for size in shape[1:] if keeps else shape:
        if isinstance(size, Poly):
            if -1 in sizes:
                call.number(size, "a size of its output")
            sizes.append(-1)
        else:
            sizes.append(size)
    x = call.refs[0] if reads is None else reads
    if keeps and same(product(before[1:]), product(shape[1:])) is not False and shape[1:]:
        return call.layer(
            "Reshape", {"target_shape": tuple(sizes)}, x, suffix=suffix, ways={"target_shape": POSITIONAL}
        )
    if keeps:
        first = -1 if isinstance(shape[0], Poly) else shape[0]
        if first == -1 and -1 in sizes:
            call.number(shape[0], "the batch")
        sizes = [first, *sizes]
    return call.op("reshape", x, newshape=tuple(sizes))


def to_output(call: Call, row: Row) -> Refs:
    """Whatever reshapes its elements in their order: the shape that comes out is the one that is asked for."""
    return (reshaped(call, call.outputs[0].shape),)


def flatten(call: Call, row: Row) -> Refs:
    """All axes behind the batch; the elements in the order in which they are stored."""
    kind, ndim = call.kind, len(call.shape)
    plain = kind.axis is None and (ndim < 2 or (kind.start % ndim, kind.end % ndim) == (1, ndim - 1))
    if not plain:
        return to_output(call, row)
    args: dict[str, Any] = {}
    if not call.channels_last and ndim > 2:
        # With channels_first Keras would put the channels last before it flattens.
        args["data_format"] = "channels_last"
        call.rewritten("the elements stay in their order, channels first: data_format=channels_first would turn them")
    else:
        args["data_format"] = "channels_last"
    ways = {} if not call.channels_last and ndim > 2 else {"data_format": "unsaid"}
    return (call.layer("Flatten", args, ways=ways),)


def permute(call: Call, row: Row) -> Refs:
    """``layers.Permute`` where the batch stays first, else ``ops.transpose``."""
    kind, ndim = call.kind, len(call.shape)
    if kind.swap is not None:
        a, b = axes_at(kind.swap, call.shape)
        order = [b if axis == a else a if axis == b else axis for axis in range(ndim)]
    elif kind.axes is None:
        order = list(range(ndim))[::-1]
    else:
        named = list(axes_at(kind.axes, call.shape))
        order = named if len(named) == ndim else [0, *named]
    return (turned(call, order),)


def turned(call: Call, order: Sequence[int], reads: Ref | None = None, suffix: str = "") -> Ref:
    """The axes in another order."""
    x = call.refs[0] if reads is None else reads
    if order[0] == 0 and len(order) > 1:
        return call.layer("Permute", {"dims": tuple(order[1:])}, x, suffix=suffix, ways={"dims": POSITIONAL})
    return call.op("transpose", x, axes=tuple(order))


def squeeze(call: Call, row: Row) -> Refs:
    kind = call.kind
    if kind.axes is None:
        first = 0 if kind.whole else 1
        axes = tuple(i for i, size in enumerate(call.shape) if i >= first and same(size, 1))
    else:
        axes = axes_at(kind.axes, call.shape)
    if not axes:
        return (call.layer("Identity", {}),)
    return (call.op("squeeze", call.refs[0], axis=axes[0] if len(axes) == 1 else axes),)


def unsqueeze(call: Call, row: Row) -> Refs:
    axes = axes_at(call.kind.axes, call.shape, room=len(call.kind.axes))
    if not axes:
        return (call.layer("Identity", {}),)
    return (call.op("expand_dims", call.refs[0], axis=axes[0] if len(axes) == 1 else tuple(sorted(axes))),)


def expand(call: Call, row: Row) -> Refs:
    """``ops.tile`` along the axes that grow: a batch that is open cannot be named in a shape."""
    new, old = call.outputs[0].shape, call.shape
    made, padded = call.refs[0], old
    if len(new) > len(old):
        made = call.op("expand_dims", made, axis=tuple(range(len(new) - len(old))))
        padded = (1,) * (len(new) - len(old)) + tuple(old)
    times = [1 if m == n else call.number(m, "a size of the output") for n, m in zip(padded, new, strict=True)]
    if all(n == 1 for n in times):
        return (made if made != call.refs[0] else call.layer("Identity", {}),)
    call.rewritten("keras.ops.tile along the axes that grow")
    return (call.op("tile", made, repeats=tuple(times)),)


def slices(call: Call, row: Row) -> Refs:
    """Indexing; bounds are cut to the axis, as in numpy."""
    kind, ndim = call.kind, len(call.shape)
    count = len(kind.start)
    axes = axes_at(kind.axis if kind.axis is not None else tuple(range(count)), call.shape)
    ends = kind.end if kind.end is not None else (None,) * count
    steps = kind.step if kind.step is not None else (1,) * count
    key = [ALL] * ndim
    for axis, start, end, step in zip(axes, kind.start, ends, steps, strict=True):
        known = None if symbols(call.shape[axis]) else call.number(call.shape[axis], "its axis")
        first, last, by = (
            None if one is None else call.number(one, "a bound of the slice") for one in (start, end, step)
        )
        assert by is not None
        key[axis] = _bounds(first, last, by, known)
    if all(part == ALL for part in key):
        return (call.layer("Identity", {}),)
    return (call.op("get_item", call.refs[0], shortened(key)),)


def _bounds(first: int | None, last: int | None, step: int, size: int | None) -> slice:
    """A slice without what it need not say."""
    if size is not None:
        given = slice(first, last, step).indices(size)
        if step > 0 and given[1] >= size:
            last = None
        if step < 0 and last is not None and last < -size:
            last = None
    if first == 0 and step > 0:
        first = None
    if last is not None and last >= 2**31 - 1:
        last = None
    return slice(first, last, None if step == 1 else step)


def shortened(key: list[slice]) -> list[slice]:
    """Slices without the whole axes at their end."""
    while len(key) > 1 and key[-1] == ALL:
        key = key[:-1]
    return key


def split(call: Call, row: Row) -> Refs:
    kind = call.kind
    axis = kind.channel_axis(call.shape) if kind.axis is None and call.shape else axis_at(kind.axis or 0, call.shape)
    sizes = [call.number(out.shape[axis], "a part") for out in call.outputs]
    total = len(sizes)
    if total == 1:
        return (call.layer("Identity", {}),)
    cuts: Any = total
    if len(set(sizes)) > 1:
        cuts = tuple(sum(sizes[: i + 1]) for i in range(total - 1))
    made = call.op("split", call.refs[0], indices_or_sections=cuts, axis=axis, outputs=total)
    return tuple(Ref(made.step, i) for i in range(total))


def tile(call: Call, row: Row) -> Refs:
    repeats = call.numbers(call.kind.repeats, "repeats")
    if len(repeats) > len(call.shape):
        call.refuse("an open batch cannot become another axis", "name as many repeats as there are axes")
    return (call.op("tile", call.refs[0], repeats=(1,) * (len(call.shape) - len(repeats)) + repeats),)


def trilu(call: Call, row: Row) -> Refs:
    k = call.number(call.kind.k, "k")
    config: Args = {"k": k} if k else {}
    return (call.op("triu" if call.kind.upper else "tril", call.refs[0], **config),)


def reverse(call: Call, row: Row) -> Refs:
    if not call.kind.axis:
        return (call.layer("Identity", {}),)
    axes = axes_at(call.kind.axis, call.shape)
    return (call.op("flip", call.refs[0], axis=axes[0] if len(axes) == 1 else axes),)


def taken(name: str) -> Any:
    """Entries at indices, which must come from another layer: the list does not hold their numbers."""

    def how(call: Call, row: Row) -> Refs:
        if len(call.refs) < 2:
            call.refuse("the list does not say which indices are looked up", "give them as a second source")
        axis = axis_at(call.kind.axis, call.shape)
        index = call.refs[1]
        if not call.inputs[1].dtype.lstrip("u").startswith("int"):
            index = call.op("cast", index, dtype="int32")
        return (call.op(name, call.refs[0], index, axis=axis),)

    return how


def onehot(call: Call, row: Row) -> Refs:
    depth = call.number(call.kind.depth, "depth")
    whole = call.inputs[0].dtype.lstrip("u").startswith("int")
    index = call.refs[0] if whole else call.op("cast", call.refs[0], dtype="int32")
    axis = axis_at(call.kind.axis, call.shape, room=1)
    config: Args = {} if axis == len(call.shape) else {"axis": axis}
    return (call.op("one_hot", index, num_classes=depth, **config, dtype=call.outputs[0].dtype),)
