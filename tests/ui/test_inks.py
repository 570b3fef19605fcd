"""The colours of the rows in every theme that can be chosen."""

from __future__ import annotations

import pytest
from rich.color import ColorType
from textual.app import App
from textual.color import Color

from tests.ui.screen import opened
from tui.ui.inks import INKS, mixed

THEMES = {name: theme.to_color_system().generate() | theme.variables for name, theme in App().available_themes.items()}
ANSI = ("ansi-dark", "ansi-light")


def contrast(one: Color, other: Color) -> float:
    """The contrast ratio of WCAG 2.2, section "contrast ratio", from the relative luminances."""

    def luminance(color: Color) -> float:
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in color.normalized]
        return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("name", ANSI)
def test_a_theme_of_the_terminals_own_colours_is_not_mixed(name: str) -> None:
    # Whether that of the terminal is dark or light nobody knows: a fixed colour may be its background.
    for ink in INKS:
        style = mixed(INKS[ink], THEMES[name], Color.parse("ansi_default"))
        for color in (style.color, style.bgcolor):
            assert color is None or color.type in (ColorType.DEFAULT, ColorType.STANDARD), ink
    assert mixed(INKS["cursor"], THEMES[name], Color.parse("ansi_default")).reverse
    assert mixed(INKS["cursor-row"], THEMES[name], Color.parse("ansi_default")).reverse


@pytest.mark.parametrize("name", [name for name in THEMES if name not in ANSI])
def test_what_has_to_be_read_stands_out_in_every_theme(name: str) -> None:
    theme = THEMES[name]
    below = Color.parse(theme["background"])
    ground = mixed(INKS["cursor"], theme, below).bgcolor
    assert ground is not None
    for place in (below, Color.from_rich_color(ground)):
        # Solarized's own text has no more than 4 over its ground, and what waits is fainter than the rest.
        for ink, least in (("error", 2), ("kind", 2), ("name", 2), ("warning", 2), ("number", 2), ("waiting", 1.9)):
            color = mixed(INKS[ink], theme, place).color
            assert color is not None
            assert contrast(Color.from_rich_color(color), place) >= least, ink


@pytest.mark.parametrize("name", ANSI)
async def test_the_screen_in_the_terminals_own_colours(name: str) -> None:
    async with opened() as desk:
        desk.app.theme = name
        await desk.settle()
        assert desk.row(1).startswith(" 36x28x20")
        await desk.press("b")
        await desk.settle()
        assert desk.dialog == "BindSymbols"
