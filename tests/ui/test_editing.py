"""Each key that changes the network makes one named step, and every step can be taken back."""

from __future__ import annotations

from tests.ui.screen import BROKEN, Desk, opened

RESIDUAL = """\
set data_format=channels_last

input 8x8x4
a: conv 4 1x1
relu
add @a
"""


async def test_fixes_are_chosen_by_digit() -> None:
    async with opened(BROKEN) as desk:
        await desk.press("down", "down")
        await desk.settle()
        # The map is 18x14, and no window of 40 fits: 18 - 40 is below 0.
        assert "18 - 40" in "".join(desk.pane("working"))
        assert ". Fix" in desk.line("hint")
        await desk.press("full_stop")
        await desk.settle()
        assert "padding=same" in desk.text()
        await desk.press("1")
        await desk.settle()
        assert desk.dialog == "Workbench"
        result = desk.bench.view.result(3)
        assert result is not None
        assert result.status in ("ok", "warning")
        assert desk.bench.store.at == 1


async def test_fix_on_a_waiting_row_is_that_of_the_row_it_waits_for() -> None:
    async with opened(BROKEN) as desk:
        await desk.press("end", "full_stop")
        await desk.settle()
        assert desk.dialog == "Fixes"
        assert "#3 conv 40 40x40" in desk.text()


async def test_fix_goes_to_the_next_error_from_a_line_that_has_none() -> None:
    async with opened(BROKEN + "danse 3\n") as desk:
        await desk.press("home", "full_stop")
        await desk.settle()
        assert (desk.dialog, desk.cursor) == ("Workbench", 3)
        # 18x14 arrive at the kernel of 40x40.
        assert desk.line("message") == " ! kernel 40x40 does not fit 18x14   (. again: ways out)"
        await desk.press("full_stop")
        await desk.settle()
        assert desk.dialog == "Fixes"
        await desk.press("2")  # padding=same
        await desk.settle()
        await desk.press("full_stop")
        await desk.settle()
        assert (desk.dialog, desk.cursor) == ("Workbench", 10)
        assert "danse" in desk.line("message")


async def test_without_an_error_fix_says_so() -> None:
    async with opened() as desk:
        await desk.press("full_stop")
        await desk.settle()
        assert (desk.dialog, desk.cursor) == ("Workbench", 1)
        assert desk.line("message") == " nothing is wrong on any line"


async def test_a_line_that_is_kept_though_it_does_not_fit_says_why() -> None:
    async with opened() as desk:
        await desk.press("down", "down", "enter")
        await desk.fill("conv 40 40x40")
        await desk.press("enter")
        await desk.settle()
        assert desk.line("message") == " ! kernel 40x40 does not fit 18x14   (. ways out, u undoes)"
        await desk.press("u")
        await desk.settle()
        assert desk.codes[3] == "conv 40 3x3"


async def test_numbers_step_and_quick_steps_are_one() -> None:
    async with opened() as desk:
        await desk.press("right", "plus", "plus", "equals_sign")
        await desk.settle()
        assert desk.codes[1] == "conv 20 7x4"
        # floor((39 - 7)/1) + 1 = 33; 7*4*1*20 = 560
        assert desk.row(1).split()[:2] == ["33x28x20", "560"]
        assert [step.label for step in desk.bench.store.steps] == ["open", "#1 conv 20 7x4"]
        await desk.press("right", "right_square_bracket")
        assert desk.codes[1] == "conv 20 7x8"
        await desk.press("left_square_bracket")
        assert desk.codes[1] == "conv 20 7x4"
        await desk.press("left", "left", "minus")
        assert desk.codes[1] == "conv 19 7x4"
        await desk.press("u", "u", "u")
        assert desk.codes[1] == "conv 20 4x4"


async def test_a_step_that_the_argument_forbids_is_refused_in_words() -> None:
    async with opened("input 8x8x4\nconv 1 3x3\n") as desk:
        await desk.press("minus")
        await desk.settle()
        assert desk.codes[1] == "conv 1 3x3"
        assert "at least 1" in desk.line("message")
        await desk.press("up", "down", "end", "a", *"flatten", "enter", "escape", "plus")
        await desk.settle()
        assert "no number to step" in desk.line("message")


async def test_ranges() -> None:
    async with opened() as desk:
        await desk.press("V", "down", "down")
        assert list(desk.bench.view.selected()) == [1, 2, 3]
        await desk.press("plus")
        await desk.settle()
        assert desk.codes[1:4] == ["conv 21 4x4", "maxpool 3", "conv 41 3x3"]
        await desk.press("u")
        assert desk.codes[1:4] == ["conv 20 4x4", "maxpool 2", "conv 40 3x3"]
        await desk.press("escape", "home", "down", "shift+down", "space")
        await desk.settle()
        assert desk.codes[1:3] == ["off conv 20 4x4", "off maxpool 2"]
        # 39x31 into conv 40 3x3: floor((39 - 3)/1) + 1 = 37
        assert desk.row(3).split()[0] == "37x29x40"
        await desk.press("u", "home", "down", "shift+down", "ctrl+d")
        assert desk.codes[1:5] == ["conv 20 4x4", "maxpool 2"] * 2
        await desk.press("u", "home", "down", "shift+down", "J")
        assert desk.codes[1:4] == ["conv 40 3x3", "conv 20 4x4", "maxpool 2"]
        await desk.press("u", "home", "down", "shift+down", "K")
        assert desk.codes[:3] == ["conv 20 4x4", "maxpool 2", "input 39x31x1"]
        await desk.press("u", "escape", "home", "down", "shift+down", "d")
        await desk.settle()
        assert desk.codes[:2] == ["input 39x31x1", "conv 40 3x3"]
        assert "delete 2 lines" in desk.line("message")


