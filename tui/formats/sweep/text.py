"""A sweep as text: the table, the plots, and in a few words how it was made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from tui.core.errors import or_list
from tui.core.sweep import Point, Sweep
from tui.core.sweep_front import Goal, front
from tui.formats import plot_text
from tui.formats.escape import clipped, visible
from tui.formats.plot_text import Heat, Series

if TYPE_CHECKING:
    from tui.formats.table import Paint

MOST_ROWS: Final = 1_000
MOST_POINTS: Final = 5_000
MOST_PLACES: Final = 2
MOST_REASON: Final = 80
GAP: Final = "  "


def titles(sweep: Sweep) -> tuple[str, ...]:
    """The heads of the columns: the symbols, then what is measured, with its unit."""
    return (*(axis.name for axis in sweep.axes), *(m.name + (" B" if m.in_bytes else "") for m in sweep.measures))


def cells(point: Point) -> tuple[str, ...]:
    """The texts of a combination; where it has no numbers the last one is the reason."""
    values = tuple(f"{value:,}" for value in point.values)
    if point.numbers is None:
        return (*values, f"! {visible(point.reason)}")
    least = point.least or (False,) * len(point.numbers)
    return (*values, *(f"{'>= ' if low else ''}{n:,}" for n, low in zip(point.numbers, least, strict=True)))


def widths_of(sweep: Sweep, rows: Iterable[tuple[str, ...]]) -> list[int]:
    """How wide each column has to be for some rows."""
    widths = [len(visible(title)) for title in titles(sweep)]
    for row in rows:
        for place, cell in enumerate(row):
            if place < len(sweep.axes) or not cell.startswith("! "):
                widths[place] = max(widths[place], len(cell))
    return widths


def row_text(row: Sequence[str], widths: Sequence[int]) -> str:
    """One row of the table; a reason goes over all the columns that it stands for."""
    return GAP.join(cell if cell.startswith("! ") else cell.rjust(width) for cell, width in
                    zip(map(visible, row), widths, strict=False)).rstrip()  # fmt: skip


def as_table(
    sweep: Sweep, chosen: Sequence[int] | None = None, *, paint: Paint | None = None, width: int | None = None
) -> str:
    """The combinations, or some that are chosen, one a row; of more than a thousand the first ones."""
    style = paint or (lambda shown, _: shown)
    places = range(len(sweep)) if chosen is None else chosen
    rows = [cells(sweep.point(index)) for index in places[:MOST_ROWS]]
    widths = widths_of(sweep, rows)
    out = [style(row_text(titles(sweep), widths), "bold")]
    for row in rows:
        shown = row_text(row, widths)
        if width is not None and row[-1].startswith("! ") and len(shown) > width:
            shown = shown[: width - 1] + "…"
        out.append(style(shown, "error") if row[-1].startswith("! ") else shown)
    if len(places) > len(rows):
        out.append(style(f"... and {len(places) - len(rows):,} more; --format csv or json writes all", "dim"))
    return "\n".join(out) + "\n"


def series_of(sweep: Sweep, measure: int) -> Series:
    """One measure over the only symbol of a sweep."""
    axis = sweep.axes[0]
    title = f"{titles(sweep)[1 + measure]} over {axis.name}"
    return Series(title, [f"{v:,}" for v in axis.values], [sweep.number(measure, i) for i in range(len(sweep))])


def heat_of(sweep: Sweep, measure: int) -> Heat:
    """One measure over both symbols of a sweep: the first goes down, the second across."""
    down, across = sweep.axes
    numbers = [
        [sweep.number(measure, i * len(across.values) + j) for j in range(len(across.values))]
        for i in range(len(down.values))
    ]
    title = f"{titles(sweep)[2 + measure]}: {down.name} down, {across.name} across"
    return Heat(title, [f"{v:,}" for v in down.values], [f"{v:,}" for v in across.values], numbers)


def thinned(sweep: Sweep, most: int) -> Sweep:
    """The sweep at no more than so many values of each symbol, evenly between: a plot has no room for more."""
    places = [plot_text.chosen(len(axis.values), most) for axis in sweep.axes]
    if all(len(kept) == len(axis.values) for kept, axis in zip(places, sweep.axes, strict=True)):
        return sweep
    width = len(sweep.axes[1].values) if len(sweep.axes) > 1 else 1
    chosen = [i * width + j for i in places[0] for j in (places[1] if len(places) > 1 else [0])]
    axes = [axis._replace(values=[axis.values[i] for i in kept]) for axis, kept in zip(sweep.axes, places, strict=True)]
    numbers = [[int(column[i]) for i in chosen] for column in sweep.numbers]
    return Sweep(axes, sweep.measures, numbers, [int(sweep.sorts[i]) for i in chosen], sweep.outcomes, sweep.how)


def plot(
    sweep: Sweep, measure: int, width: int, height: int, *, ascii_only: bool = False, mark: int | None = None
) -> list[str]:
    """One measure as a line chart over one symbol, or as a heat map over two, with its title.

    ``mark`` is the combination under a cursor.
    """
    if len(sweep.axes) == 1:
        series = series_of(sweep, measure)
        rows = plot_text.lines(series, width, max(height - 3, 1), ascii_only=ascii_only, mark=mark)
        return [_titled(series.title, ascii_only), *rows]
    heat = heat_of(sweep, measure)
    at = None if mark is None else divmod(mark, len(heat.across))
    return [_titled(heat.title, ascii_only), *plot_text.heat_map(heat, width, max(height - 1, 3), mark=at)]


def point_text(sweep: Sweep, index: int) -> str:
    """One combination in a line: ``n = 40: params 54,720, macs 2,268,160``."""
    names, shown = titles(sweep), cells(sweep.point(index))
    count = len(sweep.axes)
    at = ", ".join(f"{visible(name)} = {cell}" for name, cell in zip(names[:count], shown, strict=False))
    if shown[-1].startswith("! "):
        return f"{at}: {shown[-1]}"
    return f"{at}: " + ", ".join(f"{visible(n)} {c}" for n, c in zip(names[count:], shown[count:], strict=True))


class FrontPoint(NamedTuple):
    """A combination by two goals, and whether it is on the front; ``text`` says all that is known of it."""

    x: int
    y: int
    kept: bool
    text: str


def front_points(sweep: Sweep, goals: tuple[Goal, Goal]) -> list[FrontPoint]:
    """The combinations that have numbers, or as many as a picture can tell apart; those of the front are the last."""
    kept = front(sweep, *goals)
    on_front = set(kept)
    step = max(len(sweep) // MOST_POINTS, 1)
    others = [i for i in range(0, len(sweep), step) if i not in on_front and sweep.fits(i)]
    return [
        FrontPoint(_number(sweep, goals[0], i), _number(sweep, goals[1], i), i in on_front, point_text(sweep, i))
        for i in (*others, *kept)
    ]


def front_plot(
    sweep: Sweep, goals: tuple[Goal, Goal], width: int, height: int, *, ascii_only: bool = False
) -> list[str]:
    """The combinations by two goals, those of the Pareto front marked ``#``."""
    points = [(point.x, point.y, point.kept) for point in front_points(sweep, goals)]
    rows = plot_text.scatter(points, width, max(height - 3, 1), ascii_only=ascii_only)
    return [_titled(f"{goals[1].name} (up) over {goals[0].name}; # is the Pareto front", ascii_only), *rows]


