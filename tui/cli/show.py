"""The commands that show a network: on the screen, as a table, as a worked solution."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tui.cli import completing
from tui.cli.group import Failure, color_option
from tui.cli.options import NONE, Overrides, factory_options, override_options, overrides_of

if TYPE_CHECKING:
    from tui.cli.loading import Network
    from tui.core.snapshot import Snapshot

FORMATS = ("table", "json", "csv", "md", "tex")
COLUMNS = click.Choice(["standard", "parameters", "operations", "all"])


@click.command("open", hidden=True)
@click.argument("file", required=False, shell_complete=completing.networks)
@color_option
@click.pass_context
def open_screen(ctx: click.Context, file: str | None = None) -> None:
    """Open the screen on FILE, or on the worked example."""
    from tui.cli.terminal import interactive, is_dumb, say

    if not interactive() or is_dumb() or file == "-":
        if interactive() and is_dumb():
            say("TERM=dumb cannot show the screen; this is the table, as of layersheet show")
        from tui.cli.loading import read
        from tui.formats.presets import FIRST

        if file not in (None, "-"):
            read(str(file), commands=_commands(ctx))  # a mistyped command is told from a missing file
        ctx.exit(_show((file or FIRST,), "table", NONE))
    ctx.exit(_run(file, _commands(ctx)))


def _run(file: str | None, commands: list[str]) -> int:
    """Open the screen: on the worked example, on a file that may be new, or on the text of a preset."""
    import gc
    from pathlib import Path

    # Next to nothing of what a start makes is garbage, and looking for it took a tenth of the time.
    gc.disable()
    from tui.cli.loading import read
    from tui.cli.progress import Bar
    from tui.formats.readers import READERS
    from tui.ui.app import run

    if file is None:
        return run(None)
    path = Path(file)
    if path.suffix == ".layers" and not path.exists():
        return run(path)
    foreign = path.suffix.lower() in READERS
    if path.exists() and not foreign:
        return run(path)
    with Bar() as bar:
        source = read(file, commands, progress=bar)
    origin = path.name if foreign else ""
    return run(None, lines=source.lines, name=source.name, origin=origin, notices=source.notices)


def _commands(ctx: click.Context) -> list[str]:
    root = ctx.find_root().command
    return [name for name, c in root.commands.items() if not c.hidden] if isinstance(root, click.Group) else []


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

    Formats: a table for the terminal, JSON, CSV, Markdown or LaTeX.

    FILE is a list of layers, - for stdin, or the name of a preset where no such file exists. A network
    with errors is shown whole, and the exit code is 1.

    Instead of a FILE, --factory package.module:make runs your own code, in another process:
    layersheet show --factory nets.small:make --input 3x224x224
    """
    if bool(files) == (factory is not None):
        raise click.UsageError("Missing argument 'FILE...'." if factory is None else "--factory goes without a FILE.")
    if factory is not None:
        ctx.exit(_show_factory(factory, python, fmt, overrides_of(options), columns))
    ctx.exit(_show(files, fmt, overrides_of(options), columns))


def _show_factory(factory: str, python: str | None, fmt: str, overrides: Overrides, columns: str | None) -> int:
    from tui.cli.loading import overridden, read_factory
    from tui.cli.notices import tell
    from tui.cli.problems import report
    from tui.cli.terminal import put

    network = overridden(read_factory(factory, overrides.shape, python), overrides)
    tell(network.place, network.notices)
    put(_written(network, fmt, columns))
    return int(report(network))


def _show(files: tuple[str, ...], fmt: str, overrides: Overrides, columns: str | None = None) -> int:
    from tui.cli.loading import load
    from tui.cli.notices import tell
    from tui.cli.problems import report
    from tui.cli.progress import Bar
    from tui.cli.terminal import put, say
    from tui.core.errors import LayersheetError
    from tui.formats.escape import visible

    code = 0
    for index, file in enumerate(files):
        try:
            with Bar() as bar:
                network = load(file, overrides, progress=bar)
        except LayersheetError as error:
            if len(files) == 1:
                raise
            say(f"layersheet: {visible(error.message)}")  # the other files are still shown
            code = 2
            continue
        put(_heading(network, fmt, index) if len(files) > 1 else "")
        put(_written(network, fmt, columns))
        tell(network.place, network.notices)
        code = max(code, int(report(network)))
    return code


def _heading(network: Network, fmt: str, index: int) -> str:
    """What tells one network from the next where several are written."""
    from tui.formats.escape import latex, markdown, visible

    gap = "\n" if index else ""
    match fmt:
        case "table":
            return f"{gap}{visible(network.place)}\n"
        case "md":
            return f"{gap}## {markdown(network.name)}\n\n"
        case "tex":
            return f"{gap}% {latex(network.name)}\n"
        case _:
            return gap if fmt == "csv" else ""


def _written(network: Network, fmt: str, columns: str | None) -> str:
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
            return table.as_csv(snapshot, chosen)
        case "md":
            return table.as_markdown(snapshot, chosen)
        case "tex":
            return table.as_latex(snapshot, chosen)
        case _:
            return table.terminal(snapshot, chosen, paint=painter(sys.stdout), width=width())


@click.command()
@click.argument("file", shell_complete=completing.networks)
@click.argument("layer", required=False)
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
    """
    from tui.cli.loading import load
    from tui.cli.problems import report
    from tui.cli.terminal import put

    network = load(file, overrides_of(options))
    row = None if layer is None else _row_of(network, layer)
    put(_solution(network.snapshot, row, fmt))
    ctx.exit(int(report(network)))


def _solution(snapshot: Snapshot, row: int | None, fmt: str) -> str:
    from tui.formats.worked import as_markdown, as_text
    from tui.formats.worked_latex import as_latex

    return {"md": as_markdown, "tex": as_latex}.get(fmt, as_text)(snapshot, row)


def _row_of(network: Network, layer: str) -> int:
    from tui.core.errors import did_you_mean, or_list
    from tui.formats.record import layer_names

    names = layer_names(network.snapshot)
    for row, name in names.items():
        if layer in (name, str(network.snapshot.number(row))):
            return row
    near = did_you_mean(layer, names.values())
    numbers = f"layers go from 0 to {len(names) - 1}" if names else "it has none"
    hint = f"did you mean {or_list(near)}?" if near else numbers
    raise Failure(f"{network.place} has no layer {layer!r}; {hint}")
