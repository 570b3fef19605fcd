"""Training memory, by hand on LeNet-5: 61,706 parameters (LeCun 1998 as commonly built)."""

import pytest

from tui.core.snapshot import Snapshot
from tui.core.training import OPTIMIZERS, training, workings
from tui.formats.document import parse_document
from tui.formats.presets import preset

# Elements of every output of the preset, by hand: 28x28x1, 28x28x6 (conv, tanh), 14x14x6, 10x10x16 (conv, tanh),
# 5x5x16, 400, 120 (dense, tanh), 84 (dense, tanh), 10 (dense, softmax).
OUTPUTS = 784 + 2 * 4704 + 1176 + 2 * 1600 + 400 + 400 + 2 * 120 + 2 * 84 + 2 * 10


@pytest.mark.parametrize(("optimizer", "states"), [("sgd", 0), ("momentum", 1), ("adam", 2)])
def test_lenet_by_hand(optimizer: str, states: int) -> None:
    snapshot = Snapshot.of(parse_document(preset("lenet-5").text))
    need = training(snapshot, optimizer)
    assert need == (61_706 * 4, 61_706 * 4, 61_706 * 4 * states, OUTPUTS * 4)
    assert need.total == workings(snapshot, optimizer)[-1].value == 61_706 * 4 * (2 + states) + OUTPUTS * 4


def test_frozen_layers_have_no_gradient_and_half_precision_keeps_full_state() -> None:
    snapshot = Snapshot.of(parse_document("set dtype=float16\ninput 10\ndense 5 trainable=false\ndense 2\n"))
    need = training(snapshot, "adam")
    # 55 frozen and 12 trained parameters in 2 bytes; two float32 moments for each trained one.
    assert need == (67 * 2, 12 * 2, 12 * 2 * 4, (10 + 5 + 2) * 2)


def test_statistics_are_stored_and_not_trained() -> None:
    snapshot = Snapshot.of(parse_document("input 4x4x3\nbatchnorm\n"))
    need = training(snapshot, "momentum")
    assert need == (12 * 4, 6 * 4, 6 * 4, 2 * 48 * 4)


def test_the_batch_multiplies_activations_alone() -> None:
    one, many = (training(Snapshot.of(parse_document(f"set batch={n}\ninput 10\ndense 5\n")), "adam") for n in (1, 8))
    assert many == (one.weights, one.gradients, one.optimizer, one.activations * 8)
    assert set(OPTIMIZERS) == {"sgd", "momentum", "adam"}


@pytest.mark.parametrize("counting", ["keras", "pytorch", "onnx"])
def test_a_counter_is_not_among_the_values_whose_bytes_are_told(counting: str) -> None:
    snapshot = Snapshot.of(parse_document(f"set counting={counting}\ninput 4x4x3\nbatchnorm\n"))
    weights = workings(snapshot, "sgd")[0]
    assert (weights.value, weights.note) == (48, "12 values")  # 2*3 trained and 2*3 statistics in 4 bytes
