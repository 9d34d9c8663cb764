"""Differences of measures of one kind, on one scale that suits them: a dot and its interval each.

Rates, waits, beds and money never share a scale. A filled disc is an improvement, a filled
diamond a concern, a square another change, a ring is not told apart from no change: the signs
differ without colour.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from sim.report.pictures import estimates, svg
from sim.report.tables.measures import bounds_title
from sim.report.tables.rows import Difference

_WIDTH, _LABEL, _PLOT, _ROW, _TOP = 800.0, 310.0, 270.0, 26.0, 34.0


def draw(name: str, lines: Sequence[Difference], axis: str) -> str:
    """Draw the measures of one group.

    Parameters
    ----------
    name
        What the picture shows, for those who hear it.
    lines
        Measures of one unit, or counts of things, which are drawn in per cent of the baseline.
    axis
        What the scale measures: ``% of baseline``, ``percentage points``, ``minutes``, ...
    """
    rows = [(line, _scaled(line, axis)) for line in lines]
    drawn = [abs(v) for _, values in rows for v in values if math.isfinite(v)]
    top = svg.ticks(max(drawn, default=1.0) * 1.02, 2)[-1]
    height = _TOP + len(rows) * _ROW + 50
    picture = svg.Drawing(_WIDTH, height, name)

    def x(value: float) -> float:
        return _LABEL + _PLOT / 2 * (1 + value / top)

    bottom = _TOP + len(rows) * _ROW
    for tick in (-top, -top / 2, 0.0, top / 2, top):
        colour = svg.INK if tick == 0 else svg.RULE
        picture.line(x(tick), _TOP - 4, x(tick), bottom, colour)
        text = f"{'+' if tick > 0 else ''}{svg.number(tick)}"
        picture.text(x(tick), bottom + 16, text, svg.SMALL, svg.QUIET, "middle")
    picture.text(_LABEL + _PLOT / 2, _TOP - 14, axis, svg.SMALL, svg.QUIET, "middle")
    picture.text(
        _LABEL + _PLOT + 12, _TOP - 14, f"difference ({bounds_title(lines)})", svg.SMALL, svg.QUIET
    )
    estimates.key(picture, [line.verdict for line in lines], height - 6)
    for index, (line, values) in enumerate(rows):
        middle = _TOP + index * _ROW + _ROW / 2
        _row(picture, line, [x(value) for value in values], middle)
    return picture.markup()


def _scaled(line: Difference, axis: str) -> tuple[float, float, float]:
    numbers_of = (line.difference, line.low, line.high)
    if axis == PERCENT:
        return tuple(line.percent(value) for value in numbers_of)  # type: ignore[return-value]
    factor = 100.0 if line.meaning.unit == "share" else 1e-3 if axis == "thousand pounds" else 1.0
    return tuple(value * factor for value in numbers_of)  # type: ignore[return-value]


PERCENT = "% of baseline"


def _row(picture: svg.Drawing, line: Difference, at: Sequence[float], y: float) -> None:
    here, low, high = at
    colour = estimates.COLOURS.get(line.verdict, svg.QUIET)
    picture.text(0, y + 4, svg.clipped(line.meaning.title, _LABEL - 12, 12), svg.SIZE)
    if math.isfinite(low) and math.isfinite(high):
        picture.line(low, y, high, y, colour, stroke_width=2)
    if math.isfinite(here):
        estimates.mark(picture, line.verdict, here, y)
    picture.text(_LABEL + _PLOT + 12, y + 4, line.written(), svg.SMALL + 0.5, svg.INK)
