"""The command as tests run it: without the terminal and the environment of whoever runs them."""

from __future__ import annotations

from click.testing import CliRunner, Result

from tui.cli import main

BROKEN = "input 39x31x1\nconv 20 4x4\ncnv 20 3x3  # why\nconv 2 3\nconv 2 3 strde=2\n"
"""Five layers, of which two do not read and one waits."""
_NONE = {"NO_COLOR": None, "FORCE_COLOR": None, "LAYERSHEET_ASCII": None, "TERM": "xterm"}


def run(*args: str, stdin: str | bytes | None = None, env: dict[str, str] | None = None) -> Result:
    """What ``layersheet`` with these words says on stdout and stderr, and its exit code."""
    return CliRunner().invoke(main, list(args), input=stdin, env={**_NONE, **(env or {})})
