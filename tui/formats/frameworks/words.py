"""Values of a framework's arguments as words of our grammar.

What a framework's file holds (numbers, lists, text) is checked against the type of the argument it is for,
and only then written: a text where a number is wanted would otherwise read as a symbol.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeVar

from tui.core.argument import Arg, Axes, Choice, Dims, Pads, Real, Switch, ValueType, Whole
from tui.core.axes import AxisNumber, AxisNumbers
from tui.core.axis_sizes import ShapeOrScalar
from tui.core.errors import LayersheetError, ParseError, or_list
from tui.core.kind import Kind
from tui.core.network import Spec
from tui.core.output_size import OutputSize
from tui.core.ratio import Factor
from tui.core.size import Poly, Size, text
from tui.formats.spec import parse_spec, spec_code
from tui.layers import kind_named, near_kinds
from tui.layers.opaque import Shapes

T = TypeVar("T")


class FrameworkError(LayersheetError):
    """A layer that the framework refuses, or that cannot be written as a line; the message names the reason."""


class _UnfitError(Exception):
    """A value that is not of the argument's type."""


def is_whole(value: Any) -> bool:
    """Whether a value is a whole number; true and false are not."""
    return isinstance(value, int) and not isinstance(value, bool)


def flat(values: Any) -> list[Any]:
    """Everything in lists and tuples, one after the other; another value as a list of one."""
    return [one for value in values for one in flat(value)] if isinstance(values, list | tuple) else [values]


def shown(value: Any) -> str:
    """A value as a message shows it; a tuple of a framework arrives as a list."""
    word = repr(tuple(value)) if isinstance(value, list) else repr(value)
    return word if len(word) <= 60 else f"{word[:57]}..."


def _size(value: Any) -> str:
    if isinstance(value, Poly):
        return f"({text(value, spaces=False)})"
    if not is_whole(value):
        raise _UnfitError
    return str(value)


def _joined(value: Any, one: Callable[[Any], str]) -> str:
    """One part for every axis, or one for each; a comma after a single part says that there is one axis."""
    if not isinstance(value, list | tuple):
        return one(value)
    if not value:
        raise _UnfitError
    return "x".join(map(one, value)) + ("," if len(value) == 1 else "")


def _axes(value: Any) -> str:
    return _joined(value, _size)


def _kept_axes(value: Any) -> str:
    return _joined(value, lambda size: "keep" if size is None else _size(size))


def _factor(value: Any) -> str:
    def one(number: Any) -> str:
        if isinstance(number, float):
            word = repr(number)
            return word if "e" not in word else f"{number:.20f}".rstrip("0")  # a factor has digits only
        return _size(number)

    return _joined(value, one)


def _dims(value: Any) -> str:
    sizes = value if isinstance(value, list | tuple) else (value,)
    return "x".join(f"({size})" if is_whole(size) and size < 0 else _size(size) for size in sizes)


def _shape(value: Any) -> str:
    return _dims(value) or "scalar"


def _shapes(value: Any) -> str:
    return ";".join(map(_shape, value))


def _pads(value: Any) -> str:
    if isinstance(value, str):
        return value
    return _joined(value, lambda axis: ":".join(map(_size, axis)) if isinstance(axis, list | tuple) else _size(axis))


def _switch(value: Any) -> str:
    if not isinstance(value, bool) and value not in (0, 1):
        raise _UnfitError
    return "true" if value else "false"


def _real(value: Any) -> str:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise _UnfitError
    return repr(value)


def _axis(value: Any) -> str:
    return _size(value[0] if isinstance(value, list | tuple) and len(value) == 1 else value)


def _axis_list(value: Any) -> str:
    numbers = value if isinstance(value, list | tuple) else () if value is None else (value,)
    return ",".join(map(_size, numbers)) or "none"


def _text(value: Any) -> str:
    word = str(value).replace(" ", "")
    if not isinstance(value, str | int) or not word:
        raise _UnfitError
    return word


_WORDS: Final[Mapping[type[ValueType], Callable[[Any], str]]] = {
    OutputSize: _kept_axes,
    Shapes: _shapes,
    ShapeOrScalar: _shape,
    Axes: _axes,
    Whole: _size,
    Dims: _dims,
    Pads: _pads,
    Switch: _switch,
    Real: _real,
    AxisNumber: _axis,
    AxisNumbers: _axis_list,
    Factor: _factor,
    Choice: _text,
}
"""How a value is written for each type of argument; what is not here is a word already."""


