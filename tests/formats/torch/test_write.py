"""PyTorch source as it is written: golden texts by hand, and what is refused. Real PyTorch runs it in tests/torch."""

from __future__ import annotations

import ast

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.samples import sample
from tui.core.snapshot import Snapshot
from tui.formats.document import parse_document
from tui.formats.exported import WriteError, Written
from tui.formats.imported import Stopped, unwatched
from tui.formats.presets import preset, presets
from tui.formats.python.source import read_text
from tui.formats.torch.write import write_pytorch
from tui.formats.torch.write_names import Paths, class_name, identifier
from tui.formats.torch.write_rules import RULES, UNSAID
from tui.formats.torch.write_text import WIDTH, operand, statement
from tui.formats.writers import TARGETS, write
from tui.layers import KINDS


def net(text: str) -> Snapshot:
    return Snapshot.of(parse_document("\n".join(part.strip() for part in text.split(";"))))


def written(text: str, name: str = "net") -> Written:
    return write_pytorch(net(text), name, unwatched)


def source(text: str, name: str = "net") -> str:
    code = written(text, name).data.decode()
    compile(code, "written.py", "exec")
    return code


def of_preset(name: str) -> str:
    return write_pytorch(Snapshot.of(parse_document(preset(name).text)), name, unwatched).data.decode()


def body(text: str) -> list[str]:
    """The statements of ``forward``, without their notes."""
    tree = ast.parse(source(text))
    found = next(n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.name == "forward")
    return [ast.unparse(statement) for statement in found.body]


def test_the_target_is_in_the_table_of_writers() -> None:
    assert write(TARGETS["pytorch"], net("input 3; dense 2"), "net").data.startswith(b'"""net as a PyTorch module')


def test_a_plain_chain_is_a_sequential() -> None:
    # 3*16*9 + 16 = 448 and 4096*10 + 10 = 40,970 parameters.
    assert (
        source(
            "set data_format=channels_first; input 3x32x32; conv 16 3x3 padding=same; relu; maxpool 2; flatten; "
            "dense 10",
            "tiny-net.layers",
        )
        == '''"""tiny-net.layers as a PyTorch module, written by layersheet.

Input input1: (N, 3, 32, 32)
Output: (N, 10)
Parameters: 41,418
"""

import torch
from torch import nn


class TinyNet(nn.Sequential):
    def __init__(self) -> None:
        super().__init__(
            nn.Conv2d(3, 16, kernel_size=3, padding="same"),  # 16x32x32
            nn.ReLU(),  # 16x32x32
            nn.MaxPool2d(2),  # 16x16x16
            nn.Flatten(),  # 4096
            nn.Linear(4096, 10),  # 10
        )


if __name__ == "__main__":
    net = TinyNet().eval()
    with torch.no_grad():
        print(net(torch.zeros(1, 3, 32, 32)).shape)
'''
    )


def test_names_and_groups_are_those_of_the_list() -> None:
    code = source(
        "set data_format=channels_first; input 3x8x8; features.conv1: conv 4 3x3; features.relu: relu;"
        "head.flatten: flatten; head.fc: dense 10 activation=softmax"
    )
    assert (
        """
class Net(nn.Sequential):
    def __init__(self) -> None:
        super().__init__(
            OrderedDict(
                features=nn.Sequential(
                    OrderedDict(
                        conv1=nn.Conv2d(3, 4, kernel_size=3),  # 4x6x6
                        relu=nn.ReLU(),  # 4x6x6
                    )
                ),
                head=nn.Sequential(
                    OrderedDict(
                        flatten=nn.Flatten(),  # 144
                        fc=nn.Linear(144, 10),  # 10
                        fc_softmax=nn.Softmax(dim=-1),  # 10
                    )
                ),
            )
        )
"""
        in code
    )


