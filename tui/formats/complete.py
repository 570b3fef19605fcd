"""Completion of a half-typed line: what may stand at the cursor, from the kinds' own declarations."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from tui.core.kind import Kind
from tui.core.layer_name import NAME
from tui.core.settings import SETTINGS
from tui.formats.spec import slots
from tui.formats.statements import STATEMENT_HELP, STATEMENTS
from tui.layers import COMMONEST, KINDS, NAMES, bare, kind_named, wrapper_named

_HEAD: Final = re.compile(rf"(?:off\s+)?(?:{NAME.pattern}:\s*)?(?:off\s+)?", re.IGNORECASE)
MOST: Final = 40


class Candidate(NamedTuple):
    """A completion: ``text`` takes the place of the characters ``start`` up to ``end``."""

    text: str
    start: int
    end: int
    help: str

    def applied(self, line: str) -> tuple[str, int]:
        """The line with the completion put in, and where the cursor stands then."""
        return line[: self.start] + self.text + line[self.end :], self.start + len(self.text)


class Slot(NamedTuple):
    """One word of a kind's signature; ``current`` where the cursor is."""

    text: str
    current: bool


def complete(line: str, cursor: int, names: Iterable[str] = ()) -> list[Candidate]:
    """What may stand at the cursor, best first."""
    before = line[:cursor]
    if "#" in before:
        return []
    start = max(before.rfind(" ") + 1, 0)
    end = cursor
    while end < len(line) and not line[end].isspace():
        end += 1
    word = before[start:]
    head = _HEAD.match(line)
    offset = head.end() if head else 0
    if word.startswith("@"):
        return [
            Candidate(f"@{name}", start, end, "source") for name in sorted(set(names)) if name.startswith(word[1:])
        ][:MOST]
    first = line[offset:].split(None, 1)[:1]
    wrapped: set[str] = set()
    while first and (wrapper := wrapper_named(first[0])) and start > offset:
        wrapped.add(wrapper)
        offset += len(line[offset:]) - len(line[offset:].lstrip()) + len(first[0]) + 1
        first = line[offset:].split(None, 1)[:1]
    if first and first[0].lower() == "set" and start > offset:
        return _setting(word, start, end)
    if first and first[0].lower() == "budget" and start > offset:
        from tui.formats.budget import budget_words  # few files have budgets

        offered = budget_words().items()
        return [Candidate(w, start, end, text) for w, text in offered if w.startswith(word) and w != word]
    if start <= offset:
        return [c for c in _kinds(before[offset:], offset, end) if not wrapped or _takes(c.text.strip(), wrapped)]
    named = kind_named(first[0]) if first else None
    if named is None:
        return []
    weights, at, owner = word.rpartition("@")
    if at and weights.startswith("tied="):
        return [Candidate(f"{weights}@{name}", start, end, "a layer that has these weights too")
                for name in sorted(set(names)) if name.startswith(owner)][:MOST]  # fmt: skip
    if named[0].calls and not line[offset:start].split()[1:]:
        return [Candidate(f"{name} ", start, end, "a layer to use again") for name in sorted(set(names))
                if name.startswith(word) and name != word][:MOST]  # fmt: skip
    return _arguments(named[0], line[offset:start].split()[1:], word, start, end, names)


def _takes(name: str, wrapped: set[str]) -> bool:
    return name in KINDS and wrapped <= KINDS[name].by_name.keys()


def _kinds(word: str, start: int, end: int) -> list[Candidate]:
    lower = bare(word)
    # Behind a name or off, and before anything is typed, only layers are offered.
    statements = STATEMENTS if lower and not start else ()
    words = (*COMMONEST, *statements, *KINDS)
    begins = [name for name in words if (name in KINDS or name in statements) and name.startswith(lower)]
    by_alias = [kind.name for alias, (kind, _) in NAMES.items() if alias.startswith(lower) and lower]
    inside = [name for name in KINDS if lower and lower in name]
    found = dict.fromkeys([*begins, *by_alias, *inside])
    helps = {**STATEMENT_HELP, **{name: kind.summary for name, kind in KINDS.items()}}
    return [Candidate(name + " ", start, end, helps[name]) for name in found][:MOST]


