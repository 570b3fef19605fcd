"""The command that computes a network for many values of one or two symbols."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

import click

from tui.cli import completing
from tui.cli.group import Failure, color_option, named
from tui.cli.options import Overrides, override_options, overrides_of

if TYPE_CHECKING:
    from tui.core.snapshot import Snapshot
    from tui.core.sweep import Axis, Measure, Steps, Sweep
    from tui.core.sweep_columns import Columns
    from tui.core.sweep_front import Goal

FORMATS: Final = ("table", "csv", "json", "chart", "svg")
SUFFIXES: Final = {".csv": "csv", ".json": "json", ".svg": "svg", ".txt": "table"}
SLOW: Final = 200_000
"""With more combinations than this it is worth saying that NumPy would be quicker."""


@click.command()
@click.argument("file", shell_complete=completing.networks)
@click.option("--metrics", default="", metavar="NAMES", shell_complete=completing.metrics,
              help="What to compute, with commas between: params, trainable, macs, flops, ram, flash, memory, "
                   "training; or of one layer, as in conv1:macs. Default params,macs,ram.")  # fmt: skip
@click.option("--format", "fmt", type=click.Choice(FORMATS), help="How to write it; default by the suffix of -o, "
              "else a table. A chart is a line for one symbol, a heat map for two.")  # fmt: skip
@click.option("--json", "fmt", flag_value="json", help="Short for --format json.")
@click.option("--pareto", metavar="A,B", help="Only the combinations that no other beats in A without losing in B: "
              "metrics or symbols, small is good, unless :max says otherwise, as in params,n:max.")  # fmt: skip
@click.option("-o", "--output", metavar="OUT", help="Write into a file: .csv, .json, .svg or .txt; - for stdout.")
@click.option("--width", type=click.IntRange(20, 1000), help="The most cells of a line of a chart.")
@click.option("--ascii", "ascii_only", is_flag=True, help="Charts in ASCII characters; so does LAYERSHEET_ASCII=1.")
@override_options
@color_option
@click.pass_context
def sweep(
    ctx: click.Context, /, file: str, metrics: str, fmt: str | None, pareto: str | None, output: str | None,
    width: int | None, ascii_only: bool, **options: Any,
) -> None:  # fmt: skip
    """Compute a network for many values of one or two symbols.

    Ranges are values of --set: n=10..100:10 in steps, n=1..100 one by one, n=8..1024*2 doubling,
    n=8,16,32 a list, or several of these with commas between. A combination with which a layer does
    not fit is shown with the reason. Exit code 1 where none fits.

    \b
    For example:
      layersheet sweep net.layers --set n=10..100:10
      layersheet sweep net.layers --set n=8..64*2 --set k=3,5 --format chart
      layersheet sweep net.layers --set n=1..500 --pareto params,n:max -o out.csv
    """
    from tui.cli import terminal
    from tui.cli.notices import watched
    from tui.cli.problems import unread
    from tui.cli.progress import followed
    from tui.core.sweep import UnboundError
    from tui.core.sweep_front import front
    from tui.formats.sweep.columns import quickest
    from tui.formats.sweep.text import goals_text, summary

    fmt = fmt or _by_suffix(output)
    if output is not None and terminal.is_read(file, output):
        raise Failure(f"-o {output}: it is the file that is read; give another name")
    axes, others = _ranges(overrides_of(options))
    network = watched(file, others)
    if not any(line.is_layer for line in network.snapshot.lines):
        raise Failure(f"{network.place} has no layers to sweep")
    if unread(network):
        ctx.exit(1)
    measures, goals = _measures(network.snapshot, axes, metrics, pareto)
    columns = quickest()
    try:
        found = followed(_start(network.snapshot, axes, measures, columns))
    except UnboundError as error:
        raise Failure(
            f"{error.message}; give it one: {' '.join(f'--set {name}=...' for name in error.names)}"
        ) from None
    kept = front(found, *goals) if goals else None
    _write(found, network.name, fmt, output, kept, goals, width, ascii_only)
    for line in summary(found):
        terminal.say(line)
    if kept is not None and goals is not None:
        terminal.say(f"Pareto front: {len(kept):,} with the {goals_text(goals)}")
    if found.refused == len(found):
        ctx.exit(1)


def _measures(
    snapshot: Snapshot, axes: Sequence[Axis], metrics: str, pareto: str | None
) -> tuple[list[Measure], tuple[Goal, Goal] | None]:
    """What is computed, and of a Pareto front the goals; what those need is computed too."""
    from tui.formats.sweep.measures import parse_measures
    from tui.formats.sweep.range import goal_names, parse_goals

    with named(f"--metrics {metrics}"):
        found = parse_measures(snapshot, metrics) if metrics or not pareto else []
    if not pareto:
        return found, None
    with named(f"--pareto {pareto}"):
        names = ",".join(goal_names(pareto, [axis.name for axis in axes]))
        known = {measure.name for measure in found}
        found += [each for each in parse_measures(snapshot, names or "params") if each.name not in known]
        return found, parse_goals(pareto, axes, found)


def _by_suffix(output: str | None) -> str:
    if output in (None, "-"):
        return "table"
    for suffix, fmt in SUFFIXES.items():
        if str(output).lower().endswith(suffix):
            return fmt
    raise Failure(f"-o {output}: no format has this suffix; use {', '.join(SUFFIXES)}, or say --format")


def _ranges(overrides: Overrides) -> tuple[list[Axis], Overrides]:
    """The ranges among the values of --set, and what else is overridden."""
    from tui.core.sweep import SweepError
    from tui.formats.escape import visible
    from tui.formats.sweep.range import is_range, parse_axis

    ranges = [word for word in overrides.sets if is_range(word) or (_setting(word) and "," in word)]
    swept = {_name(word) for word in ranges}
    others = [word for word in overrides.sets if word not in ranges]
    for word in others:
        if _name(word) in swept:
            raise Failure(f"--set {visible(word)}: another --set gives it a range; leave one of the two out")
    for word in ranges:
        name = _name(word)
        if name == "batch":
            others.append("batch=batch")  # a symbol of that name takes its place
        elif _setting(word):
            raise Failure(f"--set {visible(word)}: {name} takes one value; of the settings only batch is a number")
    if not ranges:
        raise SweepError("there is nothing to sweep; give a symbol a range, such as --set n=10..100:10")
    return [parse_axis(word) for word in ranges], overrides._replace(sets=tuple(others))


def _setting(word: str) -> bool:
    from tui.core.settings import SETTINGS

    return _name(word) in SETTINGS


def _name(word: str) -> str:
    return word.partition("=")[0].strip()


def _start(snapshot: Snapshot, axes: Sequence[Axis], measures: Sequence[Measure], columns: Columns) -> Steps:
    from tui.cli.terminal import say
    from tui.core.sweep import count_of
    from tui.core.sweep_columns import Lists
    from tui.core.sweep_run import sweep as steps

    made = steps(snapshot, axes, measures, columns)
    if isinstance(columns, Lists) and count_of(axes) > SLOW:
        say("this takes a while in plain Python; with NumPy (pip install layersheet[sweep]) it takes a moment")
    return made


def _write(
    found: Sweep, name: str, fmt: str, output: str | None, kept: Sequence[int] | None,
    goals: tuple[Goal, Goal] | None, width: int | None, ascii_only: bool,
) -> None:  # fmt: skip
    from tui.cli import terminal
    from tui.formats.sweep import files as sweep_files
    from tui.formats.sweep import svg as sweep_svg
    from tui.formats.sweep import text as sweep_text

    to_stdout = output in (None, "-")
    pieces: Iterable[str]
    if fmt == "csv":
        pieces = sweep_files.as_csv(found, kept)
    elif fmt == "json":
        pieces = sweep_files.as_json(found, name, kept, goals or ())
    elif fmt == "svg":
        pieces = [sweep_svg.front_svg(found, goals, name) if goals else sweep_svg.as_svg(found, name)]
    elif fmt == "chart":
        pieces = _charts(found, goals, terminal.picture_width(width), terminal.in_ascii(ascii_only))
    else:
        paint = terminal.painter(sys.stdout) if to_stdout else None
        pieces = [sweep_text.as_table(found, kept, paint=paint, width=terminal.width() if to_stdout else None)]
    terminal.deliver(pieces, "-" if output is None else output)


def _charts(found: Sweep, goals: tuple[Goal, Goal] | None, width: int, ascii_only: bool) -> Iterator[str]:
    from tui.formats.sweep import text as sweep_text

    if goals is not None:
        yield "\n".join(sweep_text.front_plot(found, goals, width, 20, ascii_only=ascii_only)) + "\n"
        return
    small = sweep_text.thinned(found, max(width, 40) if len(found.axes) > 1 else 4 * width)
    for measure in range(len(found.measures)):
        gap = "\n" if measure else ""
        high = 15 if len(small.axes) == 1 else len(small.axes[0].values) + 3
        yield gap + "\n".join(sweep_text.plot(small, measure, width, min(high, 40), ascii_only=ascii_only)) + "\n"
