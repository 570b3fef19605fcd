"""The errors of words that are written as another language has them, with what they are here.

Asked only of a line that does not read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from tui.core.argument import Arg, Dims, Switch, split_top
from tui.core.errors import Fix, ParseError, did_you_mean, or_list
from tui.core.kind import Kind
from tui.core.layer_name import is_layer_name
from tui.formats.spec import HIDDEN, all_flags, first_in_torch, slots

_CHECKED: Final = ("in_channels", "in_features", "num_features")
"""What PyTorch takes first, of the others."""
_SIZES: Final = re.compile(r"\w+(?:\s+\w+)+(?=\s|$)")


def a_call(word: str, span: tuple[int, int]) -> ParseError:
    """The error of arguments in parentheses, as Python has them; the same with spaces is the way out."""
    name, _, inside = word.partition("(")
    parts = [part.strip() for _, part in split_top(inside.removesuffix(")"), ",")]
    return ParseError(
        "write the arguments with spaces, not as a call: conv 20 4x4 stride=2",
        span,
        expected=("a space",),
        fixes=[Fix("arguments with spaces", text=" ".join([name, *filter(None, parts)]))],
    )


def misplaced(
    kind: type[Kind], word: str, args: Mapping[str, Any], code: str, first: tuple[int, int], span: tuple[int, int]
) -> ParseError:
    """The error of a positional word at ``span`` that has no slot; ``first`` is the place of the first such word,
    ``word`` what stands for the kind, ``args`` those that are read."""
    name = first_in_torch(kind, word, (*HIDDEN, *_CHECKED))
    if name is not None and name not in args:
        ours = ", ".join(slot.name for slot in slots(kind)) or "name=value only"
        named = f"{name}={code[slice(*first)]}"
        message = f"{word} takes {name} first, {kind.name} takes {ours}: write {named}"
        return ParseError(message, first, fixes=[Fix(named, text=named)])
    positional = slots(kind)
    if positional and isinstance(positional[-1].type, Dims) and (sizes := _SIZES.match(code[first[0] :])) is not None:
        joined = "x".join(sizes[0].split())
        place = (first[0], first[0] + sizes.end())
        return ParseError(f"the sizes of a shape are joined by x: {joined}", place, fixes=[Fix(joined, text=joined)])
    return _too_many(kind, args, code[slice(*span)], span)


def _too_many(kind: type[Kind], args: Mapping[str, Any], word: str, span: tuple[int, int]) -> ParseError:
    known = {flag: flag for flag in all_flags(kind)}
    known |= {f"{a.name}=": f"{a.name}=true" if isinstance(a.type, Switch) else f"{a.name}=" for a in kind.args}
    near = [known[n] for n in did_you_mean(word.strip("\"'"), known)]
    if "activation" in kind.by_name and "activation" not in args and _reads(kind.by_name["activation"], word):
        near.append(f"activation={word}")
    if "stride" in kind.by_name and "stride" not in args and word[0].isdecimal():
        near.append(f"stride={word}")  # it stands third in the frameworks
    if kind.inputs[1] != 1 and is_layer_name(word):
        near.append(f"@{word}")
    names = ", ".join(arg.name for arg in slots(kind))
    takes = f"{kind.name} takes {names}, then name=value" if names else f"{kind.name} takes name=value only"
    hint = f"; did you mean {or_list(near)}?" if near else ""
    return ParseError(
        f"{word!r} is one word too many{hint} ({takes})", span, expected=known, fixes=[Fix(n, text=n) for n in near]
    )


def _reads(arg: Arg, word: str) -> bool:
    try:
        arg.type.parse(word)
    except ParseError:
        return False
    return True
