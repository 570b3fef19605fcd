"""Keras models: the JSON of ``model.to_json()``, and the ``config.json`` of a ``.keras`` archive.

Only the configuration is read: no weights, no code of Lambda layers, nothing outside the standard library.
A layer that Keras refuses, or that cannot be written, is a marked line; the rest is read all the same.
Source of the format: Keras's ``serialization_lib`` and ``models/functional.py`` (both 3), and Keras 2's JSON.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from tui.core.errors import FileError
from tui.formats.imported import Imported, Progress, unwatched
from tui.formats.keras.archive import MAX_CONFIG, config_in, no_hdf5
from tui.formats.keras.classes import is_model
from tui.formats.keras.reading import Reading


def read_archive(data: bytes, name: str, progress: Progress = unwatched) -> Imported:
    """The network of a ``.keras`` archive; raises FileError where it is none."""
    return read_json(config_in(data, name), name, progress)


def read_json(data: bytes, name: str, progress: Progress = unwatched) -> Imported:
    """The network of a Keras model's JSON; raises FileError where it is none."""
    no_hdf5(data, name)
    if len(data) > MAX_CONFIG:
        raise FileError(f"{name} has more than {MAX_CONFIG:,} bytes, the most that is read of a model's JSON")
    try:
        model = json.loads(data)
        if isinstance(model, str):  # to_json() gives text, which is easily written as JSON once more
            model = json.loads(model)
        return Reading(model_in(model), progress).imported()
    except (ValueError, RecursionError, MemoryError) as error:
        raise FileError(f"{name} is not JSON that can be read ({str(error)[:200]})") from None
    except FileError as error:
        raise FileError(f"{name}: {error.message}") from None


def read_hdf5(data: bytes, name: str, _progress: Progress = unwatched) -> Imported:
    """Nothing: HDF5 is not read. Raises FileError that says how to save the model so that it is."""
    no_hdf5(data, name)
    raise FileError(f"{name} is no HDF5 file, and HDF5 files are not read; save the model as .keras or as JSON")


def model_in(value: Any) -> Mapping[str, Any]:
    """The model that a JSON value is; raises FileError where it is none."""
    if isinstance(value, Mapping) and "class_name" not in value and isinstance(value.get("layers"), list):
        # What model.get_config() gives is the model without its class.
        return {"class_name": "Functional" if "input_layers" in value else "Sequential", "config": value}
    if isinstance(value, Mapping) and is_model(value):
        return value
    found = value.get("class_name") if isinstance(value, Mapping) else None
    if isinstance(found, str):
        raise FileError(
            f"no Keras model made of layers, but a {found[:80]!r}; a model whose layers are in Python code says "
            "nothing of them in its file"
        )
    raise FileError("no Keras model: it is neither Functional nor Sequential")
