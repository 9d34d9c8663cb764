"""The picture of where patients' routes moved: ribbons from the place before to the place after.

Most episodes go the same way in both arms; they would hide the rest, so they are written as
numbers and only the episodes that moved are drawn as ribbons.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.report import figures as fig
from sim.report import numbers
from sim.report.flows import NOT_HAPPENING, Flows
from sim.report.occupancy_picture import spread

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Floats = npt.NDArray[np.float64]

_LEFT, _RIGHT = 3.25, 6.75  # inches: inner edges of the two columns of bars
_BAR = 0.16
_LABEL = 0.5  # inches that a label with two lines takes
_GAP = 0.10

_COLOURS: Mapping[str, str] = {
    "Admitted to hospital": fig.VERMILION,
    "Community bed": fig.PURPLE,
    "A&E, not admitted": fig.ORANGE,
    "Urgent treatment centre": "#B8A200",
    "Rapid response at home": fig.GREEN,
    "Ambulance crew, not conveyed": "#8C564B",
    "GP out of hours": "#004D80",
    "GP": fig.BLUE,
    "Single point of access": fig.SKY,
    "999 advice": "#9E7BB5",
    "111 advice": "#7FB8B0",
    NOT_HAPPENING: "#B0B0B0",
}


@dataclass(frozen=True, slots=True)
class Ribbon:
    """Episodes of one source and one target: `low` to `high` on both sides, in episodes."""

    source: int
    target: int
    left: tuple[float, float]
    right: tuple[float, float]


def per_replication(flows: Flows) -> Floats:
    """Mean episodes of one replication by source (rows) and target (columns), moved only."""
    mean: Floats = flows.moved / flows.replications
    return mean


def ribbons(moved: Floats) -> tuple[Ribbon, ...]:
    """Stack the flows of each source in order of target, and of each target in order of source.

    Positions count from the top of each bar, in episodes, so that the ribbons of a bar fill it
    exactly and cross no more than they must.
    """
    size = len(moved)
    left, right = np.zeros(size), np.zeros(size)
    found = []
    for source in range(size):
        for target in range(size):
            width = float(moved[source, target])
            if width > 0:
                span = (left[source], left[source] + width)
                other = (right[target], right[target] + width)
                found.append(Ribbon(source, target, span, other))
                left[source] += width
                right[target] += width
    return tuple(found)


def draw(flows: Flows, before: str, after: str, days: float, path: Path) -> Path:
    """Draw the episodes that moved.

    Parameters
    ----------
    flows
        Counts over all replications.
    before, after
        Titles of the two arms.
    days
        Length of the measured period, for the caption.
    path
        File to write, `.png` or `.svg`.
    """
    moved = per_replication(flows)
    title = _title(flows)
    subtitle = (
        f"Left: the furthest place an episode reached in “{before}”. Right: in “{after}”. "
        "Only episodes that moved are drawn; labels give all of them."
    )
    caption = _caption(flows, days)
    sides = [np.flatnonzero(moved.sum(axis=axis)).tolist() for axis in (1, 0)]
    most = max(len(sides[0]), len(sides[1]), 3)
    body = max(4.2, most * (_LABEL + 0.08))
    foot = fig.footer_height(caption)
    figure = fig.new_figure(fig.header_height(title, subtitle) + 0.4 + body + foot + 0.1)
    fig.heading(figure, title, subtitle)
    fig.footer(figure, caption)
    axes = fig.place(figure, 0, foot, fig.WIDTH, foot + body + 0.4)
    axes.set_xlim(0, fig.WIDTH)
    axes.set_ylim(0, body + 0.4)
    axes.set_axis_off()
    if flows.moved.any():
        _draw_body(axes, flows, moved, sides, body, (before, after))
    else:
        axes.text(
            fig.WIDTH / 2,
            body / 2,
            "Every episode reached the same place in both.",
            ha="center",
            fontsize=fig.BODY + 2,
            color=fig.GREY,
        )
    return fig.save(figure, path)


def _draw_body(
    axes: Axes,
    flows: Flows,
    moved: Floats,
    sides: Sequence[Sequence[int]],
    body: float,
    titles: tuple[str, str],
) -> None:
    totals = (moved.sum(axis=1), moved.sum(axis=0))
    longest = max(len(side) for side in sides)
    scale = (body - _GAP * longest) / float(moved.sum())
    tops = [_tops(side, total, scale, body) for side, total in zip(sides, totals, strict=True)]
    for ribbon in ribbons(moved):
        _ribbon(axes, ribbon, tops, scale, _colour(flows.places[ribbon.source]))
    for side, (x, title) in enumerate(zip((_LEFT, _RIGHT), titles, strict=True)):
        _bars(axes, flows, side, sides[side], totals[side], tops[side], scale, body)
        axes.text(
            x,
            body + 0.18,
            title,
            ha="right" if side == 0 else "left",
            fontsize=fig.BODY + 1,
            fontweight="bold",
            color=fig.INK,
        )


def _tops(side: Sequence[int], total: Floats, scale: float, body: float) -> dict[int, float]:
    """Upper edge of each bar, spread evenly over the height of the picture."""
    used = float(sum(total[place] for place in side)) * scale
    gap = (body - used) / len(side)
    tops, edge = {}, body - gap / 2
    for place in side:
        tops[place] = edge
        edge -= float(total[place]) * scale + gap
    return tops


def _ribbon(
    axes: Axes, ribbon: Ribbon, tops: Sequence[Mapping[int, float]], scale: float, colour: str
) -> None:
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path as Outline

    x0, x1 = _LEFT + _BAR, _RIGHT - _BAR
    middle = (x0 + x1) / 2
    a, b = (tops[0][ribbon.source] - edge * scale for edge in ribbon.left)
    c, d = (tops[1][ribbon.target] - edge * scale for edge in ribbon.right)
    points = [
        (x0, a),
        (middle, a),
        (middle, c),
        (x1, c),
        (x1, d),
        (middle, d),
        (middle, b),
        (x0, b),
        (x0, a),
    ]
    codes = [
        Outline.MOVETO,
        *[Outline.CURVE4] * 3,
        Outline.LINETO,
        *[Outline.CURVE4] * 3,
        Outline.CLOSEPOLY,
    ]
    axes.add_patch(PathPatch(Outline(points, codes), facecolor=colour, alpha=0.55, lw=0))


def _bars(
    axes: Axes,
    flows: Flows,
    side: int,
    places: Sequence[int],
    total: Floats,
    tops: Mapping[int, float],
    scale: float,
    body: float,
) -> None:
    from matplotlib.patches import Rectangle

    x = _LEFT if side == 0 else _RIGHT - _BAR
    centres = []
    for place in places:
        height = float(total[place]) * scale
        axes.add_patch(
            Rectangle(
                (x, tops[place] - height),
                _BAR,
                height,
                lw=0,
                facecolor=_colour(flows.places[place]),
            )
        )
        centres.append(tops[place] - height / 2)
    written = spread(centres, [_LABEL] * len(places), 0.0, body)
    for place, wanted, centre in zip(places, centres, written, strict=True):
        _label(axes, flows, side, place, float(total[place]), wanted, centre)


def _label(
    axes: Axes, flows: Flows, side: int, place: int, moved: float, bar: float, centre: float
) -> None:
    edge = _LEFT if side == 0 else _RIGHT
    away = -1 if side == 0 else 1
    align = "right" if side == 0 else "left"
    x = edge + away * 0.22
    axes.plot([edge, x - away * 0.06], [bar, centre], color="#AAAAAA", lw=0.8)
    axes.text(
        x,
        centre + 0.02,
        flows.places[place],
        ha=align,
        va="bottom",
        fontsize=fig.BODY,
        fontweight="bold",
        color=fig.INK,
    )
    axes.text(
        x,
        centre - 0.02,
        _numbers(flows, side, place, moved),
        ha=align,
        va="top",
        fontsize=fig.SMALL,
        color="#444444",
    )


def _numbers(flows: Flows, side: int, place: int, moved: float) -> str:
    if flows.places[place] == NOT_HAPPENING:
        return f"{_count(moved)} {'only after' if side == 0 else 'only before'}"
    everyone = float(flows.count.sum(axis=1 - side)[place]) / flows.replications
    if side == 0:
        return f"{_count(everyone)}, of which {_count(moved)} move"
    earlier = float(flows.count.sum(axis=1)[place]) / flows.replications
    if everyone == earlier:
        return f"{_count(everyone)} ({numbers.NO_CHANGE})"
    sign = "+" if everyone > earlier else "-"
    return f"{_count(everyone)} ({sign}{_count(abs(everyone - earlier))})"


def _count(number: float) -> str:
    return f"{number:,.0f}" if number >= 9.95 or number == int(number) else f"{number:.1f}"


def _colour(place: str) -> str:
    return _COLOURS.get(place, fig.GREY)


def _title(flows: Flows) -> str:
    moved = int(flows.moved.sum())
    part = numbers.share(moved, flows.total)
    mean = _count(moved / flows.replications)
    whole = _count(flows.total / flows.replications)
    return f"{mean} of {whole} episodes ({part}) ended up in a different place"


def _caption(flows: Flows, days: float) -> str:
    replications = numbers.plural(flows.replications, "replication")
    return (
        f"Mean of {replications} of {days:,.0f} days. The same crises of the same people with "
        "the same luck in both. “No episode”: the crisis happened in one arm only, because it "
        "was prevented, added, or fell due while the person had another episode open."
    )
