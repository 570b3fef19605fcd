"""Practice in words: questions, hints, verdicts with their workings, and the score."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Final

from tui.core.explain import conventions, explain
from tui.core.kind import axis_names
from tui.core.practice import FIELD, MACS, PARAMS, SHAPE, Question, expected
from tui.core.practice_session import Answered, Session, Share
from tui.core.result import Result
from tui.core.size import Size, text
from tui.core.snapshot import Snapshot
from tui.core.tensor import Tensor, shape_text
from tui.core.working import Working
from tui.formats.columns import count_text
from tui.formats.escape import visible
from tui.formats.practice.slips import slip_text

ASKED: Final = {
    SHAPE: "output shape",
    PARAMS: "parameters",
    MACS: "multiply-accumulates (MACs)",
    FIELD: "receptive field",
}
"""What is asked, in words."""
BRIEF: Final = {SHAPE: "shape", PARAMS: "parameters", MACS: "MACs", FIELD: "receptive field"}
EXAMPLES: Final = {
    SHAPE: "such as 28x28x16",
    PARAMS: "such as 1,200 or 5*5*3*16",
    MACS: "such as 1,200 or 5*5*3*16*100",
    FIELD: "such as 7, or 7x5",
}


def title(snapshot: Snapshot, row: int) -> str:
    """The layer that is asked about: ``#1  conv 20 4x4``."""
    return f"#{snapshot.number(row)}  {visible(snapshot.lines[row].code.strip())}"


def given(session: Session) -> list[str]:
    """What is known for the question: the true inputs, the output once it was told, what counts how."""
    question, snapshot = session.question, session.snapshot
    assert question is not None
    result = _result(snapshot, question.row)
    lines = [f"input   {_tensor_text(result, tensor)}" for tensor in result.inputs]
    if question.part != SHAPE and session.showed_shape(question.row):
        lines.append(f"output  {_tensor_text(result, result.outputs[0])}")
    said = _settings(snapshot, question.row, result)
    return [*lines, f"with    {said}"] if said else lines


def _settings(snapshot: Snapshot, row: int, result: Result) -> str:
    """What the answers depend on and the line may not say."""
    settings, layer = snapshot.settings, result.kind
    assert layer is not None
    spec = snapshot.lines[row].spec
    bound = {name: snapshot.symbols.get(name) for name in sorted(spec.symbols() if spec is not None else ())}
    said = [f"{name}={text(value)}" for name, value in bound.items() if value is not None]
    if len(result.inputs[0].shape) > 2:
        said.append(f"data_format={settings.data_format}")
    if "bias" in layer.by_name and isinstance(bias := getattr(layer, "bias", None), bool):
        said.append(f"bias={'true' if bias else 'false'}")
    if conventions(result):
        said.append(f"counting={settings.counting}")
    if settings.batch != 1:
        said.append(f"batch={text(settings.batch)}")
    return "  ".join(said)


def _tensor_text(result: Result, tensor: Tensor) -> str:
    assert result.kind is not None
    shown = shape_text(tensor.shape)
    names = axis_names(len(tensor.shape), result.kind.channels_last)[1:]
    if len(names) < 2:
        return shown
    return f"{shown}  ({', '.join(f'{n} {text(s)}' for n, s in zip(names, tensor.shape[1:], strict=True))})"


def question_text(snapshot: Snapshot, question: Question) -> str:
    """The question: ``output shape, without the batch, such as 28x28x16``."""
    asked = ASKED[question.part]
    if question.part == SHAPE:
        outputs = len(_result(snapshot, question.row).outputs)
        asked += " of the first output" if outputs > 1 else ""
        asked += ", without the batch"
    if question.part == MACS and snapshot.settings.batch != 1:
        asked += " of the whole batch"
    return f"{asked}, {EXAMPLES[question.part]}"


def hint(snapshot: Snapshot, question: Question) -> list[str]:
    """The rule without numbers; what the layer does, where no rule has names for its numbers."""
    result = _result(snapshot, question.row)
    assert result.kind is not None
    numbers = {text(size) for size in expected(snapshot, question)}
    rules = [w for w in _workings(snapshot, question) if w.rule not in numbers | {text(w.value)}]
    told = [f"{w.label} = {w.rule}" for w in rules if not w.rule.isdecimal()]
    return list(dict.fromkeys(told)) or [result.kind.summary]


