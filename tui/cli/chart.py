"""The command that charts a network: bars in characters, or into an SVG picture."""

from __future__ import annotations

from typing import Any

import click

from tui.cli import completing
from tui.cli.group import color_option
from tui.cli.options import PICTURE_WIDTH, override_options, overrides_of


@click.command()
@click.argument("file", shell_complete=completing.networks)
@click.option("--metric", default="params", metavar="NAME", shell_complete=completing.charted,
              help="params, trainable, macs, flops, elementwise, weights (their bytes), activations (bytes of the "
                   "outputs), live (bytes of inputs and outputs) or field (receptive); default params.")  # fmt: skip
@click.option("--by", type=click.Choice(["layer", "group", "kind"]), default="layer",
              help="A bar for each layer, each group of dotted names and each block, or each kind.")  # fmt: skip
@click.option("-o", "--output", metavar="OUT.SVG", help="Write an SVG picture there instead; - for stdout.")
@click.option("--width", type=click.IntRange(20, 1000),
              help="The cells of a line; default that of the terminal, or "
                   f"{PICTURE_WIDTH} where there is none.")  # fmt: skip
@click.option("--ascii", "ascii_only", is_flag=True, help="ASCII characters only; so does LAYERSHEET_ASCII=1.")
@override_options
@color_option
@click.pass_context
def chart(
    ctx: click.Context, /, file: str, metric: str, by: str, output: str | None, width: int | None, ascii_only: bool,
    **options: Any,
) -> None:  # fmt: skip
    """Chart what each layer adds to a number.

    \b
    For example:
      layersheet chart lenet-5 --metric macs
      layersheet chart resnet-18 --by group -o params.svg
    """
    from tui.cli import terminal
    from tui.cli.notices import watched
    from tui.cli.problems import report
    from tui.formats.chart.model import chart_of, quantity_named

    terminal.refuse_other_pictures(output)
    quantity = quantity_named(metric)
    network = watched(file, overrides_of(options))
    drawn = chart_of(network.snapshot, quantity, by)
    if output is not None:
        from tui.formats.chart.svg import as_svg

        terminal.deliver(as_svg(drawn, network.name), output)
    else:
        from tui.formats.chart.text import as_text

        terminal.put(as_text(drawn, terminal.picture_width(width), ascii_only=terminal.in_ascii(ascii_only)))
    ctx.exit(int(report(network)))
