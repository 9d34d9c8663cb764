"""The picture of where patients' routes moved: ribbons from the place before to the place after.

Most episodes go the same way in both arms; they would hide the rest, so they are written as
numbers and only the episodes that moved are drawn as ribbons.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.report.flows import NOT_HAPPENING, PLACES, Flows
from sim.report.pictures import figures as fig
from sim.report.tables import numbers

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Floats = npt.NDArray[np.float64]

_LEFT, _RIGHT = 3.25, 6.75  # inches: inner edges of the two columns of bars
_BAR = 0.16
_LABEL = 0.46  # inches that a label with two lines takes
_ALL = 3.4  # inches that all episodes that moved take together, if at least `_FULL` moved
_LEAST = 0.5  # inches that they take at least, so that few can be seen
_FULL = 0.05  # share of all episodes that must move for the ribbons to have their full height
_GAP = 0.12  # inches between two places

#: most places, on both sides together, that are drawn by themselves
MOST = 10
TOGETHER = "Other places"

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


def between_services(flows: Flows) -> Flows:
    """Only the episodes that reached a service in both arms.

    A crisis that happens in one arm only, or that came to no service, moved nowhere that a ribbon
    could lead to; the caption counts the first. How episodes ended is no service either.
    """
    services = np.array([place in PLACES for place in flows.places])
    places = tuple(np.array(flows.places, dtype=object)[services])
    return Flows(places, flows.count[np.ix_(services, services)], flows.replications)


def merged(flows: Flows, most: int = MOST) -> Flows:
    """Join the places with the fewest movements until at most so many ends are left.

    Parameters
    ----------
    flows
        Counts by place.
    most
        Most ends of ribbons, sources and targets together.
    """
    moved = flows.moved
    ends = int((moved.sum(axis=0) > 0).sum() + (moved.sum(axis=1) > 0).sum())
    if ends <= most:
        return flows
    moves = moved.sum(axis=0) + moved.sum(axis=1)
    order = np.argsort(moves, kind="stable")
    for number in range(2, len(order) + 1):
        found = _joined(flows, set(order[:number].tolist()))
        within = found.moved
        if int((within.sum(axis=0) > 0).sum() + (within.sum(axis=1) > 0).sum()) <= most:
            return found
    return found


def _joined(flows: Flows, small: set[int]) -> Flows:
    """The same with some places taken together as one, which stands last."""
    kept = [place for code, place in enumerate(flows.places) if code not in small]
    places = (*kept, TOGETHER)
    target = np.array(
        [
            places.index(TOGETHER if code in small else place)
            for code, place in enumerate(flows.places)
        ]
    )
    count = np.zeros((len(places), len(places)), dtype=np.int64)
    np.add.at(count, (target[:, None], target[None, :]), flows.count)
    return Flows(places, count, flows.replications)


def worth_drawing(flows: Flows) -> bool:
    """Whether any episode moved between two services."""
    return bool(between_services(flows).moved.any())


def height(flows: Flows) -> float:
    """Inches that all ribbons take: in proportion to the share of episodes that moved."""
    moved = between_services(flows).moved.sum() / max(flows.total, 1)
    return float(np.clip(_ALL * moved / _FULL, _LEAST, _ALL))


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
    title, caption = _title(flows), _caption(flows, days)
    subtitle = (
        f"Left: the furthest place an episode reached in “{before}”. Right: in “{after}”. "
        "Only episodes that moved between services are drawn; labels count all that came to a "
        "service in both."
    )
    drawn, ribbon_height = merged(between_services(flows)), height(flows)
    sides = _sides(per_replication(drawn), ribbon_height)
    body = max(2.0, *(sum(slot.height for slot in side.values()) for side in sides))
    foot = fig.footer_height(caption) + 0.1
    lines = max(len(textwrap.wrap(name, 28)) for name in (before, after))
    titles = 0.3 + 0.2 * lines
    figure = fig.new_figure(fig.header_height(title, subtitle) + titles + body + foot)
    fig.heading(figure, title, subtitle)
    fig.footer(figure, caption)
    axes = fig.place(figure, 0, foot, fig.WIDTH, foot + body + titles)
    axes.set_xlim(0, fig.WIDTH)
    axes.set_ylim(0, body + titles)
    axes.set_axis_off()
    if drawn.moved.any():
        _draw_body(axes, drawn, sides, body, (before, after), ribbon_height)
    else:
        words = "No episode moved from one service to another."
        axes.text(
            fig.WIDTH / 2, body / 2, words, ha="center", fontsize=fig.BODY + 2, color=fig.GREY
        )
    return fig.save(figure, path)


@dataclass(frozen=True, slots=True)
class _Slot:
    """Where a place is drawn: the height kept for it and its bar, in inches; its episodes."""

    height: float
    bar: float
    episodes: float


def _sides(moved: Floats, ribbon_height: float) -> tuple[dict[int, _Slot], dict[int, _Slot]]:
    """For the left and the right, the places from the top down."""
    scale = ribbon_height / float(moved.sum()) if moved.any() else 0.0
    left, right = (
        {
            place: _Slot(max(_LABEL, total * scale) + _GAP, total * scale, total)
            for place, total in enumerate(moved.sum(axis=axis).tolist())
            if total > 0
        }
        for axis in (1, 0)
    )
    return left, right


def _draw_body(
    axes: Axes,
    flows: Flows,
    sides: Sequence[Mapping[int, _Slot]],
    body: float,
    titles: tuple[str, str],
    ribbon_height: float,
) -> None:
    from matplotlib.patches import Rectangle

    moved = per_replication(flows)
    tops = [_tops(side, body) for side in sides]
    for ribbon in ribbons(moved):
        scale = ribbon_height / float(moved.sum())
        _ribbon(axes, ribbon, tops, scale, _colour(flows.places[ribbon.source]))
    for side, (x, title) in enumerate(zip((_LEFT, _RIGHT), titles, strict=True)):
        align = "right" if side == 0 else "left"
        words = "\n".join(textwrap.wrap(title, 28))
        axes.text(
            x,
            body + 0.14,
            words,
            ha=align,
            va="bottom",
            fontsize=fig.BODY + 1,
            fontweight="bold",
            color=fig.INK,
            linespacing=1.15,
        )
        for place, slot in sides[side].items():
            bottom = tops[side][place] - slot.bar
            corner = (x if side == 0 else x - _BAR, bottom)
            colour = _colour(flows.places[place])
            axes.add_patch(Rectangle(corner, _BAR, slot.bar, lw=0, facecolor=colour))
            _label(axes, flows, side, place, slot.episodes, bottom + slot.bar / 2)


def _tops(side: Mapping[int, _Slot], body: float) -> dict[int, float]:
    """Upper edge of each bar: in the middle of its slot, the slots spread over the height."""
    spare = (body - sum(slot.height for slot in side.values())) / max(len(side), 1)
    tops, edge = {}, body
    for place, slot in side.items():
        tops[place] = edge - (slot.height + spare - slot.bar) / 2
        edge -= slot.height + spare
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


def _label(axes: Axes, flows: Flows, side: int, place: int, moved: float, middle: float) -> None:
    align = "right" if side == 0 else "left"
    x = _LEFT - 0.12 if side == 0 else _RIGHT + 0.12
    name = textwrap.shorten(flows.places[place], 34, placeholder="…")
    axes.text(
        x,
        middle + 0.02,
        name,
        ha=align,
        va="bottom",
        fontsize=fig.BODY,
        fontweight="bold",
        color=fig.INK,
    )
    axes.text(
        x,
        middle - 0.02,
        _numbers(flows, side, place, moved),
        ha=align,
        va="top",
        fontsize=fig.SMALL,
        color="#444444",
    )


def _numbers(flows: Flows, side: int, place: int, moved: float) -> str:
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
    moved = int(between_services(flows).moved.sum())
    part = numbers.share(moved, flows.total)
    mean = _count(moved / flows.replications)
    whole = _count(flows.total / flows.replications)
    return f"{mean} of {whole} episodes ({part}) ended up at a different service"


def _caption(flows: Flows, days: float) -> str:
    replications = numbers.plural(flows.replications, "replication")
    number = flows.places.index(NOT_HAPPENING) if NOT_HAPPENING in flows.places else None
    text = (
        f"Mean of {replications} of {days:,.0f} days. The same crises of the same people with "
        "the same luck in both. The height of all ribbons together is in proportion to the share "
        f"of episodes that moved, up to {100 * _FULL:.0f} %."
    )
    if number is not None:
        before = _count(float(flows.count[:, number].sum()) / flows.replications)
        after = _count(float(flows.count[number].sum()) / flows.replications)
        text += (
            f" Not drawn: crises in the first only ({before}) or the second only ({after}), "
            "prevented, added, or fallen due while another episode was open."
        )
    if TOGETHER in merged(between_services(flows)).places:
        text += " The places that fewest episodes leave or reach are drawn together."
    return text