def _titled(title: str, ascii_only: bool) -> str:
    shown = visible(title)
    return shown.encode("ascii", "backslashreplace").decode() if ascii_only else shown


def _number(sweep: Sweep, goal: Goal, index: int) -> int:
    return sweep.values(index)[goal.place] if goal.symbol else int(sweep.numbers[goal.place][index])


def goals_text(goals: Sequence[Goal]) -> str:
    """What a front makes small and what large."""
    return " and ".join(f"{'largest' if goal.largest else 'smallest'} {visible(goal.name)}" for goal in goals)


def summary(sweep: Sweep) -> list[str]:
    """How many combinations there are, how they were computed, and what a reader has to know of the numbers."""
    count, refused = len(sweep), sweep.refused
    said = [f"{count:,} combination{'s' if count != 1 else ''}, {sweep.how}"]
    if refused:
        said.append(f"{refused:,} {'does' if refused == 1 else 'do'} not fit: {_where(sweep)}")
    if sweep.least:
        said.append("the numbers are at least what is shown: something in the network is not known")
    return said


def _where(sweep: Sweep) -> str:
    """The whole reason where all that do not fit have one, else the layers that have an error."""
    reasons = [outcome.reason for outcome in sweep.outcomes if outcome.reason is not None]
    if len(reasons) == 1:
        return clipped(visible(reasons[0]), MOST_REASON)
    places = list(dict.fromkeys(reason.partition(": ")[0] for reason in reasons))
    shown = [clipped(visible(place), MOST_REASON // 2) for place in places[:MOST_PLACES]]
    more = len(places) - len(shown)
    return f"an error in {or_list([*shown, *([f'{more:,} more'] if more else [])])}"
