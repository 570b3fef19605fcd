"""Kinds that differ from a base in nothing but their names and arguments: one line each."""

from __future__ import annotations

from typing import Any

from tui.core.argument import Arg
from tui.core.kind import Kind


def variant(
    base: type[Kind], name: str, summary: str, *aliases: str, args: tuple[Arg, ...] | None = None, example: str = ""
) -> type[Kind]:
    """A kind with the rules of ``base``, in the family of ``base``; ``args`` replace those of the base."""
    body: dict[str, Any] = {
        "__module__": base.__module__,
        "name": name,
        "summary": summary,
        "example": example or name,
        "aliases": dict.fromkeys(aliases),
    }
    if args is not None:
        body["args"] = args
    return type(name.capitalize(), (base,), body)
