"""The group of all commands: a first word that is no command is a file, and every failure is one line."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from typing import Any, NoReturn

import click
from click.shell_completion import CompletionItem

from tui.cli import completing

INTERRUPTED = 130


class Failure(click.ClickException):
    """A failure that is the user's to read: an unreadable file, a word that does not read."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        click.echo(f"layersheet: {self.message}", err=True)


class Layersheet(click.Group):
    """Runs commands; what is raised for the user to read becomes a message and an exit code."""

    default: click.Command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if self.get_command(ctx, args[0]) is None:
            return self.default.name, self.default, args
        return super().resolve_command(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        found = super().shell_complete(ctx, incomplete)
        return found if incomplete.startswith("-") else [*found, *completing.networks(ctx, self.params[0], incomplete)]

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)  # the order in which they are of use

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            # Whoever read stdout has seen enough. Python would flush once more at its end and complain.
            _forget_stdout()
            ctx.exit(0)
        except click.exceptions.Exit:
            raise
        except Exception as error:
            from tui.core.errors import LayersheetError

            if isinstance(error, LayersheetError):
                from tui.formats.escape import visible

                raise Failure(visible(error.message)) from None
            raise

    def main(self, *args: Any, **extra: Any) -> NoReturn:
        """Run a command line and leave with its exit code; click's own would answer Ctrl+C with 1."""
        _write_anything()
        try:
            code = super().main(*args, **{**extra, "standalone_mode": False})
        except click.ClickException as error:
            _say(error)
            sys.exit(error.exit_code)
        except click.Abort:
            click.echo("interrupted", err=True)
            sys.exit(INTERRUPTED)
        except OSError as error:  # reading says its own reasons: this is a full disk, or a terminal that is gone
            _forget_stdout()
            _say(Failure(f"cannot write: {error.strerror or error}"))
            sys.exit(Failure.exit_code)
        sys.exit(code if isinstance(code, int) else 0)


@contextmanager
def named(option: str) -> Iterator[None]:
    """Say of what is wrong with the value of an option which option it was."""
    try:
        yield
    except Exception as error:
        from tui.core.errors import LayersheetError

        if not isinstance(error, LayersheetError):
            raise
        from tui.formats.escape import visible

        raise Failure(visible(f"{option}: {error.message}")) from None


def _say(error: click.ClickException) -> None:
    with suppress(OSError):  # where stderr is full too, the exit code is all that is left
        error.show()


def _write_anything() -> None:
    """Let characters that the encoding of a stream lacks be written as escapes, and closed streams swallow all."""
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "r" if name == "stdin" else "w"))  # noqa: SIM115 - until the end
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _forget_stdout() -> None:
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        return  # a stream without a file, as in tests, has nothing left to flush


def _set_color(ctx: click.Context, _param: click.Parameter, value: str | None) -> None:
    if value is not None:
        ctx.meta["layersheet.color"] = value


color_option = click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    expose_value=False,
    callback=_set_color,
    help="Colours: auto asks the terminal, NO_COLOR and FORCE_COLOR.",
)


@click.group(
    cls=Layersheet,
    invoke_without_command=True,
    subcommand_metavar="[FILE | COMMAND [ARGS]...]",
    context_settings={"help_option_names": ["-h", "--help"]},
)
@color_option
@click.version_option(package_name="layersheet", message="%(prog)s %(version)s")
@click.pass_context
def group(ctx: click.Context) -> None:
    """A spreadsheet for neural-network layers: shapes, parameters, MACs, memory.

    layersheet [FILE] opens the screen (no FILE: the worked example); where stdin or stdout is no terminal
    it prints the table. FILE is a list of layers, a model of Keras, ONNX or PyTorch, Python source of
    one, - for stdin, or the name of a preset where no such file exists.

    \b
    For example:
      layersheet net.layers
      layersheet show model.onnx --input 3x64x64
      layersheet check net.layers --max params=1M

    Exit codes: 0 fine, 1 the network has errors, 2 usage or unreadable file, 3 over budget, 130 interrupted.
    """
    if ctx.invoked_subcommand is None:
        ctx.invoke(group.default)
