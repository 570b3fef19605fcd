"""Padding in front of a layer that is the padding of that layer.

Keras's convolutions and pools have no padding in numbers, so that the writer puts a ZeroPadding in front of them. Other
models have such layers too, and keep them as lines of their own: only those that carry the writer's mark in their name
are taken in. In PyTorch it is the call of a function in front of a convolution that pads two ends of an axis unlike.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Final

from tui.core.network import Line, Source, Spec
from tui.core.result import compute
from tui.formats.frameworks.draft import Draft
from tui.formats.line import parse_line, print_code
from tui.formats.spec import spec_code

MARK: Final = "_padding"
"""What follows the name of a layer in the name of the layer that pads its input."""
ZEROS: Final = frozenset(("conv", "depthwise", "separable"))
"""Kinds whose own padding is zeros."""
PADDED: Final = ZEROS | {"maxpool", "avgpool", "lppool"}


def is_marked(pad: str, padded: str) -> bool:
    """Whether a layer carries the mark of the padding of another one."""
    return pad == f"{padded}{MARK}"


def joined_padding(
    draft: Draft, belongs: Callable[[str, str], bool] = is_marked, kinds: frozenset[str] = PADDED
) -> list[Line]:
    """The lines of a draft, with padding that ``belongs`` to the line below (by the names of both) as its padding."""
    readers = Counter(source.name for line in draft.lines for source in _sources(line))
    lines: list[Line] = []
    for line in draft.lines:
        above = lines[-1] if lines else None
        made = None
        if above is not None and above.name is not None and line.name is not None:
            alone = readers[above.name] == len(line.sources)
            made = _joined(draft, above, line, kinds) if alone and belongs(above.name, line.name) else None
        if made is None:
            lines.append(line)
        else:
            lines[-1] = made
    return lines


def _sources(line: Line) -> Iterable[Source]:
    return line.sources if line.is_layer else ()


def _joined(draft: Draft, pad: Line, line: Line, kinds: frozenset[str]) -> Line | None:
    """One line for both; None where they are not a layer and its padding."""
    if line.spec is None or pad.spec is None or line.name is None or pad.name is None:
        return None
    if pad.spec.kind.name != "pad" or pad.spec.args.keys() != {"padding"} or line.spec.kind.name not in kinds:
        return None
    if line.sources not in ((), (Source(pad.name),)) or "padding" in line.spec.args:
        return None
    ends = pad.spec.args["padding"]
    alike = isinstance(ends, tuple) and len(set(ends)) == 1 and not isinstance(ends[0], tuple)
    padding = ends[0] if alike else ends
    args = {**line.spec.args, "padding": padding}
    spec = Spec(line.spec.kind, args, spec_code(line.spec.kind, args))
    if not _is_the_same(draft, pad.name, line.name, spec):
        return None
    return parse_line(print_code(spec, line.name, pad.sources, False))


def _is_the_same(draft: Draft, pad: str, name: str, spec: Spec) -> bool:
    """Whether a layer of the unpadded input gives what it gave of the padded one."""
    padded, found = draft.result(Source(pad)), draft.result(Source(name))
    if padded is None or found is None:
        return False
    again = compute(spec.kind.make(spec.args, draft.settings), padded.inputs)
    return again.status != "error" and (again.outputs, again.weights) == (found.outputs, found.weights)
