"""The picture of all differences: a dot and its interval per measure, in per cent of baseline.

The side on which a measure is better is tinted, so that falls in admissions and rises in
four-hour performance can be read alike. The numbers themselves stand to the right.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.report import figures as fig
from sim.report import numbers
from sim.report.rows import Difference, Under

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_ROW, _GROUP_ROW = 0.29, 0.42
_LEFT, _RIGHT = 3.35, 6.35  # inches: edges of the plot; names to the left, numbers to the right
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

_SUBTITLE = (
    "Change in per cent of the baseline with 95 % intervals, on the same people with the same "
    "luck. Where one side is better, it is tinted."
)


def draw(groups: Sequence[Under[Difference]], baseline: str, alternative: str, path: Path) -> Path:
    """Draw the differences between two arms.

    Parameters
    ----------
    groups
        The rows under each heading, in reading order.
    baseline, alternative
        Titles of the arms.
    path
        File to write, `.png` or `.svg`.
    """
    everything = [row for group in groups for row in group.lines]
    title = title_of(everything, alternative)
    caption = _caption(everything, baseline, alternative)
    body = sum(_GROUP_ROW + _ROW * len(group.lines) for group in groups)
    foot = fig.footer_height(caption) + 0.5
    head = fig.header_height(title, _SUBTITLE)
    figure = fig.new_figure(head + 0.68 + body + foot)
    fig.heading(figure, title, _SUBTITLE)
    fig.footer(figure, caption)
    legend(figure, foot + body + 0.36)
    axes = fig.place(figure, _LEFT, foot, _RIGHT, foot + body)
    axes.set_ylim(body, 0)
    limit = axis_limit(everything)
    _column_titles(axes)
    top = 0.0
    for group in groups:
        _text(
            axes,
            -_LEFT + 0.22,
            top + _GROUP_ROW * 0.62,
            group.heading,
            weight="bold",
            size=fig.BODY,
        )
        top += _GROUP_ROW
        for row in group.lines:
            _row(axes, row, top, limit)
            top += _ROW
    axes.axvline(0, color=fig.INK, lw=1.0, zorder=2)
    percent_axis(axes, limit, [-limit, -limit / 2, 0, limit / 2, limit])
    axes.set_xlabel("change in % of baseline", fontsize=fig.SMALL, color="#444444")
    return fig.save(figure, path)


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


def axis_limit(rows: Sequence[Difference]) -> float:
    """Half-width of the axis in per cent: round, and wide enough for most of the intervals.

    The few changes that are many times larger than the others are drawn as arrows at the edge
    instead of pressing all others together at zero.
    """
    reaches = sorted(
        max(
            abs(row.percent(number))
            for number in (row.difference, row.low, row.high)
            if math.isfinite(row.percent(number))
        )
        for row in rows
        if math.isfinite(row.percent(row.difference))
    )
    reaches = [reach for reach in reaches if reach > 0]
    if not reaches:
        return 1.0
    wanted = reaches[-1]
    typical = reaches[math.ceil(0.75 * len(reaches)) - 1]
    if wanted > 3 * typical:
        wanted = max(reach for reach in reaches if reach <= 3 * typical)
    return _round_up(wanted * 1.05)


def _round_up(number: float) -> float:
    power = 10.0 ** math.floor(math.log10(number))
    steps = (1, 1.5, 2, 3, 4, 5, 6, 8, 10)
    return next(step * power for step in steps if step * power >= number * 0.9999)


def title_of(rows: Sequence[Difference], alternative: str) -> str:
    """The finding in one neutral sentence."""
    verdicts = [row.verdict for row in rows]
    if all(verdict == "no change" for verdict in verdicts):
        return f"{alternative}: no change in any of {numbers.plural(len(rows), 'measure')}"
    judged = [row.verdict for row in rows if row.meaning.direction]
    better, worse = judged.count("better"), judged.count("worse")
    parts = [f"{numbers.plural(better, 'measure')} better", f"{worse} worse"]
    if rest := len(judged) - better - worse:
        parts.append(f"{rest} not told apart from no change")
    return f"{alternative}: {', '.join(parts)}"


def _caption(rows: Sequence[Difference], baseline: str, alternative: str) -> str:
    replications = max((row.replications for row in rows), default=0)
    text = (
        f"“{alternative}” minus “{baseline}”: mean of "
        f"{numbers.plural(replications, 'paired replication')}."
    )
    if replications < 2:
        return text + " One replication gives no interval."
    return text + " With this many measures, about one in twenty intervals misses the truth."


def _row(axes: Axes, row: Difference, top: float, limit: float) -> None:
    from matplotlib.patches import Rectangle

    middle = top + _ROW / 2
    if row.meaning.direction:
        start = 0.0 if row.meaning.direction > 0 else -limit
        axes.add_patch(Rectangle((start, top + 0.02), limit, _ROW - 0.04, color=fig.TINT, lw=0))
    _text(axes, -_LEFT + 0.34, middle, row.meaning.label)
    _mark(axes, row, middle, limit)
    absolute = numbers.difference(row.difference, row.low, row.high, row.meaning.unit)
    before = numbers.value(row.baseline, row.meaning.unit)
    width = _RIGHT - _LEFT
    _text(axes, width + 0.95, middle, before, align="right")
    colour = MARKS[row.verdict][0]
    _text(axes, width + 1.1, middle, absolute, colour=colour)


def _mark(axes: Axes, row: Difference, middle: float, limit: float) -> None:
    colour = MARKS[row.verdict][0]
    centre = row.percent(row.difference)
    if not math.isfinite(centre):
        axes.text(
            0.02 * limit,
            middle,
            "none before",
            va="center",
            fontsize=fig.SMALL,
            color=fig.GREY,
            style="italic",
        )
        return
    if abs(centre) > limit:
        side = math.copysign(1.0, centre)
        axes.annotate(
            "",
            (side * limit, middle),
            (side * limit * 0.9, middle),
            arrowprops={"arrowstyle": "-|>", "color": colour, "lw": 1.8},
        )
        axes.text(
            side * limit * 0.88,
            middle,
            f"{centre:+,.0f} %",
            ha="right" if side > 0 else "left",
            va="center",
            fontsize=fig.SMALL,
            color=colour,
        )
        return
    low, high = row.percent(row.low), row.percent(row.high)
    if math.isfinite(low) and math.isfinite(high):
        axes.plot(
            [max(low, -limit), min(high, limit)],
            [middle, middle],
            color=colour,
            lw=2.0,
            solid_capstyle="butt",
            zorder=3,
        )
    dot(axes, row.verdict, centre, middle)


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


def _text(
    axes: Axes,
    inches: float,
    row: float,
    text: str,
    *,
    align: str = "left",
    weight: str = "normal",
    size: float = fig.SMALL + 0.5,
    colour: str = fig.INK,
) -> None:
    """Write beside the plot, at a distance in inches from its left edge."""
    axes.annotate(
        text,
        (0, row),
        xycoords=("axes fraction", "data"),
        xytext=(inches * 72, 0),
        textcoords="offset points",
        ha=align,
        va="center",
        fontsize=size,
        fontweight=weight,
        color=colour,
        annotation_clip=False,
    )


def _column_titles(axes: Axes) -> None:
    width = _RIGHT - _LEFT
    for inches, text, align in (
        (width + 0.95, "baseline", "right"),
        (width + 1.1, "difference (95 % interval)", "left"),
    ):
        _text(axes, inches, -0.08, text, align=align, colour="#555555")


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
