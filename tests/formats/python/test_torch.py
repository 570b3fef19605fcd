"""PyTorch source is read as PyTorch runs it: every layer's shape, parameters and MACs."""

from __future__ import annotations

import pytest

from tests.formats.made import codes
from tests.formats.torch.nets import MORE, NETS, judged, rows
from tui.core.size import text
from tui.core.snapshot import Snapshot
from tui.formats.imported import Imported
from tui.formats.python.source import read_text

UNNAMED = ("shuffle1", "shuffle2", "shuffle3")  # modules without layers or parameters: three lines of rearranging each


def read(source: str) -> Imported:
    return read_text(source, "net.py")


@pytest.mark.parametrize("name", NETS)
def test_every_layer_of_a_network(name: str) -> None:
    net = NETS[name]
    snapshot = judged(read(net["source"]))
    found = rows(snapshot)
    for layer, *expected in net["layers"]:
        if layer not in UNNAMED:
            assert found[layer] == expected, layer
    assert (snapshot.totals.params, snapshot.totals.trainable) == (net["params"], net["trainable"])
    assert snapshot.totals.macs == net["macs"]
    assert snapshot.totals.complete


# mha: 10 steps of width 16: 10*16*48 + 2*(10*10*16) + 10*16*16 + 2*(10*16*32)
# enc: 6 steps of width 8, two layers: 2*(6*8*24 + 2*6*6*8 + 6*8*8 + 2*6*8*16) + 8*2
# sdpa: 9 steps of width 16, two layers: 2*(9*16*48 + 2*9*9*16 + 9*16*16), and 9*16*40 for the tied matrix
# rnn: 14 steps: 14*2*48*(8 + 12) + 14*2*48*(24 + 12) + 14*18*(24 + 6), 3 calls of a cell 3*2*20*(6 + 5), and 2*5*3
# laststep: 28 steps, 28*4*16*(28 + 16) + 28*4*16*(16 + 16) + 16*10
# decoder: 9 steps of width 8, two layers: 2*(9*8*24 + 2*9*9*8 + 9*8*8 + 2*9*8*32), and 8*64 for the last step
# resnet and inverted: the parameters are those that torchvision publishes, 25,557,032 and 3,504,872
@pytest.mark.parametrize("name", MORE)
def test_totals_and_the_output_of_a_network(name: str) -> None:
    net = MORE[name]
    snapshot = judged(read(net["source"]))
    assert (snapshot.totals.params, snapshot.totals.macs) == (net["params"], net["macs"])
    assert snapshot.totals.complete
    assert net["output"] in [shape for shape, _, _ in rows(snapshot).values()]


LENET = """
import torch.nn as nn
import torch.nn.functional as F

class LeNet(nn.Module):
    def __init__(self):
        super(LeNet, self).__init__()
        self.conv1 = nn.Conv2d(1, 6, 5)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear({features}, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), (2, 2))
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = x.view(-1, self.num_flat_features(x))
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        return self.fc3(x)

    def num_flat_features(self, x):
        size = x.size()[1:]
        n = 1
        for s in size:
            n *= s
        return n
"""


def test_an_input_that_no_line_says_is_the_one_that_fits() -> None:
    made = read(LENET.format(features="16 * 5 * 5"))
    assert codes(made)[0] == "x: input 1x32x32"  # the only common size that gives 16x5x5
    assert judged(made).totals.params == 61_706  # LeNet-5
    (notice,) = made.notices
    assert (notice.grade, notice.place) == ("folded", "x")


def test_sizes_that_nothing_says_stay_symbols() -> None:
    made = read("model = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten())")
    assert codes(made)[0] == "x: input 3xHxW"
    totals = judged(made).totals
    assert totals.params == 8 * 3 * 9 + 8
    assert text(totals.macs) == "216*H*W - 432*H - 432*W + 864"  # 216*(H - 2)*(W - 2)


@pytest.mark.parametrize(
    ("layer", "line"),
    [
        ("nn.Linear(784, 10)", "x: input 784"),
        ("nn.Conv1d(4, 8, 3)", "x: input 4xL"),
        ("nn.Conv3d(1, 8, 3)", "x: input 1xDxHxW"),
        ("nn.Embedding(100, 8)", "x: input T dtype=int64"),
        ("nn.BatchNorm1d(7)", "x: input 7"),
    ],
)
def test_the_input_is_what_the_first_layer_declares(layer: str, line: str) -> None:
    assert codes(read(f"net = nn.Sequential({layer}, nn.ReLU())"))[0] == line


def test_a_wrong_number_of_features_is_told_with_what_pytorch_says_and_the_line() -> None:
    made = read(LENET.format(features=300) + "\nnet = LeNet()\nimport torch\nnet(torch.randn(1, 1, 32, 32))\n")
    (notice,) = [one for one in made.notices if one.grade == "differs"]
    assert notice.place == "fc1 (line 10)"
    assert "in_features=400 fits" in notice.text
    assert "mat1 and mat2 shapes cannot be multiplied (1x400 and 300x120)" in notice.text
    assert Snapshot.of(made.lines).totals.complete is False


def test_a_script_that_runs_its_network_says_the_shape() -> None:
    source = LENET.format(features=400) + (
        "\nif __name__ == '__main__':\n    import torch\n    net = LeNet()\n"
        "    print(net(torch.rand(4, 1, 32, 32)).shape)\n"
    )
    made = read(source)
    assert made.lines[0].text == "set data_format=channels_first counting=pytorch batch=4"
    assert made.notices == ()