def test_symbols_become_parameters_and_channels_last_are_permuted_before_a_flatten() -> None:
    # The worked example: 48,320 + 160*n parameters, see tests/samples.py.
    code = of_preset("worked-example")
    assert "Parameters: 48,320 + 160*n\n" in code
    assert (
        """
class WorkedExample(nn.Module):
    def __init__(self, n: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 20, kernel_size=4, bias=False)
        self.maxpool1 = nn.MaxPool2d(2)
        self.conv2 = nn.Conv2d(20, 40, kernel_size=3, bias=False)
        self.maxpool2 = nn.MaxPool2d(2)
        self.conv3 = nn.Conv2d(40, 60, kernel_size=3, bias=False)
        self.maxpool3 = nn.MaxPool2d(2)
        self.conv4 = nn.Conv2d(60, 80, kernel_size=2, bias=False)
        self.dense1 = nn.Linear(160, n, bias=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.conv1(x)  # 20x36x28
        x = self.maxpool1(x)  # 20x18x14
        x = self.conv2(x)  # 40x16x12
        x = self.maxpool2(x)  # 40x8x6
        x = self.conv3(x)  # 60x6x4
        x = self.maxpool3(x)  # 60x3x2
        x = self.conv4(x)  # 80x2x1
        x = x.permute(0, 2, 3, 1).flatten(1)  # 160
        x = self.dense1(x)  # n
        return x
"""
        in code
    )
    assert "print(net(torch.zeros(1, 1, 39, 31)).shape)" in code


def test_a_skip_a_shared_layer_and_a_frozen_one() -> None:
    code = source(
        "set data_format=channels_first; input 4x8x8; a: conv 4 3x3 padding=1 trainable=false; b: relu; call a; add @a"
    )
    assert "self.a = nn.Conv2d(4, 4, kernel_size=3, padding=1).requires_grad_(False)" in code
    assert body("set data_format=channels_first; input 4x8x8; a: conv 4 3 padding=1; b: relu; call a; add @a") == [
        "a = self.a(x)", "x = self.b(a)", "x = self.a(x)", "x = x + a", "return x",
    ]  # fmt: skip


def test_equal_copies_of_a_block_are_a_class_and_a_loop() -> None:
    text = "input 6x8\nrepeat 3 block\n    skip: identity\n    layernorm\n    dense 8\n    add @skip\ndense 2"
    code = write_pytorch(Snapshot.of(parse_document(text)), "net", unwatched).data.decode()
    assert (
        """
class Block(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layernorm1 = nn.LayerNorm(8, eps=0.001)
        self.dense1 = nn.Linear(8, 8)

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        x = self.layernorm1(inputs)  # 6x8
        x = self.dense1(x)  # 6x8
        x = x + inputs  # 6x8
        return x


class Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.block = nn.ModuleList(Block() for _ in range(3))
        self.dense4 = nn.Linear(8, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for block in self.block:
            x = block(x)  # 6x8
        x = self.dense4(x)  # 6x2
        return x
"""
        in code
    )


def test_copies_that_differ_are_written_one_by_one() -> None:
    text = "input 8x8x3\nrepeat 2 block\n    conv 4 3x3\n    relu"
    code = write_pytorch(Snapshot.of(parse_document(text)), "net", unwatched).data.decode()
    assert "nn.Conv2d(3, 4, kernel_size=3)" in code
    assert "nn.Conv2d(4, 4, kernel_size=3)" in code
    assert "class Block" not in code


