"""The rules of the workings: each name in one stands for one number, and the rule comes to the value with them.

The names are those of the axes (a 2 behind those of a second input, a prime behind those of the output), of the
arguments, and of the workings above in the same part.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import pytest

from tests.core.workings import FUNCTIONS, written
from tests.samples import sample
from tui.core.explain import explain
from tui.core.kind import axis_names
from tui.core.size import Size
from tui.core.snapshot import Snapshot
from tui.core.tensor import Shape
from tui.core.working import Recorded
from tui.formats.document import parse_document
from tui.layers import KINDS

NAME = re.compile(r"[^\W\d]\w*'?")
OTHERS = (
    "input 9x8x6\nconv 6 3x5 stride=2x1 padding=1:2x0:1 dilation=1x2 groups=2",
    "set data_format=channels_first\ninput 6x9x8\nconv 6 3x5 stride=2 padding=same",
    "set batch=3\ninput 5x6x7x4\nconvtranspose 8 2 stride=3 groups=2 output_padding=1",
    "input 12x8\nlstm 5 bidirectional layers=2 proj_size=3 return_sequences",
    "input 12x8\nmultiheadattention 2 3 value_dim=5 output_shape=7",
    "a: input 12x8\nb: input 10x6\nmultiheadattention 2 key_dim=3 @a @b",
    "input 12x8\nmultiheadattention 4 key_dim=2 kv_heads=2",
    "input 6x6x4\nseparable 8 3 depth_multiplier=2",
    "a: input 4x4x3\nb: input 4x4x5\nc: input 4x4x3\nconcat @a @b",
)


def leaves(value: object) -> Iterator[tuple[str, Size]]:
    if isinstance(value, Recorded):
        yield value.rule, value.value
    elif isinstance(value, tuple):
        for part in value:
            yield from leaves(part)


def axes(shape: Shape, channels_last: bool, suffix: str, batched: bool = True) -> Iterator[tuple[str, Size]]:
    names = axis_names(len(shape) + (not batched), channels_last)[not batched :]
    return ((name + suffix, size) for name, size in zip(names, shape, strict=True))


def put_in(rule: str, values: Mapping[str, Size]) -> str:
    return NAME.sub(lambda m: m[0] if m[0] in FUNCTIONS else f"({values[m[0]]})", rule)


def check(snapshot: Snapshot) -> None:
    row = len(snapshot.lines) - 1
    result = snapshot.result(row)
    assert result is not None
    layer = result.kind
    assert layer is not None
    last = layer.channels_last
    known: dict[str, Size] = {}
    pairs = [pair for i, x in enumerate(result.inputs) for pair in axes(x.shape, last, str(i + 1) if i else "")]
    twin = layer.recorded()
    pairs += [pair for arg in layer.all_args() for pair in leaves(getattr(twin, arg.name))]
    pairs += [(f"units{i}", cell.units) for i, cell in enumerate(getattr(getattr(layer, "cells", None), "cells", ()))]
    for name, size in pairs:
        assert known.setdefault(name, size) == size, f"{name} stands for {known[name]} and {size}"
    outputs = [dict(axes(y.shape, last, "'", layer.batched)) for y in result.outputs]
    explanation = explain(snapshot, row)
    for part in (explanation.output, explanation.params, explanation.macs):
        there = {**known, **outputs[0], **{working.label: working.value for working in part}}
        for working in part:
            unknown = {name for name in NAME.findall(working.rule) if name not in FUNCTIONS} - there.keys()
            assert not unknown, f"{working.label} = {working.rule} has {unknown}"
            numbers = put_in(working.rule, there)
            assert written(numbers, {"found": 5}) == written(str(working.value), {"found": 5}), working


@pytest.mark.parametrize("name", KINDS)
def test_the_rules_of_every_kind(name: str) -> None:
    check(sample(name))


@pytest.mark.parametrize("text", OTHERS)
def test_the_rules_of_layers_with_many_arguments(text: str) -> None:
    check(Snapshot.of(parse_document(text)))
