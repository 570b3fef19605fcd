"""A line is edited where it stands, and everything follows each key."""

from __future__ import annotations

from tests.ui.screen import MACS, PARAMS, opened


async def test_results_follow_each_key() -> None:
    async with opened() as desk:
        await desk.press("enter")
        await desk.settle()
        assert desk.editor == "conv 20 4x4"
        assert desk.line("hint").startswith(" Enter Keep  Esc As before  Tab Complete")
        await desk.fill("")
        await desk.type("conv 2")
        # The channels in: conv 2 has no kernel yet, so that the last line that read is still shown.
        await desk.type(" 4x4")
        await desk.settle()
        # 4*4*1*2 = 32 weights; 3*3*2*40 = 720 in the layer that reads them: 32 + 720 + 21,600 + 19,200.
        assert desk.row(1).split()[:2] == ["36x28x2", "32"]
        assert desk.row(3).split()[:2] == ["16x12x40", "720"]
        assert "params 41,552 + 160*n" in desk.line("totals")
        assert desk.bench.store.at == 0
        await desk.press("escape")
        await desk.settle()
        assert desk.editor is None
        assert desk.line("hint").startswith(" Enter Edit")
        assert desk.codes[1] == "conv 20 4x4"
        assert f"params {PARAMS} | MACs {MACS}" in desk.line("totals")
        assert desk.bench.store.at == 0
        assert not desk.bench.store.unsaved


async def test_a_line_that_is_emptied_holds_its_place_until_enter() -> None:
    async with opened() as desk:
        await desk.press("enter", "ctrl+u")
        await desk.settle()
        assert desk.editor == ""
        assert desk.codes[:3] == ["input 39x31x1", "", "maxpool 2"]
        await desk.press("enter")
        await desk.settle()
        assert desk.codes[:2] == ["input 39x31x1", "maxpool 2"]
        assert desk.cursor == 1


async def test_enter_on_an_added_line_opens_the_next_and_an_empty_one_ends() -> None:
    async with opened("input 8x8x4\n") as desk:
        await desk.press("a", *"conv 2 3x3", "enter")
        await desk.settle()
        assert desk.editor == ""
        assert desk.cursor == 2
        await desk.type("relu")
        await desk.press("enter")
        await desk.settle()
        await desk.press("enter")
        await desk.settle()
        assert desk.editor is None
        assert desk.codes == ["input 8x8x4", "conv 2 3x3", "relu"]
        assert [step.label for step in desk.bench.store.steps] == ["open", "add conv 2 3x3", "add relu"]


async def test_adding_shows_its_row_at_once_and_esc_takes_it_away() -> None:
    async with opened() as desk:
        await desk.press("a")
        await desk.settle()
        assert desk.codes[1:4] == ["conv 20 4x4", "", "maxpool 2"]
        await desk.type("relu")
        await desk.settle()
        assert desk.row(2).split()[:2] == ["36x28x20", "0"]
        await desk.press("backspace", "backspace", "backspace", "backspace")
        assert desk.codes[2] == ""
        await desk.press("escape")
        await desk.settle()
        assert desk.codes[1:3] == ["conv 20 4x4", "maxpool 2"]
        assert desk.cursor == 1


async def test_completion() -> None:
    async with opened() as desk:
        await desk.press("a")
        await desk.settle()
        # There is room for the whole help, whatever the length of the word before it.
        assert any("conv          Convolution: filters slide over the" in line for line in desk.lines())
        assert any("relu          ReLU: max(x, 0)." in line for line in desk.lines())
        await desk.type("glob")
        await desk.settle()
        shown = "\n".join(desk.lines())
        assert "globalavgpool" in shown
        assert "globalmaxpool" in shown
        await desk.press("tab")
        assert desk.editor == "globalavgpool "
        await desk.press("escape", "a", *"glob", "down", "down", "enter")
        assert desk.editor is not None
        second = desk.editor
        assert second.startswith("global")
        assert second != "globalavgpool "
        await desk.press("escape", "enter", *"xyz")
        await desk.settle()
        assert any("no layer kind is called 'xyz'" in line for line in desk.lines())


async def test_arrows_keep_the_line_and_edit_the_neighbour() -> None:
    async with opened() as desk:
        await desk.press("enter")
        await desk.fill("conv 21 4x4 ")
        await desk.press("end", "space")
        await desk.fill("conv 21 4x4 stride=2 padding=same dilation=1 groups=1 bias=false")
        await desk.press("up")
        await desk.settle()
        assert desk.codes[1].startswith("conv 21 4x4")
        assert desk.editor == "input 39x31x1"
        assert desk.cursor == 0


