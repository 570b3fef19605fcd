"""The lines around the lists: title, totals, symbols, hints; and the working of the cell under the cursor."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from rich.cells import cell_len
from rich.text import Text

from tui.core.measure import Peak, Totals
from tui.core.settings import Settings
from tui.core.size import Size, text
from tui.core.validity import Condition, bounds_of
from tui.formats.columns import brief_text, count_text
from tui.formats.escape import visible
from tui.ui.actions import ACTIONS, key_name

MOST_BYTES: Final = 40
"""A longer peak leaves no room for the symbols beside it."""
_FOLDERS: Final = re.compile(r"(?:/[^/\s:]+)+/(?=[^/\s])")


def title_text(name: str, settings: Settings, unsaved: bool, steps: int, width: int) -> Text:
    """The title line: the file, the conventions that the numbers follow, and the undo steps."""
    left = Text().append(f" {visible(name)}", style="bold")
    if unsaved:
        left.append(" (unsaved)", style="italic")
    parts = [
        "NHWC" if settings.channels_last else "NCHW",
        "bias" if settings.bias else "no bias",
        settings.dtype,
        f"counts as {settings.counting}",
        f"undo {steps}",
    ]
    if settings.batch != 1:
        parts.insert(0, f"batch {text(settings.batch)}")
    while parts and cell_len("  ".join(parts)) + left.cell_len + 2 > width:
        parts.pop()
    right = "  ".join(parts)
    gap = max(width - left.cell_len - cell_len(right) - 1, 1)
    return left.append(" " * gap + right)


def message_text(message: str, error: bool, width: int) -> Text:
    """A message; where the line does not hold it, paths lose their folders, so that what happened is still read."""
    shown = f" {'! ' if error else ''}{visible(message)}"
    if cell_len(shown) > width:
        shown = _FOLDERS.sub("…/", shown)
    return Text(shown, style="bold" if error else "")


def totals_text(totals: Totals, width: int) -> Text:
    """The totals line; lower bounds are marked with ``>=``."""
    sign = "" if totals.complete else ">= "
    line = Text().append(" TOTAL", style="bold")
    parts = [f"params {sign}{count_text(totals.params)}", f"MACs {sign}{count_text(totals.macs)}"]
    if totals.non_trainable != 0:
        parts.insert(1, f"trainable {sign}{count_text(totals.trainable)}")
    if totals.buffers != 0:
        parts.append(f"buffers {sign}{count_text(totals.buffers)}")
    parts.append(f"FLOPs {sign}{count_text(totals.flops)}")
    parts.append(f"element-wise {sign}{count_text(totals.elementwise)}")
    while len(parts) > 1 and line.cell_len + 2 + cell_len(" | ".join(parts)) > width:
        parts.pop()
    return line.append("  " + " | ".join(parts))


def memory_text(totals: Totals, peak: Peak, number: int | None) -> str:
    """The memory that the network needs: its weights, and the most that activations need at once."""
    sign = "" if totals.complete else ">= "
    at = f" at #{number}" if number is not None and peak.bytes != 0 else ""
    return f"peak {sign}{brief_text(peak.bytes, MOST_BYTES)} B{at} | weights {sign}{count_text(totals.weight_bytes)} B"


def symbols_text(symbols: dict[str, Size | None], conditions: Sequence[Condition], memory: str, width: int) -> Text:
    """The symbols with their values, a free one with the key that binds it, and what must hold between them;
    the memory at the right, as much of it as fits."""
    line = Text(" ")
    free = False
    bounds = bounds_of(conditions)
    for name, value in symbols.items():
        bound = f" (>= {bounds[name]})" if name in bounds else ""
        shown = f"{visible(name)} = {'?' if value is None else text(value)}{bound}"
        if line.cell_len + len(shown) > width // 2:
            line.append("…")
            break
        line.append(shown, style="bold").append("  ")
        free = free or value is None
    if free:
        line.append("(b binds)", style="dim")
    for condition in conditions:
        if condition.symbol is None and line.cell_len + len(condition.text) + 3 <= width:
            line.append(f"  ? {visible(condition.text)}")
    while memory and line.cell_len + cell_len(memory) + 2 > width:
        memory = memory.rpartition(" | ")[0]
    return line.append(" " * max(width - line.cell_len - cell_len(memory) - 1, 1) + memory)


HINT_ORDER = ("edit", "add_below", "delete", "undo", "bind", "fix", "help")
HINT_SPARE = ("bind", "undo", "delete", "add_below", "fix", "edit")
"""What gives way first where the line is short; the page of keys, which has all others, never does."""
EDITING_KEYS = (
    ("Enter", "Keep"),
    ("Esc", "As before"),
    ("Tab", "Complete"),
    ("Up/Down", "Choose"),
    ("Ctrl+U", "Clear"),
)


@lru_cache(maxsize=8)
def hint_text(width: int, fixable: bool) -> Text:
    """The hint line: the commonest keys, as many as fit. One text for all that ask: it is not to be changed."""
    tail = "^p Commands "
    known = sorted((a for a in ACTIONS if a.hint), key=lambda a: HINT_ORDER.index(a.id))
    shown = {a.id: (key_name(a.keys[0]), a.hint) for a in known if fixable or a.id != "fix"}
    for spare in HINT_SPARE:
        if sum(cell_len(key) + cell_len(hint) + 3 for key, hint in shown.values()) + 1 + len(tail) <= width:
            break
        shown.pop(spare, None)
    line = Text(" ")
    for action, (key, hint) in shown.items():
        line.append(key, style="bold reverse" if action == "fix" else "bold").append(f" {hint}  ")
    gap = width - line.cell_len - len(tail)
    return line.append(" " * gap + tail, style="dim") if gap > 0 else line


def editing_hint(width: int) -> Text:
    """The hint line while a line is edited: the keys of its field."""
    line = Text(" ")
    for name, word in EDITING_KEYS:
        if line.cell_len + len(name) + len(word) + 3 > width:
            break
        line.append(name, style="bold").append(f" {word}  ")
    return line
