"""The text of the working pane: the arithmetic behind the row and the column under the cursor."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.text import Text

from tui.core.explain import Explanation, explain, explain_rows
from tui.core.groups import Group
from tui.core.size import text
from tui.core.snapshot import Snapshot
from tui.core.working import Working
from tui.formats.columns import MARKS, out_text
from tui.ui.words import visible, wrapped


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
        shown = visible(line.error.caret(line.text[:200]).split("\n", 1)[0])
        caret = line.error.caret(line.text[:200]).split("\n", 1)[1]
        wanted = ", ".join(line.error.expected[:8])
        lines = [Text(part, "bold") for part in wrapped(visible(line.error.message), width)]
        lines += [Text(shown), Text(caret)]
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
        shown = Text(visible(working.line()))
        rule = visible(working.rule)
        if working.rule != working.numbers and "(" in rule + "(" and any(c in rule for c in "*+-/"):
            whole = f"{working.label} = {rule} = {visible(working.line().split(' = ', 1)[1])}"
            if cell_len(whole) <= width:
                shown = Text(whole)
        shown.stylize("bold", 0, len(working.label))
        lines.append(shown)
    return lines


def _others(explanation: Explanation, part: str) -> list[Working]:
    order = ("output", "params", "macs", "field", "memory")
    workings = [working for name in order if name != part for working in getattr(explanation, name)]
    # Of rows taken together the sums alone: what each row adds is said when its column is asked for.
    workings = [working for working in workings if not working.label.startswith("#")]
    return sorted(workings, key=lambda working: working.label == "FLOPs" or working.label.startswith("jump"))


def _packed(workings: Sequence[Working], width: int) -> list[Text]:
    """Several short workings a line, in columns of equal width."""
    texts = [Text(visible(working.line())) for working in workings]
    for shown, working in zip(texts, workings, strict=True):
        shown.stylize("bold", 0, len(working.label))
    column = max(width // 2, 20)
    lines: list[Text] = []
    for shown in texts:
        if lines and lines[-1].cell_len <= column - 2 and shown.cell_len <= width - column:
            lines[-1].append(" " * (column - lines[-1].cell_len)).append(shown)
        else:
            lines.append(shown.copy())
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
