"""What the configuration of a Keras layer or model says, in the spellings of Keras 2 and 3."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from tui.core.errors import FileError
from tui.formats.keras.classes import class_of, is_model
from tui.formats.keras.rewrites import spatial_axes

LONGEST_NAME: Final = 1_000
MOST_INSIDE: Final = 32
"""Models inside models are read so deep; each level is a few calls of Python's own stack."""


def mapping(value: Any) -> Mapping[str, Any]:
    """A JSON object, an empty one where there is something else."""
    return value if isinstance(value, Mapping) else {}


def layers_of(config: Any) -> list[Mapping[str, Any]]:
    """The layers of a model's configuration; raises FileError where there are none."""
    layers = config if isinstance(config, list) else mapping(config).get("layers")
    if not isinstance(layers, list) or not all(isinstance(one, Mapping) and "class_name" in one for one in layers):
        raise FileError("this JSON is no Keras model: it has no list of layers with their classes")
    if any(len(name_of(one)) > LONGEST_NAME for one in layers):
        raise FileError(
            f"a layer of this model has a name of more than {LONGEST_NAME:,} characters, the most that is read"
        )
    return layers


def name_of(layer: Mapping[str, Any]) -> str:
    """The name of a layer: in Keras 3 beside its configuration, in a Sequential model inside it."""
    name = layer.get("name") or mapping(layer.get("config")).get("name")
    return name if isinstance(name, str) else str(layer.get("class_name", "layer")).lower()


def all_layers(model: Mapping[str, Any], depth: int = 0) -> Iterator[Mapping[str, Any]]:
    """The layers of a model, those of models and wrappers inside it too."""
    if depth > MOST_INSIDE:
        raise FileError(f"there are models inside models, more than {MOST_INSIDE} deep; that many are not read")
    for layer in layers_of(model.get("config")):
        yield layer
        inner = wrapped(layer)
        if inner is not None and not is_model(inner):
            yield inner
        model_inside = layer if is_model(layer) else inner
        if model_inside is not None and is_model(model_inside):
            yield from all_layers(model_inside, depth + 1)


def wrapped(layer: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The layer inside a wrapper; None for other layers."""
    inner = mapping(layer.get("config")).get("layer")
    return inner if isinstance(inner, Mapping) and "class_name" in inner else None


def data_format(layer: Mapping[str, Any]) -> str | None:
    """The format of a layer for which it matters; a Flatten only orders elements by it."""
    return data_format_of(mapping(layer.get("config"))) if spatial_axes(class_of(layer)) else None


def data_format_of(config: Mapping[str, Any]) -> str | None:
    """The format that a configuration names."""
    found = config.get("data_format")
    return found if found in ("channels_last", "channels_first") else None


def input_shape(layer: Mapping[str, Any]) -> list[Any] | None:
    """The whole input shape that a layer states, batch first; None where it states none."""
    config = mapping(layer.get("config"))
    shape = config.get("batch_shape", config.get("batch_input_shape"))
    if shape is None and isinstance(config.get("shape"), list):
        shape = [None, *config["shape"]]
    return shape if isinstance(shape, list) else None


def slice_object(part: slice) -> dict[str, Any]:
    """A slice as Keras's JSON holds it."""
    return {"class_name": "__slice__", "config": {"start": part.start, "stop": part.stop, "step": part.step}}


def first_shape(layer: Mapping[str, Any], depth: int = 0) -> list[Any] | None:
    """The input shape that a layer states, or of a model the first one that a layer in it states."""
    found = input_shape(layer)
    if found is not None or not is_model(layer) or depth > MOST_INSIDE:
        return found
    inside = layers_of(layer.get("config"))
    ordered = sorted(inside, key=lambda one: one.get("class_name") != "InputLayer")
    return first_shape(ordered[0], depth + 1) if ordered else None