async def test_a_line_that_does_not_read_stays_with_its_text() -> None:
    async with opened() as desk:
        await desk.press("down", "down", "enter")
        await desk.fill("conw 40 3x3")
        await desk.press("enter")
        await desk.settle()
        assert desk.codes[3] == "conw 40 3x3"
        assert "no layer kind is called 'conw'" in desk.row(3)
        assert "needs #3" in desk.row(4)
        assert "needs #3" in desk.row(9)
        assert desk.pane("layers")[4].lstrip(">").split()[0] == "!"
        assert "params >= 320 | MACs >= 322,560" in desk.line("totals")
        assert "no layer kind is called 'conw'" in "".join(desk.pane("working"))
        await desk.press("u")
        await desk.settle()
        assert PARAMS in desk.line("totals")


async def test_notes_stay_when_the_code_is_typed_anew() -> None:
    async with opened("input 8x8x4\nconv 2 3x3  # the first\n") as desk:
        await desk.press("enter")
        assert desk.editor == "conv 2 3x3"
        await desk.fill("conv 3 3x3")
        await desk.press("enter")
        assert desk.bench.store.committed.lines[1].text == "conv 3 3x3  # the first"
        await desk.press("enter")
        await desk.fill("conv 4 3x3 # another")
        await desk.press("enter")
        assert desk.bench.store.committed.lines[1].text.split("# ")[1] == "another"


async def test_pasting_into_the_editor_is_one_line_of_it() -> None:
    async with opened() as desk:
        await desk.press("a")
        await desk.paste("conv 20 3x3")
        assert desk.editor == "conv 20 3x3"
        await desk.press("escape")


async def test_keys_of_other_actions_leave_an_open_editor_alone() -> None:
    async with opened() as desk:
        await desk.press("plus", "down", "enter")
        await desk.fill("maxpool 3")
        # None of these is a key of the text field.
        await desk.press("ctrl+z", "f4", "f7", "insert", "pageup", "ctrl+n", "ctrl+p", "shift+down", "alt+up", "f2")
        await desk.settle()
        assert (desk.dialog, desk.editor, desk.cursor) == ("Workbench", "maxpool 3", 2)
        await desk.press("enter")
        assert desk.codes[1:3] == ["conv 21 4x4", "maxpool 3"]


async def test_a_click_beside_the_editor_keeps_what_is_typed() -> None:
    async with opened() as desk:
        await desk.press("enter")
        await desk.fill("conv 22 4x4")
        await desk.pilot.click("#layers", offset=(12, 7))
        await desk.settle()
        assert (desk.editor, desk.codes[1], desk.cursor) == (None, "conv 22 4x4", 5)
        await desk.press("enter")
        await desk.fill("conv 61 3x3")
        await desk.pilot.click("#results", offset=(5, 4))
        await desk.settle()
        assert (desk.editor, desk.codes[5], desk.focus) == (None, "conv 61 3x3", "results")


async def test_a_double_click_edits() -> None:
    async with opened() as desk:
        await desk.pilot.click("#layers", offset=(12, 5), times=2)
        await desk.settle()
        assert (desk.editor, desk.cursor) == ("conv 40 3x3", 3)


async def test_names_of_a_framework_are_read_and_written_as_our_own() -> None:
    async with opened("input 8x8x4\n") as desk:
        await desk.press("a")
        await desk.fill("Conv2d 8 kernel=3x3")
        await desk.press("enter", "escape")
        assert desk.codes[1] == "conv 8 3x3"


async def test_every_key_that_is_a_letter_or_a_sign_is_typed() -> None:
    signs = "abdeghijklmnopqrstuvwxyzABCDEFGHIJKLSTUVWY?:/.,+-*=[]{}<>#1"
    async with opened() as desk:
        await desk.press("enter")
        await desk.fill("")
        await desk.type(signs)
        await desk.settle()
        assert (desk.editor, desk.dialog, desk.app.return_code) == (signs, "Workbench", None)
        await desk.press("escape", "slash")
        await desk.type("quit q")
        await desk.settle()
        assert (desk.bench.question.value, desk.dialog, desk.app.return_code) == ("quit q", "Workbench", None)
