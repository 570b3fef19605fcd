"""The command that holds a network to budgets."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from tui.cli import completing
from tui.cli.group import Failure, color_option
from tui.cli.options import override_options, overrides_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.core.snapshot import Snapshot
    from tui.formats.budget import Verdict

OVER = 3


@click.command()
@click.argument("file", shell_complete=completing.networks)
@click.option("--max", "limits", multiple=True, required=True, metavar="WHAT=LIMIT", shell_complete=completing.budget,
              help="params, trainable, macs, flops, ram (peak activations) or flash (weights), with k, M, G, or for "
                   "bytes KB, MB, KiB, MiB; repeatable.")  # fmt: skip
@override_options
@color_option
@click.pass_context
def check(ctx: click.Context, /, file: str, limits: tuple[str, ...], **options: Any) -> None:
    """Hold a network to budgets.

    Exit code 3 where one is exceeded.

    For example: layersheet check net.layers --max params=1M --max ram=256KiB
    """
    from tui.cli.loading import load
    from tui.cli.problems import report
    from tui.cli.terminal import painter, put, say
    from tui.core.size import symbols
    from tui.formats.budget import judge, parse_budget

    budgets = [parse_budget(limit) for limit in limits]
    network = load(file, overrides_of(options))
    snapshot = network.snapshot
    if not any(snapshot.number(row) is not None for row in snapshot.shown):
        raise Failure(f"{network.place} has no layers to check")
    broken = report(network)
    verdicts = [judge(snapshot, budget) for budget in budgets]
    paint = painter(sys.stdout)
    put("".join(f"{line}\n" for verdict in verdicts for line in _lines(snapshot, verdict, paint)))
    if any(verdict.holds is False for verdict in verdicts):
        ctx.exit(OVER)
    if broken:
        say("the network has errors, so its totals are at least what is shown")
        ctx.exit(1)
    open_ones = [verdict for verdict in verdicts if verdict.holds is None]
    if open_ones:
        free = sorted(frozenset[str]().union(*(symbols(verdict.value) for verdict in open_ones)))
        names = ", ".join(verdict.budget.metric.name for verdict in open_ones)
        say(f"{names}: depends on {', '.join(free)}; give a value with " +
            " ".join(f"--set {name}=..." for name in free))  # fmt: skip
        ctx.exit(1)


def _lines(snapshot: Snapshot, verdict: Verdict, paint: Callable[[str, str], str]) -> list[str]:
    from tui.formats.columns import count_text
    from tui.formats.escape import visible

    metric, limit = verdict.budget
    unit = " B" if metric.in_bytes else ""
    least = "" if snapshot.totals.complete else "at least "
    head = f"{metric.name}: {least}{count_text(verdict.value)}{unit} of {limit:,}{unit}: "
    if verdict.holds is None:
        return [head + paint("open", "warning")]
    if verdict.holds:
        return [head + paint("ok", "bold")]
    over = verdict.value - limit
    lines = [head + paint(f"OVER by {count_text(over)}{unit}", "error")]
    for row in verdict.worst:
        result = snapshot.result(row)
        if result is not None:
            share = count_text(metric.part(result))
            lines.append(f"  #{snapshot.number(row)} {visible(snapshot.lines[row].code)}: {share}{unit}")
    return lines
