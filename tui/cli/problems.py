"""What is wrong with a network, said on stderr: the place, the line with a caret, the reason and a way out."""

from __future__ import annotations

import sys
from typing import Final

from tui.cli import terminal
from tui.cli.loading import Network
from tui.cli.terminal import painter, say
from tui.core.errors import ParseError
from tui.core.result import Result
from tui.formats.escape import visible
from tui.formats.excerpt import excerpt
from tui.formats.symbol_facts import unbound

MOST: Final = 20
WIDTH: Final = 100
NARROWEST: Final = 20
WORDS: Final = 8


def report(network: Network) -> bool:
    """Say what is wrong; True where the network has an error, or layers that wait for what is not known."""
    snapshot, paint = network.snapshot, painter(sys.stderr)
    said = wrong = 0
    place = visible(network.place)
    for row, why in unbound(snapshot).items():
        say(f"{place}:{row + 1}: {paint('warning', 'warning')}: {visible(why)}")
    for row in snapshot.shown:
        result = snapshot.result(row)
        if result is not None and result.status == "waiting":
            wrong += 1
        if result is None or result.message is None:
            continue
        error = result.status == "error"
        wrong += error
        said += 1
        if said > MOST:
            continue
        grade = paint("warning" if result.status == "ok" else result.status, "error" if error else "warning")
        say("\n".join([f"{place}:{row + 1}: {grade}: {visible(result.message)}", *details(network, row, result)]))
    if said > MOST:
        say(f"{place}: and {said - MOST:,} more remarks like these")
    if not any(line.is_layer for line in snapshot.lines):
        say(f"{place}: no layers; start with an input line, such as input 28x28x1")
    return bool(wrong)


def unread(network: Network) -> bool:
    """Say what does not read, which no value of a symbol mends; True where there is such a line."""
    return any(line.error is not None for line in network.snapshot.lines) and report(network)


def details(network: Network, row: int, result: Result) -> list[str]:
    """The lines below a message: the text with its caret or its failed sum, and what would do instead."""
    line = network.snapshot.lines[row]
    if line.error is not None:
        cells = terminal.width(sys.stderr) or WIDTH
        lines = excerpt(line.text, line.error.span, max(min(cells - 8, WIDTH), NARROWEST))
        return [*(f"    {shown}" for shown in lines), *_expected(line.error)]
    if result.status != "error":
        return []
    shown = [f"    {visible(line.code)}"]
    if result.failed:
        shown.append(f"    {visible(result.failed)}")
    if result.fixes:
        shown.append(f"    fix: {'; '.join(visible(fix.label) for fix in result.fixes)}")
    return shown


def _expected(error: ParseError) -> list[str]:
    words = list(dict.fromkeys(error.expected))
    if not words:
        return []
    shown = words if len(words) <= WORDS + 1 else words[:WORDS]  # "and 1 more" would be no shorter
    more = f", and {len(words) - len(shown)} more" if len(words) > len(shown) else ""
    return [f"    expected: {', '.join(map(visible, shown))}{more}"]
