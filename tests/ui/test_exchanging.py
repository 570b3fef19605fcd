"""Files of other programs on the screen: taken in with a preview, written with a report, stopped with Esc."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from pathlib import Path

import pytest

from tests.samples import WORKED
from tests.ui.screen import Desk, opened
from tui.core.network import Line
from tui.formats import readers
from tui.formats.document import parse_document
from tui.formats.imported import Imported, Notice, Progress
from tui.ui.filing import Document

# 3x3x3 kernels and a bias for each of 4 filters: 112 parameters, 6x6 windows, 6*6*4 values.
KERAS = {
    "class_name": "Sequential",
    "config": {
        "layers": [
            {"class_name": "InputLayer", "config": {"batch_shape": [None, 8, 8, 3], "name": "image"}},
            {"class_name": "Conv2D", "config": {"name": "first", "filters": 4, "kernel_size": [3, 3]}},
        ]
    },
}


async def choose(desk: Desk, path: Path) -> None:
    """Give the open file dialog a path."""
    await desk.fill(str(path))
    await desk.press("enter")
    for _ in range(40):
        await desk.settle()
        if desk.dialog != "ImportFile" and desk.dialog != "Working":
            return
        await asyncio.sleep(0.02)


def keras_file(folder: Path) -> Path:
    path = folder / "small.json"
    path.write_text(json.dumps(KERAS))
    return path


async def test_import_shows_what_it_is_and_opens_a_copy(tmp_path: Path) -> None:
    path = keras_file(tmp_path)
    async with opened() as desk:
        await desk.press("i")
        await choose(desk, path)
        assert desk.dialog == "ImportPreview"
        assert "params 112 | MACs 3,888" in desk.text()  # 27*4 weights at each of 36 places
        assert "first: conv 4 3x3" in desk.text()
        await desk.press("enter")
        await desk.settle()
        assert desk.codes == ["image: input 8x8x3", "first: conv 4 3x3"]
        assert desk.bench.document.path is None
        assert path.read_text() == json.dumps(KERAS)


async def test_import_puts_the_layers_below_the_cursor_as_one_step(tmp_path: Path) -> None:
    async with opened("input 9\ndense 2\nrelu\n") as desk:
        await desk.press("i")
        await choose(desk, keras_file(tmp_path))
        await desk.press("i")
        await desk.settle()
        assert desk.codes == ["input 9", "dense 2", "image: input 8x8x3", "first: conv 4 3x3", "relu"]
        await desk.press("u")
        await desk.settle()
        assert desk.codes == ["input 9", "dense 2", "relu"]


async def test_import_asks_before_unsaved_work_is_left(tmp_path: Path) -> None:
    async with opened() as desk:
        await desk.press("d", "i")
        await choose(desk, keras_file(tmp_path))
        await desk.press("enter")
        await desk.settle()
        assert desk.dialog == "Confirm"
        await desk.press("escape")
        await desk.settle()
        assert desk.codes[:2] == ["input 39x31x1", "maxpool 2"]


async def test_a_report_names_what_a_user_must_see_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    notices = (
        Notice("dropped", "drop[bold]", "no weights"),
        Notice("opaque", "mystery\x1b[2J", "is not known"),
    )
    lines: list[Line] = parse_document("input 4\n")
    monkeypatch.setattr(readers, "read_file", lambda path, progress: Imported(lines, notices))
    async with opened() as desk:
        await desk.press("i")
        await choose(desk, keras_file(tmp_path))
        shown = desk.text()
        assert shown.index("opaque: mystery\\x1b[2J: is not known") < shown.index("dropped: drop[bold]: no weights")
        assert "1 opaque (not known here: its weights and work are not counted)" in shown


async def test_the_report_of_an_import_stays_within_reach(tmp_path: Path) -> None:
    notices = (Notice("folded", "conv1[bold]", "2 operators are one layer"), Notice("opaque", "odd", "is not known"))
    document = Document("net", origin="net.onnx", notices=notices)
    async with opened("input 4\nopaque\n", document=document) as desk:
        assert "a copy of net.onnx: 1 opaque, 1 folded   (R: the report)" in desk.line("message")
        await desk.press("R")
        await desk.settle()
        assert desk.dialog == "Report"
        shown = desk.text()
        assert shown.index("opaque: odd: is not known") < shown.index("folded: conv1[bold]: 2 operators are one layer")
        await desk.press("escape", "ctrl+s")
        await desk.settle()
        await desk.fill(str(tmp_path / "net.layers"))
        await desk.press("enter")
        await desk.settle()
        assert desk.bench.document.path == tmp_path / "net.layers"
        await desk.press("R")
        await desk.settle()
        assert "How net.onnx was read" in desk.text()


async def test_without_an_import_there_is_no_report() -> None:
    async with opened() as desk:
        await desk.press("R")
        await desk.settle()
        assert (desk.dialog, desk.line("message")) == (
            "Workbench", " there is no report: this network is not from another program")  # fmt: skip


async def test_a_file_that_does_not_read_is_said_and_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "broken.json"
    path.write_text("{")
    async with opened() as desk:
        before = desk.codes
        await desk.press("i")
        await choose(desk, path)
        assert desk.dialog == "Workbench"
        assert "broken.json" in desk.line("message")
        assert desk.codes == before


async def test_a_long_import_shows_a_bar_and_stops_with_escape(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = threading.Event()

    def slow(path: Path, progress: Progress) -> Imported:
        begun.set()
        for done in range(2_000):  # 20 seconds, unless it is stopped
            progress(done, 2_000)
            time.sleep(0.01)
        raise AssertionError("it was not stopped")

    monkeypatch.setattr(readers, "read_file", slow)
    async with opened() as desk:
        before = desk.codes
        await desk.press("i")
        await desk.fill(str(keras_file(tmp_path)))
        await desk.press("enter")
        while not (begun.is_set() and desk.dialog == "Working"):
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.25)
        assert " of 2,000" in desk.text()
        await desk.press("escape")
        while desk.dialog == "Working":
            await asyncio.sleep(0.02)
        await desk.settle()
        assert desk.line("message") == " stopped; nothing was changed"
        assert desk.codes == before


async def test_open_takes_the_files_of_other_programs_too(tmp_path: Path) -> None:
    async with opened() as desk:
        await desk.press("ctrl+o")
        await desk.fill(str(keras_file(tmp_path)))
        await desk.press("enter")
        for _ in range(40):
            await desk.settle()
            if desk.codes[0].startswith("image"):
                break
        assert desk.codes == ["image: input 8x8x3", "first: conv 4 3x3"]
        assert desk.line("message") == " a copy of small.json"


async def mark(desk: Desk, target: str) -> None:
    """Mark a format in the export dialog."""
    from tui.formats.writers import TARGETS

    await desk.press(*["down"] * list(TARGETS).index(target))
    await desk.settle()


async def test_export_previews_and_writes_a_file(tmp_path: Path) -> None:
    async with opened(WORKED.replace("dense n", "dense 10")) as desk:
        await desk.press("x")
        await desk.settle()
        await mark(desk, "keras")
        assert "import keras" in desk.text()
        await desk.press("enter")
        await desk.settle()
        assert desk.dialog == "SaveFile"
        await desk.fill(str(tmp_path / "out"))
        await desk.press("enter")
        await desk.settle()
        written = (tmp_path / "out.py").read_text()
        assert written.startswith("# 49,920 parameters")  # 48,320 + 160*10
        assert "wrote" in desk.line("message")


async def test_export_asks_before_it_replaces_a_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.md"
    path.write_text("mine")
    async with opened() as desk:
        await desk.press("x")
        await desk.settle()
        await mark(desk, "md")
        await desk.press("enter")
        await desk.settle()
        await desk.fill(str(path))
        await desk.press("enter")
        await desk.settle()
        assert desk.dialog == "Confirm"
        await desk.press("c")
        await desk.settle()
        assert path.read_text() == "mine"


async def test_export_says_what_a_format_cannot_hold(tmp_path: Path) -> None:
    async with opened() as desk:
        await desk.press("x")
        await desk.settle()
        await mark(desk, "onnx")
        assert "dense" in desk.text()
        await desk.press("enter")
        await desk.settle()
        assert desk.dialog == "ExportAs"


async def test_copy_says_which_way_it_went(monkeypatch: pytest.MonkeyPatch) -> None:
    import pyperclip

    copied: list[str] = []
    monkeypatch.setattr(pyperclip, "copy", copied.append)
    monkeypatch.delenv("SSH_CONNECTION", raising=False)
    monkeypatch.delenv("SSH_TTY", raising=False)
    async with opened(size=(120, 40)) as desk:
        await desk.press("x")
        await desk.settle()
        await mark(desk, "md")
        await desk.press("y")
        await desk.settle()
        assert copied == [desk.app.clipboard]
        assert copied[0].startswith("| # | layer |")
        assert desk.line("message").endswith("sent to the terminal (OSC 52) and put into this machine's clipboard")
        # Over SSH this machine's clipboard is not the user's.
        monkeypatch.setenv("SSH_TTY", "/dev/pts/1")
        await desk.press("2", "y")
        assert len(copied) == 1
        assert desk.line("message") == " copied the cell: sent to the terminal (OSC 52)"
