"""The command that draws a network: in characters, or into an SVG picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from tui.cli import completing
from tui.cli.group import color_option
from tui.cli.options import override_options, overrides_of

if TYPE_CHECKING:
    from tui.formats.diagram.model import Picture

WIDTH: Final = 80


@click.command()
@click.argument("file", shell_complete=completing.networks)
@click.option("-o", "--output", metavar="OUT.SVG", help="Write an SVG picture there instead; - for stdout.")
@click.option(
    "--width",
    type=click.IntRange(20, 1000),
    help=f"The most cells of a line; default that of the terminal, or {WIDTH} where there is none.",
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
        terminal.put(_text(picture, width or terminal.width() or WIDTH, ascii_only))
    ctx.exit(int(report(network)))


def _text(picture: Picture, width: int, ascii_only: bool) -> str:
    import sys

    from tui.cli.terminal import painter
    from tui.formats.diagram.text import as_text
    from tui.ui.gutter import ASCII, glyphs

    return as_text(picture, width, ascii_only=ascii_only or glyphs() is ASCII, paint=painter(sys.stdout))
