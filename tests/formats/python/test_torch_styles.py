"""Styles of PyTorch source that tutorials have. Totals are those that PyTorch 2.13 gave for the same text
(``sum(p.numel() for p in net.parameters())``), or the arithmetic that stands beside them."""

from __future__ import annotations

import pytest

from tests.formats.made import codes
from tests.formats.torch.nets import judged
from tui.core.errors import FileError
from tui.core.snapshot import Snapshot
from tui.formats.imported import Imported
from tui.formats.python.source import read_text

HEAD = "import torch\nfrom torch import nn\nimport torch.nn.functional as F\n"


def read(source: str) -> Imported:
    return read_text(HEAD + source, "net.py")


def totals(made: Imported) -> tuple[object, object]:
    found = Snapshot.of(made.lines).totals
    return found.params, found.macs


BLOCK = """
class B(nn.Module):
    def __init__(self, i, o, act=None):
        super().__init__()
        self.act = act or nn.ReLU()
        self.conv = nn.Conv2d(i, o, 3, padding=1)
        self.down = nn.Sequential(nn.Conv2d(i, o, 1), nn.BatchNorm2d(o)) if i != o else None
    def forward(self, x):
        y = self.act(self.conv(x))
        if self.down:
            x = self.down(x)
        return x + y
net = nn.Sequential(B(3, 8), B(8, 8))
net(torch.zeros(1, 3, 16, 16))
"""


def test_a_module_is_true_in_a_condition() -> None:
    made = read(BLOCK)
    assert made.notices == ()
    assert totals(made) == (856, 208_896)


def test_match_takes_the_case_that_fits() -> None:
    source = """
def layer(kind, width):
    match kind:
        case "conv" | "c":
            return nn.Conv2d(3, width, 3)
        case "pool":
            return nn.MaxPool2d(2)
        case other:
            return nn.Identity()
net = nn.Sequential(layer("c", 4), layer("pool", 0), layer("what", 0))
net(torch.zeros(1, 3, 8, 8))
"""
    assert codes(read(source)) == ["x: input 3x8x8", "layer0: conv 4 3x3", "layer1: maxpool 2x2", "layer2: identity"]


TIED = """
class LM(nn.Module):
    def __init__(self):
        super().__init__()
        self.tokens = nn.Embedding(100, 16)
        self.head = nn.Linear(16, 100, bias=False)
        self.head.weight = self.tokens.weight
    def forward(self, idx):
        return self.head(self.tokens(idx))
LM()(torch.zeros(1, 7, dtype=torch.long))
"""


def test_a_tied_matrix_names_its_owner() -> None:
    made = read(TIED)
    assert codes(made)[1:] == ["tokens: embedding 100 16", "head: dense 100 bias=false tied=kernel@tokens"]
    assert totals(made) == (1_600, 7 * 16 * 100)


def test_a_function_reads_the_weights_of_a_layer_turned() -> None:
    source = """
class Auto(nn.Module):
    def __init__(self):
        super().__init__()
        self.enc = nn.Linear(12, 8)
        self.bias = nn.Parameter(torch.zeros(12))
    def forward(self, x):
        return F.linear(torch.relu(self.enc(x)), self.enc.weight.t(), self.bias)
Auto()(torch.zeros(1, 12))
"""
    made = read(source)
    assert codes(made)[-1].endswith("dense 12 tied=kernel@enc")
    assert totals(made) == (12 * 8 + 8 + 12, 2 * 12 * 8)


def test_a_parameter_that_a_layer_has_is_tied_where_it_is_read_again() -> None:
    source = """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.randn(5, 4))
    def forward(self, x):
        return F.linear(x, self.w) @ self.w
Net()(torch.zeros(1, 4))
"""
    made = read(source)
    assert "w: parameter 5x4 tied=weight@linear" in codes(made)
    assert totals(made) == (20, 40)


FROZEN = """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(4, 4)
        self.fc = nn.Linear(4, 2)
        self.scale = nn.Parameter(torch.ones(2))
    def forward(self, x):
        return self.fc(self.a(x)) * self.scale
net = Net()
{freeze}
net(torch.zeros(1, 4))
"""


@pytest.mark.parametrize(("freeze", "trained"), [
    ("for name, p in net.named_parameters():\n    if not name.startswith('fc'):\n        p.requires_grad = False", 10),
    ("for p in net.parameters():\n    p.requires_grad_(False)", 0),
    ("net.fc.requires_grad_(False)", 20 + 2),
    ("net.scale.requires_grad = False", 30),
])  # fmt: skip
def test_parameters_are_frozen_by_name(freeze: str, trained: int) -> None:
    assert judged(read(FROZEN.format(freeze=freeze))).totals.trainable == trained


def test_a_bias_alone_that_is_frozen_is_told() -> None:
    made = read(FROZEN.format(freeze="net.fc.bias.requires_grad = False"))
    assert [(one.grade, one.text.split(":")[0]) for one in made.notices] == [("differs", "bias is not trained")]
    assert judged(made).totals.trainable == 32


def test_a_second_bias_that_stays_zero_is_none() -> None:
    source = """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l = nn.LSTM(6, 5, batch_first=True)
        nn.init.zeros_(self.l.bias_hh_l0).requires_grad_(False)
    def forward(self, x):
        return self.l(x)[0]
Net()(torch.zeros(1, 10, 6))
"""
    made = read(source)
    assert codes(made)[1] == "l: lstm 5 return_sequences=true bias_vectors=1"
    assert totals(made)[0] == 4 * (6 * 5 + 5 * 5 + 5)


