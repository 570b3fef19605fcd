"""The command that draws the screen into a file."""

from __future__ import annotations

import re

import click

from tui.cli import completing
from tui.cli.group import Failure


@click.command()
@click.argument("file", shell_complete=completing.networks)
@click.option("-o", "--output", required=True, metavar="OUT.SVG", help="Where to write it; - for stdout.")
@click.option("--size", default="120x40", show_default=True, metavar="COLUMNSxROWS", help="The size of the terminal.")
@click.option("--keys", default="", metavar="KEYS", help="Keys to press first, by their names, with commas between.")
def screenshot(file: str, output: str, size: str, keys: str) -> None:
    """Draw the screen into an SVG picture."""
    from tui.cli.loading import read
    from tui.cli.terminal import deliver
    from tui.formats.document import print_document

    cells = re.fullmatch(r"(\d{1,3})x(\d{1,3})", size, re.ASCII)
    if cells is None or int(cells[1]) < 20 or int(cells[2]) < 5:
        raise Failure(f"--size {size!r}: write columns and rows, from 20x5 to 999x999, such as 120x40")
    network = read(file)
    from tui.ui.screenshot import screenshot as draw

    pressed = [key for key in keys.split(",") if key]
    svg = draw(print_document(network.lines), (int(cells[1]), int(cells[2])), pressed, network.name)
    deliver(svg, output)
