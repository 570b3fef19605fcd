"""Totals and the peak of activation memory, reckoned by hand on small networks."""

from __future__ import annotations

import pytest

from tests.samples import WORKED
from tui.core.measure import Peak, Totals
from tui.core.metric import METRICS
from tui.core.size import at_least, bind, maximum, symbol
from tui.core.snapshot import Snapshot
from tui.formats.document import parse_document


def opened(text: str) -> Snapshot:
    return Snapshot.of(parse_document(text))


def test_the_totals_of_the_worked_example() -> None:
    # 320 + 7,200 + 21,600 + 19,200 + 160*n parameters; MACs are those times the positions of each output:
    # 320*36*28 + 7,200*16*12 + 21,600*6*4 + 19,200*2*1 + 160*n = 2,261,760 + 160*n.
    totals = opened(WORKED).totals
    n = symbol("n")
    assert totals.params == totals.trainable == 48_320 + 160 * n
    assert totals.non_trainable == totals.buffers == 0
    assert totals.macs == 2_261_760 + 160 * n
    assert totals.flops == 2 * (2_261_760 + 160 * n)
    assert totals.weight_bytes == 4 * (48_320 + 160 * n)
    assert totals.complete


def test_the_totals_of_the_worked_example_with_biases() -> None:
    totals = opened(WORKED.replace("bias=false", "bias=true")).totals
    assert totals.params == 48_320 + 20 + 40 + 60 + 80 + 160 * symbol("n") + symbol("n")


def test_a_bound_symbol_gives_plain_numbers() -> None:
    totals = opened("let n = 10\n" + WORKED).totals
    assert totals.params == 49_920
    assert type(totals.params) is int


def test_frozen_layers_and_statistics() -> None:
    # batchnorm on 4 channels: scale and shift 2*4, moving mean and variance 2*4 (Keras
    # counts 4C of which 2C do not train; PyTorch 2C parameters and 2C + 1 buffers).
    text = "input 5x5x4\nconv 4 1 trainable=false\nbatchnorm\n"
    keras = opened(text).totals
    assert (keras.params, keras.trainable, keras.non_trainable, keras.buffers) == (20 + 16, 8, 20 + 8, 0)
    torch = opened("set counting=pytorch\n" + text).totals
    assert (torch.params, torch.trainable, torch.non_trainable, torch.buffers) == (20 + 8, 8, 20, 9)


def test_bytes_follow_the_dtype() -> None:
    text = "input 8\ndense 4 bias=false\ndense 4 bias=false dtype=float16\n"
    assert opened(text).totals.weight_bytes == 8 * 4 * 4 + 4 * 4 * 2
    assert opened("set dtype=float16\n" + text).totals.weight_bytes == 8 * 4 * 2 + 4 * 4 * 2


def test_a_batch_multiplies_the_work_and_not_the_weights() -> None:
    text = "input 8\ndense 4\n"
    one, many = opened(text).totals, opened("set batch=7\n" + text).totals
    assert (many.macs, many.params) == (7 * 32, 36)
    assert (one.macs, one.params) == (32, 36)


@pytest.mark.parametrize(
    ("text", "params"),
    [
        ("input 8\ndense 4\nwrong\n", 36),
        ("input 8\nwrong\ndense 4\n", 0),
        ("input 8x8x1\nconv 2 3\nconv 2 30\nflatten\ndense 9\n", 20),
        ("input 8\ndense 4\ndense 4 @gone\n", 36),
    ],
)
def test_what_is_wrong_makes_the_totals_lower_bounds(text: str, params: int) -> None:
    totals = opened(text).totals
    assert totals.params == params
    assert not totals.complete


def test_nothing_comes_to_nothing() -> None:
    nothing = Totals(*[0] * 8, complete=True)
    assert opened("").totals == nothing
    assert opened("# only a note\n\nset batch=2\n").totals == nothing
    assert opened("off conv 3 3\n").totals == nothing
    assert opened("").peak == Peak(0, None)


def test_the_peak_of_a_chain_is_its_widest_step() -> None:
    # 4 bytes an element: input 32; dense 100 holds 8 + 100; dense 50 holds 100 + 50; dense 2 holds 50 + 2.
    assert opened("input 8\ndense 100\ndense 50\ndense 2\n").peak == Peak(600, 2, 0)


def test_a_skip_is_held_until_it_is_read() -> None:
    # While b (row 2) runs, its input a is the skip itself: 10 + 20. At c the skip a waits: 20 + 10 + 10 = 40.
    # At add it is an input: 10 + 10 + 10. In bytes 4 times that.
    text = "input 5\na: dense 10\nb: dense 20\nc: dense 10\nadd @a\ndense 1\n"
    assert opened(text).peak == Peak(160, 3, 40)
    assert opened(text.replace("add @a", "relu")).peak == Peak(120, 2, 0)


def test_a_skip_is_let_go_after_its_last_reader() -> None:
    # add reads a at row 3; the wide layers below hold it no more: 10 + 100 at row 4, then 100 + 100.
    text = "input 10\na: dense 10\nb: dense 10\nadd @a\ndense 100\ndense 100\n"
    assert opened(text).peak == Peak(800, 5, 0)
    # A second reader at the end holds it all the way: 200 + 10 in the step before.
    assert opened(text + "dense 10\nadd @a\n").peak == Peak(840, 5, 40)


