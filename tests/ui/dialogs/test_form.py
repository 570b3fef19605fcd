"""One layer by fields."""

from tui.ui.dialogs.form import LayerForm


def form(store, row=3, text=None):
    return lambda: LayerForm(store, row, store.committed.lines[row].text if text is None else text)


async def test_a_field_writes_the_line_and_the_preview(opened, worked):
    async with opened(form(worked)) as (app, pilot):
        assert "> filters" in app.text()
        await pilot.press("down", "ctrl+u", *"5x4", "down", "down", *"same")
        await pilot.pause()
        assert "> padding" in app.text()
        assert "conv 20 5x4 padding=same" in app.text()
        # 5*4*1*20 = 400 weights at 39*31 positions
        assert "out 39x31x20 params 400 MACs 483,600" in app.flat()
        await pilot.press("enter")
        assert app.answers == ["conv 20 5x4 padding=same"]


async def test_an_error_stands_beside_its_field_and_holds_enter(opened, worked):
    async with opened(form(worked)) as (app, pilot):
        await pilot.press("ctrl+u", "0", "down", "enter")
        await pilot.pause()
        assert app.answers == []
        (row,) = [line for line in app.text().splitlines() if "> filters" in line]
        assert "! 0 is not a" in row
        await pilot.press("ctrl+u", "8", "enter")
        assert app.answers == ["conv 8 4x4"]


async def test_a_blank_field_takes_the_argument_away(opened, worked):
    async with opened(form(worked, text="conv 20 4x4 stride=2")) as (app, pilot):
        assert "conv 20 4x4 stride=2" in app.text()
        await pilot.press("down", "down", "ctrl+u", "enter")
        assert app.answers == ["conv 20 4x4"]


async def test_name_source_skipped_and_note(opened, worked):
    async with opened(form(worked, text="off stem: conv 20 4x4 @x:1  # [bold]n[/]")) as (app, pilot):
        for _ in range(20):
            if "> note" in app.text():
                break
            await pilot.press("down")
            await pilot.pause()
        assert "[bold]n[/]" in app.text()
        await pilot.press("end", "!", "up", "ctrl+u", *"no", "up", "ctrl+u", *"a b:1", "up", "ctrl+u", *"s2", "enter")
        # The note stays in its column, the 28th.
        assert app.answers == ["s2: conv 20 4x4 @a @b:1     # [bold]n[/]!"]


async def test_a_layer_that_does_not_fit_shows_the_failed_sum_and_may_be_kept(opened, worked):
    async with opened(form(worked)) as (app, pilot):
        await pilot.press("down", "ctrl+u", *"40", "up")
        await pilot.pause()
        # (39 - 40)/1 + 1 = 0 positions along the first axis; the layers below wait, so the totals are bounds.
        assert "! " in app.text()
        assert "(39 - 40)" in app.flat()
        assert "params >= 0" in app.flat()
        await pilot.press("enter")
        assert app.answers == ["conv 20 40"]


async def test_another_kind_keeps_what_both_have(opened, worked):
    async with opened(form(worked, text="conv 20 5x4 stride=2 groups=2")) as (app, pilot):
        await pilot.press("shift+tab")
        assert "> [ conv ]" in app.text()
        await pilot.press("enter")
        await pilot.pause()
        await pilot.press(*"maxpool")
        await pilot.pause()
        assert "> maxpool" in app.text()
        await pilot.press("enter")
        await pilot.pause()
        await pilot.pause()
        assert "[ maxpool ]" in app.text()
        assert "filters" not in app.text()
        await pilot.press("enter")
        await pilot.pause()
        assert app.answers == ["maxpool 5x4 stride=2"]


async def test_the_line_with_a_mistake_fills_what_reads(opened, worked):
    async with opened(form(worked, text="conv 20 4x4 strid=2 same")) as (app, pilot):
        assert "conv 20 4x4 padding=same" in app.text()
        await pilot.press("escape")
        assert app.answers == [None]


async def test_a_new_line_is_previewed_at_the_end(opened, worked):
    async with opened(lambda: LayerForm(worked, None, "dense 7")) as (app, pilot):
        # The layer above gives n units: 7*n weights, no bias.
        assert "out 7 params 7*n MACs 7*n" in app.flat()
        await pilot.click("#accept")
        assert app.answers == ["dense 7"]


async def test_space_takes_the_next_word(opened, worked):
    async with opened(form(worked)) as (app, pilot):
        await pilot.press("down", "down", "down", "space", "space")
        await pilot.pause()
        assert "conv 20 4x4 padding=same" in app.text()


async def test_a_blank_line_asks_for_a_kind(opened, worked):
    async with opened(lambda: LayerForm(worked, None, "")) as (app, pilot):
        assert "> [ choose ]" in app.text()
        await pilot.press("enter")
        await pilot.pause()
        await pilot.press(*"conv", "enter")
        await pilot.pause()
        await pilot.pause()
        assert "> filters" in app.text()
        await pilot.press("ctrl+u", "6", "enter")
        await pilot.pause()
        assert len(app.answers) == 1
        assert app.answers[0].startswith("conv 6 ")