STATEMENTS = (
    # Keras's same: of 112*2 - 224 + 7 - 2 = 5 units 2 stand before and 3 behind (PyTorch pads both ends alike).
    ("input 224x224x3; conv 4 7x7 stride=2 padding=same", "x = self.conv1(F.pad(x, (2, 3, 2, 3)))"),
    ("input 224x224x3; conv 4 7x7 stride=2 padding=same_lower", "x = self.conv1(F.pad(x, (3, 2, 3, 2)))"),
    ("input 9x3; conv 4 3 padding=causal dilation=2", "x = self.conv1(F.pad(x, (4, 0)))"),
    ("input 8x8x3; conv 4 3 padding=1:2x0:1 padding_mode=reflect",
     "x = self.conv1(F.pad(x, (0, 1, 1, 2), mode='reflect'))"),
    ("input 8x8x3; maxpool 3 stride=2 padding=same",
     "x = self.maxpool1(F.pad(x, (0, 1, 0, 1), value=float('-inf')))"),
    ("input 8x8x3; avgpool 3 stride=2 padding=same",
     "x = self.avgpool1(F.pad(x, (0, 1, 0, 1))) / self.avgpool1(F.pad(torch.ones_like(x), (0, 1, 0, 1)))"),
    # 16*2 = 32 of the (16 - 1)*2 + 3 = 33 units stay: one is cut off behind.
    ("input 16x16x3; convtranspose 4 3 stride=2 padding=same", "x = F.pad(self.convtranspose1(x), (0, -1, 0, -1))"),
    ("input 8x8x3; conv 4 3; flatten", "x = x.permute(0, 2, 3, 1).flatten(1)"),
    ("input 8x3; conv 4 3; dense 2", "x = self.dense1(x.transpose(1, 2))"),
    ("input 8x8x3; conv 4 3; softmax", "x = self.softmax1(x)"),
    ("input 8x8x3; conv 4 3 activation=softmax", "x = F.softmax(self.conv1(x), dim=1)"),
    ("input 8x8x3; conv 4 3; reducemean axes=1,2 keepdims=false", "x = x.mean(dim=(2, 3))"),
    ("input 8x8x3; a: conv 4 3; concat @a @a", "x = torch.cat((x, x), dim=1)"),
    ("input 8x8x3; conv 4 3; slice start=1 end=5 step=2 axis=2", "x = x[:, :, :, 1:5:2]"),
    ("input 10x6; gru 5", "_, h = self.gru1(x)"),
    ("input 10x6; gru 5 bidirectional=true", "x = torch.cat((h[-2], h[-1]), dim=-1)"),
    ("input 10x6; gru 5 return_sequences=true go_backwards=true", "x = self.gru1(x.flip(1))[0]"),
    ("input 5x8x8x3; conv 4 3 timedistributed=true",
     "x = self.conv1(x.flatten(0, 1).permute(0, 3, 1, 2)).permute(0, 2, 3, 1).unflatten(0, (-1, 5))"),
    ("input 10; embedding 50 4", "x = self.embedding1(x)"),
    ("input 10; relu; embedding 50 4", "x = self.embedding1(x.long())"),
    ("input 8x6; batchnorm scale=false", "x = self.batchnorm1(x) + self.batchnorm1.beta[:, None]"),
    ("a: input 10x6; b: input 10x5; einsum bij,bik->bjk @a @b", "x = torch.einsum('bij,bik->bjk', a, b)"),
)  # fmt: skip


@pytest.mark.parametrize(("text", "line"), STATEMENTS, ids=lambda v: str(v)[:60])
def test_what_pytorch_has_no_argument_for_is_written_out(text: str, line: str) -> None:
    assert line in body(f"{text}; end: relu; add @end @end")  # a sum is no module: the class has a forward


MODULES = (
    # Keras's defaults are not PyTorch's: epsilon 0.001 and momentum 0.99, which PyTorch names 1 - 0.99.
    ("input 8; batchnorm", "nn.BatchNorm1d(8, eps=0.001, momentum=0.01)"),
    ("set counting=pytorch; input 8; batchnorm", "nn.BatchNorm1d(8)"),
    ("set counting=pytorch; input 8; batchnorm epsilon=0.001 momentum=0.9", "nn.BatchNorm1d(8, eps=0.001)"),
    ("input 8; layernorm", "nn.LayerNorm(8, eps=0.001)"),
    ("input 8; leakyrelu", "nn.LeakyReLU(negative_slope=0.3)"),
    ("set counting=pytorch; input 8; leakyrelu", "nn.LeakyReLU()"),
    ("input 9x9x4; conv 8 3x5 stride=2x1 padding=1x2 dilation=2x1 groups=2 nobias",
     "nn.Conv2d(4, 8, kernel_size=(3, 5), stride=(2, 1), padding=(1, 2), dilation=(2, 1), groups=2, bias=False)"),
    ("input 9x9x4; depthwise 3x3 2", "nn.Conv2d(4, 8, kernel_size=3, groups=4)"),
    ("input 9x9x4; convtranspose 8 2x2 stride=3",
     "nn.ConvTranspose2d(4, 8, kernel_size=2, stride=3, output_padding=1)"),
    ("input 9x9x2; maxpool 4 padding=2 ceil", "nn.MaxPool2d(4, padding=2, ceil_mode=True)"),
    ("input 10x6; lstm 5 2 bias_vectors=2 bidirectional=true",
     "nn.LSTM(6, 5, num_layers=2, batch_first=True, bidirectional=True)"),
    ("input 10x16; multiheadattention 4", "nn.MultiheadAttention(16, 4, batch_first=True)"),
    ("input 10x16; transformerencoder 4 32 2 final_norm=true activation=gelu",
     "nn.TransformerEncoder(nn.TransformerEncoderLayer(16, 4, dim_feedforward=32, dropout=0.0, activation='gelu', "
     "batch_first=True), 2, norm=nn.LayerNorm(16), enable_nested_tensor=False)"),
    ("input 10; embedding 50 4 padding_idx=0", "nn.Embedding(50, 4, padding_idx=0)"),
    ("input 8; dropout 0.5", "nn.Dropout()"),
    ("input 8x8x3; conv 2*n 3; globalavgpool; dense n//2", "nn.Linear(2 * n, n // 2)"),
)  # fmt: skip


