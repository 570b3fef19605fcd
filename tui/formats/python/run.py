"""Statements of read Python source, walked through one by one. Nothing is executed.

A condition that depends on data is read as false, with a notice; a loop over what is not known is left out with
one. A statement that cannot be read leaves the names that it sets unknown, and the rest is read all the same.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any, Final

from tui.core.size import SizeError
from tui.formats.imported import Notice
from tui.formats.python.assign import Assignments
from tui.formats.python.fold import compared
from tui.formats.python.logic import text_of
from tui.formats.python.values import Class, Function, Library, Scope, TroubleError, Unknown


class _ReturnError(Exception):
    def __init__(self, value: Any) -> None:
        super().__init__()
        self.value = value


class _BreakError(Exception):
    pass


class _ContinueError(Exception):
    pass


class Reading(Assignments):
    """The reader of a source: ``run_all`` its statements, then ask its scope for what they made."""

    def __init__(self, worlds: Any, guess: Callable[[str], Any]) -> None:
        super().__init__(worlds, guess)
        self.notices: dict[tuple[int, str], Notice] = {}
        self.last: Any = None
        """The value of the last expression that stands by itself in the module."""

    def note(self, line: int, text: str, grade: str = "refused") -> None:
        """Report something of a line, once. What a script does besides its network is nobody's concern."""
        if self.level:
            self.notices.setdefault((line, text), Notice(grade, f"line {line}", text))

    def run_all(self, statements: Sequence[ast.stmt], scope: Scope) -> None:
        """Read a module's statements."""
        try:
            self.block(statements, scope)
        except (_ReturnError, _BreakError, _ContinueError):
            return

    def body(self, statements: Sequence[ast.stmt], scope: Scope) -> Any:
        try:
            self.block(statements, scope)
        except _ReturnError as found:
            return found.value
        return None

    def block(self, statements: Sequence[ast.stmt], scope: Scope) -> None:
        """Read some statements."""
        for statement in statements:
            self.step(statement)
            read = _READERS.get(type(statement))
            if read is None:
                continue
            try:
                read(self, statement, scope)
            except TroubleError as trouble:
                self.note(trouble.line or statement.lineno, trouble.message)
                self.forget(statement, scope)
            except (SizeError, TypeError, ValueError, AttributeError, LookupError, ArithmeticError) as trouble:
                self.note(statement.lineno, f"this cannot be read: {trouble}"[:200])
                self.forget(statement, scope)

    def forget(self, statement: ast.stmt, scope: Scope) -> None:
        """Make the names that a statement sets unknown."""
        if isinstance(statement, ast.Return):
            raise _ReturnError(Unknown(text_of(statement), statement.lineno))
        targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
        for target in targets:
            for name in ast.walk(target) if isinstance(target, ast.expr) else ():
                if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store):
                    scope.bind(name.id, Unknown(name.id, statement.lineno))
                elif isinstance(name, ast.Attribute) and isinstance(name.ctx, ast.Store):
                    self.set_attribute(name, Unknown(text_of(name), statement.lineno), scope)

    def expression(self, node: ast.Expr, scope: Scope) -> None:
        value = self.value(node.value, scope)
        if not self.level:
            self.last = value

    def assignment(self, node: ast.Assign, scope: Scope) -> None:
        value = self.value(node.value, scope)
        for target in node.targets:
            self.assign(target, value, scope)

    def annotated(self, node: ast.AnnAssign, scope: Scope) -> None:
        if node.value is not None:
            self.assign(node.target, self.value(node.value, scope), scope)

    def condition(self, node: ast.If, scope: Scope) -> None:
        true = self.truth(self.value(node.test, scope))
        if true is None and not _only_refuses(node.body):
            self.note(node.lineno, f"`if {text_of(node.test)}` depends on data: read as if it were false")
        self.block(node.body if true else node.orelse, scope)

    def loop(self, node: ast.For, scope: Scope) -> None:
        entries = self.entries(self.value(node.iter, scope), node.iter)
        for entry in entries:
            self.assign(node.target, entry, scope)
            if self._broken(node.body, scope):
                return
        self.block(node.orelse, scope)

    def _broken(self, body: Sequence[ast.stmt], scope: Scope) -> bool:
        try:
            self.block(body, scope)
        except _BreakError:
            return True
        except _ContinueError:
            return False
        return False

    def while_loop(self, node: ast.While, scope: Scope) -> None:
        while self.sure(node.test, scope):
            self.step(node)
            if self._broken(node.body, scope):
                return

    def matched(self, node: ast.Match, scope: Scope) -> None:
        value = self.value(node.subject, scope)
        for case in node.cases:
            fits = self._fits(case.pattern, value, scope)
            if fits and case.guard is not None:
                fits = self.truth(self.value(case.guard, scope))
            if fits is None:
                raise TroubleError("which case of `match` holds is not known before the network runs", node.lineno)
            if fits:
                self.block(case.body, scope)
                return

    def _fits(self, pattern: ast.pattern, value: Any, scope: Scope) -> bool | None:
        """Whether a value has this form; None where that is not known."""
        match pattern:
            case ast.MatchValue():
                wanted = self.value(pattern.value, scope)
                return None if isinstance(value, Unknown) else compared(ast.Eq(), value, wanted)
            case ast.MatchSingleton():
                return None if isinstance(value, Unknown) else value is pattern.value
            case ast.MatchOr():
                found = [self._fits(one, value, scope) for one in pattern.patterns]
                return True if True in found else None if None in found else False
            case ast.MatchAs():
                fits = True if pattern.pattern is None else self._fits(pattern.pattern, value, scope)
                if fits and pattern.name is not None:
                    scope.bind(pattern.name, value)
                return fits
        return None

    def returned(self, node: ast.Return, scope: Scope) -> None:
        raise _ReturnError(None if node.value is None else self.value(node.value, scope))

    def broken(self, node: ast.Break, scope: Scope) -> None:
        raise _BreakError

    def continued(self, node: ast.Continue, scope: Scope) -> None:
        raise _ContinueError

    def raised(self, node: ast.Raise, scope: Scope) -> None:
        raise _ReturnError(Unknown(text_of(node), node.lineno))

    def attempt(self, node: ast.Try, scope: Scope) -> None:
        self.block(node.body, scope)
        self.block(node.orelse, scope)
        self.block(node.finalbody, scope)

    def within(self, node: ast.With, scope: Scope) -> None:
        for item in node.items:
            value = self.value(item.context_expr, scope)
            if item.optional_vars is not None:
                self.assign(item.optional_vars, value, scope)
        self.block(node.body, scope)

    def imported(self, node: ast.Import, scope: Scope) -> None:
        for name in node.names:
            if name.asname:
                scope.bind(name.asname, Library(name.name))
            else:
                top = name.name.partition(".")[0]
                scope.bind(top, Library(top))

    def imported_from(self, node: ast.ImportFrom, scope: Scope) -> None:
        for name in node.names:
            if name.name != "*":
                path = name.name if node.level or not node.module else f"{node.module}.{name.name}"
                scope.bind(name.asname or name.name, Library(path))

    def shares(self, node: ast.Global | ast.Nonlocal, scope: Scope) -> None:
        scope.shared.update(node.names)

    def function_made(self, node: ast.FunctionDef, scope: Scope) -> None:
        scope.bind(node.name, self.function_of(node, scope))

    def function_of(self, node: ast.FunctionDef, scope: Scope, owner: Class | None = None) -> Function:
        """The function that a ``def`` makes."""
        made = Function(node.name, node.args, node.body, scope, *self.defaults(node.args, scope), owner=owner)
        for decorator in map(text_of, node.decorator_list):
            made.form = {"staticmethod": "static", "classmethod": "class", "property": "property"}.get(
                decorator, made.form
            )
        return made

    def class_made(self, node: ast.ClassDef, scope: Scope) -> None:
        made = Class(node.name, [self.value(base, scope) for base in node.bases], {}, line=node.lineno)
        inner = Scope(made.names, scope)
        for statement in node.body:
            if isinstance(statement, ast.FunctionDef):
                made.names[statement.name] = self.function_of(statement, scope, made)
            else:
                self.block([statement], inner)
        if any("dataclass" in text_of(decorator) for decorator in node.decorator_list):
            own = [s.target.id for s in node.body if isinstance(s, ast.AnnAssign) and isinstance(s.target, ast.Name)]
            inherited = [name for base in made.bases if isinstance(base, Class) for name in base.fields]
            made.fields = [*inherited, *(name for name in own if name not in inherited)]
        scope.bind(node.name, made)


def _only_refuses(body: Sequence[ast.stmt]) -> bool:
    """Whether a block only raises or warns."""
    return all(isinstance(one, ast.Raise | ast.Pass | ast.Assert | ast.Expr) for one in body)


_READERS: Final[dict[type[ast.stmt], Callable[[Reading, Any, Scope], None]]] = {
    ast.Expr: Reading.expression, ast.Assign: Reading.assignment, ast.AnnAssign: Reading.annotated,
    ast.AugAssign: Reading.augmented, ast.If: Reading.condition, ast.For: Reading.loop, ast.While: Reading.while_loop,
    ast.Return: Reading.returned, ast.Break: Reading.broken, ast.Continue: Reading.continued,
    ast.Raise: Reading.raised, ast.Try: Reading.attempt, ast.With: Reading.within, ast.Import: Reading.imported,
    ast.ImportFrom: Reading.imported_from, ast.FunctionDef: Reading.function_made, ast.ClassDef: Reading.class_made,
    ast.Match: Reading.matched, ast.Global: Reading.shares, ast.Nonlocal: Reading.shares,
}  # fmt: skip
