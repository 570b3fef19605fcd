"""Indexing: the shapes that the ONNX operators' documentation gives."""

from __future__ import annotations

import pytest

from tests.layers.building import run
from tui.core.size import Size, symbol

f, n = symbol("f"), symbol("n")


@pytest.mark.parametrize(
    ("line", "shapes", "out"),
    [
        ("gather axis=1", ((3, 4, 5), (6, 7)), (3, 6, 7, 5)),
        ("gather axis=1", ((3, 4, 5),), (3, 5)),
        ("gather 2 axis=-1", ((3, 4, 5),), (3, 4, 2)),
        ("gatherelements axis=1", ((3, 4), (3, 9)), (3, 9)),
        ("gathernd", ((2, 2), (2, 2)), (2,)),
        ("gathernd", ((2, 2, 2), (2, 1)), (2, 2, 2)),
        ("gathernd batch_dims=1", ((2, 2, 2), (2, 1)), (2, 2)),
        ("compress 2 axis=1", ((3, 4),), (3, 2)),
        ("compress f axis=1", ((3, 4, n),), (3, f, n)),
        ("compress 5", ((3, 4),), (5,)),
        ("onehot 10", ((4, 5),), (4, 5, 10)),
        ("onehot n axis=1", ((4, 5),), (4, n, 5)),
        ("OneHot depth=2 axis=-4", ((4, 3, 5, 3, 3),), (4, 3, 2, 5, 3, 3)),
        ("categoryencoding 10", ((4, 5),), (4, 10)),
        ("categoryencoding 10 output_mode=one_hot", ((4, 1),), (4, 10)),
        ("scatterelements axis=1", ((3, 4), (3, 2), (3, 2)), (3, 4)),
        ("nonzero f", ((3, 4),), (2, f)),
        ("nonzero 0", ((3, 4),), (2, 0)),  # of zeros nothing is found (numpy.nonzero)
        ("compress 0", ((3, 4),), (0,)),
    ],
)
def test_what_comes_out(line: str, shapes: tuple[tuple[Size, ...], ...], out: tuple[Size, ...]) -> None:
    assert run(line, *shapes).outputs[0].shape == out


@pytest.mark.parametrize(
    ("line", "shapes", "reason"),
    [
        ("gather axis=3", ((3, 4, 5),), "axis=3 names no axis: the axes are 0 (the batch) to 2"),
        ("gatherelements", ((3, 4), (3,)), "the indices have 1 axes, the input 2; they must be as many"),
        ("gathernd", ((2, 2), (2, 3)), "gathernd names 3 axes, the input has 2"),
        ("gathernd", ((2, 2), (2, n)), "gathernd needs indices whose last axis is a plain number"),
        ("compress 5 axis=1", ((3, 4),), "compress keeps 5 of only 4"),
        ("onehot 10 axis=4", ((4, 5),), "axis=4 names no axis: the axes are 0 (the batch) to 2"),
    ],
)
def test_what_is_refused(line: str, shapes: tuple[tuple[Size, ...], ...], reason: str) -> None:
    assert run(line, *shapes).message == reason
