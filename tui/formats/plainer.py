"""What is wrong with a line as a whole, where its first words are not what the grammar took them for.

Asked only of a line that does not read: a word behind a space before a colon is no layer kind.
"""

from __future__ import annotations

import re
from typing import Final

from tui.core.errors import Fix, ParseError, did_you_mean, or_list
from tui.core.layer_name import NAME
from tui.formats.statements import STATEMENTS

_SPACED_NAME: Final = re.compile(rf"(?:off\s+)?({NAME.pattern}(?:\s+{NAME.pattern})*)(\s*):(?=\s|$)")
_NAME_LAST: Final = re.compile(rf"(\S.*?)\s+name\s*=\s*[\"']?({NAME.pattern})[\"']?(.*)")
_NAMED_BLOCK: Final = re.compile(rf"({NAME.pattern}):\s*repeat\s+(\S+)")


def plainer(code: str, error: ParseError) -> ParseError:
    """The error in plainer words, where it is known what was meant, else the error itself."""
    first = code.split(None, 1)[0]
    if "#" in code:  # a note is taken off before: this one stands inside a word
        at = code.index("#")
        message = "a note begins with a space and #"
        return ParseError(message, (at, at + 1), expected=("a space before the #",), fixes=[Fix("a note", text=" #")])
    if code[slice(*error.span)] == "name" and (named := _NAME_LAST.fullmatch(code)) is not None:
        text = f"{named[2]}: {named[1]}{named[3]}"
        return ParseError(f"a name stands before the kind: {text}", named.span(), fixes=[Fix(text, text=text)])
    if code.lower() == "off":
        return ParseError("off needs the layer that it skips, such as off relu", (len(code), len(code)),
                          expected=("a layer",))  # fmt: skip
    if (block := _NAMED_BLOCK.match(code)) is not None:
        text = f"repeat {block[2]} {block[1]}"
        return ParseError(
            f"the name of a block stands behind its count: {text}", block.span(), fixes=[Fix(text, text=text)]
        )
    if code.lower().startswith(("off repeat ", "off set ", "off let ", "off budget ")):
        return ParseError("off skips a layer; put it before each layer of the block", (0, 3), expected=("a layer",))
    if first.endswith(":") and error.span[0] == 0 and not first[:-1].isdecimal():
        return ParseError(
            f"the name {first[:-1]!r} may hold letters, digits and . - _ / only",
            (0, len(first) - 1),
            expected=("a name",),
        )
    name = _SPACED_NAME.match(code)
    if name is not None and (name[2] or len(name[1].split()) > 1) and error.span[0] <= name.start(1):
        text = f"{'_'.join(name[1].split())}:"
        return ParseError(
            "a name holds no spaces, and its colon follows at once",
            (name.start(1), name.end()),
            fixes=[Fix(text, text=text)],
        )
    if error.span == (0, len(first)) and (near := did_you_mean(first, STATEMENTS)):
        fixes = [*(Fix(n, text=n) for n in near), *error.fixes]
        message = f"{first!r} begins no line; did you mean {or_list(fix.label for fix in fixes[:3])}?"
        return ParseError(message, error.span, expected=[fix.label for fix in fixes], fixes=fixes)
    return error
