"""What is written for Keras computes the same numbers, not only the same shapes. All results are worked out by hand."""

from __future__ import annotations

from math import exp
from typing import Any

import pytest

from tests.formats.keras.judge import model_of

np = pytest.importorskip("numpy")


def of(text: str, *inputs: Any, **weights: list[Any]) -> Any:
    """The output for one example without its batch. ``weights`` are set by the name of their layer."""
    model = model_of(text)
    for name, values in weights.items():
        model.get_layer(name).set_weights([np.array(value, "float32") for value in values])
    arrays = [np.array([one], "float32") for one in inputs]
    outputs = model.predict(arrays if len(arrays) > 1 else arrays[0], verbose=0)
    return [np.asarray(one)[0].tolist() for one in outputs] if isinstance(outputs, list) else outputs[0].tolist()


def column(*numbers: float) -> list[list[float]]:
    return [[number] for number in numbers]


def flat(value: Any) -> list[float]:
    return [round(number, 5) for number in np.array(value).ravel().tolist()]


def test_a_maximum_does_not_see_the_padding() -> None:
    image = [[[-1.0], [-2.0], [-3.0]], [[-4.0], [-5.0], [-6.0]], [[-7.0], [-8.0], [-9.0]]]
    assert flat(of("input 3x3x1\nmaxpool 3 stride=2 padding=1", image)) == [-1, -2, -4, -5]
    assert flat(of("input 3x3x1\nabs\nmaxpool 3 stride=2 padding=1", image)) == [5, 6, 8, 9]
    assert flat(of("input 3x3x1\nmaxpool 3 stride=1 padding=1", image)) == [-1, -1, -2, -1, -1, -2, -4, -4, -5]


def test_a_last_window_hangs_over_the_end() -> None:
    assert flat(of("input 5x1\nmaxpool 2 stride=2 ceil_mode=true", column(-1, -5, -2, -4, -3))) == [-1, -2, -3]
    # A mean over what is there: (1 + 5)/2, (2 + 4)/2, 3.
    assert flat(of("input 5x1\navgpool 2 stride=2 ceil_mode=true", column(1, 5, 2, 4, 3))) == [3, 3, 3]


def test_means_count_the_padding_or_not() -> None:
    x = column(2, 4, 6)
    assert flat(of("input 3x1\navgpool 3 stride=1 padding=1", x)) == [2, 4, 3.33333]
    assert flat(of("input 3x1\navgpool 3 stride=1 padding=1 count_include_pad=false", x)) == [3, 4, 5]
    assert flat(of("input 3x1\navgpool 3 stride=1 padding=same", x)) == [3, 4, 5]


KERNEL = [[[1.0]], [[10.0]], [[100.0]]]


@pytest.mark.parametrize(("padding", "expected"), [
    ("1", [210, 432]),  # 0*1 + 1*10 + 2*100, 2*1 + 3*10 + 4*100
    ("same", [321, 43]),  # Keras pads the end only: 1 + 20 + 300, 3 + 40 + 0
    ("same_lower", [210, 432]),
    ("0:1", [321, 43]),
    ("causal", [100, 321]),
])  # fmt: skip
def test_padding_of_a_strided_convolution(padding: str, expected: list[float]) -> None:
    text = f"input 4x1\nc: conv 1 3 stride=2 padding={padding} bias=false"
    assert flat(of(text, column(1, 2, 3, 4), c=[KERNEL])) == expected