def _setting(word: str, start: int, end: int) -> list[Candidate]:
    key, equals, value = word.partition("=")
    if equals and key in SETTINGS:
        words = SETTINGS[key].type.words()
        return [Candidate(f"{key}={w}", start, end, SETTINGS[key].help) for w in words if w.startswith(value)]
    return [Candidate(f"{name}=", start, end, arg.help) for name, arg in SETTINGS.items() if name.startswith(word)]


def _arguments(
    kind: type[Kind], words: list[str], word: str, start: int, end: int, names: Iterable[str]
) -> list[Candidate]:
    key, equals, value = word.partition("=")
    if equals:
        arg = kind.by_name.get(key)
        if arg is None:
            return []
        return [Candidate(f"{key}={w}", start, end, arg.help) for w in arg.type.words() if w.startswith(value)]
    given = given_args(kind, words)
    found: list[Candidate] = []
    if kind.inputs[0] > 1 and not word:
        found += [Candidate(f"@{name}", start, end, "source") for name in sorted(set(names))]
    open_slots = [arg for arg in slots(kind) if arg.name not in given]
    if open_slots:
        arg = open_slots[0]
        found += [Candidate(w + " ", start, end, f"{arg.name}: {arg.help}") for w in arg.type.words()]
    if not open_slots or not open_slots[0].required:
        for arg in kind.all_args():
            if arg.name in given:
                continue
            if arg.slot is None:
                found.append(Candidate(f"{arg.name}=", start, end, arg.help))
            found += [Candidate(flag + " ", start, end, arg.help) for flag, _ in arg.flags]
    return [c for c in found if c.text.startswith(word) and c.text.strip() != word][:MOST]


def given_args(kind: type[Kind], words: Iterable[str]) -> set[str]:
    """The names of the arguments that some words stand for, read leniently."""
    given: set[str] = set()
    flags = {flag: arg.name for arg in kind.args for flag, _ in arg.flags}
    shorts = {arg.short: arg.name for arg in kind.args if arg.short}
    for word in words:
        key, equals, _ = word.partition("=")
        if word.startswith("@"):
            continue
        if equals:
            arg = kind.by_name.get(key)
            if arg is not None:
                given.add(arg.name)
        elif word in flags:
            given.add(flags[word])
        elif len(word) > 1 and word[0] in shorts and word[1].isdigit():
            given.add(shorts[word[0]])
        else:
            given.update(arg.name for arg in [a for a in slots(kind) if a.name not in given][:1])
    return given


def signature(line: str, cursor: int) -> list[Slot]:
    """The words that the kind of a half-typed line takes, the one at the cursor marked; [] without a kind."""
    head = _HEAD.match(line)
    offset = head.end() if head else 0
    first = line[offset:].split(None, 1)[:1]
    named = kind_named(first[0]) if first else None
    if named is None or cursor <= offset + len(first[0]):
        return []
    kind = named[0]
    before = line[offset:cursor]
    word = "" if before.endswith(" ") else before.split()[-1]
    given = given_args(kind, before[: len(before) - len(word)].split()[1:])
    key = word.partition("=")[0] if "=" in word else ""
    open_slots = [arg.name for arg in slots(kind) if arg.name not in given]
    current = kind.by_name[key].name if key in kind.by_name else open_slots[0] if open_slots else ""
    words = [Slot(kind.name, False)]
    for arg in [*slots(kind), *(a for a in kind.args if a.slot is None)]:
        shown = arg.name.upper() if arg.required else f"[{arg.name}]" if arg.slot is not None else f"[{arg.name}=]"
        words.append(Slot(shown, arg.name == current))
    return words
