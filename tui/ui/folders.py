"""Folders to begin in, where even that of the program may have been removed under it."""

from __future__ import annotations

from pathlib import Path


def working_folder() -> Path:
    """The folder of the program, or the user's own where that is gone."""
    try:
        return Path.cwd()
    except OSError:
        return Path.home()


def beside(folder: Path | None, document: str, ending: str) -> Path:
    """The path to offer for a file about a document: ``ending`` behind its name, in its folder."""
    return (folder or working_folder()) / f"{Path(document or 'network').stem}{ending}"


def absolute(path: Path) -> Path:
    """The path from the root on, so that it means the same from any folder."""
    return path if path.is_absolute() else working_folder() / path
