"""The command that a first word means which is no command: the screen, or the table where there is no terminal."""

from __future__ import annotations

import click

from tui.cli import completing
from tui.cli.group import Failure, color_option
from tui.cli.options import NONE


class Opening(click.Command):
    """The command that a first word means which is no command: too many words may also be a mistyped command."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        first = next((word for word in args if not word.startswith("-")), None)
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            if first is None:
                raise
            from tui.cli.loading import is_network, unknown

            if not is_network(first):
                raise unknown(first, _commands(ctx)) from None
            raise Failure(
                f"{error.format_message().rstrip('.')}: layersheet FILE opens the screen on one file; for more give a "
                f"command, such as layersheet show {first}"
            ) from None


@click.command("open", cls=Opening, hidden=True)
@click.argument("file", required=False, shell_complete=completing.networks)
@color_option
@click.pass_context
def open_screen(ctx: click.Context, file: str | None = None) -> None:
    """Open the screen on FILE, or on the worked example."""
    from tui.cli.terminal import interactive, is_dumb, say

    if not interactive() or is_dumb() or file == "-":
        if interactive() and is_dumb():
            say("TERM=dumb cannot show the screen; this is the table, as of layersheet show")
        from tui.cli.loading import is_network, unknown
        from tui.cli.show import show_files
        from tui.formats.presets import FIRST

        if file is not None and not is_network(file):
            raise unknown(file, _commands(ctx))  # a mistyped command is told from a missing file
        ctx.exit(show_files((FIRST if file is None else file,), "table", NONE))
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