async def test_a_range_goes_on_moving_with_its_lines() -> None:
    async with opened() as desk:
        await desk.press("shift+down", "J", "J", "J")
        assert desk.codes[4:6] == ["conv 20 4x4", "maxpool 2"]
        assert list(desk.bench.view.selected()) == [4, 5]
        await desk.press("K", "K", "K")
        assert desk.codes[1:3] == ["conv 20 4x4", "maxpool 2"]


async def test_pasted_text_becomes_lines() -> None:
    async with opened() as desk:
        await desk.paste("conv 20 3x3\r\nrelu\n")
        assert desk.codes[1:4] == ["conv 20 4x4", "conv 20 3x3", "relu"]
        # 36 - 3 + 1 = 34; 3*3*20*20 = 3,600
        assert desk.row(2).split()[:2] == ["34x26x20", "3,600"]
        await desk.press("u")
        assert desk.codes[1:3] == ["conv 20 4x4", "maxpool 2"]


async def test_a_copy_with_a_name_gets_a_name_of_its_own() -> None:
    async with opened(RESIDUAL) as desk:
        await desk.press("y", "p")
        assert desk.codes[1:3] == ["a: conv 4 1x1", "a2: conv 4 1x1"]


async def test_renaming_takes_the_references_along() -> None:
    async with opened(RESIDUAL) as desk:
        await desk.press("r")
        assert desk.focus == "find"
        await desk.fill("stem")
        await desk.press("enter")
        await desk.settle()
        assert desk.codes == ["input 8x8x4", "stem: conv 4 1x1", "relu", "add @stem"]
        await desk.press("r")
        await desk.fill("")
        await desk.press("enter")
        await desk.settle()
        # It is read by add: the name cannot simply go.
        assert desk.codes[1] == "stem: conv 4 1x1"
        assert "@stem" in desk.line("message")


async def test_keys_beside_the_name_field_do_not_move_it_to_another_line() -> None:
    async with opened(RESIDUAL) as desk:
        await desk.press("r", "pagedown", "ctrl+z", "f7")
        assert (desk.dialog, desk.cursor) == ("Workbench", 1)
        await desk.fill("stem")
        desk.bench.go_to(3)
        await desk.press("enter")
        assert desk.codes[1] == "stem: conv 4 1x1"


async def test_find() -> None:
    async with opened() as desk:
        await desk.press("slash", *"pool")
        await desk.settle()
        assert "3 lines" in desk.line("message")
        assert desk.cursor == 2
        await desk.press("enter", "n", "n", "n")
        assert desk.cursor == 2
        await desk.press("N")
        assert desk.cursor == 6
        assert desk.focus == "layers"
        await desk.press("escape", "n")
        await desk.settle()
        assert desk.cursor == 6
        assert "nothing is marked" in desk.line("message")


async def test_an_empty_list_says_what_to_do() -> None:
    async with opened("input 8x8x4\n") as desk:
        await desk.press("d")
        await desk.settle()
        assert desk.codes == []
        assert "a adds a layer" in desk.text()
        for key in ("d", "space", "K", "J", "plus", "y", "ctrl+d", "p", "full_stop", "r", "X", "n", "V", "escape"):
            await desk.press(key)
        assert desk.dialog == "Workbench"
        await desk.press("enter", *"input 4x4x1", "enter")
        await desk.settle()
        assert desk.codes == ["input 4x4x1", ""]
        await desk.press("escape")
        assert desk.codes == ["input 4x4x1"]


def underlined(desk: Desk) -> list[str]:
    """The texts of the list that are underlined."""
    strips = desk.app.screen._compositor.render_strips()
    edge = desk.bench.layer_list.region.right
    found = []
    for strip in strips:
        at = 0
        for segment in strip:
            if at < edge and segment.style is not None and segment.style.underline and segment.text.strip():
                found.append(segment.text)
            at += segment.cell_length
    return found


async def test_the_number_that_the_number_keys_step_is_marked() -> None:
    async with opened() as desk:
        assert underlined(desk) == ["20"]
        await desk.press("right", "plus")
        await desk.settle()
        assert underlined(desk) == ["5"]  # of conv 20 5x4
        await desk.press("2")
        await desk.settle()
        assert underlined(desk) == []  # the keys are those of the results now
