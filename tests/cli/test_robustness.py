"""Bad input, odd streams and signals: one line on stderr, the right exit code, never a traceback."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import run


@contextmanager
def nobody_for_root() -> Iterator[None]:
    """Root may read every file: where it runs the tests, the block is run as a user that may not."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


def process(*args: str, **more: Any) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-m", "tui", *args], capture_output=True, timeout=60, **more)


DEEP = "input 4\ndense " + "(" * 5000 + "n" + ")" * 5000


BAD_TEXTS = [
    "", "\n\n", "# only a note", "conv 3 3", "input 4\nadd @b", "input 4\na: add @b\nb: add @a", "input 4\na: add @a",
     "input 4\ndense " + "9" * 1000, DEEP, "input 4\ndense n**60**60", "input 4\n[bold]x[/]: dense 3",
     "input 4\ndense 3 # \x1b[2J\x1b]0;x\x07", "\x1b[2J: dense 3", "input 4\ndense 1//0", "input 4\ndense 3 @",
     "let n = n\ninput n", "let a = b\nlet b = a\ninput a", "set", "set batch=n\ninput 4", "@a", "off", "off off", ":",
     "input 4:0", "input 4\ndense ²", "input " + "x".join(["9" * 18] * 40), "층 밀집 3", "input 0", "input",
]  # fmt: skip


@pytest.mark.parametrize("command", ["show", "explain", "check", "open"])
@pytest.mark.parametrize("text", BAD_TEXTS)
def test_bad_text_is_never_a_traceback(command: str, text: str) -> None:
    more = ["--max", "params=1M"] if command == "check" else []
    result = run(command, "-", *more, stdin=text)
    assert result.exit_code in (0, 1, 2, 3)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert not any(ord(c) < 32 and c != "\n" for c in result.stdout + result.stderr)
    for fmt in ("json", "csv", "md", "tex"):
        other = run("show", "-", "--format", fmt, stdin=text)
        assert other.exit_code in (0, 1)
        assert "\x1b" not in other.stdout + other.stderr


ASKED = [
    "diagram -", "diagram - -o -", "diagram - --ascii --width 20", "chart -", "chart - --metric live --by group -o -",
    "solve - --for n --max params=100k", "solve - --for input --valid", "solve - --for width --max macs=1M --json",
    "solve - --for #1 --valid", "sweep - --set n=1..3", "sweep - --set n=1..3 --set m=1..3 --format chart",
    "sweep - --set n=1..3 --format svg", "check - --device esp32", "practice - --layers all", "compare - lenet-5",
    "compare lenet-5 - --json", "explain - --format tex", "explain - --format md",
]  # fmt: skip
WRITTEN = ["layers", "md", "csv", "tex", "json", "svg", "solution-md", "solution-tex", "pytorch", "keras", "keras-json"]


@pytest.mark.parametrize("text", [*BAD_TEXTS, "budget params=abc\ninput 4", "budget device=none\ninput n\ndense n*m"])
def test_bad_text_is_no_traceback_in_any_command(text: str) -> None:
    for line in [*ASKED, *(f"convert - - --to {name}" for name in WRITTEN)]:
        # What practice would read as answers is the network here: it has none left, as at the end of a pipe.
        result = run(*line.split(" "), stdin=text)
        assert result.exit_code in (0, 1, 2, 3), line
        assert result.exception is None or isinstance(result.exception, SystemExit), line
        data = "" if line.endswith("--to layers") else result.stdout  # a pipe gets the lines as they stand
        assert not any(ord(c) < 32 and c != "\n" for c in data + result.stderr), line
        if result.exit_code == 2:
            assert result.stderr.startswith("layersheet: ") or "\nlayersheet: " in result.stderr, line


@pytest.mark.parametrize("command", ["diagram lenet-5 -o", "chart lenet-5 -o", "sweep worked-example --set n=1 -o",
                                     "screenshot lenet-5 -o", "convert lenet-5"])  # fmt: skip
def test_an_output_that_cannot_be_written_is_one_line_and_exit_code_2(command: str, tmp_path: Path) -> None:
    (tmp_path / "folder.svg").mkdir()
    for name in ("folder.svg", "none/a.svg", "a\0b.svg", "x" * 5000 + ".svg"):
        result = run(*command.split(" "), str(tmp_path / name))
        assert (result.exit_code, result.stdout) == (2, ""), name
        assert result.stderr.startswith("layersheet: ")
        assert result.stderr.count("\n") == 1