@pytest.mark.parametrize(("text", "constructor"), MODULES, ids=lambda v: str(v)[:60])
def test_arguments_are_written_in_pytorchs_terms(text: str, constructor: str) -> None:
    wanted = ast.unparse(ast.parse(constructor))
    assert wanted in [ast.unparse(n) for n in ast.walk(ast.parse(source(text))) if isinstance(n, ast.Call)]


REFUSED = (
    ("input 10x6; g: gru 5 reset_after=false", "g (gru): reset_after=false", "set reset_after=true"),
    ("set counting=onnx; input 10x6; lstm 5 peephole=true", "peephole=true", "set peephole=false"),
    ("input 10x6; gru 5 activation=relu", "activation=relu: PyTorch's nn.GRU has tanh", "set activation=tanh"),
    ("input 10x6; gru 5 recurrent_activation=hardsigmoid", "are sigmoids", "set recurrent_activation=sigmoid"),
    ("set counting=pytorch; h: input 5; x: input 10x6; lstm 5 @x @h", "1 of its 2 states", "name all of them or none"),
    ("input 5x8x8x3; convlstm 4 3", "no convolutional LSTM", "conv layers"),
    ("input 6; sparsemax", "no sparsemax", "use softmax"),
    ("input 6; dense 4 activation=sparsemax", "dense1 (dense): PyTorch has no sparsemax", "another activation"),
    ("input 6; dense 3; spectralnorm", "two vectors in place of one", "spectral_norm"),
    ("input 6; quantize", "scale and zero point", "quantize the module"),
    ("input 6; dequantize", "scale and zero point", "quantize the module"),
    ("input 6; lookup", "no tables of classes", "look the entries up before"),
    ("regions: input 4; x: input 8x8x3; roialign 7 @regions", "itself has no such layer", "torchvision"),
    ("input 6; opaque Custom 5", "nothing is known", "replace it with layers"),
    ("input 9x9x2; avgpool 2 dilation=2", "has no dilation", "dilation=1"),
    ("input 9x9x2; maxpool 2 padding=same return_indices=true", "name other places", "one size for both ends"),
    ("input 9x2; avgpool 2 divisor_override=3", "no divisor_override", "scale behind"),
    ("input 9x9x9x2; unfold 3", "2 spatial axes", "an axis of 1"),
    ("input 9x9x9x8; pixelshuffle 2", "2 spatial axes", "reshape and permute"),
    ("input 9x9x2; pad 1 mode=symmetric", "no symmetric padding", "mode=reflect"),
    ("input 9x9x2; upsample 2 mode=lanczos3", "no mode lanczos3", "mode=linear"),
    ("input 9x2; fractionalmaxpool 2 size=4", "2 or 3 spatial axes", "adaptivemaxpool"),
    ("input 9x9x2; slice start=5 end=1 step=(-1) axis=1", "step backwards", "use reverse"),
    ("input 9; cumprod 1 exclusive=true", "exclusive cumprod", "slice"),
    ("input 9; normalization fixed=true", "not in the list of layers", "rescaling"),
    ("input 6; instancenorm", "1 to 3 spatial axes", "layernorm"),
    ("input 9x9; compress 4 axis=1", "condition is not in the list", "use slice"),
    ("input 9x9; scatter", "indices and updates", "further sources"),
    ("input 4x5x16; multiheadattention 4 attention_axes=1", "not batch, steps and features", "reshape"),
    ("input 10x16; transformerencoder 4 activation=leakyrelu", "no function of PyTorch alone", "relu or gelu"),
    ("input 6; pointwise strange", "no function strange", "skip it"),
    ("input 8; dense 2; conv 3 3", "conv1 cannot be written", "put it right or skip it"),
    ("input 8; dense 8; dense 8 tied=kernel", "dense2 (dense): tied=kernel", "name it (kernel@NAME)"),
    ("a: input 9x9x4; c: conv 4 3; b: conv 4 3 padding=same tied=@c; l: lstm 4 @x; m: lstm 4 tied=@l"
     .replace("l: lstm 4 @x", "flatten; reshape 49x4; l: lstm 4 return_sequences=true"),
     "m (lstm): its kernel cannot be the kernel of l", "call l"),
    ("input 8x8x3", "no layer to write", "add one"),
)  # fmt: skip


