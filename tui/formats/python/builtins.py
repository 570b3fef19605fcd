"""Python's own functions and a few of its modules, as far as sources of networks need them; all of them bounded."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from itertools import islice, product
from typing import TYPE_CHECKING, Any, Final

from tui.core.size import Poly, SizeError, maximum, minimum
from tui.formats.python.fold import MOST_ITEMS
from tui.formats.python.objects import ask_get, ask_has, ask_isinstance, ask_set
from tui.formats.python.values import (
    MISSING,
    Class,
    Function,
    Instance,
    Library,
    Method,
    Parent,
    Partial,
    Scope,
    TroubleError,
    Unknown,
    is_host,
    is_known,
)

if TYPE_CHECKING:
    from tui.formats.python.calls import Calls

Builtin = Callable[["Calls", list[Any], dict[str, Any], int], Any]

_PLAIN: Final = (bool, int, float, str, list, tuple, dict, type(None))


def _list(reading: Calls, value: Any, line: int) -> list[Any]:
    if isinstance(value, Unknown):
        raise TroubleError(f"the entries of {value.text} are not known", line)
    import ast

    return reading.entries(value, ast.Name("this"))


def _len(reading: Calls, args: list[Any], named: dict[str, Any], line: int) -> Any:
    (value,) = args
    if is_host(value):
        found = value.method("__len__", [], {}, line)
        return Unknown("len(...)", line) if found is MISSING else found
    if isinstance(value, str | list | tuple | dict):
        return len(value)
    word = value.text if isinstance(value, Unknown) else value.path if isinstance(value, Library) else "..."
    return Unknown(f"len({word})"[:80], line)


def _range(reading: Calls, args: list[Any], named: dict[str, Any], line: int) -> Any:
    if not is_known(args) or any(isinstance(arg, Poly) for arg in args):
        raise TroubleError("how often this loop runs is not known before the network runs", line)
    found = range(*args)
    if len(found) > MOST_ITEMS:
        raise TroubleError(f"a range of more than {MOST_ITEMS:,} numbers is not walked through", line)
    return list(found)


def _plain(function: Callable[..., Any]) -> Builtin:
    """A function of plain values only."""

    def call(reading: Calls, args: list[Any], named: dict[str, Any], line: int) -> Any:
        if not is_known(args) or any(is_host(arg) or isinstance(arg, Instance | Poly) for arg in args):
            return Unknown(f"{getattr(function, '__name__', 'this')}(...)", line)
        return function(*args, **named)

    return call


def _int(reading: Calls, args: list[Any], named: dict[str, Any], line: int) -> Any:
    if args and isinstance(args[0], Poly):
        return args[0]
    if args and isinstance(args[0], str) and len(args[0]) > 100:
        raise TroubleError("so long a number is not read", line)
    return _plain(int)(reading, args, named, line)


def _extreme(sizes: Callable[..., Any], plain: Callable[..., Any]) -> Builtin:
    def call(reading: Calls, args: list[Any], named: dict[str, Any], line: int) -> Any:
        values = _list(reading, args[0], line) if len(args) == 1 else args
        if any(isinstance(value, Poly) for value in values):
            return sizes(*values)
        if not is_known(values):
            return Unknown("max(...)", line)
        return plain(values) if not named else plain(values, **{k: v for k, v in named.items() if k == "default"})

    return call


def _sum(reading: Calls, args: list[Any], named: dict[str, Any], line: int) -> Any:
    total: Any = args[1] if len(args) > 1 else named.get("start", 0)
    import ast

    for value in _list(reading, args[0], line):
        total = reading.combined(ast.Add(), total, value, ast.Name("sum"))
    return total


def _enumerate(reading: Calls, args: list[Any], named: dict[str, Any], line: int) -> Any:
    start = args[1] if len(args) > 1 else named.get("start", 0)
    return list(enumerate(_list(reading, args[0], line), start))


def _zip(reading: Calls, args: list[Any], named: dict[str, Any], line: int) -> Any:
    return list(zip(*(_list(reading, arg, line) for arg in args), strict=False))


def _reversed(reading: Calls, args: list[Any], named: dict[str, Any], line: int) -> Any:
    return list(reversed(_list(reading, args[0], line)))


def _sorted(reading: Calls, args: list[Any], named: dict[str, Any], line: int) -> Any:
    values = _list(reading, args[0], line)
    if "key" in named or not is_known(values):
        raise TroubleError("sorting by a key is not read", line)
    return sorted(values, reverse=bool(named.get("reverse", False)))


def _map(reading: Calls, args: list[Any], named: dict[str, Any], line: int) -> Any:
    columns = (_list(reading, arg, line) for arg in args[1:])
    return [reading.call(args[0], list(values), {}, line) for values in zip(*columns, strict=False)]


def _filter(reading: Calls, args: list[Any], named: dict[str, Any], line: int) -> Any:
    function = args[0]
    kept = []
    for value in _list(reading, args[1], line):
        true = reading.truth(value if function is None else reading.call(function, [value], {}, line))
        if true is None:
            raise TroubleError("whether an entry is kept is not known", line)
        if true:
            kept.append(value)
    return kept


def _all(stop: bool) -> Builtin:
    def call(reading: Calls, args: list[Any], named: dict[str, Any], line: int) -> Any:
        truths = [reading.truth(value) for value in _list(reading, args[0], line)]
        if stop in truths:
            return stop
        return Unknown("all(...)", line) if None in truths else not stop

    return call


def _sequence(make: Callable[[list[Any]], Any]) -> Builtin:
    def call(reading: Calls, args: list[Any], named: dict[str, Any], line: int) -> Any:
        return make(_list(reading, args[0], line) if args else [])

    return call


def _dict(reading: Calls, args: list[Any], named: dict[str, Any], line: int) -> Any:
    found: dict[Any, Any] = {}
    if args:
        pairs = args[0].items() if isinstance(args[0], dict) else map(tuple, _list(reading, args[0], line))
        for key, value in pairs:
            found[reading.key(key)] = value
    return {**found, **named}


def _super(reading: Calls, args: list[Any], named: dict[str, Any], line: int) -> Any:
    if len(args) == 2 and isinstance(args[0], Class):
        return Parent(args[1], args[0])
    scope = args[0] if args and isinstance(args[0], Scope) else None
    while scope is not None and "__class__" not in scope.names:
        scope = scope.outer
    if scope is None:
        raise TroubleError("super() outside of a class", line)
    instance = scope.names.get("__self__")
    if not isinstance(instance, Instance):
        raise TroubleError("super() outside of an object", line)
    return Parent(instance, scope.names["__class__"])


def _type(reading: Calls, args: list[Any], named: dict[str, Any], line: int) -> Any:
    return args[0].of if args and isinstance(args[0], Instance) else Unknown("type(...)", line)


def _nothing(reading: Calls, args: list[Any], named: dict[str, Any], line: int) -> Any:
    return None


def _callable(reading: Calls, args: list[Any], named: dict[str, Any], line: int) -> Any:
    return isinstance(args[0], Function | Class | Method | Partial | Library) or is_host(args[0])


def _prod(reading: Calls, args: list[Any], named: dict[str, Any], line: int) -> Any:
    total: Any = 1
    for value in _list(reading, args[0], line):
        if not isinstance(value, int | float | Poly):
            return Unknown("prod(...)", line)
        total = total * value
        if isinstance(total, int) and total.bit_length() > 512:
            raise TroubleError("so large a product is not computed", line)
    return total


def _partial(reading: Calls, args: list[Any], named: dict[str, Any], line: int) -> Any:
    return Partial(args[0], tuple(args[1:]), named)


def _chain(reading: Calls, args: list[Any], named: dict[str, Any], line: int) -> Any:
    return [value for arg in args for value in _list(reading, arg, line)]


def _product(reading: Calls, args: list[Any], named: dict[str, Any], line: int) -> Any:
    return list(islice(product(*(_list(reading, arg, line) for arg in args)), MOST_ITEMS))


def _repeat(reading: Calls, args: list[Any], named: dict[str, Any], line: int) -> Any:
    if len(args) < 2 or not isinstance(args[1], int) or args[1] > MOST_ITEMS:
        raise TroubleError("repeat without a count is not read", line)
    return [args[0]] * args[1]


def _next(reading: Calls, args: list[Any], named: dict[str, Any], line: int) -> Any:
    values = _list(reading, args[0], line)
    return values[0] if values else Unknown("next(...)", line)


def _copy(reading: Calls, args: list[Any], named: dict[str, Any], line: int) -> Any:
    from tui.formats.python.copies import copied

    return copied(args[0])


def _parser(reading: Calls, args: list[Any], named: dict[str, Any], line: int) -> Any:
    from tui.formats.python.arguments import Parser

    return Parser()


def _vars(reading: Calls, args: list[Any], named: dict[str, Any], line: int) -> Any:
    (value,) = args
    if isinstance(value, Instance):
        return dict(value.attributes)
    values = getattr(value, "values", None)
    return dict(values) if isinstance(values, dict) else Unknown("vars(...)", line)


def _guarded(builtin: Builtin) -> Builtin:
    def call(reading: Calls, args: list[Any], named: dict[str, Any], line: int) -> Any:
        try:
            return builtin(reading, args, named, line)
        except (TypeError, ValueError, ArithmeticError, LookupError, SizeError, AttributeError) as error:
            raise TroubleError(f"this cannot be computed: {error}", line) from None

    return call


BUILTINS: Final[Mapping[str, Builtin]] = {
    name: _guarded(builtin)
    for name, builtin in {
        "len": _len, "range": _range, "int": _int, "float": _plain(float), "str": _plain(str), "bool": _plain(bool),
        "abs": _plain(abs), "round": _plain(round), "divmod": _plain(divmod), "max": _extreme(maximum, max),
        "min": _extreme(minimum, min), "sum": _sum, "enumerate": _enumerate, "zip": _zip, "reversed": _reversed,
        "sorted": _sorted, "map": _map, "filter": _filter, "all": _all(False), "any": _all(True),
        "list": _sequence(list), "tuple": _sequence(tuple), "set": _sequence(lambda v: list(dict.fromkeys(v))),
        "iter": _sequence(list), "dict": _dict, "isinstance": ask_isinstance, "hasattr": ask_has, "getattr": ask_get,
        "setattr": ask_set, "argparse.ArgumentParser": _parser, "ArgumentParser": _parser, "vars": _vars,
        "super": _super, "type": _type, "print": _nothing, "callable": _callable, "next": _next,
        "collections.OrderedDict": _dict, "OrderedDict": _dict, "math.prod": _prod, "numpy.prod": _prod,
        "math.ceil": _plain(math.ceil), "math.floor": _plain(math.floor), "math.sqrt": _plain(math.sqrt),
        "math.log2": _plain(math.log2), "math.log": _plain(math.log), "numpy.log2": _plain(math.log2),
        "numpy.sqrt": _plain(math.sqrt), "numpy.ceil": _plain(math.ceil), "numpy.floor": _plain(math.floor),
        "math.log10": _plain(math.log10), "math.gcd": _plain(math.gcd), "math.exp": _plain(math.exp),
        "functools.partial": _partial, "partial": _partial, "itertools.chain": _chain, "itertools.product": _product,
        "itertools.repeat": _repeat, "copy.deepcopy": _copy, "copy.copy": _copy, "deepcopy": _copy,
    }.items()
}  # fmt: skip
MODULES: Final[Mapping[str, Any]] = {"math.pi": math.pi, "math.inf": math.inf, "math.e": math.e, "numpy.pi": math.pi}