@pytest.mark.parametrize(("args", "expected"), [
    # Spread whole: 1, 10, 100 + 2, 20, 200.
    ("stride=2", [1, 10, 102, 20, 200]),
    ("stride=2 padding=1", [10, 102, 20]),
    ("stride=2 padding=1 output_padding=1", [10, 102, 20, 200]),
    ("stride=2 padding=0 output_padding=1", [1, 10, 102, 20, 200, 0]),
    ("stride=2 padding=0:2", [1, 10, 102]),
    # A stride that is longer than the kernel: PyTorch ends with the kernel, Keras with the stride.
    ("stride=4 padding=0", [1, 10, 100, 0, 2, 20, 200]),
    ("stride=4", [1, 10, 100, 0, 2, 20, 200, 0]),
    ("stride=1 dilation=2 padding=1", [2, 10, 20, 100]),  # 1, 2, 10, 20, 100, 200 without its ends
])  # fmt: skip
def test_transposed_convolutions(args: str, expected: list[float]) -> None:
    text = f"input 2x1\nc: convtranspose 1 3 {args} bias=false\n"
    assert flat(of(text, column(1, 2), c=[KERNEL])) == expected


@pytest.mark.parametrize(("mode", "expected"), [
    ("zeros", [210, 321, 32]),
    ("reflect", [212, 321, 232]),
    ("replicate", [211, 321, 332]),
    ("circular", [213, 321, 132]),
])  # fmt: skip
def test_what_the_padding_is_filled_with(mode: str, expected: list[float]) -> None:
    text = f"input 3x1\nc: conv 1 3 padding=1 padding_mode={mode} bias=false"
    assert flat(of(text, column(1, 2, 3), c=[KERNEL])) == expected


def test_depthwise_over_three_axes() -> None:
    text = "input 1x1x1x2\nd: depthwise 1x1x1 depth_multiplier=2 bias=false"
    # The kernel of a group: [..., 1, filters]; channel 0 has the first two filters.
    assert flat(of(text, [[[[1, 10]]]], d=[[[[[[1, 2, 3, 4]]]]]])) == [1, 2, 30, 40]


def test_channels_become_space() -> None:
    channels = [[[0, 1, 2, 3, 4, 5, 6, 7]]]
    assert flat(of("input 1x1x8\npixelshuffle 2", channels)) == [0, 1, 2, 3, 4, 5, 6, 7]
    assert flat(of("input 1x1x8\npixelshuffle 2 mode=CRD", channels)) == [0, 4, 1, 5, 2, 6, 3, 7]
    assert flat(of("input 2x2x1\npixelunshuffle 2", [[[0], [1]], [[2], [3]]])) == [0, 1, 2, 3]
    assert flat(of("input 1x6\nchannelshuffle 2", [[0, 1, 2, 3, 4, 5]])) == [0, 3, 1, 4, 2, 5]


def test_elements_are_flattened_as_they_are_stored() -> None:
    assert flat(of("set data_format=channels_first\ninput 2x1x2\nflatten", [[[1, 2]], [[3, 4]]])) == [1, 2, 3, 4]


def test_a_token_and_positions() -> None:
    assert flat(of("input 2x1\nt: classtoken", column(1, 2), t_token=[[[7]]])) == [7, 1, 2]
    text = "input 2x1\np: positionembedding 3"
    assert flat(of(text, column(1, 2), p_table=[[[10], [20], [30]]])) == [11, 22]


def test_learned_tensors() -> None:
    assert flat(of("input 2x2\ns: layerscale bias=true", [[1, 2], [3, 4]], s=[[10, 100], [1, 2]])) == [11, 202, 31, 402]
    text = "x: input 1x2\nw: parameter 2x2\nmatmul @x @w"
    assert flat(of(text, [[1, 10]], w=[[[1, 2, 3, 4]]])) == [31, 42]


def test_scores_are_divided_as_the_counting_has_it() -> None:
    x = [[2.0, 0, 0, 0], [0, 2, 0, 0]]
    share = 1 / (1 + exp(-4 / 2))  # the root of 4 features is 2
    assert flat(of("set counting=pytorch\ninput 2x4\nattention", x))[:2] == [
        round(2 * share, 5),
        round(2 - 2 * share, 5),
    ]
    share = 1 / (1 + exp(-4))
    assert flat(of("input 2x4\nattention", x))[:2] == [round(2 * share, 5), round(2 - 2 * share, 5)]


