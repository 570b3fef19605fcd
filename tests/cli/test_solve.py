"""The command that solves backwards: each example question, its exit codes, and what it says of bad input."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete

from tests.cli import command
from tests.samples import WORKED
from tui.cli import main
from tui.core.metric import METRICS
from tui.core.snapshot import Snapshot
from tui.formats.document import parse_document

run = partial(command.run, "solve")


def total(text: str, metric: str) -> int | None:
    """The total of a network that is typed with its numbers; None where a layer has an error."""
    snapshot = Snapshot.of(parse_document(text))
    if not snapshot.totals.complete:
        return None
    found = METRICS[metric].total(snapshot)
    assert isinstance(found, int)
    return found


def test_largest_units() -> None:
    result = run("worked-example", "--for", "n", "--max", "params=100k")
    # 48,320 + 160*323 = 100,000 by hand
    assert result.stdout.splitlines() == [
        "largest n with params <= 100,000",
        "  n = 322   99,840  fits",
        "> n = 323  100,000  fits",
        "  n = 324  100,160  over by 160",
        "no larger n fits: ruled out by params",
    ]
    assert (result.exit_code, result.stderr) == (0, "")
    tried = [n for n in range(1, 500) if (total(f"let n = {n}\n{WORKED}", "params") or 0) <= 100_000]
    assert max(tried) == 323


@pytest.mark.parametrize("unknown", ["input", "H=W"])
def test_largest_input_by_peak_memory_in_int8(unknown: str) -> None:
    limits = ("--max", "ram=256KiB", "--dtype", "int8", "--set", "n=10")
    answer = json.loads(run("worked-example", "--for", unknown, *limits, "--json").stdout)
    text = "let n = 10\nset dtype=int8\n" + WORKED
    tried = {n: total(text.replace("39x31", f"{n}x{n}"), "ram") for n in range(1, 160)}
    best = max(n for n, ram in tried.items() if ram is not None and ram <= 256 * 1024)
    assert (answer["value"], answer["goal"]) == (best, "largest")
    assert {p["value"]: p["measures"]["ram"] for p in answer["points"]} == {
        n: tried[n] for n in (best - 1, best, best + 1)
    }


def test_smallest_valid_input() -> None:
    result = run("worked-example", "--for", "input", "--valid")
    tried = [n for n in range(1, 60) if total(f"let n = 1\n{WORKED}".replace("39x31", f"{n}x{n}"), "params")]
    assert f"> input = {min(tried)}  fits" in result.stdout
    assert min(tried) == 31
    assert "#7 conv 80 2x2: kernel 2x2 does not fit 1x1" in result.stdout


def test_width_multiplier() -> None:
    answer = json.loads(run("worked-example", "--for", "width", "--max", "macs=50M", "--set", "n=10", "--json").stdout)

    def macs(percent: int) -> int:
        text = f"let n = 10\n{WORKED}"
        for filters in (20, 40, 60):
            text = text.replace(f"conv {filters} ", f"conv {filters * percent // 100} ")
        found = total(text, "macs")
        assert found is not None
        return found

    assert answer["value"] == max(w for w in range(5, 700) if macs(w) <= 50_000_000)
    assert answer["points"][-1]["excess"]["macs"] == macs(answer["value"] + 1) - 50_000_000


def test_all_limits_hold_and_a_layer_can_be_limited() -> None:
    result = run("worked-example", "--for", "conv1.kernel.H", "--max", "conv1:params=5k", "--min", "#3:H=3",
                 "--largest", "--set", "n=10")  # fmt: skip
    assert result.exit_code == 0
    assert "> conv1.kernel.H = 12  conv1:params 960  #3:H 12  fits" in result.stdout


def test_nothing_fits_is_code_3_with_the_nearest() -> None:
    result = run("worked-example", "--for", "n", "--max", "params=48k")
    assert result.exit_code == 3
    assert "  n = 1  48,480  over by 480" in result.stdout
    assert "no n fits from 1 on; the nearest is n = 1" in result.stdout
    short = run("worked-example", "--for", "n", "--min", "params=1M", "--range", "1..100")
    assert short.exit_code == 3
    assert "no n fits in 1..100; the nearest is n = 100" in short.stdout


def test_what_has_no_end_is_said() -> None:
    text = "input 8x8x3\nconv 4 3x3\nglobalavgpool\nrepeatvector n\n"
    result = run("-", "--for", "n", "--max", "params=1k", stdin=text)
    assert result.exit_code == 0
    assert "params does not depend on n; 100,000 is the largest n in 1..100,000; beyond is not checked" in result.stdout
    ended = run("-", "--for", "n", "--max", "params=1k", "--range", "1..50", stdin=text)
    assert "50 is the upper end of the range, and it fits" in ended.stdout
    assert "n = 51  112  fits (outside of the range)" in ended.stdout


def test_errors_that_stay_are_code_1() -> None:
    unread = run("-", "--for", "n", "--max", "params=1k", stdin="input 4\ndens n\n")
    assert (unread.exit_code, unread.stdout) == (1, "")
    assert "no layer kind is called 'dens'" in unread.stderr
    unfit = run("-", "--for", "n", "--max", "params=1k", stdin="input 8x8x3\nconv 4 9x9\nflatten\ndense n\n")
    assert unfit.exit_code == 1
    assert "not valid: #1 conv 4 9x9: kernel 9x9 does not fit 8x8" in unfit.stdout
    # A kernel that is the unknown itself can be mended.
    assert run("-", "--for", "conv1.kernel", "--valid", "--largest", stdin="input 8x8x3\nconv 4 9x9\n").exit_code == 0


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--for", "n"], "give a limit, such as --max params=100k, or --valid"),
        (["--max", "params=1k"], "--for"),
        (["--for", "q", "--valid"], "no layer uses 'q'; its symbols: n"),
        (["--for", "n", "--max", "parms=1k"], "did you mean params?"),
        (["--for", "n", "--max", "params"], "params needs a limit"),
        (["--for", "n", "--max", "params=lots"], "'lots' is no quantity"),
        (["--for", "n", "--max", "params=1k", "--min", "params=2k"], "the limits exclude each other"),
        (["--for", "n", "--max", "params=1k", "--range", "9..3"], "the range 9..3 is empty"),
        (["--for", "n", "--max", "params=1k", "--range", "x"], "'x' is no range"),
        (["--for", "n", "--max", "params=1k", "--range", "1..10000000000000000000"], "numbers up to 10**18"),
        (["--for", "n", "--max", "params=1k", "--range", "1..1000000000000000001"], "beyond 10**18"),
        (["--for", "input", "--max", "macs=1M"], "macs depends on n too; give a value with --set n=..."),
    ],
)
def test_bad_input_is_a_usage_error(args: list[str], said: str) -> None:
    result = run("worked-example", *args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr


def test_a_range_of_10_to_the_12_is_answered(tmp_path: Path) -> None:
    result = run("worked-example", "--for", "n", "--max", "params=1G", "--range", "1..1000000000000")
    assert f"> n = {(10**9 - 48_320) // 160:,}" in result.stdout
    # Nothing here is proven, and too much is left: what was checked is said.
    text = "input 30x30x2\nconv 4 3\nflatten\ndense (n*n*n-700*n*n)%9973+1\n"
    few = run("-", "--for", "n", "--equal", "params=79", "--range", "1..1000000000000", stdin=text)
    assert few.exit_code == 3
    assert "the search ended there and the rest is not checked" in few.stdout


def test_no_layers_and_no_file() -> None:
    assert run("-", "--for", "n", "--valid", stdin="").exit_code == 2
    assert run("missing.layers", "--for", "n", "--valid").exit_code == 2


def test_the_shell_is_offered_unknowns() -> None:
    shell = ShellComplete(main, {}, "layersheet", "_LAYERSHEET_COMPLETE")
    found = {item.value for item in shell.get_completions(["solve", "worked-example", "--for"], "")}
    assert {"n", "input", "width", "batch"} <= found
