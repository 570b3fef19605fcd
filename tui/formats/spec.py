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
from tui.formats.words import Words
from tui.layers import kind_named, kinds_by_use, near_kinds, wrapper_named

_orders: Final[dict[type[Kind], tuple[Arg, ...]]] = {}
HIDDEN: Final = ("input_size", "embed_dim")
"""What PyTorch takes first, of the kinds where two numbers in its order would pass for two of ours."""
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


def parse_spec(code: str) -> Spec:
    """The kind and arguments that the text says; raises ParseError with the place in it."""
    found = Words(code)
    wrappers = _wrappers(found, len(code))
    word = found.words[0]
    if "(" in word and not word.startswith("("):
        from tui.formats.misread import a_call  # few lines do not read

        raise a_call(word, found.spans[0])
    named = kind_named(word)
    if named is None:
        near = near_kinds(word)
        hint = f"; did you mean {or_list(near)}?" if near else ""
        raise ParseError(
            f"no layer kind is called {word!r}{hint}",
            found.spans[0],
            expected=near or kinds_by_use(),
            fixes=[Fix(n, text=n) for n in near],
        )
    kind, rank = named
    args: dict[str, Any] = {}
    for name, span in wrappers:
        if name not in kind.by_name:
            raise ParseError(f"{name} is for recurrent layers such as lstm; {kind.name} is none", span)
        args[name] = True
    positional = slots(kind)
    taken, first = 0, (0, 0)
    for word, span in zip(found.words[1:], found.spans[1:], strict=True):
        arg, value, at = _classify(kind, word, span)
        if arg is None:
            first = first if taken else span
            while taken < len(positional) and positional[taken].name in args:
                taken += 1
            if taken == len(positional) or (taken and first_in_torch(kind, found.words[0], HIDDEN)):
                from tui.formats.misread import misplaced

                raise misplaced(kind, found.words[0], args, code, first, span)
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
                         expected=kinds_by_use())  # fmt: skip
    return wrappers


def first_in_torch(kind: type[Kind], word: str, names: tuple[str, ...]) -> str | None:
    """Which of some arguments PyTorch's constructor takes first, where the word names that constructor."""
    if not word.startswith(("nn.", "torch.nn.")):
        return None
    return next((arg.name for arg in kind.args if arg.name in names), None)


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
        if word.isalpha() and (near := did_you_mean(word, [*all_flags(kind), *error.expected])):
            named = f"{arg.name} cannot be {word!r}; did you mean {or_list(near)}?"
        raise ParseError(
            named,
            (span[0] + error.span[0], max(span[0] + error.span[1], span[0] + error.span[0])),
            expected=error.expected or (arg.type.expected,),
            fixes=[*(Fix(n, text=n) for n in near if (n, n) in arg.flags or n in error.expected), *error.fixes],
        ) from None


def all_flags(kind: type[Kind]) -> list[str]:
    """The bare words that a kind takes, such as ``nobias``."""
    return [flag for arg in kind.args for flag, _ in arg.flags]


def _spread(value: Any, rank: int, word: str, span: tuple[int, int]) -> Any:
    sizes = value if isinstance(value, tuple) else (value,) * rank
    if len(sizes) != rank:
        raise ParseError(f"{word} has {rank} spatial axes, the size names {len(sizes)}", span)
    return sizes
