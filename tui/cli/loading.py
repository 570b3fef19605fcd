"""From a word on the command line to a network with its results."""

from __future__ import annotations

import sys
from collections.abc import Container, Sequence
from pathlib import Path
from typing import NamedTuple

import click

from tui.cli.group import Failure
from tui.cli.options import NONE, Overrides
from tui.core.argument import Whole
from tui.core.errors import FileError, ParseError, did_you_mean, or_list
from tui.core.expression import is_name
from tui.core.network import Line, facts_of, free_symbols
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
        if sys.stdin.isatty():
            click.echo("reading from the keyboard: one layer a line, Ctrl+D at the end", err=True)
        data = sys.stdin.buffer.read(most + 1)
        if len(data) > most:
            raise FileError(f"stdin has more than {most:,} bytes, the most that is read")
        if not suffix and data.lstrip().startswith(b"{"):  # no line of a list starts so
            suffix = WORDS["json"]
        made = read_data(data, "stdin", suffix, progress)
        return Source("stdin", "<stdin>", made.lines, made.notices)
    path = Path(word)
    found = None if _exists(path) else presets().get(word.lower())
    if found is not None:
        return Source(found.name, found.name, parse_document(found.text))
    if word and (_exists(path) or (path.suffix and not did_you_mean(word, presets()))):
        made = read_file(path, progress, fmt)
        return Source(path.stem or word, word, made.lines, made.notices)
    raise unknown(word, commands)


def unknown(word: str, commands: Sequence[str] = ()) -> FileError:
    """What is said of a word that is neither a file nor a preset, nor one of the ``commands`` that it could be."""
    near = did_you_mean(word, [*presets(), *commands])
    lists = "layersheet presets lists the presets"
    if commands:
        lists = f"layersheet --help lists the commands, {lists}"
    hint = f"did you mean {or_list(near)}?" if near else lists
    return FileError(f"no file{', preset or command' if commands else ' or preset'} is called {word!r}; {hint}")


def is_network(word: str) -> bool:
    """Whether a word is meant as a network: stdin, something that exists, a preset, or a name with a suffix."""
    return word == "-" or bool(word and (_exists(Path(word)) or Path(word).suffix)) or word.lower() in presets()


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
    known = free_symbols(lines, facts_of(lines).bindings)
    extra = [line for word in overrides.sets for line in _override(f"--set {word}", word, known)]
    extra += [line for option, word in overrides.named for line in _override(option, word)]
    for line in extra:
        if line.binding is not None and line.binding[0] not in known:
            there = f"its symbols: {', '.join(sorted(known))}" if known else "it has no symbols"
            raise Failure(f"--set {line.binding[0]}: {visible(place)} has no such symbol; {there}")
    return Network(name, place, Snapshot.of([*lines, *extra]), notices)


def _override(option: str, word: str, known: Container[str] = ()) -> list[Line]:
    """The lines that say ``name=value``; what is wrong with it is said of the option.

    A name that is a setting and also one of the ``known`` symbols of the layers means both where the setting is a
    number, else what the value can be.
    """
    name, equals, value = (part.strip() for part in word.partition("="))
    if not (equals and value) or not (name in SETTINGS or is_name(name)):
        raise Failure(f"{visible(option)}: write a symbol or setting and its value, such as n=10 or batch=8")
    texts = [f"set {name}={value}"] if name in SETTINGS else []
    if name not in SETTINGS or name in known:
        texts.append(f"let {name} = {value}")
    lines = [parse_line(text) for text in texts]
    errors = [line.error for line in lines if line.error is not None]
    if len(errors) == len(lines):
        way = "" if name in SETTINGS else "; a value is a whole number or made of some, such as n=10 or n=2*k"
        raise Failure(f"{visible(option)}: {visible(errors[0].message.removeprefix(f'{name}: '))}{way}")
    read = [line for line in lines if line.error is None]
    return read if name not in SETTINGS or isinstance(SETTINGS[name].type, Whole) else read[:1]


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
