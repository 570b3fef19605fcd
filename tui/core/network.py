"""The document: lines of text, what each says, and the layers that wait behind them.

Lines are values: parsed once (by the text format), never changed. The core looks at what they say
and never at their text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from tui.core.errors import ParseError
from tui.core.kind import Kind
from tui.core.settings import SETTINGS, Settings
from tui.core.size import Size, bind, symbols
from tui.core.ties import Ties

NO_TIES: Final = Ties()


class Spec:
    """A kind with the arguments that a line gives. Equal specs of one document are one object.

    ``code`` is the canonical text of it, without name, sources and note.
    """

    __slots__ = ("args", "code", "kind", "plain")

    def __init__(self, kind: type[Kind], args: Mapping[str, Any], code: str) -> None:
        self.kind = kind
        self.args = args
        self.code = code
        # It reads one layer, and no other is named.
        self.plain = kind.inputs == (1, 1) and not kind.calls and not self.ties.owners()

    def symbols(self) -> frozenset[str]:
        """The symbols in the arguments."""
        by_name = self.kind.by_name
        return frozenset().union(*(by_name[name].type.symbols(value) for name, value in self.args.items()))

    @property
    def ties(self) -> Ties:
        """The weights that are another layer's too."""
        ties: Ties = self.args.get("tied", NO_TIES)
        return ties

    @property
    def called(self) -> str | None:
        """The name of the layer that this one uses again, if it does."""
        return self.args[self.kind.calls] if self.kind.calls else None

    @property
    def shares(self) -> tuple[str, ...]:
        """The names of the layers whose weights this one uses: the one that it calls, those that it is tied to."""
        owners = self.ties.owners()
        return owners if self.called is None else (self.called, *owners)

    def sharing(self, meaning: Callable[[str], str | None]) -> dict[str, Any]:
        """The arguments that name other layers, with other names for them where ``meaning`` has one; {} where
        none changes."""
        changed: dict[str, Any] = {}
        if self.called is not None and (name := meaning(self.called) or self.called) != self.called:
            changed[self.kind.calls] = name
        if (ties := self.ties.renamed(meaning)) != self.ties:
            changed["tied"] = ties
        return changed


class Source(NamedTuple):
    """A reference to a layer's output: ``@name`` or ``@name:1`` for its second output."""

    name: str
    output: int = 0

    def __str__(self) -> str:
        return f"@{self.name}" + (f":{self.output}" if self.output else "")


