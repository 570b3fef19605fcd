"""The command line: what goes to stdout and what to stderr, the exit codes, and that bad input is never a traceback."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete
from click.testing import CliRunner, Result

from tui.cli import main
from tui.core.network import Line
from tui.formats.document import print_document
from tui.formats.imported import Notice
from tui.formats.presets import presets

BROKEN = "input 39x31x1\nconv 20 4x4\ncnv 20 3x3  # why\nconv 2 3\nconv 2 3 strde=2\n"


def run(*args: str, stdin: str | bytes | None = None, env: dict[str, str] | None = None) -> Result:
    clean = {"NO_COLOR": None, "FORCE_COLOR": None, "TERM": "xterm", **(env or {})}
    return CliRunner().invoke(main, list(args), input=stdin, env=clean)


@pytest.fixture
def broken(tmp_path: Path) -> str:
    path = tmp_path / "net.layers"
    path.write_text(BROKEN)
    return str(path)


def test_without_a_terminal_the_table_of_the_worked_example_is_printed() -> None:
    result = run()
    assert result.exit_code == 0
    assert "48,320 + 160*n" in result.stdout
    assert result.stderr == ""
    assert run("lenet-5").stdout == run("show", "lenet-5").stdout
    assert run("-", stdin="input 4\ndense 2").stdout == run("show", "-", stdin="input 4\ndense 2").stdout


def test_a_broken_network_is_shown_whole_and_its_errors_are_said_with_their_place(broken: str) -> None:
    result = run("show", broken)
    assert result.exit_code == 1
    assert len([line for line in result.stdout.splitlines() if line[:1].isdigit()]) == 5
    assert result.stderr.splitlines() == [
        f"{broken}:3: error: no layer kind is called 'cnv'; did you mean conv or convtranspose?",
        "    cnv 20 3x3  # why",
        "    ^^^",
        "    expected: conv, convtranspose",
        f"{broken}:5: error: conv has no argument 'strde'; did you mean stride?",
        "    conv 2 3 strde=2",
        "             ^^^^^",
        *[line for line in result.stderr.splitlines() if line.startswith("    expected: filters")],
    ]


def test_a_layer_that_does_not_fit_is_said_with_its_sum_and_fixes() -> None:
    result = run("show", "-", stdin="input 2x8x1\nconv 3 5x3")
    assert result.exit_code == 1
    assert "<stdin>:2: error: kernel 5x3 does not fit 2x8" in result.stderr
    assert "H = floor((2 - 5)/1) + 1 = -2, must be at least 1" in result.stderr
    assert "fix: kernel 2x3" in result.stderr


def test_the_caret_stands_below_wide_and_escaped_characters() -> None:
    line, caret = run("show", "-", stdin="input 4\n층: \tcnv 3").stderr.splitlines()[1:3]
    assert line == "    층: \\x09cnv 3"
    assert caret == " " * 4 + " " * len("XX: \\x09") + "^^^"


def test_overrides_beat_the_file_and_leave_the_line_numbers_alone(broken: str) -> None:
    assert f"{broken}:3: error" in run("show", broken, "--set", "batch=2", "--dtype", "int8").stderr
    text = "set batch=2\ninput 8x8x3\nconv n 3x3\nbatchnorm\nflatten\ndense n\n"

    def totals(*args: str) -> dict[str, object]:
        return json.loads(run("show", "-", "--json", *args, stdin=text).stdout)["totals"]

    assert totals("--set", "n=10")["params"] == 28 * 10 + 4 * 10 + 36 * 10 * 10 + 10
    assert totals("--set", "n = 10", "--counting", "pytorch")["buffers"] == 2 * 10 + 1
    assert totals("--set", "n=10", "--no-bias")["params"] == 27 * 10 + 4 * 10 + 36 * 10 * 10
    assert totals("--set", "n=10", "--set", "batch=4")["macs"] == 4 * (27 * 10 * 36 + 3600)
    assert totals("--set", "n=10", "--input", "5x5x3")["macs"] == 2 * (27 * 10 * 9 + 900)
    first = json.loads(run("show", "-", "--json", "--data-format", "channels_first", "--input", "3x8x9",
                           stdin="input 8x8x3\nconv 2 3x3").stdout)  # fmt: skip
    assert first["layers"][1]["outputs"] == [[1, 2, 6, 7]]
    assert first["settings"]["data_format"] == "channels_first"


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--set", "m=3"], "no such symbol; its symbols: n"),
        (["--set", "n"], "write a symbol or setting and its value"),
        (["--set", "n=2+"], "ends too early"),
        (["--set", "n=" + "9" * 1000], "more than 18 digits"),
        (["--set", "batch=0"], "at least 1"),
        (["--dtype", "float33"], "did you mean float32"),
        (["--input", "3y4"], "--input 3y4"),
        (["--format", "xml"], "'xml' is not one of"),
        (["--frmat", "csv"], "--format"),
    ],
)
def test_a_wrong_option_is_a_usage_error(args: list[str], said: str) -> None:
    result = run("show", "worked-example", *args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr


def test_several_files_are_one_object_a_line_and_a_missing_one_stops_none(broken: str) -> None:
    result = run("show", "--json", "lenet-5", "missing.layers", broken, "alexnet")
    assert result.exit_code == 2
    assert [json.loads(line)["name"] for line in result.stdout.splitlines()] == ["lenet-5", "net", "alexnet"]
    assert "cannot read missing.layers: there is no such file" in result.stderr
    for fmt in ("table", "csv", "md", "tex"):
        assert run("show", "lenet-5", "alexnet", "--format", fmt).exit_code == 0


def test_explain_writes_all_or_one_layer() -> None:
    whole = run("explain", "worked-example")
    assert "H' = floor((H - kH)/s) + 1 = floor((39 - 4)/1) + 1 = 36" in whole.stdout
    assert "48,320 + 160*n" in whole.stdout
    assert run("explain", "worked-example", "3").stdout == run("explain", "worked-example", "conv2").stdout
    assert run("explain", "worked-example", "3").stdout.startswith("Layer 3: conv 40 3x3")
    assert (
        run("explain", "worked-example", "--format", "md").stdout.count("\n## ") == 12
    )  # ten layers, totals, training
    wrong = run("explain", "worked-example", "cnv2")
    assert (wrong.exit_code, wrong.stdout) == (2, "")
    assert "did you mean conv2" in wrong.stderr


def test_check_passes_fails_and_asks() -> None:
    kept = run("check", "lenet-5", "--max", "params=61706", "--max", "ram=64KiB")
    assert (kept.exit_code, kept.stdout.splitlines()[0]) == (0, "params: 61,706 of 61,706 (100%): ok")
    over = run("check", "lenet-5", "--max", "params=61.7k", "--max", "flash=1MB")
    assert over.exit_code == 3
    assert over.stdout.splitlines()[:2] == [
        "params: 61,706 of 61,700 (101%): OVER by 6",
        "  #8 fc1: dense 120: 48,120",
    ]
    assert over.stdout.splitlines()[-1] == "flash: 246,824 B of 1,000,000 B (25%): ok"
    free = run("check", "worked-example", "--max", "params=1M")
    assert free.exit_code == 1
    assert "params: depends on n; give a value with --set n=..." in free.stderr
    assert run("check", "worked-example", "--max", "params=1M", "--set", "n=10").exit_code == 0
    assert run("check", "worked-example", "--max", "params=1k").exit_code == 3  # over for every n
    assert run("check", "-", "--max", "params=1M", stdin=BROKEN).exit_code == 1
    assert run("check", "-", "--max", "params=1", stdin=BROKEN).exit_code == 3
    assert run("check", "-", "--max", "params=1", stdin="").exit_code == 2
    assert run("check", "lenet-5", "--max", "params=1KiB").exit_code == 2
    assert run("check", "lenet-5").exit_code == 2


def test_operations_have_their_columns_on_demand_and_in_csv() -> None:
    """conv 2 3x3 on 4x4x1: 2*2*2 outputs of 9 products each, a bias added to each output."""
    text = "input 4x4x1\nconv 2 3x3"
    shown = run("show", "-", "--columns", "operations", stdin=text).stdout.splitlines()
    assert shown[0].split() == ["#", "layer", "out", "MACs", "FLOPs", "elem-wise", "RF"]
    assert shown[2].split()[-4:] == ["72", "144", "8", "3"]
    assert "element-wise operations: 8 (not among the FLOPs)" in shown
    head, _, row = run("show", "-", "--format", "csv", stdin=text).stdout.splitlines()
    cells = dict(zip(head.split(","), row.split(","), strict=True))
    assert [cells[key] for key in ("params", "macs", "flops", "elementwise", "weight_bytes")] == [
        "20", "72", "144", "8", "80",
    ]  # fmt: skip


def test_a_wrapper_is_explained_as_an_argument() -> None:
    shown = run("kinds", "Bidirectional").stdout
    assert "kinds: convlstm, gru, lstm, rnn, stackedrnn" in shown
    assert "bidirectional lstm 8, which is lstm 8 bidirectional=true" in shown
    assert "kinds: all" in run("kinds", "keras.layers.TimeDistributed").stdout


def test_kinds_are_listed_and_explained() -> None:
    listed = run("kinds")
    assert listed.exit_code == 0
    assert "convolution\n" in listed.stdout
    about = run("kinds", "Conv2d")
    assert about.stdout.startswith("conv (convolution)\n")
    for part in ("filters", "required", "stride=", "default 1", "kernel_size=", "the network's bias", "nobias"):
        assert part in about.stdout
    # 28x28x3, kernel 4x4, stride 2, same: 14*14 places, 20 filters of 4*4*3 weights and a bias
    assert "on 28x28x3 gives 14x14x20, 980 parameters, 188,160 MACs" in about.stdout
    assert "did you mean conv" in run("kinds", "cnv").stderr


def test_every_kind_can_be_explained_and_nearly_every_example_is_computed() -> None:
    from tui.layers import KINDS

    shown = {name: run("kinds", name) for name in KINDS}
    assert {result.exit_code for result in shown.values()} == {0}
    without = [name for name, result in shown.items() if "gives" not in result.stdout.splitlines()[-1]]
    assert len(without) <= len(KINDS) // 20, without


def test_a_mistyped_command_is_told_from_a_file() -> None:
    result = run("shwo")
    assert result.exit_code == 2
    assert result.stderr == "layersheet: no file, preset or command is called 'shwo'; did you mean show?\n"
    assert "did you mean lenet-5" in run("lenet").stderr


def test_colours_go_by_flag_then_environment() -> None:
    assert "\x1b[" not in run("show", "lenet-5").stdout
    assert "\x1b[1m" in run("show", "lenet-5", "--color", "always").stdout
    assert "\x1b[1m" in run("--color", "always", "show", "lenet-5").stdout
    assert "\x1b[1m" in run("show", "lenet-5", env={"FORCE_COLOR": "1"}).stdout
    assert "\x1b[" not in run("show", "lenet-5", env={"FORCE_COLOR": "0"}).stdout
    assert "\x1b[" not in run("show", "lenet-5", env={"FORCE_COLOR": "1", "NO_COLOR": "1"}).stdout
    assert "\x1b[" not in run("show", "lenet-5", "--color", "never", env={"FORCE_COLOR": "1"}).stdout
    assert "\x1b[31m" in run("show", "-", "--color", "always", stdin="cnv").stderr


def test_info_and_completions() -> None:
    info = run("info").stdout
    for word in ("layersheet:", "textual:", "python:", "config:", "terminal:"):
        assert word in info
    for shell in ("bash", "zsh", "fish"):
        assert "_LAYERSHEET_COMPLETE" in run("completions", shell).stdout
    assert run("completions", "tcsh").exit_code == 2


@pytest.mark.parametrize(
    ("words", "begun", "offered"),
    [
        ([], "sc", {"screenshot"}),
        (["show"], "le", {"lenet-5", "le"}),
        (["kinds"], "convt", {"convtranspose"}),
        (["show", "--dtype"], "int1", {"int16"}),
        (["check", "lenet-5", "--max"], "fl", {"flops=", "flash="}),
        (["presets"], "vg", {"vgg-16"}),
    ],
)
def test_the_shell_is_offered_what_fits(words: list[str], begun: str, offered: set[str]) -> None:
    shell = ShellComplete(main, {}, "layersheet", "_LAYERSHEET_COMPLETE")
    assert {item.value for item in shell.get_completions(words, begun)} == offered


class Screen:
    """Stands in for the screen and remembers what it was opened on."""

    def __init__(self) -> None:
        self.opened: list[tuple[Path | None, str | None]] = []
        self.said: list[tuple[str, tuple[Notice, ...]]] = []
        self.names: list[str] = []

    def run(
        self, path: Path | None, *, lines: list[Line] | None = None, name: str = "", origin: str = "",
        notices: tuple[Notice, ...] = (),
    ) -> int:  # fmt: skip
        self.opened.append((path, None if lines is None else print_document(lines)))
        self.names.append(name)
        self.said.append((origin, notices))
        return 0


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> Screen:
    stand_in = Screen()
    monkeypatch.setattr("tui.cli.terminal.interactive", lambda: True)
    monkeypatch.setattr("tui.ui.app.run", stand_in.run)
    return stand_in


def test_in_a_terminal_the_screen_opens_on_what_is_asked_for(screen: Screen, broken: str, tmp_path: Path) -> None:
    new = str(tmp_path / "new.layers")
    for args in ([], [broken], [new], ["lenet-5"]):
        result = run(*args)
        assert (result.exit_code, result.stdout) == (0, "")
    paths = [path for path, _ in screen.opened]
    assert paths == [None, Path(broken), Path(new), None]
    assert screen.names[-1] == "lenet-5"
    assert [text for _, text in screen.opened] == [None, None, None, presets()["lenet-5"].text]


def test_a_file_of_another_program_opens_as_a_copy_with_its_report(screen: Screen, tmp_path: Path) -> None:
    path = tmp_path / "small.json"
    layers = [
        {"class_name": "InputLayer", "config": {"batch_shape": [None, 4], "name": "in"}},
        {"class_name": "Mystery", "config": {"name": "odd"}},
    ]
    path.write_text(json.dumps({"class_name": "Sequential", "config": {"layers": layers}}))
    result = run(str(path))
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")
    assert screen.opened[0][0] is None
    assert "in: input 4" in str(screen.opened[0][1])
    origin, notices = screen.said[0]
    assert (screen.names, origin) == (["small"], "small.json")
    assert ("opaque", "odd") in [(notice.grade, notice.place) for notice in notices]


def test_in_a_terminal_the_screen_stays_closed_where_it_cannot_help(screen: Screen) -> None:
    dumb = run(env={"TERM": "dumb"})
    assert "48,320 + 160*n" in dumb.stdout
    assert "TERM=dumb" in dumb.stderr
    assert run("shwo").exit_code == 2
    assert "did you mean show?" in run("shwo").stderr
    assert run("-", stdin="input 4").exit_code == 0
    assert screen.opened == []


def test_a_line_that_is_no_layer_is_explained_too() -> None:
    shown = run("kinds", "repeat")
    assert shown.exit_code == 0
    assert "repeat 12 block, its lines indented below" in shown.stdout


def test_a_budget_line_that_does_not_read_is_said_where_there_is_no_other() -> None:
    result = run("check", "-", stdin="input 4\ndense 3\nbudget params=abc\n")
    assert result.exit_code == 2
    assert "'abc' is no quantity" in result.stderr
    assert "has no budget" in result.stderr


def test_a_name_that_is_nothing_is_told_from_what_there_is() -> None:
    result = run("show", "zzqqxx")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "layersheet presets lists the presets" in result.stderr
