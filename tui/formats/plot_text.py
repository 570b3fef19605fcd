"""Plots in characters: lines and points over an axis, and heat maps. Readable without colour; ASCII where asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from tui.formats.short_number import short, told_apart

RAMP: Final = ".:-=+*o#%@"
"""The shades of a heat map, from the lowest numbers to the highest; each darker than the one before."""
WRONG: Final = "x"
GAP: Final = 2


class Series(NamedTuple):
    """Numbers over an axis, None where there is none; ``names`` are the values of the axis."""

    title: str
    names: Sequence[str]
    numbers: Sequence[int | None]


def lines(series: Series, width: int, height: int, *, ascii_only: bool = False, mark: int | None = None) -> list[str]:
    """A line chart: ``height`` rows, the row of the axis and that of its names. ``mark`` is the place of a cursor.

    Places stand at equal distances. A place without a number is an ``x`` on the axis, and the line has a gap there.
    """
    known = [number for number in series.numbers if number is not None]
    if not known:
        return ["no combination has a number"]
    low, high = min(known), max(known)
    labels = _labels(low, high, height)
    margin = max(map(len, labels)) + 1
    across = max(width - margin - 1, 2)
    fine = (1, 1) if ascii_only else (2, 4)
    canvas = _Canvas(across, height, fine)
    places = [_at(i, len(series.numbers) - 1, across * fine[0] - 1) for i in range(len(series.numbers))]
    levels = [None if n is None else _at(n - low, high - low, height * fine[1] - 1) for n in series.numbers]
    before: tuple[int, int] | None = None
    for x, level in zip(places, levels, strict=True):
        here = None if level is None else (x, height * fine[1] - 1 - level)
        if here is not None:
            canvas.line(before or here, here)
        before = here
    rows = canvas.rows()
    if mark is not None and 0 <= mark < len(places):
        column, level = places[mark] // fine[0], levels[mark]
        row = height - 1 if level is None else (height * fine[1] - 1 - level) // fine[1]
        rows[row] = rows[row][:column] + ("o" if level is not None else WRONG) + rows[row][column + 1 :]
    axis = ["-" if ascii_only else "─"] * across
    for x, level in zip(places, levels, strict=True):
        if level is None:
            axis[x // fine[0]] = WRONG
    wall, corner = ("|", "+") if ascii_only else ("│", "└")
    shown = [f"{label:>{margin - 1}} {wall}{row}".rstrip() for label, row in zip(labels, rows, strict=True)]
    shown.append(f"{' ' * margin}{corner}{''.join(axis)}")
    shown.append(" " * (margin + 1) + _under(series.names, [x // fine[0] for x in places], across))
    return shown


def scatter(points: Sequence[tuple[int, int, bool]], width: int, height: int, *, ascii_only: bool = False) -> list[str]:
    """Points of two numbers; those that are marked are ``#`` and drawn last, the others dots."""
    if not points:
        return ["no combination has a number"]
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    labels = _labels(min(ys), max(ys), height)
    margin = max(map(len, labels)) + 1
    across = max(width - margin - 1, 2)
    grid = [[" "] * across for _ in range(height)]
    for x, y, marked in sorted(points, key=lambda p: p[2]):
        column = _at(x - min(xs), max(xs) - min(xs), across - 1)
        row = height - 1 - _at(y - min(ys), max(ys) - min(ys), height - 1)
        grid[row][column] = "#" if marked else "." if ascii_only else "·"
    wall, corner, line = ("|", "+", "-") if ascii_only else ("│", "└", "─")
    rows = [f"{label:>{margin - 1}} {wall}{''.join(row)}".rstrip() for label, row in zip(labels, grid, strict=True)]
    names = told_apart([min(xs), max(xs)])
    return [
        *rows,
        f"{' ' * margin}{corner}{line * across}",
        " " * (margin + 1) + _under(names, [0, across - 1], across),
    ]


class Heat(NamedTuple):
    """A number for each value of one symbol (down) and another (across), None where there is none."""

    title: str
    down: Sequence[str]
    across: Sequence[str]
    numbers: Sequence[Sequence[int | None]]


