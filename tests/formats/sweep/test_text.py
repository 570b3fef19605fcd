"""Sweeps as text, CSV, JSON and SVG, from numbers by hand."""

from __future__ import annotations

import csv
import io
import json
import re
from xml.etree import ElementTree

import pytest

from tests.core.sweeps import measures
from tui.core.sweep import Axis, Outcome, Sweep
from tui.core.sweep_front import Goal
from tui.formats.sweep.files import as_csv, as_json
from tui.formats.sweep.svg import as_svg, front_svg
from tui.formats.sweep.text import as_table, front_plot, plot, point_text, summary, thinned

REASON = "#1 conv 4 9: kernel 9x9 does not fit"
SVG = "{http://www.w3.org/2000/svg}"


def one() -> Sweep:
    """Three values of n: the second does not fit, the third is a lower bound."""
    outcomes = [Outcome(None, False, (False, False)), Outcome(REASON), Outcome(None, False, (True, False))]
    found = Sweep(
        [Axis("n", (8, 16, 1_024))], measures("params", "ram"), [[1_234, 0, 5], [10, 0, 10**20]], [0, 1, 2], outcomes,
        "by hand",
    )  # fmt: skip
    found.refused = 1
    return found


def row_of_three() -> Sweep:
    numbers, fits = [[10, 20, 30]], [Outcome(None, False, (False,))]
    return Sweep([Axis("n", (1, 2, 3))], measures("macs"), numbers, [0] * 3, fits, "by hand")


def two() -> Sweep:
    axes = [Axis("k", (3, 5)), Axis("n", (1, 2, 3))]
    return Sweep(
        axes, measures("macs"), [[10, 20, 30, 40, 50, 60]], [0] * 6, [Outcome(None, False, (False,))], "by hand"
    )


def test_the_table() -> None:
    assert as_table(one()).splitlines() == [
        "    n  params                        ram B",
        "    8   1,234                           10",
        f"   16  ! {REASON}",
        "1,024    >= 5  100,000,000,000,000,000,000",
    ]
    assert as_table(one(), [2, 0]).splitlines()[1:] == [
        "1,024    >= 5  100,000,000,000,000,000,000",
        "    8   1,234                           10",
    ]
    narrow = as_table(one(), width=20).splitlines()
    assert narrow[2] == "   16  ! #1 conv 4 …"
    painted = as_table(one(), paint=lambda shown, style: f"<{style}>{shown}")
    assert "<error>   16  ! #1" in painted


def test_more_rows_than_a_person_reads() -> None:
    count = 2_500
    found = Sweep([Axis("n", range(count))], measures("params"), [range(count)], [0] * count, [Outcome()], "by hand")
    lines = as_table(found).splitlines()
    assert len(lines) == 1_002
    assert lines[-1] == "... and 1,500 more; --format csv or json writes all"
    assert sum(piece.count("\n") for piece in as_csv(found)) == count + 1


def test_a_combination_in_a_line() -> None:
    assert point_text(one(), 0) == "n = 8: params 1,234, ram B 10"
    assert point_text(one(), 1) == f"n = 16: ! {REASON}"
    assert point_text(two(), 4) == "k = 5, n = 2: macs 50"


def test_layers_that_do_not_fit_are_named() -> None:
    reasons = [f"#{i} a{i}: conv 4 9: kernel 9x9 does not fit {i}x{i}" for i in (1, 2, 1, 3, 4)]
    found = one()
    found.refused, found.outcomes = 5, [Outcome(reason) for reason in reasons[:2]]
    assert summary(found)[1] == "5 do not fit: an error in #1 a1 or #2 a2"
    found.outcomes = [Outcome(reason) for reason in reasons]
    assert summary(found)[1] == "5 do not fit: an error in #1 a1, #2 a2 or 2 more"


def test_what_a_reader_has_to_know() -> None:
    assert summary(one()) == [
        "3 combinations, by hand",
        f"1 does not fit: {REASON}",
        "the numbers are at least what is shown: something in the network is not known",
    ]


def test_csv() -> None:
    assert list(csv.reader(io.StringIO("".join(as_csv(one()))))) == [
        ["n", "params", "ram", "status", "message"],
        ["8", "1234", "10", "ok", ""],
        ["16", "", "", "error", REASON],
        ["1024", "5", str(10**20), "at least", ""],
    ]
    assert "".join(as_csv(two(), [5])) == "k,n,macs,status,message\n5,3,60,ok,\n"


def test_a_reason_is_no_formula_in_a_spreadsheet() -> None:
    found = Sweep([Axis("n", (1,))], measures("params"), [[0]], [0], [Outcome("=HYPERLINK(1)\x1b")], "by hand")
    assert "".join(as_csv(found)).splitlines()[1] == "1,,error,'=HYPERLINK(1)\\x1b"


