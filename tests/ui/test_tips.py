"""The tips of the first start are remembered once they were read."""

from __future__ import annotations

from pathlib import Path

from tests.ui.screen import opened
from tui.ui.tips import TIPS


async def test_the_last_tip_is_remembered(tmp_path: Path) -> None:
    seen = tmp_path / "state" / "tips-seen"
    async with opened(first_time=True, tips_seen=seen) as desk:
        for _ in TIPS:
            assert not seen.exists()
            await desk.press("escape")
            await desk.settle()
        assert seen.exists()


async def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    async with opened(first_time=True, tips_seen=tmp_path / "file" / "tips-seen") as desk:
        await desk.press(*["escape"] * len(TIPS))
        await desk.settle()
        assert "tip" not in desk.line("message")


async def test_other_starts_remember_nothing(tmp_path: Path) -> None:
    seen = tmp_path / "tips-seen"
    async with opened(tips_seen=seen) as desk:
        await desk.press("escape", "escape")
        await desk.settle()
        assert not seen.exists()
