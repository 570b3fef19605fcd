"""What it takes to ask torchinfo again: a script that builds ResNet-50's layers, and the start of Python with it."""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Final

from tests.benchmarks.goals import Options, Outcome
from tests.benchmarks.networks import RESNET_50, RESNET_50_PARAMETERS, parsed, resnet
from tests.benchmarks.screen import PRESSES
from tests.benchmarks.terminal import Terminal, environment, layersheet
from tui.core.snapshot import Snapshot

NO_TORCH: Final = "torch and torchinfo are not installed (--torch-python names a Python)"
WHAT: Final = "rerun of a torchinfo script / key to answer: ResNet-50"

# As a user would have it, on the meta device: nothing is computed but shapes, the fastest that torchinfo offers.
SCRIPT: Final = """\
import torch
from torch import nn
import torchinfo


class Bottleneck(nn.Module):
    def __init__(self, channels, width, stride):
        super().__init__()
        self.main = nn.Sequential(
            nn.Conv2d(channels, width, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU(),
            nn.Conv2d(width, width, 3, stride, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU(),
            nn.Conv2d(width, 4 * width, 1, bias=False), nn.BatchNorm2d(4 * width),
        )
        self.side = nn.Identity()
        if channels != 4 * width:
            self.side = nn.Sequential(
                nn.Conv2d(channels, 4 * width, 1, stride, bias=False), nn.BatchNorm2d(4 * width)
            )
        self.last = nn.ReLU()

    def forward(self, x):
        return self.last(self.main(x) + self.side(x))


with torch.device("meta"):
    layers = [nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(3, 2, 1)]
    channels = 64
    for stage, blocks in enumerate(BLOCKS):
        for block in range(blocks):
            layers.append(Bottleneck(channels, 64 << stage, 2 if block == 0 and stage else 1))
            channels = 256 << stage
    model = nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(2048, 1000)).eval()
    x = torch.empty(1, 3, 224, 224)
print(torchinfo.summary(model, input_data=x, device="meta", depth=4, verbose=0))
"""


def script_of(blocks: Sequence[int]) -> str:
    """The script for a ResNet with so many blocks in its stages."""
    return SCRIPT.replace("BLOCKS", repr(tuple(blocks)))


def lacking(options: Options) -> bool:
    """Whether the Python that was named has no torch and torchinfo."""
    asked = subprocess.run([options.torch_python, "-c", "import torch, torchinfo"], capture_output=True, check=False)
    return bool(asked.returncode)


def rerun(options: Options) -> list[Outcome]:
    """The loop of today, edit a script and run it, and a key press in the program."""
    if lacking(options):
        return [Outcome(WHAT, ">=", 500, note=NO_TORCH)]
    lines = resnet(RESNET_50)
    if Snapshot.of(parsed(lines)).totals.params != RESNET_50_PARAMETERS:
        raise ValueError("these are not ResNet-50's layers")
    scripts, presses = [], []
    with tempfile.TemporaryDirectory(prefix="layersheet-") as name:
        folder = Path(name)
        script, path = folder / "summary.py", folder / "resnet-50.layers"
        script.write_text(script_of(RESNET_50))
        path.write_text("\n".join(lines) + "\n")
        with Terminal(layersheet(str(path)), environment(folder)) as terminal:
            terminal.start("9,408")  # 7*7*3*64
            terminal.rest(1.0)
            filters = 64
            for turn in range(options.rounds + 1):
                begun = time.perf_counter()
                done = subprocess.run([options.torch_python, str(script)], capture_output=True, text=True, check=True)
                taken = (time.perf_counter() - begun) * 1e3
                if f"{RESNET_50_PARAMETERS:,}" not in done.stdout:
                    raise ValueError("the script did not build ResNet-50's layers")
                keys = []
                for _ in range(PRESSES):
                    filters += 1
                    keys.append(terminal.press("+", f" {7 * 7 * 3 * filters:,}"))
                if turn:  # the first round reads torch from the disk
                    scripts.append(taken)
                    presses.append(median(keys))
    return [Outcome(WHAT, ">=", 500, scripts, presses)]
