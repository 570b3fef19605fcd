"""Keras models: the JSON of ``model.to_json()``, and the ``config.json`` of a ``.keras`` archive.

Only the configuration is read: no weights, no code of Lambda layers, nothing outside the standard library.
A layer that Keras refuses, or that cannot be written, is a marked line; the rest is read all the same.
Source of the format: Keras's ``serialization_lib`` and ``models/functional.py`` (both 3), and Keras 2's JSON.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any, Final

from tui.core.errors import FileError
from tui.core.network import Source
from tui.core.result import Result
from tui.core.size import Size, symbol
from tui.core.size import symbols as symbols_of
from tui.core.tensor import Shape
from tui.formats.framework_draft import Draft
from tui.formats.framework_words import FrameworkError, is_whole, sizes_shown, translated
from tui.formats.imported import Imported, Progress, unwatched
from tui.formats.keras_config import MODELS, all_layers, data_format, data_format_of, input_shape, layers_of, mapping
from tui.formats.keras_graph import Call, Tensor, graph_of
from tui.formats.keras_rewrites import spatial_axes
from tui.formats.keras_rules import OPERATIONS, needed_axes, rule_of
from tui.formats.keras_wrappers import Inner, unwrapped

MAX_CONFIG: Final = 64 * 2**20
"""The most bytes that a configuration may unpack to: a small archive can hold a very large one."""

Outputs = dict[tuple[str, int], list[Source]]
"""What each call of each layer gives."""


def read_archive(data: bytes, name: str, progress: Progress = unwatched) -> Imported:
    """The network of a ``.keras`` archive; raises FileError where it is none."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open("config.json") as file:
            config = file.read(MAX_CONFIG + 1)
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise FileError(f"{name} is no Keras archive with a config.json in it ({error})") from None
    if len(config) > MAX_CONFIG:
        raise FileError(f"the config.json in {name} has more than {MAX_CONFIG:,} bytes, the most that is read")
    return read_json(config, name, progress)


def read_json(data: bytes, name: str, _progress: Progress = unwatched) -> Imported:
    """The network of a Keras model's JSON; raises FileError where it is none."""
    try:
        model = json.loads(data)
        return Imported(_Reading(model).draft.lines)
    except (ValueError, RecursionError) as error:
        raise FileError(f"{name} is not JSON that can be read ({error})") from None
    except FileError as error:
        raise FileError(f"{name}: {error.message}") from None