@pytest.mark.parametrize(("text", "why", "way_out"), REFUSED, ids=[text for text, *_ in REFUSED])
def test_what_pytorch_cannot_say_is_refused_with_the_reason_and_a_way_out(text: str, why: str, way_out: str) -> None:
    with pytest.raises(WriteError) as refused:
        written(text)
    assert why in refused.value.message
    assert way_out in refused.value.message


# Their examples leave out what they read.
EXAMPLES_REFUSED = ("compress", "scatter")


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "input"])
def test_every_kind_is_written_or_refused_by_name(kind: str) -> None:
    if kind not in ("input", "call"):
        assert (kind in RULES) != (kind in UNSAID)
    if kind in EXAMPLES_REFUSED or kind in UNSAID:
        with pytest.raises(WriteError, match=rf"\({kind}\): .*; "):
            write_pytorch(sample(kind), "net", unwatched)
    else:
        compile(write_pytorch(sample(kind), "net", unwatched).data, "written.py", "exec")


NOTICES = (
    ("input 8x8x3; conv 4 3 stride=2 padding=same", "folded", "conv1", "the odd unit last"),
    ("input 9x9x3; conv 4 3; flatten", "folded", "flatten1", "stays in the order of the network"),
    ("input 9x9x3; conv 4 3; flatten", "differs", "input1", "expects its channels first, as PyTorch has them: 3x9x9"),
    ("input 9x9x3; conv 4 3", "differs", "conv1", "comes out with its channels first"),
    ("input 9x9x3; batchnorm scale=false", "folded", "batchnorm1", "stands beside it"),
    ("input 9x3; gru 4", "differs", "gru1", "the gates of a GRU"),
    ("input 9x3; gru 4 dropout=0.5", "dropped", "gru1", "dropout inside a recurrent layer"),
    ("input 9x9x3; separable 4 3", "folded", "separable1", "two modules"),
    ("input 9x9x3; randomflip; conv 4 3", "dropped", "randomflip1", "torchvision.transforms"),
    ("input 9x9x3; gather 4 axis=1", "differs", "gather1", "zeros stand in their place"),
    ("set dtype=int8; input 9; dense 3", "differs", "set", "quantize it after training"),
    ("input 9; dense 3 dtype=float16", "differs", "dense1", "dtype=float16 of a single layer"),
)


@pytest.mark.parametrize(("text", "grade", "place", "part"), NOTICES, ids=[f"{n[0]} {n[2]}" for n in NOTICES])
def test_what_is_said_otherwise_is_in_the_report(text: str, grade: str, place: str, part: str) -> None:
    assert any(n.grade == grade and n.place == place and part in n.text for n in written(text).notices)


def test_an_image_that_pytorch_says_as_it_is_has_no_report() -> None:
    assert written("set data_format=channels_first; input 3x8x8; conv 4 3; relu; flatten; dense 2").notices == ()


def test_a_stop_ends_the_writing() -> None:
    def stop(done: int, total: int) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        write_pytorch(net("input 3; dense 2"), "net", stop)


# What cannot be written stands in the tests of PyTorch: an LSTM with one bias, blocks as many as a symbol says.
@pytest.mark.parametrize("name", [name for name in presets() if name not in ("lstm-text", "gpt-blocks")])
def test_the_source_reads_back_as_the_same_network(name: str) -> None:
    text = preset(name).text
    snapshot = Snapshot.of(parse_document(text + "\nlet n = 10\n"))
    code = write_pytorch(snapshot, name, unwatched).data.decode()
    back = Snapshot.of(read_text(code, "written.py").lines)
    assert back.totals.trainable == snapshot.totals.trainable
    assert back.totals.macs == snapshot.totals.macs


