"""The document that a Keras model becomes: its own names first, and a report of what is not as in the file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from tui.core.errors import FileError
from tui.core.layer_name import NAME
from tui.core.network import Source
from tui.core.size import same
from tui.core.tensor import Tensor
from tui.formats.escape import visible
from tui.formats.frameworks.draft import Draft
from tui.formats.frameworks.words import is_whole, sizes_shown
from tui.formats.imported import Notice, Progress
from tui.formats.line import MAX_LINE

MOST_LINES: Final = 50_000
"""So many lines are written; a model that calls models may be a small file and yet have no end."""
MOST_NOTICES: Final = 200
LONGEST_NAME: Final = 120
_NOT_IN_NAMES: Final = re.compile(r"[^\w./-]+")
_STEP: Final = 64
"""Every so many lines the progress is told."""
_JOINED: Final = frozenset(("Add", "Multiply", "Maximum", "Minimum", "Concatenate", "add", "multiply", "concat"))


class KerasDraft(Draft):
    """Lines that keep the names of the model: what this reader adds takes names that no layer of the model has."""

    def __init__(self, own: Iterable[str], total: int, progress: Progress, **settings: Any) -> None:
        super().__init__("Keras", **settings)
        self.notices: list[Notice] = []
        self.more = 0
        """Notices beyond those that are kept."""
        self._own = {name for name in own if _is_legal(name)}
        self._total = total
        self._progress = progress
        self._written_lines = 0
        self._told = 0

    def claim(self, wanted: str, again: bool = False) -> str:
        """The name of a layer of the model: its own where our grammar allows it, else one as near as can be.

        ``again`` says that it is another call of a layer that has the name.
        """
        self.count()
        if again:
            return self.free_name(wanted)
        if wanted in self._own and wanted not in self._results:
            self._own.discard(wanted)
            return wanted
        name = self.free_name(wanted)
        self.note("renamed", wanted, f"is called {name} here")
        return name

    def count(self, work: int = 1) -> None:
        """Count one more line, or as much work; raises FileError where it gets too much."""
        self._written_lines += work
        if self._written_lines > MOST_LINES:
            raise FileError(f"this model comes to more than {MOST_LINES:,} layers, the most that are read")
        if self._written_lines >= self._told + _STEP:
            self._told = self._written_lines
            self._progress(min(self._told, self._total), self._total)

    def free_name(self, wanted: str) -> str:
        """A name that our grammar allows and that no layer of the model has."""
        if wanted in self._results or wanted in self._own or not _is_legal(wanted):
            wanted = legal(wanted)
        if wanted not in self._results and wanted not in self._own:
            return wanted
        number = self._numbers.get(wanted, 2)
        while (free := f"{wanted}_{number}") in self._results or free in self._own:
            number += 1
        self._numbers[wanted] = number + 1
        return free

    def note(self, grade: str, place: str, text: str) -> None:
        """Add to the report."""
        if len(self.notices) >= MOST_NOTICES:
            self.more += 1
            return
        self.notices.append(Notice(grade, clean(place[:LONGEST_NAME]), clean(text[:500])))

    def refused(
        self, name: str, class_name: str, args: Mapping[str, Any], sources: Sequence[Source], message: str
    ) -> Source:
        message = clean(message[:500])
        made = super().refused(name, word_of(class_name), args, sources, message)
        self.note("refused", made.name, message)
        return made

    def again(self, name: str, first: Source, sources: Sequence[Source]) -> Source:
        spec = self._specs.get(first.name)
        if spec is not None:
            fewest, most = spec.kind.inputs
            if not fewest <= len(sources) <= (len(sources) if most is None else most):
                message = f"another call of {first.name} is given {len(sources)} tensors"
                return self.refused(name, "call", {"layer": first.name}, sources, message)
        return super().again(name, first, sources)

    def joined(self, name: str, class_name: str, args: Mapping[str, Any], sources: Sequence[Source]) -> list[Source]:
        """The sources of a merging layer; those that do not fit in a line are merged in parts first."""
        length = sum(len(str(source)) + 1 for source in sources)
        if class_name not in _JOINED or length < MAX_LINE - 200:
            return list(sources)
        parts, part, room = [], [], MAX_LINE // 2
        for source in sources:
            part.append(source)
            if len(part) > 1 and sum(len(str(one)) + 1 for one in part) > room:
                parts.append(self.layer(f"{name}.part", class_name, args, part))
                part = []
        parts += part if len(part) < 2 else [self.layer(f"{name}.part", class_name, args, part)]
        return self.joined(name, class_name, args, parts)

    def compare(self, place: str, what: str, stated: Any, found: Sequence[Tensor] | None, output: int = 0) -> None:
        """Note where a shape that the file states is another one than ours. The stated one is never used."""
        if not isinstance(stated, list) or found is None or output >= len(found):
            return
        shape = found[output].shape
        if len(shape) == len(stated) and all(
            not is_whole(size) or same(size, ours) is not False for size, ours in zip(stated, shape, strict=True)
        ):
            return
        if not all(size is None or is_whole(size) for size in stated) or any(len(str(size)) > 40 for size in stated):
            return
        told = "(" + ", ".join("None" if size is None else str(size) for size in stated) + ")"
        self.note("differs", place, f"the file states {what} {told}, computed is {sizes_shown(shape)}")


def clean(text: str) -> str:
    """A text of a file in one line, with what cannot be seen written out."""
    shown = visible(text)
    return shown if shown.isprintable() else "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in shown)


def word_of(class_name: str) -> str:
    """The name of a class as one word of a line."""
    return "".join(c if c.isalnum() or c in "_./:<>-" else "_" for c in class_name[:80]) or "layer"


def _is_legal(name: str) -> bool:
    return (
        len(name) <= LONGEST_NAME
        and NAME.fullmatch(name) is not None
        and not name.isdecimal()
        and name != "off"
        and any(map(str.isalnum, name))
    )


def legal(wanted: str) -> str:
    """A name that our grammar allows, as near to the wanted one as can be."""
    name = _NOT_IN_NAMES.sub("_", wanted[: 4 * LONGEST_NAME])[:LONGEST_NAME].strip("_") or "layer"
    return name if _is_legal(name) else f"layer_{name}"[:LONGEST_NAME] if any(map(str.isalnum, name)) else "layer"
