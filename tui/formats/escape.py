"""Text made safe for the place it is shown in: a terminal, Markdown, LaTeX, a spreadsheet."""

from __future__ import annotations

import re
from typing import Final

# Escape sequences start with these, bidirectional marks reorder what follows, and a lone surrogate cannot be written.
_UNSEEN: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
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
    return _UNSEEN.sub(_written_out, text)


def _written_out(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"


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
