"""What the terminal pastes becomes lines, whatever program it is of, and the screen says what was not understood."""

from __future__ import annotations

from tests.formats.python.test_paste import PRINTED
from tests.ui.screen import opened


async def test_constructor_lines_become_layers_below_the_cursor() -> None:
    async with opened("input 28x28x1\nflatten\ndense 10") as desk:
        await desk.press("g")
        await desk.paste("Conv2D(8, 3, activation='relu'),\nMaxPooling2D(),\n")
        assert desk.codes == ["input 28x28x1", "conv 8 3x3 activation=relu", "maxpool 2x2", "flatten", "dense 10"]
        assert "pasted 2 layers" in desk.line("message")
        assert desk.dialog == "Workbench"
        await desk.press("u")
        assert desk.codes == ["input 28x28x1", "flatten", "dense 10"]


async def test_one_part_that_is_not_understood_is_in_the_message_line() -> None:
    async with opened("input 4") as desk:
        await desk.paste("nn.Linear(4, 3),\nThing[red](3),\n")
        assert desk.codes == ["input 4", "dense 3 in_features=4", "Thing[red](3),"]
        assert "Thing[red](3)" in desk.line("message")
        assert desk.dialog == "Workbench"


async def test_several_are_a_report() -> None:
    async with opened("input 4") as desk:
        await desk.paste("nn.Linear(4, 3),\nThing(3),\nOther(4),\n")
        assert desk.dialog == "Report"
        assert "Thing(3)," in desk.text()
        assert "Other(4)," in desk.text()
        await desk.press("escape")
        assert desk.codes[-2:] == ["Thing(3),", "Other(4),"]


async def test_a_printed_model() -> None:
    async with opened("input 64x64x3") as desk:
        await desk.paste(PRINTED)
        assert desk.codes[1] == "features.0: conv 64 3x3 padding=1 bias=false in_channels=3"
        assert "(odd): DropPath(drop_prob=0.100)" in desk.codes


async def test_source_into_a_list_keeps_the_settings_of_the_list() -> None:
    async with opened("set data_format=channels_last\ninput 4\ndense 4") as desk:
        await desk.paste("net = nn.Sequential(\n    nn.Linear(4, 3),\n    nn.ReLU(),\n)")
        await desk.press("escape")
        assert desk.bench.store.snapshot.settings.data_format == "channels_last"
        assert "layer0: dense 3" in desk.codes


async def test_source_into_an_empty_list_brings_its_settings() -> None:
    async with opened("") as desk:
        await desk.paste("net = nn.Sequential(\n    nn.Linear(4, 3),\n    nn.ReLU(),\n)")
        await desk.press("escape")
        assert desk.bench.store.snapshot.settings.data_format == "channels_first"
        assert desk.codes == ["x: input 4", "layer0: dense 3", "layer1: relu"]


async def test_lines_of_our_own_are_pasted_as_they_are() -> None:
    async with opened("input 28x28x1") as desk:
        await desk.paste("conv 8 3x3  # first\nwrong (line)")
        assert desk.codes == ["input 28x28x1", "conv 8 3x3", "wrong (line)"]


async def test_many_lines_pasted_while_a_line_is_edited_all_arrive() -> None:
    async with opened("input 28x28x1\nflatten") as desk:
        await desk.press("g", "enter", "end")
        await desk.type("4")  # half typed: input 28x28x14
        await desk.paste("conv 8 3x3\r\nwrong (line)\nrelu\n")
        await desk.settle()
        assert desk.editor is None
        assert desk.codes == ["input 28x28x14", "conv 8 3x3", "wrong (line)", "relu", "flatten"]
        await desk.press("u")
        assert desk.codes == ["input 28x28x14", "flatten"]
        await desk.press("u")
        assert desk.codes == ["input 28x28x1", "flatten"]


async def test_lines_pasted_into_an_empty_new_line_take_its_place() -> None:
    async with opened("# a note\nset bias=true\ninput 28x28x1\nflatten") as desk:
        await desk.press("g", "A")
        await desk.paste("conv 8 3x3\nrelu")
        await desk.settle()
        assert desk.codes == ["conv 8 3x3", "relu", "input 28x28x1", "flatten"]


async def test_one_line_pasted_while_a_line_is_edited_goes_into_the_field() -> None:
    async with opened("input 28x28x1\nflatten") as desk:
        await desk.press("end", "a")
        await desk.paste("dense 10\n")
        await desk.settle()
        assert desk.editor == "dense 10"


async def test_lines_are_pasted_wherever_the_focus_is() -> None:
    async with opened("input 28x28x1\nflatten") as desk:
        for pane in ("2", "3"):
            await desk.press("end", pane)
            await desk.paste("relu")
            await desk.settle()
        assert desk.codes == ["input 28x28x1", "flatten", "relu", "relu"]
