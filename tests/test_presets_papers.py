"""The presets of real architectures, held to the tables and figures of their papers and to sums by hand."""

from __future__ import annotations

from tests.opened_presets import computed, opened, results, shape, subtotal, text_of
from tui.core.groups import groups_of
from tui.core.size import bind, symbol
from tui.core.training import training

OPEN = "gpt-blocks"
"""The preset whose sizes are all free."""


def mobilenet_v2(w: int) -> int:
    """The parameters by the paper's table 2 (expansion, output channels in eighths of the width, repeats)."""
    table = [(1, 2, 1), (6, 3, 2), (6, 4, 3), (6, 8, 4), (6, 12, 3), (6, 20, 3), (6, 40, 1)]
    channels, total = 4 * w, 27 * 4 * w + 2 * 4 * w
    for expansion, eighths, repeats in table:
        for _ in range(repeats):
            inner, out = expansion * channels, eighths * w
            expand = channels * inner + 2 * inner if expansion > 1 else 0
            total += expand + 9 * inner + 2 * inner + inner * out + 2 * out
            channels = out
    last = max(1280, 160 * w)
    return total + channels * last + 2 * last + 1000 * last + 1000


def test_mobilenet_v2_holds_for_every_width() -> None:
    free = opened("mobilenet-v2", ("let w = 8\n", "")).totals.params
    assert not isinstance(free, int)
    assert [bind(free, {"w": w}) for w in (1, 6, 8, 11)] == [mobilenet_v2(w) for w in (1, 6, 8, 11)]
    assert mobilenet_v2(8) == 3_504_872
    assert opened("mobilenet-v2", ("let w = 8", "let w = 11")).totals.params == mobilenet_v2(11)


def test_blocks_of_gpt_with_nothing_bound() -> None:
    """By hand: attention 4*d**2 + 4*d, feed-forward 8*d**2 + 5*d, two norms 4*d, a last norm 2*d. A token costs as
    many MACs as there are weights in the matrices, and 2*T*d more for the scores and the weighted sum."""
    tokens, blocks, width = symbol("T"), symbol("L"), symbol("d")
    snapshot = opened(OPEN)
    head = subtotal(snapshot, "repeat L block")
    assert head.counts.params == 12 * blocks * width**2 + 13 * blocks * width
    assert head.outputs[0].shape == (1, tokens, width)
    assert snapshot.totals.params == 12 * blocks * width**2 + 13 * blocks * width + 2 * width
    assert snapshot.totals.macs == 12 * blocks * tokens * width**2 + 2 * blocks * tokens**2 * width
    # 15 widths of outputs a block, one of the input and one of the last norm; two moments for each parameter.
    need = training(snapshot, "adam")
    assert need.activations == 4 * tokens * width * (15 * blocks + 2)
    assert (need.gradients, need.optimizer) == (4 * snapshot.totals.params, 8 * snapshot.totals.params)
    # Inside the feed-forward network: four widths in, four out, one held for the sum; 4 bytes each.
    assert snapshot.peak.bytes == 36 * tokens * width


def test_the_blocks_of_gpt2_small_are_those_of_the_open_preset() -> None:
    values = {"L": 12, "d": 768, "T": 1024, "h": 12}
    free, small = opened(OPEN).totals, opened("gpt2-small").totals
    assert bind(free.params, values) == 124_439_808 - 50_257 * 768 - 1024 * 768
    assert small.macs == bind(free.macs, values) + 1024 * 768 * 50_257  # and the logits
    bound = opened(OPEN, ("\ninput", "let L = 12\nlet d = 768\nlet T = 1024\nlet h = 12\n\ninput"))
    assert computed(bound)
    assert (bound.totals.params, bound.totals.macs) == (bind(free.params, values), bind(free.macs, values))


def test_shapes_of_the_papers_tables() -> None:
    # Table 1 of He et al., of Szegedy et al. 2014 and 2015 and of Huang et al.; the stages of Liu et al.
    for name, counts, wide in (("resnet-50", (2, 3, 5, 2), 256), ("resnet-152", (2, 7, 35, 2), 256)):
        snapshot = opened(name)
        stages = [subtotal(snapshot, f"repeat {n} stage{i}.rest") for i, n in enumerate(counts, 1)]
        assert [s.outputs[0].shape[1:] for s in stages] == [(wide << i, 56 >> i, 56 >> i) for i in range(4)]
    googlenet = opened("inception-v1")
    shapes = [shape(googlenet, f"inception{n}.concat") for n in ("3a", "3b", "4a", "4b", "4c", "4d", "4e", "5a", "5b")]
    assert [c for c, _, _ in shapes] == [256, 480, 512, 512, 512, 528, 832, 832, 1024]
    assert [h for _, h, _ in shapes] == [28, 28, 14, 14, 14, 14, 14, 7, 7]
    v3 = opened("inception-v3")
    assert [shape(v3, f"mixed{n}.concat") for n in ("6a", "6e", "7a")] == [(768, 17, 17), (768, 17, 17), (1280, 8, 8)]
    assert [subtotal(v3, f"repeat 2 mixed{n}").outputs[0].shape[1:] for n in (5, 7)] == [(288, 35, 35), (2048, 8, 8)]
    densenet = opened("densenet-121")
    assert [shape(densenet, f"transition{i}.pool") for i in (1, 2, 3)] == [(128, 28, 28), (256, 14, 14), (512, 7, 7)]
    convnext = opened("convnext-t")
    blocks = [subtotal(convnext, f"repeat {n} stage{i}.blocks") for i, n in ((1, 3), (2, 3), (3, 9), (4, 3))]
    assert [b.outputs[0].shape[1:] for b in blocks] == [(56, 56, 96), (28, 28, 192), (14, 14, 384), (7, 7, 768)]