def test_neighbouring_channels() -> None:
    # 1/(1 + (1 + 4)), 2/(1 + (1 + 4 + 9)), 3/(1 + (4 + 9))
    text = "input 1x3\nlocalresponsenorm 3 alpha=3 beta=1"
    assert flat(of(text, [[1, 2, 3]])) == [round(1 / 6, 5), round(2 / 15, 5), round(3 / 14, 5)]


def test_functions_along_an_axis() -> None:
    x = [[1, 5], [3, 4], [2, 6]]
    assert flat(of("input 3x2\ntopk 2 axis=1 largest=false", x)) == [1, 4, 2, 5]
    assert flat(of("input 3x2\ncumsum 1 exclusive=true", x)) == [0, 0, 1, 5, 4, 9]
    assert flat(of("input 3x2\ncumsum 1 reverse=true", x)) == [6, 15, 5, 10, 2, 6]
    assert flat(of("input 3x2\nslice start=-1 end=0 axis=1 step=-1", x)) == [2, 6, 3, 4]
    assert flat(of("input 3x2\nhardmax axis=1", x)) == [0, 0, 1, 0, 0, 1]
    assert flat(of("input 3x2\nreducel2 axes=1", x)) == [round(14**0.5, 5), round(77**0.5, 5)]


def test_the_mean_of_a_bag() -> None:
    assert flat(of("input 2\ne: embeddingbag 3 1", [0, 2], e=[[[1], [2], [5]]])) == [3]


def test_channels_are_weighted_by_their_mean() -> None:
    text = "input 2x1\ns: squeezeexcitation 1"
    # The mean is 2, twice it 4; sigmoid(4 - 4) is a half.
    weights = {"s_reduce": [[[[2]]], [0]], "s_expand": [[[[1]]], [-4]]}
    assert flat(of(text, column(1, 3), **weights)) == [0.5, 1.5]


def test_stacked_layers_read_each_other() -> None:
    # A simple recurrent layer of one unit without activation adds up: 1, 3, 6, then 1, 4, 10.
    one = [[[1]], [[1]], [0]]
    text = "input 3x1\nr: rnn 1 2 activation=linear return_sequences=true"
    assert flat(of(text, column(1, 2, 3), r_1=one, r_2=one)) == [1, 4, 10]


def test_two_directions_on_an_axis_of_their_own() -> None:
    one = [[[1]], [[1]], [0]] * 2
    text = "input 3x1\nr: rnn 1 activation=linear direction_axis=true bidirectional=true return_sequences=true"
    model = model_of(text)
    model.get_layer("r").set_weights([np.array(w, "float32") for w in one])
    steps = model.predict(np.array([column(1, 2, 3)], "float32"), verbose=0)
    assert steps.shape == (1, 3, 2, 1) or steps.shape == (3, 2, 1, 1)
    assert flat(steps) == [1, 6, 3, 5, 6, 3]  # forwards 1, 3, 6; backwards 3, 5, 6 read from the end


def test_groups_of_a_transposed_convolution_do_not_mix() -> None:
    text = "input 1x2\nc: convtranspose 2 2 groups=2 bias=false"
    weights = {"c_group1": [[[[1]], [[2]]]], "c_group2": [[[[10]], [[20]]]]}
    assert flat(of(text, [[1, 3]], **weights)) == [1, 30, 2, 60]


def test_columns_hold_the_channels_first() -> None:
    # Two channels, a window of two: PyTorch orders the rows by channel, then by place.
    assert of("set data_format=channels_first\ninput 2x1x3\nunfold 1x2", [[[1, 2, 3]], [[4, 5, 6]]]) == [
        [1, 2], [2, 3], [4, 5], [5, 6]]  # fmt: skip


def test_heads_that_share_the_features() -> None:
    # Two heads of one feature each over two steps with equal keys: the mean of the values.
    x = [[0.0, 0.0], [0.0, 0.0]]
    v = [[1.0, 10.0], [3.0, 30.0]]
    assert flat(of("q: input 2x2\nv: input 2x2\nattention @q @q @v heads=2", x, v)) == [2, 20, 2, 20]
