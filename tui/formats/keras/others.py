"""What is no layer of Keras: functions of ``keras.ops`` and of TensorFlow, and layers that are not known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tui.core.network import Source
from tui.core.tensor import Shape
from tui.formats.frameworks.words import FrameworkError, is_whole, translated
from tui.formats.keras.config import mapping
from tui.formats.keras.draft import KerasDraft
from tui.formats.keras.function import Function, Plan, UnknownFunctionError
from tui.formats.keras.inputs import parts_of, sources_in
from tui.formats.keras.layers import LayerLines
from tui.formats.keras.nodes import Call, Constant, Tensor
from tui.formats.keras.ops import as_layer, plan_of
from tui.formats.keras.rules import dtype_args


class OtherLines:
    """Writes the calls of what is no layer of Keras."""

    def __init__(self, draft: KerasDraft, layers: LayerLines) -> None:
        self.draft = draft
        self.layers = layers
        self._seen: set[int] = set()
        """The layers that have their names; by their places in memory, as a model may be there several times."""

    def named(self, layer: Mapping[str, Any], name: str) -> str:
        """The name of a line for a layer that is no layer with weights: its own at its first call."""
        again = id(layer) in self._seen
        self._seen.add(id(layer))
        return self.draft.claim(name, again)

    def function(
        self, call: Call, name: str, op: str, config: Mapping[str, Any], stated: Mapping[Tensor, Any]
    ) -> list[Source]:
        """Write a call of a function of ``keras.ops``."""
        function = Function(op, config, parts_of(call.args), call.options, self._shape, self.draft.settings.data_format)
        try:
            sources = list(sources_in(call.args))
            shapes = self.draft.shapes(sources[:1])
            rest = {key: value for key, value in call.rest.items() if not any(True for _ in sources_in(value))}
            layer = as_layer(op, {**config, **rest}, len(shapes[0])) if shapes else None
            if layer is not None:
                return self.layers.call(id(call.layer), name, *layer, {}, sources, False)
            plan: Plan = translated(plan_of, op, function)
        except UnknownFunctionError:
            return self.opaque(call, name, op, stated)
        except FrameworkError as objection:
            return [self.draft.refused(self.named(call.layer, name), op, {}, (), objection.message)]
        return self._steps(self.named(call.layer, name), plan)

    def stored(
        self, layer: Mapping[str, Any], name: str, kind: str, config: Mapping[str, Any], frozen: bool
    ) -> list[Source]:
        """Write a tensor that no layer computes: a parameter, or a constant."""
        shape = config.get("shape")
        sizes = list(shape) if isinstance(shape, list) else []
        args: dict[str, Any] = {"shape": [self.draft.settings.batch if size is None else size for size in sizes]}
        if kind == "parameter" and (frozen or config.get("trainable") is False):
            args["trainable"] = False
        args |= dtype_args(config.get("dtype"))
        own = self.named(layer, name)
        if kind not in ("parameter", "constant"):
            return [self.draft.refused(own, kind, args, (), f"{kind} is no tensor of a network's own")]
        return [self.draft.layer(own, kind, args)]

    def _steps(self, own: str, plan: Plan) -> list[Source]:
        steps: list[Source] = []
        for number, step in enumerate(plan.steps):
            reads = [steps[read] if isinstance(read, int) else self._operand(own, read) for read in step.reads]
            last = number == len(plan.steps) - 1
            reads = self.draft.joined(own, step.kind, step.args, reads)
            steps.append(self.draft.layer(own if last else f"{own}.{step.kind}", step.kind, step.args, reads))
        if plan.outputs:
            return [steps[output] for output in plan.outputs]
        return steps[-1:]

    def _operand(self, name: str, operand: Source | Constant) -> Source:
        if isinstance(operand, Source):
            return operand
        shape = {"shape": list(operand.shape)} if operand.shape else {}
        return self.draft.layer(f"{name}.constant", "constant", shape | dtype_args(operand.dtype))

    def _shape(self, source: Source) -> Shape:
        shapes = self.draft.shapes([source])
        if shapes is None:
            raise UnknownFunctionError("reads what has no shape here")
        return shapes[0]

    def opaque(self, call: Call, name: str, class_name: str, stated: Mapping[Tensor, Any]) -> list[Source]:
        """Write what is not known, with the shape that the layer says it gives, or that its readers were given."""
        sources = [*sources_in(call.args), *sources_in(call.options)]
        config = mapping(call.layer.get("config"))
        own = self.named(call.layer, name)
        shapes, whole = _stated_outputs(config.get("output_shape")), False
        if not shapes:
            shapes = _of_readers(call, stated)
            whole = any(shape and is_whole(shape[0]) for shape in shapes) or any(not shape for shape in shapes)
            shapes = [list(shape) if whole else list(shape[1:]) for shape in shapes]
        where = "its shape is the one that the file states" if shapes else "it does not say its shape"
        if not sources:
            return [self.draft.refused(own, class_name, {}, (), "a layer that is not known reads nothing here")]
        self.draft.note("opaque", own, f"{class_name} is not known here; {where}")
        made = self.layers.opaque(own, class_name, shapes, whole, sources)
        return [made]


def _of_readers(call: Call, stated: Mapping[Tensor, Any]) -> list[Any]:
    """The shapes of the outputs of a call as its readers state them; none where one is missing."""
    found: list[Any] = []
    while isinstance(shape := stated.get(Tensor(call.name, call.number, len(found))), list):
        found.append(shape)
    return found


def _stated_outputs(value: Any) -> list[Any]:
    """The shapes, without the batch, that the configuration of a Lambda layer says it gives."""
    if not isinstance(value, list) or not value:
        return []
    return value if all(isinstance(part, list) for part in value) else [value]
