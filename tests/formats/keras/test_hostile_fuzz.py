"""Real Keras files with random changes: a clear error, or lines whose results come out."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from typing import Any

import pytest

from tests.formats.keras.nets import archives, nets
from tests.formats.keras.outcome import json_outcome, outcome
from tests.formats.keras.written import CONV, INPUT, function, functional, layer, tensor
from tui.formats.keras.json import read_archive

SEED = 20
ROUNDS = 400
"""Other seeds and more rounds are for a longer search."""

ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2**31, 10**30, -(10**30), 10**400, 0.5, 1e308, float("nan"), float("inf"), "", "x",
    "\x1b[2J", "a\nb", "[red]", "\u202eabc", "\ud800", "é" * 50, [], [None], [1, 2, 3], [[1]], [[["x", 0, 0]]], {},
    {"class_name": "__lambda__", "config": {"code": "4wEAAAAA"}}, {"class_name": "__keras_tensor__", "config": {}},
    {"class_name": "Sequential", "config": {"layers": []}}, {"class_name": "os.system"}, "os.system", ["x", 0, 0],
)  # fmt: skip


SLICE = {"class_name": "__slice__", "config": {"start": 1, "stop": 5, "step": 2}}
ARRAY = {"class_name": "__tensor__", "config": {"value": [[1.0, 2.0, 3.0]], "dtype": "float32"}}
CALLED = {"class_name": "TFOpLambda", "config": {"name": "tf", "function": "concat"}, "name": "tf",
          "inbound_nodes": [[["x", 0, 0, {"axis": -1}], ["a", 0, 0, {"axis": -1}]]]}  # fmt: skip
DENSE = {"class_name": "Dense", "config": {"name": "inner", "units": 2}}
FUNCTIONS = functional(
    INPUT,
    layer("a", "SpectralNormalization", {"layer": {"class_name": "Conv2D", "config": CONV}}, ["x"]),
    function("get", "GetItem", {}, tensor("a"), [SLICE, 0, {"class_name": "__ellipsis__"}, None]),
    function("mean", "Mean", {"axis": [1, 2], "keepdims": False}, tensor("a")),
    function("shape", "Reshape", {"newshape": [-1, 8, 32]}, tensor("a")),
    function("dots", "Tensordot", {"axes": [[2], [2]]}, tensor("shape"), tensor("shape")),
    function("sum", "Einsum", {"subscripts": "bij,bkj->bik"}, tensor("shape"), tensor("shape")),
    function("parts", "Split", {"indices_or_sections": [2, 5], "axis": 1}, tensor("shape")),
    function("pads", "Pad", {"pad_width": [[0, 0], [1, 1], [0, 2]]}, tensor("parts", 0, 1), constant_values=None),
    function("times", "Multiply", {}, tensor("x"), ARRAY),
    function("pool", "MaxPool", {"pool_size": 2, "data_format": "channels_first"}, tensor("x"), module="nn"),
    function("turn", "Moveaxis", {"source": [1, 2], "destination": [3, 1]}, tensor("x")),
    function("near", "ExtractPatches", {"size": [2, 2], "padding": "valid"}, tensor("x"), module="image"),
    function("look", "Take", {"axis": 1}, tensor("shape"), [[0, 1], [2, 3]]),
    layer("each", "TimeDistributed", {"layer": {"class_name": "Sequential", "config": {"layers": [DENSE]}}}, ["shape"]),
    layer("both", "Bidirectional", {"layer": {"class_name": "LSTM", "config": {"units": 3}}}, ["shape"]),
    layer("words", "TextVectorization", {"output_mode": "int", "output_sequence_length": 4}, ["mean"]),
    CALLED,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The places of all values in a JSON tree."""
    yield path
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield from places(child, (*path, key))


def mutated(model: Any, chance: random.Random) -> Any:
    """The tree with some of its values deleted, doubled, replaced by odd ones or by others of the tree."""
    model = copy.deepcopy(model)
    for _ in range(chance.randint(1, 4)):
        known = [path for path in places(model) if path]
        if not known:
            return model
        *above, key = chance.choice(known)
        parent = model
        for step in above:
            parent = parent[step]
        what = chance.randrange(5)
        if what == 0:
            del parent[key]
        elif what == 1 and isinstance(parent, list):
            parent.insert(chance.randint(0, len(parent)), copy.deepcopy(parent[key]))
        elif what == 2:
            *others, last = chance.choice(known)
            taken_from = model
            try:
                for step in others:
                    taken_from = taken_from[step]
                parent[key] = copy.deepcopy(taken_from[last])
            except (LookupError, TypeError):  # it went with what was changed before
                parent[key] = None
        else:
            parent[key] = copy.deepcopy(chance.choice(ODD))
    return model


def test_changed_functions_are_read_or_refused() -> None:
    assert not isinstance(json_outcome(FUNCTIONS), str)
    chance = random.Random(SEED)
    for _ in range(2 * ROUNDS):
        json_outcome(mutated(FUNCTIONS, chance))


@pytest.mark.parametrize("folder", ["nets_keras", "nets_keras2"])
def test_changed_models_are_read_or_refused(folder: str) -> None:
    chance = random.Random(SEED)
    models = [net["model"] for net in nets(folder)]
    for _ in range(ROUNDS):
        json_outcome(mutated(chance.choice(models), chance))


def test_changed_bytes_are_read_or_refused() -> None:
    chance = random.Random(SEED)
    for data in archives():
        for _ in range(40):
            changed = bytearray(data)
            for _ in range(chance.randint(1, 6)):
                changed[chance.randrange(len(changed))] = chance.randrange(256)
            outcome(read_archive, bytes(changed[: chance.choice((len(changed), chance.randrange(len(changed))))]))
