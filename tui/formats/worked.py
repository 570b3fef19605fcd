"""The worked solution of a network: for each layer the rule, the rule with its numbers and the value; then the sums.

The steps are the workings of ``core.explain``, so what is written here is the arithmetic that was done.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from tui.core.explain import explain
from tui.core.result import Counts, Result
from tui.core.size import Size, text
from tui.core.snapshot import Snapshot
from tui.core.training import ASSUMPTIONS, OPTIMIZERS, workings
from tui.core.working import Working
from tui.formats.columns import count_text, out_text
from tui.formats.escape import code_span, markdown, visible

WIDTH: Final = 100
LEGEND: Final = (
    "N is the batch, or the first axis of a tensor that has none; H, W and C are height, width and channels of the "
    "input (D is a depth, L a length, C an only axis too), with a 2 those of a second input, with a prime those of the "
    "output. k is the kernel, s the stride, d the dilation, p the padding, with H or W behind it along that axis; r "
    "and j are the receptive field and the jump before the layer; #3 is layer 3, bytes the size of one value. Other "
    "words are arguments and weights of the layer. floor rounds down, ceil rounds up. One MAC is two FLOPs."
)
INFERENCE: Final = (
    "the inputs and outputs of a layer are live while it runs, and a tensor that a later layer reads until then",
    "nothing runs in place; weights and the workspace of the kernels are not counted",
)


_INCOMPLETE: Final = (
    "layers with an error or of an unknown operation, and those that wait for them, are not in the sums: the totals "
    "are at least this"
)
_LARGE: Final = re.compile(r"(?<![\w#.,])\d{4,}(?![\w.])", re.ASCII)


class Steps(NamedTuple):
    """One equation: the name, then terms that all equal it; the last one is the value."""

    name: str
    terms: tuple[str, ...]
    note: str = ""


class Part(NamedTuple):
    """Equations under a title; ``remarks`` say in words what no sum says."""

    title: str
    steps: tuple[Steps, ...] = ()
    remarks: tuple[str, ...] = ()


class Chapter(NamedTuple):
    """A layer, or the totals: a title in words, the line that it is about, and its parts."""

    title: str
    line: str
    parts: tuple[Part, ...]


def as_text(snapshot: Snapshot, row: int | None = None, width: int = WIDTH) -> str:
    """The worked solution as plain text, ``width`` cells wide; of one layer only where ``row`` is given."""
    blocks = [] if row is not None else [textwrap.fill(LEGEND, width)]
    return "\n\n".join([*blocks, *(_chapter_text(chapter, width) for chapter in chapters(snapshot, row))]) + "\n"


def memory_as_text(snapshot: Snapshot) -> str:
    """The memory of inference and of training as plain text."""
    inference = Chapter("Inference memory in bytes", "", (Part("At once", (_peak(snapshot),), INFERENCE),))
    return "\n\n".join(map(_chapter_text, (inference, memory_of_training(snapshot)))) + "\n"


def _chapter_text(chapter: Chapter, width: int = WIDTH) -> str:
    lines = [f"{chapter.title}: {visible(chapter.line)}" if chapter.line else chapter.title]
    for part in chapter.parts:
        lines.append(f"  {part.title}")
        for steps in part.steps:
            lines.extend(f"    {line}" for line in _equation(steps, width - 4))
        for remark in part.remarks:
            indent = "    "
            lines.append(
                textwrap.fill(
                    visible(remark), width - 4, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False
                )
            )
    return "\n".join(lines)


def _equation(steps: Steps, width: int) -> Iterator[str]:
    """``name = term = term`` in one line where it fits, else a line for each term, the signs below each other."""
    tail = f"  ({steps.note})" if steps.note else ""
    whole = " = ".join((steps.name, *steps.terms)) + tail
    if len(whole) <= width:
        yield whole
        return
    for i, term in enumerate(steps.terms):
        lead = f"{steps.name if i == 0 else ' ' * len(steps.name)} = "
        shown = term + (tail if i == len(steps.terms) - 1 else "")
        yield from textwrap.wrap(
            shown, width, initial_indent=lead, subsequent_indent=" " * len(lead), break_long_words=False
        )


def as_markdown(snapshot: Snapshot, row: int | None = None) -> str:
    """The worked solution in Markdown; of one layer only where ``row`` is given."""
    blocks = [] if row is not None else [LEGEND]
    for chapter in chapters(snapshot, row):
        blocks.append(f"## {chapter.title}" + (f": {code_span(chapter.line)}" if chapter.line else ""))
        for part in chapter.parts:
            items = [_item(steps) for steps in part.steps] + [f"- {markdown(r)}" for r in part.remarks]
            blocks += [f"**{part.title}**", "\n".join(items)]
    return "\n\n".join(blocks) + "\n"


def _item(steps: Steps) -> str:
    *before, value = steps.terms
    equation = " = ".join([code_span(steps.name), *map(code_span, before), f"**{markdown(value)}**"])
    return f"- {equation}" + (f" ({markdown(steps.note)})" if steps.note else "")


def chapters(snapshot: Snapshot, row: int | None) -> Iterator[Chapter]:
    """What the solution is made of: each layer and the totals, or the layer of one line."""
    rows = snapshot.shown if row is None else [row]
    for one in rows:
        number = snapshot.number(one)
        if number is not None or snapshot.lines[one].repeat is not None:
            title = "Block" if number is None else f"Layer {number}"
            yield Chapter(title, snapshot.lines[one].code, tuple(_parts(snapshot, one)))
    if row is None:
        yield Chapter("Totals", "", tuple(_totals(snapshot)))
        yield memory_of_training(snapshot)


def _parts(snapshot: Snapshot, row: int) -> Iterator[Part]:
    result = snapshot.result(row)
    if result is None:
        yield Part("Skipped", remarks=("this layer is switched off; its readers read what is above it",))
        return
    explanation = explain(snapshot, row)
    if result.kind is None and not result.outputs:
        yield Part("Waiting" if result.status == "waiting" else "Error", remarks=explanation.notes)
        return
    yield _shape(snapshot, row, result, explanation.output)
    for title, steps in (
        ("Parameters", [_steps(w) for w in explanation.params]),
        ("Operations", [_steps(w) for w in explanation.macs]),
        ("Memory", [_steps(w._replace(label=f"bytes of {w.label}")) for w in explanation.memory]),
        ("Receptive field", [_steps(w) for w in explanation.field]),
    ):
        if steps:
            yield Part(title, tuple(steps))
    if explanation.notes:
        yield Part("Remarks", remarks=explanation.notes)


def _shape(snapshot: Snapshot, row: int, result: Result, workings: tuple[Working, ...]) -> Part:
    shown = out_text(result)
    if result.kind is None:
        return Part("Output shape", remarks=(f"{shown}, that of the last copy",))
    if result.status == "opaque":
        return Part("Output shape", remarks=(f"{shown}, as given" if result.outputs else "not known",))
    sources = snapshot.sources(row)
    if not sources:
        return Part("Output shape", remarks=(f"{shown}, as given",))
    # Where no axis is computed, as in an activation, a list of equations H' = H says less than a sentence.
    if len(sources) == 1 and all(f"{w.rule}'" == w.label for w in workings):
        return Part("Output shape", remarks=(f"{shown}, the same as the input",))
    return Part("Output shape", tuple(map(_steps, workings)), (f"so the output is {shown}",))


def _steps(working: Working) -> Steps:
    value = text(working.value, thousands=True, constant_first=True)
    same = {value.replace(",", ""), text(working.value)}  # 640*n + 193280 = 193,280 + 640*n would be no step
    terms = [_grouped(t) for t in (working.rule, working.numbers) if t.replace(",", "") not in same]
    return Steps(working.label, (*dict.fromkeys(terms), value), working.note)


def _grouped(term: str) -> str:
    """The term with its large numbers written as the values are: ``2*322,560``."""
    return _LARGE.sub(lambda found: f"{int(found[0]):,}", term)


def _totals(snapshot: Snapshot) -> Iterator[Part]:
    totals = snapshot.totals
    sums = [
        ("parameters", lambda c: c.params, totals.params),
        ("trainable", lambda c: c.trainable, totals.trainable),
        ("non-trainable", lambda c: c.non_trainable, totals.non_trainable),
        ("buffers", lambda c: c.buffers, totals.buffers),
    ]  # type: list[tuple[str, Callable[[Counts], Size], Size]]
    parts = [_sum(snapshot, *one) for one in sums if one[0] == "parameters" or one[2] != 0]
    if totals.params != 0 and totals.trainable == totals.params:  # the same sum again would say less
        parts[1] = Steps("trainable", ("parameters", count_text(totals.trainable)), parts[1].note)
    yield Part("Parameters", tuple(parts))
    macs = _sum(snapshot, "MACs", lambda c: c.macs, totals.macs)
    flops = Steps("FLOPs", ("2*MACs", count_text(totals.flops)))
    yield Part("Operations", (macs, flops))
    weights = _sum(snapshot, "weights", lambda c: c.weight_bytes, totals.weight_bytes)
    yield Part("Memory in bytes", (weights, _peak(snapshot)))
    remarks = [] if totals.complete else [_INCOMPLETE]
    remarks += [f"{name} = {text(value)}" for name, value in snapshot.symbols.items() if value is not None]
    if remarks:
        yield Part("Remarks", remarks=tuple(remarks))


def memory_of_training(snapshot: Snapshot) -> Chapter:
    """What one step of training needs, for each optimizer, and what is assumed."""
    parts = [Part(f"With {name}", tuple(map(_steps, workings(snapshot, name)))) for name in OPTIMIZERS]
    return Chapter("Training memory in bytes", "", (*parts, Part("Assumptions", remarks=ASSUMPTIONS)))


def _sum(snapshot: Snapshot, name: str, value: Callable[[Counts], Size], total: Size) -> Steps:
    terms: list[tuple[str, str]] = []
    for term, counts in _counted(snapshot):
        if (size := value(counts)) != 0:
            shown = count_text(size)
            terms.append((term, f"({shown})" if " " in shown else shown))
    rule, numbers = (" + ".join(side) for side in zip(*terms, strict=True)) if terms else ("", "")
    steps = tuple(dict.fromkeys(t for t in (rule, numbers, count_text(total)) if t))
    return Steps(name, steps, "at least" if not snapshot.totals.complete else "")


def _counted(snapshot: Snapshot) -> Iterator[tuple[str, Counts]]:
    """What the sums are made of, with the counts: a layer by its number, a block as a whole by its head."""
    below = 0
    for row in snapshot.shown:
        if row < below:
            continue
        if snapshot.lines[row].repeat is not None:
            below = snapshot.body(row).stop
            yield f"({snapshot.lines[row].code})", snapshot.subtotal(snapshot.body(row)).counts
        elif (result := snapshot.result(row)) is not None and result.kind is not None:
            yield f"#{snapshot.number(row)}", result.counts


def _peak(snapshot: Snapshot) -> Steps:
    peak, result = snapshot.peak, snapshot.at_peak
    if peak.row is None or result is None:
        return Steps("peak of activations", (count_text(peak.bytes),), "the most of input + output of any layer")
    inputs: Size = 0
    for tensor in result.inputs:
        inputs = inputs + tensor.bytes
    parts = [("input", inputs), ("output", result.output_bytes), ("kept for later", peak.held)]
    shown = [(name, size) for name, size in parts if size != 0]
    rule = " + ".join(name for name, _ in shown)
    numbers = " + ".join(f"({t})" if " " in (t := count_text(size)) else t for _, size in shown)
    terms = tuple(dict.fromkeys((rule, numbers, count_text(peak.bytes))))
    least = "" if snapshot.totals.complete and peak.complete else "at least, "
    return Steps("peak of activations", terms, f"{least}while #{snapshot.number(peak.row)} runs")
