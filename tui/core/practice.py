"""Practice: the questions that a network asks a student, and whether an answer is right.

An answer is a tuple of sizes: a shape without its batch, a count alone, or the receptive field, one size
for all axes or one for each.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator
from typing import NamedTuple

from tui.core.practice_fields import field_slips
from tui.core.practice_macs import macs_slips
from tui.core.practice_params import params_slips
from tui.core.practice_shapes import shape_slips
from tui.core.practice_slip import Case, Slip
from tui.core.result import Result
from tui.core.size import Size, bind
from tui.core.snapshot import Snapshot

SHAPE, PARAMS, MACS, FIELD = PARTS = ("shape", "params", "macs", "field")
"""What can be asked of a layer, in the order it is asked."""
INTERESTING, ONCE, ALL = LAYERS = ("interesting", "once", "all")
"""Which layers are asked: those with something to compute, equal ones once; also the others, once a kind; all."""


class Question(NamedTuple):
    """One question: the ``part`` (of PARTS) of the layer in a row."""

    row: int
    part: str


class Judgement(NamedTuple):
    """Whether an answer is right, and else the slips that lead to it, the likeliest alone; none if none does."""

    right: bool
    slips: tuple[Slip, ...] = ()


def questions(
    snapshot: Snapshot,
    parts: Collection[str] = (SHAPE, PARAMS),
    layers: str = INTERESTING,
    seed: int | None = None,
    most: int | None = None,
) -> list[Question]:
    """The questions about the layers that have an answer, in the order of the list; with a ``seed`` mixed.

    The questions of one layer stay together. Of a repeated block the first copy is asked, and no more
    than ``most`` questions where that is given.
    """
    seen: set[object] = set()
    groups = []
    for row in snapshot.shown:
        result = snapshot.result(row)
        if result is None or not _has_answers(snapshot, row, result):
            continue
        asked = [part for part in PARTS if part in parts and _asked(snapshot, row, result, part, layers, seen)]
        if asked:
            groups.append([Question(row, part) for part in asked])
    if seed is not None:
        random.Random(seed).shuffle(groups)
    return [question for group in groups for question in group][:most]


def expected(snapshot: Snapshot, question: Question) -> tuple[Size, ...]:
    """The right answer."""
    result = snapshot.result(question.row)
    assert result is not None
    if question.part == SHAPE:
        return result.outputs[0].shape[1:]
    if question.part == FIELD:
        field = snapshot.field(question.row)
        return () if field is None else field.sizes()
    return (result.counts.params if question.part == PARAMS else result.counts.macs,)


def judge(snapshot: Snapshot, question: Question, answer: tuple[Size, ...]) -> Judgement:
    """Compare an answer with the right one, as polynomials; a wrong one is taken apart into slips.

    Symbols that have a value may stand for it.
    """
    answer = tuple(_with_values(size, snapshot) for size in answer)
    want = expected(snapshot, question)
    result = snapshot.result(question.row)
    assert result is not None
    if answer == want or _is_right_otherwise(result, question.part, answer, want):
        return Judgement(True)
    case = Case(snapshot, question.row, result, want, answer)
    find = {SHAPE: shape_slips, PARAMS: params_slips, MACS: macs_slips, FIELD: field_slips}[question.part]
    try:
        return Judgement(False, find(case))
    except ArithmeticError:  # a slip in symbols may come to no number
        return Judgement(False)


def _with_values(size: Size, snapshot: Snapshot) -> Size:
    try:
        return bind(size, snapshot.facts.bindings)
    except ArithmeticError:  # n//(n - 8) with n = 8: no number, so no answer either
        return size


def _is_right_otherwise(result: Result, part: str, answer: tuple[Size, ...], want: tuple[Size, ...]) -> bool:
    """Other ways to write the same: a shape with its batch, one number for a field that is the same on all axes."""
    if part == SHAPE:
        return answer == result.outputs[0].shape
    return part == FIELD and len(answer) == 1 and set(answer) == set(want)


def _has_answers(snapshot: Snapshot, row: int, result: Result) -> bool:
    """Whether something is computed here: not where an input, a constant or an unknown operation is as given."""
    computed = result.kind is not None and bool(result.outputs) and result.status in ("ok", "warning")
    return computed and bool(result.inputs) and bool(snapshot.sources(row))


def _asked(snapshot: Snapshot, row: int, result: Result, part: str, layers: str, seen: set[object]) -> bool:
    if not _exists(snapshot, row, part):
        return False
    if layers == ALL:
        return True
    kind = type(result.kind)
    if not _is_plain(snapshot, row, result, part):
        # Equal layers on equal inputs have one result; their receptive fields are another matter.
        key = (id(result), part, expected(snapshot, Question(row, part)))
        return _first(key, seen) if layers == INTERESTING else True
    return layers == ONCE and _first((kind, part), seen)


def _first(key: object, seen: set[object]) -> bool:
    found = key not in seen
    seen.add(key)
    return found


def _exists(snapshot: Snapshot, row: int, part: str) -> bool:
    if part != FIELD:
        return True
    field = snapshot.field(row)
    return field is not None and bool(field.axes) and field.aligned and not field.whole


def _is_plain(snapshot: Snapshot, row: int, result: Result, part: str) -> bool:
    """Whether the answer goes without computing: the shape or field of the input, no weights, no work."""
    same_shape = any(tensor.shape == result.outputs[0].shape for tensor in result.inputs)
    if part == SHAPE:
        # A padded convolution or a dense layer may keep the shape too, but that is to be computed.
        passed_on = result.outputs[0] is result.inputs[0]
        return same_shape and (passed_on or not (result.weights or result.reach))
    if part == PARAMS:
        return not result.weights and same_shape and not result.reach
    if part == MACS:
        return result.counts.macs == 0
    return expected(snapshot, Question(row, part)) in _fields_before(snapshot, row)


def _fields_before(snapshot: Snapshot, row: int) -> Iterator[tuple[Size, ...]]:
    for source in snapshot.sources(row):
        field = snapshot.field(source)
        if field is not None:
            yield field.sizes()
