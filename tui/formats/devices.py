"""Devices with the memory that they have: data files, each profile with its source."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from tui.core.errors import FileError, did_you_mean, or_list
from tui.formats.quantity import parse_quantity

_FOLDER: Final = Path(__file__).parents[1] / "devices"


class Device(NamedTuple):
    """A device: its name for files and commands, its title, and its limits in bytes by their metrics."""

    name: str
    title: str
    family: str
    source: str
    limits: Mapping[str, int]


@cache
def devices() -> dict[str, Device]:
    """All devices by name, family by family."""
    import tomllib  # not for the start: 10 ms

    found = {}
    for path in sorted(_FOLDER.glob("*.toml"), key=lambda path: ("microcontrollers phones gpus".find(path.stem), path)):
        for name, entry in tomllib.loads(path.read_text("utf-8")).items():
            texts = {key: str(value) for key, value in entry.items()}
            title, source = texts.pop("title"), texts.pop("source")
            limits = {key: parse_quantity(value, in_bytes=True) for key, value in texts.items()}
            found[name] = Device(name, title, path.stem, source, limits)
    return found


def device_named(name: str) -> Device:
    """The device of a name; raises FileError with the names that there are."""
    found = devices().get(name.lower())
    if found is None:
        near = did_you_mean(name, devices())
        hint = f"did you mean {or_list(near)}?" if near else f"there are {', '.join(devices())}"
        raise FileError(f"no device is called {name!r}; {hint}")
    return found
