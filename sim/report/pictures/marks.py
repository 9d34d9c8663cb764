"""Marks for differences: a dot of a verdict, its interval, and an axis in per cent of baseline.

Shared by the pictures that show differences, so that a mark means the same in all of them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.report.pictures import figures as fig
from sim.report.tables.rows import Difference

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: colour of line, marker and colour of its face, by verdict
MARKS = {
    "better": (fig.BLUE, "o", fig.BLUE),
    "worse": (fig.VERMILION, "D", fig.VERMILION),
    "changed": (fig.INK, "s", fig.INK),
    "uncertain": (fig.GREY, "o", "white"),
    "no change": (fig.GREY, "|", fig.GREY),
}

_LEGEND = (
    ("better", "better"),
    ("worse", "worse"),
    ("changed", "changed, neither way is better"),
    ("uncertain", "not told apart from no change"),
)


def legend(figure: Figure, bottom: float) -> None:
    """Say what the marks mean, in one line across the figure."""
    axes = fig.place(figure, 0, bottom, fig.WIDTH, bottom + 0.3)
    axes.set_xlim(0, fig.WIDTH)
    axes.set_ylim(0, 1)
    axes.set_axis_off()
    x = 0.34
    for verdict, text in _LEGEND:
        dot(axes, verdict, x, 0.5)
        axes.text(x + 0.15, 0.47, text, fontsize=fig.SMALL, va="center", color=fig.INK)
        x += 0.15 + len(text) * fig.SMALL * 0.54 / 72 + 0.4


def dot(axes: Axes, verdict: str, x: float, y: float) -> None:
    """Draw the mark of a verdict."""
    colour, marker, face = MARKS[verdict]
    size = 11 if marker == "|" else 6.5
    axes.plot(
        [x],
        [y],
        marker=marker,
        color=colour,
        markerfacecolor=face,
        markeredgewidth=2.4 if marker == "|" else 1.6,
        markersize=size,
        lw=0,
        zorder=4,
    )


def interval(axes: Axes, row: Difference, y: float, limit: float) -> None:
    """Draw a difference with its interval at a height; what is beyond the axis is an arrow."""
    colour, centre = MARKS[row.verdict][0], row.percent(row.difference)
    if not math.isfinite(centre):
        _note(axes, 0.02 * limit, y, "none before", "left", fig.GREY)
        return
    low, high = row.percent(row.low), row.percent(row.high)
    if math.isfinite(low) and math.isfinite(high) and low < limit and high > -limit:
        ends = [max(low, -limit), min(high, limit)]
        axes.plot(ends, [y, y], color=colour, lw=2.0, solid_capstyle="butt", zorder=3)
        for end, beyond in ((-limit, low < -limit), (limit, high > limit)):
            if beyond:
                _arrow(axes, end, y, colour)
    if abs(centre) <= limit:
        dot(axes, row.verdict, centre, y)
        return
    side = math.copysign(limit, centre)
    _arrow(axes, side, y, colour)
    words = f"{centre:+,.0f} %"
    # the interval's end towards zero, as if it were on the right; the words stand beside it
    inner = -high if side < 0 else low
    if not inner <= 0.6 * limit:  # or there is none
        place = min(0.86 * limit, inner - 0.03 * limit)
    elif inner > -0.5 * limit:  # no room between it and zero: on the other side of both
        place = min(inner, 0.0) - 0.03 * limit
    else:
        return  # no room at all; the numbers stand at the right
    sign = 1 if side > 0 else -1
    _note(axes, sign * place, y, words, "right" if side > 0 else "left", colour)


def _arrow(axes: Axes, end: float, y: float, colour: str) -> None:
    style = {"arrowstyle": "-|>", "color": colour, "lw": 1.8, "shrinkA": 0, "shrinkB": 0}
    axes.annotate("", (end, y), (end * 0.9, y), arrowprops=style)


def _note(axes: Axes, x: float, y: float, text: str, align: str, colour: str) -> None:
    axes.text(x, y, text, ha=align, va="center", fontsize=fig.SMALL - 0.5, color=colour, zorder=5)


def axis_limit(rows: Sequence[Difference]) -> float:
    """Half-width of the axis in per cent: round, and wide enough for most of what is drawn.

    A few changes many times larger than the others, and the ends of a few very wide intervals,
    are cut off at the edge (where they become arrows) instead of pressing all others together
    at zero.
    """
    known = [row for row in rows if math.isfinite(row.percent(row.difference))]
    changes = sorted(abs(row.percent(row.difference)) for row in known if row.difference)
    ends = [(row.percent(row.low), row.percent(row.high)) for row in known]
    reaches = sorted(max(abs(low), abs(high)) for low, high in ends if math.isfinite(low + high))
    wanted = max(_without_extremes(changes, 3.0), _without_extremes(reaches, 2.0))
    return _round_up(wanted * 1.05) if wanted > 0 else 1.0


def _upper(ordered: Sequence[float]) -> float:
    """Upper quartile; 0 of nothing."""
    return ordered[math.ceil(0.75 * len(ordered)) - 1] if ordered else 0.0


def _without_extremes(ordered: Sequence[float], times: float) -> float:
    """Largest number that is at most so many times the upper quartile."""
    most = times * _upper(ordered)
    return max((number for number in ordered if number <= most), default=0.0)


def _round_up(number: float) -> float:
    power = 10.0 ** math.floor(math.log10(number))
    steps = (1, 1.5, 2, 3, 4, 5, 6, 8, 10)
    return next(step * power for step in steps if step * power >= number * 0.9999)


def percent_axis(axes: Axes, limit: float, ticks: Sequence[float]) -> None:
    """Make the horizontal axis one of signed per cent."""
    axes.set_xlim(-limit, limit)
    fig.plain(axes)
    axes.set_yticks([])
    axes.set_xticks(list(ticks), [_percent(tick) for tick in ticks])
    axes.grid(axis="x", color="#E0E0E0", lw=0.7)
    axes.set_axisbelow(True)


def _percent(number: float) -> str:
    return f"{number:+g} %".replace("-", "\u2212") if number else "0"
