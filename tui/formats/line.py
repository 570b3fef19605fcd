"""The one-line grammar: ``[off] [name:] kind positional... key=value... [@source ...] [# note]``.

Reading and writing of a single line; the kind and its arguments are the ``spec`` module's. A line that
does not read keeps its text and carries the error.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from tui.core.argument import MISSING
from tui.core.errors import Fix, ParseError, did_you_mean, or_list
from tui.core.expression import is_name, parse_size
from tui.core.network import Line, Source, Spec
from tui.core.settings import SETTINGS
from tui.core.size import text as size_text
from tui.formats.spec import Words, parse_spec, spec_code
from tui.layers import KINDS

MAX_LINE: Final = 2_000
NAME: Final = re.compile(r"[\w./-]+")
_HEAD: Final = re.compile(r"(off\s+)?(?:([^\s:@#=()]+):(?=\s|[^\W\d]|$)\s*)?(off\s+)?")
_NOTE: Final = re.compile(r"(?:^|\s)#")
_WORD: Final = re.compile(r"\S+")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")

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
            line = Line(text, error=error, note="")
        if len(text) <= MAX_LINE:
            _lines[text] = line
    return line


def _parse(text: str) -> Line:
    if len(text) > MAX_LINE:
        raise ParseError(f"a line of {len(text):,} characters; the most is {MAX_LINE:,}", (0, 0))
    if bad := _CONTROL.search(text):
        raise ParseError(f"a control character (U+{ord(bad[0]):04X}); delete it", bad.span())
    mark = _NOTE.search(text) if "#" in text else None
    note = text[mark.end() - 1 :].rstrip() if mark else ""
    body = text[: mark.end() - 1] if mark else text
    code = body.strip()
    if not code:
        return Line(text.rstrip(), note=note)
    indent = len(body) - len(body.lstrip())
    try:
        line = _parse_code(code)
    except ParseError as error:
        raise error.shifted(indent) from None
    if len(line.text) > MAX_LINE:  # a power written out may be longer than its text
        raise ParseError(f"written out this line has {len(line.text):,} characters; the most is {MAX_LINE:,}", (0, 0))
    if not note and line.text == text:
        return line
    canonical = line.text
    if note:
        column = len(body) - indent
        gap = max(column - len(canonical), 2)
        canonical = f"{canonical}{' ' * gap}{note}"
    return Line(canonical, line.spec, line.name, line.sources, line.off, line.setting, line.binding, None, note)


def _parse_code(code: str) -> Line:
    first = code.split(None, 1)[0]
    if first == "set":
        return _parse_setting(code)
    if first == "let":
        return _parse_binding(code)
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
        raise ParseError("a layer kind is missing", (start, start), expected=tuple(KINDS))
    plain, sources = body, _NO_SOURCES
    if "@" in body:
        plain, sources = _split_sources(body, start)
        if not plain:
            raise ParseError("a layer kind is missing before the source", (start, start), expected=tuple(KINDS))
    spec = _specs.get(plain)
    if spec is None:
        if len(_specs) > _CACHE:
            _specs.clear()
        try:
            spec = parse_spec(plain)
        except ParseError as error:
            raise _with_line_fixes(error.shifted(start), code) from None
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
            raise ParseError("a source is @name, or @name:1 for its second output", span, expected=("@name",))
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
    args = {**line.spec.args, **changes}
    kind = line.spec.kind
    code = spec_code(kind, {name: value for name, value in args.items() if value is not MISSING})
    return _with_note(print_code(Spec(kind, args, code), line.name, line.sources, line.off), line)


def with_parts(line: Line, *, name: str | None, sources: Sequence[Source], off: bool) -> str:
    """The text of the line with another name, other sources, or skipped or not."""
    assert line.spec is not None
    return _with_note(print_code(line.spec, name, sources, off), line)


def _with_note(code: str, line: Line) -> str:
    if not line.note:
        return code
    column = len(line.text) - len(line.note)
    return f"{code}{' ' * max(column - len(code), 2)}{line.note}"


def _parse_setting(code: str) -> Line:
    found = Words(code)
    settings: list[tuple[str, Any]] = []
    if len(found.words) == 1:
        raise ParseError("set needs name=value", (len(code), len(code)), expected=[f"{n}=" for n in SETTINGS])
    for word, span in zip(found.words[1:], found.spans[1:], strict=True):
        key, equals, value = word.partition("=")
        if key not in SETTINGS:
            near = did_you_mean(key, SETTINGS)
            hint = f"did you mean {or_list(near)}?" if near else f"there are {', '.join(SETTINGS)}"
            raise ParseError(
                f"no setting is called {key!r}; {hint}", (span[0], span[0] + len(key)), expected=tuple(SETTINGS)
            )
        arg = SETTINGS[key]
        if not equals:
            raise ParseError(f"{key} needs a value: {key}={arg.type.expected}", span, expected=(arg.type.expected,))
        try:
            settings.append((key, arg.type.parse(value)))
        except ParseError as error:
            raise ParseError(
                f"{key}: {error.message}", (span[1] - len(value), span[1]), expected=error.expected
            ) from None
    return Line(print_settings(settings), setting=tuple(settings))


def print_settings(settings: Iterable[tuple[str, Any]]) -> str:
    """The ``set`` line for some settings."""
    return " ".join(["set", *(f"{name}={SETTINGS[name].type.print(value)}" for name, value in settings)])


def _parse_binding(code: str) -> Line:
    name, equals, value = code[3:].partition("=")
    symbol = name.strip()
    if not is_name(symbol):
        raise ParseError(
            "let binds a symbol: let n = 10", (3, 3 + len(name)) if symbol else (3, 3), expected=("a symbol",)
        )
    if not equals or not value.strip():
        raise ParseError(f"let {symbol} needs a value: let {symbol} = 10", (len(code), len(code)), expected=("= 10",))
    start = 3 + len(name) + 1 + len(value) - len(value.lstrip())
    try:
        size = parse_size(value.strip())
    except ParseError as error:
        raise error.shifted(start) from None
    return Line(print_binding(symbol, size_text(size)), binding=(symbol, size))


def print_binding(name: str, value: str) -> str:
    """The ``let`` line for a symbol."""
    return f"let {name} = {value}"
