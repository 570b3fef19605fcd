"""Copying so that it arrives: by the terminal (OSC 52), and by a tool of this machine where there is one."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Final

from textual.app import App

SURE: Final = 74_994
"""So many bytes of text are in 100,000 of base64 with its frame: the most that xterm's own limit lets through."""


def copy(app: App[object], text: str, environment: Mapping[str, str] | None = None) -> str:
    """Copy a text, and say in words by which ways it went; none of them tells whether it arrived."""
    surroundings = os.environ if environment is None else environment
    app.copy_to_clipboard(text)
    ways = ["sent to the terminal (OSC 52)"]
    # Over SSH a tool would fill the clipboard of the other machine.
    if not any(surroundings.get(name) for name in ("SSH_CONNECTION", "SSH_TTY")) and _by_tool(text):
        ways.append("put into this machine's clipboard")
    said = " and ".join(ways)
    if len(text.encode()) > SURE:
        said += "; it is long, and some terminals drop that: x writes a file"
    return said


def _by_tool(text: str) -> bool:
    import pyperclip

    try:
        pyperclip.copy(text)
    except (pyperclip.PyperclipException, OSError):
        return False  # no tool is installed, or there is no display
    return True
