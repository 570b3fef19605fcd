"""Noise that PyTorch source adds while training only: ``(x + 0.1 * torch.randn_like(x)) if self.training else x``.

What is read is the network as it is run, which has none of it; but where the expression is one of these, the layer
that it is can be said.
"""

from __future__ import annotations

import ast
import re
from typing import Any, Final

_NUMBER: Final = r"(\d+(?:\.\d+)?(?:e-?\d+)?)"
_PATTERNS: Final = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("droppath", rf"(\w+) \* \(\1\.new_empty\(\1\.shape\[0\](?:, 1)*\)\.bernoulli_\({_NUMBER}\) / {_NUMBER}\)"),
        ("gaussiandropout", rf"(\w+) \* \(1\.0 \+ {_NUMBER} \* torch\.randn_like\(\1\)\)"),
        ("gaussiannoise", rf"(\w+) \+ {_NUMBER} \* torch\.randn_like\(\1\)"),
    )
)
_DIGITS: Final = 12
"""So many digits of a rate are kept: it went through a root, or was taken from 1."""


def noise_of(node: ast.IfExp) -> tuple[str, dict[str, Any]] | None:
    """The kind that an expression of ``self.training`` is, with its arguments; None where it is none of them.

    A Gaussian dropout of a rate r has noise of a deviation of ``sqrt(r / (1 - r))`` (Srivastava et al., 2014).
    """
    if ast.unparse(node.test) != "self.training" or not isinstance(node.orelse, ast.Name):
        return None
    body = ast.unparse(node.body)
    for kind, pattern in _PATTERNS:
        match = pattern.fullmatch(body)
        if match is None or match[1] != node.orelse.id:
            continue
        number = float(match[2])
        if kind == "gaussiannoise":
            return kind, {"stddev": number}
        rate = 1 - number if kind == "droppath" else number**2 / (1 + number**2)
        return (kind, {"rate": round(rate, _DIGITS)}) if 0 <= rate <= 1 else None
    return None
