"""A layer of which only the name is known: nothing of it is counted, and every output says so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tui.cli import main
from tui.core.snapshot import Snapshot
from tui.formats import table, worked
from tui.formats.columns import columns_called
from tui.formats.diagram.model import picture_of
from tui.formats.diagram.text import as_text
from tui.formats.document import parse_document, print_document
from tui.formats.line import parse_line
from tui.formats.record import record

# By hand: dense 10 on 128 features has 128*10 + 10 = 1,290 parameters and 20*128*10 = 25,600 MACs.
NETWORK = """\
input 20x64
lstm: opaque my.LSTM 20x128;128
dense 10 @lstm
late: opaque Thing @lstm:1
relu @late
"""
KNOWN = "input 20x64\nlstm: opaque my.LSTM 20x128\ndense 10\n"


def made(text: str) -> Snapshot:
    return Snapshot.of(parse_document(text))


def shapes(snapshot: Snapshot, row: int) -> list[tuple[object, ...]]:
    result = snapshot.result(row)
    assert result is not None
    return [tensor.shape for tensor in result.outputs]


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("opaque LayerNormLSTM 20x3x4", "opaque LayerNormLSTM 20x3x4"),
        ("opaque a.b::C<int> 20x4;4;scalar", "opaque a.b::C<int> 20x4;4;scalar"),
        ("opaque F shape=nx(n+1)", "opaque F nx(n+1)"),
        ("opaque F", "opaque F"),
        ("custom F 2x0 whole=true dtype=int64", "opaque F 2x0 whole=true dtype=int64"),
        ("opaque F;G 2x", None),
        ("opaque F 20x;4", None),
        ("opaque", None),
        ("opaque F 20x-4", None),
    ],
)
def test_its_text_form(text: str, canonical: str | None) -> None:
    line = parse_line(text)
    if canonical is None:
        assert line.error is not None
    else:
        assert line.text == canonical
        assert parse_line(line.text).spec is line.spec


def test_it_gives_the_shapes_that_are_stated_and_its_readers_wait_for_others() -> None:
    snapshot = made("set batch=3\n" + NETWORK + "a: relu @lstm:2\n")
    assert shapes(snapshot, 2) == [(3, 20, 128), (3, 128)]
    assert shapes(snapshot, 3) == [(3, 20, 10)]
    results = [snapshot.result(row) for row in range(1, 7)]
    assert [r and r.status for r in results][1:] == ["opaque", "warning", "opaque", "waiting", "waiting"]
    assert (snapshot.waits_for(5), snapshot.waits_for(6)) == (4, 2)


def test_the_whole_shape_and_symbols() -> None:
    snapshot = made("let n = 5\ninput 7\nopaque F nx4;n whole=true\n")
    assert shapes(snapshot, 2) == [(5, 4), (5,)]


def test_totals_are_lower_bounds() -> None:
    totals = made(NETWORK).totals
    assert (totals.params, totals.macs, totals.complete) == (1_290, 25_600, False)
    assert not made(NETWORK).peak.complete
    again = made("input 20x64\nf: opaque F 20x64\ncall f\ng.a: relu\ng.b: opaque G 20x64\ng.c: relu\n")
    assert not again.totals.complete
    group = again.subtotal(range(3, 6))
    assert (group.status, group.counts.missing) == ("opaque", 1)
    assert columns_called("standard")[1].cell(again, 3, group) == ">= 0"


def test_no_receptive_field_is_known_below_it() -> None:
    snapshot = made("input 32x32x3\nopaque F 32x32x3\nconv 4 3\n")
    assert [snapshot.field(row) is None for row in range(3)] == [False, True, True]


def test_the_json_has_nulls() -> None:
    found = record(made(NETWORK), "n")
    lstm, late = found["layers"][1], found["layers"][3]
    assert (lstm["status"], lstm["outputs"], lstm["params"], lstm["macs"]) == (
        "opaque",
        [[1, 20, 128], [1, 128]],
        None,
        None,
    )
    assert (lstm["activation_bytes"], late["activation_bytes"], late["outputs"]) == ((20 * 128 + 128) * 4, None, [])
    assert found["totals"]["complete"] is False
    assert "not known" in lstm["message"]


def test_the_tables_have_question_marks_and_bounds() -> None:
    snapshot = made(NETWORK)
    shown = table.terminal(snapshot)
    assert "~ my.LSTM is opaque" in shown
    assert ">= 1,290" in shown
    rows = [row.cells[:4] for row in table.rows_of(snapshot, columns_called("standard"))]
    assert rows[1] == ("20x128, 128", "?", "?", "10,752")
    assert rows[3] == ("?", "?", "?", "?")
    assert 'lstm: opaque my.LSTM 20x128;128,"20x128, 128",,,,,,,,10752,,,opaque' in table.as_csv(
        snapshot, columns_called("all")
    )
    assert "opaque" in table.as_markdown(snapshot)
    assert "?" in table.as_latex(snapshot)


def test_the_worked_solution_and_the_diagram_say_so() -> None:
    snapshot = made(NETWORK)
    text = worked.as_text(snapshot)
    assert "my.LSTM is opaque" in text
    assert "(at least)" in text
    assert "unknown operation" in text
    drawn = as_text(picture_of(snapshot, "n"), 80)
    assert "~ weights and work not known" in drawn
    assert "at least 1,290 parameters" in drawn


def run(*args: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, list(args))
    return result.exit_code, result.stdout, result.stderr


def test_the_commands(tmp_path: Path) -> None:
    file = tmp_path / "n.layers"
    file.write_text(KNOWN)
    code, out, err = run("show", str(file), "--json")
    assert (code, json.loads(out)["totals"]["complete"]) == (0, False)
    assert "opaque: my.LSTM is opaque" in err
    code, out, err = run("check", str(file), "--max", "params=1M")
    assert (code, "open" in out, "not proven" in err) == (1, True, True)
    assert run("check", str(file), "--max", "params=1289")[0] == 3
    file.write_text(NETWORK)  # a layer waits for a shape that nobody knows
    assert run("show", str(file))[0] == 1


def test_it_round_trips_in_a_document() -> None:
    assert print_document(parse_document(NETWORK)) == NETWORK
