"""What a version of the network comes to, in a few words: the previews of the dialogs."""

from __future__ import annotations

from tui.core.size import Size
from tui.core.snapshot import Snapshot
from tui.formats.columns import COLUMNS, MARKS, count_text, out_text, status_text

SHOWN = ("params", "macs")


def totals_text(snapshot: Snapshot) -> str:
    """The totals of a network, with a sign that they are lower bounds where something is unknown."""
    totals = snapshot.totals
    least = "" if totals.complete else ">= "

    def said(title: str, size: Size, unit: str = "") -> str:
        return f"{title} {least}{count_text(size)}{unit}"

    return " | ".join(
        (said("params", totals.params), said("MACs", totals.macs), said("peak", snapshot.peak.bytes, " B"))
    )


def layer_text(snapshot: Snapshot, row: int) -> tuple[str, bool]:
    """What a line of the network comes to, and whether that is an error."""
    line, result = snapshot.lines[row], snapshot.result(row)
    if line.off:
        return "skipped: the layers below read the one above it", False
    if line.error is not None:
        return line.error.message, True
    if result is None:
        return "no layer: nothing is computed", False
    if not result.outputs and result.status != "opaque":
        failed = f"\n{result.failed}" if result.failed else ""
        return status_text(snapshot, row, result).removeprefix("! ") + failed, result.status == "error"
    counts = "  ".join(f"{COLUMNS[key].title} {COLUMNS[key].cell(snapshot, row, result)}" for key in SHOWN)
    warning = f"\n{MARKS.get(result.status, '?')} {result.message}" if result.message else ""
    return f"out {out_text(result)}  {counts}{warning}", False
