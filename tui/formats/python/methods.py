"""Methods of plain values in read Python source: words, lists and dicts, as far as sources of networks need them."""

from __future__ import annotations

from typing import Any, Final

from tui.formats.python.fold import MOST_ITEMS
from tui.formats.python.values import MISSING, TroubleError, Unknown, is_host

_METHODS: Final = {
    str: frozenset(("lower", "upper", "startswith", "endswith", "strip", "split", "replace", "title", "capitalize")),
    list: frozenset(("append", "extend", "insert", "pop", "copy", "reverse", "index", "count", "remove", "clear")),
    tuple: frozenset(("index", "count")),
    dict: frozenset(("get", "items", "keys", "values", "update", "pop", "setdefault", "copy")),
    float: frozenset(("is_integer",)),
    int: frozenset(("bit_length",)),
}


def _joined(receiver: str, name: str, args: list[Any]) -> Any:
    """``join``, and ``format`` of plain braces."""
    if name == "join":
        words = args[0] if args and isinstance(args[0], list | tuple) else []
        return receiver[:100].join(str(word)[:100] for word in words[:100])
    made = receiver[:1_000]
    for arg in args[:20]:
        made = made.replace("{}", str(arg)[:100], 1)
    return made


def plain_method(receiver: Any, name: str, args: list[Any], named: dict[str, Any], line: int) -> Any:
    """A method of a plain value; raises TroubleError where it is not read."""
    if isinstance(receiver, str) and name in ("join", "format"):
        return _joined(receiver, name, args)
    if isinstance(receiver, list) and name == "add":
        name = "append"
    if name not in _METHODS.get(type(receiver), frozenset()):
        return Unknown(f".{name}()", line)
    if isinstance(receiver, list) and len(receiver) > MOST_ITEMS:
        raise TroubleError(f"a list of more than {MOST_ITEMS:,} entries is not built", line)
    if name == "extend" and args and not isinstance(args[0], list | tuple | dict):
        found = args[0].method("__iter__", [], {}, line) if is_host(args[0]) else MISSING
        if found is MISSING:
            raise TroubleError("the entries that extend adds are not known", line)
        args = [found]
    if isinstance(receiver, str) and name == "replace" and len(receiver) > 1_000:
        raise TroubleError("so long a word is not changed", line)
    try:
        made = getattr(receiver, name)(*args, **named)
    except (TypeError, ValueError, LookupError) as error:
        raise TroubleError(f".{name}(): {error}", line) from None
    return list(made) if name in ("items", "keys", "values") else made
