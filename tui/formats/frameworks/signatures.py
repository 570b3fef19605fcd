"""Signatures of classes and functions as tables of text."""

from __future__ import annotations


def signatures(table: str) -> dict[str, tuple[str, ...]]:
    """The arguments by name, from lines of names, a colon, and the arguments that all of them take in this order."""
    return {
        name: tuple(arguments.split())
        for names, _, arguments in (line.partition(":") for line in table.strip().split("\n"))
        for name in names.split()
    }
