"""What the layers of a network ask of its symbols: combinations that answer all of it alike fit alike.

The rules compare sizes with ``at_least`` and ``same``; where symbols leave an answer open, the rules go on as if
all were well. Each open answer is a difference whose sign depends on the values. Two combinations under which
all of these differences have the same signs take the same way through every rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

from tui.core.argument import Arg
from tui.core.errors import LayersheetError
from tui.core.expression import MAX_NUMBER
from tui.core.repeat import expand
from tui.core.settings import SETTINGS
from tui.core.size import Poly, Size, open_questions, symbols
from tui.core.snapshot import Snapshot
from tui.core.sweep import Measure, SweepError, UnboundError, failure
from tui.core.sweep_formula import divisors

MOST_QUESTIONS: Final = 400


class Formula(NamedTuple):
    """The sizes that are asked for, and what decides where they hold: differences that are at least 0 or not,
    and sizes that are 0 or not. ``least`` says which of the sizes are lower bounds."""

    sizes: tuple[Size, ...]
    signs: tuple[Size, ...]
    zeros: tuple[Size, ...]
    least: tuple[bool, ...]


class NoFormulaError(SweepError):
    """There is no formula that holds for the combinations; the message says why."""


def formula_of(snapshot: Snapshot, names: frozenset[str], measures: Iterable[Measure]) -> Formula:
    """The formula of a network whose swept symbols are free.

    Raises UnboundError where a measure depends on other free symbols too, NoFormulaError where the network as
    it stands has an error, or what it asks of its symbols cannot be told.
    """
    wrong = failure(snapshot)
    if wrong is not None:
        raise NoFormulaError(f"with {', '.join(sorted(names))} open, {wrong[0]}: {wrong[1]}")
    chosen = list(measures)
    sizes = [measure.of(snapshot) for measure in chosen]
    for measure, size in zip(chosen, sizes, strict=True):
        others = symbols(size) - names
        if others:
            raise UnboundError(measure.name, sorted(others))
    least = tuple(not measure.complete(snapshot) for measure in chosen)
    if any(least) and (snapshot.totals.complete or _too_long(snapshot)):
        raise NoFormulaError("the formula is too long to be written out")
    asked = {size for size in _asked(snapshot) if symbols(size) & names}
    if any(symbols(size) - names for size in asked):
        raise NoFormulaError("other symbols without a value take part in whether the layers fit")
    ones = {size - 1 for size in _plain_sizes(snapshot) if isinstance(size, Poly) and symbols(size) <= names}
    zeros = divisors([*sizes, *asked]) | {size for size in ones if isinstance(size, Poly)}
    if len(asked) + len(zeros) > MOST_QUESTIONS:
        raise NoFormulaError("whether the layers fit depends on too many conditions")
    order = sorted(asked, key=str)
    return Formula(tuple(sizes), tuple(order), tuple(sorted(zeros, key=str)), least)


def _too_long(snapshot: Snapshot) -> bool:
    """Whether the totals miss more than the layers of which nothing is known."""
    inference = snapshot.inference
    missing: Size = 0
    for row, result in enumerate(inference.results()):
        if result is not None:
            missing = missing + result.counts.missing * inference.counted(row)
    return missing != inference.counts().missing


def _asked(snapshot: Snapshot) -> set[Size]:
    """The differences that decide: asked by the rules, by the ranges of arguments, and by the counts of blocks."""
    distinct = {id(r): r for r in snapshot.inference.results() if r is not None and r.kind is not None}
    arguments = list(_arguments(snapshot))
    try:
        with open_questions() as asked:
            expand(snapshot.lines, snapshot.facts.bindings)
            for arg, value in arguments:
                arg.type.parse(arg.type.print(value))
            for result in distinct.values():
                if result.kind is not None:
                    outputs = result.kind.output(result.inputs)
                    result.kind.weights(result.inputs)
                    result.kind.work(result.inputs, outputs)
    except (LayersheetError, ArithmeticError) as error:
        raise NoFormulaError(f"the rules of the layers do not run on symbols: {error}") from None
    # A larger number is refused where it is an argument.
    asked |= {MAX_NUMBER - size for arg, value in arguments for size in arg.type.sizes(value)}
    return {size for size in asked if isinstance(size, Poly)}


def _arguments(snapshot: Snapshot) -> Iterator[tuple[Arg, Any]]:
    """The arguments of layers, and the settings, that hold symbols."""
    for name, arg in SETTINGS.items():
        value = getattr(snapshot.settings, name)
        if arg.type.symbols(value):
            yield arg, value
    kinds = {id(r.kind): r.kind for r in snapshot.inference.results() if r is not None and r.kind is not None}
    for kind in kinds.values():
        for arg in kind.all_args():
            if arg.name in kind.given and arg.type.symbols(value := getattr(kind, arg.name)):
                yield arg, value


def _plain_sizes(snapshot: Snapshot) -> set[Size]:
    """The sizes of axes and arguments: a 1 among them stretches, or stands for none."""
    found = {size for arg, value in _arguments(snapshot) for size in arg.type.sizes(value)}
    for result in snapshot.inference.results():
        if result is not None:
            found.update(size for tensor in (*result.inputs, *result.outputs) for size in tensor.shape)
    return found
