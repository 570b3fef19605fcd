"""A line taken apart into its words."""

from __future__ import annotations

import re
from typing import Final

from tui.core.errors import ParseError

_SPACED_EQUALS: Final = re.compile(r"\s*=\s*")
_HARD: Final = re.compile(r"[(\[\"']|\s=|=\s")
"""What a split at spaces would get wrong. Few lines hold it, and going by characters costs more than all else."""
_PLAIN: Final = re.compile(r"\S+")


class Words:
    """The words of a line and their places; parentheses, brackets, quotes and ``key = value`` may hold spaces."""

    def __init__(self, code: str) -> None:
        self.words: list[str] = []
        self.spans: list[tuple[int, int]] = []
        if not _HARD.search(code):
            for match in _PLAIN.finditer(code):
                self.words.append(match[0])
                self.spans.append(match.span())
            return
        depth, start, quote = 0, None, ""
        joined = {m.start(): m.end() for m in _SPACED_EQUALS.finditer(code) if m.end() - m.start() > 1}
        at = 0
        while at <= len(code):
            c = code[at] if at < len(code) else " "
            if at in joined and start is not None and not quote:
                at = joined[at]
                continue
            if quote:
                quote = "" if c == quote else quote
            elif c in "\"'":
                quote = c
                start = at if start is None else start
            elif c.isspace() and (depth <= 0 or at == len(code)):
                if start is not None:
                    self.words.append(_SPACED_EQUALS.sub("=", code[start:at], count=1))
                    self.spans.append((start, at))
                start = None
            else:
                depth += (c in "([") - (c in ")]")
                start = at if start is None else start
            at += 1
        if quote:
            raise ParseError("a quote is not closed", (start or 0, len(code)), expected=(quote,))
