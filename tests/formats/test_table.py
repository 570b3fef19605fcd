"""The table in each of its formats. The numbers of the worked example are those of the exercise it comes from."""

from __future__ import annotations

import csv
import io

import pytest
from markdown_it import MarkdownIt
from rich.cells import cell_len

from tui.core.snapshot import Snapshot
from tui.formats.columns import COLUMNS
from tui.formats.document import parse_document
from tui.formats.escape import clipped, code_span, latex, markdown, spreadsheet, visible
from tui.formats.presets import FIRST, preset
from tui.formats.table import as_csv, as_latex, as_markdown, bytes_text, rows_of, summary, terminal

OUTPUTS = ["39x31x1", "36x28x20", "18x14x20", "16x12x40", "8x6x40", "6x4x60", "3x2x60", "2x1x80", "160", "n"]
PARAMS = ["0", "320", "0", "7200", "0", "21600", "0", "19200", "0", "160*n"]
BROKEN = """\
input 8x8x3
conv 4 3x3
cnv | 2 # \x1b[2J`|`
dense 2
off dense 3
"""


def snapshot(text: str) -> Snapshot:
    return Snapshot.of(parse_document(text))


@pytest.fixture
def example() -> Snapshot:
    return snapshot(preset(FIRST).text)


def test_csv_has_the_numbers_of_the_exercise_without_separators(example: Snapshot) -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv(example))))
    assert [r["out"] for r in rows] == OUTPUTS
    assert [r["params"] for r in rows] == PARAMS
    assert rows[1]["macs"] == "322560"  # 36*28*20 outputs, 4*4 products each
    assert {r["status"] for r in rows} == {"ok"}


def test_the_terminal_table_lines_up_and_ends_in_totals(example: Snapshot) -> None:
    lines = terminal(example).splitlines()
    assert lines[0].split() == ["#", "layer", "out", "params", "MACs", "act", "B", "RF"]
    end = lines[0].index("params") + len("params")
    assert all(line[:end].endswith(("0", "*n")) for line in lines[1:11])
    assert lines[12].split("  ")[-2:] == ["48,320 + 160*n", "2,261,760 + 160*n"]
    # input and output of the first pooling: (36*28 + 18*14)*20*4 bytes, unless n is large
    assert "peak activation memory: max(100,800, 4*n + 640) B" in lines


def test_wide_characters_and_a_narrow_terminal_keep_the_columns(example: Snapshot) -> None:
    text = "입력층: input 8x8x3\na_layer_with_quite_a_long_name: conv 4 3x3 stride=1 padding=1x1"
    wide = terminal(snapshot(text)).splitlines()
    places = [cell_len(line[: line.rindex("8x8x")]) for line in wide[1:3]]
    assert places[0] == places[1]
    narrow = terminal(snapshot(text), width=60).splitlines()
    assert max(map(cell_len, narrow[:5])) <= 60
    assert "…" in narrow[2]


def test_a_broken_network_is_shown_whole_with_what_is_known() -> None:
    shown = terminal(snapshot(BROKEN))
    assert "! a control character (U+001B); delete it" in shown
    assert "- needs #2" in shown
    assert shown.splitlines()[5].split() == ["4", "off", "dense", "3", "skipped"]
    assert "total" in shown
    assert ">= 112" in shown  # 3*3*3*4 + 4
    assert "parameters: at least 112 trainable, 0 non-trainable" in shown
    assert "\x1b" not in shown + as_csv(snapshot(BROKEN)) + as_markdown(snapshot(BROKEN)) + as_latex(snapshot(BROKEN))


def test_markdown_is_one_well_formed_table(example: Snapshot) -> None:
    for one in (example, snapshot(BROKEN), snapshot("input HxWx3\nconv a_b*2 3x3")):
        tokens = MarkdownIt("commonmark").enable("table").parse(as_markdown(one))
        rows, cells = [t.type for t in tokens].count("tr_open"), [t.type for t in tokens].count("td_open")
        layers = len(list(rows_of(one, [])))
        columns = [t.type for t in tokens].count("th_open")
        assert rows == layers + 2
        assert cells == columns * (layers + 1)
        inline = {child.type for t in tokens for child in t.children or ()}
        assert inline <= {"text", "code_inline", "strong_open", "strong_close"}