def test_json() -> None:
    record = json.loads("".join(as_json(one(), "net")))
    assert record == {
        "schema": 1, "name": "net", "symbols": {"n": [8, 16, 1024]}, "metrics": ["params", "ram"], "combinations": 3,
        "errors": 1, "complete": False, "points": [
            {"values": [8], "numbers": [1234, 10]}, {"values": [16], "numbers": None, "message": REASON},
            {"values": [1024], "numbers": [5, 10**20]},
        ],
    }  # fmt: skip
    front = json.loads("".join(as_json(two(), "net", [0], [Goal("macs", 0), Goal("n", 1, True, True)])))
    assert front["pareto"] == {"macs": "min", "n": "max"}
    assert front["points"] == [{"values": [3, 1], "numbers": [10]}]


def test_plots_have_their_titles() -> None:
    assert plot(one(), 1, 60, 10, ascii_only=True)[0] == "ram B over n"
    assert plot(two(), 0, 60, 10)[0] == "macs: k down, n across"
    # Of ten shades from 10 to 60 the sixth, the eighth and the last: 9*30/50 = 5.4, 9*40/50 = 7.2
    assert plot(two(), 0, 60, 10)[3].split() == ["5", "40", "*", "50", "#", "60", "@"]
    rows = front_plot(two(), (Goal("macs", 0), Goal("n", 1, True, True)), 40, 8, ascii_only=True)
    assert rows[0] == "n (up) over macs; # is the Pareto front"


def test_thinned_keeps_ends_and_order() -> None:
    found = thinned(two(), 2)
    assert [(point.values, point.numbers) for point in found] == [
        ((3, 1), (10,)), ((3, 3), (30,)), ((5, 1), (40,)), ((5, 3), (60,)),
    ]  # fmt: skip
    assert thinned(two(), 3).axes == two().axes


@pytest.mark.parametrize("found", [one(), two()], ids=["line", "heat map"])
def test_svg_is_one_safe_file(found: Sweep) -> None:
    svg = as_svg(found, '<script>"&\x1b')
    root = ElementTree.fromstring(svg)
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
        "svg", "title", "g", "rect", "text", "path", "circle",
    }  # fmt: skip
    assert "\x1b" not in svg
    texts = [element.text or "" for element in root.iter(f"{SVG}text")]
    assert all(axis.name in " ".join(texts) for axis in found.axes)


def test_a_line_begins_anew_behind_what_does_not_fit() -> None:
    def drawn(found: Sweep) -> list[str]:
        paths = ElementTree.fromstring(as_svg(found, "net")).iter(f"{SVG}path")
        return [re.sub(r"[^ML]", "", str(path.get("d"))) for path in paths if path.get("stroke-width") == "2"]

    # Of three values the second does not fit: two beginnings and no line between them, in each of two plots.
    assert drawn(one()) == ["MM", "MM"]
    assert drawn(row_of_three()) == ["MLL"]


def test_svg_of_a_heat_map_says_its_numbers() -> None:
    root = ElementTree.fromstring(as_svg(two(), "net"))
    texts = [element.text for element in root.iter(f"{SVG}text")]
    assert all(str(number) in texts for number in (10, 20, 30, 40, 50, 60))
    fills = [r.get("fill") for r in root.iter(f"{SVG}rect")]
    assert len(set(fills)) == 6


def test_svg_of_a_front_marks_what_is_on_it() -> None:
    root = ElementTree.fromstring(front_svg(two(), (Goal("macs", 0), Goal("n", 1, True, True)), "net"))
    circles = list(root.iter(f"{SVG}circle"))
    # 10, 20 and 30 with k = 3 are beaten by none; 40, 50 and 60 have the same n for more
    assert [circle.get("r") for circle in circles] == ["2", "2", "2", "4", "4", "4"]
    # The ends of both axes: n from 1 to 3, MACs from 10 to 60.
    ends = [str(element.text) for element in root.iter(f"{SVG}text") if str(element.text).isdecimal()]
    assert ends == ["3", "1", "10", "60"]
    places = {c.findtext(f"{SVG}title", ""): (float(c.get("cx", "")), float(c.get("cy", ""))) for c in circles}
    across, down = zip(*[at for _, at in sorted(places.items())], strict=True)
    assert across == tuple(sorted(across))
    assert down[:3] == down[3:]
    assert down[0] > down[1] > down[2]
    assert down[1] == pytest.approx((down[0] + down[2]) / 2, abs=0.1)
    assert [circle.findtext(f"{SVG}title") for circle in circles][3] == "k = 3, n = 1: macs 10"
