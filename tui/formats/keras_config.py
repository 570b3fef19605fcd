"""What the configuration of a Keras layer or model says, in the spellings of Keras 2 and 3."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from tui.core.errors import FileError
from tui.formats.keras_rewrites import spatial_axes

MODELS: Final = ("Functional", "Model", "Sequential")


def mapping(value: Any) -> Mapping[str, Any]:
    """A JSON object, an empty one where there is something else."""
    return value if isinstance(value, Mapping) else {}


def layers_of(config: Any) -> list[Mapping[str, Any]]:
    """The layers of a model's configuration; raises FileError where there are none."""
    layers = config if isinstance(config, list) else mapping(config).get("layers")
    if not isinstance(layers, list) or not all(isinstance(one, Mapping) and "class_name" in one for one in layers):
        raise FileError("this JSON is no Keras model: it has no list of layers with their classes")
    return layers


def name_of(layer: Mapping[str, Any]) -> str:
    """The name of a layer: in Keras 3 beside its configuration, in a Sequential model inside it."""
    name = layer.get("name") or mapping(layer.get("config")).get("name")
    return name if isinstance(name, str) else str(layer.get("class_name", "layer")).lower()


def all_layers(model: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The layers of a model, those of models and wrappers inside it too."""
    for layer in layers_of(model["config"]):
        yield layer
        if layer["class_name"] in MODELS:
            yield from all_layers(layer)
        inner = mapping(layer.get("config")).get("layer")
        if isinstance(inner, Mapping) and "class_name" in inner:
            yield inner


def data_format(layer: Mapping[str, Any]) -> str | None:
    """The format of a layer for which it matters; a Flatten only orders elements by it."""
    class_name = str(layer["class_name"])
    return data_format_of(mapping(layer.get("config"))) if spatial_axes(class_name) else None


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