def test_markdown_shows_the_texts_as_they_are() -> None:
    tokens = MarkdownIt("commonmark").enable("table").parse(as_markdown(snapshot("input 8x8x3\nconv a_b*2 3x3")))
    shown = ["".join(c.content for c in t.children or ()) for t in tokens if t.type == "inline"]
    assert "conv 2*a_b 3x3" in shown
    assert "54*a_b + 2*a_b" not in shown
    assert "56*a_b" in shown  # 3*3*3*2*a_b of the kernel and 2*a_b of the bias


def test_latex_escapes_what_latex_reads() -> None:
    shown = as_latex(snapshot("a_b: input 8x8x3\ncnv %&_{}"))
    assert r"\texttt{a\_b: input 8x8x3}" in shown
    assert r"\texttt{cnv \%\&\_\{\}}" in shown
    assert shown.splitlines()[:4] == [
        r"\begin{tabular}{rllrrrr}", r"\hline", r"\# & layer & out & params & MACs & act B & RF \\", r"\hline",
    ]  # fmt: skip
    rows = [line for line in shown.splitlines() if line.endswith(r"\\") and "multicolumn" not in line]
    assert {row.count(" & ") for row in rows} == {6}


def test_columns_are_a_choice(example: Snapshot) -> None:
    assert as_csv(example, [COLUMNS["flops"]]).splitlines()[2] == "1,conv 20 4x4,645120,ok,"


def test_the_summary_says_what_the_numbers_follow() -> None:
    text = "set counting=pytorch batch=2 dtype=int8\nlet n = 3\ninput 4x4x2\nbatchnorm\nflatten\ndense n"
    facts = summary(snapshot(text))
    # batch norm: 2*2 trained, 2*2 statistics and one counter beside them; dense: 32*3 + 3
    assert facts[0] == "parameters: 103 trainable, 0 non-trainable; buffers: 5"
    assert facts[-2:] == ("counted as pytorch does, int8, batch 2, channels_last", "with n = 3")


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 B"),
        (1023, "1,023 B"),
        (131072, "131,072 B (128.0 KiB)"),
        (3 * 2**20, "3,145,728 B (3.0 MiB)"),
        (2**40, "1,099,511,627,776 B (1,024.0 GiB)"),
    ],
)
def test_bytes_are_named_truthfully(size: int, text: str) -> None:
    assert bytes_text(size) == text


def test_text_is_made_safe_for_its_place() -> None:
    assert (clipped("a" * 40), clipped("a" * 41)) == ("a" * 40, "a" * 39 + "…")
    assert visible("a\x1b[0m\x9b\u202e\ud800\n") == "a\\x1b[0m\\x9b\\u202e\\ud800\\x0a"
    assert visible("층 é") == "층 é"
    assert markdown("a|b*c_") == r"a\|b\*c\_"
    assert code_span("a`b") == "``a`b``"
    assert code_span("`a|", in_table=True) == r"`` `a\| ``"
    assert latex("50% #1_a") == r"50\% \#1\_a"
    assert spreadsheet("=1+1") == "'=1+1"
    assert spreadsheet("conv") == "conv"


def test_messages_are_cut_where_the_terminal_ends() -> None:
    shown = terminal(snapshot("input 8x8x3\nconv 4 3x3 padding=samee\nrelu"), width=56).splitlines()
    assert max(map(cell_len, shown[:5])) <= 56
    assert shown[2].endswith("…")


def test_a_warning_that_no_terminal_is_wide_enough_for_stands_below_the_table() -> None:
    # (8 - 3)/2 rounds down: the last row and column are read by no window.
    one = snapshot("input 8x8x3\nconv 16 3x3 stride=2")
    said = "no window reads the last 1 row and 1 column of the input"
    assert any(line.endswith(f"  ? {said}") and line.startswith("1  conv 16") for line in terminal(one).splitlines())
    narrow = terminal(one, width=50).splitlines()
    assert not any("?" in line for line in narrow[:-2])
    assert narrow[-2] + narrow[-1][1:] == f"? #1 {said}"


def test_a_peak_too_long_to_read_says_what_it_depends_on() -> None:
    # Many steps of which each is the largest for some sizes: the sum of all would fill the screen.
    down = "".join(f"d{i}: conv {8 << i} 3x3\nmaxpool 2\n" for i in range(3))
    up = "".join(f"convtranspose {8 << i} 2x2 stride=2\nconv k 3x3\n" for i in (2, 1, 0))
    net = snapshot(f"input HxWx3\n{down}{up}")
    assert net.peak.complete
    assert "peak activation memory: (by H, W and k) B" in summary(net)
