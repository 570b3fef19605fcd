"""The text of the working pane: the arithmetic behind the row and the column under the cursor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rich.cells import cell_len
from rich.text import Text

from tui.core.explain import Explanation, explain, explain_rows
from tui.core.groups import Group
from tui.core.size import text
from tui.core.snapshot import Snapshot
from tui.core.working import Working
from tui.formats.columns import MARKS, out_text
from tui.formats.escape import visible
from tui.ui.words import wrapped

HANG: Final = 4
"""The cells by which the second line of a long sum stands further in."""


def working_lines(snapshot: Snapshot, row: int | None, group: Group | None, part: str, width: int) -> list[Text]:
    """The working of a row: the column under the cursor first and in full, the others as they fit."""
    if row is None:
        return [
            Text("Nothing here yet.", style="bold"),
            Text("a adds a layer, Ctrl+N opens a preset, p pastes lines"),
        ]
    if group is not None and not group.block:
        rows = explain_rows(snapshot, group.rows, snapshot.subtotal(group.rows))
        return [*_full(getattr(rows, part), width), *_packed(_others(rows, part), width)]
    line = snapshot.lines[row]
    if line.error is not None:
        from tui.formats.excerpt import excerpt  # not for the start

        # An ellipsis at each end, and room for characters of two cells.
        shown = excerpt(line.text, line.error.span, width - 2 if line.text.isascii() else width // 2, visible)
        wanted = ", ".join(line.error.expected[:8])
        lines = [Text(part, "bold") for part in wrapped(visible(line.error.message), width)]
        lines += map(Text, shown)
        return [*lines, *(Text(part, "dim") for part in wrapped(f"expected: {visible(wanted)}", width) if wanted)]
    result = snapshot.result(row)
    if result is None:
        why = "a note: it computes nothing" if line.note.strip() else "a new line: type a kind of layer"
        return [Text("skipped: the rows below read the row above it" if line.off else why, style="dim")]
    explanation = explain(snapshot, row)
    style = "bold" if result.status == "error" else ""
    said = explanation.notes
    # A warning is what the row's mark is about: it stands where a low pane still shows it.
    warning = said[:1] if result.status in ("warning", "opaque") and said else ()
    others = said[1:] if warning else said
    notes = [Text(part, style) for note in others for part in wrapped(visible(note), width)]
    if result.status == "waiting":
        return [*notes, Text("press . for ways out", style="dim")]
    if not result.outputs and result.status != "opaque":
        return [*notes, *_fix_lines(result.fixes, width)]
    first = list(_full(getattr(explanation, part), width))
    if (
        part == "output"
        and explanation.output
        and all(working.numbers == text(working.value) for working in explanation.output)
    ):
        first = [Text(f"out {visible(out_text(result))}: no size is computed, all are taken over")]
    rest = _packed(_others(explanation, part), width)
    reads = [] if line.repeat is not None else wrapped(_reads(snapshot, row), width)
    warned = [
        Text(part, "bold") for note in warning for part in wrapped(f"{MARKS.get(result.status)} {visible(note)}", width)
    ]
    return [*first, *warned, *rest, *notes, *(Text(part, "dim") for part in reads)]


def _fix_lines(fixes: Sequence[object], width: int) -> list[Text]:
    if not fixes:
        return []
    words = "   ".join(f"({i}) {visible(str(getattr(fix, 'label', fix)))}" for i, fix in enumerate(fixes, 1))
    return [Text(f"fixes (press .): {words}"[: max(width, 20)])]


def _full(workings: Sequence[Working], width: int) -> list[Text]:
    """Rule, the same with numbers, value; the rule is left out where the line would not hold it."""
    lines = []
    # A size that is taken as it is (the channels of a conv are its filters) is no working to read.
    telling = [working for working in workings if working.numbers != text(working.value)] or list(workings)
    for working in telling:
        said = visible(working.line())
        rule = visible(working.rule)
        if working.rule != working.numbers and any(c in rule for c in "*+-/"):
            whole = f"{working.label} = {rule} = {said.split(' = ', 1)[1]}"
            said = whole if cell_len(whole) <= width else said
        lines += _labelled(said, working.label, width)
    return lines


def _labelled(said: str, label: str, width: int) -> list[Text]:
    """A sum with its label, in as many lines as it needs."""
    first, *more = wrapped(said, width, HANG)
    line = Text(first)
    line.stylize("bold", 0, len(label))
    return [line, *map(Text, more)]


def _others(explanation: Explanation, part: str) -> list[Working]:
    order = ("output", "params", "macs", "field", "memory")
    workings = [working for name in order if name != part for working in getattr(explanation, name)]
    # Of rows taken together the sums alone: what each row adds is said when its column is asked for.
    workings = [working for working in workings if not working.label.startswith("#")]
    return sorted(workings, key=lambda working: working.label == "FLOPs" or working.label.startswith("jump"))


def _packed(workings: Sequence[Working], width: int) -> list[Text]:
    """Several short workings a line, in columns of equal width."""
    column = max(width // 2, 20)
    lines: list[Text] = []
    beside = False
    for working in workings:
        shown, *more = _labelled(visible(working.line()), working.label, width)
        if beside and not more and shown.cell_len <= width - column:
            lines[-1].append(" " * (column - lines[-1].cell_len)).append(shown)
            beside = False
        else:
            lines += [shown, *more]
            beside = not more and shown.cell_len <= column - 2
    return lines


def _reads(snapshot: Snapshot, row: int) -> str:
    parts = []
    for source in snapshot.sources(row):
        result = snapshot.result(source)
        if result is not None and result.outputs:
            parts.append(
                f"{visible(out_text(result))} from #{snapshot.number(source)} {visible(snapshot.lines[source].code)}"
            )
    return "reads " + "; ".join(parts) if parts else "reads nothing: an input"
