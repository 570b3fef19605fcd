"""The command that practises a network: questions on stdout, answers from stdin, the score at the end."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final

import click

from tui.cli import completing
from tui.cli.group import INTERRUPTED, Failure, color_option
from tui.cli.options import override_options, overrides_of

if TYPE_CHECKING:
    from tui.core.practice_session import Session

WORDS: Final = "an answer; ? for the rule (costs half), - to skip, q to end"


@click.command()
@click.argument("file", shell_complete=completing.networks)
@click.option("--questions", default="shape,params", metavar="LIST", show_default=True,
              shell_complete=completing.questions,
              help="What is asked of each layer: shape, params, macs, field, with commas between them.")  # fmt: skip
@click.option("--layers", type=click.Choice(["interesting", "once", "all"]), default="interesting", show_default=True,
              help="interesting: where there is something to compute, equal layers once; once: also activations and "
                   "the like, one of each kind; all.")  # fmt: skip
@click.option("--seed", type=int, help="Mix the layers; the same number gives the same order.")
@click.option("--count", type=click.IntRange(1), help="Ask no more than so many questions.")
@override_options
@color_option
@click.pass_context
def practice(
    ctx: click.Context, /, file: str, questions: str, layers: str, seed: int | None, count: int | None, **options: Any
) -> None:
    """Practise the arithmetic, layer by layer.

    Each question is answered on stdin in one line. A wrong answer is shown its slip (forgot the bias,
    rounded up, ...) and the working. An answer may be a sum, such as 4*4*1*20; ? shows the rule for half
    the points, - skips, q ends. The score comes at the end.

    \b
    For example:
      layersheet practice lenet-5
      layersheet practice vgg-16 --questions shape,params,macs --seed 1 --count 10
    """
    from tui.cli.notices import watched
    from tui.cli.problems import report
    from tui.cli.terminal import put, say
    from tui.core.practice import PARTS
    from tui.core.practice import questions as questions_of
    from tui.core.practice_session import Session
    from tui.formats.practice import text as practice_text

    parts = [word.strip() for word in questions.split(",") if word.strip()]
    strange = [part for part in parts if part not in PARTS]
    if strange or not parts:
        raise Failure(f"--questions {questions}: write some of {', '.join(PARTS)} with commas between them")
    if file == "-":
        raise Failure("practice reads the answers from stdin, so the network must be in a file, or a preset")
    network = watched(file, overrides_of(options))
    asked = questions_of(network.snapshot, parts, layers, seed, count)
    if not asked and report(network):
        ctx.exit(1)
    if not asked:
        raise Failure(f"{network.name} has no layer to ask about; --layers all asks about all that have an answer")
    session = Session(network.snapshot, asked)
    code = int(report(network))
    say(WORDS)
    try:
        while session.question is not None and _ask(session):
            pass
    except KeyboardInterrupt:
        code = INTERRUPTED
    put("\n" + "\n".join(practice_text.score_lines(session)) + "\n")
    ctx.exit(code)


def _ask(session: Session) -> bool:
    """Ask one question until it has an answer; False where there are no more lines, or the end is asked for."""
    from tui.cli.terminal import painter, put, say
    from tui.core.practice import PARTS
    from tui.formats.escape import visible
    from tui.formats.practice import text as practice_text
    from tui.formats.practice.answer import AnswerError, read_answer

    question, snapshot = session.question, session.snapshot
    assert question is not None
    paint = painter(sys.stdout)
    first = question.part == PARTS[0] or not session.answered or session.answered[-1].question.row != question.row
    if first:
        put(f"\n{paint(practice_text.title(snapshot, question.row), 'bold')}\n")
    put("".join(f"  {line}\n" for line in practice_text.given(session)) if first else "")
    while True:
        at = f"{len(session.answered) + 1}/{len(session.questions)}"
        put(f"  {at} {practice_text.question_text(snapshot, question)}: ")
        sys.stdout.flush()
        line = sys.stdin.readline()
        word = line.strip()
        if not sys.stdin.isatty():
            put(f"{visible(word)}\n")  # a pipe echoes nothing
        if not line or (word in ("q", "quit") and word not in snapshot.symbols):
            return False
        if word == "?":
            session.hinted = True
            put("".join(f"    {rule}\n" for rule in practice_text.hint(snapshot, question)))
            continue
        try:
            done = session.skip() if word == "-" else session.answer(read_answer(question.part, word, snapshot.symbols))
        except AnswerError as error:
            say(f"    ! {error.message}; {WORDS}")
            continue
        right, said = practice_text.verdict(snapshot, done)
        put("".join(f"    {line}\n" for line in said))
        if not right:
            put("".join(paint(f"      {line}", "dim") + "\n" for line in practice_text.working(snapshot, question)))
        return True