def test_unet_by_the_figure_of_its_paper() -> None:
    snapshot = opened("unet")
    sides = [570, 568, 284, 282, 280, 140, 138, 136, 68, 66, 64, 32, 30, 28, 56, 54, 52, 104, 102, 100, 200, 198, 196,
             392, 390, 388]  # fmt: skip
    found = [r.outputs[0].shape[-1] for r in results(snapshot)]
    assert list(dict.fromkeys(found)) == [572, *sides]
    kinds = [line.spec.kind.name for line in snapshot.lines if line.spec is not None]
    # "In total the network has 23 convolutional layers" (section 2).
    assert kinds.count("conv") + kinds.count("convtranspose") == 23
    convs = [(1, 64), (64, 64), (64, 128), (128, 128), (128, 256), (256, 256), (256, 512), (512, 512), (512, 1024),
             (1024, 1024), (1024, 512), (512, 512), (512, 256), (256, 256), (256, 128), (128, 128), (128, 64),
             (64, 64)]  # fmt: skip
    ups = [(1024, 512), (512, 256), (256, 128), (128, 64)]
    by_hand = sum(9 * a * b + b for a, b in convs) + sum(4 * a * b + b for a, b in ups) + 64 * 2 + 2
    assert snapshot.totals.params == by_hand


def test_ds_cnn_by_the_memory_and_operations_of_its_paper() -> None:
    """Zhang et al. on DS-CNN (S): 38.6 KB and 5.4 MOps. There the normalization is folded into the layers
    before it, all is in 8 bits, and memory is the weights and the two largest activations together."""
    totals = opened("ds-cnn").totals
    assert isinstance(totals.params, int)
    folded = totals.params - 9 * 4 * 64
    assert folded + 2 * 25 * 5 * 64 == 38_604
    # Two operations for each MAC are 5.31 million; with one addition of a bias an output they are 5.4.
    biases = 9 * 25 * 5 * 64 + 12
    assert isinstance(totals.flops, int)
    assert (totals.flops, round((totals.flops + biases) / 1e6, 1)) == (5_313_536, 5.4)


def test_mobilenet_v1_by_the_tables_of_its_paper() -> None:
    """Howard et al., table 6: 569 million MACs at full width, 41 at a quarter, on 224x224 images. Keras counts
    4,253,864 parameters at full width; MLPerf Tiny's reference adds a bias for each of 10,944 channels."""
    large = (("96x96x3", "224x224x3"), ("dense 2", "dense 1000"))
    full = opened("mobilenet-v1-0.25", *large, ("let w = 8", "let w = 32")).totals
    assert isinstance(full.macs, int)
    assert (round(full.macs / 1e6), full.params) == (569, 4_253_864 + 10_944)
    quarter = opened("mobilenet-v1-0.25", *large).totals.macs
    assert isinstance(quarter, int)
    assert round(quarter / 1e6) == 41


def test_receptive_fields_of_the_distill_article() -> None:
    # Araujo, Norris, Sim, Distill 2019: MobileNet_v1 315, whatever the width, and inception_v3 1,311.
    mobilenet, inception = opened("mobilenet-v1-0.25"), opened("inception-v3")
    (row,) = [row for row, line in enumerate(inception.lines) if line.code == "repeat 2 mixed7"]
    fields = [mobilenet.field(mobilenet.names["block13.relu2"]), inception.field(row)]
    assert [field.sizes() for field in fields if field is not None] == [(315, 315), (1311, 1311)]


def test_a_deep_network_is_no_longer_than_a_shallow_one() -> None:
    assert len(text_of("resnet-152").splitlines()) == len(text_of("resnet-50").splitlines())
    # 35 bottlenecks of 1024*256 + 9*256*256 + 256*1024 weights and 2*(256 + 256 + 1024) of their norms.
    third = subtotal(opened("resnet-152"), "repeat 35 stage3.rest")
    assert third.counts.params == 35 * 1_117_184


def test_stages_fold_whole() -> None:
    labels = [group.label for group in groups_of(opened("resnet-50").lines) if group.depth == 0]
    assert labels == ["stem", "stage1", "stage2", "stage3", "stage4", "head"]
    # He et al., table 1: the third stage is 6 blocks; by hand 1024*512 + 2048 for the shortcut, 512*256 + 1,117,184 -
    # 1024*256 for the block that narrows from 512 channels, and 5 further blocks.
    snapshot = opened("resnet-50")
    third = next(group.rows for group in groups_of(snapshot.lines) if group.label == "stage3")
    first = 512 * 1024 + 2048 + 512 * 256 + 1_117_184 - 1024 * 256
    assert snapshot.subtotal(third).counts.params == first + 5 * 1_117_184
