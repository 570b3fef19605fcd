"""Copies of what read source made: ``copy.deepcopy`` of a module is another module of the same form."""

from __future__ import annotations

from typing import Any

from tui.formats.python.values import MISSING, Instance, is_host


def copied(value: Any, seen: dict[int, Any] | None = None) -> Any:
    """A deep copy; functions, classes and whatever has no parts stay what they are."""
    seen = {} if seen is None else seen
    if id(value) in seen:
        return seen[id(value)]
    if isinstance(value, Instance):
        twin = seen[id(value)] = Instance(value.of)
        twin.attributes.update({name: copied(one, seen) for name, one in value.attributes.items()})
        return twin
    if isinstance(value, list):
        return [copied(one, seen) for one in value]
    if isinstance(value, tuple):
        return tuple(copied(one, seen) for one in value)
    if isinstance(value, dict):
        return {key: copied(one, seen) for key, one in value.items()}
    if is_host(value):
        twin = value.method("__deepcopy__", [seen], {}, 0)
        return value if twin is MISSING else twin
    return value
