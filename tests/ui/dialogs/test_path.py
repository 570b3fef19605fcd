"""Files to open and to write."""

from pathlib import Path

import pytest

from tui.ui.dialogs.directory import completed, listing
from tui.ui.dialogs.path import OpenFile, SaveFile


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "deep.layers").write_text("input 3\n")
    for name in ("alpha.layers", "alpine.layers", "[bold]x.layers", "notes.txt", ".hidden.layers"):
        (tmp_path / name).write_text("input 3\n")
    return tmp_path


async def test_typing_narrows_and_enter_takes_the_marked_file(opened, folder):
    # A relative path keeps the line short enough for the narrow screen.
    async with opened(lambda: OpenFile(Path("."))) as (app, pilot):
        assert "[bold]x.layers" in app.text()
        assert "8 B" in app.text()
        assert "notes.txt" not in app.text()
        assert ".hidden" not in app.text()
        await pilot.press(*"alpi")
        await pilot.pause()
        assert "> alpine.layers" in app.text()
        assert "alpha" not in app.text()
        await pilot.press("enter")
        assert app.answers == [Path("alpine.layers")]
        assert app.answers[0].is_file()


async def test_arrows_choose_and_folders_are_entered(opened, folder):
    async with opened(lambda: OpenFile(folder)) as (app, pilot):
        assert "> sub/" in app.text()
        await pilot.press("enter")
        await pilot.pause()
        assert "> deep.layers" in app.text()
        await pilot.press("up", "down", "down", "enter")  # the way up
        await pilot.pause()
        assert "> sub/" in app.text()
        await pilot.press("down", "down", "enter")
        assert app.answers == [folder / "alpha.layers"]


async def test_tab_completes_then_goes_on(opened, folder):
    async with opened(lambda: OpenFile(Path("."))) as (app, pilot):
        await pilot.press("a", "tab")
        await pilot.pause()
        assert "./alp " in app.text()
        await pilot.press("tab")
        await pilot.pause()
        assert app.focused is app.screen.query_one("PickList")
        await pilot.press("down", "enter")
        assert app.answers == [Path("alpine.layers")]


async def test_all_files_and_a_missing_one(opened, folder):
    async with opened(lambda: OpenFile(Path("."))) as (app, pilot):
        await pilot.press("ctrl+t")
        await pilot.pause()
        assert "notes.txt" in app.text()
        await pilot.press(*"[b]no", "enter")
        await pilot.pause()
        assert "! there is no file [b]no" in app.flat()
        assert app.answers == []
        await pilot.press("escape")
        assert app.answers == [None]


async def test_a_folder_that_is_not_there_is_said(opened, folder):
    async with opened(lambda: OpenFile(Path("."))) as (app, pilot):
        await pilot.press(*"zzz/")
        await pilot.pause()
        assert "! zzz: No such file or directory" in app.flat()


async def test_save_adds_the_suffix(opened, folder):
    async with opened(lambda: SaveFile(Path("."))) as (app, pilot):
        await pilot.press(*"new", "enter")
        assert app.answers == [Path("new.layers")]
        assert not app.answers[0].exists()


async def test_save_asks_before_it_replaces(opened, folder):
    async with opened(lambda: SaveFile(folder / "alpha.layers")) as (app, pilot):
        await pilot.press("enter")
        await pilot.pause()
        assert "Replace this file?" in app.text()
        await pilot.press("enter")  # Cancel has the focus
        await pilot.pause()
        assert app.answers == []
        await pilot.press("enter", "r")
        await pilot.pause()
        assert app.answers == [folder / "alpha.layers"]


async def test_save_into_a_folder_that_is_not_there(opened, folder):
    async with opened(lambda: SaveFile(Path("."))) as (app, pilot):
        await pilot.press(*"zzz/new", "enter")
        await pilot.pause()
        assert "! there is no folder zzz" in app.flat()
        assert app.answers == []


async def test_the_mouse_opens(opened, folder):
    async with opened(lambda: OpenFile(Path("."))) as (app, pilot):
        await pilot.click("PickList", offset=(4, 2))
        await pilot.pause()
        assert "> alpha.layers" in app.text()
        await pilot.click("#accept")
        assert app.answers == [Path("alpha.layers")]


def names(found):
    return [place.name for place in found.places]


def test_listing_is_sorted_folders_first(folder):
    assert names(listing(f"{folder}/", (".layers",))) == ["sub", "[bold]x.layers", "alpha.layers", "alpine.layers"]
    assert names(listing(f"{folder}/", None))[-1] == "notes.txt"
    assert names(listing(f"{folder}/.", None)) == [".hidden.layers"]
    assert names(listing("AL", None)) == ["alpha.layers", "alpine.layers"]


def test_home(folder, monkeypatch):
    monkeypatch.setenv("HOME", str(folder))
    assert names(listing("~/su", None)) == ["sub"]


@pytest.mark.parametrize(
    ("typed", "word"), [("a", "alp"), ("alpi", "alpine.layers"), ("s", "sub/"), ("zzz", "zzz"), ("", ""), ("AL", "alp")]
)
def test_completion(folder, typed, word):
    assert completed(listing(typed, (".layers",))) == word


def test_a_path_with_a_null_is_an_error_not_a_crash():
    assert listing("a\0b/", None).error is not None


async def test_save_says_which_new_file_it_makes_and_not_in_another_format(opened, folder):
    async with opened(lambda: SaveFile(Path("."), foreign=(".onnx",))) as (app, pilot):
        await pilot.press(*"new")
        await pilot.pause()
        assert "a new file, new.layers" in app.flat()
        await pilot.press(*".Onnx", "enter")
        await pilot.pause()
        assert "! .Onnx is another program's format, which x exports; here it is .layers" in app.flat()
        assert app.answers == []
        await pilot.press(*(["backspace"] * 5), *".txt", "enter")
        assert app.answers == [Path("new.txt")]


async def test_a_folder_whose_name_a_terminal_would_act_on_is_entered_and_shown_with_stand_ins(opened, folder):
    (folder / "bad\x1b").mkdir()
    (folder / "bad\x1b" / "inside.layers").touch()
    async with opened(lambda: OpenFile(Path("."))) as (app, pilot):
        await pilot.press("b")
        await pilot.pause()
        assert "> bad\\x1b/" in app.text()
        await pilot.press("enter")
        await pilot.pause()
        assert "bad␛/" in app.text()
        assert "\x1b" not in app.text()
        await pilot.press("enter")
        assert app.answers == [Path("bad\x1b/inside.layers")]
