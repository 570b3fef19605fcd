"""The command that holds a network to budgets."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from tui.cli import completing
from tui.cli.group import Failure, color_option, named
from tui.cli.options import override_options, overrides_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tui.core.snapshot import Snapshot
    from tui.formats.budget import Budget, Verdict

OVER = 3
STYLES = {True: "bold", False: "error", None: "warning"}


@click.command()
@click.argument("file", required=False, shell_complete=completing.networks)
@click.option("--max", "limits", multiple=True, metavar="WHAT=LIMIT", shell_complete=completing.budget,
              help="params, trainable, macs, flops, ram (peak activations), flash (weights), memory (both) or "
                   "training, with k, M, G, or for bytes KB, MB, KiB, MiB; repeatable.")  # fmt: skip
@click.option("--device", metavar="NAME", shell_complete=completing.device,
              help="The limits of a device; --devices lists them.")  # fmt: skip
@click.option("--devices", "listed", is_flag=True, help="List the devices with their memory and its source.")
@override_options
@color_option
@click.pass_context
def check(
    ctx: click.Context, /, file: str | None, limits: tuple[str, ...], device: str | None, listed: bool, **options: Any
) -> None:
    """Hold a network to budgets.

    Those of its own budget lines, of --device and of --max; of two for one thing the latter holds. Exit
    code 3 where one is exceeded.

    \b
    For example:
      layersheet check net.layers --max params=1M --max ram=256KiB
      layersheet check net.layers --device arduino-nano-33-ble --dtype int8
    """
    from tui.cli.notices import watched
    from tui.cli.problems import report
    from tui.cli.terminal import painter, put, say
    from tui.core.size import symbols
    from tui.formats.budget import judge, parse_budget

    if listed:
        _list()
        return
    if file is None:
        raise click.UsageError("Missing argument 'FILE'.")
    given = []
    for limit in limits:
        with named(f"--max {limit}"):
            given.append(parse_budget(limit))
    network = watched(file, overrides_of(options))
    snapshot = network.snapshot
    with named(f"--device {device}"):  # the file's own lines have been read
        budgets = _budgets(snapshot, given, device)
    if not budgets:
        report(network)  # a budget line that does not read is no budget
        raise Failure(f"{network.place} has no budget; give one with --max params=1M, or by --device, or write a line "
                      "such as budget params=1M into the file")  # fmt: skip
    if not any(line.is_layer for line in snapshot.lines):
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
    if open_ones and not snapshot.totals.complete:
        names = ", ".join(verdict.budget.metric.name for verdict in open_ones)
        say(f"{names}: not proven; the network has layers that are not known here, so its totals are at least what is "
            "shown")  # fmt: skip
        ctx.exit(1)
    if open_ones:
        free = sorted(frozenset[str]().union(*(symbols(verdict.value) for verdict in open_ones)))
        names = ", ".join(verdict.budget.metric.name for verdict in open_ones)
        say(f"{names}: depends on {', '.join(free)}; give a value with " +
            " ".join(f"--set {name}=..." for name in free))  # fmt: skip
        ctx.exit(1)


def _budgets(snapshot: Snapshot, given: Sequence[Budget], device: str | None) -> list[Budget]:
    from tui.core.metric import METRICS
    from tui.formats.budget import DEVICE, budgets_of

    entries = dict(snapshot.facts.budgets)
    if device is not None:
        # What the file says of another device, or of the same, is not what is asked now.
        entries = {DEVICE: device}
    found = {budget.metric.name: budget for budget in [*budgets_of(entries.items()), *given]}
    return [found[name] for name in METRICS if name in found]


def _lines(snapshot: Snapshot, verdict: Verdict, paint: Callable[[str, str], str]) -> list[str]:
    from tui.formats.escape import visible
    from tui.formats.verdicts import sentence, worst_text

    head, _, word = visible(sentence(snapshot, verdict)).rpartition(": ")
    lines = [f"{head}: {paint(word, STYLES[verdict.holds])}"]
    if verdict.holds is False:
        lines += [f"  {visible(worst_text(snapshot, verdict, row))}" for row in verdict.worst]
    return lines


def _list() -> None:
    from tui.cli.terminal import put, wrapped
    from tui.formats.budget import print_budgets
    from tui.formats.devices import devices

    for device in devices().values():
        limits = print_budgets(device.limits.items()).removeprefix("budget ")
        put(wrapped(f"{device.name:20} {device.title}: {limits}", 21) + wrapped(f"{'':20} {device.source}", 21))
