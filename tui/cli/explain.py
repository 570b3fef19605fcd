"""The command that writes the arithmetic of a network as a worked solution."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from tui.cli import completing
from tui.cli.group import color_option
from tui.cli.options import override_options, overrides_of

if TYPE_CHECKING:
    from tui.core.snapshot import Snapshot

NARROWEST: Final = 40
"""The least cells of a line of a worked solution: below that equations fall apart."""


@click.command()
@click.argument("file", shell_complete=completing.networks)
@click.argument("layer", required=False, shell_complete=completing.layers)
@click.option(
    "--format", "fmt", type=click.Choice(["text", "md", "tex"]), default="text", help="Plain text, Markdown or LaTeX."
)
@override_options
@color_option
@click.pass_context
def explain(ctx: click.Context, /, file: str, layer: str | None, fmt: str, **options: Any) -> None:
    """Write the arithmetic as a worked solution.

    For each layer the rule, the rule with its numbers and the value; then the sums. LAYER is a number
    or a name, for that layer alone.

    \b
    For example:
      layersheet explain lenet-5 conv1
      layersheet explain worked-example --set n=10 --format md
    """
    from tui.cli.notices import watched
    from tui.cli.problems import report
    from tui.cli.terminal import put
    from tui.formats.record import row_named

    network = watched(file, overrides_of(options))
    row = None if layer is None else row_named(network.snapshot, layer)
    put(_solution(network.snapshot, row, fmt))
    ctx.exit(int(report(network)))


def _solution(snapshot: Snapshot, row: int | None, fmt: str) -> str:
    from tui.cli.terminal import width
    from tui.formats.worked import WIDTH, as_markdown, as_text
    from tui.formats.worked_latex import as_latex

    match fmt:
        case "md":
            return as_markdown(snapshot, row)
        case "tex":
            return as_latex(snapshot, row)
        case _:
            return as_text(snapshot, row, max(min(width() or WIDTH, WIDTH), NARROWEST))
