"""The layers with windows give the same on symbols, on numbers, and on numbers that record their arithmetic."""

from __future__ import annotations

import pytest

from tests.layers.building import layer, run
from tui.core.kind import Kind, record_tensor
from tui.core.result import compute
from tui.core.size import Size, bind, symbol
from tui.core.tensor import Tensor
from tui.core.working import plain
from tui.formats.line import parse_line
from tui.layers import KINDS, family_of

FAMILIES = ("adaptive_pooling", "convolution", "padding", "pooling", "rearranging", "resizing", "transposed")
HERE = [kind for kind in KINDS.values() if family_of(kind) in FAMILIES]
LINES = [
    "conv 6 3 stride=2 padding=same groups=3", "conv 6 2x3 dilation=2 padding=1:0x2:2", "conv f 3 nobias",
    "conv 6 3 padding=2 padding_mode=reflect", "depthwise 3 m stride=2", "separable 8 3 same depth_multiplier=2",
    "maxpool 2", "maxpool 3 stride=2 padding=1 ceil_mode=true", "maxpool 2 stride=4 ceil_mode=true",
    "avgpool 3 same_lower", "lppool 3 norm=1", "globalavgpool keepdims", "globalmaxpool", "adaptiveavgpool keepx3",
    "fractionalmaxpool 2 ratio=0.6", "convtranspose 6 3 stride=2 same", "convtranspose 6 2 stride=3 groups=3",
    "convtranspose 6 3 stride=2 padding=1:0 output_padding=1", "pad 1:2x0:3", "reflectionpad 2", "crop 1:0x2:1",
    "upsample 2x1.5 mode=bilinear", "upsampling 3", "resizing 4 5", "centercrop 4 4", "centercroppad 4xkeep",
    "pixelunshuffle 3", "pixelshuffle r", "channelshuffle 3", "unfold 3 stride=2 padding=1",
]  # fmt: skip
VALUES: dict[str, Size] = {"H": 12, "W": 15, "C": 12, "f": 5, "m": 2, "r": 2}


def numbers(sizes: tuple[Size, ...]) -> tuple[Size, ...]:
    return tuple(bind(size, VALUES) for size in sizes)


@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
@pytest.mark.parametrize("line", LINES)
def test_symbols_bound_afterwards_give_what_the_numbers_give(line: str, data_format: str) -> None:
    height, width, channels = symbol("H"), symbol("W"), symbol("C")
    shape = (2, height, width, channels) if data_format == "channels_last" else (2, channels, height, width)
    kind = layer(line, data_format)
    free = compute(kind, (Tensor(shape),))
    bound = compute(type(kind).make(_given(line), kind.settings, VALUES), (Tensor(numbers(shape)),))
    # What rounding down loses is not known before the symbols are bound.
    told = [part for part in (bound.message or "").split("; ") if not part.startswith("no window reads")]
    assert (free.message or "") == "; ".join(told)
    assert (free.status == "error") is (bound.status == "error")
    assert [numbers(t.shape) for t in free.outputs] == [t.shape for t in bound.outputs]
    assert [numbers(w.shape) for w in free.weights] == [w.shape for w in bound.weights]
    assert numbers(free.counts) == tuple(bound.counts)


def _given(line: str) -> dict[str, object]:
    spec = parse_line(line).spec
    assert spec is not None
    return dict(spec.args)


@pytest.mark.parametrize("line", LINES)
def test_the_recorded_rule_is_the_rule(line: str) -> None:
    kind = layer(line)
    x = Tensor((2, symbol("H"), symbol("W"), symbol("C")))
    twin, recorded = kind.recorded(), record_tensor(x, channels_last=True)
    outputs = kind.output((x,))
    assert [tuple(map(plain, t.shape)) for t in twin.output((recorded,))] == [t.shape for t in outputs]
    weights = kind.weights((x,))
    assert [plain(w.elements) for w in twin.weights((recorded,))] == [w.elements for w in weights]
    made = tuple(record_tensor(t, True, "'") for t in outputs)
    assert tuple(map(plain, twin.work((recorded,), made))) == tuple(kind.work((x,), outputs))


@pytest.mark.parametrize("kind", HERE, ids=lambda kind: kind.name)
def test_every_example_reads_and_is_canonical(kind: type[Kind]) -> None:
    line = parse_line(kind.example)
    assert line.error is None
    assert line.spec is not None
    assert line.spec.kind is kind
    assert line.text == kind.example


@pytest.mark.parametrize("kind", HERE, ids=lambda kind: kind.name)
def test_an_input_without_spatial_axes_is_refused_and_not_a_crash(kind: type[Kind]) -> None:
    assert run(kind.example, *[(8,)] * kind.inputs[0]).status == "error"
    if kind.name not in ("pad", "centercroppad"):  # their two amounts fit all axes of this one
        assert run(kind.example, *[(1, 8)] * kind.inputs[0]).status == "error"
