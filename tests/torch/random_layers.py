"""Random layers of PyTorch's commonest classes, by the name of the class."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from tests.torch.random_windows import (
    Case,
    adaptive,
    average_pool,
    convolution,
    fold,
    lp_pool,
    max_pool,
    padding,
    shuffle,
    some,
    transposed,
    unfold,
    unshuffle,
    upsample,
)


def linear(random: Random) -> Case:
    width = random.randint(1, 20)
    lead = [random.randint(1, 5) for _ in range(random.randint(0, 3))]
    given = width if random.random() < 0.9 else width + 1
    args = {"in_features": given, "out_features": random.randint(1, 20), **some(random, bias=False)}
    return args, [[*lead, width]], "float"


def bilinear(random: Random) -> Case:
    first, second, batch = (random.randint(1, 8) for _ in range(3))
    args = {"in1_features": first, "in2_features": second, "out_features": random.randint(1, 8)}
    return {**args, **some(random, bias=False)}, [[batch, first], [batch, second]], "float"


def embedding(random: Random) -> Case:
    args = {"num_embeddings": random.randint(1, 50), "embedding_dim": random.randint(1, 16)}
    return args, [[random.randint(1, 4) for _ in range(random.randint(1, 3))]], "index"


def batch_norm(random: Random, rank: int) -> Case:
    channels = random.randint(1, 8)
    given = channels if random.random() < 0.9 else channels + 1
    options = some(random, affine=random.random() < 0.5, track_running_stats=random.random() < 0.5)
    return {"num_features": given, **options}, [[2, channels, *(random.randint(2, 6) for _ in range(rank))]], "float"


def group_norm(random: Random) -> Case:
    groups = random.randint(1, 4)
    channels = groups * random.randint(1, 4) + (random.random() < 0.1)
    args = {"num_groups": groups, "num_channels": channels, **some(random, affine=random.random() < 0.5)}
    return args, [[2, channels, *(random.randint(2, 5) for _ in range(random.randint(1, 3)))]], "float"


def layer_norm(random: Random) -> Case:
    shape = [random.randint(1, 6) for _ in range(random.randint(2, 4))]
    args = {"normalized_shape": shape[-random.randint(1, len(shape)) :]}
    return (
        {**args, **some(random, elementwise_affine=random.random() < 0.5, bias=random.random() < 0.5)},
        [shape],
        ("float"),
    )


def recurrent(random: Random, projected: bool) -> Case:
    width, hidden = random.randint(1, 8), random.randint(2, 8)
    args: dict[str, Any] = {"input_size": width, "hidden_size": hidden, **some(
        random, num_layers=random.randint(1, 3), bias=random.random() < 0.5, batch_first=random.random() < 0.5,
        bidirectional=random.random() < 0.5,
    )}  # fmt: skip
    if projected and random.random() < 0.4:
        args["proj_size"] = random.randint(1, hidden)
    return args, [[random.randint(1, 4), random.randint(1, 5), width]], "float"


def cell(random: Random) -> Case:
    width = random.randint(1, 8)
    args = {"input_size": width, "hidden_size": random.randint(1, 8), **some(random, bias=random.random() < 0.5)}
    return args, [[random.randint(1, 4), width]], "float"


def attention(random: Random) -> Case:
    heads = random.randint(1, 4)
    width = heads * random.randint(1, 5) + (random.random() < 0.1)
    options = some(random, bias=random.random() < 0.5, batch_first=True, add_bias_kv=True, add_zero_attn=True)
    query, key, batch = (random.randint(1, 5) for _ in range(3))
    shapes = [[batch, steps, width] if options.get("batch_first") else [steps, batch, width]
              for steps in (query, key, key)]  # fmt: skip
    return {"embed_dim": width, "num_heads": heads, **options}, shapes, "float"


def encoder(random: Random) -> Case:
    heads = random.randint(1, 4)
    width = heads * random.randint(1, 5)
    args = {"d_model": width, "nhead": heads, "dim_feedforward": random.randint(1, 20), "dropout": 0.0}
    options = some(random, batch_first=True, norm_first=True, bias=random.random() < 0.5)
    return {**args, **options}, [[random.randint(1, 4), random.randint(1, 5), width]], "float"


def prelu(random: Random) -> Case:
    channels = random.randint(1, 6)
    return some(random, num_parameters=random.choice([1, channels, channels + 1])), [[2, channels, 3, 4]], "float"


def flatten(random: Random) -> Case:
    axes = {"start_dim": random.randint(-4, 3), "end_dim": random.randint(-4, 3)}
    return some(random, **axes), [[random.randint(1, 4) for _ in range(random.randint(1, 4))]], "float"


def along_axis(random: Random) -> Case:
    shape = [random.randint(1, 6) for _ in range(random.randint(1, 4))]
    return {"dim": random.randint(-4, 3)}, [shape], "float"


def unflatten(random: Random) -> Case:
    parts = [random.randint(1, 4) for _ in range(random.randint(1, 3))]
    shape = [random.randint(1, 3) for _ in range(3)]
    axis = random.randint(0, 2)
    shape[axis] = 1 + (random.random() < 0.1)
    for part in parts:
        shape[axis] *= part
    if random.random() < 0.3:
        parts[0] = -1
    return {"dim": axis, "unflattened_size": parts}, [shape], "float"


def rms_norm(random: Random) -> Case:
    shape = [random.randint(1, 6) for _ in range(random.randint(2, 4))]
    affine = some(random, elementwise_affine=random.random() < 0.5)
    return {"normalized_shape": shape[-random.randint(1, len(shape)) :], **affine}, [shape], "float"


def decoder(random: Random) -> Case:
    (args, (shape,), holds) = encoder(random)
    longer = [*shape]
    longer[1 if args.get("batch_first") else 0] += random.randint(0, 3)
    return args, [shape, longer], holds


def ranked(name: str, make: Callable[[Random, int], Case]) -> dict[str, Callable[[Random], Case]]:
    return {f"{name}{rank}d": lambda random, rank=rank: make(random, rank) for rank in (1, 2, 3)}


CLASSES: dict[str, Callable[[Random], Case]] = {
    **ranked("Conv", convolution), **ranked("ConvTranspose", transposed),
    **ranked("MaxPool", max_pool), **ranked("AvgPool", average_pool),
    **ranked("AdaptiveAvgPool", adaptive), **ranked("AdaptiveMaxPool", adaptive),
    **ranked("BatchNorm", batch_norm), **ranked("InstanceNorm", batch_norm),
    "Linear": linear, "Bilinear": bilinear, "Embedding": embedding, "GroupNorm": group_norm, "LayerNorm": layer_norm,
    "RNN": lambda random: recurrent(random, False), "GRU": lambda random: recurrent(random, False),
    "LSTM": lambda random: recurrent(random, True), "RNNCell": cell, "GRUCell": cell, "LSTMCell": cell,
    "MultiheadAttention": attention, "TransformerEncoderLayer": encoder, "PReLU": prelu, "Flatten": flatten,
    "Upsample": upsample, "PixelShuffle": shuffle, "ReflectionPad2d": padding, "ReplicationPad2d": padding,
    "CircularPad2d": padding, "ZeroPad2d": padding, "Unfold": unfold, **ranked("LPPool", lp_pool), "Fold": fold,
    "PixelUnshuffle": unshuffle, "GLU": along_axis, "Softmax": along_axis, "Unflatten": unflatten, "RMSNorm": rms_norm,
    "TransformerDecoderLayer": decoder,
}  # fmt: skip
