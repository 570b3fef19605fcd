"""Where counters of layers get the numbers wrong, and what is right.

The figures of this file were measured on CPU with torch 2.13.0 (MACs: ``torch.utils.flop_counter``, halved, the
products of each operator redone by hand), Keras 3.15.1 and onnx 1.23.2. Nine public counters were run on the
twelve probes of the first test (torchinfo, THOP, ptflops in both its ways, fvcore, torch's own, calflops,
torchscan, onnx-tool): none is right on all of them.
"""

from __future__ import annotations

import pytest

from tests.layers.building import layer, run, spatial
from tui.core.result import Result, count
from tui.core.settings import Settings
from tui.core.size import symbol
from tui.core.snapshot import Snapshot
from tui.core.tensor import Tensor
from tui.formats.document import parse_document
from tui.formats.presets import preset as named
from tui.formats.torch.code import module


def snapshot(text: str) -> Snapshot:
    return Snapshot.of(parse_document(text))


def last(text: str) -> Result:
    shown = snapshot(text)
    result = shown.result(len(shown.lines) - 1)
    assert result is not None
    assert result.status in ("ok", "warning"), result.message
    return result


def params(line: str, *shapes: tuple[int, ...], counting: str = "keras") -> tuple[object, ...]:
    """The parameters, those of them that are not trained, and the buffers."""
    made = layer(line).under(Settings(counting=counting))
    found = count(made.weights(tuple(map(Tensor, shapes))), run(line, *shapes).work, made.settings)
    return found.params, found.non_trainable, found.buffers


BY_HAND = """input 50x64
x: layernorm
q: dense 64 @x
k: dense 64 @x
v: dense 64 @x
qh: reshape 50x8x8 @q
qp: permute 2,1,3
kh: reshape 50x8x8 @k
kp: permute 2,3,1
vh: reshape 50x8x8 @v
vp: permute 2,1,3
scores: matmul @qp @kp
soft: softmax
mixed: matmul @soft @vp
back: permute 2,1,3
one: reshape 50x64
dense 64"""
WITH_SDPA = """input 50x64
x: identity
q: dense 64 @x
k: dense 64 @x
v: dense 64 @x
scaled_dot_product_attention heads=8 @q @v @k
dense 64"""


@pytest.mark.parametrize(
    ("text", "macs"),
    [
        ("input 32x32x3\nconv 8 3 padding=1", 221_184),  # a bias is an addition: 229,376 in torchinfo, onnx-tool
        ("input 32x32x8\nconv 8 4 padding=same", 1_048_576),  # 0 in fvcore, 984,064 in calflops
        ("input 16x16x8\nconvtranspose 4 2 stride=2", 32_768),  # by input positions: four times too much in THOP
        ("input 16x16x8\nconvtranspose 8 2 stride=2 groups=4", 16_384),  # the groups once: 0 in calflops
        ("input 64\ndense 10", 640),  # 650 in torchinfo and ptflops
        ("input 8x8x16\nbatchnorm", 0),  # folded into the layer above when a network runs: 31,744 in onnx-tool
        ("input 50x64\nlayernorm", 0),  # element-wise: 12,800 in THOP
        ("input 50x64\nlstm 128", 4_915_200),  # 0 in fvcore, torch and calflops, 5,017,600 in THOP
        ("input 50x64\ngru 128", 3_686_400),
        (BY_HAND, 1_139_200),  # the two products of attention are missed by four of them
        (WITH_SDPA, 1_139_200),
        ("input 50x64\nmultiheadattention 8 8", 1_139_200),  # 0 in torchinfo and THOP
    ],
    ids=["conv", "even kernel", "transposed", "grouped transposed", "linear", "batch norm", "layer norm", "lstm", "gru",
         "attention by hand", "attention by call", "attention layer"],
)  # fmt: skip
def test_twelve_layers_that_no_counter_gets_all_right(text: str, macs: int) -> None:
    assert snapshot(text).totals.macs == macs


