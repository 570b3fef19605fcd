"""A Keras model on its way into lines: models inside models, calls in their order, what each reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from tui.core.errors import FileError
from tui.core.network import Source
from tui.core.tensor import BYTES
from tui.formats.frameworks.excited import KERAS, joined_excitation
from tui.formats.frameworks.padding import joined_padding
from tui.formats.frameworks.words import FrameworkError, is_whole, translated
from tui.formats.imported import Imported, Notice, Progress
from tui.formats.keras.classes import CHAINS, STORED, class_of, is_function, is_model, is_own, registered
from tui.formats.keras.config import (
    all_layers,
    data_format,
    first_shape,
    input_shape,
    layers_of,
    mapping,
    name_of,
    wrapped,
)
from tui.formats.keras.draft import MOST_LINES, KerasDraft
from tui.formats.keras.graph import Graph, graph_of
from tui.formats.keras.inputs import in_order, parts_of, sources_in
from tui.formats.keras.layers import LayerLines, input_args
from tui.formats.keras.nodes import Call, Constant, Tensor, flat
from tui.formats.keras.others import OtherLines
from tui.formats.keras.tf_ops import CLASSES as TENSORFLOW
from tui.formats.keras.tf_ops import translated_call

Outputs = dict[tuple[str, int], list[Source]]
"""What each call of each layer gives."""


class Reading:
    """One model."""

    def __init__(self, model: Mapping[str, Any], progress: Progress) -> None:
        layers = list(islice(all_layers(model), MOST_LINES + 1))
        if len(layers) > MOST_LINES:
            raise FileError(f"this model has more than {MOST_LINES:,} layers, the most that are read")
        settings: dict[str, Any] = {}
        formats = [found for layer in layers if (found := data_format(layer)) is not None]
        if formats:
            settings["data_format"] = max(("channels_last", "channels_first"), key=formats.count)
        elif any(is_function(layer) and class_of(layer) in ("Fold", "Unfold") for layer in layers):
            settings["data_format"] = "channels_first"  # as these two have it
        shapes = [shape for layer in layers if (shape := input_shape(layer))]
        batches = {shape[0] if is_whole(shape[0]) else None for shape in shapes}
        if len(batches) == 1 and (batch := batches.pop()) is not None and 0 < batch < 10**9:
            settings["batch"] = batch
        self.draft = KerasDraft(_names(model, ""), len(layers), progress, **settings)
        self.layers = LayerLines(self.draft)
        self.others = OtherLines(self.draft, self.layers)
        self._mixed: dict[str, int] = {}
        self._graphs: dict[int, Graph] = {}
        self._model(model, "", None, False)

    def imported(self) -> Imported:
        """The lines, and the report."""
        if not any(line.is_layer for line in self.draft.lines):
            raise FileError("this Keras model has no layers")
        notices = list(self.draft.notices)
        for policy, count in self._mixed.items():
            text = f"{count:,} layers compute in another type than they store; tensors are counted as float32"
            notices.append(Notice("dropped", policy, text))
        if self.draft.more:
            notices.append(Notice("dropped", "the report", f"{self.draft.more:,} more entries are left out"))
        lines = joined_excitation(self.draft, joined_padding(self.draft), KERAS)
        return Imported(lines, tuple(notices))

    def _model(self, model: Mapping[str, Any], prefix: str, given: Any, frozen: bool) -> list[Source]:
        """Write the layers of a model; ``given`` is what a model that is a layer of another one is called with."""
        config = mapping(model.get("config"))
        self.draft.count()  # a model without layers takes time too
        frozen = frozen or _is_frozen(model)
        if model.get("class_name") in CHAINS:
            return self._sequential(model, prefix, None if given is None else list(sources_in(given)), frozen)
        if id(model) not in self._graphs:
            self._graphs[id(model)] = graph_of(config)
        graph = self._graphs[id(model)]
        made: Outputs = {}
        inputs = {} if given is None else _bound_inputs(graph.inputs, given)
        for call in graph.calls:
            key = (call.name, call.number)
            if key in inputs:
                name = self.others.named(call.layer, prefix + call.name)
                made[key] = [self.draft.layer(name, "identity", {}, [inputs[key]])]
                continue
            made[key] = self._call(call, prefix, made, graph.stated, frozen)
        for tensor, shape in graph.stated.items():
            sources = made.get((tensor.layer, tensor.call))
            if sources:
                source = _picked(sources, tensor.output)
                self.draft.compare(source.name, "the shape", shape, self.draft.tensors([source]))
        return [_picked(made[tensor.layer, tensor.call], tensor.output) for tensor in graph.outputs
                if (tensor.layer, tensor.call) in made]  # fmt: skip

    def _sequential(
        self, model: Mapping[str, Any], prefix: str, given: list[Source] | None, frozen: bool
    ) -> list[Source]:
        sources = given or []
        for layer in layers_of(model.get("config")):
            call = Call(layer, 0, sources[:1], {})
            if layer.get("class_name") == "InputLayer":
                sources = sources or self._input(prefix + call.name, layer)
                continue
            if not sources:
                build = mapping(model.get("build_config")).get("input_shape")
                shape = first_shape(layer) or build
                sources = [self._input_line(f"{prefix}input", shape, None)]
                call = call._replace(args=sources[:1])
            sources = self._call(call, prefix, {}, {}, frozen)
        return sources[:1]

    def _input(self, name: str, layer: Mapping[str, Any]) -> list[Source]:
        return [
            self._input_line(
                self.others.named(layer, name), input_shape(layer), mapping(layer.get("config")).get("dtype")
            )
        ]

    def _input_line(self, name: str, shape: Any, dtype: Any) -> Source:
        if isinstance(dtype, str) and dtype not in BYTES:
            self.draft.note("dropped", name, f"its type {dtype} is not known here; its bytes are counted as float32")
        try:
            args = input_args(shape, dtype, self.draft.settings.batch)
        except FrameworkError as objection:
            return self.draft.refused(name, "InputLayer", {}, (), objection.message)
        return self.draft.layer(name, "input", args)

    def _call(self, call: Call, prefix: str, made: Outputs, stated: Mapping[Tensor, Any], frozen: bool) -> list[Source]:
        """Write one call of a layer, a function or a model; gives its outputs."""
        layer, name = call.layer, prefix + call.name
        self.draft.count(call.weight // 50)
        args, options = _resolved(call.args, made), _resolved(call.given, made)
        if is_model(layer):
            found = [args, options.get("inputs")] if "inputs" in options else args
            return self._model(layer, f"{name}.", found, frozen)
        inner = wrapped(layer)
        if class_of(layer) == "TimeDistributed" and inner is not None and is_model(inner):
            return self._each_step(name, inner, list(sources_in(args)), frozen or _is_frozen(layer))
        class_name, config = class_of(layer), mapping(layer.get("config"))
        if class_name == "InputLayer":
            return self._input(name, layer)
        known = call._replace(args=args, options=options)
        if is_function(layer):
            return self.others.function(known, name, class_name, config, stated)
        if layer.get("module") == STORED:
            return self.others.stored(layer, name, class_name, config, frozen)
        if class_name in TENSORFLOW:
            try:
                found_op = translated(translated_call, class_name, config, parts_of(args), options)
            except FrameworkError:
                found_op = None
            if found_op is None:
                what = config.get("function") or config.get("method_name") or class_name
                return self.others.opaque(known, name, str(what), stated)
            op, first, rest = found_op
            return self.others.function(known._replace(args=first, options=rest), name, op, {}, stated)
        backwards = class_name == "ReversibleEmbedding" and (options.get("reverse") or True in parts_of(args))
        if backwards and (product := self.layers.backwards(id(layer), name, config, in_order(class_name, args, {}))):
            return product
        if backwards or not is_own(layer):
            return self.others.opaque(known, name, registered(layer) or class_name, stated)
        self._policy(config.get("dtype"))
        self._build_shape(layer, name, args)
        sources = in_order(class_name, args, options)
        return self.layers.call(id(layer), name, class_name, config, call.rest, sources, frozen)

    def _each_step(self, name: str, model: Mapping[str, Any], sources: list[Source], frozen: bool) -> list[Source]:
        """Write a model that is applied to each step: the steps join the batch and leave it again."""
        shapes = self.draft.shapes(sources[:1])
        own = self.others.named(model, name)
        if not shapes or len(shapes[0]) < 2:
            return [
                self.draft.refused(own, "TimeDistributed", {}, sources, "TimeDistributed needs an input with steps")
            ]
        steps = self.draft.layer(f"{own}.steps", "reshape", {"shape": [-1, *shapes[0][2:]], "whole": True}, sources[:1])
        made = self._model(model, f"{name}.", [steps], frozen)
        left = self.draft.shapes(made[:1])
        if not left:
            return made
        return [self.draft.layer(own, "reshape", {"shape": [-1, shapes[0][1], *left[0][1:]], "whole": True}, made[:1])]

    def _policy(self, dtype: Any) -> None:
        named = mapping(mapping(dtype).get("config")).get("name") if isinstance(dtype, Mapping) else dtype
        if isinstance(named, str) and named.startswith("mixed_"):
            self._mixed[named] = self._mixed.get(named, 0) + 1

    def _build_shape(self, layer: Mapping[str, Any], name: str, args: Any) -> None:
        """Compare the input shape that a layer was built with, where it is a single one."""
        shape = mapping(layer.get("build_config")).get("input_shape")
        sources = list(sources_in(args))
        if len(sources) == 1 and id(layer) not in self.layers.owners:
            self.draft.compare(name, "an input of", shape, self.draft.tensors(sources))


def _names(model: Mapping[str, Any], prefix: str) -> Iterator[str]:
    """The full names of all layers of a model."""
    for layer in layers_of(model.get("config")):
        name = prefix + name_of(layer)
        yield name
        inner = layer if is_model(layer) else wrapped(layer)
        if inner is not None and is_model(inner):
            yield from _names(inner, f"{name}.")


def _is_frozen(layer: Mapping[str, Any]) -> bool:
    return mapping(layer.get("config")).get("trainable") is False


def _picked(sources: list[Source], output: int) -> Source:
    if not sources:
        raise FileError("a layer of this Keras model reads a model inside it that gives nothing")
    return sources[output] if output < len(sources) else sources[0]._replace(output=output)


def _resolved(value: Any, made: Outputs) -> Any:
    """An argument with each tensor as the layer and output that make it here."""
    if isinstance(value, Tensor):
        return _picked(made[value.layer, value.call], value.output)
    if isinstance(value, Source | Constant):
        return value
    if isinstance(value, list):
        return [_resolved(part, made) for part in value]
    if isinstance(value, Mapping):
        return {name: _resolved(part, made) for name, part in value.items()}
    return value


def _bound_inputs(inputs: Any, given: Any) -> dict[tuple[str, int], Source]:
    """The inputs of a model inside another one with what it is called with: by name, or in their order."""
    tensors = list(flat(inputs))
    parts = [part for part in (given if isinstance(given, list) else [given]) if part is not None]
    by_name = parts[0] if len(parts) == 1 and isinstance(parts[0], Mapping) else None
    if by_name is not None and not isinstance(inputs, Mapping) and all(t.layer in by_name for t in tensors):
        pairs = [(tensor, by_name[tensor.layer]) for tensor in tensors]
        return {(t.layer, t.call): source for t, source in pairs if isinstance(source, Source)}
    return {(t.layer, t.call): source for t, source in zip(tensors, sources_in(given), strict=False)}
