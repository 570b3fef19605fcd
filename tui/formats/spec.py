"""The text of a layer alone: a kind and its arguments, read and written.

Which words a kind takes comes from its declared arguments, so the grammar, completion and help cannot
drift apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from tui.core.argument import Arg
from tui.core.errors import Fix, ParseError, did_you_mean, or_list
from tui.core.kind import Kind
from tui.core.network import Spec
from tui.core.settings import SETTINGS
from tui.layers import KINDS, kind_named, near_kinds, wrapper_named

_SPACED_EQUALS: Final = re.compile(r"\s*=\s*")
_HARD: Final = re.compile(r"[(\"']|\s=|=\s")
"""What a split at spaces would get wrong. Few lines hold it, and going by characters costs more than all else."""
_orders: Final[dict[type[Kind], tuple[Arg, ...]]] = {}
_PLAIN: Final = re.compile(r"\S+")
_SHORT: Final = re.compile(r"([a-z])(\d\S*)")


def spec_code(kind: type[Kind], args: Mapping[str, Any]) -> str:
    """The canonical text of a kind with the arguments that are given."""
    return " ".join([kind.name, *(prefix + word for _, prefix, word in written_args(kind, args))])


def written_args(kind: type[Kind], args: Mapping[str, Any]) -> Iterator[tuple[Arg, str, str]]:
    """The arguments in the order they are written: each with its ``name=``, or nothing where it is positional,
    and the word for its value."""
    open_slots = True
    for arg in _in_order(kind):
        if arg.name not in args:
            open_slots = open_slots and arg.slot is None
            continue
        word = arg.type.print(args[arg.name])
        # A symbol called s2 would read as a stride: such a word keeps its name.
        open_slots = open_slots and arg.slot is not None and _classify(kind, word, (0, 0))[0] is None
        yield arg, "" if open_slots else f"{arg.name}=", word


def _in_order(kind: type[Kind]) -> tuple[Arg, ...]:
    found = _orders.get(kind)
    if found is None:
        found = _orders[kind] = tuple(sorted(kind.all_args(), key=lambda arg: (arg.slot is None, arg.slot or 0)))
    return found


def slots(kind: type[Kind]) -> tuple[Arg, ...]:
    """The arguments that may stand without their name, in the order in which they do."""
    return tuple(arg for arg in _in_order(kind) if arg.slot is not None)


class Words:
    """The words of a line and their places; a parenthesis or quote may hold spaces, and so may ``key = value``."""

    def __init__(self, code: str) -> None:
        self.words: list[str] = []
        self.spans: list[tuple[int, int]] = []
        if not _HARD.search(code):
            for match in _PLAIN.finditer(code):
                self.words.append(match[0])
                self.spans.append(match.span())
            return
        depth, start, quote = 0, None, ""
        joined = {m.start(): m.end() for m in _SPACED_EQUALS.finditer(code) if m.end() - m.start() > 1}
        at = 0
        while at <= len(code):
            c = code[at] if at < len(code) else " "
            if at in joined and start is not None and not quote:
                at = joined[at]
                continue
            if quote:
                quote = "" if c == quote else quote
            elif c in "\"'":
                quote = c
                start = at if start is None else start
            elif c.isspace() and (depth <= 0 or at == len(code)):
                if start is not None:
                    self.words.append(_SPACED_EQUALS.sub("=", code[start:at], count=1))
                    self.spans.append((start, at))
                start = None
            else:
                depth += (c == "(") - (c == ")")
                start = at if start is None else start
            at += 1
        if quote:
            raise ParseError("a quote is not closed", (start or 0, len(code)), expected=(quote,))


def parse_spec(code: str) -> Spec:
    """The kind and arguments that the text says; raises ParseError with the place in it."""
    found = Words(code)
    wrappers = _wrappers(found, len(code))
    word = found.words[0]
    if "(" in word and not word.startswith("("):
        raise ParseError(
            "write the arguments with spaces, not as a call: conv 20 4x4 stride=2",
            found.spans[0],
            expected=("a space",),
        )
    named = kind_named(word)
    if named is None:
        near = near_kinds(word)
        hint = f"; did you mean {or_list(near)}?" if near else ""
        raise ParseError(
            f"no layer kind is called {word!r}{hint}",
            found.spans[0],
            expected=near or tuple(KINDS),
            fixes=[Fix(n, text=n) for n in near],
        )
    kind, rank = named
    args: dict[str, Any] = {}
    for name, span in wrappers:
        if name not in kind.by_name:
            raise ParseError(f"{name} is for recurrent layers such as lstm; {kind.name} is none", span)
        args[name] = True
    positional = slots(kind)
    taken = 0
    for word, span in zip(found.words[1:], found.spans[1:], strict=True):
        arg, value, at = _classify(kind, word, span)
        if arg is None:
            if taken and (first := _first_in_torch(kind, found.words[0])):
                ours = ", ".join(slot.name for slot in positional)
                raise ParseError(
                    f"{found.words[0]} takes {first} first, {kind.name} takes {ours}: name the arguments", span
                )
            while taken < len(positional) and positional[taken].name in args:
                taken += 1
            if taken == len(positional):
                raise _too_many(kind, word, span)
            arg, value, at = positional[taken], word, span[0]
            taken += 1
        if arg.name in args:
            raise ParseError(f"{arg.name} is given twice", span)
        args[arg.name] = value if at is None else _read(arg, value, (at, span[1]), kind)
    for arg in kind.args:
        if arg.required and arg.name not in args:
            raise ParseError(
                f"{kind.name} needs {arg.name} ({arg.type.expected}); for example: {kind.example}",
                (len(code), len(code)),
                expected=(arg.name,),
            )
    if rank is not None and kind.rank_arg in args:
        args[kind.rank_arg] = _spread(args[kind.rank_arg], rank, found.words[0], found.spans[0])
    ordered = {arg.name: args[arg.name] for arg in kind.all_args() if arg.name in args}
    return Spec(kind, ordered, spec_code(kind, ordered))


def _wrappers(found: Words, end: int) -> list[tuple[str, tuple[int, int]]]:
    """The wrappers in front of a kind, taken off the words: ``Bidirectional lstm 8`` says ``bidirectional=true``."""
    wrappers: list[tuple[str, tuple[int, int]]] = []
    while found.words and (name := wrapper_named(found.words[0])):
        if name in (known for known, _ in wrappers):
            raise ParseError(f"{name} is given twice", found.spans[0])
        wrappers.append((name, found.spans[0]))
        del found.words[0], found.spans[0]
    if not found.words:
        raise ParseError(f"{wrappers[-1][0]} needs the layer that it wraps: {wrappers[-1][0]} lstm 8", (end, end),
                         expected=tuple(KINDS))  # fmt: skip
    return wrappers


def _first_in_torch(kind: type[Kind], word: str) -> str | None:
    """The width that PyTorch's constructor takes first, where two numbers in its order would pass for two of ours."""
    if not word.startswith(("nn.", "torch.nn.")):
        return None
    return next((arg.name for arg in kind.args if arg.name in ("input_size", "embed_dim")), None)