@pytest.mark.parametrize(
    "text",
    [
        "set data_format=channels_first counting=pytorch; x: input 3x32x32; a.conv: conv 16 3x3 stride=2 padding=1;"
        "a.norm: batchnorm; a.relu: relu; pool: maxpool 2; b.flatten: flatten; b.fc: dense 10",
        "set counting=pytorch; x: input 10; embed: embedding 50 8; up: dense 4; act: gelu",
    ],
)
def test_names_kinds_and_shapes_survive_there_and_back(text: str) -> None:
    snapshot = net(text)
    back = Snapshot.of(read_text(source(text), "written.py").lines)

    def layers(shown: Snapshot) -> list[object]:
        rows = [row for row in shown.shown if shown.lines[row].spec is not None]
        return [(line.name, line.spec.kind.name, result.outputs[0].shape) for row in rows
                if (line := shown.lines[row]).spec and (result := shown.result(row))]  # fmt: skip

    assert layers(back) == layers(snapshot)


WORDS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Z", "C")), max_size=12)


@given(WORDS, st.lists(WORDS, max_size=3))
@example("lambda", ["lambda_"])
@example("0.1", ["_0_1"])
@example("ﬁ", ["fi"])  # Python reads names in NFKC
def test_any_word_is_a_free_name_of_python(word: str, taken: list[str]) -> None:
    name = identifier(word, taken)
    assert name not in taken
    compile(f"{name} = 1\nself.{name} = 1\nclass {class_name(word)}: pass", "names.py", "exec")


PARTS = st.sampled_from(["a", "b", "0", "1", "conv1", "type", "keys", "lambda", "x", "합", "_", "self", "forward"])
NAMES = st.lists(PARTS, min_size=1, max_size=3).map(".".join)


@given(st.lists(NAMES, unique=True, min_size=1, max_size=12))
def test_paths_are_unique_and_no_layer_stands_in_another(names: list[str]) -> None:
    paths = Paths(names)
    found = [paths.of(name) for name in names]
    assert len(set(found)) == len(found)
    assert not any(a != b and b[: len(a)] == a for a in found for b in found)
    for path in found:
        compile(f"{paths.text(path)} = 1", "paths.py", "exec")


@settings(deadline=None)
@given(WORDS)
@example('"""\nimport os')
@example("\\")
@example("\x1b[2J")
def test_a_name_is_only_text(name: str) -> None:
    tree = ast.parse(write_pytorch(net("input 3; a: dense 2; add @a"), name, unwatched).data)
    assert [type(n).__name__ for n in tree.body] == ["Expr", "Import", "ImportFrom", "ClassDef", "If"]


def test_hostile_names_of_layers_and_symbols() -> None:
    code = source(
        "set bias=false; for: input 4; class: dense self; self.torch: dense range; nn: dense lambda; F: add @nn"
    )
    assert "def __init__(self, self_: int, range_: int, lambda_: int) -> None:" in code
    assert "self.class_ = nn.Linear(4, self_, bias=False)" in code


EXPRESSIONS = st.recursive(
    st.sampled_from(["x", "self.conv", "n", '"a, (b"']),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4).map(lambda parts: f"call({', '.join(parts)})"),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: f"({', '.join(parts)})"),
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]} + {pair[1]})"),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: f"items[{', '.join(parts)}]"),
        st.tuples(inner, inner).map(lambda pair: f"{operand(pair[0])}.flatten({pair[1]})"),
    ),
    max_leaves=25,
)


@given(EXPRESSIONS, st.integers(0, 12))
@example("items[call(x, self.conv, (self.conv + call()), (call(x, x, x) + x.flatten(self.conv)))]", 5)
def test_a_broken_statement_says_the_same(code: str, indent: int) -> None:
    lines = statement(f"y = {code}", indent, "3x4")
    assert lines[-1].endswith("  # 3x4")
    joined = "\n".join(["if True:", *(f" {line}" for line in lines)]) if indent else "\n".join(lines)
    tree = ast.parse(joined)
    assert ast.dump(tree.body[0].body[0] if indent else tree.body[0]) == ast.dump(ast.parse(f"y = {code}").body[0])


def test_lines_are_as_narrow_as_formatters_make_them() -> None:
    for name in ("vgg-16", "resnet-50", "gpt2-small", "inception-v3"):
        lines = of_preset(name).splitlines()
        assert max(map(len, lines)) <= WIDTH


def test_the_run_at_the_end_takes_values_with_which_every_layer_fits() -> None:
    assert "Net(H=16, n=16).eval()" in source("input HxHx3; conv n 7; flatten; dense n")
    assert "Net(H=64).eval()" in source("input HxHx3; conv 4 33; flatten; dense 2")
