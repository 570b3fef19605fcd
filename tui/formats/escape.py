"""Text made safe for the place it is shown in: a terminal, Markdown, LaTeX, a spreadsheet."""

from __future__ import annotations

import re
from typing import Final
from unicodedata import category

# Control, format and surrogate characters, line and paragraph separators: escape sequences start with some,
# bidirectional marks reorder what follows, and a lone surrogate cannot be written.
_ACTED_ON: Final = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))
_MARKDOWN: Final = re.compile(r"[\\`*_{}\[\]<>#|~$&]")
_LATEX: Final = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%", "_": r"\_",
    "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "<": r"\textless{}", ">": r"\textgreater{}",
    "|": r"\textbar{}",
}  # fmt: skip


def clipped(text: str, most: int = 40) -> str:
    """The text in at most so many characters, an ellipsis for what is left out: for messages that quote input."""
    return text if len(text) <= most else text[: most - 1] + "…"


def visible(text: str) -> str:
    """The text in one line with its control characters written out: ``\\x1b``, ``\\u202e``.

    >>> visible("a" + chr(27) + "[2J")
    'a\\\\x1b[2J'
    """
    if text.isprintable():
        return text
    return "".join(_written_out(ord(c)) if acted_on(c) else c for c in text)


def acted_on(character: str) -> bool:
    """Whether a terminal would act on a character and not show it, or cannot be given it."""
    return category(character) in _ACTED_ON


def _written_out(code: int) -> str:
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def markdown(text: str) -> str:
    """Plain text for Markdown, so that none of its characters are marks."""
    return _MARKDOWN.sub(r"\\\g<0>", visible(text))


def code_span(text: str, *, in_table: bool = False) -> str:
    """A code span; in a table a bar needs its backslash even there (GitHub Flavored Markdown, section 4.10)."""
    shown = visible(text)
    fence = "`" * (max((len(run) for run in re.findall("`+", shown)), default=0) + 1)
    pad = " " if shown.startswith("`") or shown.endswith("`") or not shown else ""
    span = f"{fence}{pad}{shown}{pad}{fence}"
    return span.replace("|", "\\|") if in_table else span


def latex(text: str) -> str:
    """Plain text for LaTeX."""
    return "".join(_LATEX.get(c, c) for c in visible(text))


def spreadsheet(text: str) -> str:
    """Text for a CSV cell; one that a spreadsheet would run as a formula gets an apostrophe before it."""
    shown = visible(text)
    return f"'{shown}" if shown[:1] in ("=", "+", "-", "@") else shown
