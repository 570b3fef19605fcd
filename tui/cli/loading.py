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
from tui.formats.document import MAX_BYTES, parse_document
from tui.formats.escape import visible
from tui.formats.imported import Notice, Progress, unwatched
from tui.formats.line import parse_line, with_args
from tui.formats.presets import presets
from tui.formats.readers import MAX_MODEL, READERS, WORDS, read_data, read_file


class Network(NamedTuple):
    """A loaded network: its name, where it comes from (for messages), and its results."""

    name: str
    place: str
    snapshot: Snapshot
    notices: tuple[Notice, ...] = ()


class Source(NamedTuple):
    """What was read: its name, where it comes from (for messages), its lines, and what they do not say as it did."""

    name: str
    place: str
    lines: list[Line]
    notices: tuple[Notice, ...] = ()


def read(word: str, commands: Sequence[str] = (), fmt: str | None = None, progress: Progress = unwatched) -> Source:
    """The lines of ``-`` (stdin), of a file, or of a preset where there is no such file; raises FileError.

    ``commands`` are words that may have been meant instead; ``fmt`` is the format (of ``readers.WORDS``)
    where no suffix says it.
    """
    if word == "-":
        suffix = WORDS[fmt] if fmt is not None else ""
        most = MAX_MODEL if suffix in READERS else MAX_BYTES
        data = sys.stdin.buffer.read(most + 1)
        if len(data) > most:
            raise FileError(f"stdin has more than {most:,} bytes, the most that is read")
        made = read_data(data, "stdin", suffix, progress)
        return Source("stdin", "<stdin>", made.lines, made.notices)
    path = Path(word)
    found = None if _exists(path) else presets().get(word.lower())
    if found is not None:
        return Source(found.name, found.name, parse_document(found.text))
    if _exists(path) or path.suffix:
        made = read_file(path, progress, fmt)
        return Source(path.stem or word, word, made.lines, made.notices)
    near = did_you_mean(word, [*presets(), *commands])
    hint = f"; did you mean {or_list(near)}?" if near else "; layersheet presets lists the presets"
    raise FileError(f"no file{', preset or command' if commands else ' or preset'} is called {word!r}{hint}")


def _exists(path: Path) -> bool:
    try:
        return path.exists() or path.is_symlink()
    except (OSError, ValueError):
        return True  # reading it will say why not


def read_factory(factory: str, shapes: str | None, python: str | None) -> Source:
    """The lines of what the user's own code makes, run in another process; raises FileError.

    ``shapes`` are those of the inputs, without the batch, with commas between several: ``3x32x32,10:int64``.
    """
    from tui.formats.factory import from_factory

    made = from_factory(factory, shapes.split(",") if shapes else (), python=python)
    return Source(factory.rpartition(":")[2], factory, made.lines, made.notices)


def load(word: str, overrides: Overrides = NONE, fmt: str | None = None, progress: Progress = unwatched) -> Network:
    """The network of a word with what the command line says instead; raises as :func:`read`, and Failure."""
    return with_overrides(read(word, fmt=fmt, progress=progress), overrides)


def with_overrides(source: Source, overrides: Overrides) -> Network:
    """The network of what was read, with what the command line says instead; raises Failure."""
    if overrides.shape is not None:
        _replace_input(source.lines, overrides.shape)
    return overridden(source, overrides)


def overridden(source: Source, overrides: Overrides) -> Network:
    """A network with the settings and symbols of the command line; raises Failure."""
    name, place, lines, notices = source
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
    return Network(name, place, Snapshot.of([*lines, *extra]), notices)


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
