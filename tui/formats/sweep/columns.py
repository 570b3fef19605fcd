"""The quickest columns that are installed here."""

from __future__ import annotations

from tui.core.sweep_columns import Columns, Lists


def quickest() -> Columns:
    """NumPy's where it is installed (the extra ``sweep``), else lists."""
    try:
        from tui.formats.sweep.with_numpy import Arrays
    except ImportError:
        return Lists()
    return Arrays()
