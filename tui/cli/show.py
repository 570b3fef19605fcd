"""The command that shows networks with their results."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tui.cli import completing
from tui.cli.group import Failure, color_option
from tui.cli.options import Overrides, factory_options, override_options, overrides_of

if TYPE_CHECKING:
    from tui.cli.loading import Network

FORMATS = ("table", "json", "csv", "md", "tex")
COLUMNS = click.Choice(["standard", "parameters", "operations", "all"])


@click.command()
@click.argument("files", nargs=-1, metavar="FILE...", shell_complete=completing.networks)
@click.option("--format", "fmt", type=click.Choice(FORMATS), default="table", help="How to write it; default table.")
@click.option("--json", "fmt", flag_value="json", help="Short for --format json: one object a line for each FILE.")
@click.option("--columns", type=COLUMNS, help="Which columns; of CSV all, else the standard ones. JSON has its own.")
@factory_options
@override_options
@color_option
@click.pass_context
def show(
    ctx: click.Context, /, files: tuple[str, ...], fmt: str, columns: str | None, factory: str | None,
    python: str | None, **options: Any,
) -> None:  # fmt: skip
    """Show networks with their results.

    As a table for the terminal, JSON, CSV, Markdown or LaTeX. FILE is a list of layers, a model of Keras,
    ONNX or PyTorch, Python source of one, - for stdin, or the name of a preset where no such file exists.
    A network with errors is shown whole, and the exit code is 1. Instead of a FILE, --factory runs your
    own code, in another process.

    \b
    For example:
      layersheet show worked-example --set n=10
      layersheet show a.layers b.layers --json
      layersheet show --factory nets.small:make --input 3x224x224
    """
    if bool(files) == (factory is not None):
        raise click.UsageError("Missing argument 'FILE...'." if factory is None else "--factory goes without a FILE.")
    if files.count("-") > 1:
        raise Failure("- is given twice, and stdin can be read once; name files or presets for the others")
    if factory is not None:
        ctx.exit(_show_factory(factory, python, fmt, overrides_of(options), columns))
    ctx.exit(show_files(files, fmt, overrides_of(options), columns))


def _show_factory(factory: str, python: str | None, fmt: str, overrides: Overrides, columns: str | None) -> int:
    from tui.cli.loading import overridden, read_factory
    from tui.cli.notices import tell
    from tui.cli.problems import report
    from tui.cli.terminal import put

    network = overridden(read_factory(factory, overrides.shape, python), overrides)
    tell(network.place, network.notices)
    put(_written(network, fmt, columns))
    return int(report(network))


def show_files(files: tuple[str, ...], fmt: str, overrides: Overrides, columns: str | None = None) -> int:
    """Write networks and say what is wrong with them; the exit code. One that cannot be read leaves the others be."""
    from tui.cli.loading import load
    from tui.cli.notices import tell
    from tui.cli.problems import report
    from tui.cli.progress import Bar
    from tui.cli.terminal import put, say
    from tui.core.errors import LayersheetError
    from tui.formats.escape import visible

    code = written = 0
    several = len(files) > 1
    for file in files:
        try:
            with Bar() as bar:
                network = load(file, overrides, progress=bar)
        except (LayersheetError, Failure) as error:
            if not several:
                raise
            say(f"layersheet: {visible(error.message)}")  # the other files are still shown
            code = 2
            continue
        put(_heading(network, fmt, written) if several else "")
        put(_written(network, fmt, columns, written if several else None))
        written += 1
        tell(network.place, network.notices)
        code = max(code, int(report(network)))
    return code


def _heading(network: Network, fmt: str, before: int) -> str:
    """What tells one network from the next where several are written."""
    from tui.formats.escape import latex, markdown, visible

    gap = "\n" if before else ""
    match fmt:
        case "table":
            return f"{gap}{visible(network.place)}\n"
        case "md":
            return f"{gap}## {markdown(network.name)}\n\n"
        case "tex":
            return f"{gap}% {latex(network.name)}\n"
        case _:
            return ""  # CSV and JSON name the network themselves


def _written(network: Network, fmt: str, columns: str | None, before: int | None = None) -> str:
    """The network in a format; ``before`` is how many stand above it, None for one that is alone."""
    import sys

    from tui.cli.terminal import painter, width
    from tui.formats import record, table
    from tui.formats.columns import columns_called

    snapshot = network.snapshot
    chosen = columns_called(columns or ("all" if fmt == "csv" else "standard"))
    match fmt:
        case "json":
            return record.as_json(snapshot, network.name) + "\n"
        case "csv":
            return table.as_csv(snapshot, chosen, network=None if before is None else network.name, head=not before)
        case "md":
            return table.as_markdown(snapshot, chosen)
        case "tex":
            return table.as_latex(snapshot, chosen)
        case _:
            return table.terminal(snapshot, chosen, paint=painter(sys.stdout), width=width())
