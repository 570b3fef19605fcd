"""A comparison in texts: differences with their signs, shares, one line for two, and what must not reach a terminal."""

from __future__ import annotations

import csv
import io
import json
from fractions import Fraction

import pytest

from tui.core.compare import Comparison, compare
from tui.core.size import symbol
from tui.core.snapshot import Snapshot
from tui.formats.compare.files import as_csv, as_markdown
from tui.formats.compare.record import as_json
from tui.formats.compare.rows import COLUMNS, cells_of, notes_of, percent_text, rows_of, signed
from tui.formats.compare.screen import both_texts, details_of, shown_pair, state_of, totals_for
from tui.formats.compare.text import as_text
from tui.formats.compare.totals import facts_of, summary_of, totals_of
from tui.formats.document import parse_document

NAMES = ("old", "new")


def compared(a: str, b: str) -> Comparison:
    return compare(*(Snapshot.of(parse_document(text)) for text in (a, b)))


def test_differences_have_signs() -> None:
    n = symbol("n")
    assert [signed(size) for size in (-96, 0, 19_488, n, 200 + n, -n, n - 3, 2 - 3 * n)] == [
        "-96", "0", "+19,488", "+n", "+200 + n", "-n", "+n - 3", "+2 - 3*n",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (None, ""), (Fraction(0), "0%"), (Fraction(-800, 13), "-61.5%"), (Fraction(25, 4), "+6.3%"),
        (Fraction(1, 1000), "+<0.1%"), (Fraction(-1, 1000), "-<0.1%"), (Fraction(100), "+100.0%"),
        (Fraction(123_456), "+123,456.0%"), (Fraction(10**30), "+>999,999%"), (Fraction(9996, 100), "+100.0%"),
    ],
)  # fmt: skip
def test_shares_in_percent(share: Fraction | None, shown: str) -> None:
    assert percent_text(share) == shown


@pytest.mark.parametrize(
    ("a", "b", "both"),
    [
        ("conv 6 5x5 padding=2", "conv 6 3x3 padding=2", "conv 6 5x5 -> 3x3 padding=2"),
        ("relu", "gelu", "relu -> gelu"),
        ("relu", "off relu", "(nothing) -> off relu"),
        ("dense 4", "dense 4 bias=false", "dense 4 (nothing) -> bias=false"),
        ("", "relu", "relu"),
        ("relu", "", "relu"),
        ("relu", "relu", "relu"),
        ("dense 4 4", "dense 4", "dense 4 4 -> (nothing)"),
    ],
)
def test_two_lines_as_one(a: str, b: str, both: str) -> None:
    assert both_texts(a, b) == both


def test_cells_of_shapes_and_fields() -> None:
    found = compared("input 28x28x1\nconv 6 5x5", "input 28x28x1\nconv 8 3x3")
    cells = cells_of(found, 1)
    # 24x24x6 and 26x26x8; 24*24*6 = 3,456 and 26*26*8 = 5,408 are 56.48 % more
    assert cells["out"][:4] == ("24x24x6", "26x26x8", "+2x+2x+2", "+56.5%")
    assert cells["field"][:4] == ("5", "3", "-2", "-40.0%")
    other = compared("input 28x28x1\nx: flatten", "input 28x28x1\nx: relu")
    assert cells_of(other, 1)["out"][:3] == ("784", "28x28x1", "")


def test_a_field_without_numbers_on_one_side() -> None:
    found = compared("input 8x8x1\nx: globalavgpool", "input 8x8x1\nx: avgpool 2")
    cell = cells_of(found, 1)["field"]
    assert (cell.a, cell.b, cell.delta, cell.differs) == ("all", "2", "", True)


def test_unknown_layers_are_no_zero() -> None:
    found = compared("input 8\nopaque thing", "input 8\ndense 4")
    index = next(i for i, pair in enumerate(found.pairs) if pair.a is not None and pair.b is None)
    assert cells_of(found, index)["params"].a == "?"
    assert [line.cell.a for line in totals_of(found) if line.key == "params"] == [">= 0"]


def test_notes_tell_moves_and_errors() -> None:
    found = compared("input 8\ndropout 0.5\ndense 4\ndense 3", "input 8\ndense 4\ndense 3\ndropout 0.5")
    assert [notes_of(found, i) for i in range(5)] == [[], ["moved to #3 of B"], [], [], ["moved from #1 of A"]]
    wrong = compared("input 8\ncnv 3", "input 8\ncnv 3")
    (note,) = notes_of(wrong, 1)
    assert note.startswith("A, B: ! no layer kind is called 'cnv'")


