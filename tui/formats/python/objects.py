"""Python's own questions about objects in read source: ``isinstance``, ``hasattr``, ``getattr``, ``setattr``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from tui.core.size import Poly
from tui.formats.python.values import MISSING, Class, Instance, Library, Method, TroubleError, Unknown, is_host

if TYPE_CHECKING:
    from tui.formats.python.calls import Calls


def ask_isinstance(reading: Calls, args: list[Any], named: dict[str, Any], line: int) -> Any:
    value, wanted = args
    kinds = wanted if isinstance(wanted, tuple | list) else (wanted,)
    answers = [_is_of(value, kind) for kind in kinds]
    if True in answers:
        return True
    return Unknown("isinstance(...)", line) if None in answers else False


_TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "int": (int, Poly), "float": (float,), "str": (str,), "list": (list,), "tuple": (tuple,), "dict": (dict,),
    "bool": (bool,),
}  # fmt: skip


def _is_of(value: Any, kind: Any) -> bool | None:
    if isinstance(kind, Class):
        return isinstance(value, Instance) and kind in value.of.order()
    if isinstance(value, Unknown) or not isinstance(kind, Library):
        return None
    if kind.path in _TYPES:
        return isinstance(value, _TYPES[kind.path])
    last = kind.path.rpartition(".")[2]
    if last in ("Iterable", "Sequence", "Collection"):
        return isinstance(value, list | tuple | dict | str)
    names = value.attribute("class names") if is_host(value) else MISSING
    if isinstance(names, tuple):
        return last in names
    if isinstance(value, Instance):
        return any(path.rpartition(".")[2] == last for path in value.of.libraries())
    return False


def ask_has(reading: Calls, args: list[Any], named: dict[str, Any], line: int) -> Any:
    found = reading.attribute(args[0], args[1], line)
    return not (isinstance(found, Unknown) or (isinstance(found, Method) and isinstance(found.function, str)))


def ask_get(reading: Calls, args: list[Any], named: dict[str, Any], line: int) -> Any:
    if not isinstance(args[1], str):
        raise TroubleError("the name of an attribute is not known", line)
    if len(args) > 2 and not ask_has(reading, args, named, line):
        return args[2]
    return reading.attribute(args[0], args[1], line)


def ask_set(reading: Calls, args: list[Any], named: dict[str, Any], line: int) -> Any:
    target, name, value = args
    _set_attribute(reading, target, name, value, line)
    return None


def _set_attribute(reading: Calls, target: Any, name: Any, value: Any, line: int) -> None:
    if isinstance(target, Instance) and isinstance(name, str):
        target.attributes[name] = value
