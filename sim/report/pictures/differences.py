"""The picture of all differences: a dot and its interval per measure, in per cent of baseline.

The side on which a measure is better is tinted, so that falls in admissions and rises in
four-hour performance can be read alike. The numbers themselves stand to the right.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.experiment.intervals import FEWEST
from sim.report.pictures import figures as fig
from sim.report.pictures import marks
from sim.report.tables import numbers
from sim.report.tables.measures import LOST_NOTE, bounds_title
from sim.report.tables.rows import Difference, Under

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_ROW, _WRAPPED, _GROUP_ROW = 0.29, 0.42, 0.42  # inches: one line, two lines, a heading
_LEFT, _RIGHT = 3.35, 6.35  # inches: edges of the plot; names to the left, numbers to the right
_SUBTITLE = (
    "Change in per cent of the baseline, on the same people with the same luck. Where one side is "
    "better, it is tinted."
)


def draw(
    groups: Sequence[Under[Difference]],
    baseline: str,
    alternative: str,
    finding: str,
    path: Path,
) -> Path:
    """Draw the differences between two arms.

    Parameters
    ----------
    groups
        The rows under each heading, in reading order.
    baseline, alternative
        Titles of the arms.
    finding
        The finding in a sentence, which stands below the title.
    path
        File to write, `.png` or `.svg`.
    """
    everything = [row for group in groups for row in group.lines]
    title = f"{alternative} against {baseline}"
    subtitle = f"{finding} {_SUBTITLE}"
    caption = _caption(everything, baseline, alternative)
    body = sum(_GROUP_ROW + sum(map(_height, group.lines)) for group in groups)
    foot = fig.footer_height(caption) + 0.5
    head = fig.header_height(title, subtitle)
    figure = fig.new_figure(head + 0.68 + body + foot)
    fig.heading(figure, title, subtitle)
    fig.footer(figure, caption)
    marks.legend(figure, foot + body + 0.36)
    axes = fig.place(figure, _LEFT, foot, _RIGHT, foot + body)
    axes.set_ylim(body, 0)
    limit = marks.axis_limit(everything)
    _column_titles(axes, bounds_title(everything))
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
            top += _height(row)
    axes.axvline(0, color=fig.INK, lw=1.0, zorder=2)
    marks.percent_axis(axes, limit, [-limit, -limit / 2, 0, limit / 2, limit])
    axes.set_xlabel("change in % of baseline", fontsize=fig.SMALL, color="#444444")
    return fig.save(figure, path)


def _caption(rows: Sequence[Difference], baseline: str, alternative: str) -> str:
    replications = max((row.replications for row in rows), default=0)
    text = (
        f"“{alternative}” minus “{baseline}”: mean of "
        f"{numbers.plural(replications, 'paired replication')}."
    )
    if any(row.flattered for row in rows):
        text += f" {LOST_NOTE}"
    if replications < 2:
        return text + " One replication gives no interval."
    if replications < FEWEST:
        return f"{text} Fewer than {FEWEST} replications give no 95 % interval."
    return text + " With this many measures, about one in twenty intervals misses the truth."


def _lines(row: Difference) -> list[str]:
    return textwrap.wrap(row.meaning.label, 40)


def _height(row: Difference) -> float:
    return _ROW if len(_lines(row)) == 1 else _WRAPPED


def _row(axes: Axes, row: Difference, top: float, limit: float) -> None:
    from matplotlib.patches import Rectangle

    height = _height(row)
    middle = top + height / 2
    if row.meaning.direction:
        start = 0.0 if row.meaning.direction > 0 else -limit
        axes.add_patch(Rectangle((start, top + 0.02), limit, height - 0.04, color=fig.TINT, lw=0))
    _text(axes, -_LEFT + 0.34, middle, "\n".join(_lines(row)))
    marks.interval(axes, row, middle, limit)
    absolute = row.written(most_decimals=3)
    before = numbers.value(row.baseline, row.meaning.unit)
    width = _RIGHT - _LEFT
    _text(axes, width + 0.95, middle, before, align="right")
    _text(axes, width + 1.1, middle, absolute, colour=marks.MARKS[row.verdict][0])


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


def _column_titles(axes: Axes, bounds: str) -> None:
    width = _RIGHT - _LEFT
    for inches, text, align in (
        (width + 0.95, "baseline", "right"),
        (width + 1.1, f"difference ({bounds})", "left"),
    ):
        _text(axes, inches, -0.08, text, align=align, colour="#555555")
