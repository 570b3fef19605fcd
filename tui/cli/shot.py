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
    """Draw the screen into an SVG picture.

    \b
    For example:
      layersheet screenshot lenet-5 -o lenet.svg
      layersheet screenshot lenet-5 -o edit.svg --size 80x24 --keys down,enter
    """
    from tui.cli.loading import read
    from tui.cli.terminal import deliver, refuse_other_pictures
    from tui.formats.document import print_document

    refuse_other_pictures(output)
    cells = re.fullmatch(r"(\d{1,3})x(\d{1,3})", size, re.ASCII)
    if cells is None or int(cells[1]) < 20 or int(cells[2]) < 5:
        raise Failure(f"--size {size!r}: write columns and rows, from 20x5 to 999x999, such as 120x40")
    pressed = [key.strip() for key in keys.split(",") if key.strip()]
    for key in pressed:
        if not _is_key(key):
            raise Failure(f"--keys {keys}: no key is called {key!r}; write down, enter, f4, ctrl+s, question_mark or a "
                          "letter, with commas between")  # fmt: skip
    network = read(file)
    from tui.ui.screenshot import screenshot as draw

    svg = draw(print_document(network.lines), (int(cells[1]), int(cells[2])), pressed, network.name)
    deliver(svg, output)


def _is_key(word: str) -> bool:
    """Whether the screen knows a key of that name, alone or behind ctrl+, shift+ or alt+."""
    from textual.keys import KEY_NAME_REPLACEMENTS, Keys, key_to_character

    names = {key.value for key in Keys} | set(KEY_NAME_REPLACEMENTS.values())
    last = word.rpartition("+")[2] or word
    return word in names or last in names or key_to_character(last) is not None
