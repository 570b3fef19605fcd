"""Normalizations: weights by hand and by the counts that Keras and PyTorch print."""

from __future__ import annotations

import pytest

from tests.layers.building import layer, run
from tui.core.kind import POINTWISE
from tui.core.result import count
from tui.core.size import Size, symbol
from tui.core.tensor import Role, Tensor

n = symbol("n")


def counted(line: str, shape: tuple[Size, ...], counting: str) -> tuple[Size, Size, Size, Size]:
    """Parameters, trainable, non-trainable and buffers under a convention."""
    kind = layer(line)
    c = count(kind.weights((Tensor(shape),)), kind.work((Tensor(shape),), kind.output((Tensor(shape),))),
              kind.settings._replace(counting=counting))  # fmt: skip
    return c.params, c.trainable, c.non_trainable, c.buffers


def test_batchnorm_is_counted_as_each_framework_does() -> None:
    # PyTorch 2C parameters and 2C + 1 buffers, Keras 4C of which 2C are not trained, ONNX 4C initializers.
    shape = (1, 8, 8, 16)
    assert counted("batchnorm", shape, "pytorch") == (32, 32, 0, 33)
    assert counted("batchnorm", shape, "keras") == (64, 32, 32, 0)
    assert counted("batchnorm", shape, "onnx") == (64, 32, 32, 0)


def test_batchnorm_without_some_of_its_weights() -> None:
    shape = (1, 8, 8, 16)
    assert counted("batchnorm scale=false", shape, "keras") == (48, 16, 32, 0)  # 3C
    assert counted("batchnorm center=false", shape, "keras") == (48, 16, 32, 0)
    assert counted("batchnorm affine=false", shape, "pytorch") == (0, 0, 0, 33)
    assert counted("batchnorm track_running_stats=false", shape, "pytorch") == (32, 32, 0, 0)
    assert counted("batchnorm trainable=false", shape, "keras")[0] == 64


def test_batchnorm_finds_its_channels() -> None:
    assert run("batchnorm", (1, 8, 8, n)).counts.params == 4 * n
    assert run("batchnorm", (1, 3, 8, 9), data_format="channels_first").counts.params == 12
    assert run("batchnorm axis=1", (1, 3, 8, 9)).counts.params == 12
    assert run("batchnorm axis=[1]", (1, 3, 8, 9)).counts.params == 12  # as Keras 2 writes it
    assert run("batchnorm num_features=24", (2, 25)).message == "num_features=24, but the input has 25 channels"
    assert run("batchnorm", (5,)).status == "error"


def test_layernorm_has_two_weights_for_each_normalized_element() -> None:
    assert run("layernorm", (1, 50, 64)).counts.params == 128
    assert run("layernorm normalized_shape=50x64", (1, 50, 64)).counts.params == 2 * 50 * 64
    assert run("layernorm axis=1,2", (1, n, 64)).counts.params == 128 * n
    assert run("layernorm center=false", (1, 64)).counts.params == 64
    assert run("layernorm elementwise_affine=false bias=true", (1, 64)).counts.params == 0
    assert run("layernorm rms_scaling=true", (1, 64)).counts.params == 64
    # 4 operations an element, one for the scale and one for the offset.
    assert run("layernorm", (1, 50, 64)).counts.elementwise == 6 * 3200


def test_layernorm_over_another_shape_is_refused() -> None:
    result = run("layernorm normalized_shape=9x9", (2, 9, 10))
    assert result.message == "normalized_shape=9x9 does not end 9x10"
    assert [fix.args for fix in result.fixes] == [{"normalized_shape": (9, 10)}]
    assert run("layernorm normalized_shape=9x9", (2, 9, n)).status == "ok"
    assert run("layernorm normalized_shape=2x9x9", (9, 9)).status == "error"


def test_rmsnorm_has_one_weight_for_each_normalized_element() -> None:
    assert run("rmsnorm", (1, 5, 64)).counts.params == 64
    assert run("RMSNorm normalized_shape=9x1", (1, 3, 9, 1)).counts.params == 9
    assert run("rmsnorm elementwise_affine=false", (1, 64)).counts.params == 0


def test_groupnorm_has_two_weights_a_channel() -> None:
    assert run("groupnorm 8", (1, 4, 4, 32)).counts.params == 64
    assert run("groupnorm groups=-1", (1, 4, 4, 7)).counts.params == 14
    result = run("GroupNorm num_groups=2 num_channels=23", (2, 6, 8, 23))
    assert result.message == "groups=2 does not divide 23 channels"
    assert run("groupnorm 2", (1, 4, n)).status == "ok"
    assert run("groupnorm 0", (1, 4, 4)).status == "error"
    assert run("groupnorm 1 num_channels=5", (1, 4, 4)).message == "num_channels=5, but the input has 4 channels"


