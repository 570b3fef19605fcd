"""Random networks: whatever our rules accept and Keras can say has the same shapes and parameters there."""

from __future__ import annotations

from contextlib import suppress

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.formats.keras.judge import Judged
from tui.core.snapshot import Snapshot
from tui.formats.document import parse_document
from tui.formats.exported import WriteError
from tui.formats.line import parse_line

Lines = st.SearchStrategy[str]
SMALL = st.integers(1, 3)
FEW = settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])


def args(**choices: st.SearchStrategy[object]) -> st.SearchStrategy[str]:
    """Some of the arguments, each with one of its values."""
    pairs = st.fixed_dictionaries({}, optional=choices)
    return pairs.map(lambda found: " ".join(f"{name}={str(value).lower()}" for name, value in found.items()))


def line(pattern: str, *slots: st.SearchStrategy[object], **choices: st.SearchStrategy[object]) -> Lines:
    """A line: a pattern with slots, and some arguments."""
    return st.tuples(st.tuples(*slots), args(**choices)).map(lambda parts: f"{pattern.format(*parts[0])} {parts[1]}")


ENDS = st.sampled_from(["valid", "same", "same_lower", "0", "1", "2", "1:0", "0:2"])
YES = st.booleans()
FUNCTION = st.sampled_from(["relu", "gelu", "softmax", "hardsigmoid", "leakyrelu", "logsoftmax"])

ANYWHERE = [
    line("dense {}", st.integers(1, 9), bias=YES, activation=FUNCTION, trainable=YES),
    line("batchnorm", scale=YES, center=YES, affine=YES, epsilon=st.sampled_from([1e-5, 0.001]), trainable=YES),
    line("layernorm", scale=YES, center=YES), line("relu", max_value=st.just(6), negative_slope=st.just(0.1)),
    line("{}", st.sampled_from(["gelu", "tanh", "softmax", "prelu", "expm1", "unitnorm", "rmsnorm", "identity",
                                "flatten", "square", "leakyrelu 0.2", "elu 0.5", "cumsum", "layerscale",
                                "dropout 0.1"])),
    line("rescaling", scale=st.floats(-2, 2).map(lambda x: round(x, 3)), offset=SMALL),
    line("reducemean axes={}", st.sampled_from(["-1", "1"]), keepdims=YES),
    line("slice start={} axis=1", st.integers(-3, 3), step=st.sampled_from([1, 2])),
    line("topk {}", SMALL, largest=YES), line("unsqueeze {}", SMALL), line("reverse axis={}", SMALL),
]  # fmt: skip
SPATIAL = [
    line("conv {} {}", st.integers(1, 8), st.integers(1, 4), stride=SMALL, padding=ENDS, bias=YES, activation=FUNCTION,
         dilation=st.sampled_from([1, 2])),
    line("depthwise {}", st.integers(1, 4), stride=SMALL, padding=ENDS, depth_multiplier=SMALL, bias=YES),
    line("separable {} {}", st.integers(1, 8), SMALL, stride=SMALL, padding=ENDS, depth_multiplier=SMALL),
    line("convtranspose {} {}", st.integers(1, 6), st.integers(1, 4), stride=SMALL, bias=YES,
         padding=st.sampled_from(["valid", "same", "0", "1", "1:0"]), output_padding=st.sampled_from([0, 1])),
    line("maxpool {}", st.integers(1, 4), stride=SMALL, padding=ENDS, ceil_mode=YES),
    line("avgpool {}", st.integers(1, 4), stride=SMALL, padding=ENDS, count_include_pad=YES),
    line("{}", st.sampled_from(["globalavgpool", "globalmaxpool keepdims=true", "spatialdropout 0.1", "instancenorm",
                                "adaptiveavgpool 2", "adaptivemaxpool 3", "groupnorm 1", "upsampling 2", "lppool 2",
                                "squeezeexcitation 2", "localresponsenorm 3", "droppath", "softmax2d"])),
    line("pad {}", st.sampled_from(["1", "1:2", "-1:2", "0:3"]), value=st.sampled_from([0, 2])),
    line("crop {}", st.sampled_from(["1", "0:1"])), line("upsample {}", SMALL), line("channelshuffle {}", SMALL),
    line("pixelshuffle {}", SMALL, mode=st.sampled_from(["DCR", "CRD"]).filter(bool)),
]  # fmt: skip
SEQUENCES = [
    line("{} {}", st.sampled_from(["lstm", "gru", "rnn"]), st.integers(1, 6), return_sequences=YES, bidirectional=YES,
         bias=YES, layers=st.sampled_from([1, 2]), trainable=YES,
         merge_mode=st.sampled_from(["concat", "sum", "mul", "ave"])),
    line("gru {}", st.integers(1, 6), reset_after=YES, return_sequences=YES, go_backwards=YES),
    line("multiheadattention {}", SMALL, key_dim=SMALL, value_dim=SMALL, bias=YES, causal=YES),
    line("stackedrnn {}", st.sampled_from(["lstm:3,gru:2", "rnn:4:nobias", "gru:3:reset_before"]),
         return_sequences=YES),
    line("{}", st.sampled_from(["attention", "additiveattention", "positionembedding", "classtoken", "embedding 9 4",
                                "transformerencoder 1 8", "permute 2,1", "onehot 5", "layernorm axis=1"])),
    line("conv {} {}", st.integers(1, 8), SMALL, padding=st.sampled_from(["causal", "1"]), stride=SMALL),
]  # fmt: skip