def verdict(snapshot: Snapshot, done: Answered) -> tuple[bool, list[str]]:
    """Whether it was right, and what to say: the slips, or how far off it was."""
    want = expected(snapshot, done.question)
    right = answer_text(done.question.part, want)
    if done.judgement.right:
        return True, [f"Right: {right}" + (" (half a point, after the hint)" if done.hinted else "")]
    if done.answer is None:
        return False, [f"Skipped: it is {right}"]
    said = answer_text(done.question.part, done.answer)
    lines = [f"Wrong: {said}; it is {right}"]
    return False, lines + ([slip_text(slip) for slip in done.judgement.slips] or list(_off(done.answer, want)))


def _off(got: tuple[Size, ...], want: tuple[Size, ...]) -> Iterator[str]:
    """How far off an answer is that no known slip leads to."""
    if len(got) != len(want):
        yield f"the answer has {len(want)} sizes, not {len(got)}"
        return
    for place, (said, right) in enumerate(zip(got, want, strict=True), 1):
        if said == right:
            continue
        where = f"size {place}: " if len(want) > 1 else ""
        off = said - right
        if isinstance(off, int):
            yield f"{where}{abs(off):,} too {'many' if off > 0 else 'few'}"
        else:
            yield f"{where}off by {count_text(off)}"


def working(snapshot: Snapshot, question: Question) -> list[str]:
    """The right working: each equation with its rule, its numbers and its value."""
    lines = []
    for one in _workings(snapshot, question):
        value = text(one.value, thousands=True, constant_first=True)
        values = {value.replace(",", ""), text(one.value)}
        steps = [step for step in (one.rule, one.numbers) if step.replace(",", "") not in values]
        lines.append(" = ".join([one.label, *dict.fromkeys(steps), value]) + (f"  ({one.note})" if one.note else ""))
    result = _result(snapshot, question.row)
    if question.part == PARAMS:
        lines += [visible(note) for note in conventions(result) if note]
        if not lines:
            lines.append("no weights, so 0")
    if question.part == MACS and result.counts.macs == 0:
        lines.append("no multiplications of weights, so 0")
    return lines


def _workings(snapshot: Snapshot, question: Question) -> list[Working]:
    explanation = explain(snapshot, question.row)
    if question.part == MACS:
        return [one for one in explanation.macs if one.label == "MACs"]
    if question.part == FIELD:
        return [one for one in explanation.field if one.label.startswith("RF")]
    if question.part == PARAMS:
        return list(explanation.params)
    return [one for one in explanation.output if not one.label.endswith(tuple(f":{i}" for i in range(1, 10)))]


def answer_text(part: str, sizes: tuple[Size, ...]) -> str:
    """An answer as the screen writes it."""
    if part == SHAPE:
        return shape_text((1, *sizes))
    if part == FIELD:
        return text(sizes[0]) if len(set(sizes)) == 1 else "x".join(map(text, sizes))
    return " ".join(map(count_text, sizes))


def points_text(points: Fraction) -> str:
    """``7`` or ``7.5``."""
    return str(points.numerator) if points.denominator == 1 else f"{float(points):.1f}"


def share_text(share: Share) -> str:
    """``7.5 of 9``."""
    return f"{points_text(share.points)} of {share.of}"


def progress_text(session: Session) -> str:
    """``question 3 of 18, score 1.5 of 2``."""
    return f"question {len(session.answered) + 1} of {len(session.questions)}, score {share_text(session.score)}"


def score_lines(session: Session) -> list[str]:
    """The score as a whole and by what was asked, the slips with how often, and what was missed."""
    score = session.score
    percent = f" ({round(100 * score.points / score.of)} %)" if score.of else ""
    lines = [f"Score: {share_text(score)}{percent}"]
    lines += [f"  {BRIEF[part]:<16} {share_text(share)}" for part, share in session.by_part().items()]
    left = len(session.questions) - len(session.answered)
    if left:
        lines.append(f"  {left} of {len(session.questions)} questions not asked")
    if slips := session.slips():
        lines += ["", "Slips:", *(f"  {times} x {_heading(slip_text(slip._replace(sum='')))}" for slip, times in slips)]
    if missed := session.missed():
        lines += ["", "Missed:", *_missed_lines(session.snapshot, missed)]
    return lines


def _heading(said: str) -> str:
    """A slip in short: what comes before the reason."""
    return said.removeprefix("you ").partition(";")[0].partition(":")[0] or said


def _missed_lines(snapshot: Snapshot, missed: Sequence[Answered]) -> Iterator[str]:
    by_row: dict[int, list[str]] = {}
    for done in missed:
        by_row.setdefault(done.question.row, []).append(BRIEF[done.question.part])
    for row, parts in by_row.items():
        yield f"  {title(snapshot, row)}: {', '.join(parts)}"


def _result(snapshot: Snapshot, row: int) -> Result:
    result = snapshot.result(row)
    assert result is not None
    return result
