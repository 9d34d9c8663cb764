"""Bars side by side, one pair or more for each band: how many stays were how long."""

from __future__ import annotations

from collections.abc import Sequence

from sim.report.pictures import svg

_WIDTH, _LABEL, _BAR = 720.0, 130.0, 13.0

#: fills of the arms: told apart in grey as well
FILLS = (svg.BEFORE, svg.AFTER, svg.VERMILION, svg.GREEN)


def draw(
    name: str, bands: Sequence[str], arms: Sequence[tuple[str, Sequence[float]]], unit: str
) -> str:
    """Draw a horizontal bar per band and arm, with its number.

    Parameters
    ----------
    name
        What the picture shows, for those who hear it.
    bands
        Names of the bands, top to bottom.
    arms
        For each arm its title and a number per band.
    unit
        What the numbers count.
    """
    row = len(arms) * (_BAR + 2) + 12
    top = 8.0
    picture = svg.Drawing(_WIDTH, top + len(bands) * row + 26, name)
    largest = max((value for _, values in arms for value in values), default=1.0) or 1.0
    room = _WIDTH - _LABEL - 70
    for index, band in enumerate(bands):
        y = top + index * row
        picture.text(_LABEL - 10, y + row / 2 - 2, band, svg.SIZE, anchor="end")
        for number, (_, values) in enumerate(arms):
            at = y + number * (_BAR + 2)
            length = room * values[index] / largest
            picture.rect(_LABEL, at, length, _BAR, fill=FILLS[number % len(FILLS)])
            words = f"{values[index]:,.0f}" if values[index] >= 10 else f"{values[index]:.1f}"
            picture.text(_LABEL + length + 5, at + _BAR - 2, words, svg.SMALL)
    x, y = _LABEL, picture.height - 6
    for number, (title, _) in enumerate(arms):
        picture.rect(x, y - 10, 14, 11, fill=FILLS[number % len(FILLS)])
        words = svg.clipped(f"{title} ({unit})", 270, svg.SMALL)
        picture.text(x + 19, y, words, svg.SMALL)
        x += 19 + svg.width_of(words, svg.SMALL) + 20
    return picture.markup()