@pytest.mark.parametrize(
    ("line", "size", "out"),
    [
        ("conv 1 4", 39, 36),  # floor((39 - 4)/1) + 1
        ("conv 1 7 stride=2 padding=same", 224, 112),  # Keras pads 2 and 3,
        ("conv 1 7 stride=2 padding=3", 224, 112),  # PyTorch 3 and 3: equal shapes, different values
        ("conv 1 4 padding=same", 32, 32),
        ("conv 1 4 padding=2", 32, 33),
        ("conv1d 1 3 stride=2 padding=causal", 9, 5),  # ceil(n/s)
        ("maxpool 4 padding=2 ceil_mode=true", 9, 3),  # not 4: that window would start in the padding
        ("maxpool 2 padding=1 ceil_mode=true", 5, 3),
        ("convtranspose 1 3 stride=2 same", 16, 32),  # Keras, no output_padding,
        ("convtranspose 1 3 stride=2 same output_padding=0", 16, 31),  # which is not 0
        ("convtranspose 1 3 stride=2 same output_padding=1", 16, 32),
        ("convtranspose 1 2 stride=3", 16, 48),  # Keras
        ("convtranspose 1 2 stride=3 padding=0", 16, 47),  # PyTorch
    ],
)
def test_sizes_of_windows(line: str, size: int, out: int) -> None:
    assert spatial(line, size) == (out,)


@pytest.mark.parametrize(
    ("line", "shape", "expected"),
    [
        ("separable 32 3 depth_multiplier=2", (1, 9, 9, 16), 1_344),  # Keras: one bias
        ("dense 10", (1, 64), 650),
        ("layernorm", (1, 50, 64), 128),
        ("groupnorm 4", (1, 8, 8, 16), 32),
        ("embedding 100 8", (1, 10), 800),
        ("prelu shared_axes=none", (1, 8, 8, 16), 1_024),  # Keras: one for each element of an example
        ("prelu 1", (1, 8, 8, 16), 1),  # PyTorch
        ("lstm 128", (1, 50, 64), 98_816),
        ("gru 128", (1, 50, 64), 74_496),
        ("gru 128 reset_after=false", (1, 50, 64), 74_112),
        ("rnn 128", (1, 50, 64), 24_704),
        ("gru 5 reset_after=false", (1, 3, 4), 150),  # tensorflow#43960
        ("gru 5", (1, 3, 4), 165),
        ("multiheadattention 8 64", (1, 10, 512), 1_050_624),
        ("multiheadattention 8 512", (1, 10, 512), 8_401_408),  # key_dim is the width of each head
    ],
)
def test_parameters(line: str, shape: tuple[int, ...], expected: int) -> None:
    assert params(line, shape)[0] == expected


def test_two_convolutions_have_two_biases_where_a_separable_one_has_one() -> None:
    assert snapshot("input 9x9x16\ndepthwise 3 depth_multiplier=2\nconv 32 1").totals.params == 1_376


@pytest.mark.parametrize(
    ("line", "counting", "expected"),
    [
        ("lstm 128", "pytorch", 99_328),
        ("gru 128", "pytorch", 74_496),
        ("rnn 128", "pytorch", 24_832),
        ("lstm 128", "onnx", 4 * 128 * (64 + 128) + 8 * 128),  # the operator's bias is 8H,
        ("gru 128", "onnx", 3 * 128 * (64 + 128) + 6 * 128),  # and 6H
    ],
)
def test_recurrent_biases_by_convention(line: str, counting: str, expected: int) -> None:
    assert params(line, (1, 50, 64), counting=counting) == (expected, 0, 0)


