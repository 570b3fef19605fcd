"""The writers of what is our own: the list of layers, and the table for papers and other programs."""

from __future__ import annotations

from tui.core.snapshot import Snapshot
from tui.formats import worked, worked_latex
from tui.formats.columns import columns_called
from tui.formats.document import print_document
from tui.formats.exported import Written
from tui.formats.imported import Progress
from tui.formats.record import as_json
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


def write_record(snapshot: Snapshot, name: str, _progress: Progress) -> Written:
    """The record that ``show --json`` gives."""
    return Written((as_json(snapshot, name) + "\n").encode())


def write_diagram(snapshot: Snapshot, name: str, _progress: Progress) -> Written:
    """The block diagram as an SVG picture."""
    from tui.formats.diagram.model import picture_of
    from tui.formats.diagram.svg import as_svg

    return Written(as_svg(picture_of(snapshot, name)).encode())


def write_solution_markdown(snapshot: Snapshot, _name: str, _progress: Progress) -> Written:
    """The worked solution in Markdown."""
    return Written(worked.as_markdown(snapshot).encode())


def write_solution_latex(snapshot: Snapshot, _name: str, _progress: Progress) -> Written:
    """The worked solution in LaTeX."""
    return Written(worked_latex.as_latex(snapshot).encode())
