"""Many estimates at a glance: a row for each thing, a column for each measure, an interval each.

Every column has a scale of its own, in its own unit. A disc is an improvement, a diamond a
concern, a square another change, a ring is not told apart from none: the signs differ without
colour. Of bars a row may have one, from zero or from what the scale is centred on.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sim.report.pictures import svg

_WIDTH, _NAMES, _GAP, _ROW = 1080.0, 250.0, 22.0, 40.0
_LINE = 15.0  # of a title that is wrapped

COLOURS = {"better": svg.BLUE, "worse": svg.VERMILION, "changed": svg.INK}

KEY = (
    ("better", "improvement"),
    ("worse", "concern"),
    ("changed", "change, neither good nor bad"),
    ("uncertain", "no detectable change, or too few replications to tell"),
)


@dataclass(frozen=True, slots=True)
class Estimate:
    """One number with what is about it (NaN for nothing), as it is written, and its verdict.

    `verdict` is one of `sim.report.tables.rows.Verdict`.
    """

    value: float
    low: float
    high: float
    text: str
    verdict: str = "uncertain"


@dataclass(frozen=True, slots=True)
class Column:
    """A measure: its title, the unit of its scale, and an estimate for each row or None."""

    title: str
    unit: str
    estimates: tuple[Estimate | None, ...]


def draw(name: str, rows: Sequence[str], columns: Sequence[Column], *, bars: bool = False) -> str:
    """Draw all columns beside each other.

    Parameters
    ----------
    name
        What the picture shows, for those who hear it.
    rows
        What the estimates are of, top to bottom.
    columns
        One to six measures.
    bars
        Fill from zero to each value, as for shares of a whole.
    """
    wide = (_WIDTH - _NAMES - _GAP * (len(columns) + 1)) / len(columns)
    titles = [svg.wrapped(column.title, wide, 3, svg.SIZE) for column in columns]
    top = _LINE * (max(map(len, titles)) + 1) + 12
    bottom = top + _ROW * len(rows)
    picture = svg.Drawing(_WIDTH, bottom + 48, name)
    for index, row in enumerate(rows):
        y = top + index * _ROW
        if index % 2 == 0:
            picture.rect(0, y, _WIDTH, _ROW, fill=svg.PALE)
        lines = svg.wrapped(row, _NAMES - 10, 2, 12.5)
        for number, line in enumerate(lines):
            at = y + _ROW / 2 + 4 + (number - (len(lines) - 1) / 2) * 14
            picture.text(6, at, line, 12.5)
    for place, (column, words) in enumerate(zip(columns, titles, strict=True)):
        left = _NAMES + _GAP + place * (wide + _GAP)
        for number, line in enumerate((*words, column.unit)):
            is_title = number < len(words)
            size, colour = (svg.SIZE, svg.INK) if is_title else (svg.SMALL, svg.QUIET)
            picture.text(left, 13 + number * _LINE, line, size, colour, bold=is_title)
        _column(picture, column, left, wide, top, bottom, bars=bars)
    there = [item.verdict for column in columns for item in column.estimates if item is not None]
    key(picture, there, bottom + 40)
    return picture.markup()


def _column(
    picture: svg.Drawing,
    column: Column,
    left: float,
    wide: float,
    top: float,
    bottom: float,
    *,
    bars: bool,
) -> None:
    known = [item for item in column.estimates if item is not None]
    ends = [v for item in known for v in (item.value, item.low, item.high) if math.isfinite(v)]
    scale = svg.ticks(max(map(abs, ends), default=1.0) * 1.02, 2)
    reach = scale[-1]

    def x(value: float) -> float:
        return left + wide / 2 * (1 + value / reach)

    for tick in (-reach, 0.0, reach):
        if tick:
            picture.line(x(tick), top, x(tick), bottom, svg.RULE)
        text = f"{'+' if tick > 0 else ''}{svg.number(tick)}"
        anchor = "middle" if tick == 0 else "start" if tick < 0 else "end"
        picture.text(x(tick), bottom + 15, text, svg.SMALL, svg.QUIET, anchor)
    for index, item in enumerate(column.estimates):
        if item is None or not math.isfinite(item.value):
            continue
        y = top + index * _ROW
        picture.line(x(0.0), y + 19, x(0.0), y + _ROW - 2, svg.QUIET)
        colour = COLOURS.get(item.verdict, svg.QUIET)
        picture.text(left + wide / 2, y + 15, item.text, svg.SMALL, svg.INK, "middle")
        middle = y + 28
        if bars:
            start, end = sorted((x(0.0), x(item.value)))
            picture.rect(start, middle - 6, end - start, 12, fill=colour, fill_opacity="0.35")
        if math.isfinite(item.low) and math.isfinite(item.high):
            picture.line(x(item.low), middle, x(item.high), middle, colour, stroke_width=2)
        mark(picture, item.verdict, x(item.value), middle)


def mark(picture: svg.Drawing, verdict: str, x: float, y: float) -> None:
    """Draw the sign of a verdict."""
    colour = COLOURS.get(verdict, svg.QUIET)
    if verdict == "worse":
        picture.path(f"M{x - 6:.1f} {y:.1f}l6 -6 6 6 -6 6z", fill=colour)
    elif verdict == "better":
        picture.circle(x, y, 5.0, fill=colour)
    elif verdict == "changed":
        picture.rect(x - 4.5, y - 4.5, 9, 9, fill=colour)
    else:
        picture.circle(x, y, 4.5, fill="#fff", stroke=colour, stroke_width=2)


def key(picture: svg.Drawing, there: Collection[str], y: float) -> None:
    """Say what the signs of the verdicts mean that are there."""
    x = 8.0
    for verdict, words in KEY:
        if verdict in there or (verdict == "uncertain" and "no change" in there):
            mark(picture, verdict, x, y - 4)
            picture.text(x + 12, y, words, svg.SMALL)
            x += 12 + svg.width_of(words, svg.SMALL) + 24