def heat_map(heat: Heat, width: int, height: int, *, mark: tuple[int, int] | None = None) -> list[str]:
    """The map with its scale below. Where there is no room for all rows or columns, some evenly between are shown.

    Each place has its shade, and its number where that fits.
    """
    known = [number for row in heat.numbers for number in row if number is not None]
    if not known:
        return ["no combination has a number"]
    low, high = min(known), max(known)
    margin = max(map(len, heat.down)) + 1
    room = max(width - margin, 2)
    down = chosen(len(heat.down), max(height - 2, 1), mark[0] if mark else None)
    whole = max(max(len(short(number)) for number in (low, high)), *map(len, heat.across)) + 2 + GAP
    with_numbers = whole * len(heat.across) <= room
    cell = whole if with_numbers else max(min(room // len(heat.across), 4), 1)
    across = chosen(len(heat.across), max(room // cell, 1), mark[1] if mark else None)
    if with_numbers:
        head = "".join(f"{heat.across[j]:>{cell}}" for j in across)
    else:
        head = _under([heat.across[j] for j in across], [cell * i for i in range(len(across))], cell * len(across))
    rows = [" " * margin + head]
    for i in down:
        cells = []
        for j in across:
            number, here = heat.numbers[i][j], mark == (i, j)
            shade = shade_of(number, low, high)
            if with_numbers:
                shown = "-" if number is None else short(number)
                cells.append(f"{'>' if here else ''}{shown} {shade}".rjust(cell))
            else:
                cells.append(("O" if here else shade) * max(cell - (cell > 2), 1) + " " * (cell > 2))
        rows.append(f"{heat.down[i]:>{margin - 1}} {''.join(cells)}".rstrip())
    light, dark = told_apart([low, high])
    scale = f"{RAMP[0]} {light} {RAMP[1:-1]} {dark} {RAMP[-1]}" if high > low else f"all {light}"
    missing = any(number is None for row in heat.numbers for number in row)
    skipped = len(down) < len(heat.down) or len(across) < len(heat.across)
    said = [scale, *(["x does not fit"] if missing else []), *(["some values are left out"] if skipped else [])]
    return [*rows, " " * margin + "   ".join(said)]


def shade_of(number: int | None, low: int, high: int) -> str:
    """The character for a number among others."""
    return WRONG if number is None else RAMP[_at(number - low, high - low, len(RAMP) - 1)]


def chosen(count: int, most: int, kept: int | None = None) -> list[int]:
    """At most ``most`` places evenly between, the first and the last among them; ``kept`` is one of them."""
    if count <= most:
        return list(range(count))
    found = dict.fromkeys(_at(i, most - 1, count - 1) if most > 1 else 0 for i in range(most))
    if kept is not None and kept not in found:
        nearest = min(found, key=lambda place: abs(place - kept))
        del found[nearest]
        found[kept] = None
    return sorted(found)


def _at(part: int, whole: int, steps: int) -> int:
    """A part of a whole on a scale of so many steps; whole numbers, since sizes outgrow floats."""
    return (2 * part * steps + whole) // (2 * whole) if whole > 0 else 0


def _labels(low: int, high: int, height: int) -> list[str]:
    """The numbers beside the rows: at the top, in the middle and at the bottom, blank between."""
    labels = [""] * height
    if high == low or height == 1:
        labels[-1] = short(high)
        return labels
    rows = (0, height // 2, height - 1)
    numbers = [high - (high - low) * row // (height - 1) for row in rows]
    for row, label in zip(rows, told_apart(numbers), strict=True):
        labels[row] = label
    return labels


def _under(names: Sequence[str], places: Sequence[int], width: int) -> str:
    """Names below their places where there is room, the first and the last before others."""
    row = [" "] * width
    taken = [False] * (width + 1)
    order = sorted(range(len(names)), key=lambda i: (0 if i == 0 else 1 if i == len(names) - 1 else 2, i))
    for i in order:
        start = min(max(places[i] - len(names[i]) // 2, 0), width - len(names[i]))
        span = range(max(start - 1, 0), min(start + len(names[i]) + 1, width))
        if start >= 0 and not any(taken[x] for x in span):
            for offset, letter in enumerate(names[i]):
                row[start + offset] = letter
                taken[start + offset] = True
    return "".join(row).rstrip()


class _Canvas:
    """Dots in cells: eight a cell in Braille patterns (Unicode 2800 to 28FF), or one as an asterisk."""

    BITS: Final = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))

    def __init__(self, width: int, height: int, fine: tuple[int, int]) -> None:
        self.fine = fine
        self.cells = [[0] * width for _ in range(height)]

    def line(self, first: tuple[int, int], last: tuple[int, int]) -> None:
        steps = max(abs(last[0] - first[0]), abs(last[1] - first[1]), 1)
        for step in range(steps + 1):
            x = first[0] + (2 * (last[0] - first[0]) * step + steps) // (2 * steps)
            y = first[1] + (2 * (last[1] - first[1]) * step + steps) // (2 * steps)
            bit = 1 if self.fine == (1, 1) else self.BITS[x % 2][y % 4]
            self.cells[y // self.fine[1]][x // self.fine[0]] |= bit

    def rows(self) -> list[str]:
        plain = self.fine == (1, 1)
        return ["".join(" " if not c else "*" if plain else chr(0x2800 + c) for c in row) for row in self.cells]