def test_bad_files_are_one_line_and_exit_code_2(tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\x7fELF\0\0\1")
    (tmp_path / "korean").write_bytes("층: dense 3".encode("euc-kr"))
    for name in ("binary", "korean", ".", "none", "a\0b", "x" * 5000, "\x1b[31m"):
        for args in (["show"], ["explain"], ["check", "--max", "params=1"], []):
            result = run(*args, str(tmp_path / name))
            assert result.exit_code == 2, (name, args)
            assert result.stdout == ""
            assert result.stderr.startswith("layersheet: ")
            assert result.stderr.count("\n") == 1
            assert "\x1b" not in result.stderr


@pytest.mark.skipif(os.name == "nt", reason="permissions of POSIX")
def test_a_file_without_permission_is_named() -> None:
    run("show", "lenet-5")  # from here on all modules are loaded: nobody may not read them either
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)  # others may look into it, which they may not into pytest's own folder
        path = Path(name) / "secret"
        path.write_text("input 3")
        path.chmod(0)
        with nobody_for_root():
            result = run("show", str(path))
    assert result.exit_code == 2
    assert result.stderr == f"layersheet: cannot read {path}: permission denied\n"


def test_a_line_of_ten_megabytes_is_refused_in_short() -> None:
    result = run("show", "-", stdin="input 4\ndense " + "3" * 10 * 2**20)
    assert result.exit_code == 1
    assert len(result.output) < 3000


def test_help_imports_neither_the_screen_nor_the_core() -> None:
    code = (
        "import sys\nfrom tui.cli import main\ntry: main(['--help'])\nexcept SystemExit: pass\n"
        "print([m for m in sys.modules if m.split('.')[0] in ('rich', 'textual', 'platformdirs') "
        "or m.startswith(('tui.core', 'tui.layers', 'tui.formats', 'tui.ui'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_show_does_not_import_the_screen() -> None:
    code = (
        "import sys\nfrom tui.cli import main\ntry: main(['show', 'lenet-5'])\nexcept SystemExit: pass\n"
        "print([m for m in sys.modules if m.startswith(('textual', 'tui.ui'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_python_m_is_the_same_command() -> None:
    done = process("show", "worked-example", "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["name"] == "worked-example"
    assert process("--version").stdout.startswith(b"layersheet ")


def test_an_encoding_that_lacks_characters_gets_escapes() -> None:
    done = process("show", "-", input="층: input 4".encode(), env={**os.environ, "PYTHONIOENCODING": "latin-1"})
    assert done.returncode == 0
    assert b"\\uce35" in done.stdout


@pytest.mark.skipif(os.name == "nt", reason="signals and pipes of POSIX")
def test_a_reader_that_leaves_is_no_error() -> None:
    shell = f'"{sys.executable}" -m tui show vgg-16 vgg-16 vgg-16 alexnet --format md; echo "code $?" >&2'
    done = subprocess.run(f"({shell}) | head -n 1", shell=True, capture_output=True, text=True, timeout=60)
    assert done.stdout == "## vgg-16\n"
    assert done.stderr == "code 0\n"


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no device that is always full")
@pytest.mark.parametrize("args", [["show", "lenet-5"], ["--help"], ["presets"]])
def test_a_full_disk_is_said_in_one_line(args: list[str]) -> None:
    with open("/dev/full", "wb") as full:
        command = [sys.executable, "-m", "tui", *args]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (2, "layersheet: cannot write: No space left on device\n")


@pytest.mark.skipif(os.name == "nt", reason="closing of streams by a POSIX shell")
def test_closed_streams_are_no_traceback() -> None:
    for words in ("", "show lenet-5"):
        for closed in ("<&-", ">&-", "2>&-"):
            shell = f'"{sys.executable}" -m tui {words} {closed}'
            done = subprocess.run(shell, shell=True, capture_output=True, text=True, timeout=60)
            assert (done.returncode, done.stderr) == (0, ""), shell
            assert ("total" in done.stdout) == (closed != ">&-")


@pytest.mark.skipif(os.name == "nt", reason="signals and pipes of POSIX")
def test_ctrl_c_is_exit_code_130() -> None:
    command = [sys.executable, "-m", "tui", "show", "-"]
    # A shell starts what runs in the background deaf to Ctrl+C, and the tests may run there.
    deaf = signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        waiting = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE)
    finally:
        signal.signal(signal.SIGINT, deaf)
    time.sleep(1.0)
    waiting.send_signal(signal.SIGINT)
    _, said = waiting.communicate(timeout=30)
    assert waiting.returncode == 130
    assert b"Traceback" not in said
