"""The inks of rows drawn by hand, from the colours of the theme.

Textual's component classes would say the same in CSS, but each is matched against every rule whenever
the styles of its widget are, and for two lists that was a quarter of the time to the first frame.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from rich.style import Style
from textual.color import Color

from tui.ui.kept_style import KeptStyle


class Ink(NamedTuple):
    """A colour of the theme for the text and one for the ground, each as strong as its share of 1, and attributes."""

    text: str = ""
    ground: str = ""
    strength: float = 1.0
    """Of the text's colour over the ground."""
    cover: float = 1.0
    """Of the ground's colour over what lies below."""
    bold: bool = False
    italic: bool = False
    underline: bool = False
    reverse: bool = False
    dim: bool = False


MUTED: Final = 0.7
FAINT: Final = 0.55
INKS: Final[Mapping[str, Ink]] = {
    "header": Ink("foreground", "panel", strength=MUTED, bold=True),
    "header-cursor": Ink("accent", "panel", bold=True, underline=True),
    "cell": Ink("background", "accent", bold=True),
    "cursor": Ink(ground="primary", cover=0.25, bold=True),
    "cursor-row": Ink(ground="primary", cover=0.2),
    "selected": Ink(ground="primary", cover=0.15),
    "number": Ink("foreground", strength=MUTED),
    "kind": Ink("text-accent"),
    "name": Ink("text-success"),
    "note": Ink("foreground", strength=FAINT, italic=True),
    "error": Ink("text-error", bold=True),
    "warning": Ink("text-warning", bold=True),
    "waiting": Ink("foreground", strength=FAINT),
    "pick": Ink(bold=True, underline=True),
    "match": Ink("text-warning", reverse=True),
    "bar": Ink("text-accent"),
    "dim": Ink(dim=True),
}


class Inked(KeptStyle):
    """Put before a widget: ``ink(name)`` is the style of a name, kept until the styles change."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._inks: dict[str, Style] = {}

    def ink(self, name: str) -> Style:
        """The style to add to that of the row."""
        style = self._inks.get(name)
        if style is None:
            style = self._inks[name] = mixed(INKS[name], self.app.theme_variables, self.background_colors[1])
        return style

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._inks.clear()


def mixed(ink: Ink, theme: Mapping[str, str], below: Color) -> Style:
    """The ink in the colours of a theme, over a ground."""
    if Color.parse(theme["foreground"]).ansi is not None:
        return _unmixed(ink, theme)
    ground = below + Color.parse(theme[ink.ground]).with_alpha(ink.cover) if ink.ground else below
    text = ground + Color.parse(theme[ink.text]).with_alpha(ink.strength) if ink.text else None
    return Style(
        color=text.rich_color if text is not None else None,
        bgcolor=ground.rich_color if ink.ground else None,
        bold=ink.bold or None,
        italic=ink.italic or None,
        underline=ink.underline or None,
        reverse=ink.reverse or None,
        dim=ink.dim or None,
    )


def _unmixed(ink: Ink, theme: Mapping[str, str]) -> Style:
    """The ink where the terminal has its own colours: nobody knows what mixing those gives, dark or light.

    Instead of a fainter text it is dim, and instead of a tinted ground the row is reversed.
    """
    tinted = bool(ink.ground) and ink.ground != "panel"
    name = ink.ground if tinted and ink.cover == 1 else ink.text
    return Style(
        color=Color.parse(theme[name]).rich_color if name else None,
        bold=ink.bold or None,
        italic=ink.italic or None,
        underline=ink.underline or None,
        reverse=ink.reverse or tinted or None,
        dim=ink.dim or (bool(ink.text) and ink.strength < 1) or None,
    )
