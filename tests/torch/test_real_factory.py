"""A factory in real PyTorch: parameters, and the same MACs as its flop counter."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.formats.torch.nets import MORE, NETS, judged
from tui.formats.factory import from_factory

pytest.importorskip("torch")
pytestmark = pytest.mark.torch


@pytest.mark.parametrize("name", ["pt000", "pt009", "pt012", "pt014", "unet"])
def test_a_network_of_the_data(name: str, tmp_path: Path) -> None:
    net = (NETS | MORE)[name]
    (tmp_path / "net.py").write_text(net["source"])
    space: dict[str, object] = {}
    for line in net["source"].split("\n"):
        if line.startswith("INPUT_SHAPES"):
            exec(line, space)
    shapes = space["INPUT_SHAPES"]
    assert isinstance(shapes, list)
    made = from_factory("net:Net", ["x".join(map(str, shape[1:])) for shape in shapes], folder=tmp_path,
                        python=sys.executable)  # fmt: skip
    totals = judged(made).totals
    assert (totals.params, totals.macs) == (net["params"], net["macs"])


def test_a_network_that_cannot_be_exported(tmp_path: Path) -> None:
    (tmp_path / "net.py").write_text(
        "import torch.nn as nn\nclass Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        "        self.a = nn.Conv2d(3, 8, 3)\n        self.b = nn.Linear(8, 4)\n    def forward(self, x):\n"
        "        x = self.a(x).mean((2, 3))\n        return self.b(x if x.sum().item() > 0 else -x)\n"
    )
    totals = judged(made := from_factory("net:Net", ["3x16x16"], folder=tmp_path)).totals
    assert totals.params == 8 * 27 + 8 + 8 * 4 + 4
    assert totals.macs == 14 * 14 * 8 * 27 + 32
    assert not totals.complete
    assert made.notices[0].grade == "refused"
