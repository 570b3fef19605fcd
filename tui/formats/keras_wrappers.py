"""Keras's layers around layers: what the inner layer's line gets, and what stands below it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from tui.core.recurrence import GATES
from tui.formats.framework_words import FrameworkError, shown
from tui.formats.keras_rewrites import Args
from tui.formats.keras_rules import arguments


class Inner(NamedTuple):
    """A layer out of its wrappers. ``steps`` is how often it is applied to each step of a sequence."""

    class_name: str
    args: Args
    config: Mapping[str, Any]
    steps: int = 0
    spectral: bool = False


def unwrapped(class_name: str, config: Mapping[str, Any]) -> Inner:
    """The layer itself with the arguments that its wrappers add; raises FrameworkError where one is not read."""
    wrap = _WRAPPERS.get(class_name)
    return Inner(class_name, arguments(class_name, config), config) if wrap is None else wrap(config)


def _layer(class_name: str, value: Any) -> tuple[str, Mapping[str, Any]]:
    if not isinstance(value, Mapping) or not isinstance(value.get("config"), Mapping):
        raise FrameworkError(f"{class_name}: the layer inside is not given")
    return str(value.get("class_name")), value["config"]


def _time_distributed(config: Mapping[str, Any]) -> Inner:
    inner = unwrapped(*_layer("TimeDistributed", config.get("layer")))
    if inner.steps:
        raise FrameworkError("TimeDistributed: one inside another cannot be written in one line")
    return inner._replace(args={**inner.args, "timedistributed": True}, steps=1)


def _bidirectional(config: Mapping[str, Any]) -> Inner:
    name, forward = _layer("Bidirectional", config.get("layer"))
    ahead, back = bool(forward.get("go_backwards")), True  # a copy that Keras makes always reads backwards
    if config.get("backward_layer") is not None:
        other, backward = _layer("Bidirectional", config["backward_layer"])
        back = bool(backward.get("go_backwards"))
        if (other, _sizes(other, backward)) != (name, _sizes(name, forward)):
            raise FrameworkError("Bidirectional: two directions of different layers cannot be written in one line")
    if ahead == back:
        raise FrameworkError(
            f"Bidirectional: both directions have go_backwards={ahead}; Keras refuses two of one direction"
        )
    inner = unwrapped(name, {**forward, "go_backwards": False})
    mode = config.get("merge_mode", "concat")
    if mode not in ("sum", "mul", "concat", "ave", None):
        raise FrameworkError(f"Bidirectional: merge_mode={shown(mode)} is not sum, mul, concat, ave or None")
    return inner._replace(args={**inner.args, "bidirectional": True, "merge_mode": mode or "none"})


def _sizes(name: str, config: Mapping[str, Any]) -> Args:
    return {**unwrapped(name, {**config, "go_backwards": False}).args, "trainable": None}


def _rnn(config: Mapping[str, Any]) -> Inner:
    """An RNN of cells: of one it is the layer of that name, of several a stack."""
    cell = config.get("cell")
    rest = {name: value for name, value in config.items() if name != "cell"}
    if isinstance(cell, Mapping) and cell.get("class_name") == "StackedRNNCells":
        cell = _layer("StackedRNNCells", cell)[1].get("cells")
    cells = [_layer("RNN", one) for one in (cell if isinstance(cell, list) else [cell])]
    words = ",".join(_cell(*one) for one in cells)
    return Inner("StackedRNN", {**arguments("StackedRNN", rest), "cells": words}, config)


_NAMES: Final = {"LSTMCell": "lstm", "GRUCell": "gru", "SimpleRNNCell": "rnn"}


def _cell(class_name: str, config: Mapping[str, Any]) -> str:
    kind = _NAMES.get(class_name)
    if kind not in GATES:
        raise FrameworkError(f"RNN: a cell of the class {class_name} is not known")
    args = arguments(class_name, config)
    units = args.get("units")
    if not isinstance(units, int) or units < 1:
        raise FrameworkError(f"{class_name}: units={shown(units)} is not a whole number of at least 1")
    flags = [] if args.get("use_bias", True) else ["nobias"]
    flags += [] if args.get("reset_after", True) else ["reset_before"]
    return ":".join([kind, str(units), *flags])


def _spectral(config: Mapping[str, Any]) -> Inner:
    return unwrapped(*_layer("SpectralNormalization", config.get("layer")))._replace(spectral=True)


_WRAPPERS: Final[Mapping[str, Callable[[Mapping[str, Any]], Inner]]] = {
    "TimeDistributed": _time_distributed,
    "Bidirectional": _bidirectional,
    "RNN": _rnn,
    "SpectralNormalization": _spectral,
}
