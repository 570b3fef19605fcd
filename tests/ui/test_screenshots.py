"""The pictures in ``screenshots/`` are what the program shows now."""

from __future__ import annotations

import pytest

from tests.screenshots import FOLDER, SHOTS, lines_of
from tests.ui.screen import MACS, PARAMS
from tui.ui.screenshot import portable

# Of the worked example: output and parameters of each layer, by hand.
FIGURES = ("36x28x20       320", "16x12x40     7,200", "6x4x60      21,600", "2x1x80      19,200", "n            160*n")


@pytest.mark.parametrize("name", SHOTS)
def test_picture_is_up_to_date(name: str) -> None:
    kept = (FOLDER / f"{name}.svg").read_text(encoding="utf-8")
    assert lines_of(kept) == lines_of(SHOTS[name].svg()), "python -m tests.screenshots makes the pictures anew"


def test_there_is_no_other_picture() -> None:
    assert {path.stem for path in FOLDER.glob("*.svg")} == set(SHOTS)


@pytest.mark.parametrize("name", ["worked-example-80x24", "worked-example-120x40", "results-80x24"])
def test_the_figures_of_the_worked_example(name: str) -> None:
    lines = lines_of((FOLDER / f"{name}.svg").read_text(encoding="utf-8"))
    for figure in FIGURES:
        assert any(figure in line for line in lines)
    assert any(f"params {PARAMS} | MACs {MACS}" in line for line in lines)


def test_what_the_other_pictures_are_for() -> None:
    shown = {name: "\n".join(lines_of((FOLDER / f"{name}.svg").read_text(encoding="utf-8"))) for name in SHOTS}
    assert "stride=" in shown["editing-80x24"]
    assert "kernel 15x15 does not fit 18x14" in shown["error-80x24"]
    assert "params >= 320" in shown["error-80x24"]
    assert "padding=same" in shown["fixes-80x24"]
    assert "3*3*20*40 = 7,200" in shown["results-80x24"]
    assert "floor((18 - 3)/1) + 1 = 16" in shown["solution-80x24"]
    assert "params 61,706" in shown["lenet-5-120x40"]
    assert "params 138,357,544" in shown["vgg-16-120x40"]


@pytest.mark.parametrize("name", ["worked-example-80x24", "vgg-16-120x40"])
def test_a_picture_has_the_size_it_says(name: str) -> None:
    columns, rows = SHOTS[name].size
    lines = lines_of((FOLDER / f"{name}.svg").read_text(encoding="utf-8"))
    assert max(map(len, lines)) == columns
    assert rows - 2 <= len(lines) <= rows  # empty lines have no text


def test_a_picture_needs_no_font_from_the_web() -> None:
    for name in SHOTS:
        svg = (FOLDER / f"{name}.svg").read_text(encoding="utf-8")
        assert "@font-face" not in svg
        assert "url(http" not in svg
        assert "<script" not in svg


def test_text_of_a_picture_is_as_long_as_its_cells() -> None:
    # Two wide characters take four cells; Rich reckons with two, 12.2 each.
    wide, plain = (f'<text class="a" x="0" y="1" textLength="24.4">{shown}</text>' for shown in ("층층", "ab"))
    assert portable(wide) == wide.replace("24.4", "48.8")
    assert portable(plain) == plain


def test_each_cell_of_a_table_has_its_own_place() -> None:
    # 10 cells of 12.2: "a b" from the second on, "&lt;" from the eighth, one blank left over.
    row = '<text class="a" x="12.2" y="1" textLength="122">&#160;a&#160;b&#160;&#160;&#160;&lt;&#160;&#160;</text>'
    assert portable(row) == (
        '<text class="a" x="24.4" y="1" textLength="36.6">a&#160;b</text>'
        '<text class="a" x="97.6" y="1" textLength="12.2">&lt;</text>'
    )