def test_two_skips_are_both_held() -> None:
    # At d (row 4): its input c and its output, and a and b wait: 30 + 40 + 10 + 20.
    text = "input 5\na: dense 10\nb: dense 20\nc: dense 30\nd: dense 40\nconcat @a @b @d\n"
    assert opened(text).peak == Peak(4 * (10 + 20 + 40 + 70), 5, 0)
    shorter = opened(text.replace("concat @a @b @d", "dense 1\nx: dense 1 @a\ny: dense 1 @b"))
    assert shorter.peak == Peak(4 * 100, 4, 4 * 30)


def test_a_tensor_that_is_read_twice_at_once_is_there_once() -> None:
    assert opened("input 5\na: dense 10\nadd @a @a\n").peak == Peak(4 * 20, 2, 0)
    assert opened("input 5\na: dense 10\nadd @a\n").peak == Peak(4 * 20, 2, 0)


def test_outputs_are_held_one_by_one() -> None:
    # Values 8*4 = 32 bytes, their places (int64) 8*8 = 64. At dense the places wait: 32 + 8*20*4 + 64.
    text = "input 16x1\na: maxpool 2 return_indices=true\ndense 20 @a\nflatten @a:1\n"
    assert opened(text).peak == Peak(736, 2, 64)
    # Read at the same step, or not at all, they do not.
    assert opened(text.replace("@a:1", "@a")).peak == Peak(32 + 640, 2, 0)


def test_a_symbolic_peak_is_a_maximum() -> None:
    n, m = symbol("n"), symbol("m")
    peak = opened("input 8\ndense n\nx: dense 2\ndense m\n").peak
    # 8 + n, n + 2 (never more than the first), 2 + m elements.
    assert peak == Peak(maximum(4 * n + 32, 4 * m + 8), None)
    assert bind(peak.bytes, {"n": 1, "m": 100}) == 4 * 102
    assert at_least(peak.bytes, 12) is True


def test_a_symbolic_peak_has_a_row_where_one_step_is_always_the_largest() -> None:
    assert opened("input 9\ndense n\ndense 1\n").peak == Peak(4 * symbol("n") + 36, 1, 0)


def test_more_candidates_than_are_compared_give_a_lower_bound() -> None:
    peak = opened("\n".join(f"a{i}: input s{i}" for i in range(400))).peak
    assert at_least(peak.bytes, 4) is True
    assert not peak.complete


def test_the_peak_leaves_out_what_is_wrong() -> None:
    assert opened("input 8\ndense 100\nwrong\ndense 5000\n").peak == Peak(432, 1, 0, complete=False)


@pytest.mark.parametrize("size", [(188, 188), (572, 572), (204, 700)])
def test_a_symbolic_peak_over_branches_is_the_peak_of_each_size(size: tuple[int, int]) -> None:
    # A mill of halving and doubling, like a U-Net: other steps need most for other sizes.
    down = "".join(f"d{i}: conv {8 << i} 3x3 padding=same\nmaxpool 2\n" for i in range(2))
    up = "".join(f"convtranspose {8 << i} 2x2 stride=2\nconcat @d{i}\n" for i in (1, 0))
    net = f"input HxWx3\n{down}conv k 3x3 padding=same\n{up}flatten\ndense 10\n"
    symbolic = opened(net).peak
    values = {"H": size[0], "W": size[1], "k": 64}
    bound = "".join(f"let {name} = {value}\n" for name, value in values.items())
    assert symbolic.complete
    assert bind(symbolic.bytes, values) == opened(bound + net).peak.bytes


def test_each_metric_of_one_layer() -> None:
    # The first conv of the worked example: 4*4*1*20 weights, used at 36*28 places; 39*31 numbers in, 36*28*20 out.
    conv = opened(WORKED).result(WORKED.splitlines().index("conv 20 4x4"))
    assert conv is not None
    weights, read, made = 320, 39 * 31, 36 * 28 * 20
    assert {name: metric.part(conv) for name, metric in METRICS.items()} == {
        "params": weights,
        "trainable": weights,
        "macs": weights * 36 * 28,
        "flops": 2 * weights * 36 * 28,
        "ram": 4 * (read + made),
        "flash": 4 * weights,
        "memory": 4 * (weights + read + made),
        "training": 4 * made,
    }


@pytest.mark.parametrize(
    ("dtypes", "size"),
    [
        ("float64 int64", 8),
        ("float32 int32", 4),
        ("float16 bfloat16 int16", 2),
        ("int8 uint8 bool", 1),  # a truth value takes a whole byte in NumPy and PyTorch
    ],
)
def test_the_bytes_of_each_dtype(dtypes: str, size: int) -> None:
    for dtype in dtypes.split():
        net = opened(f"set dtype={dtype}\ninput 8\ndense 4 bias=false\n")
        assert (net.totals.weight_bytes, net.peak.bytes) == (8 * 4 * size, (8 + 4) * size)
