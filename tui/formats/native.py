"""The writers of what is our own: the list of layers, and the table for papers and other programs."""

from __future__ import annotations

from tui.core.snapshot import Snapshot
from tui.formats.columns import columns_called
from tui.formats.document import print_document
from tui.formats.exported import Written
from tui.formats.imported import Progress
from tui.formats.table import as_csv, as_latex, as_markdown


def write_layers(snapshot: Snapshot, _name: str, _progress: Progress) -> Written:
    """The lines as they stand, errors included."""
    return Written(print_document(snapshot.lines).encode())


def write_markdown(snapshot: Snapshot, _name: str, _progress: Progress) -> Written:
    """The standard columns as a Markdown table."""
    return Written(as_markdown(snapshot).encode())


def write_csv(snapshot: Snapshot, _name: str, _progress: Progress) -> Written:
    """Every column as comma-separated values."""
    return Written(as_csv(snapshot, columns_called("all")).encode())


def write_latex(snapshot: Snapshot, _name: str, _progress: Progress) -> Written:
    """The standard columns as a LaTeX table."""
    return Written(as_latex(snapshot, columns_called("standard")).encode())
