"""The command that computes a network for many values of its symbols."""

from __future__ import annotations

import csv
import io
import json
import sys
from functools import partial
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.cli import command

KERNELS = "input 39x31x1\nconv 20 k bias=false\nmaxpool 2\nflatten\ndense n\n"

run = partial(command.run, "sweep")


def test_the_worked_example_as_a_table() -> None:
    result = run("worked-example", "--set", "n=10..30:10")
    # 48,320 + 160*n and 2,261,760 + 160*n; the peak is (36*28*20 + 18*14*20)*4 bytes
    assert result.stdout.splitlines() == [
        " n  params       macs    ram B",
        "10  49,920  2,263,360  100,800",
        "20  51,520  2,264,960  100,800",
        "30  53,120  2,266,560  100,800",
    ]
    assert result.exit_code == 0
    assert result.stderr == "3 combinations, each network computed by itself\n"


def test_csv_holds_numbers_and_reasons() -> None:
    result = run(
        "-", "--set", "k=3,40", "--set", "n=10", "--metrics", "params,1:macs", "--format", "csv", stdin=KERNELS
    )
    rows = list(csv.reader(io.StringIO(result.stdout)))
    assert rows[0] == ["k", "params", "1:macs", "status", "message"]
    # 9*20 weights; (37//2)*(29//2)*20 inputs of the dense layer, 10 units; 37*29*20*9 MACs
    assert rows[1] == ["3", str(180 + 18 * 14 * 20 * 10 + 10), str(37 * 29 * 20 * 9), "ok", ""]
    assert rows[2][:4] == ["40", "", "", "error"]
    assert "kernel 40x40 does not fit 39x31" in rows[2][4]


def test_json_is_one_object() -> None:
    record = json.loads(run("-", "--set", "k=3,40", "--set", "n=8,16", "--json", stdin=KERNELS).stdout)
    assert record["symbols"] == {"k": [3, 40], "n": [8, 16]}
    assert record["metrics"] == ["params", "macs", "ram"]
    assert (record["combinations"], record["errors"], record["complete"]) == (4, 2, True)
    assert [point["values"] for point in record["points"]] == [[3, 8], [3, 16], [40, 8], [40, 16]]
    assert [point["numbers"] is None for point in record["points"]] == [False, False, True, True]
    assert "#1" in record["points"][2]["message"]


def test_the_front_alone() -> None:
    result = run(
        "-", "--set", "k=3,5,7", "--set", "n=8,16", "--pareto", "params,n:max", "--format", "csv", stdin=KERNELS
    )
    # params are 20*k*k + (n*20*((40 - k)//2)*((32 - k)//2) + n): the larger kernel leaves the dense layer less
    assert [row.split(",")[:3] for row in result.stdout.splitlines()] == [
        ["k", "n", "params"],
        ["7", "8", str(20 * 49 + 8 * 20 * 16 * 12 + 8)],
        ["7", "16", str(20 * 49 + 16 * 20 * 16 * 12 + 16)],
    ]
    assert "Pareto front: 2 with the smallest params and largest n" in result.stderr
    front = json.loads(
        run("-", "--set", "k=3,5", "--set", "n=8", "--pareto", "params,macs", "--json", stdin=KERNELS).stdout
    )
    assert front["pareto"] == {"params": "min", "macs": "min"}
    assert [point["values"] for point in front["points"]] == [[5], [3]]


def test_charts_in_characters() -> None:
    line = run("worked-example", "--set", "n=1..100", "--format", "chart", "--ascii", "--width", "60").stdout
    assert line.isascii()
    assert "params over n" in line
    assert "48,480" in line or "48.5k" in line
    assert max(map(len, line.splitlines())) <= 60
    heat = run("-", "--set", "k=3,40", "--set", "n=8,16", "--format", "chart", stdin=KERNELS).stdout
    assert "params: k down, n across" in heat
    assert "x does not fit" in heat
    scatter = run("-", "--set", "k=1..9", "--set", "n=8", "--pareto", "params,macs", "--format", "chart", stdin=KERNELS)
    assert "#" in scatter.stdout
    assert run("worked-example", "--set", "n=1,2", "--format", "chart", env={"LAYERSHEET_ASCII": "1"}).stdout.isascii()


