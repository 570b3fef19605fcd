"""One constructor of a layer, read out of its row by ``ast``: its name, its class and its arguments, never executed."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from typing import Any

from tui.core.expression import is_name
from tui.core.size import symbol
from tui.formats.keras.signatures import SIGNATURES as KERAS
from tui.formats.python.fold import folded
from tui.formats.python.values import TroubleError
from tui.formats.torch.signatures import SIGNATURES as TORCH


def named(code: str) -> tuple[str, str]:
    """``self.conv1 = nn.Conv2d(...)`` has a name; the commas and brackets of a list around it go."""
    found = re.match(r"^(?:self\.)?([A-Za-z_][\w.]*)\s*=\s*(?!=)(.*)$", code, re.DOTALL)
    name = ""
    if found and "(" not in found[1]:
        name, code = found[1], found[2]
        if len(name) <= 2 or name in ("x", "out", "model", "layers", "net", "output", "inputs"):
            name = ""
    quoted = re.match(
        r"^[(\[]+\s*['\"]([\w.-]+)['\"]\s*,\s*(.*)\)\s*,?$", code, re.DOTALL
    )  # ("conv1", nn.Conv2d(...)),
    if quoted:
        return quoted[1], quoted[2]
    return name, code


def expression(code: str) -> ast.expr | None:
    """The expression that a row is, the comma of a list and brackets left open taken away."""
    word = code.strip().rstrip(",").strip()
    for attempt in (word, word.rstrip("])} ,") + ")", word.lstrip("[({ "), word + ")"):
        try:
            body = ast.parse(attempt, mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        if isinstance(body, ast.Call):
            return body
    return None


def callee(tree: ast.Call) -> str:
    function = tree.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def arguments(tree: ast.Call, names: Sequence[str]) -> dict[str, Any] | None:
    """The arguments by name; None where one is not written out. A printed layer says ``eps=1e-05`` and the like."""
    given: dict[str, Any] = {}
    try:
        for name, arg in zip(names, tree.args, strict=False):
            given[name] = _value(arg)
        for word in tree.keywords:
            if word.arg is not None:
                given[word.arg] = _value(word.value)
    except ValueError:
        return None
    return given


def _value(node: ast.expr) -> Any:
    """A value that is written out, a layer inside another among them."""
    if isinstance(node, ast.Call):
        class_name = callee(node)
        names = KERAS.get(class_name) or TORCH.get(class_name)
        inner = arguments(node, names) if names is not None else None
        if inner is None:
            raise ValueError
        return {"class_name": class_name, "config": inner, "kind": class_name, "args": inner}
    if isinstance(node, ast.Tuple | ast.List):
        return [_value(one) for one in node.elts]
    if isinstance(node, ast.Constant) and (node.value is None or isinstance(node.value, bool | int | float | str)):
        return node.value
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant):
        value = node.operand.value
        if isinstance(value, int | float):
            return -value
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.Add | ast.Sub | ast.FloorDiv):
        try:
            return folded(node.op, _value(node.left), _value(node.right))
        except TroubleError:
            raise ValueError from None
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Name) and is_name(node.id):  # a number that stands elsewhere stays a symbol
        return symbol(node.id)
    raise ValueError