def built(head: str, lines: list[str]) -> Snapshot:
    """The network of the lines that fit, each below those before it."""
    kept = parse_document(head)
    for text in lines:
        result = Snapshot.of([*kept, parse_line(text)]).result(len(kept))
        fits = result is not None and result.status in ("ok", "warning")
        if result is not None and fits and all(size != 0 for tensor in result.outputs for size in tensor.shape):
            kept = [*kept, parse_line(text)]
    return Snapshot.of(kept)


def judge(head: str, lines: list[str]) -> None:
    with suppress(WriteError):  # of 1,600 such networks 1 in 20 is refused
        assert Judged(built(head, lines)).differences() == []


def chains(*pools: list[Lines]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.one_of(*(line for pool in pools for line in pool)), min_size=1, max_size=6)


FORMATS = st.sampled_from(["channels_last", "channels_first"])


@FEW
@given(FORMATS, st.integers(1, 3), st.integers(1, 6), chains(ANYWHERE, SPATIAL, SPATIAL))
def test_images(data_format: str, rank: int, channels: int, lines: list[str]) -> None:
    space = "x".join(["9", "10", "11"][:rank])
    shape = f"{space}x{channels}" if data_format == "channels_last" else f"{channels}x{space}"
    judge(f"set data_format={data_format}\ninput {shape}", lines)


@FEW
@given(st.integers(1, 6), st.integers(1, 6), chains(ANYWHERE, SEQUENCES, SEQUENCES))
def test_sequences(steps: int, width: int, lines: list[str]) -> None:
    judge(f"input {steps}x{width}", lines)


@FEW
@given(chains(SPATIAL), chains(SPATIAL), st.sampled_from(["concat", "add", "maximum", "dot axes=-1", "stack axis=1"]))
def test_branches(left: list[str], right: list[str], join: str) -> None:
    head = "x: input 9x8x4"
    judge(head, ["a: conv 4 1x1 @x", *left, "b: identity @x", *right, "c: identity", f"{join} @a"])


@FEW
@given(FORMATS, st.lists(st.sampled_from(["H", "W", "9", "12"]), min_size=1, max_size=2), chains(SPATIAL))
def test_open_sizes(data_format: str, space: list[str], lines: list[str]) -> None:
    sizes = [*space, "4"] if data_format == "channels_last" else ["4", *space]
    judge(f"set data_format={data_format}\ninput {'x'.join(sizes)}", lines)