@pytest.mark.parametrize("ranges", [["n=8..64*2"], ["n=8..64*2", "k=3,5,40"]])
def test_the_suffix_says_the_format(tmp_path: Path, ranges: list[str]) -> None:
    words = [word for each in ranges for word in ("--set", each)] + (["--set", "k=3"] if len(ranges) == 1 else [])
    for suffix, start in ((".csv", "n,"), (".json", "{"), (".svg", "<svg"), (".txt", " n")):
        out = tmp_path / f"out{suffix}"
        result = run("-", *words, "-o", str(out), stdin=KERNELS)
        assert (result.exit_code, result.stdout) == (0, "")
        assert out.read_text("utf-8").startswith(start)
    ElementTree.fromstring((tmp_path / "out.svg").read_text("utf-8"))
    wrong = run("-", *words, "-o", str(tmp_path / "out.xls"), stdin=KERNELS)
    assert wrong.exit_code == 2
    assert "no format has this suffix; use .csv, .json, .svg, .txt, or say --format" in wrong.stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "there is nothing to sweep; give a symbol a range, such as --set n=10..100:10"),
        (["--set", "n=10"], "there is nothing to sweep; give a symbol a range, such as --set n=10..100:10"),
        (["--set", "n=1..5"], "params also depends on k, which has no value; give it one: --set k=..."),
        (["--set", "n=5..1", "--set", "k=3"], "n: the range 5..1 is empty; write 1..5"),
        (["--set", "m=1..5"], "the network has no symbol 'm'; its symbols: k, n"),
        (["--set", "n=1..5", "--set", "k=3", "--metrics", "parms"],
         "--metrics parms: no metric is called 'parms'; did you mean params?"),
        (["--set", "n=1..5", "--set", "k=3", "--metrics", "9:macs"],
         "--metrics 9:macs: there is no layer '9'; layers go from #0 to #4"),
        (["--set", "n=1..5", "--set", "k=3", "--pareto", "params"], "--pareto params: a Pareto front is of two goals, "
         "'params' has 1; write params,macs:max"),
        (["--set", "dtype=int8,int16"], "--set dtype=int8,int16: dtype takes one value; of the settings only batch is "
         "a number"),
        (["--set", "n=1..5", "--set", "k=3", "--set", "n=7"], "--set n=7: another --set gives it a range; leave one of "
         "the two out"),
        (["--set", "n=1..5", "--set", "n=7..9"], "n has two ranges; join them with a comma, as in n=1..8,16,32"),
        (["--set", "n=1..1000000000000"], "n=1..1000000000000 has 1,000,000,000,000 values, a sweep at most 5,000,000; "
         "take larger steps, such as n=1..1000000000000:1000000000, or n=1..1000000000000*2"),
    ],
)  # fmt: skip
def test_what_cannot_be_swept_is_said_with_a_way_out(words: list[str], message: str) -> None:
    result = run("-", *words, stdin=KERNELS)
    assert result.exit_code == 2
    assert result.stderr == f"layersheet: {message}\n"
    assert result.stdout == ""


def test_three_symbols_are_one_too_many() -> None:
    result = run("-", "--set", "a=1,2", "--set", "b=1,2", "--set", "c=1,2", stdin="input axb\ndense c")
    assert result.exit_code == 2
    assert "3 symbols have a range (a, b, c); a sweep takes one or two" in result.stderr


def test_a_batch_is_swept_too() -> None:
    result = run("-", "--set", "batch=1,32", "--metrics", "macs", stdin="set batch=4\ninput 10\ndense 5")
    assert [line.split() for line in result.stdout.splitlines()] == [["batch", "macs"], ["1", "50"], ["32", "1,600"]]


def test_the_network_itself_is_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "net.txt"
    path.write_text(KERNELS)
    result = run(str(path), "--set", "n=1,2", "--set", "k=3", "-o", str(path))
    assert result.exit_code == 2
    assert "it is the file that is read; give another name" in result.stderr
    assert path.read_text() == KERNELS


def test_lines_that_do_not_read_are_said_with_their_place_instead() -> None:
    result = run("-", "--set", "n=1..3", stdin="input 8\ndense n\nflaten\ndense 2 unts=3\n")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "<stdin>:3: error: no layer kind is called 'flaten'" in result.stderr
    assert "<stdin>:4: error: dense has no argument 'unts'" in result.stderr
    empty = run("-", "--set", "n=1..3", stdin="# nothing yet\n")
    assert (empty.exit_code, empty.stderr) == (2, "layersheet: <stdin> has no layers to sweep\n")


def test_where_nothing_fits_the_exit_code_says_so() -> None:
    result = run("-", "--set", "k=40,41", "--set", "n=1", stdin=KERNELS)
    assert result.exit_code == 1
    assert "2 do not fit: an error in #1 conv" in result.stderr


def test_lower_bounds_are_marked() -> None:
    result = run("-", "--set", "n=1,2", "--metrics", "params", stdin="input 4\nopaque Custom 6\ndense n")
    assert ">= 7" in result.stdout
    assert "at least what is shown" in result.stderr


def test_without_numpy_it_says_that_it_is_slower_and_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    words = ("worked-example", "--set", "n=1..210000", "--metrics", "params", "--format", "csv")
    quick = run(*words)
    monkeypatch.setitem(sys.modules, "numpy", None)
    monkeypatch.delitem(sys.modules, "tui.formats.sweep.with_numpy", raising=False)
    slow = run(*words)
    assert "pip install layersheet[sweep]" in slow.stderr
    assert "plain Python" in slow.stderr
    assert "NumPy" in quick.stderr
    assert slow.stdout == quick.stdout
    assert slow.stdout.splitlines()[-1] == f"210000,{48_320 + 160 * 210_000},ok,"


def test_names_are_data() -> None:
    result = run("-", "--set", "n=1,2", stdin="input 4\n\x1b[31mconv n 9\ndense n")
    assert "\\x1b[31mconv" in result.stdout + result.stderr
    assert "\x1b" not in result.stdout + result.stderr
