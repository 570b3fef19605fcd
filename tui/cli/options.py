"""Options that several commands share: those that change a network before it is shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple, TypeVar

import click

from tui.cli.completing import assigned, setting

F = TypeVar("F", bound=Callable[..., Any])


class Overrides(NamedTuple):
    """What the command line says instead of the file; words, not read yet.

    ``sets`` are the words of ``--set``, ``named`` the settings that have an option of their own: (option, setting).
    """

    sets: tuple[str, ...] = ()
    shape: str | None = None
    named: tuple[tuple[str, str], ...] = ()


PICTURE_WIDTH: Final = 80
"""The cells of a line of a picture where there is no terminal to ask."""
NONE: Final = Overrides()
"""Nothing is overridden."""


def override_options(command: F) -> F:
    """Add the options that override the file. The command gets them as ``**overrides`` for :func:`overrides_of`."""
    for option in reversed((
        click.option("--set", "sets", multiple=True, metavar="NAME=VALUE", shell_complete=assigned,
                     help="A value for a symbol (n=10) or a setting (batch=8); repeatable."),
        click.option("--input", "shape", metavar="SHAPE", help="Another shape for the first input line: 3x224x224."),
        click.option("--counting", metavar="WHOSE", shell_complete=setting,
                     help="What counts as a parameter: keras, pytorch or onnx."),
        click.option("--dtype", metavar="DTYPE", shell_complete=setting,
                     help="What weights and activations are stored as: float32, int8, ..."),
        click.option("--data-format", metavar="FORMAT", shell_complete=setting,
                     help="channels_last or channels_first."),
        click.option("--bias/--no-bias", default=None, help="Whether layers have a bias by default."),
    )):  # fmt: skip
        command = option(command)
    return command


def factory_options(command: F) -> F:
    """Add the options of a network that the user's own code makes: ``factory`` and ``python``."""
    for option in reversed((
        click.option("--factory", metavar="MODULE:NAME",
                     help="Run your code for the network: a function, a class or an object; its input by --input."),
        click.option("--python", metavar="PATH", envvar="LAYERSHEET_PYTHON",
                     help="The Python that has PyTorch or Keras, for --factory; default: the one that runs this."),
    )):  # fmt: skip
        command = option(command)
    return command


def overrides_of(options: dict[str, Any]) -> Overrides:
    """The overrides among the options of a command."""
    named = [
        (f"--{name.replace('_', '-')} {options[name]}", f"{name}={options[name]}")
        for name in ("counting", "dtype", "data_format")
        if options[name] is not None
    ]
    if options["bias"] is not None:
        named.append(("--bias", "bias=true") if options["bias"] else ("--no-bias", "bias=false"))
    return Overrides(tuple(options["sets"]), options["shape"], tuple(named))
