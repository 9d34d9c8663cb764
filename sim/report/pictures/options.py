"""The picture of several options side by side: a small panel for each headline measure.

Every option is set against the same baseline on the same people with the same luck, so that
options may also be read against each other.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.report.pictures import figures as fig
from sim.report.pictures.marks import MARKS, axis_limit, interval, legend, percent_axis
from sim.report.tables import numbers
from sim.report.tables.rows import Difference

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_COLUMNS = 3
_NAMES, _EDGE = 2.25, 0.2  # inches: right edge of the options' names; right margin
_GAP = 0.22  # inches between panels
_ROW, _HEAD, _FOOT = 0.48, 0.62, 0.55  # inches: an option; above and below a panel

_SUBTITLE = (
    "Change in per cent of the baseline; the figures are the differences themselves, with 95 % "
    "intervals in parentheses or the lowest and highest of a few replications in brackets. Where "
    "one side is better, it is tinted."
)


def draw(options: Mapping[str, Sequence[Difference]], baseline: str, path: Path) -> Path:
    """Draw the headline measures of several options.

    Parameters
    ----------
    options
        For the title of each option, its differences from the baseline.
    baseline
        Title of the baseline.
    path
        File to write, `.png` or `.svg`.
    """
    measures = list(dict.fromkeys((d.measure, d.of) for lines in options.values() for d in lines))
    title = f"{numbers.plural(len(options), 'option')} against “{baseline}”"
    caption = _caption(options)
    panel_rows = math.ceil(len(measures) / _COLUMNS)
    panel = _HEAD + _ROW * len(options) + _FOOT
    foot = fig.footer_height(caption)
    head = fig.header_height(title, _SUBTITLE)
    height = head + 0.36 + panel_rows * panel + foot
    figure = fig.new_figure(height)
    fig.heading(figure, title, _SUBTITLE)
    fig.footer(figure, caption)
    legend(figure, height - head - 0.34)
    width = (fig.WIDTH - _NAMES - _EDGE - _GAP * (_COLUMNS - 1)) / _COLUMNS
    for index, measure in enumerate(measures):
        row, column = divmod(index, _COLUMNS)
        left = _NAMES + column * (width + _GAP)
        top = height - head - 0.36 - row * panel - _HEAD
        axes = fig.place(figure, left, top - _ROW * len(options), left + width, top)
        lines = {
            name: next((d for d in found if (d.measure, d.of) == measure), None)
            for name, found in options.items()
        }
        _panel(axes, lines, names=column == 0)
    return fig.save(figure, path)


def _caption(options: Mapping[str, Sequence[Difference]]) -> str:
    count = max((line.replications for lines in options.values() for line in lines), default=0)
    return (
        f"Mean of {numbers.plural(count, 'paired replication')} of each option. Options are not "
        "added up: two together may do more or less than the sum of both."
    )


def _panel(axes: Axes, lines: Mapping[str, Difference | None], *, names: bool) -> None:
    from matplotlib.patches import Rectangle

    known = [line for line in lines.values() if line is not None]
    limit = axis_limit(known)
    axes.set_ylim(len(lines), 0)
    meaning = known[0].meaning
    if meaning.direction:
        left = 0.0 if meaning.direction > 0 else -limit
        axes.add_patch(Rectangle((left, 0), limit, len(lines), color=fig.TINT, lw=0))
    before = numbers.value(known[0].baseline, meaning.unit)
    axes.set_title(
        "\n".join([*textwrap.wrap(meaning.label, 30), f"baseline {before}"]),
        loc="left",
        fontsize=fig.SMALL + 0.5,
        color=fig.INK,
        linespacing=1.2,
    )
    for row, (name, line) in enumerate(lines.items()):
        if names:
            label = "\n".join(textwrap.wrap(name, 24)[:3])
            axes.annotate(
                label,
                (0, row + 0.5),
                xycoords=("axes fraction", "data"),
                xytext=(-8, 0),
                textcoords="offset points",
                ha="right",
                va="center",
                fontsize=fig.SMALL,
                color=fig.INK,
                annotation_clip=False,
            )
        if line is not None:
            _line(axes, line, row, limit)
    percent_axis(axes, limit, [-limit / 2, 0, limit / 2])
    axes.grid(visible=False)


def _line(axes: Axes, line: Difference, row: int, limit: float) -> None:
    colour = MARKS[line.verdict][0]
    text = line.written()
    axes.text(0, row + 0.26, text, ha="center", va="center", fontsize=fig.SMALL - 0.5, color=colour)
    axes.plot([0, 0], [row + 0.48, row + 0.92], color=fig.INK, lw=1.0, zorder=2)
    interval(axes, line, row + 0.7, limit)
