"""Blocks as text: how they are read, the ways out of their errors, and what the formats show of them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.core.blocks import opened
from tests.formats.blocks import after, net
from tui.formats import table
from tui.formats.complete import complete
from tui.formats.document import print_document
from tui.formats.fixes import ways_out
from tui.formats.line import parse_line
from tui.formats.record import as_json
from tui.formats.worked import as_text


@pytest.mark.parametrize("text", ["    # note", "    nonsense 3", "        s: relu  # note", "    repeat 3 b"])
def test_every_line_that_shows_keeps_its_indentation(text: str) -> None:
    line = parse_line(text)
    assert (line.text, line.indent) == (text, len(text) - len(text.lstrip()))
    assert line.code == text.strip() or line.note


def test_a_tab_is_four_spaces_in_a_line_that_does_not_read_too() -> None:
    line = parse_line("\tnonsense 3")
    assert (line.text, line.indent) == ("    nonsense 3", 4)
    assert line.error is not None
    assert line.text[slice(*line.error.span)] == "nonsense"


def test_a_line_that_does_not_read_stays_in_its_block() -> None:
    snapshot = opened("input 8\nrepeat 2\n    relu\n    cnv 3\n    relu\nflatten\n")
    assert snapshot.body(1) == range(2, 5)
    assert [snapshot.result(row).status for row in (1, 3, 4)] == ["error", "error", "waiting"]


def fixes(text: str, row: int) -> dict[str, str]:
    snapshot = net(text)
    return {way.label: after(snapshot, way.edit) for way in ways_out(snapshot, row)}


def test_what_reads_a_layer_that_is_gone_may_read_another_or_none() -> None:
    text = "input 8\nstem: dense 8\ndense 6\ndense 8\nadd @gone"
    found = fixes(text, 4)
    assert found["read #1 stem: dense 8 instead of gone"].endswith("add @stem")
    assert found["read #0 input 8 instead of gone"] == "input: " + text.replace("@gone", "@input")
    assert "read #2 dense 6 instead of gone" not in found  # 6 and 8 do not add up
    assert "take @gone away" not in found  # add needs two
    assert fixes("input 8\nrelu @gone", 1)["take @gone away"] == "input 8\nrelu"
    called = fixes("input 8\nq: dense 8\nrelu\ncall gone", 3)
    assert called["read #1 q: dense 8 instead of gone"] == "input 8\nq: dense 8\nrelu\ncall q"


def test_what_stands_above_its_source_may_stand_below_it() -> None:
    text = "input 8\nadd @b\na: dense 8\nb: dense 8\nrelu"
    way = next(iter(fixes(text, 1).items()))
    assert way == ("move this line below #3 b: dense 8", "input 8\na: dense 8\nb: dense 8\nadd @b\nrelu")
    # In a block the layer would leave it; below c the layer would read two layers that do not add up.
    assert not any("move" in label for label in fixes("input 8\nrepeat 2\n    add @b\n    relu\nb: dense 8", 2))
    assert not any("move" in label for label in fixes("input 8\nadd @b @c\nb: dense 8\nc: dense 6", 1))


def test_what_does_not_fit_may_read_a_layer_of_the_other_shape() -> None:
    text = "input 8x8x4\nconv 4 1\na: maxpool 2\nb: conv 4 3 padding=same @conv\nadd @a"
    found = fixes(text.replace("\nconv", "\nconv: conv"), 4)
    assert found["read #1 conv: conv 4 1 instead of a"].endswith("add @conv")
    assert found["read #0 input 8x8x4 instead of a"].startswith("input: input 8x8x4")
    assert not any("maxpool" in label for label in found)


def test_a_block_that_is_not_repeated_is_repeated_once() -> None:
    assert fixes("input 8\nrepeat 0 b\n    relu", 1)["repeat 1 b"] == "input 8\nrepeat 1 b\n    relu"
    assert fixes("input 8\nrepeat -2\n    relu", 1)["repeat 1"] == "input 8\nrepeat 1\n    relu"


def test_a_fix_in_a_block_stays_in_the_block() -> None:
    text = "input 8\nrepeat 2 b\n    stem: dense 8\n    add @sten  # skip\nrelu"
    assert fixes(text, 3)["@stem"] == text.replace("@sten", "@stem")
    assert fixes(text, 1)["@stem"] == text.replace("@sten", "@stem")  # from the head too


def test_ways_out_of_a_head() -> None:
    changing = "input 32x32x3\nrepeat n b  # down\n    conv 4 3\nrelu"
    found = fixes(changing, 1)
    assert found["repeat 2 b"] == changing.replace("repeat n b", "repeat 2 b")
    assert found["delete this line; its block stays, once"] == "input 32x32x3\nconv 4 3\nrelu"
    empty = fixes("input 8\nrepeat 3\nrelu", 1)
    assert empty["repeat #1 relu"] == "input 8\nrepeat 3\n    relu"
    assert "repeat 2" not in empty
    zero = fixes("let n = 0\ninput 8\nrepeat n\n    relu", 2)
    assert zero["repeat 1"] == "let n = 0\ninput 8\nrepeat 1\n    relu"


def record(text: str) -> dict[str, Any]:
    return json.loads(as_json(net(text), "net"))


def test_json_has_every_copy_under_a_name_of_its_own_and_they_sum_to_the_totals() -> None:
    text = "\n".join(("input 8", "repeat 3 b", "    # note", "    x: dense 8", "    off relu", "    add @x",
                      "    repeat 2", "        tanh", "out: dense 4"))  # fmt: skip
    found = record(text)
    names = [layer["name"] for layer in found["layers"]]
    assert len(set(names)) == len(names) == 1 + 3 * 4 + 1
    assert names[:3] == ["input1", "b.0.x", "add1"]
    assert found["layers"][2]["inputs"] == ["b.0.x", "b.0.x"]
    assert found["layers"][-1]["inputs"] == ["tanh6"]
    for key in ("params", "trainable", "macs"):
        assert sum(layer[key] for layer in found["layers"]) == found["totals"][key]
    assert found["totals"]["params"] == 3 * 72 + 36


def test_json_has_no_name_twice_though_the_document_has() -> None:
    assert [layer["name"] for layer in record("x: input 8\nx: relu\nx: relu")["layers"]] == ["x", "relu1", "relu2"]


def test_json_of_a_symbolic_block_has_the_first_copy_and_all_others_as_one() -> None:
    found = record("set bias=false\ninput 4\nrepeat n b\n    x: dense 4\n    # last\nrelu")
    assert [(layer["name"], layer["params"]) for layer in found["layers"]] == [
        ("input1", 0), ("b.0.x", 16), ("b.1.x", "16*n - 16"), ("relu1", 0)]  # fmt: skip
    assert found["layers"][-1]["inputs"] == ["b.1.x"]
    assert found["totals"]["params"] == "16*n"


def test_tables_show_heads_with_their_subtotals() -> None:
    snapshot = net("set bias=false\ninput 4\nrepeat 3 b\n    dense 4\nrelu")
    rows = [(row.number, row.line, row.cells[1]) for row in table.rows_of(snapshot, table.columns_called("standard"))]
    assert rows == [("0", "input 4", "0"), ("", "repeat 3 b", "48"), ("1", "    dense 4", "16"), ("2", "relu", "0")]
    for made in (
        table.terminal(snapshot),
        table.as_csv(snapshot),
        table.as_markdown(snapshot),
        table.as_latex(snapshot),
    ):
        assert "repeat 3 b" in made
        assert "48" in made


def test_a_skipped_block_and_one_that_waits_say_so_in_the_table() -> None:
    snapshot = net("input 4\nrepeat 3 b\n    off dense 4\nconv 3 9\nrepeat 2\n    relu\nflatten")
    rows = [(row.status, row.message) for row in table.rows_of(snapshot, table.columns_called("standard"))]
    assert rows[1] == ("off", "skipped")
    assert rows[4:] == [("waiting", "- needs #2")] * 3
    below = net("input 9x9x1\nrepeat n\n    conv 1 3\nrelu")
    assert [row.message for row in table.rows_of(below, table.columns_called("standard"))][3] == "- needs repeat n"


def test_the_worked_solution_has_a_chapter_for_each_block_and_sums_blocks_as_a_whole() -> None:
    made = as_text(net("set bias=false\ninput 4\ndense 2\nrepeat 3 b\n    dense 4\ndense 5"))
    # 4*2 above; 2*4 in the first copy and 4*4 in the two others; 4*5 below.
    assert "Block: repeat 3 b\n" in made
    assert "#2 = copy + times*copy = 8 + 2*16 = 40" in made
    assert "parameters = #1 + (repeat 3 b) + #3 = 8 + 40 + 20 = 68" in made
    # dense 5 reads the 4 outputs of the last copy: 4 + 5 numbers of 4 bytes, less than the 2 + 4 of none.
    assert "peak of activations = input + output = 16 + 20 = 36" in made


def test_completion_offers_blocks_statements_and_names_to_call() -> None:
    def offered(line: str) -> list[str]:
        return [candidate.text for candidate in complete(line, len(line), ["conv1", "stem"])]

    assert "repeat " in offered("rep")
    assert "set " in offered("se")
    assert "let " in offered("le")
    assert "repeat " not in offered("a: rep")
    assert offered("call ") == ["conv1 ", "stem "]
    assert offered("call s") == ["stem "]
    assert "@stem" in offered("call stem @")
    assert offered("add ")[:2] == ["@conv1", "@stem"]
    assert offered("budget ra") == ["ram="]
    assert "device=esp32" in offered("budget device=esp")
    assert "lstm " in offered("Bidirectional ls")
    assert "conv " not in offered("Bidirectional ")
    assert offered("nn.MaxPo")[0] == "maxpool "


def test_a_document_of_blocks_is_written_back_as_it_was() -> None:
    text = "input 8\nrepeat 3 b\n    # note\n\n    x: dense 8  # wide\n    repeat 2*n\n        relu\n"
    assert print_document(net(text.removesuffix("\n")).lines) == text
