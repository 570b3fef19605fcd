"""What a layer comes to, given its inputs: the row of the results table, and how it was refused."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy as copied
from typing import Final, NamedTuple

from tui.core.errors import Fix, LayersheetError, ParseError, ShapeError
from tui.core.kind import NO_WORK, UNKNOWN_REACH, Kind, Reach, Work
from tui.core.settings import Settings
from tui.core.size import Size, SizeError, product
from tui.core.tensor import BYTES, Role, Tensors, Weight
from tui.core.ties import no_such_weight


class Counts(NamedTuple):
    """What is summed over the layers. ``missing`` counts the layers of which nothing is known."""

    params: Size = 0
    trainable: Size = 0
    non_trainable: Size = 0
    buffers: Size = 0
    macs: Size = 0
    elementwise: Size = 0
    weight_bytes: Size = 0
    missing: Size = 0


_UNKNOWN: Final = Counts(missing=1)


class Result:
    """The results of one layer. Equal layers on equal inputs share one object, so compare by identity.

    ``status`` is ``ok``, ``warning``, ``error``, ``waiting`` (a source has no result) or ``opaque``.
    """

    __slots__ = ("_reach", "counts", "failed", "fixes", "inputs", "kind", "live", "message", "outputs", "status",
                 "weights", "work")  # fmt: skip

    def __init__(
        self,
        status: str,
        *,
        kind: Kind | None = None,
        inputs: Tensors = (),
        outputs: Tensors = (),
        weights: tuple[Weight, ...] = (),
        work: Work = NO_WORK,
        counts: Counts = _UNKNOWN,
        live: Size = 0,
        message: str | None = None,
        failed: str | None = None,
        fixes: tuple[Fix, ...] = (),
    ) -> None:
        self.status = status
        self.kind = kind
        self.inputs = inputs
        self.outputs = outputs
        self.weights = weights
        self.work = work
        self.counts = counts
        self._reach: Reach | bool = False  # not asked for yet
        self.live = live  # bytes of all inputs and outputs
        self.message = message
        self.failed = failed  # the sum that did not come out
        self.fixes = fixes

    def without_weights(self) -> Result:
        """The same result with no weights counted: they belong to another row."""
        counts = Counts(macs=self.counts.macs, elementwise=self.counts.elementwise, missing=self.counts.missing)
        return Result(
            self.status,
            kind=self.kind,
            inputs=self.inputs,
            outputs=self.outputs,
            work=self.work,
            counts=counts,
            live=self.live,
            message=self.message,
            failed=self.failed,
            fixes=self.fixes,
        )

    def with_remark(self, remark: str) -> Result:
        """The same result with one more remark, which makes it a warning."""
        twin = copied(self)
        twin.status = "warning" if self.status == "ok" else self.status
        twin.message = remark if self.message is None else f"{self.message}; {remark}"
        return twin

    @property
    def reach(self) -> Reach:
        """What one output unit reads; worked out when it is asked for, as most results of a full pass are not."""
        if isinstance(self._reach, bool):
            try:
                self._reach = None if self.kind is None else self.kind.reach(self.inputs)
            except (LayersheetError, ArithmeticError):
                self._reach = UNKNOWN_REACH
        return self._reach

    @property
    def output_bytes(self) -> Size:
        """The bytes of all outputs."""
        total: Size = 0
        for tensor in self.outputs:
            total = total + tensor.bytes
        return total


WAITING: Final = Result("waiting")
"""The result of a layer whose source has none."""


def refused(error: LayersheetError) -> Result:
    """The result of a line that does not read or does not fit."""
    fixes = error.fixes if isinstance(error, ParseError | ShapeError) else ()
    failed = error.working if isinstance(error, ShapeError) else None
    return Result("error", message=error.message, failed=failed, fixes=fixes)


def compute(layer: Kind, inputs: Tensors) -> Result:
    """Run the three rules of a layer. Never raises: a refusal is a result too."""
    try:
        outputs = layer.output(inputs)
        if layer.dtype:
            outputs = tuple(tensor._replace(dtype=layer.dtype) for tensor in outputs)
        weights = weights_of(layer, inputs)
        work = layer.work(inputs, outputs)
        remarks = layer.remarks(inputs, outputs)
        counts = _NOTHING if layer.known else _UNKNOWN
        if weights or work.macs or work.elementwise:
            counts = count(weights, work, layer.settings, layer.dtype)
        live: Size = 0
        for tensor in inputs:
            live = live + tensor.bytes
        for tensor in outputs:
            live = live + tensor.bytes
    except LayersheetError as error:
        return refused(error)
    except ArithmeticError as error:
        return refused(ShapeError(f"cannot be computed: {error}; use smaller or simpler sizes"))
    return Result(
        "opaque" if not layer.known else "warning" if remarks else "ok",
        kind=layer,
        inputs=inputs,
        outputs=outputs,
        weights=weights,
        work=work,
        counts=counts,
        live=live,
        message="; ".join(remarks) or None,
    )


def combined(parts: Sequence[tuple[Result, Size]], wrong: str = "a layer of the block") -> Result:
    """Several layers as one row: their counts times how often each counts, and the outputs of the last.

    ``wrong`` is the layer that has an error, if one has.
    """
    if not parts:
        return Result("ok", counts=_NOTHING)
    totals = list(_NOTHING)
    for result, times in parts:
        try:
            totals = [total + value * times for total, value in zip(totals, result.counts, strict=True)]
        except SizeError:  # too long to write: this part counts as missing
            totals[-1] = totals[-1] + 1
    last = parts[-1][0]
    statuses = {result.status for result, _ in parts}
    status = next((grave for grave in ("error", "waiting", "opaque") if grave in statuses), last.status)
    counts = Counts._make(totals)
    message = f"{wrong} has an error" if status == "error" else None
    outputs = last.outputs if status not in ("error", "waiting") else ()
    work = Work(counts.macs, counts.elementwise)
    return Result(status, outputs=outputs, work=work, counts=counts, message=message)


_NOTHING: Final = Counts()


def of_copies(results: Sequence[Result | None], alone: bool = True) -> Result | None:
    """The result that stands for all copies of a layer: the first, or the first that has an error.

    ``alone`` says that each is one copy and none of them stands for others.
    """
    for copy, result in enumerate(results):
        if result is not None and result.status == "error":
            if copy == 0:
                return result
            which = f"copy {copy + 1} of {len(results)}" if alone else "a later copy"
            message = f"in {which}: {result.message}"
            return Result("error", message=message, failed=result.failed, fixes=result.fixes)
    return results[0]


def weights_of(layer: Kind, inputs: Tensors) -> tuple[Weight, ...]:
    """The weights of a layer that are its own; those of a layer with ``trainable=false`` are frozen.

    Raises ShapeError where ``tied`` names what is no weight of the layer.
    """
    weights = layer.weights(inputs)
    if layer.tied:
        names = [weight.name for weight in weights]
        strange = next((name for name in layer.tied if name not in names), None)
        if strange is not None or not names:
            raise no_such_weight(layer.name, layer.tied, strange, names)
        weights = tuple(weight for weight in weights if weight.name not in layer.tied)
    if layer.trainable:
        return weights
    return tuple(w._replace(role=Role.FROZEN) if w.role is Role.TRAINABLE else w for w in weights)


def is_counted(role: Role, settings: Settings) -> bool:
    """Whether the convention of the settings counts a weight as a parameter.

    Keras calls moving statistics non-trainable parameters, PyTorch calls them (and its counter)
    buffers, ONNX stores them as initializers; none of the three counts a counter as a parameter.
    """
    return role is not Role.COUNTER and (role is not Role.STATISTIC or settings.counting != "pytorch")


def count(weights: tuple[Weight, ...], work: Work, settings: Settings, dtype: str = "") -> Counts:
    """The counts of a layer under the convention that the settings name, as :func:`is_counted` says."""
    trainable: Size = 0
    frozen: Size = 0
    statistics: Size = 0
    counters: Size = 0
    for _, shape, role in weights:
        elements = product(shape)
        if role is Role.TRAINABLE:
            trainable = trainable + elements
        elif role is Role.FROZEN:
            frozen = frozen + elements
        elif role is Role.STATISTIC:
            statistics = statistics + elements
        else:
            counters = counters + elements
    stored = trainable + frozen + statistics
    if not is_counted(Role.STATISTIC, settings):
        buffers = statistics + counters
        params, non_trainable = trainable + frozen, frozen
    else:
        buffers, params, non_trainable = 0, stored, frozen + statistics
    return Counts(
        params, trainable, non_trainable, buffers, work.macs, work.elementwise, stored * BYTES[dtype or settings.dtype]
    )