def _classify(kind: type[Kind], word: str, span: tuple[int, int]) -> tuple[Arg | None, Any, int | None]:
    """The argument that a word is for, with its text and where that starts, or with its value and None."""
    key, equals, value = word.partition("=")
    if equals:
        arg = kind.by_name.get(key)
        if arg is None:
            near = tuple(dict.fromkeys(kind.by_name[name].name for name in did_you_mean(key, kind.by_name)))
            names = [a.name for a in kind.all_args()]
            hint = f"did you mean {or_list(near)}?" if near else f"it has {', '.join(names)}"
            if key in SETTINGS:
                hint = f"it is a setting of the whole network, on a line of its own: set {word}"
            raise ParseError(
                f"{kind.name} has no argument {key!r}; {hint}",
                (span[0], span[0] + len(key)),
                expected=names,
                fixes=[Fix(n, text=n) for n in near],
            )
        return arg, value, span[1] - len(value)
    for arg in kind.args:
        for flag, flag_value in arg.flags:
            if word == flag:
                return arg, flag_value, None
    if short := _SHORT.fullmatch(word):
        for arg in kind.args:
            if arg.short == short[1]:
                return arg, short[2], span[0] + 1
    return None, word, span[0]


def _read(arg: Arg, word: str, span: tuple[int, int], kind: type[Kind]) -> Any:
    try:
        return arg.type.parse(word)
    except ParseError as error:
        if len(word) > 2 and word[0] in "\"'" and word[-1] == word[0]:  # as it stands in Python
            return _read(arg, word[1:-1], (span[0] + 1, span[1] - 1), kind)
        named = f"{arg.name}: {error.message}"
        if arg.type.expected not in named and "cannot read" in named:
            named += f"; it takes {arg.type.expected}"
        if not word:
            named = f"{arg.name} needs a value: {arg.type.expected}"
        near: tuple[str, ...] = ()
        if word.isalpha() and (near := did_you_mean(word, [*_all_flags(kind), *error.expected])):
            named = f"{arg.name} cannot be {word!r}; did you mean {or_list(near)}?"
        raise ParseError(
            named,
            (span[0] + error.span[0], max(span[0] + error.span[1], span[0] + error.span[0])),
            expected=error.expected or (arg.type.expected,),
            fixes=[Fix(n, text=n) for n in near if (n, n) in arg.flags or n in error.expected],
        ) from None


def _all_flags(kind: type[Kind]) -> list[str]:
    return [flag for arg in kind.args for flag, _ in arg.flags]


def _too_many(kind: type[Kind], word: str, span: tuple[int, int]) -> ParseError:
    known = [*_all_flags(kind), *(f"{a.name}=" for a in kind.args)]
    near = did_you_mean(word, known)
    names = ", ".join(arg.name for arg in slots(kind))
    takes = f"{kind.name} takes {names}, then name=value" if names else f"{kind.name} takes name=value only"
    hint = f"; did you mean {or_list(near)}?" if near else ""
    return ParseError(
        f"{word!r} is one word too many{hint} ({takes})", span, expected=known, fixes=[Fix(n, text=n) for n in near]
    )


def _spread(value: Any, rank: int, word: str, span: tuple[int, int]) -> Any:
    sizes = value if isinstance(value, tuple) else (value,) * rank
    if len(sizes) != rank:
        raise ParseError(f"{word} has {rank} spatial axes, the size names {len(sizes)}", span)
    return sizes
