"""The text of a size, as our grammar and Python read it back."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from tui.core.atoms import ATOMS, Atom, Monomial, Terms

if TYPE_CHECKING:
    from tui.core.polynomial import Size


def text(size: Size, *, thousands: bool = False, constant_first: bool = False, spaces: bool = True) -> str:
    """The size as Python would read it: ``2*k + 1``, ``48320 + 160*n``, ``(H + 1)//2``.

    A total reads best with its constant first, a shape with its constant last; a negative constant
    is always last. ``spaces=False`` gives one word, as the text form needs it.
    """
    if isinstance(size, int):
        return f"{size:,}" if thousands else str(size)
    out = _sum_text(size.terms, thousands, constant_first)
    # Of a division and what is added to it the shorter writing is shown: (H - 3)//2, not (H + 1)//2 - 2. A total
    # keeps what is added, which is the sum of what is known.
    if (constant := size.terms.get((), 0)) < 0 or (constant and not constant_first):
        divisions = [m for m, c in size.terms.items() if c == 1 and _is_quotient(m)]
        if len(divisions) == 1 and _reads_back(divisions[0], constant):
            terms = {m: c for m, c in size.terms.items() if m}
            whole = _divided(divisions[0], constant, thousands)
            out = min(out, _sum_text(terms, thousands, constant_first, {divisions[0]: whole}), key=len)
    return out if spaces else out.replace(" ", "")


def _sum_text(
    of: Terms, thousands: bool, constant_first: bool, written: Mapping[Monomial, str] = MappingProxyType({})
) -> str:
    """The terms in their order; ``written`` gives the text of monomials that are not written as they are."""
    # Each monomial is written once: the work would double with every division inside a division.
    terms = sorted(((m, c, written.get(m) or _monomial_text(m, thousands)) for m, c in of.items()), key=_by_degree)
    if constant_first:
        terms.sort(key=lambda t: not (t[0] == () and t[1] > 0))
    elif terms[0][1] < 0:
        terms.sort(key=lambda t: t[1] < 0)  # 3 - n, not -n + 3
    out = ""
    for m, c, factors in terms:
        number = f"{abs(c):,}" if thousands else str(abs(c))
        # 3*(H//2) and -(H//2) need the parentheses that a lone H//2 does not.
        if not (c == 1 or (c == -1 and out)) and _is_quotient(m):
            factors = f"({factors})"
        body = number if not factors else factors if abs(c) == 1 else f"{number}*{factors}"
        out += (" - " if c < 0 else " + ") + body if out else ("-" if c < 0 else "") + body
    return out


def _reads_back(m: Monomial, added: int) -> bool:
    """Whether ``(a + b*added)//b`` is read as ``a//b + added`` again: by a number always, by a polynomial if its
    leading coefficient is 1 (see polynomial)."""
    a, b = ATOMS[m[0][0]].args
    return isinstance(b, int) or (a + b * added) // b == a // b + added


def _divided(m: Monomial, added: int, thousands: bool) -> str:
    """The text of ``a//k + added`` as one division, ``(a + k*added)//k``; of ``a//b`` for a symbolic b too."""
    a, b = ATOMS[m[0][0]].args
    return f"{_operand(a + b * added, thousands)}//{_operand(b, thousands)}"


def _by_degree(term: tuple[Monomial, int, str]) -> tuple[int, str]:
    return -sum(power for _, power in term[0]), term[2]


def _is_quotient(m: Monomial) -> bool:
    return len(m) == 1 and m[0][1] == 1 and ATOMS[m[0][0]].op == "//"


def _monomial_text(m: Monomial, thousands: bool) -> str:
    if _is_quotient(m):
        return _atom_text(ATOMS[m[0][0]], thousands)
    parts = []
    for ident, power in m:
        atom = ATOMS[ident]
        shown = _atom_text(atom, thousands)
        name = f"({shown})" if atom.op == "//" else shown
        parts.append(name if power == 1 else f"{name}**{power}")
    parts.sort(key=lambda p: (p.startswith("("), p))
    return "*".join(parts)


@lru_cache(maxsize=4_096)  # else the two writings would double the work with every division inside a division
def _atom_text(atom: Atom, thousands: bool) -> str:
    if atom.op == "symbol":
        return atom.name
    if atom.op == "//":
        return "//".join(_operand(arg, thousands) for arg in atom.args)
    return f"{atom.op}({', '.join(text(arg, thousands=thousands) for arg in atom.args)})"


def _operand(size: Size, thousands: bool) -> str:
    shown = text(size, thousands=thousands)
    return shown if shown.replace(",", "").isalnum() else f"({shown})"