def test_states_that_nobody_reads_are_no_outputs() -> None:
    source = """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l = nn.GRU(6, 5, batch_first=True)
    def forward(self, x):
        steps, state = self.l(x)
        return {gives}
Net()(torch.zeros(1, 10, 6))
"""
    assert codes(read(source.format(gives="steps")))[1] == "l: gru 5 return_sequences=true"
    assert "return_state=true" in codes(read(source.format(gives="(steps, state)")))[1]


def test_sizes_that_are_not_known_stay_symbols() -> None:
    source = """
from data import vocab
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.e = nn.Embedding(len(vocab), 8)
        self.fc = nn.Linear(8, len(vocab) + 1)
    def forward(self, x):
        return self.fc(self.e(x))
net = Net()
"""
    made = read(source)
    assert codes(made)[1:] == ["e: embedding vocab 8", "fc: dense vocab+1"]
    assert [one.grade for one in made.notices] == ["folded"] * 3


def test_steps_stand_in_front_of_the_batch_where_the_layers_have_them_so() -> None:
    source = """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.e = nn.Embedding(50, 8)
        self.t = nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 16), 1)
    def forward(self, x):
        return self.t(self.e(x))
"""
    assert codes(read(source))[0] == "x: input Tx1 whole=true dtype=int64"
    turned = source.replace("self.t(self.e(x))", "self.t(self.e(x).permute(1, 0, 2))")
    assert codes(read(turned))[0] == "x: input T dtype=int64"


EINOPS = """
from einops import rearrange, repeat, reduce
from einops.layers.torch import Rearrange
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.patch = nn.Sequential(Rearrange('b c (h p1) (w p2) -> b (h w) (p1 p2 c)', p1=4, p2=4), nn.Linear(48, 16))
        self.cls = nn.Parameter(torch.randn(1, 1, 16))
    def forward(self, x):
        x = self.patch(x)
        b, n, _ = x.shape
        x = torch.cat((repeat(self.cls, '1 1 d -> b 1 d', b=b), x), dim=1)
        x = rearrange(x, 'b n (h d) -> b h n d', h=2)
        x = rearrange(x, 'b h n d -> b n (h d)')
        return reduce(x, 'b n d -> b d', 'mean')
Net()(torch.zeros(2, 3, 8, 8))
"""


def test_einops_are_views_and_permutations() -> None:
    made = read(EINOPS)
    assert [one for one in made.notices if one.grade != "folded"] == []
    snapshot = judged(made)
    last = snapshot.result(len(snapshot.lines) - 1)
    assert last is not None
    assert last.outputs[0].shape == (2, 16)
    # 4 patches of 4*4*3 numbers in each of 2 images.
    assert totals(made) == (48 * 16 + 16 + 16, 2 * 4 * 48 * 16)


def test_a_pattern_without_its_sizes_is_told() -> None:
    made = read(EINOPS.replace(", p1=4, p2=4", ""))
    assert any("the sizes of h and p1 are not said" in one.text for one in made.notices)


def test_other_sizes_that_fit_are_told() -> None:
    made = read("net = nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(2048, 2))")
    assert codes(made)[0] == "x: input 3x32x32"  # 2,048 = 8*16*16, and a pool of 2 makes 16 of 32 and of 33
    assert "any from 32 to 33 would do" in made.notices[0].text


def test_weights_that_are_never_used_are_told() -> None:
    """torch.nn.Module.parameters has them: 4*4 + 4 of the layer, 3 of the parameter."""
    source = """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.aux = nn.Linear(4, 2), nn.Linear(4, 4)
        self.alpha, self.beta = nn.Parameter(torch.zeros(3)), nn.Parameter(torch.ones(2))
        self.act = nn.ReLU()
    def forward(self, x):
        return self.a(x) + self.beta
Net()(torch.zeros(1, 4))
"""
    made = read(source)
    assert [(one.grade, one.text.split(":")[0]) for one in made.notices] == [
        ("differs", "the network never uses aux, alpha")
    ]
    assert totals(made)[0] == 10 + 2


def test_a_network_of_a_library_is_named() -> None:
    with pytest.raises(FileError, match=r"made by torchvision\.models\.resnet18, whose source is not in the file"):
        read("import torchvision\nmodel = torchvision.models.resnet18(pretrained=True)")


def test_options_of_a_script_have_their_defaults() -> None:
    source = """
import argparse
def main():
    parser = argparse.ArgumentParser(description="a script")
    parser.add_argument("--hidden-size", type=int, default=32)
    parser.add_argument("-b", "--no-bias", action="store_true")
    parser.add_argument("--classes", type=int, required=True)
    args = parser.parse_args()
    hidden = nn.Linear(8, args.hidden_size, bias=not args.no_bias)
    model = nn.Sequential(hidden, nn.Linear(args.hidden_size, args.classes))
    model(torch.zeros(1, 8))
if __name__ == "__main__":
    main()
"""
    assert [code.partition(": ")[2] for code in codes(read(source))] == ["input 8", "dense 32", "dense classes"]


def test_a_constructor_asks_a_part_of_the_network_for_a_size() -> None:
    source = """
class Net(nn.Module):
    def __init__(self, shape=(3, 32, 32)):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(3, 8, 3, stride=2), nn.ReLU())
        with torch.no_grad():
            n = self.features(torch.zeros(1, *shape)).view(1, -1).size(1)
        self.fc = nn.Linear(n, 10)
    def forward(self, x):
        return self.fc(torch.flatten(self.features(x), 1))
net = Net()
"""
    made = read(source)
    # 32 - 3 over 2 and 1 more is 15.
    assert totals(made)[0] == (27 * 8 + 8) + (8 * 15 * 15 * 10 + 10)
    assert codes(made)[0] == "x: input 3x32x32"
