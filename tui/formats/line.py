"""The one-line grammar: ``[off] [name:] kind positional... key=value... [@source ...] [# note]``.

Reading and writing of a single line; the kind and its arguments are the ``spec`` module's. A line that
does not read keeps its text and carries the error.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from tui.core.argument import MISSING
from tui.core.errors import Fix, ParseError
from tui.core.layer_name import NAME, is_layer_name
from tui.core.network import Line, Source, Spec
from tui.formats.spec import parse_spec, spec_code
from tui.formats.statements import STATEMENTS
from tui.layers import kinds_by_use

MAX_LINE: Final = 2_000
TAB: Final = 4
_HEAD: Final = re.compile(r"((?i:off)\s+)?(?:([^\s:@#=()]+):(?=\s|[^\W\d]|$)\s*)?((?i:off)\s+)?")
_NOTE: Final = re.compile(r"(?:^|\s)#")
_WORD: Final = re.compile(r"\S+")
_CONTROL: Final = r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]"

# One line is read in microseconds; 10,000 lines of a file are mostly lines already seen.
_lines: dict[str, Line] = {}
_specs: dict[str, Spec] = {}
_CACHE: Final = 50_000
_NO_SOURCES: Final[tuple[Source, ...]] = ()


def parse_line(text: str) -> Line:
    """The line that the text says. Never raises: a line that does not read has its ``error`` set."""
    line = _lines.get(text)
    if line is None:
        if len(_lines) > _CACHE:
            _lines.clear()
        try:
            line = _parse(text)
        except ParseError as error:
            line = _unread(text, error)
        if len(text) <= MAX_LINE:
            _lines[text] = line
    return line


def _unread(text: str, error: ParseError) -> Line:
    """A line that does not read; it stays in the block that it is indented into, and keeps its name for its readers."""
    code = text.lstrip(" \t")
    before = len(text) - len(code)
    indent = len(text[:before].expandtabs(TAB))
    head = _HEAD.match(code)
    name = head[2] if head is not None and head[2] and is_layer_name(head[2]) else None
    words = code.split(None, 1)
    statement = bool(words) and words[0].lower() in STATEMENTS
    shifted = error.shifted(indent - before)
    return Line(" " * indent + code, name=name, error=shifted, indent=indent, statement=statement)


def without_note(text: str) -> tuple[str, str]:
    """The text of a line up to its note, and the note with its #; of one without a note all of it and nothing."""
    mark = _NOTE.search(text) if "#" in text else None
    return (text, "") if mark is None else (text[: mark.end() - 1], text[mark.end() - 1 :])


def _parse(text: str) -> Line:
    if len(text) > MAX_LINE:
        raise ParseError(f"a line of {len(text):,} characters; the most is {MAX_LINE:,}", (0, 0))
    if not text.isprintable() and (bad := re.search(_CONTROL, text)):  # compiled where it is asked for
        raise ParseError(f"a control character (U+{ord(bad[0]):04X}); delete it", bad.span())
    body, note = without_note(text)
    note, code = note.rstrip(), body.strip()
    if not code:
        if not note:
            return Line("")
        indent = len(body.expandtabs(TAB))
        return Line(" " * indent + note, note=note, indent=indent)
    indent = len(body) - len(body.lstrip())
    try:
        line = _parse_code(code)
    except ParseError as error:
        from tui.formats.plainer import plainer  # few lines do not read

        raise _with_line_fixes(plainer(code, error), code).shifted(indent) from None
    if len(line.text) > MAX_LINE:  # a power written out may be longer than its text
        raise ParseError(f"written out this line has {len(line.text):,} characters; the most is {MAX_LINE:,}", (0, 0))
    if not note and line.text == text:
        return line
    indent = len(body[:indent].expandtabs(TAB))
    canonical = " " * indent + line.text
    if note:
        gap = max(len(body.expandtabs(TAB)) - len(canonical), 2)
        canonical = f"{canonical}{' ' * gap}{note}"
    return replace(line, text=canonical, note=note, indent=indent)


