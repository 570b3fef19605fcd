"""A sweep as an SVG picture: line charts, one below the other, or heat maps. Numbers stand beside every colour."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final
from xml.sax.saxutils import escape

from tui.core.sweep import Sweep
from tui.core.sweep_front import Goal
from tui.formats.escape import visible
from tui.formats.plot_text import Heat, Series, chosen
from tui.formats.short_number import short, told_apart
from tui.formats.svg import BLUE, CELL, INK, RED, SIZE, box, document, legal, text
from tui.formats.sweep.text import front_points, goals_text, heat_of, series_of, summary, thinned

WIDTH: Final = 640.0
HEIGHT: Final = 220.0
PAD: Final = 16.0
LINE: Final = 18.0
MOST: Final = 2_000
"""More points on a line than a picture of this width can tell apart."""
MOST_CELLS: Final = 40


def as_svg(sweep: Sweep, name: str) -> str:
    """All that is measured, one chart each."""
    body: list[str] = [text(PAD, PAD + SIZE, visible(name) or "sweep", ' font-weight="bold"')]
    top = PAD + SIZE + LINE
    for measure in range(len(sweep.measures)):
        if len(sweep.axes) == 1:
            body += _line(series_of(thinned(sweep, MOST), measure), top)
            top += HEIGHT + 4 * LINE
        else:
            heat = heat_of(thinned(sweep, MOST_CELLS), measure)
            body += _heat(heat, top)
            top += (len(heat.down) + 4) * LINE
    for said in summary(sweep):
        body.append(text(PAD, top, said))
        top += LINE
    return document(WIDTH + 2 * PAD, top + PAD, visible(name) or "sweep", body)


def front_svg(sweep: Sweep, goals: tuple[Goal, Goal], name: str) -> str:
    """The combinations by two goals: those of the Pareto front as large dots with their values, the others small."""
    points = front_points(sweep, goals)
    title = visible(name) or "sweep"
    body = [text(PAD, PAD + SIZE, title, ' font-weight="bold"')]
    body.append(text(PAD, PAD + SIZE + LINE, f"{visible(goals[1].name)} (up) over {visible(goals[0].name)}"))
    left, right, above = PAD + 8 * CELL, PAD + WIDTH - 8, PAD + SIZE + 2 * LINE
    below = above + 1.6 * HEIGHT
    body.append(f'<path d="M{left:.1f} {above:.1f}V{below:.1f}H{right:.1f}" fill="none" stroke="{INK}"/>')
    xs, ys = [p.x for p in points] or [0], [p.y for p in points] or [0]
    for label, y in zip(told_apart([max(ys), min(ys)]), (above, below), strict=True):
        body.append(text(left - 6, y + 4, label, ' text-anchor="end"'))
    for label, x, end in zip(told_apart([min(xs), max(xs)]), (left, right), ("start", "end"), strict=True):
        body.append(text(x, below + LINE, label, f' text-anchor="{end}"'))
    for point in points:
        x = left + (right - left) * _share(point.x, min(xs), max(xs))
        y = below - (below - above) * _share(point.y, min(ys), max(ys))
        style = f'r="4" fill="{BLUE}"' if point.kept else f'r="2" fill="{INK}" fill-opacity="0.5"'
        title_of = f"<title>{escape(legal(point.text))}</title>"
        body.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" {style}>{title_of}</circle>')
    said = [f"large dots: the Pareto front, {goals_text(goals)}", *summary(sweep)]
    for i, line in enumerate(said):
        body.append(text(PAD, below + (2.5 + i) * LINE, line))
    return document(WIDTH + 2 * PAD, below + (2.5 + len(said)) * LINE + PAD, title, body)


def _line(series: Series, top: float) -> Iterator[str]:
    yield text(PAD, top, visible(series.title), ' font-weight="bold"')
    known = [number for number in series.numbers if number is not None]
    if not known:
        yield text(PAD, top + LINE, "no combination has a number", f' fill="{RED}"')
        return
    low, high = min(known), max(known)
    left, right = PAD + 8 * CELL, PAD + WIDTH
    above, below = top + LINE, top + LINE + HEIGHT
    yield f'<path d="M{left:.1f} {above:.1f}V{below:.1f}H{right:.1f}" fill="none" stroke="{INK}"/>'
    ends, levels = ([high, low], [above, below]) if high > low else ([low], [(above + below) / 2])
    for label, place in zip(told_apart(ends), levels, strict=True):
        yield text(left - 6, place + 4, label, ' text-anchor="end"')
    last = max(len(series.numbers) - 1, 1)
    places = [left + (right - left) * i / last for i in range(len(series.numbers))]
    heights = [None if n is None else below - HEIGHT * _share(n, low, high) for n in series.numbers]
    steps, gap = [], True
    for x, y in zip(places, heights, strict=True):
        if y is None:
            yield text(x, below + 4, "x", f' fill="{RED}" text-anchor="middle"')
        else:
            steps.append(f"{'M' if gap else 'L'}{x:.1f} {y:.1f}")
        gap = y is None
    yield f'<path d="{"".join(steps)}" fill="none" stroke="{BLUE}" stroke-width="2"/>'
    if len(places) <= 60:
        for x, y in zip(places, heights, strict=True):
            if y is not None:
                yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{BLUE}"/>'
    room = max(map(len, series.names)) * CELL + 12
    for i in chosen(len(places), max(int((right - left) // room), 2)):
        end = "end" if i == last else "middle" if i else "start"
        yield text(places[i], below + LINE, series.names[i], f' text-anchor="{end}"')


def _heat(heat: Heat, top: float) -> Iterator[str]:
    yield text(PAD, top, visible(heat.title), ' font-weight="bold"')
    known = [number for row in heat.numbers for number in row if number is not None]
    low, high = (min(known), max(known)) if known else (0, 0)
    margin = max(map(len, heat.down)) * CELL + 8
    across = (WIDTH - margin) / max(len(heat.across), 1)
    fits = across >= 7 * CELL
    every = max(int((max(map(len, heat.across)) * CELL + 6) // across) + 1, 1)
    for j, shown in enumerate(heat.across):
        if j % every == 0:
            yield text(PAD + margin + across * (j + 0.5), top + LINE, shown, ' text-anchor="middle"')
    for i, row in enumerate(heat.numbers):
        y = top + LINE * (i + 1) + 6
        yield text(PAD + margin - 6, y + 13, heat.down[i], ' text-anchor="end"')
        for j, number in enumerate(row):
            x = PAD + margin + across * j
            if number is None:
                yield box(x, y, across - 1, LINE - 1, f'fill="none" stroke="{RED}" stroke-dasharray="2 2"')
                yield text(x + across / 2, y + 13, "x", f' fill="{RED}" text-anchor="middle"')
                continue
            share = _share(number, low, high)
            yield box(x, y, across - 1, LINE - 1, f'fill="{_shade(share)}"')
            if fits:
                ink = "#ffffff" if share > 0.45 else "#1a202c"
                yield text(x + across / 2, y + 13, short(number), f' fill="{ink}" text-anchor="middle"')
    light, dark = told_apart([low, high])
    scale = f"light {light} to dark {dark}; x does not fit" if known else "no combination has a number"
    yield text(PAD + margin, top + LINE * (len(heat.down) + 2), scale)


def _share(number: int, low: int, high: int) -> float:
    # Whole numbers first: sizes outgrow what floats hold.
    return (number - low) * 1_000 // (high - low) / 1_000 if high > low else 0.5


def _shade(share: float) -> str:
    """From a light blue to a dark one; lightness alone tells them apart."""
    ends: Sequence[tuple[int, int]] = ((219, 23), (234, 42), (254, 92))
    return "#" + "".join(f"{round(light + (dark - light) * share):02x}" for light, dark in ends)
