"""Assignments in read Python source: names, unpacking, attributes and entries."""

from __future__ import annotations

import ast
from typing import Any

from tui.formats.python.calls import Calls
from tui.formats.python.logic import text_of
from tui.formats.python.values import Class, Instance, Scope, TroubleError, Unknown, is_host


class Assignments(Calls):
    """The reader of assignments."""

    def augmented(self, node: ast.AugAssign, scope: Scope) -> None:
        place = ast.copy_location(ast.fix_missing_locations(_loaded(node.target)), node)
        old, more = self.value(place, scope), self.value(node.value, scope)
        if isinstance(old, list) and isinstance(node.op, ast.Add):
            old.extend(self.entries(more, node.value))
            return
        self.assign(node.target, self.combined(node.op, old, more, node), scope)

    def assign(self, target: ast.expr, value: Any, scope: Scope) -> None:
        match target:
            case ast.Name():
                scope.bind(target.id, value)
            case ast.Tuple() | ast.List():
                self._unpack(target, value, scope)
            case ast.Starred():
                self.assign(target.value, value, scope)
            case ast.Attribute():
                self.set_attribute(target, value, scope)
            case ast.Subscript():
                self._set_item(target, value, scope)

    def _unpack(self, target: ast.Tuple | ast.List, value: Any, scope: Scope) -> None:
        if isinstance(value, Unknown):
            for one in target.elts:
                self.assign(one, Unknown(text_of(one), target.lineno), scope)
            return
        values = self.entries(value, target)
        starred = next((i for i, one in enumerate(target.elts) if isinstance(one, ast.Starred)), None)
        if starred is not None and len(values) >= len(target.elts) - 1:
            after = len(target.elts) - starred - 1
            middle = values[starred : len(values) - after]
            values = [*values[:starred], middle, *values[len(values) - after :]]
        if len(values) != len(target.elts):
            raise TroubleError(f"{len(target.elts)} names are set to {len(values)} values", target.lineno)
        for one, part in zip(target.elts, values, strict=True):
            self.assign(one, part, scope)

    def set_attribute(self, target: ast.Attribute, value: Any, scope: Scope) -> None:
        owner = self.value(target.value, scope)
        if isinstance(owner, Instance):
            owner.attributes[target.attr] = value
        elif isinstance(owner, Class):
            owner.names[target.attr] = value
        elif is_host(owner):
            owner.method("__setattr__", [target.attr, value], {}, target.lineno)

    def _set_item(self, target: ast.Subscript, value: Any, scope: Scope) -> None:
        owner, index = self.value(target.value, scope), self.value(target.slice, scope)
        if isinstance(owner, dict):
            owner[self.key(index)] = value
        elif isinstance(owner, list) and isinstance(index, int):
            if not -len(owner) <= index < len(owner):
                raise TroubleError(f"{text_of(target)}: there is no such entry", target.lineno)
            owner[index] = value
        elif is_host(owner):
            owner.method("__setitem__", [index, value], {}, target.lineno)


def _loaded(target: ast.expr) -> ast.expr:
    """The expression that reads what a target sets."""
    match target:
        case ast.Attribute():
            return ast.Attribute(target.value, target.attr, ast.Load())
        case ast.Subscript():
            return ast.Subscript(target.value, target.slice, ast.Load())
        case ast.Name():
            return ast.Name(target.id, ast.Load())
    return target
