"""Who is at the ends of the standard streams."""

from __future__ import annotations

import os
import sys


def is_dumb() -> bool:
    """Whether the terminal says that it cannot move its cursor."""
    return os.environ.get("TERM") == "dumb"


def interactive() -> bool:
    """Whether a person sits at both ends; nobody does where one is closed."""
    ends = sys.stdin, sys.stdout
    return all(end is not None and end.isatty() for end in ends)