@pytest.mark.parametrize(
    ("line", "shape", "keras", "pytorch", "onnx"),
    [
        ("batchnorm", (1, 8, 8, 16), (64, 32, 0), (32, 0, 33), (64, 32, 0)),
        ("batchnorm scale=false", (1, 8, 8, 16), (48, 32, 0), (16, 0, 33), (48, 32, 0)),
        ("normalization", (1, 16), (33, 33, 0), (0, 0, 33), (33, 33, 0)),  # Keras: 2n + 1
    ],
)
def test_statistics_by_convention(
    line: str, shape: tuple[int, ...], keras: tuple[int, ...], pytorch: tuple[int, ...], onnx: tuple[int, ...]
) -> None:
    found = [params(line, shape, counting=counting) for counting in ("keras", "pytorch", "onnx")]
    assert found == [keras, pytorch, onnx]


def test_instance_norm_has_no_weights_in_pytorch_unless_asked() -> None:
    made = module("InstanceNorm2d", {"num_features": 7}, [(2, 7, 4, 4)])
    assert Snapshot.of(made.lines).totals.params == 0


def test_a_projected_lstm_of_pytorch() -> None:
    """nn.LSTM(8, 6, num_layers=2, proj_size=3): a layer has G*H*(I + P) + 2*G*H + P*H weights, the second reads P."""
    made = module("LSTM", {"input_size": 8, "hidden_size": 6, "num_layers": 2, "proj_size": 3}, [(5, 2, 8)])
    assert Snapshot.of(made.lines).totals.params == (24 * 11 + 48 + 18) + (24 * 6 + 48 + 18)


def test_a_bidirectional_layer_doubles_what_the_next_one_reads() -> None:
    one = 4 * (64 * 8 + 8 * 8 + 8)
    next_one = 4 * (16 * 8 + 8 * 8 + 8)
    text = "input 50x64\nbidirectional lstm 8 return_sequences=true\nbidirectional lstm 8"
    assert snapshot(text).totals.params == 2 * one + 2 * next_one


def test_a_dense_layer_works_at_every_position() -> None:
    result = run("dense 4", (5, 7, 3))  # torchinfo#77 counts one
    assert (result.counts.params, result.counts.macs) == (16, 5 * 7 * 3 * 4)


def test_an_embedding_multiplies_nothing() -> None:
    assert run("embedding 20000 128", (1, 80)).counts.macs == 0


def test_the_cost_of_attention_is_the_same_with_a_causal_mask() -> None:
    whole, causal = (run(f"multiheadattention 8 8 causal={c}", (1, 50, 64)).counts.macs for c in ("false", "true"))
    assert whole == causal == 4 * 50 * 64 * 64 + 2 * 8 * 50 * 50 * 8


def test_an_adaptive_pool_whose_windows_differ_has_no_single_kernel() -> None:
    """10 to 4: window i is floor(i*10/4) up to ceil((i+1)*10/4): 0-3, 2-5, 5-8, 7-10."""
    assert spatial("adaptiveavgpool 4", 10) == (4,)
    assert run("adaptiveavgpool 4", (1, 10, 10, 3)).reach is None


def test_a_shared_layer_has_its_weights_once_and_its_work_at_each_call() -> None:
    totals = snapshot("input 10\nd: dense 10\ncall d\ncall d").totals
    assert (totals.params, totals.macs) == (110, 300)


def test_floors_are_kept() -> None:
    """As torch.export gives them for a convolution of 4 and a pool of 2 on H: H - 3, then (H - 5)//2 + 1."""
    height = symbol("H")
    assert run("conv 1 4", (1, height, 1)).outputs[0].shape[1] == height - 3
    assert last("input H,x1\nconv 1 4\nmaxpool 2").outputs[0].shape[1] == (height - 5) // 2 + 1


@pytest.mark.parametrize(
    ("line", "warning"),
    [
        ("conv 2 3 stride=2 dilation=2", "Keras refuses a stride above 1 together with a dilation above 1"),
        ("conv 2 3 stride=2 padding=same", "PyTorch refuses padding=same with a stride above 1"),
    ],
)
def test_what_one_framework_refuses_is_a_warning_that_names_it(line: str, warning: str) -> None:
    result = run(line, (1, 17, 17, 3))
    assert result.status == "warning"
    assert warning in (result.message or "")


