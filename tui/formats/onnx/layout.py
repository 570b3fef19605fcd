"""Networks with the channels last, behind the transpositions that ONNX's operators ask for.

ONNX's operators have the channels behind the batch. Who writes a network with the channels last (this program, and
converters from Keras and TensorFlow) turns each image round before them and back after them. Here every tensor is
followed through the network in both forms: as the file has it, and turned. A layer that keeps its meaning in the
turned form reads that one, and then the transpositions are no layers any more. The network is taken only where no
new transposition is needed, where every graph output is as the file has it, and where each layer has the same
outputs (turned), parameters and multiply-accumulates as before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from tui.core.network import Source, Spec
from tui.core.result import Result
from tui.core.settings import Settings
from tui.core.size import product, same
from tui.core.snapshot import Snapshot
from tui.core.tensor import Shape
from tui.formats.frameworks.repeats import without_repeats
from tui.formats.onnx.axes import alike, to_first, to_last
from tui.formats.onnx.layout_rules import FIXED, FLATTENING, NotTurnedError, Turned, own_order, plain_spec, turned_spec
from tui.formats.onnx.rows import Row, lines_of, with_args


@dataclass
class _Tensor:
    """One tensor of the file: its shape there, and where each form of it comes from, if it does.

    ``loose`` is the place of the row that makes it, where that row can make either form but only one of them.
    """

    shape: Shape
    plain: Source | None = None
    turned: Source | None = None
    permute: Row | None = None
    loose: int | None = None


class Layout:
    """A network on its way into the other form; raises NotTurnedError where something in it has none."""

    def __init__(self, rows: Sequence[Row], settings: Settings, outputs: Sequence[Source]) -> None:
        self.rows: list[Row] = []
        self._before: list[tuple[Row, bool | None]] = []
        """For each row what it was, and whether its outputs are turned now; None for mere numbers in either order."""
        self.folded = 0
        self._tensors: dict[Source, _Tensor] = {}
        self._called = {row.name: row.spec for row in rows}
        self._specs: dict[str, Spec] = {}
        for row in rows:
            self._row(row)
        for output in outputs:
            self._read(output, False)
        self.settings = settings._replace(data_format="channels_last")
        self.lines = lines_of(self.rows, self.settings)
        self._check()

    def tensor(self, source: Source) -> Source | None:
        """Where a tensor comes from as the file has it; None where it is only there turned."""
        found = self._tensors.get(source)
        return None if found is None else found.plain

    def _check(self) -> None:
        snapshot = Snapshot.of(self.lines)
        places = snapshot.names
        for place, (row, (before, turned)) in enumerate(zip(self.rows, self._before, strict=True)):
            found = snapshot.result(places[row.name])
            if found is None or found.status == "error" or not _alike(before, found, turned):
                raise NotTurnedError(row.name)
            spec = without_repeats(row.spec, found, found.inputs, self.settings)
            self.rows[place] = replace(row, spec=spec, result=found)
        self.lines = lines_of(self.rows, self.settings)

    def _row(self, row: Row) -> None:
        given = [self._tensors[source] for source in row.sources]
        if row.kind == "permute":
            self._permute(row, given[0])
            return
        meant = row
        if row.kind == "call":
            meant = replace(row, spec=self._called[str(row.spec.args["layer"])])
        how = own_order(meant.spec, [tensor.shape for tensor in given], [x.shape for x in row.result.outputs])
        if how is Turned.EITHER:
            fixed = [tensor for tensor in given if tensor.loose is None and not _scalar(tensor.shape)]
            how = Turned.YES if any(tensor.plain is None for tensor in fixed) else Turned.NO
        if row.kind in FLATTENING and how is Turned.YES and given[0].permute is not None:
            how = Turned.NO  # the transposition before it stays
        if how is Turned.LOOSE:
            self._add(row, tuple(self._read(source, False) for source in row.sources), False)
            if len(row.result.outputs[0].shape) > 1:
                self._tensors[Source(row.name)].loose = len(self.rows) - 1
            return
        if how is Turned.NO:
            rank = max((len(tensor.shape) for tensor in given), default=0)
            if row.kind != "call":
                row = replace(row, spec=plain_spec(row.spec, rank))
            self._add(row, tuple(self._read(source, False) for source in row.sources), False)
            return
        rank = max(len(tensor.shape) for tensor in given)
        sources = tuple(
            self._read(source, not _scalar(tensor.shape), rank)
            for source, tensor in zip(row.sources, given, strict=True)
        )
        first = next(tensor.shape for tensor in given if len(tensor.shape) == rank)
        spec, turned = turned_spec(meant.spec, first, row.result.outputs[0].shape)
        if row.kind == "call" and spec.code != self._specs[f"{row.spec.args['layer']}"].code:
            raise NotTurnedError(row.name)
        self._add(replace(row, spec=row.spec if row.kind == "call" else spec), sources, turned, row)

    def _add(self, row: Row, sources: tuple[Source, ...], turned: bool, before: Row | None = None) -> None:
        self.rows.append(replace(row, sources=sources))
        self._before.append((row if before is None else before, turned))
        self._specs[row.name] = row.spec
        for index, made in enumerate(row.result.outputs):
            source = Source(row.name, index)
            forms = (None, source) if turned and len(made.shape) > 2 else (source, None)
            self._tensors[source] = _Tensor(made.shape, *forms)

    def _permute(self, row: Row, given: _Tensor) -> None:
        """One that turns a tensor, or turns it back, is no layer; others stay, in terms of what they read."""
        rank = len(given.shape)
        made = _Tensor(row.result.outputs[0].shape)
        self._tensors[Source(row.name)] = made
        order = _order(row, rank)
        if order is None:
            raise NotTurnedError(row.name)
        if given.loose is not None or given.plain is not None:
            given.loose = None
            plain = self._read(row.sources[0], False)
            if order == to_first(rank):
                made.turned, made.permute = plain, row
                self.folded += 1
                return
            self._add(row, (plain,), False)
            return
        read = self._read(row.sources[0], True)
        seen = [to_last(rank).index(axis) for axis in order]
        if seen == list(range(rank)):
            made.plain = read
            self.folded += 1
            return
        self._add(replace(row, spec=with_args(row.spec, {"axes": tuple(seen), "swap": None})), (read,), False, row)

    def _read(self, source: Source, turned: bool, rank: int = 0) -> Source:
        """One form of a tensor; a transposition of the file comes back where its other side is asked for."""
        tensor = self._tensors[source]
        if tensor.loose is not None and turned:
            self._turn(tensor, rank)
        else:
            tensor.loose = None
        found = tensor.turned if turned else tensor.plain
        if found is None and not turned and tensor.permute is not None and tensor.turned is not None:
            self._add(tensor.permute, (tensor.turned,), False)
            self._tensors[source].turned = tensor.turned
            self.folded -= 1
            return source
        if found is None:
            raise NotTurnedError(source.name)
        return found

    def _turn(self, tensor: _Tensor, rank: int) -> None:
        """Let a row that makes numbers of one size along all axes but one make them in the other order."""
        place = tensor.loose
        assert place is not None
        row = self.rows[place]
        if rank < len(tensor.shape) or rank < 3:
            raise NotTurnedError(row.name)
        whole = (*(1,) * (rank - len(tensor.shape)), *tensor.shape)
        last = tuple(whole[axis] for axis in to_last(rank))
        shape = last[rank - len(tensor.shape) :] if last[: rank - len(tensor.shape)] == whole[
            : rank - len(tensor.shape)] else last  # fmt: skip
        self.rows[place] = replace(row, spec=with_args(row.spec, {FIXED[row.kind]: shape}))
        self._before[place] = (row, None)
        tensor.loose, tensor.plain, tensor.turned = None, None, Source(row.name)


def _alike(row: Row, found: Result, turned: bool | None) -> bool:
    """Whether a layer is what it was, with its outputs turned where they are images."""
    before = row.result
    # The weights of a further call are not counted there, and those of a tied layer neither.
    if (row.kind != "call" and before.counts != found.counts) or before.work.macs != found.work.macs:
        return False
    if len(before.outputs) != len(found.outputs):
        return False
    return all(
        old.dtype == new.dtype and _same_shape(old.shape, new.shape, turned)
        for old, new in zip(before.outputs, found.outputs, strict=True)
    )


def _same_shape(old: Shape, new: Shape, turned: bool | None) -> bool:
    if turned is None:
        return bool(same(product(old), product(new)))
    if turned and len(old) > 2:
        old = tuple(old[axis] for axis in to_last(len(old)))
    return alike(old, new)


def _scalar(shape: Shape) -> bool:
    return all(size == 1 for size in shape)


def _order(row: Row, rank: int) -> list[int] | None:
    """The old axis at each new place; None where the line says it in other words."""
    axes = row.spec.args.get("axes")
    if row.spec.args.get("swap") is not None or not isinstance(axes, tuple):
        return None
    order = [axis % rank for axis in axes]
    return order if sorted(order) == list(range(rank)) else None


MOST: Final = 20_000
"""Layers; a longer network keeps its transpositions."""


def turned_to_last(rows: Sequence[Row], settings: Settings, outputs: Sequence[Source]) -> Layout | None:
    """The network with its channels last; None where it has no such transpositions, or something in it is not sure."""
    if settings.channels_last or len(rows) > MOST or not any(map(_turns, rows)):
        return None
    try:
        layout = Layout(rows, settings, outputs)
    except (NotTurnedError, KeyError):
        return None
    return layout if layout.folded > 0 else None


def _turns(row: Row) -> bool:
    if row.kind != "permute":
        return False
    rank = len(row.result.outputs[0].shape)
    return rank > 2 and _order(row, rank) == to_first(rank)
