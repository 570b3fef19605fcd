"""``python -m tui`` is the command ``layersheet``."""

from tui.cli import main

main(prog_name="layersheet")