def test_summaries_say_the_shape() -> None:
    with_batch = "from torchinfo import summary\nsummary(nn.Linear(6, 2), input_size=(5, 6))"
    without = "from torchsummary import summary\nsummary(nn.Linear(6, 2), (6,))"
    assert codes(read(with_batch))[0] == codes(read(without))[0] == "x: input 6"


def test_what_is_not_understood_is_opaque_and_the_rest_is_read() -> None:
    made = read(
        """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(8, 4)
        self.odd = thirdparty.Layer(4)
        self.b = nn.Linear(4, 2)
    def forward(self, x):
        x = self.odd(self.a(x))
        if x.sum() > 0:
            x = x * 2
        return self.b(x)
"""
    )
    assert [line.split()[:3] for line in codes(made)][1:] == [
        ["a:", "dense", "4"], ["layer:", "opaque", "thirdparty.Layer"],
        ["sum:", "reducesum", "keepdims=false"], ["constant:", "constant"], ["gt:", "greater", "@sum"],
        ["b:", "dense", "2"],
    ]  # fmt: skip
    places = {(one.grade, one.place) for one in made.notices}
    assert {("opaque", "line 9"), ("refused", "line 10")} <= places
    totals = Snapshot.of(made.lines).totals
    assert not totals.complete
    assert totals.params == 8 * 4 + 4  # b waits for the shape that is not known


def test_tied_weights_are_counted_once() -> None:
    made = read(
        """
class Net(nn.Module):
    def __init__(self, n=50, d=8):
        super().__init__()
        self.table = nn.Embedding(n, d)
        self.head = nn.Linear(d, n, bias=False)
        self.head.weight = self.table.weight
    def forward(self, x):
        return self.head(self.table(x))
INPUT_SHAPES = [[1, 5]]
INPUT_DTYPES = ["int64"]
"""
    )
    totals = judged(made).totals
    assert totals.params == 50 * 8
    assert totals.macs == 5 * 8 * 50


def test_layers_that_are_called_again_share_their_weights() -> None:
    made = read(
        """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.one = nn.Linear(8, 8)
    def forward(self, x):
        for _ in range(3):
            x = self.one(x)
        return x
"""
    )
    assert codes(made)[1:] == ["one: dense 8", "one_2: call one", "one_3: call one"]
    totals = judged(made).totals
    assert (totals.params, totals.macs) == (72, 3 * 64)


def test_a_number_that_no_line_gives_stays_a_symbol() -> None:
    made = read(
        """
class Net(nn.Module):
    def __init__(self, classes):
        super().__init__()
        self.head = nn.Linear(16, classes)
    def forward(self, x):
        return self.head(x)
"""
    )
    assert codes(made)[1] == "head: dense classes"
    assert text(judged(made).totals.params) == "17*classes"


def test_the_function_of_a_file_that_makes_the_network() -> None:
    made = read(
        """
class Block(nn.Module):
    def __init__(self, i, o):
        super().__init__()
        self.net = nn.Sequential(nn.Conv2d(i, o, 3, padding=1), nn.ReLU())
    def forward(self, x):
        return self.net(x)
class Tower(nn.Module):
    def __init__(self, block, widths):
        super().__init__()
        self.stages = nn.ModuleList([block(i, o) for i, o in zip([3, *widths], widths)])
    def forward(self, x):
        for stage in self.stages:
            x = stage(x)
        return x.mean((2, 3))
def small():
    return Tower(Block, [4, 8])
"""
    )
    found = rows(judged(made))
    assert [name for name in found if "net" in name] == [
        "stages.0.net.0", "stages.0.net.1", "stages.1.net.0", "stages.1.net.1",
    ]  # fmt: skip
    assert judged(made).totals.params == (3 * 4 * 9 + 4) + (4 * 8 * 9 + 8)


def test_frozen_layers_are_not_trainable() -> None:
    made = read(
        """
net = nn.Sequential(nn.Linear(4, 4), nn.Linear(4, 2))
for p in net[0].parameters():
    p.requires_grad = False
for p in net[1].parameters():
    p.note = False
"""
    )
    totals = judged(made).totals
    assert (totals.params, totals.trainable) == (30, 10)


def test_a_part_of_a_sequential_that_is_not_known_is_a_line_of_its_own() -> None:
    source = "net = nn.Sequential(nn.Linear(4, 8), Foo(3), nn.Linear(8, 2))"
    made = read_text(f"from torch import nn\nfrom lib import Foo\n{source}\n", "net.py")
    kinds = [line.spec.kind.name for line in made.lines if line.spec is not None]
    assert kinds == ["input", "dense", "opaque", "dense"]
    assert not Snapshot.of(made.lines).totals.complete
    assert [notice.grade for notice in made.notices if notice.grade == "opaque"] == ["opaque"]


def test_what_python_works_out_before_the_network_runs() -> None:
    made = read("""
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.width = 1 << 5
        for i in range(2):
            setattr(self, f"fc{i}", nn.Linear(8, 8))
        self.last = nn.Linear(8, getattr(self, "width"))
        self.more = nn.Linear(self.width, getattr(self, "depth", 7))

    def forward(self, x):
        for i in range(2):
            x = getattr(self, f"fc{i}")(x)
        return self.more(self.last(x)) * 2

net = Net()
print(net(torch.zeros(3, 8)).shape)
""")
    assert codes(made) == [
        "x: input 8", "fc0: dense 8", "fc1: dense 8", "last: dense 32", "more: dense 7", "mul: rescaling scale=2",
    ]  # fmt: skip
