"""What a half-typed path may stand for: the folder it is in and the entries that begin so."""

from __future__ import annotations

import os
from collections.abc import Sequence
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple

# A folder of a hundred thousand files is not read to its end to show twenty rows.
MOST_ENTRIES = 5_000


class Place(NamedTuple):
    """One entry of a folder."""

    name: str
    folder: bool
    bytes: int | None = None


class Listing(NamedTuple):
    """The entries for a typed path, folders first; ``error`` says why there are none."""

    folder: Path
    begun: str
    places: tuple[Place, ...] = ()
    error: str | None = None
    more: bool = False


def split_path(typed: str) -> tuple[Path, str]:
    """The folder that a typed path is in, and the beginning of a name after it."""
    head, _, begun = typed.rpartition("/") if os.sep == "/" else typed.replace("\\", "/").rpartition("/")
    folder = head + "/" if head or typed.startswith("/") else "."
    try:
        return Path(folder).expanduser(), begun
    except RuntimeError:  # ~nobody
        return Path(folder), begun


def listing(typed: str, suffixes: Sequence[str] | None) -> Listing:
    """The entries whose names begin as typed (upper and lower case alike).

    Files are kept if they end in one of ``suffixes`` (None: all files); hidden entries only if a dot is typed.
    """
    folder, begun = split_path(typed)
    places, more = [], False
    try:
        with os.scandir(folder) as entries:
            for count, entry in enumerate(entries):
                if count >= MOST_ENTRIES:
                    more = True
                    break
                name = entry.name
                if not name.casefold().startswith(begun.casefold()) or (name.startswith(".") and begun[:1] != "."):
                    continue
                if _is_folder(entry):
                    places.append(Place(name, True))
                elif suffixes is None or name.casefold().endswith(tuple(suffixes)):
                    places.append(Place(name, False, _size(entry)))
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        return Listing(folder, begun, error=f"{folder}: {reason}")
    places.sort(key=lambda place: (not place.folder, place.name.casefold()))
    return Listing(folder, begun, tuple(places), None, more)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _size(entry: os.DirEntry[str]) -> int | None:
    try:
        return entry.stat().st_size
    except OSError:
        return None


def completed(found: Listing) -> str:
    """The longest beginning that all entries share, at least what is typed; one folder alone gets its slash."""
    if not found.places:
        return found.begun
    names = [place.name for place in found.places]
    shared = len(names[0])
    for name in names[1:]:
        same = (a.casefold() == b.casefold() for a, b in zip(names[0][:shared], name, strict=False))
        shared = sum(takewhile(bool, same))
    return names[0][:shared] + ("/" if len(names) == 1 and found.places[0].folder else "")
