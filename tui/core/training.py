"""What training needs in memory, piece by piece, each with its working and what it assumes."""

from __future__ import annotations

from typing import Final, NamedTuple

from tui.core.result import Result
from tui.core.size import Size, text
from tui.core.snapshot import Snapshot
from tui.core.tensor import BYTES, Role
from tui.core.working import Working, as_working, recorded

OPTIMIZERS: Final = {"sgd": 0, "momentum": 1, "adam": 2}
"""Values that an optimizer keeps for each trained parameter: none, a velocity, two moments (Kingma and Ba, 2015)."""

ASSUMPTIONS: Final = (
    "the weights and one gradient for each trained parameter are held in the dtype of the weights",
    "optimizer state is float32 where the weights are smaller, as in mixed precision",
    "every output is saved for the backward pass, for the whole batch; nothing runs in place or is computed again",
    "workspace of the kernels and fragmentation are not counted",
)


class Training(NamedTuple):
    """Bytes for one step of training, by what they are for."""

    weights: Size
    gradients: Size
    optimizer: Size
    activations: Size

    @property
    def total(self) -> Size:
        return self.weights + self.gradients + self.optimizer + self.activations


def training(snapshot: Snapshot, optimizer: str) -> Training:
    """The memory of training with an optimizer of :data:`OPTIMIZERS`; a lower bound where a layer has no result."""
    gradients: Size = 0
    state: Size = 0
    activations: Size = 0
    for result, times in _occurrences(snapshot).items():
        if result.kind is None:
            continue
        width = BYTES[result.kind.dtype or snapshot.settings.dtype]
        trained: Size = 0
        for weight in result.weights:
            if weight.role is Role.TRAINABLE:
                trained = trained + weight.elements
        gradients = gradients + trained * width * times
        state = state + trained * (max(width, BYTES["float32"]) * OPTIMIZERS[optimizer]) * times
        activations = activations + result.output_bytes * times
    return Training(snapshot.totals.weight_bytes, gradients, state, activations)


def _occurrences(snapshot: Snapshot) -> dict[Result, Size]:
    """Distinct results with how often they occur, copies of blocks that are not written out included."""
    inference = snapshot.inference
    found: dict[Result, Size] = {}
    for row, result in enumerate(inference.results()):
        if result is not None and row not in inference.wiring.guards:
            found[result] = found.get(result, 0) + inference.counted(row)
    return found


def workings(snapshot: Snapshot, optimizer: str) -> tuple[Working, ...]:
    """The sum in words and numbers."""
    need = training(snapshot, optimizer)
    parts = {name: recorded(size, name) for name, size in zip(Training._fields, need, strict=True)}
    total: Size = 0
    for part in parts.values():
        total = total + part
    kept = OPTIMIZERS[optimizer]
    trained = _count(snapshot.totals.trainable)
    return (
        as_working(need.weights, "weights", f"{_count(_stored(snapshot))} values"),
        as_working(need.gradients, "gradients", f"one for each of {trained} trained parameters"),
        as_working(need.optimizer, "optimizer", f"{optimizer}: {kept} for each trained parameter"),
        as_working(need.activations, "activations", "every output, for the whole batch"),
        as_working(total, f"training with {optimizer}", "bytes"),
    )


def _stored(snapshot: Snapshot) -> Size:
    """The values that the bytes of the weights are for: statistics are among them, counters are not."""
    found: Size = 0
    for result, times in _occurrences(snapshot).items():
        for weight in result.weights:
            if weight.role is not Role.COUNTER:
                found = found + weight.elements * times
    return found


def _count(size: Size) -> str:
    return text(size, thousands=True, constant_first=True)
