"""Explanations: every working shown comes to the number beside it, for every kind of the catalogue."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.core.workings import written
from tests.samples import SYMBOLIC, VALUES, WORKED, fits, last, network, sample
from tui.core.explain import Explanation, explain
from tui.core.size import Size, bind
from tui.core.snapshot import Snapshot
from tui.core.working import Working
from tui.formats.document import parse_document
from tui.layers import KINDS


def workings(explanation: Explanation) -> list[Working]:
    return [working for part in explanation if part and isinstance(part[0], Working) for working in part]


def value_of(size: Size | Fraction) -> object:
    return size if isinstance(size, Fraction) else bind(size, VALUES)


def check(snapshot: Snapshot) -> None:
    """Each text comes to its value, and the values are those of the result."""
    result = last(snapshot)
    assert result is not None
    explanation = explain(snapshot, len(snapshot.lines) - 1)
    for working in workings(explanation):
        assert written(working.numbers, VALUES) == value_of(working.value), working
        assert working.line().startswith(f"{working.label} = ")
    assert result.kind is not None
    batch = 1 if result.kind.batched else 0
    assert [w.value for w in explanation.output] == [size for tensor in result.outputs for size in tensor.shape[batch:]]
    shown = {w.label: w.value for w in explanation.macs}
    assert shown.get("MACs", 0) == result.counts.macs
    assert shown.get("FLOPs", 0) == 2 * result.counts.macs
    assert shown.get("element-wise", 0) == result.counts.elementwise
    assert (explanation.params[-1].value if explanation.params else 0) == result.counts.params
    outs = [w.value for w in explanation.memory if w.label.startswith("out")]
    assert outs == [tensor.bytes for tensor in result.outputs]
    weights = [w.value for w in explanation.memory if w.label == "weights"]
    assert weights == ([result.counts.weight_bytes] if result.counts.weight_bytes != 0 else [])
    field = snapshot.field(len(snapshot.lines) - 1)
    extents = [w.value for w in explanation.field if not w.label.startswith("jump")]
    assert extents == ([] if field is None else list(field.sizes()))


@pytest.mark.parametrize("name", KINDS)
def test_the_workings_of_every_kind(name: str) -> None:
    snapshot = sample(name)
    assert fits(snapshot)
    check(snapshot)


@pytest.mark.parametrize("name", KINDS)
def test_the_workings_with_symbols(name: str) -> None:
    for head in SYMBOLIC:
        snapshot = network(KINDS[name].example, head)
        if fits(snapshot):
            check(snapshot)


def test_most_kinds_are_explained_with_symbols() -> None:
    fitting = [name for name in KINDS if any(fits(network(KINDS[name].example, head)) for head in SYMBOLIC)]
    assert len(fitting) > len(KINDS) * 0.7


def lines(part: tuple[Working, ...]) -> list[str]:
    return [working.line() for working in part]


def test_the_texts_of_the_worked_example() -> None:
    snapshot = Snapshot.of(parse_document(WORKED))
    first = explain(snapshot, 3)
    assert lines(first.output)[:2] == ["H' = floor((39 - 4)/1) + 1 = 36", "W' = floor((31 - 4)/1) + 1 = 28"]
    assert lines(first.output)[2] == "C' = 20"
    assert lines(first.params) == ["kernel = 4*4*1*20 = 320"]
    assert lines(first.macs)[0] == "MACs = 4*4*1*20*36*28 = 322,560"
    assert first.output[0].rule == "floor((H - kH)/s) + 1"
    pool = explain(snapshot, 4)
    assert lines(pool.output)[:2] == ["H' = floor((36 - 2)/2) + 1 = 18", "W' = floor((28 - 2)/2) + 1 = 14"]
    third = explain(snapshot, 5)
    assert lines(third.params) == ["kernel = 3*3*20*40 = 7,200"]
    assert lines(third.field)[0] == "RF H = 5 + (3 - 1)*2 = 9"
    dense = explain(snapshot, 11)
    assert lines(dense.output) == ["C' = n"]
    assert lines(dense.params) == ["kernel = 160*n"]
    assert lines(dense.macs)[0] == "MACs = 160*n"


def test_a_bias_is_a_weight_of_its_own() -> None:
    snapshot = Snapshot.of(parse_document(WORKED.replace("bias=false", "bias=true")))
    assert lines(explain(snapshot, 3).params) == ["kernel = 4*4*1*20 = 320", "bias = 20", "params = 320 + 20 = 340"]


def test_what_is_refused_says_the_sum_and_the_reason() -> None:
    snapshot = Snapshot.of(parse_document("input 3x3x1\nconv 2 5\nconv 1 1\n\n"))
    refused = explain(snapshot, 1)
    assert refused.notes[0].startswith("H = floor((3 - 5)/1) + 1 = -1")
    assert not workings(refused)
    assert explain(snapshot, 2).notes == ("waits for #1",)
    assert explain(snapshot, 3) == Explanation()


def test_conventions_are_told_where_they_differ() -> None:
    # BatchNorm on 16 channels: Keras 64 of which 32 do not train, PyTorch 32 and 33 buffers, ONNX 64.
    snapshot = Snapshot.of(parse_document("input 8x8x16\nbatchnorm\nrelu\n"))
    notes = explain(snapshot, 1).notes
    assert notes[0] == "keras 64 (32 not trainable), pytorch 32 + 33 buffers, onnx 64 (32 not trainable)"
    assert "a counter of batches" in notes[1]  # the odd buffer, num_batches_tracked
    assert explain(snapshot, 2).notes == ()


def test_upsampling_widens_no_field_and_says_no_sum() -> None:
    # Repeating values reads no neighbour: the field stays 3, and the step between outputs halves.
    snapshot = Snapshot.of(parse_document("input 8x8x3\nconv 4 3 padding=same stride=2\nupsample 2\n"))
    assert lines(explain(snapshot, 2).field) == ["RF H = 3", "jump H = 2/2 = 1", "RF W = 3", "jump W = 2/2 = 1"]
