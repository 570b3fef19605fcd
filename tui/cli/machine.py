"""The commands about the program itself and the machine it runs on."""

from __future__ import annotations

import click

from tui.cli.group import Failure, color_option


@click.command()
@color_option
def info() -> None:
    """Print versions, paths and the terminal, as for a bug report."""
    import os
    import platform
    import shutil
    import sys
    from importlib.metadata import version

    from platformdirs import PlatformDirs

    from tui.cli.terminal import is_dumb, put, wants_color
    from tui.formats.escape import visible

    dirs = PlatformDirs("layersheet", appauthor=False)
    size = shutil.get_terminal_size()
    streams = ", ".join(name for name in ("stdin", "stdout", "stderr") if getattr(sys, name).isatty()) or "none"
    facts = [
        *((name, version(name)) for name in ("layersheet", "textual", "rich", "click")),
        ("python", platform.python_version()),
        ("system", platform.platform()),
        ("config", dirs.user_config_dir),
        ("data", dirs.user_data_dir),
        ("state", dirs.user_state_dir),
        ("terminal", os.environ.get("TERM", "not set") + (" (cannot show the screen)" if is_dumb() else "")),
        ("colour", f"{'yes' if wants_color(sys.stdout) else 'no'}, COLORTERM {os.environ.get('COLORTERM', 'not set')}"),
        ("size", f"{size.columns}x{size.lines}"),
        ("terminals", streams),
        ("encoding", str(sys.stdout.encoding)),
    ]
    put("".join(f"{name + ':':12}{visible(fact)}\n" for name, fact in facts))


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completions(ctx: click.Context, shell: str) -> None:
    """Print a shell's completion script.

    \b
    For example:
      layersheet completions bash >> ~/.bashrc
      layersheet completions zsh >> ~/.zshrc
      layersheet completions fish > ~/.config/fish/completions/layersheet.fish
    """
    from click.shell_completion import get_completion_class

    made = get_completion_class(shell)
    if made is None:
        raise Failure(f"there is no completion for {shell}")
    click.echo(made(ctx.find_root().command, {}, "layersheet", "_LAYERSHEET_COMPLETE").source())
