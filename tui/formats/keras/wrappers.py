"""Keras's layers around layers: what the inner layer's line gets, and what stands below it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from tui.core.kind import Kind
from tui.core.recurrence import GATES
from tui.formats.frameworks.words import FrameworkError, is_whole, kind_of, shown
from tui.formats.keras.classes import ALIASES
from tui.formats.keras.narrowed import narrowed
from tui.formats.keras.preprocessing import PREPROCESSING, Line
from tui.formats.keras.rewrites import Args
from tui.formats.keras.rules import arguments, quantized_mode


class Inner(NamedTuple):
    """A layer out of its wrappers. ``steps`` is how often it is applied to each step of a sequence."""

    class_name: str
    args: Args
    config: Mapping[str, Any]
    steps: int = 0
    spectral: bool = False
    notes: tuple[tuple[str, str], ...] = ()
    """What the report has to say of it: a grade and a text each."""
    before: tuple[Line, ...] = ()
    """Lines that the input goes through first."""
    beside: tuple[Line, ...] = ()
    """Weights that the layer has besides, and that nothing reads."""

    def frozen(self) -> Inner:
        """The same layer with weights that are not trained, if it has any."""
        if kind_of(self.class_name).weights is Kind.weights:
            return self
        return self._replace(args={**self.args, "trainable": False})


def unwrapped(class_name: str, config: Mapping[str, Any]) -> Inner:
    """The layer itself with the arguments that its wrappers add; raises FrameworkError where one is not read."""
    class_name = ALIASES.get(class_name, class_name)
    prepare = PREPROCESSING.get(class_name)
    if prepare is not None:
        made = prepare(config)
        return Inner(made.kind, dict(made.args), config, before=made.before)
    wrap = _WRAPPERS.get(class_name)
    if wrap is not None:
        return wrap(config)
    own, args = narrowed(class_name, arguments(class_name, config), config)
    inner = Inner(own, args, config, notes=_notes(class_name, config))
    return _quantized(inner) if quantized_mode(config.get("dtype")) == "int8" else inner


def _quantized(inner: Inner) -> Inner:
    """Weights of 8 bits as Keras keeps them: a kernel that is not trained, a scale for each unit or row, the bias."""
    size = inner.args.get({"Dense": "units", "Embedding": "input_dim"}.get(inner.class_name, ""))
    if not is_whole(size) or "lora_rank" in inner.args:
        return inner
    beside = [Line("scale", "parameter", {"shape": [size], "trainable": False})]
    args = {**inner.args, "trainable": False}
    if inner.class_name == "Dense":
        if args.get("use_bias", True):
            beside.append(Line("bias", "parameter", {"shape": [size]}))
        args["use_bias"] = False
    return inner._replace(args=args, beside=tuple(beside), notes=())


def _notes(class_name: str, config: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """What of a layer is not written as it is."""
    found = []
    mode = quantized_mode(config.get("dtype"))
    if mode:
        found.append(("differs", f"Keras keeps its weights as {mode} with a scale each, not trained; they are counted "
                                 f"here as those of a plain {class_name}"))  # fmt: skip
    if class_name == "Rescaling" and any(isinstance(config.get(name), list) for name in ("scale", "offset")):
        found.append(("dropped", "the factors and offsets of single channels change no shape and no count"))
    return tuple(found)


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


CELLS: Final = {"LSTMCell": "lstm", "GRUCell": "gru", "SimpleRNNCell": "rnn"}


def _cell(class_name: str, config: Mapping[str, Any]) -> str:
    kind = CELLS.get(class_name)
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


def _reversible(config: Mapping[str, Any]) -> Inner:
    """An embedding that is used backwards too: by the same table, or by one of its own."""
    rest = {name: value for name, value in config.items() if name not in ("tie_weights", "logit_soft_cap",
                                                                          "reverse_dtype")}  # fmt: skip
    inner = Inner("Embedding", arguments("Embedding", rest), config)
    if config.get("tie_weights", True):
        return inner
    shape = {"shape": [config.get("output_dim"), config.get("input_dim")]}
    return inner._replace(beside=(Line("reverse", "parameter", shape),))


_WRAPPERS: Final[Mapping[str, Callable[[Mapping[str, Any]], Inner]]] = {
    "TimeDistributed": _time_distributed,
    "Bidirectional": _bidirectional,
    "RNN": _rnn,
    "SpectralNormalization": _spectral,
    "ReversibleEmbedding": _reversible,
}
