"""The picture of a search: the measure at every value looked at, its interval, and the target."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.report.pictures import figures as fig
from sim.report.tables.numbers import scale_for
from sim.report.tables.seeking import VERDICTS

if TYPE_CHECKING:
    from sim.experiment.seeking.search import Sought

#: colour and mark by verdict, never the colour alone
_MARKS = {"meets": (fig.BLUE, "o"), "fails": (fig.VERMILION, "X"), "unsure": (fig.GREY, "s")}

_SUBTITLE = (
    "Each mark is the mean over replications, with its 95 % interval. All values were run on the "
    "same people with the same luck; those near the target took more replications."
)


def draw(found: Sought, find: str, until: str, path: Path) -> Path:
    """Draw the curve of a search.

    Parameters
    ----------
    found
        What was found.
    find, until
        What was changed, and the target, as they were asked for.
    path
        File to write, `.png` or `.svg`.
    """
    from matplotlib.ticker import MaxNLocator

    title = _title(found, find, until)
    caption = f"{len(found.points)} values looked at, by bisection."
    foot, head = fig.footer_height(caption), fig.header_height(title, _SUBTITLE)
    height = head + 4.2 + foot
    figure = fig.new_figure(height)
    fig.heading(figure, title, _SUBTITLE)
    fig.footer(figure, caption)
    axes = fig.place(figure, 1.1, foot + 0.75, fig.WIDTH - 0.3, height - head - 0.45)
    fig.plain(axes, keep=("bottom", "left"))
    unit, target = found.target.unit, found.target.value
    means = [point.interval.mean for point in found.points]
    scale = scale_for(unit, target, *means)
    axes.axhline(target, color=fig.INK, linewidth=1, linestyle=(0, (4, 3)))
    axes.annotate(
        f"target {scale.write(target)}",
        (1, target),
        xycoords=("axes fraction", "data"),
        xytext=(0, 4),
        textcoords="offset points",
        ha="right",
        fontsize=fig.SMALL,
        color=fig.INK,
    )
    axes.plot([point.value for point in found.points], means, color=fig.PALE, linewidth=2, zorder=1)
    for verdict, (colour, mark) in _MARKS.items():
        chosen = [point for point in found.points if point.verdict == verdict]
        if not chosen:
            continue
        x, y = [point.value for point in chosen], [point.interval.mean for point in chosen]
        below = [max(point.interval.mean - point.interval.low, 0.0) for point in chosen]
        above = [max(point.interval.high - point.interval.mean, 0.0) for point in chosen]
        axes.errorbar(
            *(x, y),
            yerr=[below, above],
            fmt=mark,
            color=colour,
            markersize=7,
            elinewidth=1.4,
            capsize=3,
            label=VERDICTS[verdict],
        )
    if found.answer is not None:
        axes.axvline(found.answer, color=fig.BLUE, linewidth=1)
    axes.yaxis.set_major_formatter(lambda value, _: scale.write(value))
    axes.set_ylim(bottom=0 if min(means) >= 0 else None)
    if all(point.value.is_integer() for point in found.points):
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_ylabel(f"{found.target.measure} ({unit})", fontsize=fig.SMALL, color=fig.INK)
    axes.set_xlabel(find, fontsize=fig.SMALL, color=fig.INK)
    axes.legend(
        loc="lower right", bbox_to_anchor=(1, 1.0), ncols=3, frameon=False, fontsize=fig.SMALL
    )
    return fig.save(figure, path)


def _title(found: Sought, find: str, until: str) -> str:
    if found.answer is None:
        return f"No value surely meets {until}"
    return f"{until} from {found.answer:,.10g} {'up' if found.rising else 'down'}"
