"""Files on the screen: nothing is overwritten or thrown away without a question."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

from tests.ui.screen import WORKED, opened
from tui.formats.files import load
from tui.ui.filing import Document

DATA = Path(__file__).parent.parent / "data"


def document(path: Path, text: str = WORKED) -> Document:
    """A document with its file."""
    path.write_text(text)
    return Document(path.name, path, load(path)[1])


async def test_save_writes_the_lines_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / ("long" * 15) / "net.layers"
    path.parent.mkdir()
    async with opened(document=document(path)) as desk:
        await desk.press("plus")
        await desk.settle()
        assert "net.layers (unsaved)" in desk.line("title")
        await desk.press("ctrl+s")
        await desk.settle()
        assert path.read_text() == WORKED.replace("conv 20 ", "conv 21 ")
        assert "(unsaved)" not in desk.line("title")
        # The whole path is too long for the line; its end is what the user knows.
        assert desk.line("message") == " saved …/net.layers"
        assert list(path.parent.iterdir()) == [path]
        # Back to what the file held before: that differs from the file now.
        await desk.press("u")
        await desk.settle()
        assert "(unsaved)" in desk.line("title")


async def test_save_while_a_line_is_typed_saves_that_too(tmp_path: Path) -> None:
    path = tmp_path / "net.layers"
    async with opened(document=document(path)) as desk:
        await desk.press("enter")
        await desk.fill("conv 9 4x4")
        await desk.press("ctrl+s")
        await desk.settle()
        assert desk.editor is None
        assert path.read_text() == WORKED.replace("conv 20 ", "conv 9 ")


async def test_a_document_without_a_file_asks_for_a_name(tmp_path: Path) -> None:
    async with opened() as desk:
        await desk.press("ctrl+s")
        await desk.settle()
        assert desk.dialog == "SaveFile"
        await desk.fill(str(tmp_path / "mine"))
        await desk.press("enter")
        await desk.settle()
        assert desk.dialog == "Workbench"
        assert (tmp_path / "mine.layers").read_text() == WORKED
        assert "mine.layers" in desk.line("title")
        # From now on it has a file.
        await desk.press("plus", "ctrl+s")
        await desk.settle()
        assert "conv 21 4x4" in (tmp_path / "mine.layers").read_text()


async def test_save_as_asks_before_it_replaces(tmp_path: Path) -> None:
    other = tmp_path / "other.layers"
    other.write_text("input 1x1x1\n")
    async with opened(document=document(tmp_path / "net.layers")) as desk:
        for answer, text in (("c", "input 1x1x1\n"), ("r", WORKED)):
            await desk.press("W")
            await desk.settle()
            await desk.fill(str(other))
            await desk.press("enter")
            await desk.settle()
            assert desk.dialog == "Confirm"
            await desk.press(answer)
            await desk.settle()
            assert other.read_text() == text
            if desk.dialog == "SaveFile":
                await desk.press("escape")
            assert desk.dialog == "Workbench"
        assert "other.layers" in desk.line("title")


async def test_a_save_that_fails_says_why_and_keeps_the_work(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "net.layers"
    path.parent.mkdir()
    async with opened(document=document(path)) as desk:
        await desk.press("plus")
        path.unlink()
        path.mkdir()
        await desk.press("ctrl+s")
        await desk.settle()
        if desk.dialog == "Confirm":
            await desk.press("o")
            await desk.settle()
        assert desk.line("message") == " ! cannot save …/net.layers: it is a folder, not a file"
        assert "(unsaved)" in desk.line("title")
        assert desk.codes[1] == "conv 21 4x4"


async def test_open_shows_another_file_with_a_history_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "other.layers").write_text("input 8x8x4\nrelu\n")
    async with opened(document=document(tmp_path / "net.layers")) as desk:
        await desk.press("ctrl+o")
        await desk.settle()
        assert desk.dialog == "OpenFile"
        assert "other.layers" in desk.text()
        await desk.fill(str(tmp_path / "other.layers"))
        await desk.press("enter")
        await desk.settle()
        assert desk.codes == ["input 8x8x4", "relu"]
        assert "other.layers" in desk.line("title")
        await desk.press("u")
        assert desk.codes == ["input 8x8x4", "relu"]


async def test_a_keras_model_opens_as_a_copy_that_has_no_file_yet(tmp_path: Path) -> None:
    # k00000 of the records: average pooling of 44 steps by 5 with stride 4, padding same: ceil(44/4) = 11.
    with gzip.open(DATA / "oracle" / "layers_keras_models.jsonl.gz", "rt") as lines:
        model = json.loads(next(lines))["model"]
    path = tmp_path / "net.json"
    path.write_text(json.dumps(model))
    async with opened(document=document(tmp_path / "net.layers")) as desk:
        await desk.press("ctrl+o")
        await desk.settle()
        await desk.fill(str(path))
        await desk.press("enter")
        await desk.settle()
        assert desk.bench.document.path is None
        assert " 11x3 " in desk.row(1)
        await desk.press("ctrl+s")
        await desk.settle()
        assert desk.dialog == "SaveFile"


async def test_what_is_no_text_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "bad.layers").write_bytes(b"\x89PNG\x00\x80 nothing to read")
    async with opened() as desk:
        await desk.press("ctrl+o")
        await desk.settle()
        await desk.fill(str(tmp_path / "bad.layers"))
        await desk.press("enter")
        await desk.settle()
        assert desk.line("message").startswith(" ! ")
        assert "bad.layers" in desk.line("message")
        assert "is a binary file" in desk.line("message")
        assert desk.codes[1] == "conv 20 4x4"


async def test_a_preset_opens_as_a_copy_without_a_file() -> None:
    async with opened() as desk:
        await desk.press("ctrl+n")
        await desk.settle()
        assert desk.dialog == "Presets"
        await desk.press("slash", *"lenet-5")
        await desk.settle()
        # LeNet-5 with a 10-way dense output has 61,706 parameters: 156 + 2,416 + 48,120 + 10,164 + 850.
        assert "61,706" in desk.text()
        await desk.press("enter")
        await desk.settle()
        assert "params 61,706" in desk.line("totals")
        assert "lenet-5" in desk.line("title")
        await desk.press("ctrl+s")
        await desk.settle()
        assert desk.dialog == "SaveFile"


async def test_leaving_with_unsaved_work_asks(tmp_path: Path) -> None:
    path = tmp_path / "net.layers"
    async with opened(document=document(path)) as desk:
        await desk.press("plus")
        for keys in (("q", "c"), ("ctrl+q", "escape"), ("q", "enter"), ("ctrl+o", "c"), ("ctrl+n", "c")):
            await desk.press(keys[0])
            await desk.settle()
            assert desk.dialog == "Confirm"
            assert "unsaved" in desk.text()
            await desk.press(keys[1])
            await desk.settle()
            assert desk.dialog == "Workbench"
        assert path.read_text() == WORKED
        await desk.press("q", "s")
        await desk.settle()
        assert "conv 21 4x4" in path.read_text()
        assert desk.app._exit


async def test_quit_can_discard(tmp_path: Path) -> None:
    path = tmp_path / "net.layers"
    async with opened(document=document(path)) as desk:
        await desk.press("plus", "q", "d")
        await desk.settle()
        assert path.read_text() == WORKED
        assert desk.app._exit


async def test_quit_without_unsaved_work_asks_nothing() -> None:
    async with opened() as desk:
        await desk.press("q")
        await desk.settle()
        assert desk.app._exit


async def test_quit_keeps_a_half_typed_line_from_being_lost() -> None:
    async with opened() as desk:
        await desk.press("enter")
        await desk.fill("conv 9 4x4")
        await desk.press("ctrl+q")
        await desk.settle()
        assert desk.dialog == "Confirm"
        assert not desk.app._exit


async def test_a_file_changed_by_another_program(tmp_path: Path) -> None:
    path = tmp_path / "net.layers"
    theirs = WORKED + "relu\n"
    async with opened(document=document(path)) as desk:
        await desk.press("plus")
        path.write_text(theirs)
        desk.bench._look_at_disk()  # called once a second
        await desk.settle()
        assert "changed by another program" in desk.line("message")
        await desk.press("ctrl+s")
        await desk.settle()
        assert desk.dialog == "Confirm"
        await desk.press("c")
        await desk.settle()
        assert path.read_text() == theirs
        assert desk.codes[1] == "conv 21 4x4"
        await desk.press("ctrl+s", "o")
        await desk.settle()
        assert path.read_text() == WORKED.replace("conv 20 ", "conv 21 ")
        assert "(unsaved)" not in desk.line("title")
        path.write_text(theirs)
        await desk.press("plus", "ctrl+s", "r")
        await desk.settle()
        assert path.read_text() == theirs
        assert desk.codes[1] == "conv 20 4x4"
        assert desk.codes[-1] == "relu"
        # Read anew it is as it is on disk: saving asks nothing.
        await desk.press("plus", "ctrl+s")
        await desk.settle()
        assert desk.dialog == "Workbench"
        assert "conv 21 4x4" in path.read_text()
