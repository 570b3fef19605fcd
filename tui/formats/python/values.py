"""What a name in read Python source may stand for, beside plain numbers, words, lists and dicts.

Nothing here is the user's code: a function is its syntax tree with the names around it, a class the same, and
whatever is not understood is an :class:`Unknown` that says where it came from.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol, TypeGuard

from tui.core.size import Poly


class _SourceError(Exception):
    """An error in the source; ``line`` is its line there, 0 where it is not known yet."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.line = line


class TroubleError(_SourceError):
    """A statement that cannot be read."""


class TooMuchError(_SourceError):
    """More steps, lines or levels than are read."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that is not understood: the text that makes it, and its line."""

    text: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Library:
    """A name of an imported package: ``torch.nn.Conv2d``."""

    path: str


@dataclass(eq=False, slots=True)
class Scope:
    """Names and their values, and the scope around it."""

    names: dict[str, Any]
    outer: Scope | None = None
    shared: set[str] = field(default_factory=set)
    """Names that an assignment sets in an outer scope: ``global`` and ``nonlocal``."""

    def find(self, name: str) -> Any:
        """The value of a name; MISSING where there is none."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            scope = scope.outer
        return MISSING

    def bind(self, name: str, value: Any) -> None:
        """Set a name, where it belongs."""
        if name in self.shared and self.outer is not None:
            scope: Scope = self.outer
            while name not in scope.names and scope.outer is not None:
                scope = scope.outer
            scope.names[name] = value
        else:
            self.names[name] = value


MISSING: Final = Unknown("")
"""What stands for no value at all."""


@dataclass(eq=False, slots=True)
class Function:
    """A function of the source, a lambda among them."""

    name: str
    arguments: ast.arguments
    body: Sequence[ast.stmt] | ast.expr
    scope: Scope
    defaults: Sequence[Any] = ()
    named_defaults: Mapping[str, Any] = field(default_factory=dict)
    owner: Class | None = None
    form: str = ""
    """``static``, ``class`` or ``property`` for methods that are."""


@dataclass(eq=False, slots=True)
class Class:
    """A class of the source. ``bases`` are classes of the source or names of libraries."""

    name: str
    bases: Sequence[Any]
    names: dict[str, Any]
    fields: Sequence[str] = ()
    """The names of a dataclass's fields, in order."""
    line: int = 0

    def order(self) -> list[Any]:
        """The class and its bases, those asked first at the front."""
        found: list[Any] = [self]
        for base in self.bases:
            found += base.order() if isinstance(base, Class) else [base] if isinstance(base, Library) else []
        return list(dict.fromkeys(found))

    def find(self, name: str) -> Any:
        """An attribute of the class or of a base in the source."""
        for one in self.order():
            if isinstance(one, Class) and name in one.names:
                return one.names[name]
        return MISSING

    def libraries(self) -> list[str]:
        """The names of the library classes that it is made from."""
        return [base.path for base in self.order() if isinstance(base, Library)]


@dataclass(eq=False, slots=True)
class Instance:
    """An object of a class of the source."""

    of: Class
    attributes: dict[str, Any] = field(default_factory=dict)
    path: str = ""


@dataclass(eq=False, slots=True)
class Method:
    """A function with the object it is of; ``receiver`` may be of any type, then ``function`` is the name."""

    receiver: Any
    function: Function | str


@dataclass(frozen=True, slots=True)
class Parent:
    """What ``super()`` gives."""

    instance: Any
    after: Class


@dataclass(eq=False, slots=True)
class Partial:
    """A callable with some of its arguments."""

    function: Any
    args: tuple[Any, ...]
    named: Mapping[str, Any]


class Host(Protocol):
    """An object that a framework's part of the reader made: a layer, a model, a tensor."""

    def attribute(self, name: str) -> Any:
        """An attribute; MISSING where it has none, which is then a method or unknown."""

    def method(self, name: str, args: list[Any], named: dict[str, Any], line: int) -> Any:
        """Call a method, ``__call__`` among them; MISSING where it has none."""


class Shaped:
    """Base of the tensors of the frameworks: what follows from their shape."""

    def shape(self) -> Any:
        """The whole shape; Unknown where it is not known."""
        raise NotImplementedError

    def of_shape(self, name: str) -> Any:
        """The attributes ``shape`` and ``ndim``; MISSING for others."""
        if name not in ("shape", "ndim"):
            return MISSING
        shape = self.shape()
        return shape if name == "shape" or isinstance(shape, Unknown) else len(shape)


def is_host(value: Any) -> TypeGuard[Host]:
    """Whether a value is a framework's."""
    return hasattr(value, "attribute") and hasattr(value, "method")


def is_plain(value: Any) -> bool:
    """Whether a value is made of numbers, words, sizes, lists and dicts alone."""
    if isinstance(value, list | tuple):
        return all(map(is_plain, value))
    if isinstance(value, dict):
        return all(map(is_plain, value.values()))
    return value is None or isinstance(value, bool | int | float | str | Poly)


def is_known(value: Any) -> bool:
    """Whether nothing in a value is unknown."""
    if isinstance(value, list | tuple):
        return all(map(is_known, value))
    if isinstance(value, dict):
        return all(map(is_known, value.values()))
    return not isinstance(value, Unknown)