def test_instancenorm_has_no_weights_unless_asked() -> None:
    assert run("instancenorm", (1, 8, 8, 3)).counts.params == 0
    assert run("instancenorm affine=true", (1, 8, 8, 3)).counts.params == 6
    assert counted("instancenorm affine=true track_running_stats=true", (1, 8, 8, 11), "pytorch") == (22, 22, 0, 23)


def test_instancenorm_without_weights_takes_a_wrong_number_of_channels_with_a_remark() -> None:
    # torch.nn.InstanceNorm2d only warns that num_features is not used.
    result = run("instancenorm num_features=4", (1, 8, 8, 3))
    assert result.status == "warning"
    assert "PyTorch" in (result.message or "")
    assert run("instancenorm num_features=4 affine=true", (1, 8, 8, 3)).status == "error"


@pytest.mark.parametrize(("axis", "params"), [("-1", 2 * 9 + 1), ("none", 3), ("1,3", 2 * 4 * 9 + 1)])
def test_normalization_of_keras_keeps_two_statistics_and_a_count(axis: str, params: int) -> None:
    result = run(f"normalization axis={axis}", (1, 4, 5, 9))
    assert (result.counts.trainable, result.counts.non_trainable) == (0, params)


def test_normalization_by_given_numbers_keeps_nothing() -> None:
    # keras.layers.Normalization(mean=..., variance=...) builds no weights.
    assert run("normalization fixed=true", (1, 9)).counts.params == 0


def test_spectralnorm_adds_one_vector() -> None:
    # Keras 3.15.1: SpectralNormalization(Dense(10)) on 23 features has 240 + 10 weights, the 10 not trained.
    dense = run("dense 10", (1, 23))
    spectral = run("spectralnorm", dense.outputs[0].shape)
    assert (dense.counts.params, spectral.counts.params, spectral.counts.trainable) == (240, 10, 0)
    assert [w.role for w in spectral.weights] == [Role.STATISTIC]
    assert run("spectralnorm 5", (1, 10)).counts.params == 5


def test_the_receptive_field_is_the_whole_input_where_statistics_are_taken_over_space() -> None:
    image = (1, 8, 8, 16)
    assert run("batchnorm", image).reach == POINTWISE
    assert run("layernorm", image).reach == POINTWISE
    assert run("unitnorm", image).reach == POINTWISE
    assert run("layernorm axis=1,2,3", image).reach is None
    assert run("groupnorm 4", image).reach is None
    assert run("instancenorm", image).reach is None
    assert run("instancenorm track_running_stats=true", image).reach == POINTWISE


def test_localresponsenorm_needs_positions_and_says_what_onnx_runtime_refuses() -> None:
    assert run("localresponsenorm 5", (1, 8, 8, 3)).status == "ok"
    assert "ONNX Runtime" in (run("LRN size=4", (1, 8, 8, 3)).message or "")
    assert run("lrn 5", (1, 8)).status == "error"


def test_normalizations_without_weights() -> None:
    assert run("mvn", (2, 3, 10, 14)).outputs[0].shape == (2, 3, 10, 14)
    assert run("mvn", (2, 3)).status == "error"  # the default axes are 0, 2 and 3
    assert run("lpnormalization axis=1 p=1", (2, 3)).counts.params == 0


def test_elementwise_operations_of_a_local_response_norm() -> None:
    # Krizhevsky et al. 2012, section 3.3: of each element 5 squares and their sum, a power and a quotient.
    assert run("localresponsenorm 5", (1, 8, 8, 3)).counts.elementwise == (5 + 5 + 2) * 8 * 8 * 3


def test_elementwise_operations_of_norms_that_measure_their_input() -> None:
    # Of each element: a sum for the mean, a difference, a square summed, a quotient; then a scale and an offset.
    assert run("layernorm", (1, 50, 64)).counts.elementwise == (4 + 2) * 50 * 64
    assert run("layernorm scale=false center=false", (1, 50, 64)).counts.elementwise == 4 * 50 * 64
    assert run("groupnorm 4", (1, 8, 8, 16)).counts.elementwise == (4 + 2) * 8 * 8 * 16
    assert run("instancenorm affine=false", (1, 8, 8, 16)).counts.elementwise == 4 * 8 * 8 * 16
