"""The command that draws a network: in characters, or into an SVG picture."""

from __future__ import annotations

import sys
from typing import Any

import click

from tui.cli import completing
from tui.cli.group import color_option
from tui.cli.options import PICTURE_WIDTH, override_options, overrides_of


@click.command()
@click.argument("file", shell_complete=completing.networks)
@click.option("-o", "--output", metavar="OUT.SVG", help="Write an SVG picture there instead; - for stdout.")
@click.option(
    "--width",
    type=click.IntRange(20, 1000),
    help=f"The most cells of a line; default that of the terminal, or {PICTURE_WIDTH} where there is none.",
)
@click.option("--ascii", "ascii_only", is_flag=True, help="ASCII characters only; so does LAYERSHEET_ASCII=1.")
@override_options
@color_option
@click.pass_context
def diagram(
    ctx: click.Context, /, file: str, output: str | None, width: int | None, ascii_only: bool, **options: Any
) -> None:
    """Draw the network as a block diagram.

    From top to bottom; a box is wider with more channels and taller with a larger image. Activations,
    norms and dropout stand with the box above them, groups and repeated blocks in a frame. A network
    with errors is drawn as far as it goes, and the exit code is 1.

    \b
    For example:
      layersheet diagram lenet-5
      layersheet diagram resnet-18 -o resnet.svg
    """
    from tui.cli import terminal
    from tui.cli.notices import watched
    from tui.cli.problems import report
    from tui.formats.diagram.model import picture_of

    terminal.refuse_other_pictures(output)
    network = watched(file, overrides_of(options))
    picture = picture_of(network.snapshot, network.name)
    if output is not None:
        from tui.formats.diagram.svg import as_svg

        terminal.deliver(as_svg(picture), output)
    else:
        from tui.formats.diagram.text import as_text

        only, paint = terminal.in_ascii(ascii_only), terminal.painter(sys.stdout)
        terminal.put(as_text(picture, terminal.picture_width(width), ascii_only=only, paint=paint))
    ctx.exit(int(report(network)))