def test_facts_and_summary() -> None:
    found = compared("set batch=4\nlet n = 3\nbudget ram=64KiB\ninput 8\ndense n", "input 8\ndense n")
    assert facts_of(found) == [("batch", "4", "1"), ("symbol n", "3", "free"), ("budget ram", "64KiB", "none")]
    assert summary_of(found) == "2 with other numbers"
    assert summary_of(compared("", "")) == "no layers on either side"
    assert state_of(found, NAMES).endswith("batch: 4 -> 1; symbol n: 3 -> free; budget ram: 64KiB -> none")


def test_narrow_totals_leave_out_columns_and_stay_in_their_width() -> None:
    found = compared("input 2000x2000x3\nconv 512 5x5", "input 2000x2000x3\nconv 256 5x5")
    for width in (40, 56, 76, 116):
        lines = totals_for(found, NAMES, width, 4)
        assert len(lines) == 5
        assert all(len(line) <= width for line in lines)
        # 75*512 + 512 = 38,912 and half of it
        assert any("-19,456" in line for line in lines)


def test_rows_of_the_list() -> None:
    found = compared("input 8\ndense 4\nrelu", "input 8\ndense 5\nrelu\ndropout 0.5")
    assert list(rows_of(found, only_changes=False)) == [0, 1, 2, 3]
    assert list(rows_of(found, only_changes=True)) == [1, 2, 3]
    line = shown_pair(found, 1, "params")
    # 8*4 + 4 and 8*5 + 5
    assert (line.sign, line.number, line.both, line.cell[:3]) == ("~", "1", "dense 4 -> 5", ("36", "45", "+9"))
    assert details_of(found, 3, NAMES)[0] == "only new #3: dropout 0.5"
    assert details_of(found, 1, NAMES)[0] == "old #1, new #1: dense 4 -> 5"


def test_a_narrow_terminal_gets_percentages_below() -> None:
    found = compared("input 28x28x1\nconv 6 5x5", "input 28x28x1\nconv 6 3x3")
    narrow = as_text(found, NAMES, width=80).splitlines()
    assert all(len(line) <= 80 for line in narrow)
    # What has no room is cut with a mark, and the columns behind it stay in their places.
    long = compared("input 28x28x1\nconv 6 5x5", "input 28x28x1\nconv 6 3x3 name_of_no_argument_at_all=1")
    cut = [line for line in as_text(long, NAMES, width=80).splitlines() if "conv 6 3x3" in line]
    assert "…" in cut[0]
    wide = as_text(found, NAMES, width=200)
    assert "-96 -61.5%" in wide


def test_markdown_and_csv_of_layers_on_one_side() -> None:
    found = compared("input 8\nrelu", "input 8\ndense 4")
    shown = as_markdown(found, NAMES)
    (line,) = [line for line in shown.splitlines() if "`dense 4`" in line]
    assert line.split(" | ")[:4] == ["| `+`", "", "1", "`dense 4`"]
    assert "36" in line.split(" | ")
    rows = list(csv.DictReader(io.StringIO(as_csv(found))))
    added = next(row for row in rows if row["change"] == "added")
    assert (added["params_a"], added["params_b"], added["params_delta"]) == ("", "36", "36")


def test_nothing_of_a_file_is_a_command_to_the_reader() -> None:
    bad = "input 8\ndense 4 | `x` \x1b[31m =cmd()\n=1+1: relu\n"
    found = compared(bad, "input 8\n")
    names = ("a\x1b[2J|b", "`c`")
    for text in (as_text(found, names), as_markdown(found, names), as_csv(found), as_json(found, names)):
        assert "\x1b" not in text
    assert json.loads(as_json(found, names))["a"]["name"] == names[0]
    for row in csv.reader(io.StringIO(as_csv(found))):
        assert not [cell for cell in row if cell.startswith(("=", "@"))]


@pytest.mark.parametrize(
    ("a", "b", "shown"),
    [("", "\ncnv", (">= +14", "")), ("\ncnv", "", ("<= +14", "")), ("\ncnv", "\ncnv", ("+14", "+66.7%"))],
)
def test_of_a_lower_bound_the_difference_is_a_bound(a: str, b: str, shown: tuple[str, str]) -> None:
    # 6*3 + 3 = 21 parameters and 6*5 + 5 = 35; what a line that does not read adds is not known.
    found = compared(f"input 6\ndense 3{a}", f"input 6\ndense 5{b}")
    cell = next(total.cell for total in totals_of(found) if total.key == "params")
    assert (cell.delta, cell.percent) == shown


def test_columns_have_titles_and_help() -> None:
    assert [column.title for column in COLUMNS.values()] == ["out", "params", "MACs", "act B", "RF"]
