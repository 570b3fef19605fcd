"""The command ``layersheet``: data on stdout, talk on stderr.

Modules of this package import click and nothing else at their top; what reads, computes and draws is
imported by the command that needs it, so that ``--help`` and completion stay quick.

Exit codes: 0 fine, 1 the network has errors, 2 usage or an unreadable file, 3 over budget, 130 interrupted.
"""

from __future__ import annotations

from tui.cli.catalogue import kinds, presets
from tui.cli.chart import chart
from tui.cli.check import check
from tui.cli.compare import compare
from tui.cli.convert import convert
from tui.cli.diagram import diagram
from tui.cli.explain import explain
from tui.cli.group import Layersheet, group
from tui.cli.machine import completions, info
from tui.cli.opening import open_screen
from tui.cli.practice import practice
from tui.cli.shot import screenshot
from tui.cli.show import show
from tui.cli.solve import solve
from tui.cli.sweep import sweep

for _command in (
    show, explain, diagram, chart, check, solve, sweep, compare, practice, convert, presets, kinds, screenshot, info,
    completions,
):  # fmt: skip
    group.add_command(_command)
group.add_command(open_screen)
group.default = open_screen

main: Layersheet = group
"""The entry point of the script, and the command that tests run."""
