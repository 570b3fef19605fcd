"""Calls in read Python source: functions and classes of the source are walked through, libraries are asked."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import Any

from tui.formats.python.builtins import BUILTINS, MODULES
from tui.formats.python.eval import Expressions
from tui.formats.python.logic import MOST_LEVELS
from tui.formats.python.methods import plain_method
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
    TooMuchError,
    TroubleError,
    Unknown,
    is_host,
)


class Calls(Expressions):
    """The reader of calls and attributes."""

    def body(self, statements: Sequence[ast.stmt], scope: Scope) -> Any:
        """Read the statements of a function; gives what it returns."""
        raise NotImplementedError

    def call(self, callee: Any, args: list[Any], named: dict[str, Any], line: int) -> Any:
        match callee:
            case Function():
                return self.run(callee, args, named, line)
            case Class():
                return self.made(callee, args, named, line)
            case Method():
                return self._method(callee, args, named, line)
            case Partial():
                return self.call(callee.function, [*callee.args, *args], {**callee.named, **named}, line)
            case Library():
                return self._library(callee, args, named, line)
            case Instance():
                return self._instance(callee, args, named, line)
            case Unknown():
                made = self.ask(lambda w: w.opaque(callee, args, named, line))
                return Unknown(f"{callee.text}(...)"[:80], line) if made is MISSING else made
        if is_host(callee):
            made = callee.method("__call__", args, named, line)
            if made is not MISSING:
                return made
        raise TroubleError(f"a {type(callee).__name__} is called, which is no function", line)

    def run(self, function: Function, args: Sequence[Any], named: Mapping[str, Any], line: int) -> Any:
        """What a function of the source returns."""
        if self.level >= MOST_LEVELS:
            raise TooMuchError(f"reading stopped: functions inside each other more than {MOST_LEVELS} deep", line)
        scope = Scope(self._bound(function, args, named, line), function.scope)
        if function.owner is not None:
            scope.names["__class__"] = function.owner
            scope.names["__self__"] = args[0] if args else None
        self.level += 1
        try:
            if isinstance(function.body, ast.expr):
                return self.value(function.body, scope)
            return self.body(function.body, scope)
        finally:
            self.level -= 1

    def _bound(self, function: Function, args: Sequence[Any], named: Mapping[str, Any], line: int) -> dict[str, Any]:
        """The names of the arguments with their values."""
        wanted, given = function.arguments, dict(named)
        names = [arg.arg for arg in (*wanted.posonlyargs, *wanted.args)]
        bound: dict[str, Any] = dict(zip(names, args, strict=False))
        if len(args) > len(names) and wanted.vararg is None:
            raise TroubleError(f"{function.name}() takes {len(names)} arguments, it is given {len(args)}", line)
        if wanted.vararg is not None:
            bound[wanted.vararg.arg] = tuple(args[len(names) :])
        for name in (*names, *(arg.arg for arg in wanted.kwonlyargs)):
            if name in given:
                if name in bound:
                    raise TroubleError(f"{function.name}() is given {name} twice", line)
                bound[name] = given.pop(name)
        if wanted.kwarg is not None:
            bound[wanted.kwarg.arg] = given
        elif given:
            raise TroubleError(f"{function.name}() has no argument {next(iter(given))}", line)
        first = len(names) - len(function.defaults)
        bound = {**dict(zip(names[first:], function.defaults, strict=False)), **function.named_defaults, **bound}
        for name in (*names, *(arg.arg for arg in wanted.kwonlyargs)):
            if name not in bound:
                raise TroubleError(f"{function.name}() needs {name}", line)
        return bound

    def missing(self, function: Function) -> list[str]:
        """The arguments of a function that have no default, its first left out where it is a method."""
        names = [arg.arg for arg in (*function.arguments.posonlyargs, *function.arguments.args)]
        needed = names[: len(names) - len(function.defaults)]
        needed += [arg.arg for arg in function.arguments.kwonlyargs if arg.arg not in function.named_defaults]
        return needed[1:] if function.owner is not None else needed

    def made(self, of: Class, args: list[Any], named: dict[str, Any], line: int) -> Any:
        """A new object of a class of the source."""
        instance = Instance(of)
        init = of.find("__init__")
        if isinstance(init, Function):
            self.making += 1
            try:
                self.run(init, [instance, *args], named, line)
            finally:
                self.making -= 1
        elif of.fields:
            given = {**dict(zip(of.fields, args, strict=False)), **named}
            for name in of.fields:
                value = given.get(name, of.find(name))
                instance.attributes[name] = Unknown(name, line) if value is MISSING else value
        else:
            self.ask(lambda w: w.method(instance, "__init__", args, named, line))
        return instance

    def _instance(self, instance: Instance, args: list[Any], named: dict[str, Any], line: int) -> Any:
        called = instance.of.find("__call__")
        if isinstance(called, Function):
            return self.run(called, [instance, *args], named, line)
        made = self.ask(lambda w: w.method(instance, "__call__", args, named, line))
        if made is not MISSING:
            return made
        raise TroubleError(f"an object of {instance.of.name} is called, which is no function", line)

    def _method(self, method: Method, args: list[Any], named: dict[str, Any], line: int) -> Any:
        receiver, function = method.receiver, method.function
        if isinstance(function, Function):
            return self.run(function, [receiver, *args], named, line)
        if isinstance(receiver, Instance):
            made = self.ask(lambda w: w.method(receiver, function, args, named, line))
            return Unknown(f".{function}()", line) if made is MISSING else made
        if is_host(receiver):
            made = receiver.method(function, args, named, line)
            if made is MISSING:
                unknown = Unknown(f".{function}", line)
                made = self.ask(lambda w: w.opaque(unknown, [receiver, *args], named, line))
            return Unknown(f".{function}()", line) if made is MISSING else made
        return plain_method(receiver, function, args, named, line)

    def _library(self, library: Library, args: list[Any], named: dict[str, Any], line: int) -> Any:
        path = library.path
        builtin = BUILTINS.get(path)
        if builtin is not None:
            return builtin(self, args, named, line)
        made = self.ask(lambda w: w.call(path, args, named, line))
        if made is not MISSING:
            return made
        unknown = Unknown(path, line)
        made = self.ask(lambda w: w.opaque(unknown, args, named, line))
        return Unknown(f"{path}(...)"[:80], line) if made is MISSING else made

    def attribute(self, value: Any, name: str, line: int) -> Any:
        match value:
            case Unknown():
                return Unknown(f"{value.text}.{name}"[:80], line)
            case Library():
                path = f"{value.path}.{name}"
                constant = MODULES.get(path, MISSING)
                if constant is MISSING:
                    constant = self.ask(lambda w: w.constant(path))
                return Library(path) if constant is MISSING else constant
            case Class():
                found = value.find(name)
                if found is MISSING and name == "__name__":
                    return value.name
                return Unknown(f"{value.name}.{name}", line) if found is MISSING else found
            case Instance():
                return self._of_instance(value, name, line)
            case Parent():
                return self._of_parent(value, name, line)
        if is_host(value):
            found = value.attribute(name)
            return Method(value, name) if found is MISSING else found
        plain = isinstance(value, str | list | dict | tuple | int | float)
        return Method(value, name) if plain else Unknown(f"{name} of what is not known", line)

    def _of_instance(self, instance: Instance, name: str, line: int) -> Any:
        if name in instance.attributes:
            return instance.attributes[name]
        if name == "__class__":
            return instance.of
        found = instance.of.find(name)
        if isinstance(found, Function):
            return self._with(instance, found, line)
        if found is not MISSING:
            return found
        found = self.ask(lambda w: w.attribute(instance, name))
        return Method(instance, name) if found is MISSING else found

    def _with(self, instance: Any, function: Function, line: int) -> Any:
        if function.form == "property":
            return self.run(function, [instance], {}, line)
        if function.form == "static":
            return function
        return Method(instance.of if function.form == "class" else instance, function)

    def _of_parent(self, parent: Parent, name: str, line: int) -> Any:
        instance = parent.instance
        order = instance.of.order()
        later = order[order.index(parent.after) + 1 :] if parent.after in order else []
        for one in later:
            if isinstance(one, Class) and name in one.names:
                function = one.names[name]
                return self._with(instance, function, line) if isinstance(function, Function) else function
        return Method(instance, name)
