"""The presets of real architectures, held to the totals that are published for them.

Sources of the numbers: torchvision's model table (``num_params``, and ``GFLOPS``, which are multiply-adds in
10**9 of convolutions, linear layers and attention products, as our MACs are); the papers' tables; Hugging Face's
parameter counts of GPT-2; the model summaries of MLPerf Tiny's references and of the Keras code examples;
milesial's Pytorch-UNet.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.opened_presets import computed, opened, results
from tui.core.snapshot import difference

TORCHVISION = {
    # name: (num_params, GFLOPS); our MACs differ from the second by its rounding alone
    "resnet-18": (11_689_512, 1.814),
    "resnet-50": (25_557_032, 4.089),
    "resnet-152": (60_192_808, 11.514),
    "mobilenet-v2": (3_504_872, 0.301),
    "efficientnet-b0": (5_288_548, 0.386),
    "inception-v1": (6_624_904, 1.498),
    # Without the auxiliary classifier, which is not run: 768*128 + 256 + 25*128*768 + 1536 + 768*1000 + 1000.
    "inception-v3": (27_161_264 - 3_326_696, 5.713),
    "densenet-121": (7_978_856, 2.834),
    "squeezenet-1.1": (1_235_496, 0.349),
    "convnext-t": (28_589_128, 4.456),
    "vit-b-16": (86_567_656, 17.564),
}
OTHERS = {
    "gpt2-small": 124_439_808,  # Hugging Face's gpt2; the logits share the table of the tokens
    "lstm-text": 2_757_761,  # the summary in the Keras example: 2,560,000 + 98,816 + 98,816 + 129
    "ds-cnn": 24_908,  # MLPerf Tiny, keyword spotting: 23,756 trainable and 1,152 not
    "mobilenet-v1-0.25": 221_794,  # MLPerf Tiny, visual wake words: 216,322 trainable and 5,472 not
    "unet-padded": 31_037_633,  # milesial's UNet(n_channels=3, n_classes=1, bilinear=False)
}
REAL = [*TORCHVISION, *OTHERS, "unet", "gpt-blocks"]
WARNED = {
    # Keras pads these with padding=same; PyTorch would ask for numbers.
    "ds-cnn": {"PyTorch refuses padding=same with a stride above 1"},
    "mobilenet-v1-0.25": {"PyTorch refuses padding=same with a stride above 1"},
    # 224 - 3 is odd: the first convolution of this network does pass over a row.
    "squeezenet-1.1": {"no window reads the last 1 row and 1 column of the input"},
}


@pytest.mark.parametrize("name", REAL)
def test_a_preset_opens_without_an_error(name: str) -> None:
    snapshot = opened(name)
    assert computed(snapshot)
    assert {r.message for r in results(snapshot) if r.message is not None} == WARNED.get(name, set())


@pytest.mark.parametrize(("name", "published"), TORCHVISION.items())
def test_torchvisions_table(name: str, published: tuple[int, float]) -> None:
    totals = opened(name).totals
    assert isinstance(totals.macs, int)
    assert (totals.params, round(totals.macs / 1e9, 3)) == published


@pytest.mark.parametrize(("name", "published"), OTHERS.items())
def test_published_totals(name: str, published: int) -> None:
    assert opened(name).totals.params == published


@pytest.mark.parametrize(
    ("name", "trainable", "non_trainable"), [("ds-cnn", 23_756, 1_152), ("mobilenet-v1-0.25", 216_322, 5_472)]
)
def test_moving_statistics_of_keras_networks(name: str, trainable: int, non_trainable: int) -> None:
    totals = opened(name).totals
    assert (totals.trainable, totals.non_trainable) == (trainable, non_trainable)


VARIANTS: dict[str, tuple[Any, ...]] = {
    # The same files with the counts of blocks and the widths of a larger network: torchvision's num_params, and
    # Hugging Face's for GPT-2.
    "resnet-34": (21_797_672, "resnet-18", ("repeat 2 stage1", "repeat 3 stage1"),
                  ("repeat 1 stage2", "repeat 3 stage2"), ("repeat 1 stage3", "repeat 5 stage3"),
                  ("repeat 1 stage4", "repeat 2 stage4")),
    "resnet-101": (44_549_160, "resnet-50", ("repeat 5 stage3", "repeat 22 stage3")),
    "densenet-169": (14_149_480, "densenet-121", ("repeat 24 block3", "repeat 32 block3"),
                     ("conv 16*k 1x1", "conv 20*k 1x1"), ("repeat 16 block4", "repeat 32 block4")),
    "densenet-161": (28_681_000, "densenet-121", ("let k = 32", "let k = 48"), ("repeat 24 block3", "repeat 36 block3"),
                     ("conv 16*k 1x1", "conv 22*k 1x1"), ("repeat 16 block4", "repeat 24 block4")),
    "convnext_small": (50_223_688, "convnext-t", ("repeat 9 stage3", "repeat 27 stage3")),
    "convnext_base": (88_591_464, "convnext-t", ("repeat 9 stage3", "repeat 27 stage3"), ("let c = 96", "let c = 128")),
    "vit_b_32": (88_224_232, "vit-b-16", ("16x16 stride=16", "32x32 stride=32")),
    "vit_l_16": (304_326_632, "vit-b-16", ("let L = 12", "let L = 24"), ("let d = 768", "let d = 1024")),
    "gpt2-medium": (354_823_168, "gpt2-small", ("let L = 12", "let L = 24"), ("let d = 768", "let d = 1024")),
    "gpt2-large": (774_030_080, "gpt2-small", ("let L = 12", "let L = 36"), ("let d = 768", "let d = 1280")),
    "gpt2-xl": (1_557_611_200, "gpt2-small", ("let L = 12", "let L = 48"), ("let d = 768", "let d = 1600")),
}  # fmt: skip


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_change_of_a_word_or_two_gives_the_larger_network(variant: str) -> None:
    published, name, *changes = VARIANTS[variant]
    snapshot = opened(name, *changes)
    assert computed(snapshot)
    assert snapshot.totals.params == published


OTHER_SIZES = [
    ("224x224", "192x256", ["resnet-18", "resnet-50", "resnet-152", "mobilenet-v2", "efficientnet-b0", "inception-v1",
                            "densenet-121", "squeezenet-1.1", "convnext-t"]),
    ("input 224x224x3", "input 384x384x3", ["vit-b-16"]),
    ("299x299", "320x224", ["inception-v3"]),
    ("input 1x572x572", "input 3x700x188", ["unet"]),
    ("input 3x512x512", "input 1x240x320", ["unet-padded"]),
    ("let T = 1024", "let T = 77", ["gpt2-small"]),
    ("input 200", "input 80", ["lstm-text"]),
    ("49x10x1", "98x40x1", ["ds-cnn"]),
    ("96x96x3", "128x160x3", ["mobilenet-v1-0.25"]),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "name"), [(old, new, n) for old, new, names in OTHER_SIZES for n in names])
def test_another_input_size_keeps_it_computed(old: str, new: str, name: str) -> None:
    before, after = opened(name), opened(name, (old, new))
    assert computed(after)
    assert after.totals.macs != before.totals.macs
    # Of these only the positions of a vision transformer and the channels of the input are counted in weights.
    if name not in ("vit-b-16", "unet", "unet-padded"):
        assert after.totals.params == before.totals.params
    edited = before.edited([difference(before.lines, after.lines)])
    assert computed(edited)
    assert (edited.totals, edited.peak) == (after.totals, after.peak)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("resnet-18", "dense 1000", "dense 10"),
        ("resnet-50", "dense 1000", "dense 10"),
        ("resnet-152", "dense 1000", "dense n"),
        ("mobilenet-v2", "let w = 8", "let w = 6"),
        ("efficientnet-b0", "conv 1280 1x1", "conv 1536 1x1"),
        ("inception-v1", "five.conv: conv 128 3x3", "five.conv: conv 96 3x3"),
        ("inception-v3", "conv 160 1x1", "conv 128 1x1"),
        ("densenet-121", "let k = 32", "let k = 12"),
        ("squeezenet-1.1", "squeeze: conv 16 1x1", "squeeze: conv 24 1x1"),
        ("convnext-t", "let c = 96", "let c = 40"),
        ("vit-b-16", "let d = 768", "let d = 192"),
        ("gpt2-small", "let d = 768", "let d = 128"),
        ("unet", "bottom.conv1: conv 1024", "bottom.conv1: conv 512"),
        ("unet-padded", "bottom.conv1: conv 1024", "bottom.conv1: conv 512"),
        ("lstm-text", "lstm 64", "lstm 32"),
        ("ds-cnn", "conv 64 ", "conv 172 "),
        ("mobilenet-v1-0.25", "let w = 8", "let w = 32"),
    ],
)
def test_another_width_keeps_it_computed(name: str, old: str, new: str) -> None:
    before, after = opened(name), opened(name, (old, new))
    assert computed(after)
    assert after.totals.params != before.totals.params
    edited = before.edited([difference(before.lines, after.lines)])
    assert (edited.totals, edited.peak) == (after.totals, after.peak)
