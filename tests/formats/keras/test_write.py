"""What is written for Keras runs in Keras: parameters, every shape, and both forms alike (keras, NumPy backend)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.formats.keras.judge import Judged, counts, network, run
from tests.samples import sample
from tui.core.snapshot import Snapshot
from tui.formats.document import parse_document
from tui.formats.exported import WriteError
from tui.formats.imported import Stopped
from tui.formats.line import parse_line
from tui.formats.presets import preset, presets
from tui.formats.writers import TARGETS, target_of, write
from tui.layers import KINDS

TEXT = (Path(__file__).parents[2] / "data" / "keras_networks.txt").read_text(encoding="utf-8")
NETWORKS = dict(part.split("\n", 1) for part in TEXT.removeprefix("== ").split("\n== "))
VALUES = {"n": 10, "L": 2, "d": 32, "T": 6, "h": 4}

REFUSED = {
    "affinegrid", "compress", "constant", "dequantize", "equalization", "fractionalmaxpool", "gather",
    "gatherelements", "gathernd", "gridsample", "like", "lookup", "maxunpool", "nonzero", "opaque", "parameter",
    "quantize", "randomcolordegeneration",
    "randomposterization", "range", "roialign", "rrelu", "scatter", "shape", "size", "spectralnorm",
    "unique",
}  # fmt: skip
"""Kinds whose own example Keras cannot say: it has nothing like them, or the example lacks what they need there."""


@pytest.mark.parametrize("kind", sorted(set(KINDS) - REFUSED))
def test_the_example_of_each_kind(kind: str) -> None:
    assert Judged(sample(kind)).differences() == []


@pytest.mark.parametrize("kind", sorted(REFUSED & set(KINDS)))
def test_what_keras_cannot_say_names_the_layer_the_reason_and_a_way_out(kind: str) -> None:
    with pytest.raises(WriteError) as refusal:
        write(TARGETS["keras"], sample(kind), "net")
    place, _, reason = refusal.value.message.partition(" cannot be written for Keras: ")
    assert place
    assert "; " in reason
    with pytest.raises(WriteError, match=r"cannot be written for Keras"):
        write(TARGETS["keras-json"], sample(kind), "net")


# PReLU has one slope by PyTorch's counting, so that the network counted anew is another one.
@pytest.mark.parametrize("name", [name for name in NETWORKS if name != "norms_by_pytorch"])
def test_networks_that_need_more_than_a_word(name: str) -> None:
    assert Judged(network(NETWORKS[name])).differences() == []


@pytest.mark.parametrize("name", presets())
def test_presets(name: str) -> None:
    lines = parse_document(preset(name).text)
    free = [word for word, value in Snapshot.of(lines).symbols.items() if value is None]
    assert (
        Judged(Snapshot.of([*lines, *(parse_line(f"let {word} = {VALUES[word]}") for word in free)])).differences()
        == []
    )


# Published: torchvision's resnet18 and vgg16, and Keras's count of MobileNetV2's 34,112 moving statistics.
@pytest.mark.parametrize(
    ("name", "trainable", "statistics"),
    [("resnet-18", 11_689_512, 9_600), ("vgg-16", 138_357_544, 0), ("mobilenet-v2", 3_504_872, 34_112)],
)
def test_published_counts(name: str, trainable: int, statistics: int) -> None:
    judged = Judged(network(preset(name).text))
    assert counts(judged.from_source) == counts(judged.from_json) == (trainable, statistics)


def test_prelu_has_the_slopes_of_the_networks_counting() -> None:
    judged = Judged(network("set counting=pytorch\ninput 8x8x16\nprelu\nprelu 16\n"))
    assert counts(judged.from_source) == counts(judged.from_json) == (1 + 16, 0)


def test_one_bias_a_gate_where_pytorch_has_two() -> None:
    written = write(TARGETS["keras"], network("set counting=pytorch\ninput 5x64\nlstm 128\n"), "net")
    # 4*(64*128 + 128*128 + 128) in Keras, PyTorch has 512 more (measured in both).
    assert counts(run(written.data.decode())) == (98_816, 0)
    assert [n.text for n in written.notices if n.grade == "differs"] == [
        "Keras has 98,816 parameters here, by counting=pytorch it has 99,328"
    ]


@pytest.mark.parametrize("text", [
    "input 5x8\nlstm 4 bias_vectors=2", "input 5x8\ngru 4 bias_vectors=1", "input 5x8\nlstm 4 proj_size=2",
    "input 5x8\nlstm 4 peephole=true", "input 5x8\nmultiheadattention 2 add_zero_attn=true",
    "input 8x8x3\nconv 4 3x3 stride=2 dilation=2", "input 8x8x3\nmaxpool 2 dilation=2",
    "input 8x8x64\nconvtranspose 64 3x3 groups=64", "input 10x10x3\navgpool 4 stride=3 padding=1 ceil_mode=true",
    "input 10x10x3\navgpool 3 stride=2 padding=1 count_include_pad=false",
    "input 4\nbatchnorm track_running_stats=false", "input 8x8x3\navgpool 2 divisor_override=3",
    "q: input 5x8\nk: input 5x4\nattention @q @k heads=4 kv_heads=2",
    "input 4\ndense 4 activation=threshold",
])  # fmt: skip
def test_arguments_that_keras_has_not_are_refused(text: str) -> None:
    with pytest.raises(WriteError, match=r"^\w+ cannot be written for Keras: .+; .+"):
        write(TARGETS["keras"], network(text), "net")


@pytest.mark.parametrize(("text", "message"), [
    ("input 4\ndense n", "dense1: units is n, and Keras needs a number there; give n a value (let n = 10)"),
    ("input Hx4\nflatten\ndense 3",
     "dense1: it has weights of 4*H along an axis, and Keras needs a number there; give H a value (let H = 10)"),
    ("input 8x8x3\nconv f kxk padding=1",
     "conv1: filters is f, and Keras needs a number there; give f a value (let f = 10)"),
])  # fmt: skip
def test_a_free_symbol_where_keras_wants_a_number(text: str, message: str) -> None:
    with pytest.raises(WriteError) as refusal:
        write(TARGETS["keras-json"], network(text), "net")
    assert refusal.value.message == message


def test_a_free_symbol_in_an_input_is_an_open_size() -> None:
    model = Judged(network("input HxWx3\nconv 8 3x3 stride=2\nglobalavgpool\n")).from_json
    assert model.input_shape == (None, None, None, 3)
    assert model.output_shape == (None, 8)


def test_a_batch_that_was_set_stays() -> None:
    assert Judged(network("set batch=8\ninput 4\ndense 3\n")).from_json.input_shape == (8, 4)
    assert Judged(network("input 4\ndense 3\n")).from_json.input_shape == (None, 4)


def test_the_batch_is_fixed_where_a_layer_has_to_know_it() -> None:
    written = write(TARGETS["keras-json"], network("input 3x4\npermute 1,2,0\ndense 5\n"), "net")
    assert b'"batch_shape": [1, 3, 4]' in written.data
    assert [n.place for n in written.notices if "batch" in n.text] == ["dense1"]


def test_the_targets() -> None:
    assert target_of(Path("net.py"), "keras").suffixes == (".py",)
    assert target_of(Path("net.json"), "keras-json").suffixes == (".json",)


def test_progress_is_told_of_every_node_and_may_stop() -> None:
    told: list[tuple[int, int]] = []

    def watch(done: int, total: int) -> None:
        told.append((done, total))
        if done == 2:
            raise Stopped

    with pytest.raises(Stopped):
        write(TARGETS["keras"], network("input 4\ndense 3\nrelu\ndense 2\n"), "net", watch)
    assert told == [(0, 4), (1, 4), (2, 4)]


def test_a_line_with_an_error_is_named() -> None:
    with pytest.raises(WriteError, match=r"^d cannot be written: "):
        write(TARGETS["keras"], Snapshot.of(parse_document("input 4\nd: dense 3 in_features=5\n")), "net")
