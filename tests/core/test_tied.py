"""Weights that are another layer's too: ``tied`` leaves them out of the counts, the shapes and the work stay."""

from __future__ import annotations

import pytest

from tui.core.explain import explain
from tui.core.snapshot import Snapshot
from tui.formats.document import parse_document


def test_tied_weights_count_once() -> None:
    """A dense layer of 8 to 16 has 128 + 16 parameters; with the kernel of another it adds 16, and its MACs."""
    snapshot = Snapshot.of(parse_document("x: input 8\na: dense 16\nb: dense 16 tied=kernel @x\nadd @a @b"))
    assert (snapshot.totals.params, snapshot.totals.macs) == (144 + 16, 2 * 128)
    assert [working.label for working in explain(snapshot, 2).params] == ["bias"]
    assert snapshot.totals.weight_bytes == 160 * 4


def test_statistics_too() -> None:
    snapshot = Snapshot.of(parse_document("input 8x8x4\nbatchnorm tied=gamma,moving_variance"))
    assert (snapshot.totals.params, snapshot.totals.trainable) == (8, 4)


@pytest.mark.parametrize("line", ["dense 4 tied=kernle", "relu tied=kernel"])
def test_a_weight_that_the_layer_has_not(line: str) -> None:
    result = Snapshot.of(parse_document(f"input 8\n{line}")).result(1)
    assert result is not None
    assert result.status == "error"
    assert "has no weight" in (result.message or "")
