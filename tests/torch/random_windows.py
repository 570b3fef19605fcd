"""Random layers of PyTorch that read windows or move units about: arguments and input shapes, some of them refused."""

from __future__ import annotations

from random import Random
from typing import Any

Case = tuple[dict[str, Any], list[list[int]], str]
"""Arguments of the constructor, whole input shapes, and what the inputs hold: ``float`` or ``index``."""


def per_axis(random: Random, rank: int, low: int, high: int) -> int | list[int]:
    """One number for every axis, or one for each."""
    if random.random() < 0.5:
        return random.randint(low, high)
    return [random.randint(low, high) for _ in range(rank)]


def some(random: Random, **optional: Any) -> dict[str, Any]:
    """About half of the arguments; the others keep PyTorch's default."""
    return {name: value for name, value in optional.items() if random.random() < 0.5}


def space(random: Random, rank: int, high: int) -> list[int]:
    return [random.randint(1, high) for _ in range(rank)]


def convolution(random: Random, rank: int) -> Case:
    groups = random.choice([1, 1, 1, 2, 3])
    channels = groups * random.randint(1, 3)
    args = {
        "in_channels": channels,
        "out_channels": groups * random.randint(1, 4),
        "kernel_size": per_axis(random, rank, 1, 4),
        **some(
            random,
            stride=per_axis(random, rank, 1, 3),
            padding=random.choice(["same", "valid", per_axis(random, rank, 0, 3)]),
            dilation=per_axis(random, rank, 1, 3),
            groups=groups,
            bias=random.random() < 0.5,
            padding_mode=random.choice(["zeros", "reflect", "replicate", "circular"]),
        ),
    }
    return args, [[random.randint(1, 3), channels, *space(random, rank, 12)]], "float"


def transposed(random: Random, rank: int) -> Case:
    groups = random.choice([1, 1, 2])
    channels = groups * random.randint(1, 3)
    args = {
        "in_channels": channels,
        "out_channels": groups * random.randint(1, 3),
        "kernel_size": per_axis(random, rank, 1, 4),
        **some(
            random,
            stride=per_axis(random, rank, 1, 3),
            padding=per_axis(random, rank, 0, 2),
            output_padding=per_axis(random, rank, 0, 2),
            dilation=per_axis(random, rank, 1, 2),
            groups=groups,
            bias=random.random() < 0.5,
        ),
    }
    return args, [[random.randint(1, 2), channels, *space(random, rank, 8)]], "float"


def max_pool(random: Random, rank: int) -> Case:
    options = {"ceil_mode": random.random() < 0.5, "dilation": per_axis(random, rank, 1, 3)}
    return pool(random, rank, **options)


def average_pool(random: Random, rank: int) -> Case:
    return pool(random, rank, ceil_mode=random.random() < 0.5, count_include_pad=random.random() < 0.5)


def pool(random: Random, rank: int, **options: Any) -> Case:
    steps = {"stride": per_axis(random, rank, 1, 4), "padding": per_axis(random, rank, 0, 2)}
    if rank == 1:  # AvgPool1d takes a list of one too, which says nothing new
        steps = {name: value if isinstance(value, int) else value[0] for name, value in steps.items()}
    args = {"kernel_size": random.randint(1, 5), **some(random, **steps, **options)}
    return args, [[random.randint(1, 2), random.randint(1, 4), *space(random, rank, 14)]], "float"


def adaptive(random: Random, rank: int) -> Case:
    size = random.randint(1, 6) if random.random() < 0.5 or rank == 1 else space(random, rank, 6)
    return {"output_size": size}, [[random.randint(1, 2), random.randint(1, 4), *space(random, rank, 9)]], "float"


def padding(random: Random) -> Case:
    return {"padding": [random.randint(-1, 4) for _ in range(4)]}, [[1, 2, *space(random, 2, 6)]], "float"


def unfold(random: Random) -> Case:
    options = {name: per_axis(random, 2, low, 3) for name, low in (("dilation", 1), ("padding", 0), ("stride", 1))}
    return (
        {"kernel_size": per_axis(random, 2, 1, 4), **some(random, **options)},
        [[2, 3, *space(random, 2, 9)]],
        ("float"),
    )


def fold(random: Random) -> Case:
    size, kernel, channels = space(random, 2, 7), random.randint(1, 3), random.randint(1, 2)
    stride = random.randint(1, 2)
    columns = 1
    for n in size:
        columns *= max((n - kernel) // stride + 1, 1)
    columns += random.random() < 0.1
    return {"output_size": size, "kernel_size": kernel, "stride": stride}, [[2, channels * kernel**2, columns]], "float"


def lp_pool(random: Random, rank: int) -> Case:
    args = {"norm_type": 2, "kernel_size": random.randint(1, 4)}
    options = some(random, stride=random.randint(1, 3), ceil_mode=random.random() < 0.5)
    return {**args, **options}, [[1, 2, *space(random, rank, 9)]], "float"


def shuffle(random: Random) -> Case:
    factor = random.randint(1, 3)
    channels = random.randint(1, 3) * factor**2 + (random.random() < 0.2)
    return {"upscale_factor": factor}, [[1, channels, random.randint(1, 5), random.randint(1, 5)]], "float"


def unshuffle(random: Random) -> Case:
    factor = random.randint(1, 3)
    spatial = [random.randint(1, 3) * factor + (random.random() < 0.1) for _ in range(2)]
    return {"downscale_factor": factor}, [[1, random.randint(1, 3), *spatial]], "float"


def upsample(random: Random) -> Case:
    rank = random.randint(1, 3)
    size: dict[str, Any] = {"scale_factor": random.choice([2, 1.5, 0.5, 3])}
    if random.random() < 0.4:
        size = {"size": random.randint(1, 9)}
    mode = random.choice(["nearest", "linear", "bilinear", "trilinear", "bicubic"])
    return {**size, **some(random, mode=mode)}, [[1, 2, *(random.randint(2, 6) for _ in range(rank))]], "float"
