"""From a word on the command line to a network with its results."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tui.cli.group import Failure
from tui.cli.options import NONE, Overrides
from tui.core.errors import FileError, ParseError, did_you_mean, or_list
from tui.core.expression import is_name
from tui.core.network import Line
from tui.core.settings import SETTINGS
from tui.core.snapshot import Snapshot
from tui.formats.document import MAX_BYTES, decode, parse_document
from tui.formats.escape import visible
from tui.formats.line import parse_line, with_args
from tui.formats.presets import presets
from tui.formats.readers import load_lines


class Network(NamedTuple):
    """A loaded network: its name, where it comes from (for messages), and its results."""

    name: str
    place: str
    snapshot: Snapshot


class Source(NamedTuple):
    """What was read: its name, where it comes from (for messages), and its lines."""

    name: str
    place: str
    lines: list[Line]


def read(word: str, commands: Sequence[str] = ()) -> Source:
    """The lines of ``-`` (stdin), of a file, or of a preset where there is no such file; raises FileError.

    ``commands`` are words that may have been meant instead.
    """
    if word == "-":
        return Source("stdin", "<stdin>", parse_document(decode(sys.stdin.buffer.read(MAX_BYTES + 1), "stdin")))
    path = Path(word)
    found = None if _exists(path) else presets().get(word.lower())
    if found is not None:
        return Source(found.name, found.name, parse_document(found.text))
    if _exists(path) or path.suffix:
        return Source(path.stem or word, word, load_lines(path))
    near = did_you_mean(word, [*presets(), *commands])
    hint = f"; did you mean {or_list(near)}?" if near else ""
    raise FileError(f"no file{', preset or command' if commands else ' or preset'} is called {word!r}{hint}")


def _exists(path: Path) -> bool:
    try:
        return path.exists() or path.is_symlink()
    except (OSError, ValueError):
        return True  # reading it will say why not


def load(word: str, overrides: Overrides = NONE) -> Network:
    """The network of a word with what the command line says instead; raises Failure or FileError."""
    name, place, lines = read(word)
    if overrides.shape is not None:
        _replace_input(lines, overrides.shape)
    # Of two lines for one thing the last holds; at the end they leave the line numbers of messages alone.
    extra = [_override(one) for one in overrides.sets]
    used = frozenset[str]().union(*(line.spec.symbols() for line in lines if line.spec is not None))
    used |= frozenset().union(
        *(SETTINGS[name].type.symbols(value) for line in lines for name, value in line.setting or ())
    )
    used |= frozenset(line.binding[0] for line in lines if line.binding is not None)
    for line in extra:
        if line.binding is not None and line.binding[0] not in used:
            known = f"; its symbols: {', '.join(sorted(used))}" if used else "; it has no symbols"
            raise Failure(f"--set {line.binding[0]}: {visible(place)} has no such symbol{known}")
    return Network(name, place, Snapshot.of([*lines, *extra]))


def _override(word: str) -> Line:
    name, equals, value = (part.strip() for part in word.partition("="))
    if not equals or not (name in SETTINGS or is_name(name)):
        raise Failure(f"--set {visible(word)}: write a symbol or setting and its value, such as n=10 or batch=8")
    line = parse_line(f"set {name}={value}" if name in SETTINGS else f"let {name} = {value}")
    if line.error is not None:
        raise Failure(f"--set {visible(word)}: {visible(line.error.message)}")
    return line


def _replace_input(lines: list[Line], shape: str) -> None:
    for row, line in enumerate(lines):
        if line.spec is not None and not line.off and line.spec.kind.name == "input":
            try:
                value = line.spec.kind.by_name["shape"].type.parse(shape)
            except ParseError as error:
                raise Failure(f"--input {visible(shape)}: {visible(error.message)}") from None
            lines[row] = parse_line(with_args(line, {"shape": value}))
            return
    raise Failure("--input: the network has no input line to replace")
