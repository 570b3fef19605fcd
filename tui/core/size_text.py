"""The text of a size, as our grammar and Python read it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.core.atoms import ATOMS, Atom, Monomial

if TYPE_CHECKING:
    from tui.core.polynomial import Size


def text(size: Size, *, thousands: bool = False, constant_first: bool = False, spaces: bool = True) -> str:
    """The size as Python would read it: ``2*k + 1``, ``48320 + 160*n``, ``(H + 1)//2``.

    A total reads best with its constant first, a shape with its constant last; a negative constant
    is always last. ``spaces=False`` gives one word, as the text form needs it.
    """
    if isinstance(size, int):
        return f"{size:,}" if thousands else str(size)
    # Each monomial is written once: the work would double with every division inside a division.
    terms = sorted(((m, c, _monomial_text(m)) for m, c in size.terms.items()), key=_by_degree)
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
    return out if spaces else out.replace(" ", "")


def _by_degree(term: tuple[Monomial, int, str]) -> tuple[int, str]:
    return -sum(power for _, power in term[0]), term[2]


def _is_quotient(m: Monomial) -> bool:
    return len(m) == 1 and m[0][1] == 1 and ATOMS[m[0][0]].op == "//"


def _monomial_text(m: Monomial) -> str:
    if _is_quotient(m):
        return _atom_text(ATOMS[m[0][0]])
    parts = []
    for ident, power in m:
        atom = ATOMS[ident]
        name = f"({_atom_text(atom)})" if atom.op == "//" else _atom_text(atom)
        parts.append(name if power == 1 else f"{name}**{power}")
    parts.sort(key=lambda p: (p.startswith("("), p))
    return "*".join(parts)


def _atom_text(atom: Atom) -> str:
    if atom.op == "symbol":
        return atom.name
    if atom.op == "//":
        return "//".join(map(_operand, atom.args))
    return f"{atom.op}({', '.join(map(text, atom.args))})"


def _operand(size: Size) -> str:
    shown = text(size)
    return shown if shown.isalnum() else f"({shown})"
