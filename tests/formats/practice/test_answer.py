"""What a student may type."""

from __future__ import annotations

import pytest

from tui.core.practice import FIELD, PARAMS, SHAPE
from tui.core.size import Size, symbol
from tui.formats.practice.answer import AnswerError, read_answer

N, H = symbol("n"), symbol("H")


@pytest.mark.parametrize(
    ("typed", "sizes"),
    [
        ("36x28x20", (36, 28, 20)),
        ("36X28X20", (36, 28, 20)),
        ("36×28×20", (36, 28, 20)),
        ("36 x 28 x 20", (36, 28, 20)),
        ("36 x 28x20", (36, 28, 20)),
        ("36 28 20", (36, 28, 20)),
        ("  36   28 20 ", (36, 28, 20)),
        ("36,28,20", (36, 28, 20)),
        ("(36, 28, 20)", (36, 28, 20)),
        ("[36, 28, 20]", (36, 28, 20)),
        ("(36, 28, 20,)", (36, 28, 20)),
        ("(36)", (36,)),
        ("(None, 36, 28, 20)", (36, 28, 20)),
        ("? 36 28 20", (36, 28, 20)),
        ("N, 36, 28", (36, 28)),
        ("shape = 36x28", (36, 28)),
        ("39-4+1 x 28", (36, 28)),
        ("39 - 4 + 1, 28", (36, 28)),
        ("39 - 3 28", (36, 28)),
        ("n", (N,)),
        ("n x 28", (N, 28)),
        ("(H - 3)x28", (H - 3, 28)),
        ("(H//2)x(H//2)x8", (H // 2, H // 2, 8)),
        ("2n x 3", (2 * N, 3)),
        ("scalar", ()),
        ("()", ()),
    ],
)
def test_shapes(typed: str, sizes: tuple[Size, ...]) -> None:
    assert read_answer(SHAPE, typed, ("n", "H")) == sizes


@pytest.mark.parametrize(
    ("typed", "size"),
    [
        ("320", 320),
        ("1,382,400", 1_382_400),
        ("1_382_400", 1_382_400),
        ("7.2k", 7_200),
        ("61.1M", 61_100_000),
        ("320 params", 320),
        ("320 parameters", 320),
        ("2 MACs", 2),
        ("4*4*1*20", 320),
        ("4x4x1x20 + 20", 340),
        ("4 × 4 × 20", 320),
        ("4·4·20", 320),
        ("3^2*20", 180),
        ("4*4*20 + 20 = 340", 340),
        ("= 340", 340),
        ("160n", 160 * N),
        ("160 n", 160 * N),
        ("n*160", 160 * N),
        ("48,320 + 160*n", 48_320 + 160 * N),
        ("(1,000 + 24)*2", 2_048),
        ("-3", -3),
    ],
)
def test_counts(typed: str, size: Size) -> None:
    assert read_answer(PARAMS, typed, ("n",)) == (size,)


def test_a_letter_that_is_a_symbol_is_no_unit() -> None:
    assert read_answer(PARAMS, "4k", ("k",)) == (4 * symbol("k"),)
    assert read_answer(PARAMS, "4k", ("n",)) == (4_000,)


@pytest.mark.parametrize(
    ("part", "typed", "said"),
    [
        (PARAMS, "", "no answer yet"),
        (PARAMS, "   ", "no answer yet"),
        (PARAMS, "10/4", "write // to round down"),
        (PARAMS, "m", "m is no symbol of the network; its symbols: n"),
        (PARAMS, "7,20", "does not read"),
        (PARAMS, "3 +", "does not read"),
        (PARAMS, "9" * 30, "does not read"),
        (PARAMS, "1" * 300, "more than 200 characters"),
        (PARAMS, "n**99", "does not read"),
        (PARAMS, "(" * 150, "does not read"),
        (PARAMS, "1//0", "does not read"),
        (PARAMS, "\x1b[2J", "does not read"),
        (SHAPE, "3x", "does not read"),
        (SHAPE, "3,,4", "does not read"),
        (SHAPE, "=", "does not read"),
        (SHAPE, "1 " * 20, "more than 12 axes"),
        (FIELD, "all of it", "it is no symbol"),
    ],
)
def test_what_does_not_read_is_said_and_costs_nothing(part: str, typed: str, said: str) -> None:
    with pytest.raises(AnswerError) as caught:
        read_answer(part, typed, ("n",))
    assert said in caught.value.message
    assert caught.value.message.isprintable()
