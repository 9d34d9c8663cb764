"""The map of the system: services as boxes in columns, moves between them as bands.

The width of a band grows with the square root of the number of episodes, or one service that sees
nearly everyone would leave the others as hairs. Bands that grew or shrank against the baseline
differ in colour and in line, the bottleneck is framed and named.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sim.report.pictures import svg
from sim.report.system import System

_WIDTH, _BOX, _TOP, _BETWEEN, _LEAST = 1080.0, 128.0, 30.0, 24.0, 52.0
_LEAST_END = 46.0  # an end of the pathway may have hardly anybody
_WIDEST = 90.0  # pixels of a band with everyone in it

#: moves that are drawn: at least this share of all episodes, and at most so many
LEAST_SHARE, MOST_BANDS = 0.006, 44

#: a band has changed if it differs by this share of itself and of all episodes
CHANGED, CHANGED_OF_ALL = 0.05, 0.001


@dataclass(frozen=True, slots=True)
class _Box:
    x: float
    y: float
    height: float
    column: int

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


@dataclass(frozen=True, slots=True)
class _Band:
    """A move that is drawn; `y1` and `y2` are where its middle leaves and arrives."""

    source: int
    target: int
    width: float
    y1: float = 0.0
    y2: float = 0.0


def draw(name: str, now: System, before: System | None, bottlenecks: Mapping[str, str]) -> str:
    """Draw one arm's system.

    Parameters
    ----------
    name
        What the picture shows, for those who hear it.
    now
        The arm that is drawn.
    before
        The baseline it is set against; None draws one arm by itself.
    bottlenecks
        For the services that hold people up most, what to write above them.
    """
    drawn = _bands(now)
    boxes, height = _laid_out(now, drawn)
    picture = svg.Drawing(_WIDTH, height + 66, name)
    for band in _attached(drawn, boxes):
        _band(picture, now, before, band, boxes)
    for code, box in boxes.items():
        _box(picture, now, before, code, box, bottlenecks)
    _key(picture, before is not None, height + 44)
    return picture.markup()


def hidden(now: System) -> int:
    """Number of moves that are too small to be drawn; the table has them."""
    return int((now.count > 0).sum()) - len(_bands(now))


def _bands(now: System) -> list[_Band]:
    """The moves worth drawing, the widest first, so that the thin ones lie on top."""
    everyone = now.count[0].sum()
    found = [
        (float(now.count[a, b]), int(a), int(b))
        for a, b in zip(*now.count.nonzero(), strict=True)
        if now.count[a, b] >= LEAST_SHARE * everyone
    ]
    found = sorted(found, reverse=True)[:MOST_BANDS]
    return [_Band(a, b, max(1.5, _WIDEST * math.sqrt(value / everyone))) for value, a, b in found]


def _through(bands: Sequence[_Band], code: int) -> float:
    out = sum(band.width for band in bands if band.source == code)
    into = sum(band.width for band in bands if band.target == code)
    return max(out, into)


def _laid_out(now: System, bands: Sequence[_Band]) -> tuple[dict[int, _Box], float]:
    """Boxes column by column, every column in the middle of the tallest; and its height."""
    step = (_WIDTH - 2 - _BOX) / max(len(now.columns) - 1, 1)
    least = {
        code: _LEAST_END if column is now.columns[-1] else _LEAST
        for column in now.columns
        for code in column
    }
    heights = {code: max(low, _through(bands, code) + 8) for code, low in least.items()}
    tall = [sum(heights[code] + _BETWEEN for code in column) for column in now.columns]
    boxes: dict[int, _Box] = {}
    for number, column in enumerate(now.columns):
        y = _TOP + (max(tall) - tall[number]) / 2
        for code in column:
            boxes[code] = _Box(1 + number * step, y, heights[code], number)
            y += heights[code] + _BETWEEN
    return boxes, _TOP + max(tall)


def _attached(bands: Sequence[_Band], boxes: Mapping[int, _Box]) -> list[_Band]:
    """Where each band leaves and arrives: in the order of the boxes at its other end."""
    left: dict[tuple[int, int], float] = {}
    arrived: dict[tuple[int, int], float] = {}
    for code, box in boxes.items():
        out = sorted((b for b in bands if b.source == code), key=lambda b: boxes[b.target].middle)
        into = sorted((b for b in bands if b.target == code), key=lambda b: boxes[b.source].middle)
        for side, at in ((out, left), (into, arrived)):
            y = box.middle - sum(band.width for band in side) / 2
            for band in side:
                at[band.source, band.target] = y + band.width / 2
                y += band.width
    return [
        replace(band, y1=left[band.source, band.target], y2=arrived[band.source, band.target])
        for band in bands
    ]


def _band(
    picture: svg.Drawing,
    now: System,
    before: System | None,
    band: _Band,
    boxes: Mapping[int, _Box],
) -> None:
    one, other = boxes[band.source], boxes[band.target]
    x1, x2, y1, y2 = one.x + _BOX, other.x, band.y1, band.y2
    if other.column > one.column:
        bend = (x2 - x1) / 2
        ways = ((x1 + bend, y1), (x2 - bend, y2), (x2, y2))
        d = f"M{x1:.1f} {y1:.1f}C" + " ".join(f"{x:.1f} {y:.1f}" for x, y in ways)
    else:  # back, or within a column: out to the right, round, and in from the left
        middle = (y1 + y2) / 2
        d = (
            f"M{x1:.1f} {y1:.1f}C{x1 + 46:.1f} {y1:.1f} {x1 + 46:.1f} {middle:.1f} "
            f"{(x1 + x2) / 2:.1f} {middle:.1f}S{x2 - 46:.1f} {y2:.1f} {x2:.1f} {y2:.1f}"
        )
    colour, dash, words = _change(now, before, (band.source, band.target))
    more = {"stroke_dasharray": "7 4"} if dash else {}
    picture.path(
        d,
        fill="none",
        stroke=colour,
        stroke_width=band.width,
        stroke_opacity="0.5",
        title=f"{now.nodes[band.source]} to {now.nodes[band.target]}: {words}",
        **more,
    )


def _change(now: System, before: System | None, ends: tuple[int, int]) -> tuple[str, bool, str]:
    """Colour, whether the line is broken, and the numbers of a band."""
    names = now.nodes[ends[0]], now.nodes[ends[1]]
    value = now.flow(*names)
    if before is None:
        return "#8a949b", False, f"{value:,.0f}"
    was = before.flow(*names)
    change = value - was
    words = f"{was:,.0f} before, {value:,.0f} after"
    if abs(change) < max(CHANGED * max(value, was), CHANGED_OF_ALL * now.count[0].sum()):
        return "#8a949b", False, words
    return (svg.BLUE, False, words) if change > 0 else (svg.VERMILION, True, words)


def _box(
    picture: svg.Drawing,
    now: System,
    before: System | None,
    code: int,
    box: _Box,
    bottlenecks: Mapping[str, str],
) -> None:
    name = now.nodes[code]
    binding = bottlenecks.get(name)
    frame, thick = (svg.VERMILION, 3.0) if binding else ("#5a6268", 1.0)
    picture.rect(
        box.x, box.y, _BOX, box.height, rx=4.0, fill="#fff", stroke=frame, stroke_width=thick
    )
    most = 2 if box.height < 72 else 3
    lines = svg.wrapped(name, _BOX - 8, most, 12)
    value = now.visited(name) or float(max(now.count[code].sum(), now.count[:, code].sum()))
    numbers = [f"{value:,.0f}"]
    if before is not None:
        at = before.nodes.index(name) if name in before.nodes else -1
        was = before.visited(name) or (
            float(max(before.count[at].sum(), before.count[:, at].sum())) if at >= 0 else 0.0
        )
        numbers = [f"{was:,.0f} → {value:,.0f}"]
    size = 14.0
    y = box.y + box.height / 2 - size * (len(lines) + 1) / 2 + 11
    for line in lines:
        picture.text(box.x + _BOX / 2, y, line, 12, svg.INK, "middle", bold=True)
        y += size
    picture.text(box.x + _BOX / 2, y, numbers[0], 11.5, svg.QUIET, "middle")
    if binding:
        picture.text(box.x + _BOX / 2, box.y - 6, binding, 11, svg.VERMILION, "middle", bold=True)


def _key(picture: svg.Drawing, compared: bool, y: float) -> None:
    kinds = [("#8a949b", "", "episodes that move (width: square root of their number)")]
    if compared:
        kinds += [(svg.BLUE, "", "more than before"), (svg.VERMILION, "7 4", "fewer than before")]
    x = 0.0
    for colour, dash, words in kinds:
        more = {"stroke_dasharray": dash} if dash else {}
        picture.line(x, y, x + 34, y, colour, stroke_width=7, stroke_opacity="0.6", **more)
        picture.text(x + 42, y + 4, words, svg.SMALL)
        x += 42 + svg.width_of(words, svg.SMALL) + 20
    picture.rect(x, y - 8, 26, 15, rx=3.0, fill="#fff", stroke=svg.VERMILION, stroke_width=3)
    picture.text(x + 34, y + 4, "bottleneck: holds up most people", svg.SMALL)