def _word(layer: str, given: str, arg: Arg, value: Any) -> str:
    write = next((_WORDS[t] for t in type(arg.type).__mro__ if t in _WORDS), _text)
    try:
        return write(value)
    except _UnfitError:
        raise FrameworkError(f"{layer}: {given}={shown(value)} is not {arg.type.expected}") from None


def kind_of(class_name: str) -> type[Kind]:
    """The kind that a framework's class or operator is; raises FrameworkError where there is none."""
    named = kind_named(class_name)
    if named is None:
        near = near_kinds(class_name)
        hint = f"; the nearest are {or_list(near)}" if near else ""
        raise FrameworkError(f"no layer kind is called {class_name}{hint}")
    return named[0]


def spec_of(class_name: str, args: Mapping[str, Any]) -> Spec:
    """The layer of a framework's class with these arguments, by the names of the class or of the kind.

    Raises FrameworkError that names the argument where one is not known, or has a value that is not allowed.
    """
    kind = kind_of(class_name)
    words = [class_name]
    for name, value in args.items():
        arg = kind.by_name.get(name)
        if arg is None:
            raise FrameworkError(
                f"{class_name}: {name}={shown(value)} cannot be written, {kind.name} has no such argument"
            )
        word = _word(class_name, name, arg, value)
        try:
            arg.type.parse(word)
        except ParseError as error:
            raise FrameworkError(f"{class_name}: {name}={shown(value)}: {error.message}") from None
        words.append(f"{arg.name}={word}")
    try:
        spec = parse_spec(" ".join(words))
    except ParseError as error:
        raise FrameworkError(error.message) from None
    needed = {
        name: _one_for_all(kind.by_name[name], value, spec.args)
        for name, value in spec.args.items()
        if not _is_default(kind.by_name[name], value, spec.args)
    }
    return Spec(kind, needed, spec_code(kind, needed))


def _one_for_all(arg: Arg, value: Any, args: Mapping[str, Any]) -> Any:
    """One size where it is that of each axis, and the kernel says how many axes there are."""
    kernel = args.get("kernel")
    if arg.name == "kernel" or not isinstance(arg.type, Axes | Pads) or not isinstance(value, tuple):
        return value
    if not isinstance(kernel, tuple) or len(value) != len(kernel) or isinstance(value[0], tuple):
        return value
    return value[0] if all(size == value[0] for size in value) else value


def _is_default(arg: Arg, value: Any, args: Mapping[str, Any]) -> bool:
    """Whether a line says the same without an argument. One size for each axis is, where as many axes are named
    by the kernel; a window's stride that is left out (None) is its kernel."""
    kernel = args.get("kernel")
    if arg.required:
        return False
    if arg.name == "stride" and arg.default is None:
        return bool(value == kernel)
    if isinstance(value, tuple) and isinstance(kernel, tuple) and arg.name != "kernel":
        return len(value) == len(kernel) and all(size in (arg.default, (arg.default, arg.default)) for size in value)
    return type(value) is type(arg.default) and bool(value == arg.default)


def translated(rule: Callable[..., T], what: str, *args: Any) -> T:
    """What a rule makes of its arguments. A file may hold anything: where the rule cannot take it, FrameworkError."""
    try:
        return rule(*args)
    except (TypeError, ValueError, LookupError, ArithmeticError, AttributeError) as error:
        raise FrameworkError(f"{what}: its arguments are not of the types that it takes ({error})") from None


def without_nothing(args: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments that were given: a framework's None leaves one out."""
    return {name: value for name, value in args.items() if value is not None}


def input_args(shape: Sequence[Any], batched: bool) -> dict[str, Any]:
    """The sizes of an input line, from a whole shape."""
    return {"shape": list(shape[1:])} if batched else {"shape": list(shape), "whole": True}


def sizes_shown(shape: tuple[Size, ...]) -> str:
    """A whole shape as the frameworks write it."""
    return "(" + ", ".join(text(size) for size in shape) + ("," if len(shape) == 1 else "") + ")"