def _parse_code(code: str) -> Line:
    first = code.split(None, 1)[0]
    if first in STATEMENTS or (first := first.lower()) in STATEMENTS:
        return STATEMENTS[first](code)
    head = _HEAD.match(code)
    assert head is not None  # every part is optional
    off, name, start = bool(head[1] or head[3]), head[2], head.end()
    if name is not None and not NAME.fullmatch(name):
        raise ParseError(
            f"the name {name!r} may hold letters, digits and . - _ / only", head.span(2), expected=("a name",)
        )
    if name is not None and name.isdecimal():
        raise ParseError("a name must not be a number: numbers are the rows", head.span(2))
    body = code[start:]
    if not body:
        raise ParseError("a layer kind is missing", (start, start), expected=kinds_by_use())
    plain, sources = body, _NO_SOURCES
    if "@" in body:
        plain, sources = _split_sources(body, start)
        if not plain:
            raise ParseError("a layer kind is missing before the source", (start, start), expected=kinds_by_use())
    spec = _specs.get(plain)
    if spec is None:
        if len(_specs) > _CACHE:
            _specs.clear()
        try:
            spec = parse_spec(plain)
        except ParseError as error:
            raise error.shifted(start) from None
        spec = _specs[plain] = _specs.setdefault(spec.code, spec)
    return Line(print_code(spec, name, sources, off), spec, name, sources, off)


def _with_line_fixes(error: ParseError, code: str) -> ParseError:
    """Fixes that put one word in the place of the mistake become whole lines."""
    first, last = error.span
    fixes = [
        Fix(f.label, text=code[:first] + f.text + code[last:] if f.text is not None else None) for f in error.fixes
    ]
    return ParseError(error.message, error.span, expected=error.expected, fixes=fixes)


def _split_sources(body: str, start: int) -> tuple[str, tuple[Source, ...]]:
    sources, plain = [], body
    for match in _WORD.finditer(body):
        if not match[0].startswith("@"):
            continue
        name, _, index = match[0][1:].partition(":")
        if not NAME.fullmatch(name) or not (index.isdecimal() or (not index and ":" not in match[0])) or len(index) > 4:
            span = (start + match.start(), start + match.end())
            fixes = [Fix("a space between", text=match[0].replace(",", " ").strip())] if "," in match[0] else []
            message = "a source is @name, or @name:1 for its second output"
            raise ParseError(message, span, expected=("@name",), fixes=fixes)
        sources.append(Source(name, int(index or 0)))
        plain = plain[: match.start()] + " " * len(match[0]) + plain[match.end() :]
    return plain.rstrip(), tuple(sources)


def print_code(spec: Spec, name: str | None, sources: Sequence[Source], off: bool) -> str:
    """The canonical line, without a note."""
    parts = ["off"] if off else []
    if name:
        parts.append(f"{name}:")
    parts.append(spec.code)
    parts.extend(map(str, sources))
    return " ".join(parts)


def with_args(line: Line, changes: Mapping[str, Any]) -> str:
    """The text of the line with some arguments changed; MISSING takes an argument away."""
    assert line.spec is not None
    args = {name: value for name, value in {**line.spec.args, **changes}.items() if value is not MISSING}
    spec = Spec(line.spec.kind, args, spec_code(line.spec.kind, args))
    return in_place_of(print_code(spec, line.name, line.sources, line.off), line)


def with_parts(line: Line, *, name: str | None, sources: Sequence[Source], off: bool) -> str:
    """The text of the line with another name, other sources, or skipped or not."""
    assert line.spec is not None
    return in_place_of(print_code(line.spec, name, sources, off), line)


def in_place_of(code: str, line: Line) -> str:
    """The text of a code that takes the place of a line's own: its indentation and its note stay."""
    code = " " * line.indent + code
    if not line.note:
        return code
    column = len(line.text) - len(line.note)
    return f"{code}{' ' * max(column - len(code), 2)}{line.note}"
