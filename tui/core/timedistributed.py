"""Layers applied to each step of a sequence by itself: (batch, steps, ...) as a batch of steps."""

from __future__ import annotations

from typing import Any, ClassVar, TypeVar, cast

from tui.core.errors import Fix, ShapeError
from tui.core.kind import POINTWISE, Kind, Reach, Window, Work
from tui.core.size import same
from tui.core.tensor import Tensors, Weight

AnyKind = TypeVar("AnyKind", bound=Kind)
_made: dict[type[Kind], type[Kind]] = {}


def each_step(kind: type[AnyKind]) -> type[AnyKind]:
    """The kind that is applied step by step; one class for each kind, and such a class is its own."""
    if issubclass(kind, EachStep):
        return kind
    if kind not in _made:
        bases: Any = (EachStep, kind)
        _made[kind] = type(kind.__name__, bases, {"__module__": kind.__module__, "alone": kind})
    return cast(type[AnyKind], _made[kind])


class EachStep(Kind):
    """A kind that sees each step by itself, as in Keras's TimeDistributed: the steps join the batch and leave it again.

    A wrapper kind would have needed a line inside a line; mixed into the kind, its arguments, fixes
    and completions stay those of the layer itself.
    """

    alone: ClassVar[type[Kind]]

    def layer(self) -> Kind:
        """The layer that one step goes through. Its rules call each other, so they must not be those of this class."""
        layer = self.alone()
        vars(layer).update(vars(self))
        return layer

    def output(self, inputs: Tensors) -> Tensors:
        steps = _steps_in_batch(self, inputs)
        outputs = self.layer().output(steps)
        if any(not out.shape or same(out.shape[0], steps[0].shape[0]) is False for out in outputs):
            raise ShapeError(f"{self.name} mixes the examples of a batch, it cannot be applied to each step by itself")
        return tuple(out._replace(shape=(*inputs[0].shape[:2], *out.shape[1:])) for out in outputs)

    def weights(self, inputs: Tensors) -> tuple[Weight, ...]:
        return self.layer().weights(_steps_in_batch(self, inputs))

    def work(self, inputs: Tensors, outputs: Tensors) -> Work:
        return self.layer().work(_steps_in_batch(self, inputs), _steps_in_batch(self, outputs, fewest=2))

    def reach(self, inputs: Tensors) -> Reach:
        steps = _steps_in_batch(self, inputs)
        reach = self.layer().reach(steps)
        if reach is None and all(len(step.shape) == 2 for step in steps):
            return POINTWISE  # all of a step without spatial axes is one place of the sequence
        return (Window(1), *reach) if reach else reach

    def remarks(self, inputs: Tensors, outputs: Tensors) -> tuple[str, ...]:
        return self.layer().remarks(_steps_in_batch(self, inputs), _steps_in_batch(self, outputs, fewest=2))


def _steps_in_batch(kind: Kind, tensors: Tensors, fewest: int = 3) -> Tensors:
    if not tensors or any(len(tensor.shape) < fewest for tensor in tensors):
        raise ShapeError(
            f"timedistributed=true needs steps and features, {fewest} axes with the batch; "
            f"{kind.name} gets {min((len(tensor.shape) for tensor in tensors), default=0)}",
            fixes=[Fix("timedistributed=false", {"timedistributed": False})],
        )
    return tuple(t._replace(shape=(t.shape[0] * t.shape[1], *t.shape[2:])) for t in tensors)
