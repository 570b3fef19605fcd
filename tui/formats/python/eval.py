"""Expressions of read Python source: each becomes a value, within limits. Nothing is executed.

What is not understood becomes an Unknown with its text, and whatever is made of it is unknown too.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from tui.core.size import Poly
from tui.formats.python.fold import MOST_ITEMS, folded
from tui.formats.python.logic import Logic, text_of
from tui.formats.python.values import MISSING, Function, Library, Scope, TroubleError, Unknown, is_host, is_known


class Expressions(Logic):
    """The reader of expressions."""

    def value(self, node: ast.expr, scope: Scope) -> Any:
        """The value of an expression; raises TroubleError where it has none."""
        self.step(node)
        read = _READERS.get(type(node))
        return Unknown(text_of(node), self.line) if read is None else read(self, node, scope)

    def constant(self, node: ast.Constant, scope: Scope) -> Any:
        value = node.value
        if isinstance(value, bool | int | float | str) or value is None or value is Ellipsis:
            return value
        return Unknown(text_of(node), self.line)

    def name(self, node: ast.Name, scope: Scope) -> Any:
        found = scope.find(node.id)
        if found is MISSING:
            found = self.guess(node.id)
        return Unknown(node.id, self.line) if found is MISSING else found

    def items(self, node: ast.List | ast.Tuple | ast.Set, scope: Scope) -> Any:
        made: list[Any] = []
        for item in node.elts:
            if isinstance(item, ast.Starred):
                made += self.entries(self.value(item.value, scope), item)
            else:
                made.append(self.value(item, scope))
        return tuple(made) if isinstance(node, ast.Tuple) else made

    def entries(self, value: Any, node: ast.AST) -> list[Any]:
        """The entries of what can be walked through; raises TroubleError where they are not known."""
        if isinstance(value, dict):
            value = list(value)
        elif is_host(value):
            found = value.method("__iter__", [], {}, self.line)
            if found is MISSING:
                raise TroubleError(f"{text_of(node)}: its entries are not known", self.line)
            value = found
        elif isinstance(value, str):
            value = list(value)
        if isinstance(value, range | enumerate | zip):
            value = _listed(value, self.line)
        if not isinstance(value, list | tuple | set | frozenset):
            raise TroubleError(f"{text_of(node)}: its entries are not known", self.line)
        return list(value)

    def mapping(self, node: ast.Dict, scope: Scope) -> Any:
        made: dict[Any, Any] = {}
        for key, item in zip(node.keys, node.values, strict=True):
            value = self.value(item, scope)
            if key is None:
                if not isinstance(value, dict):
                    raise TroubleError(f"{text_of(item)}: its entries are not known", self.line)
                made.update(value)
            else:
                made[self.key(self.value(key, scope))] = value
        return made

    def key(self, value: Any) -> Any:
        """A key of a dict; raises TroubleError where it cannot be one."""
        try:
            hash(value)
        except TypeError:
            raise TroubleError("a list is no key of a dict", self.line) from None
        return value

    def binary(self, node: ast.BinOp, scope: Scope) -> Any:
        return self.combined(node.op, self.value(node.left, scope), self.value(node.right, scope), node)

    def combined(self, operator: ast.operator, left: Any, right: Any, node: ast.AST) -> Any:
        """Two values under an operator."""
        if is_host(left) or is_host(right):
            made = self.ask(lambda w: w.operation(type(operator).__name__, [left, right], self.line))
            if made is not MISSING:
                return made
        if not (is_known(left) and is_known(right)) or is_host(left) or is_host(right):
            return Unknown(text_of(node), self.line)
        return folded(operator, left, right)

    def attribute_of(self, node: ast.Attribute, scope: Scope) -> Any:
        return self.attribute(self.value(node.value, scope), node.attr, node.lineno)

    def item(self, node: ast.Subscript, scope: Scope) -> Any:
        value, index = self.value(node.value, scope), self.value(node.slice, scope)
        return self.entry(value, index, node)

    def entry(self, value: Any, index: Any, node: ast.AST) -> Any:
        """An entry of a list, a dict or a tensor."""
        if is_host(value):
            made = value.method("__getitem__", [index], {}, self.line)
            if made is MISSING:
                made = self.ask(lambda w: w.operation("item", [value, index], self.line))
            return Unknown(text_of(node), self.line) if made is MISSING else made
        if isinstance(value, Unknown | Library) or isinstance(index, Unknown):
            return Unknown(text_of(node), self.line)
        try:
            return value[index]
        except (TypeError, LookupError, ValueError) as error:
            raise TroubleError(f"{text_of(node)}: {error}", self.line) from None

    def slice(self, node: ast.Slice, scope: Scope) -> Any:
        ends = [None if part is None else self.value(part, scope) for part in (node.lower, node.upper, node.step)]
        if any(isinstance(end, Unknown) for end in ends):
            return Unknown(text_of(node), self.line)
        return slice(*ends)

    def called(self, node: ast.Call, scope: Scope) -> Any:
        callee = self.value(node.func, scope)
        args: list[Any] = []
        for arg in node.args:
            if isinstance(arg, ast.Starred):
                args += self.entries(self.value(arg.value, scope), arg)
            else:
                args.append(self.value(arg, scope))
        named: dict[str, Any] = {}
        for word in node.keywords:
            value = self.value(word.value, scope)
            if word.arg is not None:
                named[word.arg] = value
            elif isinstance(value, dict) and all(isinstance(key, str) for key in value):
                named.update(value)
            else:
                raise TroubleError(f"{text_of(word.value)}: its entries are not known", node.lineno)
        if isinstance(callee, Library) and callee.path == "super" and not args:
            args = [scope]
        return self.call(callee, args, named, node.lineno)

    def comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp, scope: Scope) -> Any:
        made: list[Any] = []
        self._walk(node.generators, scope, lambda inner: made.append(self.value(node.elt, inner)))
        return made

    def dict_comprehension(self, node: ast.DictComp, scope: Scope) -> Any:
        made: dict[Any, Any] = {}

        def add(inner: Scope) -> None:
            made[self.key(self.value(node.key, inner))] = self.value(node.value, inner)

        self._walk(node.generators, scope, add)
        return made

    def _walk(self, generators: Sequence[ast.comprehension], scope: Scope, done: Callable[[Scope], object]) -> None:
        if not generators:
            done(scope)
            return
        first, *rest = generators
        for entry in self.entries(self.value(first.iter, scope), first.iter):
            inner = Scope({}, scope)
            self.assign(first.target, entry, inner)
            if all(self.sure(test, inner) for test in first.ifs):
                self._walk(rest, inner, done)

    def assign(self, target: ast.expr, value: Any, scope: Scope) -> None:
        raise NotImplementedError

    def function(self, node: ast.Lambda, scope: Scope) -> Any:
        return Function("lambda", node.args, node.body, scope, *self.defaults(node.args, scope))

    def defaults(self, arguments: ast.arguments, scope: Scope) -> tuple[list[Any], dict[str, Any]]:
        """The default values of a function's arguments: those by place and those by name."""
        named = {
            arg.arg: self.value(default, scope)
            for arg, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
            if default is not None
        }
        return [self.value(default, scope) for default in arguments.defaults], named

    def joined(self, node: ast.JoinedStr, scope: Scope) -> Any:
        words: list[str] = []
        for part in node.values:
            if isinstance(part, ast.Constant):
                words.append(str(part.value))
                continue
            assert isinstance(part, ast.FormattedValue)
            value = self.value(part.value, scope)
            if not isinstance(value, int | float | str | Poly) or part.format_spec is not None:
                words.append("_")
            else:
                words.append(str(value)[:200])
        return "".join(words)[:2_000]

    def named(self, node: ast.NamedExpr, scope: Scope) -> Any:
        value = self.value(node.value, scope)
        self.assign(node.target, value, scope)
        return value


