"""A layer as words by field: what the form edits, without the screen.

The words go through the same readers as a typed line, so form and grammar agree on what is allowed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from tui.core.argument import MISSING, Arg, Switch
from tui.core.errors import ParseError
from tui.core.kind import Kind
from tui.core.network import Line, Spec
from tui.core.settings import Settings
from tui.formats.line import parse_line, with_args
from tui.layers import kind_named

# No argument can be called so: the characters are not allowed in one.
NAME: Final = "name:"
SOURCES: Final = "@"
SKIPPED: Final = "off:"
NOTE: Final = "#"
OWN_FIELDS: Final = (NAME, SOURCES, SKIPPED, NOTE)
_SALVAGE_STEPS: Final = 20


class Draft:
    """The words of one layer. ``kind`` is None until a kind is chosen."""

    def __init__(self, text: str, settings: Settings) -> None:
        self.settings = settings
        line, blanked = _salvaged(text)
        self.column = len(line.text) - len(line.note) if line.note else 0
        self.kind: type[Kind] | None = line.spec.kind if line.spec is not None else None
        self.words: dict[str, str] = {
            NAME: line.name or "",
            SOURCES: " ".join(map(str, line.sources)),
            SKIPPED: "yes" if line.off else "",
            NOTE: line.note.removeprefix("#").strip(),
        }
        if line.spec is not None:
            by_name = line.spec.kind.by_name
            self.words |= {n: by_name[n].type.print(v) for n, v in line.spec.args.items() if n not in blanked}

    def default_text(self, arg: Arg) -> str:
        """What a blank field stands for."""
        if arg.required:
            return "must be given"
        if arg.setting:
            return f"{arg.type.print(getattr(self.settings, arg.setting))} (network)"
        if arg.default == "":
            return "the network's"
        return "none" if arg.default is None else arg.type.print(arg.default) or "none"

    def choose(self, kind: type[Kind]) -> None:
        """Change the kind. Words of arguments that both have stay; what must be given comes from the example."""
        self.kind = kind
        example = parse_line(kind.example).spec
        for arg in kind.args:
            if arg.required and not self.words.get(arg.name) and example is not None and arg.name in example.args:
                self.words[arg.name] = arg.type.print(example.args[arg.name])

    def line(self) -> tuple[str, dict[str, str]]:
        """The line that the words make, without those that are wrong, and what is wrong with them by field."""
        kind = self.kind
        if kind is None:
            return "", {"": "choose a kind"}
        args, errors = self._args(kind)
        name = self.words[NAME].strip()
        example = parse_line(kind.example).spec
        code = example.code if example is not None else kind.name
        named = parse_line(f"{name}: {code}")
        if name and named.error is not None:
            errors[NAME] = named.error.message
        elif name and named.name != name:
            errors[NAME] = "a name is one word before a colon"
        sources = " ".join(word if word.startswith("@") else f"@{word}" for word in self.words[SOURCES].split())
        sourced = parse_line(f"{code} {sources}")
        if sourced.error is not None or "#" in sources:
            errors[SOURCES] = sourced.error.message if sourced.error else "a source is a name, without #"
        off = False
        try:
            off = bool(self.words[SKIPPED].strip()) and Switch().parse(self.words[SKIPPED].strip())
        except ParseError as error:
            errors[SKIPPED] = error.message
        note = f"# {self.words[NOTE].strip()}" if self.words[NOTE].strip() else ""
        text = with_args(
            Line(
                " " * self.column + note,
                Spec(kind, {}, ""),
                None if NAME in errors else name or None,
                () if SOURCES in errors else sourced.sources,
                off,
                note=note,
            ),
            args,
        )
        if not errors and (whole := parse_line(text).error) is not None:
            errors[""] = whole.message
        return text, errors

    def _args(self, kind: type[Kind]) -> tuple[Mapping[str, Any], dict[str, str]]:
        args, errors = {}, {}
        for arg in kind.all_args():
            word = self.words.get(arg.name, "").strip()
            if not word:
                args[arg.name] = MISSING
                if arg.required:
                    errors[arg.name] = f"must be given: {arg.type.expected}"
                continue
            try:
                args[arg.name] = arg.type.parse(word)
            except ParseError as error:
                errors[arg.name] = error.message
        return args, errors


def _salvaged(text: str) -> tuple[Line, frozenset[str]]:
    """The nearest line that reads, and the arguments that had to be made up for it.

    What does not read is left out piece by piece, so that a form can be opened on a line with a mistake.
    """
    line, made_up = parse_line(text), set()
    for _ in range(_SALVAGE_STEPS):
        error = line.error
        if error is None:
            break
        first, last = error.span
        if last > first:
            # The whole word goes: what is left of "strid=2" without its name would be a mistake of its own.
            head, tail = text[:first], text[last:]
            text = head[: len(head) - len(re.split(r"\s", head)[-1])] + tail[len(re.split(r"\s", tail)[0]) :]
        elif (missing := _missing(text, error)) is not None:
            name, word = missing
            made_up.add(name)
            # The hole is before a note, if there is one.
            text = f"{text[:first]} {name}={word} {text[first:]}"
        else:
            break
        line = parse_line(text)
    return (line if line.error is None else Line("")), frozenset(made_up)


def _missing(text: str, error: ParseError) -> tuple[str, str] | None:
    """The argument that the error asks for, with its word in the example of the kind."""
    named = next((hit for word in text.split() if (hit := kind_named(word)) is not None), None)
    example = parse_line(named[0].example).spec if named is not None else None
    if example is None or len(error.expected) != 1 or error.expected[0] not in example.args:
        return None
    name = error.expected[0]
    return name, example.kind.by_name[name].type.print(example.args[name])
