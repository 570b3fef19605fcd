"""A document in the making: the lines that a reader writes, each computed at once.

A reader never takes a stored shape for a result; where a framework's rule needs to know a shape (is this
input batched? how many axes has it?), it is the one that the lines above give.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from tui.core.errors import ParseError
from tui.core.network import Line, Source, Spec
from tui.core.result import Result, compute
from tui.core.settings import SETTINGS, Settings
from tui.core.tensor import Shape, Tensor
from tui.formats.frameworks.repeats import without_repeats, without_twins
from tui.formats.frameworks.words import FrameworkError, shown, spec_of
from tui.formats.line import parse_line, print_code
from tui.formats.statements import print_settings

_NOT_IN_NAMES: Final = re.compile(r"[^\w./-]+")
_SPACE: Final = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069#]+")
_MOST_SHOWN: Final = 200


class Draft:
    """Lines with their results, by the names of the layers.

    ``framework`` is the one whose model is read: what our rules only warn of, because another takes it, is
    an error where that is the framework that refuses.
    """

    def __init__(self, framework: str, **settings: Any) -> None:
        self.framework = framework
        self.settings = Settings()._replace(**settings)
        given = [(name, value) for name, value in settings.items() if value != SETTINGS[name].default]
        self.lines: list[Line] = [parse_line(print_settings(given)), parse_line("")] if given else []
        self._results: dict[str, Result | None] = {}
        self._specs: dict[str, Spec] = {}
        self._numbers: dict[str, int] = {}

    def free_name(self, wanted: str) -> str:
        """A name that our grammar allows and no layer has, as near to the wanted one as can be."""
        name = _NOT_IN_NAMES.sub("_", wanted).strip("_") or "layer"
        name = f"layer{name}" if name.isdecimal() else name
        free, number = name, self._numbers.get(name, 2)
        while free in self._results:
            free, number = f"{name}_{number}", number + 1
            self._numbers[name] = number  # of a thousand layers of one name none starts from 2 again
        return free

    def result(self, source: Source) -> Result | None:
        """The result of a layer; None where it is refused or waits."""
        return self._results.get(source.name)

    def tensors(self, sources: Sequence[Source]) -> list[Tensor] | None:
        """What the sources give; None where one of them gives nothing."""
        found = []
        for name, output in sources:
            result = self._results.get(name)
            if result is None or output >= len(result.outputs):
                return None
            found.append(result.outputs[output])
        return found

    def shapes(self, sources: Sequence[Source]) -> list[Shape] | None:
        """The whole shapes of the sources; None where one of them gives nothing."""
        tensors = self.tensors(sources)
        return None if tensors is None else [tensor.shape for tensor in tensors]

    def layer(
        self,
        name: str,
        class_name: str,
        args: Mapping[str, Any],
        sources: Sequence[Source] = (),
        check: Callable[[Result], None] | None = None,
    ) -> Source:
        """Write a layer and compute it. ``check`` may raise FrameworkError at what comes out.

        What a framework objects to becomes a line that is marked and keeps the message as its note.
        """
        free = self.free_name(name)
        try:
            spec = spec_of(class_name, args)
            fewest, most = spec.kind.inputs
            if len(sources) < fewest or (most is not None and len(sources) > most):
                raise FrameworkError(f"{class_name} reads {_range(fewest, most)} tensors, it is given {len(sources)}")
            sources = without_twins(spec.kind, sources)
            tensors = self.tensors(sources)
            result = None
            if tensors is not None:
                result = compute(spec.kind.make(spec.args, self.settings), tuple(tensors))
                if result.status == "warning":
                    self._heed(class_name, result.message or "")
                if check is not None and result.status != "error":
                    check(result)
                spec = without_repeats(spec, result, tensors, self.settings)
        except FrameworkError as objection:
            return self.refused(free, class_name, args, sources, objection.message)
        return self._written(free, spec, sources, result)

    def has_weights(self, name: str) -> bool:
        """Whether a layer has weights of its own."""
        result = self._results.get(name)
        return result is not None and bool(result.weights)

    def first_line(self, name: str, class_name: str, args: Mapping[str, Any], note: str) -> None:
        """Write a layer that reads nothing above all others, with a note."""
        source = self.layer(name, class_name, args)
        line = self.lines.pop()
        after_settings = next((i for i, one in enumerate(self.lines) if one.is_layer), len(self.lines))
        self.lines.insert(after_settings, parse_line(f"{line.code}  # {note}") if line.error is None else line)
        self._specs.pop(source.name, None)

    def _heed(self, class_name: str, warning: str) -> None:
        for remark in warning.split("; "):
            if self.framework in remark and "refuse" in remark:
                raise FrameworkError(f"{class_name}: {remark}")

    def again(self, name: str, first: Source, sources: Sequence[Source]) -> Source:
        """Write another call of a layer, with the weights of the first."""
        free, spec = self.free_name(name), self._specs.get(first.name)
        if spec is None:
            message = f"{first.name} is refused, and so are its other calls"
            return self.refused(free, "call", {"layer": first.name}, sources, message)
        tensors = self.tensors(sources)
        result = None if tensors is None else compute(spec.kind.make(spec.args, self.settings), tuple(tensors))
        return self._written(free, spec_of("call", {"layer": first.name}), sources, result)

    def _written(self, free: str, spec: Spec, sources: Sequence[Source], result: Result | None) -> Source:
        self._results[free] = None if result is None or result.status == "error" else result
        self._specs[free] = spec
        above = self.lines[-1].name if self.lines else None
        shown_sources = () if spec.kind.inputs[0] == 1 and len(sources) == 1 and sources[0] == (above, 0) else sources
        self.lines.append(parse_line(print_code(spec, free, shown_sources, False)))
        return Source(free)

    def refused(
        self, name: str, class_name: str, args: Mapping[str, Any], sources: Sequence[Source], message: str
    ) -> Source:
        """Write a layer that is not read: its text as near as can be, marked, with the message as its note."""
        free = self.free_name(name)
        words = [f"{free}:", class_name, *(f"{key}={shown(value)}" for key, value in args.items())]
        code = " ".join(_SPACE.sub("", word) for word in words)[:_MOST_SHOWN]
        code = " ".join([code, *map(str, sources)])
        note = "# " + _SPACE.sub(" ", message)
        self._results[free] = None
        error = ParseError(message, (0, len(code)))
        self.lines.append(Line(f"{code}  {note}", None, free, tuple(sources), error=error, note=note))
        return Source(free)


def _range(fewest: int, most: int | None) -> str:
    """How many, in words."""
    if most is None:
        return f"{fewest} or more"
    return str(fewest) if fewest == most else f"{fewest} to {most}"
