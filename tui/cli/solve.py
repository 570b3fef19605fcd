"""The command that solves a network backwards: the largest or smallest value of one unknown within limits."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final

import click

from tui.cli import completing
from tui.cli.group import Failure, color_option, named
from tui.cli.options import override_options, overrides_of

if TYPE_CHECKING:
    from tui.core.snapshot import Snapshot
    from tui.core.solve import Answer
    from tui.core.solve_problem import Problem
    from tui.formats.solve.unknown import Unknown

NOTHING_FITS: Final = 3
LIMIT: Final = "MEASURE=LIMIT"
OPTIONS: Final = {"<=": "--max", ">=": "--min", "=": "--equal"}


@click.command()
@click.argument("file", shell_complete=completing.networks)
@click.option("--for", "unknown", required=True, metavar="UNKNOWN", shell_complete=completing.unknown,
              help="A symbol (n, or H=W for both at once), a number in a layer (#3.filters, conv1.kernel.H), input "
                   "(its height and width), batch, or width (percent of all filters and units).")  # fmt: skip
@click.option("--max", "most", multiple=True, metavar=LIMIT, shell_complete=completing.budget,
              help="At most: params, trainable, macs, flops, ram, flash, memory or training, or of one layer "
                   "conv1:field, #3:H, #3:params; repeatable, all must hold.")  # fmt: skip
@click.option("--min", "least", multiple=True, metavar=LIMIT, shell_complete=completing.budget, help="At least.")
@click.option("--equal", multiple=True, metavar=LIMIT, shell_complete=completing.budget, help="Exactly.")
@click.option("--valid", is_flag=True, help="No limit but that every layer has an output.")
@click.option("--largest/--smallest", default=None,
              help="Which value; the largest with --max or --equal, else the smallest.")  # fmt: skip
@click.option("--range", "span", metavar="A..B", help="Where to look: 1..10000, or 31.. without an end.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@override_options
@color_option
@click.pass_context
def solve(
    ctx: click.Context,
    /,
    file: str,
    unknown: str,
    most: tuple[str, ...],
    least: tuple[str, ...],
    equal: tuple[str, ...],
    valid: bool,
    largest: bool | None,
    span: str | None,
    as_json: bool,
    **options: Any,
) -> None:
    """Solve a network backwards.

    The largest (or smallest) value of one unknown with which every layer is valid and every limit holds,
    with its neighbours. Every value that is named was computed; what a claim rests on is said below it.
    Exit code 3 where nothing fits.

    \b
    For example:
      layersheet solve net.layers --for n --max params=100k
      layersheet solve net.layers --for H=W --max ram=256KiB --dtype int8
      layersheet solve net.layers --for input --valid --smallest
      layersheet solve net.layers --for width --max macs=50M
    """
    from tui.cli.notices import watched
    from tui.cli.problems import unread
    from tui.core.solve_problem import Problem
    from tui.formats.ranges import parse_range
    from tui.formats.solve.limits import parse_limit
    from tui.formats.solve.unknown import parse_unknown

    given = [*((text, "<=") for text in most), *((text, ">=") for text in least), *((text, "=") for text in equal)]
    if not given and not valid:
        raise Failure("give a limit, such as --max params=100k, or --valid")
    network = watched(file, overrides_of(options))
    snapshot = network.snapshot
    if not any(line.is_layer for line in snapshot.lines):
        raise Failure(f"{network.place} has no layers to solve for")
    if unread(network):
        ctx.exit(1)
    with named(f"--for {unknown}"):
        asked = parse_unknown(snapshot, unknown)
    limits = []
    for text, relation in given:
        with named(f"{OPTIONS[relation]} {text}"):
            limits.append(parse_limit(snapshot, text, relation))
    if largest is None:
        largest = bool(most or equal)
    with named(f"--range {span}"):
        low, high = parse_range(span) if span is not None else (None, None)
    problem = Problem(asked.lines, asked.symbol, tuple(limits), largest, asked.low if low is None else low, high)
    answer = _answered(problem, asked)
    _write(answer, asked, snapshot, network.name, as_json)
    if answer.point is None:
        # An error that stays the same whatever the value is the network's own.
        ctx.exit(1 if answer.nearest is None and len({point.wrong for point in answer.shown}) == 1 else NOTHING_FITS)


def _answered(problem: Problem, unknown: Unknown) -> Answer:
    from tui.cli.progress import followed
    from tui.core.solve import search
    from tui.core.solve_problem import OpenSymbolsError
    from tui.formats.solve.solved import way_out

    try:
        return followed(search(problem))
    except OpenSymbolsError as error:
        raise Failure(way_out(error, command=True)) from None


def _write(answer: Answer, unknown: Unknown, snapshot: Snapshot, name: str, as_json: bool) -> None:
    import json

    from tui.cli.terminal import painter, put
    from tui.formats.escape import visible
    from tui.formats.solve import solved

    if as_json:
        put(json.dumps(solved.record(answer, unknown, snapshot, name)) + "\n")
        return
    problem, paint = answer.problem, painter(sys.stdout)
    lines = [solved.question(unknown, problem.limits, problem.largest)]
    for text, row in solved.table(answer, unknown, snapshot):
        lines.append(paint(visible(text), "bold" if row.chosen else "dim"))
    lines += [visible(note) for note in solved.notes(answer, unknown, snapshot)]
    put("".join(f"{line}\n" for line in lines))
