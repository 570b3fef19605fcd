"""The networks that come with the program: one ``.layers`` file each, whose first two comments are title and source."""

from __future__ import annotations

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
def presets() -> dict[str, Preset]:
    """All presets by name, the worked example first."""
    found = [_read(entry.stem, entry.read_text("utf-8")) for entry in _FOLDER.iterdir() if entry.suffix == _SUFFIX]
    return {p.name: p for p in sorted(found, key=lambda p: (p.name != FIRST, p.name))}


def preset(name: str) -> Preset:
    """The preset of a name; raises FileError with the names that there are."""
    found = presets().get(name.lower())
    if found is None:
        near = did_you_mean(name, presets())
        raise FileError(f"no preset is called {name!r}; " + (f"did you mean {or_list(near)}?" if near else
                        f"there are {', '.join(presets())}"))  # fmt: skip
    return found


def _read(name: str, text: str) -> Preset:
    comments = [line.removeprefix("#").strip() for line in text.split("\n") if line.startswith("#")]
    title, source = (*comments, name, "")[:2]
    return Preset(name, title, source.removeprefix("Source:").strip(), text)
