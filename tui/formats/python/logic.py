"""What is true in read Python source, and how much of it is read: the part that expressions and statements share."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, Protocol

from tui.formats.python.fold import compared, truth, unary
from tui.formats.python.tensors import TensorValue
from tui.formats.python.training import noise_of
from tui.formats.python.values import (
    MISSING,
    Class,
    Function,
    Instance,
    Method,
    Partial,
    Scope,
    TooMuchError,
    TroubleError,
    Unknown,
    is_host,
)

MOST_STEPS: Final = 400_000
"""Expressions and statements that are read before reading stops: a few seconds' worth."""
MOST_LEVELS: Final = 60
"""Functions inside each other."""


class World(Protocol):
    """What a framework's part of the reader answers; MISSING where it does not know."""

    def call(self, path: str, args: list[Any], named: dict[str, Any], line: int) -> Any:
        """Call a function or class of a library by its path."""

    def constant(self, path: str) -> Any:
        """The value of a library's name that is no function."""

    def attribute(self, instance: Instance, name: str) -> Any:
        """What an instance has from a base class of a library."""

    def method(self, instance: Instance, name: str, args: list[Any], named: dict[str, Any], line: int) -> Any:
        """Call what an instance has from a base class of a library; ``__call__`` among them."""

    def operation(self, operator: str, operands: list[Any], line: int) -> Any:
        """An operator, a comparison or ``item`` (a subscript) with a tensor among its operands."""

    def opaque(self, unknown: Unknown, args: list[Any], named: dict[str, Any], line: int) -> Any:
        """A call of something unknown."""


class Logic:
    """The reader of conditions. ``worlds`` know the frameworks; ``guess`` what no import says."""

    def __init__(self, worlds: Sequence[World], guess: Callable[[str], Any]) -> None:
        self.worlds = worlds
        self.guess = guess
        self.steps = 0
        self.level = 0
        self.making = 0
        """How many constructors of the source are being read, one inside the other."""
        self.line = 0

    # What the readers of statements and calls add.
    def call(self, callee: Any, args: list[Any], named: dict[str, Any], line: int) -> Any:
        raise NotImplementedError

    def attribute(self, value: Any, name: str, line: int) -> Any:
        raise NotImplementedError

    def step(self, node: ast.AST) -> None:
        """Count one step; raises TooMuchError at the last that is taken."""
        self.steps += 1
        self.line = getattr(node, "lineno", self.line)
        if self.steps > MOST_STEPS:
            raise TooMuchError(f"reading stopped after {MOST_STEPS:,} steps", self.line)

    def ask(self, question: Callable[[World], Any]) -> Any:
        """The first answer of a framework; MISSING where none has one."""
        for world in self.worlds:
            answer = question(world)
            if answer is not MISSING:
                return answer
        return MISSING

    def value(self, node: ast.expr, scope: Scope) -> Any:
        """The value of an expression; raises TroubleError where it has none."""
        raise NotImplementedError

    def combined(self, operator: ast.operator, left: Any, right: Any, node: ast.AST) -> Any:
        """Two values under an operator."""
        raise NotImplementedError

    def single(self, node: ast.UnaryOp, scope: Scope) -> Any:
        value = self.value(node.operand, scope)
        if isinstance(node.op, ast.Not):
            true = self.truth(value)
            return Unknown(text_of(node), self.line) if true is None else not true
        if is_host(value):
            made = self.ask(lambda w: w.operation(type(node.op).__name__, [value], self.line))
            return Unknown(text_of(node), self.line) if made is MISSING else made
        return Unknown(text_of(node), self.line) if isinstance(value, Unknown) else unary(node.op, value)

    def truth(self, value: Any) -> bool | None:
        """Whether a value is true; None where that is not known."""
        if is_host(value):
            if value.method("__bool__", [], {}, self.line) is not MISSING:
                return None
            size = value.method("__len__", [], {}, self.line)
            return True if size is MISSING else truth(size)
        if isinstance(value, Function | Class | Instance | Method | Partial):
            return True
        return truth(value)

    def either(self, node: ast.BoolOp, scope: Scope) -> Any:
        stop = isinstance(node.op, ast.Or)
        value: Any = None
        doubt = False
        for part in node.values:
            value = self.value(part, scope)
            true = self.truth(value)
            if true is stop:
                return value
            doubt = doubt or true is None
        return Unknown(text_of(node), self.line) if doubt else value

    def comparison(self, node: ast.Compare, scope: Scope) -> Any:
        left = self.value(node.left, scope)
        for operator, other in zip(node.ops, node.comparators, strict=True):
            right = self.value(other, scope)
            held = self._compare(operator, left, right, node)
            if not isinstance(held, bool):
                return held
            if not held:
                return False
            left = right
        return True

    def _compare(self, operator: ast.cmpop, left: Any, right: Any, node: ast.AST) -> Any:
        if isinstance(operator, ast.Is | ast.IsNot) and (left is None or right is None):
            if isinstance(left, Unknown) or isinstance(right, Unknown):
                return Unknown(text_of(node), self.line)
            return (left is right) is isinstance(operator, ast.Is)
        if not isinstance(operator, ast.Is | ast.IsNot | ast.In | ast.NotIn) and (is_host(left) or is_host(right)):
            made = self.ask(lambda w: w.operation(type(operator).__name__, [left, right], self.line))
            if made is not MISSING:
                return made
        if isinstance(left, Unknown) or isinstance(right, Unknown):
            return Unknown(text_of(node), self.line)
        if isinstance(operator, ast.In | ast.NotIn) and not isinstance(right, str | list | tuple | dict | set):
            return Unknown(text_of(node), self.line)
        held = compared(operator, left, right)
        return Unknown(text_of(node), self.line) if held is None else held

    def choice(self, node: ast.IfExp, scope: Scope) -> Any:
        true = self.truth(self.value(node.test, scope))
        if true is None:
            return Unknown(text_of(node), self.line)
        value = self.value(node.body if true else node.orelse, scope)
        noise = None if true or not isinstance(value, TensorValue) else noise_of(node)
        return value if noise is None else value.noisy(*noise)

    def sure(self, test: ast.expr, scope: Scope) -> bool:
        """Whether a condition holds; raises TroubleError where that is not known."""
        true = self.truth(self.value(test, scope))
        if true is None:
            raise TroubleError(f"whether `{text_of(test)}` holds is not known before the network runs", test.lineno)
        return true


def text_of(node: ast.AST) -> str:
    """The text of a piece of source, short."""
    word = " ".join(ast.unparse(node).split()) if sum(1 for _ in _few(node)) < 40 else type(node).__name__
    return word if len(word) <= 60 else f"{word[:57]}..."


def _few(node: ast.AST) -> Iterable[ast.AST]:
    """The nodes of a piece of source, up to 40: a long one is not written out."""
    waiting = [node]
    for _ in range(40):
        if not waiting:
            return
        one = waiting.pop()
        yield one
        waiting.extend(ast.iter_child_nodes(one))
