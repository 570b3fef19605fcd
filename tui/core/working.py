"""Workings: the arithmetic behind a number, recorded while the rule itself runs.

A rule of the catalogue is written once, on sizes. Run on plain numbers it is fast; run on
:class:`Recorded` numbers the same rule also writes down what it did, so that an explanation cannot
drift from the number it explains.
"""

from __future__ import annotations

from typing import NamedTuple

from tui.core.size import Poly, Size, ceil_div, floor_div, maximum, minimum, power_of, text


class Working(NamedTuple):
    """One explained number: ``rule`` in names, ``numbers`` with the values put in, and the ``value``."""

    label: str
    rule: str
    numbers: str
    value: Size
    note: str = ""

    def line(self) -> str:
        """``H = floor((39 - 4)/1) + 1 = 36``, the repetition left out where nothing was computed."""
        shown = text(self.value, thousands=True, constant_first=True)
        computed = self.numbers != text(self.value)
        steps = [self.label, self.numbers, shown] if computed else [self.label, shown]
        return " = ".join(steps) + (f"  ({self.note})" if self.note else "")


_SUM, _PRODUCT, _POWER, _ATOM = 1, 2, 3, 4


class Recorded(Poly):
    """A size that remembers how it was made. It counts as the size it stands for everywhere."""

    __slots__ = ("numbers", "numbers_level", "rule", "rule_level", "value")

    def __init__(
        self,
        value: Size,
        rule: str,
        numbers: str | None = None,
        level: int = _ATOM,
        numbers_level: int | None = None,
    ) -> None:
        self.value: Size = value.value if isinstance(value, Recorded) else value
        super().__init__({(): self.value} if isinstance(self.value, int) else self.value.terms)
        self.rule = rule
        self.rule_level = level
        shown = text(self.value)
        self.numbers = shown if numbers is None else numbers
        if numbers_level is None:
            # H//2 in a product needs parentheses on its right side, so it is put in them on both.
            compound = " " in shown or shown.startswith("-") or "//" in shown
            numbers_level = level if numbers is not None else _SUM if compound else _PRODUCT if "*" in shown else _ATOM
        self.numbers_level = numbers_level

    def __eq__(self, other: object) -> bool:
        return self.value == plain(other) if isinstance(other, int | Poly) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.value)

    def working(self, label: str, note: str = "") -> Working:
        """The record as a working called ``label``."""
        return Working(label, self.rule, self.numbers, self.value, note)

    def __add__(self, other: Size) -> Size:
        return self if _is_plain(other, 0) else _infix("+", self, other)

    def __radd__(self, other: Size) -> Size:
        return self if _is_plain(other, 0) else _infix("+", other, self)

    def __sub__(self, other: Size) -> Size:
        return self if _is_plain(other, 0) else _infix("-", self, other)

    def __rsub__(self, other: Size) -> Size:
        return _infix("-", other, self)

    def __neg__(self) -> Size:
        return _infix("-", 0, self)

    def __mul__(self, other: Size) -> Size:
        return self if _is_plain(other, 1) else _infix("*", self, other)

    def __rmul__(self, other: Size) -> Size:
        return self if _is_plain(other, 1) else _infix("*", other, self)

    def __floordiv__(self, other: Size) -> Size:
        return _quotient("floor", self, other, floor_div(self.value, plain(other)))

    def __rfloordiv__(self, other: Size) -> Size:
        return _quotient("floor", other, self, floor_div(plain(other), self.value))

    def __mod__(self, other: Size) -> Size:
        return _call("mod", (self, other), plain(self) % plain(other))

    def __rmod__(self, other: Size) -> Size:
        return _call("mod", (other, self), plain(other) % plain(self))

    def __pow__(self, power: Size) -> Size:
        return _power(self, power)

    def __rpow__(self, base: Size) -> Size:
        return _power(base, self)

    def record(self, op: str, sizes: tuple[Size, ...]) -> Size | None:
        values = [plain(s) for s in sizes]
        if op == "ceil":
            return _quotient("ceil", sizes[0], sizes[1], ceil_div(values[0], values[1]))
        return _call(op, sizes, minimum(*values) if op == "min" else maximum(*values))


def plain(size: Size) -> Size:
    """The size itself, without its record."""
    return size.value if isinstance(size, Recorded) else size


def recorded(size: Size, name: str) -> Recorded:
    """A leaf of a working: the size under a name."""
    return Recorded(plain(size), name)


def as_working(size: Size, label: str, note: str = "") -> Working:
    """The working of a size, recorded or not."""
    if isinstance(size, Recorded):
        return size.working(label, note)
    return Working(label, text(size), text(size), size, note)


def _is_plain(size: Size, number: int) -> bool:
    # The neutral element that a loop starts from, not a number the user wrote (that one is recorded).
    return isinstance(size, int) and size == number


def _texts(size: Size, level: int) -> tuple[str, str]:
    """The rule and the numbers, in parentheses where they bind less tightly than ``level``."""
    if not isinstance(size, Recorded):
        size = Recorded(size, text(size), None)
        size.rule_level = size.numbers_level
    return (
        size.rule if size.rule_level >= level else f"({size.rule})",
        size.numbers if size.numbers_level >= level else f"({size.numbers})",
    )


def _infix(op: str, a: Size, b: Size) -> Size:
    left, right = plain(a), plain(b)
    value = left + right if op == "+" else left - right if op == "-" else left * right
    level = _PRODUCT if op == "*" else _SUM
    sign = "*" if op == "*" else f" {op} "
    # a - (b + c) needs its parentheses; a + (b + c) and a*(b*c) do not.
    first, second = _texts(a, level), _texts(b, level + (op == "-"))
    if op == "-" and _is_plain(a, 0):
        return Recorded(value, f"-{second[0]}", f"-{second[1]}", _SUM)
    return Recorded(value, first[0] + sign + second[0], first[1] + sign + second[1], level)


def _quotient(name: str, a: Size, b: Size, value: Size) -> Size:
    if _is_plain(b, 1):
        assert isinstance(a, Recorded)  # of the two one is, and a plain 1 is not
        return Recorded(value, a.rule, a.numbers, a.rule_level, a.numbers_level)
    top, bottom = _texts(a, _PRODUCT), _texts(b, _ATOM)
    return Recorded(value, f"{name}({top[0]}/{bottom[0]})", f"{name}({top[1]}/{bottom[1]})")


def _power(base: Size, power: Size) -> Size:
    value = power_of(plain(base), plain(power))
    rule, numbers = (f"{b}**{p}" for b, p in zip(_texts(base, _ATOM), _texts(power, _ATOM), strict=True))
    return Recorded(value, rule, numbers, _POWER)


def _call(name: str, args: tuple[Size, ...], value: Size) -> Size:
    texts = [_texts(a, 0) for a in args]
    rule, numbers = (", ".join(side) for side in zip(*texts, strict=True))
    return Recorded(value, f"{name}({rule})", f"{name}({numbers})")