def _listed(values: Iterable[Any], line: int) -> list[Any]:
    made = []
    for value in values:
        made.append(value)
        if len(made) > MOST_ITEMS:
            raise TroubleError(f"a list of more than {MOST_ITEMS:,} entries is not built", line)
    return made


_READERS: Final[dict[type[ast.expr], Callable[[Expressions, Any, Scope], Any]]] = {
    ast.Constant: Expressions.constant, ast.Name: Expressions.name,
    ast.List: Expressions.items, ast.Tuple: Expressions.items, ast.Set: Expressions.items,
    ast.Dict: Expressions.mapping, ast.BinOp: Expressions.binary, ast.UnaryOp: Expressions.single,
    ast.BoolOp: Expressions.either, ast.Compare: Expressions.comparison, ast.IfExp: Expressions.choice,
    ast.Attribute: Expressions.attribute_of, ast.Subscript: Expressions.item, ast.Slice: Expressions.slice,
    ast.Call: Expressions.called, ast.ListComp: Expressions.comprehension, ast.SetComp: Expressions.comprehension,
    ast.GeneratorExp: Expressions.comprehension, ast.DictComp: Expressions.dict_comprehension,
    ast.Lambda: Expressions.function, ast.JoinedStr: Expressions.joined, ast.NamedExpr: Expressions.named,
}  # fmt: skip