class Repeat(NamedTuple):
    """The head of a block that runs ``times`` times; its body are the lines below that are indented further."""

    times: Size
    name: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One line of a document. ``text`` is the whole line as it stands in the file.

    A line is a layer (``spec``), a setting, a binding, a budget, the head of a block (``repeat``), wrong
    (``error``), or blank or a comment (none of these). ``indent`` is the number of spaces before it.
    ``budget`` holds limits by their metrics, and by ``device`` the name of one that has limits. ``statement``
    marks a line that is wrong and would be no layer: the layers below it read what is above it.
    """

    text: str
    spec: Spec | None = None
    name: str | None = None
    sources: tuple[Source, ...] = ()
    off: bool = False
    setting: tuple[tuple[str, Any], ...] | None = None
    binding: tuple[str, Size | None] | None = None
    error: ParseError | None = None
    note: str = ""
    repeat: Repeat | None = None
    indent: int = 0
    budget: tuple[tuple[str, int | str], ...] | None = None
    statement: bool = False

    @property
    def declares(self) -> bool:
        """Whether the line says something of the network as a whole."""
        return self.setting is not None or self.binding is not None or self.budget is not None

    @property
    def is_layer(self) -> bool:
        """Whether the line is a layer, or meant to be one and does not read."""
        return self.spec is not None or self.error is not None

    @property
    def shown(self) -> bool:
        """Whether the line is a row of the list; blank lines, settings and bindings are shown elsewhere."""
        return self.is_layer or self.repeat is not None or bool(self.note)

    @property
    def called(self) -> str | None:
        """The name of the layer that this line uses again, if it does."""
        return None if self.spec is None else self.spec.called

    @property
    def shares(self) -> tuple[str, ...]:
        """The names of the layers whose weights this line uses."""
        return () if self.spec is None or self.spec.plain else self.spec.shares

    @property
    def code(self) -> str:
        """The line without its indentation and its note."""
        return self.text[self.indent : len(self.text) - len(self.note)].rstrip()


class Facts(NamedTuple):
    """What the lines say of the network as a whole."""

    settings: Settings
    bindings: dict[str, Size]
    budgets: tuple[tuple[str, int | str], ...] = ()


def facts_of(lines: Iterable[Line]) -> Facts:
    """The settings, bindings and budgets of a document; of two lines for one thing the last holds."""
    settings = Settings()
    budgets: dict[str, int | str] = {}
    bindings: dict[str, Size] = {}
    for line in lines:
        if line.spec is not None:
            continue
        if line.setting is not None:
            for name, value in line.setting:
                settings = settings._replace(**{name: value})
        elif line.binding is not None:
            name, size = line.binding
            if size is not None:
                bindings[name] = size
        elif line.budget is not None:
            budgets.update(line.budget)
    known = resolved(bindings)
    return Facts(_bound(settings, known), known, tuple(budgets.items()))


def _bound(settings: Settings, known: Mapping[str, Size]) -> Settings:
    """The settings with symbols bound; a value that a setting does not allow leaves its symbol free."""
    for name, arg in SETTINGS.items():
        value = getattr(settings, name)
        if arg.type.symbols(value) & known.keys():
            try:
                bound = arg.type.parse(arg.type.print(arg.type.bind(value, dict(known))))
            except (ParseError, ArithmeticError):
                continue
            settings = settings._replace(**{name: bound})
    return settings


def resolved(bindings: dict[str, Size]) -> dict[str, Size]:
    """Bindings put into each other (``let k = 2*n``).

    What goes in a circle, leans on a circle or cannot be computed is left out: its symbol stays free.
    """
    known: dict[str, Size] = {}
    waiting = {name: symbols(value) & bindings.keys() for name, value in bindings.items()}
    readers: dict[str, list[str]] = {}
    for name, needed in waiting.items():
        for other in needed:
            readers.setdefault(other, []).append(name)
    ready = [name for name, needed in waiting.items() if not needed]
    missing = {name: len(needed) for name, needed in waiting.items()}
    while ready:
        name = ready.pop()
        try:
            known[name] = bind(bindings[name], {other: known[other] for other in waiting[name]})
        except ArithmeticError:
            continue
        for reader in readers.get(name, ()):
            missing[reader] -= 1
            if not missing[reader]:
                ready.append(reader)
    return known


def free_symbols(lines: Iterable[Line], bindings: Mapping[str, Size]) -> dict[str, Size | None]:
    """Every symbol of the layers in order of appearance, then those that only bindings have (``let n = 2*m``), with
    its value or None where it is free."""
    seen: dict[frozenset[str], None] = {}
    specs: dict[int, Spec] = {id(line.spec): line.spec for line in lines if line.spec is not None}
    for spec in specs.values():
        seen.setdefault(spec.symbols())
    for line in lines:
        if line.repeat is not None:
            seen.setdefault(symbols(line.repeat.times))
        for name, value in line.setting or ():
            seen.setdefault(SETTINGS[name].type.symbols(value))
    found: dict[str, Size | None] = {}
    for names in seen:
        for name in sorted(names):
            found.setdefault(name, bindings.get(name))
    for name, value in bindings.items():
        found.setdefault(name, value)
    for value in bindings.values():
        for name in sorted(symbols(value)):
            found.setdefault(name, bindings.get(name))
    return found


def layer_lines(lines: Iterable[Line]) -> Iterator[Line]:
    """The lines that are layers."""
    return (line for line in lines if line.spec is not None)
