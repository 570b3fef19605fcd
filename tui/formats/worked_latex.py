"""The worked solution in LaTeX: the equations of ``worked`` as mathematics, in a document that needs no package.

A term is the text of an arithmetic expression; what is no such text (the line of a block in a sum) stays text.
"""

from __future__ import annotations

import re
from typing import Final

from tui.core.snapshot import Snapshot
from tui.formats.escape import latex, visible
from tui.formats.worked import LEGEND, Chapter, Steps, chapters

_TOKEN: Final = re.compile(
    r"\s*(?:(?P<number>\d+(?:,\d{3})*(?:\.\d+)?)|(?P<layer>\#\d+)|(?P<name>[^\W\d][\w.]*'?)|(?P<sign>\*\*|//|[-+*/%(),]))"
)
_SIGNS: Final = {"*": r" \cdot ", "/": " / ", "+": " + ", "-": " - ", "%": r" \bmod ", ",": ", ", "//": " / "}
_ROUNDED: Final = {"floor": (r"\lfloor ", r" \rfloor "), "ceil": (r"\lceil ", r" \rceil ")}
_CALLED: Final = {"max": r"\max(", "min": r"\min("}
_QUANTITY: Final = re.compile(r"[^\W\d]\w*'?")
"""The name of what is computed, where it is one; ``element-wise`` is no difference."""
_INDEXED: Final = re.compile(r"([A-Za-z])([A-Z]?\d?)")


def as_latex(snapshot: Snapshot, row: int | None = None) -> str:
    """The worked solution as a document for ``pdflatex``; of one layer only, and then as a part of a document,
    where ``row`` is given."""
    blocks = [part for chapter in chapters(snapshot, row) for part in _chapter(chapter)]
    if row is not None:
        return "\n".join(blocks) + "\n"
    head = ["\\documentclass{article}", "\\usepackage[T1]{fontenc}", "\\begin{document}", "\\sloppy", latex(LEGEND)]
    return "\n".join([*head, *blocks, "\\end{document}"]) + "\n"


def _chapter(chapter: Chapter) -> list[str]:
    line = f": \\texttt{{{latex(chapter.line)}}}" if chapter.line else ""
    lines = ["", f"\\section*{{{latex(chapter.title)}{line}}}"]
    for part in chapter.parts:
        items = [f"  \\item {_equation(steps)}" for steps in part.steps]
        items += [f"  \\item {latex(remark)}" for remark in part.remarks]
        lines += [f"\\paragraph{{{latex(part.title)}}}", "\\begin{itemize}", *items, "\\end{itemize}"]
    return lines


def _equation(steps: Steps) -> str:
    note = f" ({latex(steps.note)})" if steps.note else ""
    name = mathematics(steps.name) if _QUANTITY.fullmatch(steps.name) else _words(steps.name)
    return f"${' = '.join([name, *map(mathematics, steps.terms)])}${note}"


def mathematics(term: str) -> str:
    """An expression in the language of LaTeX's mathematics, or its text where it is none.

    >>> mathematics("floor((39 - 4)/1) + 1")
    '\\\\lfloor (39 - 4) / 1 \\\\rfloor  + 1'
    """
    shown: list[str] = []
    closing: list[str] = []
    place, after_name = 0, False
    term = visible(term)
    while place < len(term.rstrip()):
        token = _TOKEN.match(term, place)
        if token is None or (after_name and token.lastgroup in ("name", "number")):
            return _words(term)
        place = token.end()
        text = token[token.lastgroup or 0]
        after_name = token.lastgroup in ("name", "number", "layer")
        if token.lastgroup == "number":
            shown.append(text.replace(",", "{,}"))
        elif token.lastgroup == "layer":
            shown.append(f"\\{text}")
        elif token.lastgroup == "name":
            if term[place : place + 1] == "(" and text in (_ROUNDED | _CALLED):
                place += 1
                start, end = _ROUNDED.get(text) or (_CALLED[text], ")")
                shown.append(start)
                closing.append(end)
                after_name = False
            else:
                shown.append(_name(text))
        elif text == "(":
            shown.append("(")
            closing.append(")")
        elif text == ")":
            if not closing:
                return _words(term)
            shown.append(closing.pop())
        elif text == "**":
            power = _TOKEN.match(term, place)
            if power is None or power.lastgroup not in ("number", "name"):
                return _words(term)
            place = power.end()
            shown.append(f"^{{{power[power.lastgroup]}}}")
        else:
            shown.append(_SIGNS[text])
    return "".join(shown) if not closing else _words(term)


def _name(text: str) -> str:
    """A name in italics, with what follows its letter below it: ``kH`` is the kernel along the height."""
    bare, prime = text.rstrip("'"), "'" if text.endswith("'") else ""
    indexed = _INDEXED.fullmatch(bare)
    if indexed is not None:
        return indexed[1] + (f"_{{{indexed[2]}}}" if indexed[2] else "") + prime
    return f"\\mathit{{{latex(bare)}}}{prime}"


def _words(text: str) -> str:
    return f"\\mbox{{{latex(text)}}}"
