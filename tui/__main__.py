"""The command ``layersheet``, also ``python -m tui``.

``layersheet`` and ``layersheet net.layers`` go to the screen without the library of the command line,
which would be a twentieth of their start; all else, and whatever is wrong, is for the commands.
"""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress
from pathlib import Path

from tui.streams import interactive, is_dumb


def main() -> None:
    """Run the command; ends the process."""
    words = sys.argv[1:]
    if _for_the_screen(words) and interactive() and not is_dumb() and "_LAYERSHEET_COMPLETE" not in os.environ:
        # Next to nothing of what a start makes is garbage, and looking for it took a tenth of the time.
        gc.disable()
        from tui.core.errors import FileError
        from tui.ui.app import run

        with suppress(FileError):  # the commands say what is wrong
            sys.exit(run(Path(words[0]) if words else None))
    from tui.cli import main as commands

    commands(prog_name="layersheet")


def _for_the_screen(words: list[str]) -> bool:
    return not words or (len(words) == 1 and words[0].endswith(".layers") and os.path.isfile(words[0]))


if __name__ == "__main__":
    main()
