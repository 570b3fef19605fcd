"""Unsaved work outlives its session: the journal on the screen, and what a first start shows."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.ui.screen import PARAMS, WORKED, Desk, opened
from tui.ui.filing import Document
from tui.ui.tips import TIPS


async def test_a_session_writes_and_removes_its_journal(tmp_path: Path) -> None:
    folder = tmp_path / "journal"
    async with opened(journal=folder) as desk:
        assert not list(folder.glob("*")) if folder.exists() else True
        await desk.press("plus")
        await desk.settle()
        (journal,) = folder.iterdir()
        assert "conv 21 4x4" in journal.read_text()
        await desk.press("enter")
        await desk.fill("conv 21 5x")
        assert "conv 21 5x" in journal.read_text()
        await desk.press("escape", "q", "d")
        await desk.settle()
        assert list(folder.iterdir()) == []


# A session that is killed in the midst of typing.
KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
from tests.ui.screen import opened
from tui.ui.filing import Document

async def session():
    path = Path(sys.argv[2]) if len(sys.argv) > 2 else None
    document = Document(path.name, path) if path else Document("worked-example")
    async with opened(document=document, journal=Path(sys.argv[1])) as desk:
        await desk.press("plus")
        await desk.press("down", "enter")
        await desk.fill("maxpool 3")
        os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(session())
"""


def kill_a_session(folder: Path, *path: str) -> None:
    run = subprocess.run([sys.executable, "-c", KILLED, str(folder), *path], env=None, cwd=Path(__file__).parents[2])
    assert run.returncode == -9


async def answer_to_recovery(desk: Desk, key: str) -> None:
    await desk.settle()
    assert desk.dialog == "Confirm"
    assert "Unsaved work was found" in desk.text()
    await desk.press(key)
    await desk.settle()


async def test_the_work_of_a_killed_session_is_offered(tmp_path: Path) -> None:
    folder, path = tmp_path / "journal", tmp_path / "net.layers"
    path.write_text(WORKED)
    kill_a_session(folder, str(path))
    # Put off: it is offered again the next time.
    async with opened("", journal=folder) as desk:
        await answer_to_recovery(desk, "c")
        assert desk.codes == []
    async with opened("", journal=folder) as desk:
        await desk.settle()
        assert "net.layers, 1 change," in desk.flat()
        await answer_to_recovery(desk, "r")
        assert desk.codes[1:3] == ["conv 21 4x4", "maxpool 3"]
        assert "net.layers (unsaved)" in desk.line("title")
        assert path.read_text() == WORKED
        # It is unsaved work of this session now: killed again, it would be found again.
        assert any("maxpool 3" in journal.read_text() for journal in folder.iterdir())
        await desk.press("q", "d")
        await desk.settle()
    async with opened("", journal=folder) as desk:
        await desk.settle()
        assert desk.dialog == "Workbench"


async def test_recovered_work_can_be_thrown_away(tmp_path: Path) -> None:
    folder = tmp_path / "journal"
    kill_a_session(folder)
    async with opened(journal=folder) as desk:
        await answer_to_recovery(desk, "d")
        assert f"params {PARAMS}" in desk.line("totals")
        assert not list(folder.iterdir())


async def test_of_several_sessions_that_of_this_file_is_offered_first(tmp_path: Path) -> None:
    folder, mine, other = tmp_path / "journal", tmp_path / "mine.layers", tmp_path / "other.layers"
    folder.mkdir()
    for path in (mine, other):
        path.write_text(WORKED)
        own = tmp_path / path.stem  # in the same folder the second session would be asked about the first
        kill_a_session(own, str(path))
        for journal in own.iterdir():
            journal.rename(folder / journal.name)
    async with opened(document=Document(mine.name, mine), journal=folder) as desk:
        await desk.settle()
        assert "mine.layers, 1 change," in desk.flat()  # though the other one is newer
        assert "Look at the next of 1 more" in desk.flat()
        await answer_to_recovery(desk, "n")
        assert "other.layers, 1 change," in desk.flat()
        assert "Look at the next" not in desk.flat()
        await answer_to_recovery(desk, "d")
        assert desk.dialog == "Workbench"
    async with opened(document=Document(mine.name, mine), journal=folder) as desk:
        await desk.settle()
        assert "mine.layers, 1 change," in desk.flat()
        await answer_to_recovery(desk, "r")
        assert desk.codes[1:3] == ["conv 21 4x4", "maxpool 3"]


async def test_the_journal_names_the_file_from_the_root_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = tmp_path / "journal"
    (tmp_path / "here").mkdir()
    (tmp_path / "there").mkdir()
    (tmp_path / "here" / "net.layers").write_text("input 4\n")
    monkeypatch.chdir(tmp_path / "here")
    async with opened("input 4\n", document=Document("net.layers", Path("net.layers")), journal=journal) as desk:
        await desk.press("plus")
        await desk.settle()
        (record,) = journal.iterdir()
        assert str(tmp_path / "here" / "net.layers") in record.read_text()


async def test_a_folder_that_is_gone_does_not_end_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    async with opened() as desk:
        for key, dialog in (("ctrl+o", "OpenFile"), ("i", "ImportFile"), ("W", "SaveFile")):
            await desk.press(key)
            await desk.settle()
            assert desk.dialog == dialog
            await desk.press("escape")
            await desk.settle()
        assert desk.app.is_running


async def test_tips_are_shown_one_after_another_and_end() -> None:
    async with opened(first_time=True) as desk:
        for place, tip in enumerate(TIPS, 1):
            await desk.settle()
            assert f"tip {place}/{len(TIPS)}: {tip}" in desk.line("message")
            await desk.press("escape")
        await desk.settle()
        assert desk.line("message") == ""
    async with opened() as desk:
        assert "tip" not in desk.line("message")
