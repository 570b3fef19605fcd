"""The networks that come with the program: one ``.layers`` file each, whose first two comments are title and source."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from tui.core.errors import FileError, did_you_mean, or_list

FIRST: Final = "worked-example"
"""The preset that opens when nothing else is asked for."""
_SUFFIX: Final = ".layers"
# importlib.resources would find it in a zip too, for 5 ms of every start.
_FOLDER: Final = Path(__file__).parents[1] / "presets"


class Preset(NamedTuple):
    """One preset; ``text`` is the whole file."""

    name: str
    title: str
    source: str
    text: str


@cache
def _names() -> tuple[str, ...]:
    """The worked example first."""
    names = (entry.removesuffix(_SUFFIX) for entry in os.listdir(_FOLDER) if entry.endswith(_SUFFIX))
    return tuple(sorted(names, key=lambda name: (name != FIRST, name)))


@cache
def presets() -> dict[str, Preset]:
    """All presets by name, the worked example first."""
    return {name: _read(name) for name in _names()}


def preset(name: str) -> Preset:
    """The preset of a name, read alone; raises FileError with the names that there are."""
    if (known := name.lower()) in _names():
        return _read(known)
    near = did_you_mean(name, _names())
    raise FileError(f"no preset is called {name!r}; " + (f"did you mean {or_list(near)}?" if near else
                    f"there are {', '.join(_names())}"))  # fmt: skip


@cache
def _read(name: str) -> Preset:
    text = (_FOLDER / f"{name}{_SUFFIX}").read_text("utf-8")
    comments = [line.removeprefix("#").strip() for line in text.split("\n") if line.startswith("#")]
    title, source = (*comments, name, "")[:2]
    return Preset(name, title, source.removeprefix("Source:").strip(), text)
