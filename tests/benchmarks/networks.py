"""The networks that are measured, as lines of text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tui.core.network import Line
from tui.formats.document import parse_document

RESNET_50_PARAMETERS: Final = 25_557_032
"""Source: torchvision's documentation of resnet50."""
RESNET_50: Final = (3, 4, 6, 3)
RESNET_152: Final = (3, 8, 36, 3)
"""Blocks of each stage: table 1 of the paper that :func:`resnet` names."""
RESNET_152_PARAMETERS: Final = 60_192_808
"""Source: torchvision's documentation of resnet152."""
FIRST_FILTERS: Final = 32
SIDE: Final = 512
"""Rows and columns of the images that ``cnn`` reads; four halvings leave 32."""


def cnn(layers: int, *, distinct: bool = False, side: str = str(SIDE), units: str = "10") -> list[str]:
    """A plain convolutional network of so many layers, its input among them: 3x3 convolutions and three poolings.

    ``distinct`` gives every convolution another number of filters, so that no two layers are equal.
    """
    every = max(3, (layers - 3) // 4)
    lines = [f"input {side}x{side}x3" if side.isdecimal() else f"input {side}x3"]
    pools = 0
    for i in range(layers - 3):
        if i and i % every == 0 and pools < 3:
            lines.append("maxpool 2")
            pools += 1
        elif i == 0:
            lines.append(f"conv {FIRST_FILTERS} 3x3 stride=1 padding=same")
        else:
            lines.append(f"conv {FIRST_FILTERS + i if distinct else FIRST_FILTERS} 3x3 padding=same")
    return [*lines, "flatten", f"dense {units}"]


def resnet(blocks_of: Sequence[int]) -> list[str]:
    """A ResNet of bottlenecks with the stride on the 3x3 convolution, as torchvision has it.

    Source: He, Zhang, Ren, Sun, "Deep Residual Learning for Image Recognition", 2016, table 1.
    """
    lines = ["set data_format=channels_first bias=false counting=pytorch", "input 3x224x224"]
    lines += ["conv 64 7x7 stride=2 padding=3", "batchnorm", "relu", "in1.0: maxpool 3 stride=2 padding=1"]
    for stage, blocks in enumerate(blocks_of, 1):
        width = 32 * 2**stage
        for block in range(blocks):
            stride = 2 if block == 0 and stage > 1 else 1
            here, after = f"{stage}.{block}", f"{stage}.{block + 1}" if block + 1 < blocks else f"{stage + 1}.0"
            lines += [f"conv {width} 1x1", "batchnorm", "relu"]
            lines += [f"conv {width} 3x3 stride={stride} padding=1", "batchnorm", "relu", f"conv {4 * width} 1x1"]
            if block == 0:
                lines += [f"main{here}: batchnorm", f"conv {4 * width} 1x1 stride={stride} @in{here}", "batchnorm"]
                lines += [f"add @main{here}"]
            else:
                lines += ["batchnorm", f"add @in{here}"]
            lines += [f"in{after}: relu"]
    return [*lines, "globalavgpool", "dense 1000 bias=true"]


def parsed(lines: list[str]) -> list[Line]:
    """The lines read; raises ValueError where one does not read."""
    found = parse_document("\n".join(lines))
    wrong = next((line for line in found if line.error is not None), None)
    if wrong is not None:
        raise ValueError(f"{wrong.text}: {wrong.error}")
    return found
