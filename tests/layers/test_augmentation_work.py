"""The work of augmentation: none at inference, a matrix product for each element in training."""

from __future__ import annotations

import pytest

from tests.layers.building import run


@pytest.mark.parametrize(
    ("line", "shape", "macs"),
    [
        # Keras 3.15.1 with torch's FLOP counter, halved, called with training=True.
        ("randomrotation 0.1", (1, 15, 10, 1), 1350),
        ("randomtranslation height_factor=0.1 width_factor=0.1", (1, 8, 6, 3), 1296),
    ],
)
def test_affine_changes_cost_nine_products_an_element_in_training(line: str, shape: tuple[int, ...], macs: int) -> None:
    assert run(f"{line} training=true", shape).counts.macs == macs
    assert run(line, shape).counts.macs == 0
