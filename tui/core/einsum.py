"""Einstein sums: the equation as a value, and the sizes of its letters.

``ab,bc->ac`` names each axis of each operand by a letter; a letter that the output lacks is summed over.
``...`` stands for axes that are broadcast. Without ``->`` the output has the letters that occur once, in
alphabetical order. Source: numpy.einsum, followed by PyTorch, Keras and ONNX.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from tui.core.argument import ValueType
from tui.core.broadcast import broadcast
from tui.core.errors import ParseError, ShapeError
from tui.core.size import Poly, Size, product, same, text
from tui.core.tensor import Shape
from tui.core.working import plain

_TERM: Final = re.compile(r"[A-Za-z]*(\.\.\.)?[A-Za-z]*")


class Equation(NamedTuple):
    """The letters of each operand and of the output; an ellipsis is the letter ``.``."""

    operands: tuple[str, ...]
    output: str

    def __str__(self) -> str:
        terms = ",".join(self.operands) + "->" + self.output
        return terms.replace(".", "...")


@dataclass(eq=False, repr=False)
class EquationText(ValueType):
    """An equation such as ``ab,bc->ac``, in one word."""

    expected: str = "an equation such as ab,bc->ac"

    def parse(self, word: str) -> str:
        parse_equation(word)
        return word

    def words(self) -> tuple[str, ...]:
        return ("...ij,...jk->...ik",)


def parse_equation(word: str) -> Equation:
    """The equation; raises ParseError with the place in the word where it is none."""
    left, arrow, right = word.partition("->")
    terms = [*left.split(","), *([right] if arrow else [])]
    at = 0
    for term in terms:
        if not _TERM.fullmatch(term):
            raise ParseError(f"{term!r} is not a row of letters", (at, at + len(term)), expected=("letters",))
        at += len(term) + (2 if at + len(term) == len(left) else 1)
    operands = tuple(term.replace("...", ".") for term in left.split(","))
    letters = "".join(operands)
    if not arrow:
        once = sorted(c for c in set(letters) if letters.count(c) == 1 and c != ".")
        return Equation(operands, ("." if "." in letters else "") + "".join(once))
    output = right.replace("...", ".")
    for i, c in enumerate(output):
        if c not in letters or output.count(c) > 1:
            said = "twice in the output" if c in letters else "in the output and in no operand"
            start = len(left) + 2 + i
            raise ParseError(f"{c!r} stands {said}", (start, min(start + 1, len(word))), expected=("letters",))
    return Equation(operands, output)


class Sizes(NamedTuple):
    """The size of each letter, and the broadcast axes that the ellipsis stands for."""

    letters: Mapping[str, Size]
    ellipsis: Shape = ()

    def of(self, term: str) -> Shape:
        """The shape of an operand or of the output."""
        sizes: list[Size] = []
        for letter in term:
            sizes.extend(self.ellipsis if letter == "." else (self.letters[letter],))
        return tuple(sizes)

    def everything(self) -> Size:
        """The number of products that a sum over all letters forms."""
        return product((*self.ellipsis, *self.letters.values()))


def letter_sizes(kind: str, terms: Sequence[str], shapes: Sequence[Shape]) -> Sizes:
    """The sizes of the letters; raises ShapeError where an operand has other axes, or a letter two sizes."""
    letters: dict[str, Size] = {}
    rests: list[Shape] = []
    for term, shape in zip(terms, shapes, strict=True):
        fixed = len(term.replace(".", ""))
        rest = len(shape) - fixed
        if rest < 0 or (rest > 0 and "." not in term):
            shown = term.replace(".", "...")
            raise ShapeError(f"{kind}: {shown!r} names {fixed} axes, the input has {len(shape)}, the batch among them")
        at, own = 0, dict[str, Size]()
        for letter in term:
            if letter == ".":
                rests.append(shape[at : at + rest])
                at += rest
                continue
            # A 1 stretches to the size in another operand, not to one in its own: that is a diagonal.
            if same(own.setdefault(letter, shape[at]), shape[at]) is False:
                raise _two_sizes(kind, letter, own[letter], shape[at])
            known = letters.setdefault(letter, shape[at])
            if known == 1 or (isinstance(plain(known), Poly) and not isinstance(plain(shape[at]), Poly)):
                letters[letter] = shape[at]
            elif shape[at] != 1 and same(known, shape[at]) is False:
                raise _two_sizes(kind, letter, known, shape[at])
            at += 1
    return Sizes(letters, broadcast(kind, rests) if rests else ())


def _two_sizes(kind: str, letter: str, first: Size, second: Size) -> ShapeError:
    sizes = f"{text(plain(first))} and {text(plain(second))}"
    return ShapeError(f"{kind}: the letter {letter!r} has the sizes {sizes}; they must be equal")
