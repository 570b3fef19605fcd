"""Answers by hand and from torchvision: SqueezeExcitation(96, 4) has 96*4 + 4 + 4*96 + 96 = 868 parameters
(EfficientNet-B0's second block), a ConvNeXt-T block of 96 channels one factor for each."""

from tests.layers.building import run


def test_layerscale_has_one_factor_for_each_channel() -> None:
    result = run("layerscale", (1, 56, 56, 96))
    assert (result.outputs[0].shape, result.counts.params) == ((1, 56, 56, 96), 96)
    assert (result.counts.macs, result.counts.elementwise) == (0, 56 * 56 * 96)
    assert run("layerscale bias=true", (1, 56, 56, 96)).counts.params == 192


def test_squeezeexcitation_is_two_dense_layers_over_a_mean() -> None:
    result = run("squeezeexcitation 4", (1, 112, 112, 96))
    assert (result.outputs[0].shape, result.counts.params, result.counts.macs) == ((1, 112, 112, 96), 868, 768)
    assert run("squeezeexcitation 4 nobias", (1, 112, 112, 96)).counts.params == 768


def test_squeezeexcitation_of_a_single_axis_runs_once() -> None:
    """The axis of a tensor without positions holds the channels: weights of 2*2 + 2*2 numbers, each multiplied once."""
    assert run("squeezeexcitation 2", (2,)).work.macs == 8
    assert run("squeezeexcitation 2", (2, 2)).work.macs == 16
