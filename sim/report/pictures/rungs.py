"""A case's ladder: for each rung the share of journeys that come to it, world by world."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sim.report.pictures import svg
from sim.report.pictures.bars import FILLS

_WIDTH, _LABEL, _PLOT, _BAR, _TOP = 860.0, 290.0, 330.0, 12.0, 24.0


@dataclass(frozen=True, slots=True)
class Rate:
    """A rung: its title, the share of each world's journeys from 0 to 1, and what differs."""

    title: str
    shares: tuple[float, ...]
    difference: str = ""


def draw(name: str, rates: Sequence[Rate], worlds: Sequence[str]) -> str:
    """Draw a bar for each rung and world, all from 0 to 100 %.

    Parameters
    ----------
    name
        What the picture shows, for those who hear it.
    rates
        The rungs, top to bottom.
    worlds
        Titles of the worlds, in the order of the shares.
    """
    row = len(worlds) * (_BAR + 2) + 14
    bottom = _TOP + row * len(rates)
    picture = svg.Drawing(_WIDTH, bottom + 30, name)
    for tick in (0.0, 0.25, 0.5, 0.75, 1.0):
        x = _LABEL + _PLOT * tick
        picture.line(x, _TOP - 6, x, bottom - 4, svg.RULE)
        picture.text(x, _TOP - 10, f"{100 * tick:.0f} %", svg.SMALL, svg.QUIET, "middle")
    if any(rate.difference for rate in rates):
        picture.text(_LABEL + _PLOT + 60, _TOP - 10, "difference", svg.SMALL, svg.QUIET)
    for index, rate in enumerate(rates):
        y = _TOP + index * row
        middle = y + (row - 14) / 2 + 4
        lines = svg.wrapped(rate.title, _LABEL - 12, 2, 12)
        for number, line in enumerate(lines):
            at = middle + (number - (len(lines) - 1) / 2) * 14
            picture.text(0, at, line, svg.SIZE)
        for number, share in enumerate(rate.shares):
            if math.isfinite(share):
                at = y + number * (_BAR + 2)
                fill = FILLS[number % len(FILLS)]
                picture.rect(_LABEL, at, _PLOT * share, _BAR, fill=fill)
                words = f"{100 * share:.0f} %"
                picture.text(_LABEL + _PLOT * share + 5, at + _BAR - 2, words, svg.SMALL)
        picture.text(_LABEL + _PLOT + 60, middle, rate.difference, svg.SMALL + 0.5)
    x = _LABEL
    for number, title in enumerate(worlds):
        picture.rect(x, picture.height - 16, 14, 11, fill=FILLS[number % len(FILLS)])
        words = svg.clipped(title, 240, svg.SMALL)
        picture.text(x + 19, picture.height - 6, words, svg.SMALL)
        x += 19 + svg.width_of(words, svg.SMALL) + 20
    return picture.markup()
