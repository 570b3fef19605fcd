"""Charts of a network: shares by hand, and that layers, groups and kinds come to the same whole."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from rich.cells import cell_len

from tests.formats.diagram.pictures import HOSTILE
from tests.samples import WORKED
from tui.core.snapshot import Snapshot
from tui.formats.chart.model import BY, DEPTH, QUANTITIES, Bar, Chart, ChartError, chart_of, quantity_named
from tui.formats.chart.svg import as_svg
from tui.formats.chart.text import as_text, bar_text, layout, line, strip
from tui.formats.document import parse_document
from tui.formats.presets import presets

GROUPED = "input 8\na.x: dense 8 bias=false\na.y.p: dense 8 bias=false\na.y.q: relu\nb: dense 4 bias=false\n"


def chart(text: str, name: str = "params", by: str = "layer") -> Chart:
    return chart_of(Snapshot.of(parse_document(text)), quantity_named(name), by)


def test_the_worked_example() -> None:
    found = chart(WORKED.replace("dense n", "dense 10"))
    # 320 + 7,200 + 21,600 + 19,200 + 1,600 = 49,920
    assert found.total == "49,920"
    shares = {bar.label.split(" ", 1)[1]: bar.percent for bar in found.bars if bar.share}
    assert shares == {
        "conv 20 4x4": "0.6%", "conv 40 3x3": "14.4%", "conv 60 3x3": "43.3%", "conv 80 2x2": "38.5%",
        "dense 10": "3.2%",
    }  # fmt: skip
    longest = max(found.bars, key=lambda bar: bar.length)
    assert (longest.text, longest.length) == ("21,600", 1.0)


def test_groups_hold_what_is_in_them() -> None:
    found = chart(GROUPED, by="group")
    # 64 + 64 of 160 in a, of these 64 in a.y; b is in no group and has 32
    assert [(bar.label, bar.depth, bar.text, bar.percent) for bar in found.bars] == [
        ("0 input 8", 0, "0", "0.0%"),
        ("a", 0, "128", "80.0%"),
        ("a.y", 1, "64", "40.0%"),
        ("4 b: dense 4 bias=false", 0, "32", "20.0%"),
    ]
    assert strip(found.bars, 20, ascii_only=True) == "|a              |4 ~"


def test_kinds_are_sorted_by_their_size() -> None:
    found = chart(GROUPED, by="kind")
    assert [(bar.label, bar.text, bar.row) for bar in found.bars] == [
        ("dense (3)", "160", None), ("input (1)", "0", None), ("relu (1)", "0", None),
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["params", "macs", "activations", "weights"])
@pytest.mark.parametrize("preset", ["resnet-18", "mobilenet-v2", "gpt2-small", "vgg-16"])
def test_the_parts_are_the_whole(preset: str, name: str) -> None:
    snapshot = Snapshot.of(parse_document(presets()[preset].text))
    totals = {"params": snapshot.totals.params, "macs": snapshot.totals.macs, "weights": snapshot.totals.weight_bytes}
    for by in BY:
        found = chart_of(snapshot, quantity_named(name), by)
        parts = [bar for bar in found.bars if bar.depth == 0]
        assert sum(int(bar.text.replace(",", "")) for bar in parts) == int(found.total.replace(",", ""))
        if name in totals:
            assert found.total == f"{totals[name]:,}"


def test_operations_are_twice_the_macs_and_frozen_weights_are_not_trained() -> None:
    text = "input 6\ndense 5 bias=false\nbatchnorm\ndense 3 bias=false trainable=false"
    # 6*5 and 5*3 multiply-accumulates, each two operations; of the weights 30 and 2*5 are trained
    assert [bar.text for bar in chart(text, "macs").bars] == ["0", "30", "0", "15"]
    assert [bar.text for bar in chart(text, "flops").bars] == ["0", "60", "0", "30"]
    assert [bar.text for bar in chart(text, "trainable").bars] == ["0", "30", "10", "0"]
    assert [bar.text for bar in chart(text).bars] == ["0", "30", "20", "15"]


def test_numbers_of_layers_stand_below_each_other() -> None:
    labels = [bar.label for bar in chart("input 8\n" + "relu\n" * 10).bars]
    assert labels[0] == " 0 input 8"
    assert labels[9:] == [" 9 relu", "10 relu"]


def test_a_repeated_block_counts_all_its_copies() -> None:
    found = chart("input 8\nrepeat 3\n    dense 8 bias=false\n")
    assert [(bar.label, bar.text) for bar in found.bars] == [("0 input 8", "0"), ("1 dense 8 bias=false", "192")]
    group = chart("input 8\nrepeat 3\n    dense 8 bias=false\n", by="group")
    assert [(bar.label, bar.text) for bar in group.bars] == [("0 input 8", "0"), ("repeat 3", "192")]


def test_symbols_are_drawn_at_one_and_that_is_said() -> None:
    found = chart(WORKED)
    assert found.total == "48,320 + 160*n"
    assert found.bars[-1].text == "160*n"
    assert found.notes == ("the bars are drawn for n = 1; give n a value for others",)


def test_symbols_are_drawn_where_the_layers_fit() -> None:
    found = chart("input Hx9x1\nconv 2 5 bias=false\nflatten\ndense 1 bias=false")
    # The kernel needs H >= 5; then 25*2 weights, and (5 - 4)*(9 - 4)*2 inputs of the dense layer
    assert found.notes == ("the bars are drawn for H = 5; give H a value for others",)
    assert [bar.percent for bar in found.bars] == ["0.0%", "83.3%", "0.0%", "16.7%"]


def test_the_receptive_field_along_the_depth() -> None:
    found = chart(WORKED, DEPTH)
    # 31 after the last convolution; the dense layer reads all
    assert [bar.text for bar in found.bars] == ["1", "4", "5", "9", "11", "19", "23", "31", "31", "all"]
    assert found.bars[-1].length == 1.0
    assert all(bar.share is None for bar in found.bars)
    with pytest.raises(ChartError, match="chart it by layer"):
        chart(WORKED, DEPTH, "group")


def test_what_is_wrong_or_unknown_is_marked() -> None:
    found = chart("input 4x4x1\nopaque Custom 6x6x1\nconv 2 9\nflatten")
    assert [bar.mark for bar in found.bars] == ["", "~", "!", "-"]
    assert "not all layers are known" in found.notes[-1]
    assert chart("").bars == ()
    assert as_text(chart(""), 60) == "parameters by layer: 0 in all\n"


def test_no_such_quantity() -> None:
    with pytest.raises(ChartError, match="no chart shows 'parms'; did you mean params"):
        quantity_named("parms")
    assert quantity_named("flash").name == "weights"


@pytest.mark.parametrize(("length", "text"), [(0.0, ""), (0.001, "."), (0.5, "#####"), (1.0, "##########")])
def test_bars_in_ascii(length: float, text: str) -> None:
    assert bar_text(length, 10, ascii_only=True) == text


@pytest.mark.parametrize(("length", "cells"), [(0.0, 0), (0.001, 1), (0.5, 5), (0.51, 6), (1.0, 10)])
def test_bars_in_eighths(length: float, cells: int) -> None:
    assert cell_len(bar_text(length, 10)) == cells


@pytest.mark.parametrize("width", [30, 60, 120])
@pytest.mark.parametrize("name", QUANTITIES)
def test_lines_fit(width: int, name: str) -> None:
    found = chart(WORKED + "\nbroken line here\n층층층.긴이름: dense 3\n", name)
    for plain in (False, True):
        sizes = layout(found.bars, width)
        assert max(cell_len(line(bar, sizes, ascii_only=plain)) for bar in found.bars) <= width
    assert as_text(found, width, ascii_only=True).isascii()


def test_svg_is_one_safe_file() -> None:
    svg = as_svg(chart(HOSTILE), '</title><script>alert("&")</script>\x00')
    root = ElementTree.fromstring(svg)
    tags = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert tags <= {"svg", "title", "g", "rect", "text"}
    assert "\x1b" not in svg


def test_svg_bars_are_as_long_as_their_numbers() -> None:
    root = ElementTree.fromstring(as_svg(chart(GROUPED), "net"))
    bars = [float(r.get("width", "0")) for r in root.iter("{http://www.w3.org/2000/svg}rect")]
    # 64, 64 and 32 parameters; what is 0 has no bar
    assert len(bars) == 3
    assert bars[0] == bars[1]
    assert bars[2] == pytest.approx(bars[0] / 2, abs=0.1)
    # The longest bar leaves room for its number inside the picture: a digit is 0.6 of the 12 that a letter is high.
    picture = float(root.get("viewBox", "").split()[2])
    texts = [(float(t.get("x", "0")), t.text or "") for t in root.iter("{http://www.w3.org/2000/svg}text")]
    assert max(x + 0.6 * 12 * len(said) for x, said in texts) <= picture == 720


def test_percentages_are_rounded_half_up() -> None:
    assert Bar(0, "", 0, "", 0.0, 5).percent == "0.5%"
    assert Bar(0, "", 0, "", 0.0, 1000).percent == "100.0%"
