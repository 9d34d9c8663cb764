"""Resources through the day: small panels over 24 hours, before and after on one scale."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sim.report.pictures import svg

_WIDTH, _HIGH, _GAP, _LEFT, _HEAD = 360.0, 84.0, 40.0, 40.0, 36.0


@dataclass(frozen=True, slots=True)
class Curve:
    """24 numbers, one per hour of the day; NaN where there is nothing to say."""

    name: str
    values: tuple[float, ...]
    colour: str
    dashed: bool = False
    filled: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """One set of axes: what is shown, in what, and its curves."""

    title: str
    unit: str
    curves: tuple[Curve, ...]


def draw(name: str, panels: Sequence[Panel]) -> str:
    """Draw panels two by two, with a legend of the curves below."""
    rows = math.ceil(len(panels) / 2)
    picture = svg.Drawing(2 * _WIDTH + 30, rows * (_HIGH + _GAP + _HEAD) + 24, name)
    for index, panel in enumerate(panels):
        left = (index % 2) * (_WIDTH + 30)
        top = (index // 2) * (_HIGH + _GAP + _HEAD)
        _panel(picture, panel, left, top)
    _legend(picture, panels, picture.height - 8)
    return picture.markup()


def _panel(picture: svg.Drawing, panel: Panel, left: float, top: float) -> None:
    picture.text(left, top + 13, svg.clipped(panel.title, _WIDTH, 14.5), svg.SIZE, bold=True)
    picture.text(left, top + 29, panel.unit, svg.SMALL, svg.QUIET)
    known = [v for curve in panel.curves for v in curve.values if math.isfinite(v)]
    scale = svg.ticks(max(known, default=1.0), 3)
    base = top + _HEAD + 8 + _HIGH
    x0, x1 = left + _LEFT, left + _WIDTH - 8

    def x(hour: float) -> float:
        return x0 + (x1 - x0) * hour / 24

    def y(value: float) -> float:
        return base - _HIGH * value / scale[-1]

    for tick in scale:
        picture.line(x0, y(tick), x1, y(tick), svg.RULE)
        picture.text(x0 - 5, y(tick) + 4, svg.number(tick), svg.SMALL, svg.QUIET, "end")
    for hour in (0, 6, 12, 18, 24):
        picture.text(x(hour), base + 15, f"{hour:02d}", svg.SMALL, svg.QUIET, "middle")
    for curve in panel.curves:
        _curve(picture, curve, x, y)


def _curve(picture: svg.Drawing, curve: Curve, x, y) -> None:  # type: ignore[no-untyped-def]
    """Draw steps from hour to hour, broken where there is no number."""
    run: list[tuple[float, float]] = []
    for hour, value in enumerate((*curve.values, math.nan)):
        if math.isfinite(value):
            run += [(x(hour), y(value)), (x(hour + 1), y(value))]
            continue
        if run and curve.filled:
            shape = [(run[0][0], y(0)), *run, (run[-1][0], y(0))]
            text = " ".join(f"{a:.1f},{b:.1f}" for a, b in shape)
            picture.parts.append(
                f'<polygon points="{text}" fill="{curve.colour}" fill-opacity="0.25"/>'
            )
        if run:
            more = {"stroke_dasharray": "5 3"} if curve.dashed else {}
            picture.polyline(run, curve.colour, stroke_width=1 if curve.filled else 2, **more)
        run = []


def _legend(picture: svg.Drawing, panels: Sequence[Panel], y: float) -> None:
    seen: dict[str, Curve] = {}
    for panel in panels:
        for curve in panel.curves:
            seen.setdefault(curve.name, curve)
    x = 0.0
    for curve in seen.values():
        if curve.filled:
            picture.rect(x, y - 10, 22, 10, fill=curve.colour, fill_opacity="0.25")
        more = {"stroke_dasharray": "5 3"} if curve.dashed else {}
        picture.line(x, y - 4, x + 22, y - 4, curve.colour, stroke_width=2, **more)
        picture.text(x + 28, y, curve.name, svg.SMALL, svg.INK)
        x += 28 + svg.width_of(curve.name, svg.SMALL) + 22
