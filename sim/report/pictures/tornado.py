"""A tornado: how far each doubtful input moves a result, the one that moves it most on top."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sim.report.pictures import svg

_WIDTH, _LABEL, _PLOT, _ROW, _TOP = 1000.0, 330.0, 440.0, 30.0, 30.0


@dataclass(frozen=True, slots=True)
class Swing:
    """One input: its title, the result at its low and at its high value, and these in words."""

    title: str
    at_low: float
    at_high: float
    low: str
    high: str

    @property
    def width(self) -> float:
        """How far the result moves between the two."""
        return abs(self.at_high - self.at_low)


def draw(name: str, swings: Sequence[Swing], centre: float, unit: str) -> str:
    """Draw a bar for each input, in the order given.

    Parameters
    ----------
    name
        What the picture shows, for those who hear it.
    swings
        Top to bottom.
    centre
        The result with every input as it is in the files.
    unit
        What the scale measures.
    """
    bottom = _TOP + _ROW * len(swings)
    picture = svg.Drawing(_WIDTH, bottom + 48, name)
    ends = [value for swing in swings for value in (swing.at_low, swing.at_high)]
    known = [abs(value - centre) for value in ends if math.isfinite(value)]
    # zero is on the scale if it is near: whether the sign can turn is what is asked
    if abs(centre) <= 3 * max(known, default=0.0):
        known.append(abs(centre))
    reach = (max(known, default=0.0) or 1.0) * 1.05

    def x(value: float) -> float:
        return _LABEL + _PLOT / 2 * (1 + (value - centre) / reach)

    picture.text(_LABEL + _PLOT / 2, 12, unit, svg.SMALL, svg.QUIET, "middle")
    step = svg.ticks(reach, 2)[1]
    first = math.ceil((centre - reach) / step)
    for tick in range(first, math.floor((centre + reach) / step) + 1):
        value = tick * step
        colour = svg.INK if tick == 0 else svg.RULE
        picture.line(x(value), _TOP - 6, x(value), bottom, colour)
        picture.text(x(value), bottom + 15, svg.number(value), svg.SMALL, svg.QUIET, "middle")
    picture.line(x(centre), _TOP - 6, x(centre), bottom, svg.INK, stroke_dasharray="4 3")
    for index, swing in enumerate(swings):
        y = _TOP + index * _ROW
        lines = svg.wrapped(swing.title, _LABEL - 12, 2, 12)
        for number, line in enumerate(lines):
            at = y + _ROW / 2 + 4 + (number - (len(lines) - 1) / 2) * 13
            picture.text(0, at, line, 12.5)
        for value, fill in ((swing.at_low, svg.BEFORE), (swing.at_high, svg.AFTER)):
            if math.isfinite(value):
                left, right = sorted((x(centre), x(value)))
                picture.rect(left, y + 6, right - left, _ROW - 12, fill=fill)
        words = svg.clipped(f"{swing.low} … {swing.high}", _WIDTH - _LABEL - _PLOT - 16, svg.SMALL)
        picture.text(_LABEL + _PLOT + 16, y + _ROW / 2 + 4, words, svg.SMALL, svg.QUIET)
    x0 = _LABEL
    for fill, words in ((svg.BEFORE, "at its low value"), (svg.AFTER, "at its high value")):
        picture.rect(x0, bottom + 27, 14, 11, fill=fill)
        picture.text(x0 + 19, bottom + 37, words, svg.SMALL)
        x0 += 19 + svg.width_of(words, svg.SMALL) + 20
    picture.text(x0, bottom + 37, "dashed: on average over all draws", svg.SMALL)
    return picture.markup()