def test_padding_of_a_pool_is_at_most_half_its_dilated_kernel() -> None:
    assert "PyTorch refuses" in (run("maxpool 3 padding=2", (1, 9, 9, 1)).message or "")
    assert spatial("maxpool 3 padding=2 dilation=2 stride=1", 9, 9) == (9, 9)  # 2*(3 - 1) + 1 = 5 wide


@pytest.mark.parametrize(("line", "status"), [("reflectionpad 8", "error"), ("reflectionpad 7", "ok"),
                                              ("circularpad 9", "error"), ("circularpad 8", "ok")])  # fmt: skip
def test_mirrors_are_smaller_than_the_input_and_rings_no_longer(line: str, status: str) -> None:
    assert run(line, (1, 8, 8, 1)).status == status


def test_negative_padding_crops_and_decimals_are_rounded_down() -> None:
    assert spatial("pad -1:2", 9) == (10,)
    assert spatial("upsample 1.5", 5, 5) == (7, 7)


@pytest.mark.parametrize(
    ("preset", "changes", "expected"),
    [
        ("lenet-5", {}, (61_706, 0)),
        ("alexnet", {}, (61_100_840, 0)),
        ("vgg-16", {}, (138_357_544, 0)),
        ("resnet-18", {}, (11_689_512, 0)),
        ("resnet-50", {}, (25_557_032, 0)),
        ("mobilenet-v2", {}, (3_504_872, 0)),
        ("densenet-121", {}, (7_978_856, 0)),
        # Keras's ResNet50 has 25,636,712: the 26,560 biases of its convolutions more than this.
        ("resnet-50", {"counting": "keras"}, (25_636_712 - 26_560, 53_120)),
        ("mobilenet-v2", {"counting": "keras"}, (3_538_984, 34_112)),  # Keras's MobileNetV2
        ("densenet-121", {"counting": "onnx"}, (8_062_504, 8_062_504 - 7_978_856)),  # exported with its statistics
    ],
)
def test_published_totals(preset: str, changes: dict[str, str], expected: tuple[int, int]) -> None:
    text = named(preset).text + "".join(f"\nset {name}={value}" for name, value in changes.items())
    totals = snapshot(text).totals
    assert (totals.params, totals.non_trainable) == expected


def test_resnet_50_of_torchvision_has_4_089_g_macs() -> None:
    macs = snapshot(named("resnet-50").text).totals.macs
    assert isinstance(macs, int)
    assert round(macs / 10**6) == 4_089


def resnet_v1(units: tuple[int, int, int, int]) -> str:
    """ResNet_v1 as TensorFlow's slim has it: the last unit of each block steps, at its 3x3 convolution."""
    lines = ["input 224x224x3", "conv 8 7 s2 same", "maxpool 3 stride=2 padding=same"]
    for block, count_ in enumerate(units):
        for unit in range(count_):
            stride = 2 if block < 3 and unit == count_ - 1 else 1
            name = f"b{block}u{unit}"
            lines += [f"{name}in: identity", f"{name}s: maxpool 1 stride={stride}", f"conv 8 1 @{name}in"]
            lines += [f"conv 8 3 s{stride} same", "conv 8 1", f"add @{name}s"]
    return "\n".join(lines)


@pytest.mark.parametrize(("units", "field"), [((3, 4, 6, 3), 483), ((3, 4, 23, 3), 1_027)], ids=["50", "101"])
def test_receptive_fields_of_resnet_v1(units: tuple[int, int, int, int], field: int) -> None:
    """Araujo, Norris, Sim: Computing Receptive Fields of Convolutional Neural Networks, Distill 2019."""
    shown = snapshot(resnet_v1(units))
    found = shown.field(len(shown.lines) - 1)
    assert found is not None
    assert found.aligned
    assert found.sizes() == (field, field)
