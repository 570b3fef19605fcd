"""Sizes that read source takes from what is not read: the words of a vocabulary, an option of the command line.

They stay symbols, called as the source calls them: ``len(vocab)`` is ``vocab``, ``args.hidden * 2`` is ``2*hidden``.
"""

from __future__ import annotations

import ast
from typing import Any, Final

from tui.core.expression import is_name
from tui.core.size import Poly, Size, SizeError, symbol
from tui.formats.python.fold import folded
from tui.formats.python.values import TroubleError, Unknown

SIZES: Final = frozenset((
    "in_channels", "out_channels", "in_features", "out_features", "in1_features", "in2_features", "num_features",
    "num_channels", "num_embeddings", "embedding_dim", "input_size", "hidden_size", "embed_dim", "d_model",
    "dim_feedforward", "normalized_shape", "units", "filters", "input_dim", "output_dim", "n",
))  # fmt: skip
"""Arguments that are sizes, in PyTorch and in Keras; of all others a value that is not known stays an error."""


def size_of(name: str, value: Any) -> Size | None:
    """The size that an argument is, where its value is not known; None where it is no size."""
    if not isinstance(value, Unknown) or name not in SIZES:
        return None
    try:
        tree = ast.parse(value.text, mode="eval").body
        found = _size(tree)
    except (SyntaxError, ValueError, TroubleError, SizeError, ArithmeticError, RecursionError):
        found = None
    return symbol(name) if found is None else found


def _size(node: ast.expr) -> Size | None:
    match node:
        case ast.Constant(value=int(number)) if not isinstance(node.value, bool):
            return number
        case ast.Name(id=word) | ast.Attribute(attr=word):
            return symbol(word) if is_name(word) else None
        case ast.Call(func=ast.Name(id="len"), args=[ast.Name() | ast.Attribute() as inner]):
            return _size(inner)
        case ast.BinOp(op=ast.Add() | ast.Sub() | ast.Mult() | ast.FloorDiv() as operator, left=left, right=right):
            a, b = _size(left), _size(right)
            made = None if a is None or b is None else folded(operator, a, b)
            return made if isinstance(made, int | Poly) else None
    return None
