"""Squeeze and excitation as the writers of Keras and PyTorch spell it out: one line again.

The writers name its parts after the layer, and only parts so named are taken together: what a model has under names
of its own stays a line each.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from tui.core.network import Line, Source, Spec
from tui.core.result import compute
from tui.formats.frameworks.draft import Draft
from tui.formats.frameworks.renaming import renamed
from tui.formats.line import parse_line, print_code
from tui.formats.spec import spec_code
from tui.layers import KINDS


class Spelling(NamedTuple):
    """The kinds of the parts in their order, what the two with weights are called, and which they are.

    ``keeps_name`` says that the last part is called as the layer.
    """

    kinds: tuple[str, ...]
    reduce: str
    expand: str
    places: tuple[int, int]
    keeps_name: bool


KERAS: Final = Spelling(("globalavgpool", "conv", "conv", "multiply"), "_reduce", "_expand", (1, 2), True)
PYTORCH: Final = Spelling(
    ("globalavgpool", "dense", "relu", "dense", "sigmoid", "unsqueeze", "multiply"), ".reduce", ".expand", (1, 3), False
)


def joined_excitation(draft: Draft, lines: Sequence[Line], spelling: Spelling) -> list[Line]:
    """The lines with each squeeze and excitation as one."""
    if not any(line.name is not None and line.name.endswith(spelling.reduce) for line in lines):
        return list(lines)
    readers = Counter(source.name for line in lines for source in line.sources)
    made: list[Line] = []
    names: dict[str, str] = {}
    place, size = 0, len(spelling.kinds)
    while place < len(lines):
        one = _joined(draft, lines[place : place + size], made, readers, spelling)
        if one is None:
            made.append(renamed(lines[place], names))
            place += 1
            continue
        line, last = one
        made.append(renamed(line, names))
        names[last] = str(line.name)
        place += size
    return made


def _joined(
    draft: Draft, parts: Sequence[Line], above: Sequence[Line], readers: Mapping[str, int], spelling: Spelling
) -> tuple[Line, str] | None:
    """The one line for these, and the name of the last of them; None where they are something else."""
    specs = [part.spec for part in parts if part.spec is not None]
    names = [part.name for part in parts if part.name is not None]
    if tuple(spec.kind.name for spec in specs) != spelling.kinds or len(names) != len(parts):
        return None
    first, second = (parts[i] for i in spelling.places)
    name = names[spelling.places[0]].removesuffix(spelling.reduce)
    wanted = (f"{name}{spelling.reduce}", f"{name}{spelling.expand}")
    if (first.name, second.name) != wanted or (spelling.keeps_name and names[-1] != name):
        return None
    x = parts[0].sources or tuple(Source(line.name) for line in above[-1:] if line.name is not None)
    if parts[-1].sources != (*x, Source(names[-2])) or any(part.sources for part in parts[1:-1]):
        return None
    if any(readers[part] for part in names[:-2]) or readers[names[-2]] != 1:
        return None
    squeeze: Any = specs[spelling.places[0]].args.get("filters", specs[spelling.places[0]].args.get("units"))
    kind = KINDS["squeezeexcitation"]
    bias = specs[spelling.places[0]].args.get("bias", draft.settings.bias)
    args = {"squeeze": squeeze, **({} if bias else {"bias": False})}
    spec = Spec(kind, args, spec_code(kind, args))
    if not _is_the_same(draft, spec, x, names):
        return None
    return parse_line(print_code(spec, name, parts[0].sources, False)), names[-1]


def _is_the_same(draft: Draft, spec: Spec, x: Sequence[Source], names: Sequence[str]) -> bool:
    """Whether the one layer gives and counts what its parts do."""
    tensors, results = draft.tensors(x), [draft.result(Source(name)) for name in names]
    if tensors is None or None in results:
        return False
    found = [result for result in results if result is not None]
    again = compute(spec.kind.make(spec.args, draft.settings), tuple(tensors))
    totals = [sum(getattr(result.counts, count) for result in found) for count in ("params", "trainable", "macs")]
    ours = [again.counts.params, again.counts.trainable, again.counts.macs]
    return again.status != "error" and again.outputs == found[-1].outputs and ours == totals
