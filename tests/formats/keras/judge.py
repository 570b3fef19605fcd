"""Keras itself as the judge of what is written: both forms are run, and compared with the network and each other."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from math import prod
from typing import Any
from unittest.mock import patch

from tui.core.size import Poly
from tui.core.snapshot import Snapshot
from tui.core.tensor import Shape
from tui.formats.document import parse_document
from tui.formats.imported import unwatched
from tui.formats.keras.write import _Writing, program_of
from tui.formats.keras.write_json import _Printing
from tui.formats.keras.write_program import Program
from tui.formats.keras.write_source import as_source
from tui.formats.line import parse_line


@cache
def keras() -> Any:
    """Keras with the NumPy backend, imported once."""
    os.environ.setdefault("KERAS_BACKEND", "numpy")
    import keras as module

    return module


@contextmanager
def without_numbers() -> Iterator[None]:
    """Weights that are one zero, seen at every place, until they are set: VGG-16 then needs no gigabyte."""
    import numpy as np

    def initialize(variable: Any, _initializer: Any) -> None:
        variable._initialize(np.broadcast_to(np.zeros((), variable._dtype), variable._shape))

    with patch.object(keras().Variable, "_initialize_with_initializer", initialize):
        yield


def network(text: str) -> Snapshot:
    """A network without errors from its text."""
    snapshot = Snapshot.of(parse_document(text))
    results = [snapshot.result(row) for row in range(len(snapshot.lines))]
    assert [r.message for r in results if r is not None and r.status == "error"] == []
    return snapshot


def counted_by_keras(snapshot: Snapshot) -> Snapshot:
    return Snapshot.of([*snapshot.lines, parse_line("set counting=keras")])


def source_of(text: str) -> str:
    return as_source(program_of(network(text), "net", unwatched))


def run(source: str) -> Any:
    """The model that a written module leaves. It is our own text; nothing of a user's is run here."""
    space: dict[str, Any] = {}
    with without_numbers():
        exec(compile(source, "written.py", "exec"), space)
    return space["model"]


def model_of(text: str) -> Any:
    return run(source_of(text))


def counts(model: Any) -> tuple[int, int]:
    """Trainable and other parameters."""
    trained = sum(prod(w.shape) for w in model.trainable_weights)
    return trained, sum(prod(w.shape) for w in model.non_trainable_weights)


class Judged:
    """One network, written and run."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.writing: _Writing | None = None
        self.program = self._program(snapshot)
        self.source = as_source(self.program)
        printing = _Printing(self.program)
        self.json = printing.text()
        self.calls = printing.calls
        self.snapshot = snapshot
        self.from_source = run(self.source)
        with without_numbers():
            self.from_json = keras().models.model_from_json(self.json)

    def _program(self, snapshot: Snapshot) -> Program:
        judged = self
        close = _Writing.close

        def kept(writing: _Writing) -> None:
            judged.writing = writing
            close(writing)

        _Writing.close = kept
        try:
            return program_of(snapshot, "net", unwatched)
        finally:
            _Writing.close = close

    def differences(self) -> list[str]:
        """What Keras says otherwise than the network, or than its other form; none where all is right."""
        return [*self._counts(), *self._shapes(), *self._forms()]

    def _counts(self) -> list[str]:
        found = []
        assert self.writing is not None
        ours = (self.program.trainable, self.program.non_trainable)
        totals = counted_by_keras(self.snapshot).totals
        for name, model in (("source", self.from_source), ("json", self.from_json)):
            theirs = counts(model)
            if theirs != ours:
                found.append(f"the comment says {ours} parameters, Keras by {name} {theirs}")
            if theirs != (totals.trainable, totals.non_trainable):
                found.append(f"{(totals.trainable, totals.non_trainable)} parameters, Keras by {name} {theirs}")
        return found

    def _shapes(self) -> list[str]:
        """Every output of every layer, but for those that no layer reads and that are no output of the model."""
        assert self.writing is not None
        operations = {operation.name: operation for operation in self.from_json.operations}
        found = []
        for node, refs in zip(self.writing.graph.nodes, self.writing.outputs, strict=True):
            for tensor, ref in zip(node.result.outputs, refs, strict=True):
                if ref.step not in self.calls:
                    continue
                name, number = self.calls[ref.step]
                theirs = operations[name]._inbound_nodes[number].output_tensors[ref.output or 0].shape
                if not agree(theirs, tensor.shape):
                    found.append(f"{node.name}: {tensor.shape}, Keras {theirs}")
        return found

    def _forms(self) -> list[str]:
        """The same operations with the same configuration, but for names."""
        a, b = (sorted(_operations(model)) for model in (self.from_source, self.from_json))
        return (
            []
            if a == b
            else [f"the source has {[x for x in a if x not in b]}, the json {[x for x in b if x not in a]}"]
        )


def agree(theirs: tuple[int | None, ...], ours: Shape) -> bool:
    """Whether shapes are the same; an open size of Keras is a symbol here."""
    if len(theirs) != len(ours):
        return False
    return all(isinstance(b, Poly) if a is None else a == b for a, b in zip(theirs, ours, strict=True))


def _operations(model: Any) -> list[str]:
    model = model if hasattr(model, "operations") else model._functional
    found = []
    for operation in model.operations:
        shapes = [[tuple(x.shape) for x in node.output_tensors] for node in operation._inbound_nodes]
        config = json.dumps(_nameless(operation.get_config()), default=str, sort_keys=True)
        found.append(f"{type(operation).__name__} {config} {shapes}")
    return found


def _nameless(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _nameless(v) for k, v in value.items() if k not in ("name", "seed", "build_config")}
    return [_nameless(part) for part in value] if isinstance(value, list | tuple) else value
