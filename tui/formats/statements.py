"""The lines that are no layers: ``set``, ``let``, ``budget`` and ``repeat``."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from tui.core.errors import Fix, ParseError, did_you_mean, or_list
from tui.core.expression import is_name, parse_size
from tui.core.layer_name import is_layer_name
from tui.core.network import Line, Repeat
from tui.core.settings import SETTINGS
from tui.core.size import Size, at_least, symbols
from tui.core.size import text as size_text
from tui.formats.words import Words


def parse_setting(code: str) -> Line:
    found = Words(code)
    settings: list[tuple[str, Any]] = []
    if len(found.words) == 1:
        raise ParseError("set needs name=value", (len(code), len(code)), expected=[f"{n}=" for n in SETTINGS])
    for word, span in zip(found.words[1:], found.spans[1:], strict=True):
        key, _, value = word.partition("=")
        if key not in SETTINGS:
            near = did_you_mean(key, SETTINGS)
            hint = f"did you mean {or_list(near)}?" if near else f"there are {', '.join(SETTINGS)}"
            fixes = [Fix(name, text=name) for name in near]
            place = (span[0], span[0] + len(key))
            raise ParseError(f"no setting is called {key!r}; {hint}", place, expected=tuple(SETTINGS), fixes=fixes)
        arg = SETTINGS[key]
        if not value:
            raise ParseError(f"{key} needs a value, {arg.type.expected}: {key}={arg.type.print(arg.default)}", span,
                             expected=(arg.type.expected,))  # fmt: skip
        if key in dict(settings):
            raise ParseError(f"{key} is given twice", span)
        try:
            settings.append((key, arg.type.parse(value)))
        except ParseError as error:
            message, start = f"{key}: {error.message}", span[1] - len(value)
            place = (start + error.span[0], start + error.span[1])
            raise ParseError(message, place, expected=error.expected, fixes=error.fixes) from None
    return Line(print_settings(settings), setting=tuple(settings))


def print_settings(settings: Iterable[tuple[str, Any]]) -> str:
    """The ``set`` line for some settings."""
    return " ".join(["set", *(f"{name}={SETTINGS[name].type.print(value)}" for name, value in settings)])


def parse_binding(code: str) -> Line:
    name, equals, value = code[3:].partition("=")
    symbol = name.strip()
    if not is_name(symbol):
        raise _no_symbol(code, name, equals)
    if not equals or not value.strip():
        raise ParseError(f"let {symbol} needs a value: let {symbol} = 10", (len(code), len(code)), expected=("= 10",))
    start = 3 + len(name) + 1 + len(value) - len(value.lstrip())
    try:
        size = parse_size(value.strip())
    except ParseError as error:
        raise error.shifted(start) from None
    if symbol in symbols(size):
        raise ParseError(f"{symbol} stands for itself; give it a number, or other symbols", (start, len(code)))
    return Line(print_binding(symbol, size_text(size)), binding=(symbol, size))


def _no_symbol(code: str, name: str, equals: str) -> ParseError:
    """The error of what cannot stand before the = of a ``let``."""
    first, *rest = name.split() or [""]
    if not first:
        return ParseError("let binds a symbol: let n = 10", (3, 3), expected=("a symbol",))
    at = code.index(first, 3)
    if is_name(first) and rest and not equals:
        end = at + len(first)
        return ParseError(f"an = is missing: let {first} = {' '.join(rest)}", (end, end), expected=("=",),
                          fixes=[Fix("=", text=" =")])  # fmt: skip
    taken = first.isidentifier() and name.strip() == first
    why = "it is a word of its own" if taken else "it is a letter, then letters, digits and _"
    return ParseError(f"let binds one symbol, and {name.strip()!r} cannot be one: {why}", (at, 3 + len(name.rstrip())),
                      expected=("a symbol",))  # fmt: skip


def print_binding(name: str, value: str) -> str:
    """The ``let`` line for a symbol."""
    return f"let {name} = {value}"


def parse_repeat(code: str) -> Line:
    found = Words(code)
    if not 2 <= len(found.words) <= 3:
        place = (len(code), len(code)) if len(found.words) < 2 else (found.spans[3][0], len(code))
        raise ParseError("repeat needs a count and may have a name: repeat 12 block", place, expected=("a count",))
    span = found.spans[1]
    try:
        count = parse_size(found.words[1])
    except ParseError as error:
        raise error.shifted(span[0]) from None
    name = found.words[2] if len(found.words) == 3 else None
    if at_least(count, 1) is False:
        once = Fix(print_repeat(1, name), text="1")
        raise ParseError("a block is repeated at least once; put off before a layer to skip it", span, fixes=[once])
    if name is not None and not is_layer_name(name):
        why = "must not be a number" if name.isdecimal() else "may hold letters, digits and . - _ / only"
        raise ParseError(f"the name {name!r} {why}", found.spans[2])
    return Line(print_repeat(count, name), repeat=Repeat(count, name))


def print_repeat(count: Size, name: str | None) -> str:
    """The head of a repeated block."""
    word = size_text(count, spaces=False)
    return f"repeat {word}{f' {name}' if name else ''}"


def parse_budgets(code: str) -> Line:
    from tui.formats.budget import parse_budget_line  # not for the start: few files have budgets

    return parse_budget_line(code)


STATEMENTS: Final[dict[str, Callable[[str], Line]]] = {
    "set": parse_setting,
    "let": parse_binding,
    "repeat": parse_repeat,
    "budget": parse_budgets,
}
"""The readers of these lines by their first word."""
STATEMENT_HELP: Final = {
    "set": "what is true of the whole network: set batch=8",
    "let": "a value for a symbol: let n = 10",
    "budget": "a limit on the whole network: budget params=1M ram=256KiB, or budget device=esp32",
    "repeat": "a block that runs several times: repeat 12 block, its lines indented below",
}
"""What each of them is for, with an example."""