class _Reading:
    """One model on its way into lines."""

    def __init__(self, model: Any) -> None:
        if not isinstance(model, Mapping) or model.get("class_name") not in MODELS:
            found = model.get("class_name") if isinstance(model, Mapping) else None
            raise FileError(f"no Keras model of {', '.join(MODELS)}" + (f", but a {found}" if found else ""))
        settings: dict[str, Any] = {}
        formats = [found for layer in all_layers(model) if (found := data_format(layer)) is not None]
        if formats:
            settings["data_format"] = max(("channels_last", "channels_first"), key=formats.count)
        shapes = [shape for layer in all_layers(model) if (shape := input_shape(layer))]
        if shapes and is_whole(shapes[0][0]) and all(shape[0] == shapes[0][0] for shape in shapes):
            settings["batch"] = shapes[0][0]
        self.draft = Draft("Keras", **settings)
        self.first: dict[str, Source] = {}
        """The line of the first call of each layer."""
        self._model(model, "", None)

    def _model(self, model: Mapping[str, Any], prefix: str, given: list[Source] | None) -> list[Source]:
        """Write the layers of a model; ``given`` are the sources of a model that is a layer of another one."""
        if model["class_name"] == "Sequential":
            return self._sequential(model, prefix, given)
        graph = graph_of(mapping(model["config"]))
        made: Outputs = {}
        if given is not None:
            made = {(t.layer, t.call): [source] for t, source in zip(graph.inputs, given, strict=False)}
        for call in graph.calls:
            if (call.name, call.number) not in made:
                sources = [self._source(made, tensor) for tensor in call.reads]
                made[call.name, call.number] = self._call(call, prefix, sources)
        return [self._source(made, tensor) for tensor in graph.outputs if (tensor.layer, tensor.call) in made]

    def _source(self, made: Outputs, tensor: Tensor) -> Source:
        sources = made[tensor.layer, tensor.call]
        return sources[tensor.output] if tensor.output < len(sources) else sources[0]._replace(output=tensor.output)

    def _sequential(self, model: Mapping[str, Any], prefix: str, given: list[Source] | None) -> list[Source]:
        sources = given or []
        for layer in layers_of(model["config"]):
            if layer["class_name"] == "InputLayer":
                sources = sources or self._call(Call(layer, 0, (), {}), prefix, [])
                continue
            if not sources:
                shape = input_shape(layer) or mapping(model.get("build_config")).get("input_shape")
                sources = [self._input(f"{prefix}input", shape, "float32")]
            sources = self._call(Call(layer, 0, (), {}), prefix, sources)
        return sources[:1]

    def _input(self, name: str, shape: Any, dtype: Any) -> Source:
        if not isinstance(shape, list) or not shape:
            return self.draft.refused(name, "InputLayer", {}, (), "this model does not say the shape of its input")
        sizes = [symbol(f"n{axis}") if size is None else size for axis, size in enumerate(shape)]
        args: dict[str, Any] = {"shape": sizes[1:]}
        if is_whole(shape[0]) and shape[0] != self.draft.settings.batch:
            args = {"shape": sizes, "whole": True}
        if isinstance(dtype, str) and dtype in ("int32", "int64", "uint8", "bool", "float16", "bfloat16", "float64"):
            args["dtype"] = dtype
        return self.draft.layer(name, "input", args)

    def _call(self, call: Call, prefix: str, sources: list[Source]) -> list[Source]:
        """Write one call of a layer; gives its outputs as far as they are asked for by number."""
        class_name, config = str(call.layer["class_name"]), mapping(call.layer.get("config"))
        if ".ops." in str(call.layer.get("module")):
            class_name = OPERATIONS.get(class_name, class_name)
        name = prefix + call.name
        if class_name == "InputLayer":
            return [self._input(name, input_shape(call.layer), config.get("dtype"))]
        if class_name in MODELS:
            return self._model(call.layer, f"{name}.", sources)
        try:
            inner = translated(unwrapped, class_name, class_name, {**config, **call.options})
            _check_axes(inner, self.draft.shapes(sources))
            if name in self.first and (inner.spectral or self._is_turned(inner)):
                raise FrameworkError(f"{name} is called again: a layer of several lines cannot share its weights")
        except FrameworkError as objection:
            return [self.draft.refused(name, class_name, {}, sources, objection.message)]
        order = rule_of(inner.class_name).order
        if order:
            sources = [sources[i] for i in order if i < len(sources)]
        first = self.first.get(name)
        if first is None:
            first = self.first[name] = self._written(name, inner, sources)
            return [first]
        return [self.draft.again(name, first, sources)]

    def _written(self, name: str, inner: Inner, sources: list[Source]) -> Source:
        if self._is_turned(inner):
            made = self._turned(name, inner, sources)
        else:
            made = self.draft.layer(name, inner.class_name, inner.args, sources, lambda r: _check(inner, r))
        if inner.spectral and (result := self.draft.result(made)) is not None:
            first = next((w for w in result.weights if w.name in ("kernel", "embeddings")), None)
            if first is None:
                message = f"SpectralNormalization: {inner.class_name} has no kernel to normalize"
                return self.draft.refused(f"{name}.norm", "SpectralNormalization", {}, [made], message)
            # Keras stores the kernel of a transposed convolution with its input channels last.
            last = first.shape[0] if "Transpose" in inner.class_name else first.shape[-1]
            return self.draft.layer(f"{name}.norm", "spectralnorm", {"size": last}, [made])
        return made

    def _is_turned(self, inner: Inner) -> bool:
        """Whether a layer works in another data_format than the network."""
        found = data_format_of(inner.config) if spatial_axes(inner.class_name) else None
        return found not in (None, self.draft.settings.data_format)

    def _turned(self, name: str, inner: Inner, sources: list[Source]) -> Source:
        """A layer in another data_format: between two lines that move the channels."""
        rank = spatial_axes(inner.class_name) or 1
        ahead = (needed_axes(inner.class_name) or rank + 2) + inner.steps - rank - 1
        moved = _to_network(ahead, rank, self.draft.settings.data_format)
        first = [self.draft.layer(f"{name}.in", "permute", {"axes": moved}, [source]) for source in sources[:1]]
        made = self.draft.layer(name, inner.class_name, inner.args, first + sources[1:], lambda r: _check(inner, r))
        result = self.draft.result(made)
        if result is None:
            return made
        # A layer may give the last step only; one that gives no positions has nothing to turn back.
        left = len(result.outputs[0].shape) - rank - 1
        if left < 1:
            return made
        back = _inverse(_to_network(left, rank, self.draft.settings.data_format))
        return self.draft.layer(f"{name}.out", "permute", {"axes": back}, [made])


def _to_network(ahead: int, rank: int, data_format: str) -> list[int]:
    """The axes that bring the other format into the network's: channels to the end, or in front of the space.

    ``ahead`` are the axes before both: the batch, and steps.
    """
    if data_format == "channels_last":
        return [*range(ahead), *range(ahead + 1, ahead + rank + 1), ahead]
    return [*range(ahead), ahead + rank, *range(ahead, ahead + rank)]


def _inverse(axes: list[int]) -> list[int]:
    return [axes.index(axis) for axis in range(len(axes))]


def _check_axes(inner: Inner, shapes: list[Shape] | None) -> None:
    """Raise FrameworkError where Keras wants another number of axes than the input has."""
    axes = needed_axes(inner.class_name)
    if axes is not None and shapes and len(shapes[0]) != axes + inner.steps:
        raise FrameworkError(
            f"{inner.class_name} needs {axes + inner.steps} axes with the batch, it gets {len(shapes[0])}: "
            f"{sizes_shown(shapes[0])}"
        )


def _check(inner: Inner, result: Result) -> None:
    """Raise FrameworkError where Keras refuses weights that our rule takes: those of an unknown size."""
    shape = result.inputs[0].shape if result.inputs else ()
    sizes: list[Size] = [size for weight in result.weights for size in weight.shape]
    if any(symbols_of(size) for size in sizes):
        raise FrameworkError(
            f"{inner.class_name} needs the size of every axis that its weights depend on, and one of "
            f"{sizes_shown(shape)} is not given: Keras refuses that"
        )
    if result.weights and len(shape) < 2 and inner.class_name != "Embedding":
        raise FrameworkError(f"{inner.class_name} needs an axis besides the batch")
