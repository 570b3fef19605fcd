"""What layersheet itself says above the PyTorch modules that it writes: the names of the inputs, and their symbols.

The run at the end of such a file has made-up numbers for the symbols. They are put back where the run is still the
one that was written; where somebody changed it, the numbers are theirs and stay.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from io import StringIO
from tokenize import COMMENT, generate_tokens
from typing import Any, Final, NamedTuple

from tui.core.errors import LayersheetError
from tui.core.expression import parse_size
from tui.core.size import Poly, Size, SizeError, bind, symbols

_TITLE: Final = re.compile(r".* as a PyTorch module, written by layersheet\.")
_INPUT: Final = re.compile(r"Input (\S+): \((.*)\)")

_NOTE: Final = re.compile(r"# ([\w.]+): ")

Shapes = Sequence[tuple[list[Any], str]]
"""Whole shapes with their types."""


class Stated(NamedTuple):
    """The inputs as they were before the run had numbers for them; ``symbols`` are those of the constructor."""

    names: list[str]
    shapes: list[tuple[list[Any], str]]
    symbols: frozenset[str]


def stated(tree: ast.Module, class_name: str, shapes: Shapes) -> Stated | None:
    """What the head of a written module says of the inputs of the run; None where it says nothing that fits."""
    found = list(_inputs(ast.get_docstring(tree) or ""))
    if not found or len(found) != len(shapes):
        return None
    given = _constructed(tree, class_name)
    values: dict[str, Size] = dict(given)
    try:
        sizes = [_sizes(words, shape, values) for (_, words), (shape, _) in zip(found, shapes, strict=True)]
        if any(bind(size, values) != number for pairs in sizes for size, number in pairs):
            return None
    except (LayersheetError, SizeError, ArithmeticError):
        return None
    names = [name for name, _ in found]
    if len(set(values.values())) > 1:  # the run that was written has one number for all symbols
        return Stated(names, list(shapes), frozenset())
    whole = [([size for size, _ in pairs], dtype) for pairs, (_, dtype) in zip(sizes, shapes, strict=True)]
    return Stated(names, whole, frozenset(given))


def is_written(tree: ast.Module) -> bool:
    """Whether the head of a module says that layersheet wrote it."""
    return _TITLE.fullmatch((ast.get_docstring(tree) or "").split("\n")[0]) is not None


def named_in_notes(tree: ast.Module, text: str, made: Mapping[str, tuple[int, str]]) -> dict[str, str]:
    """The names of layers that are no modules, which stand in the notes of their statements (``# sum: 16x8x8``).

    ``made`` has for each line of a function the line of the source and the path of the module that it stands in.
    Gives the new name of each line: of several in one statement the last is the layer.
    """
    notes = {
        token.start[0]: match[1]
        for token in generate_tokens(StringIO(text).readline)
        if token.type == COMMENT and (match := _NOTE.match(token.string))
    }
    spans = [node for node in ast.walk(tree) if isinstance(node, ast.Assign) and node.end_lineno in notes]
    of_line = {
        number: notes[node.end_lineno]
        for node in spans
        if node.end_lineno is not None
        for number in range(node.lineno, node.end_lineno + 1)
    }
    last = {(place, of_line[line]): name for name, (line, place) in made.items() if line in of_line}
    return {old: f"{place}.{name}" if place else name for (place, name), old in last.items()}


def _inputs(text: str) -> Iterator[tuple[str, list[str]]]:
    lines = text.split("\n")
    if not _TITLE.fullmatch(lines[0]):
        return
    for line in lines[1:]:
        match = _INPUT.fullmatch(line)
        if match:
            yield match[1], [word for part in match[2].split(", ") if (word := part.strip().rstrip(","))]


def _sizes(words: Sequence[str], shape: Sequence[Any], values: dict[str, Size]) -> list[tuple[Size, Any]]:
    """Each size with the number that the run has for it; what symbols are only inputs have goes to ``values``."""
    if len(words) != len(shape):
        raise SizeError("another number of axes")
    pairs: list[tuple[Size, Any]] = []
    for place, (word, number) in enumerate(zip(words, shape, strict=True)):
        size: Size = number if place == 0 and word == "N" else parse_size(word)
        free = symbols(size) - values.keys()
        if isinstance(size, Poly) and len(free) == 1 and word in free:
            values[word] = number
        pairs.append((size, number))
    return pairs


def _constructed(tree: ast.Module, class_name: str) -> dict[str, int]:
    """The numbers that the run gives to the constructor by name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == class_name:
            return {
                keyword.arg: keyword.value.value
                for keyword in node.keywords
                if keyword.arg and isinstance(keyword.value, ast.Constant) and type(keyword.value.value) is int
            }
    return {}
