"""A practice session: the questions in turn, what was answered, and the score."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from tui.core.practice import PARTS, SHAPE, Judgement, Question, judge
from tui.core.practice_slip import Slip
from tui.core.size import Size
from tui.core.snapshot import Snapshot


class Answered(NamedTuple):
    """A question that is done with. ``answer`` is None where it was skipped; ``hinted`` costs half."""

    question: Question
    answer: tuple[Size, ...] | None
    judgement: Judgement
    hinted: bool = False

    @property
    def points(self) -> Fraction:
        """1 for a right answer, 1/2 after a hint, else 0."""
        if not self.judgement.right:
            return Fraction(0)
        return Fraction(1, 2) if self.hinted else Fraction(1)


class Share(NamedTuple):
    """The points of some questions of how many."""

    points: Fraction
    of: int


@dataclass
class Session:
    """Questions about one network, one at a time; each is answered once."""

    snapshot: Snapshot
    questions: Sequence[Question]
    answered: list[Answered] = field(default_factory=list)
    hinted: bool = False
    """Whether the rule of this question was shown."""

    @property
    def question(self) -> Question | None:
        """The question that is asked now; None at the end."""
        at = len(self.answered)
        return self.questions[at] if at < len(self.questions) else None

    def answer(self, sizes: tuple[Size, ...]) -> Answered:
        """Answer the question."""
        assert self.question is not None
        return self._done(sizes, judge(self.snapshot, self.question, sizes))

    def skip(self) -> Answered:
        """Leave the question out: no points, and its answer may be shown."""
        return self._done(None, Judgement(False))

    def _done(self, sizes: tuple[Size, ...] | None, judgement: Judgement) -> Answered:
        assert self.question is not None
        done = Answered(self.question, sizes, judgement, self.hinted)
        self.answered.append(done)
        self.hinted = False
        return done

    @property
    def score(self) -> Share:
        """The points so far, of the questions that are done with."""
        return Share(sum((done.points for done in self.answered), Fraction(0)), len(self.answered))

    def by_part(self) -> dict[str, Share]:
        """The score by what was asked, in the order of PARTS."""
        found = {}
        for part in PARTS:
            of_part = [done for done in self.answered if done.question.part == part]
            if of_part:
                found[part] = Share(sum((done.points for done in of_part), Fraction(0)), len(of_part))
        return found

    def slips(self) -> list[tuple[Slip, int]]:
        """The slips that were made, with how often, the commonest first; each as it was made last."""
        counts: Counter[str] = Counter()
        last: dict[str, Slip] = {}
        for done in self.answered:
            for slip in done.judgement.slips:
                counts[slip.code] += 1
                last[slip.code] = slip
        return [(last[code], times) for code, times in counts.most_common()]

    def missed(self) -> list[Answered]:
        """What was answered wrongly or skipped."""
        return [done for done in self.answered if not done.judgement.right]

    def again(self) -> Session:
        """A new session of the questions that were missed."""
        return Session(self.snapshot, [done.question for done in self.missed()])

    def showed_shape(self, row: int) -> bool:
        """Whether the output shape of a layer has been told already."""
        return any(done.question.row == row and done.question.part == SHAPE for done in self.answered)
