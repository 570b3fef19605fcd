"""The command palette."""

from __future__ import annotations

from contextlib import suppress

from textual.command import CommandPalette


class Palette(CommandPalette):
    """Textual's palette, for keys that are faster than its list."""

    def _action_command_list(self, action: str) -> None:
        # A page up or down is counted in lines, and before the list is drawn for the first time it has none.
        with suppress(KeyError):
            super()._action_command_list(action)
