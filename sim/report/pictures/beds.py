"""The picture of beds in use over time: both arms, spread over replications, beds there are."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.report.dates import month
from sim.report.occupancy import Occupancy
from sim.report.pictures import figures as fig
from sim.report.tables import numbers
from sim.report.world import BED_TITLES

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_PANEL, _GAP, _AXIS = 2.7, 0.75, 0.55
_LEFT, _RIGHT = 0.85, 1.75

_SUBTITLE = (
    "Mean beds in use each day. Line: mean of all replications; band: lowest to highest "
    "replication; dashed: beds there are; grey: warm-up, not measured."
)


def draw(panels: Sequence[Sequence[Occupancy]], start: date, path: Path) -> Path:
    """Draw one panel per kind of bed, each with one line and band per arm.

    Parameters
    ----------
    panels
        For each kind of bed, the arms that have it, baseline first.
    start
        Date of day 0.
    path
        File to write, `.png` or `.svg`.
    """
    title = _title(panels)
    caption = _caption(panels)
    body = len(panels) * (_PANEL + _GAP)
    foot = fig.footer_height(caption) + _AXIS
    height = fig.header_height(title, _SUBTITLE) + body + foot - 0.35
    figure = fig.new_figure(height)
    fig.heading(figure, title, _SUBTITLE)
    fig.footer(figure, caption)
    colours = _colours(panels)
    for row, arms in enumerate(panels):
        bottom = foot + (len(panels) - 1 - row) * (_PANEL + _GAP)
        axes = fig.place(figure, _LEFT, bottom, fig.WIDTH - _RIGHT, bottom + _PANEL)
        _panel(axes, arms, start, colours)
    return fig.save(figure, path)


def _colours(panels: Sequence[Sequence[Occupancy]]) -> dict[str, str]:
    names = list(dict.fromkeys(item.arm for arms in panels for item in arms))
    return dict(zip(names, (fig.BASELINE, *fig.ARMS), strict=False))


def _panel(axes: Axes, arms: Sequence[Occupancy], start: date, colours: dict[str, str]) -> None:
    days = arms[0].used.shape[1]
    middle = np.arange(days) + 0.5
    ends: list[tuple[float, str, str]] = []
    for number, item in enumerate(arms):
        colour, mean = colours[item.arm], item.used.mean(axis=0)
        dash = "solid" if number < 2 else (0, (6, 1.5))
        axes.fill_between(
            middle, item.used.min(axis=0), item.used.max(axis=0), color=colour, alpha=0.2, lw=0
        )
        # the baseline is wider, so that it can be seen beneath an arm that is the same
        axes.plot(middle, mean, color=colour, lw=2.0 if number else 3.6, linestyle=dash)
        ends.append((float(mean[-7:].mean()), _arm_label(item), colour))
    ends += _capacity_lines(axes, arms, colours)
    _limits(axes, arms, days)
    _warm_up(axes, arms[0].warm_up_days)
    _dates(axes, start, days)
    kind = arms[0].kind
    axes.set_title(
        f"{BED_TITLES.get(kind, kind)} in use",
        loc="left",
        fontsize=fig.BODY + 1,
        fontweight="bold",
        color=fig.INK,
    )
    fig.plain(axes, keep=("bottom", "left"))
    axes.grid(axis="y", color="#E3E3E3", lw=0.8)
    axes.set_axisbelow(True)
    _end_labels(axes, ends, days)


def _arm_label(item: Occupancy) -> str:
    name = "\n".join(textwrap.wrap(item.arm, 22))
    label = f"{name}\n{item.mean_used:,.0f} on average"
    if np.isfinite(item.mean_share):
        label += f",\n{item.mean_share:.1%} of beds".replace("%", " %")
    return label


def _capacity_lines(
    axes: Axes, arms: Sequence[Occupancy], colours: dict[str, str]
) -> list[tuple[float, str, str]]:
    """Draw the beds there are, once if all arms agree; return the labels to write."""
    days = np.arange(arms[0].used.shape[1] + 1)
    same = all(np.array_equal(arms[0].capacity, a.capacity, equal_nan=True) for a in arms)
    labels: list[tuple[float, str, str]] = []
    for item in arms[:1] if same else arms:
        if not np.isfinite(item.capacity).any():
            continue
        colour = fig.INK if same else colours[item.arm]
        steps = np.append(item.capacity, item.capacity[-1])
        axes.step(days, steps, where="post", color=colour, lw=1.4, linestyle=(0, (4, 3)))
        labels.append((float(item.capacity[-1]), f"{item.capacity[-1]:,.0f} beds", colour))
    return labels


def _limits(axes: Axes, arms: Sequence[Occupancy], days: int) -> None:
    """Start at zero unless all the variation would be lost at the top of the panel."""
    measured = int(np.ceil(arms[0].warm_up_days))
    low = min(float(item.used[:, measured:].min()) for item in arms)
    tops = [float(item.used.max()) for item in arms]
    tops += [float(np.nanmax(a.capacity)) for a in arms if np.isfinite(a.capacity).any()]
    high = max(*tops, 1.0)
    bottom = 0.0 if low < 0.6 * high else max(0.0, low - 0.4 * (high - low))
    axes.set_ylim(bottom, high + 0.08 * (high - bottom))
    axes.set_xlim(0, days)
    if bottom > 0:
        axes.text(
            0.99,
            0.03,
            "axis does not start at zero",
            transform=axes.transAxes,
            ha="right",
            fontsize=fig.SMALL,
            color=fig.GREY,
            style="italic",
            zorder=5,
        )


def _warm_up(axes: Axes, until: float) -> None:
    if until <= 0:
        return
    axes.axvspan(0, until, color="#D9D9D9", alpha=0.55, lw=0, zorder=0)
    axes.text(
        until * 0.98,
        0.03,
        "warm-up",
        transform=axes.get_xaxis_transform(),
        ha="right",
        va="bottom",
        fontsize=fig.SMALL,
        color="#555555",
    )


def _dates(axes: Axes, start: date, days: int) -> None:
    """Mark the first of each month, or each week of a short run."""
    dates = [start + timedelta(days=day) for day in range(days + 1)]
    if days > 62:
        marks = [day for day, when in enumerate(dates) if when.day == 1]
        step = max(1, round(len(marks) / 9))
        marks = marks[::step]
        labels = [
            f"{month(dates[d])}\n{dates[d].year}"
            if dates[d].month == 1 or d == marks[0]
            else month(dates[d])
            for d in marks
        ]
    else:
        step = 1 if days <= 10 else 7
        marks = list(range(0, days + 1, step))
        labels = [f"{dates[d].day} {month(dates[d])}" for d in marks]
    axes.set_xticks(marks, labels)


def _end_labels(axes: Axes, ends: list[tuple[float, str, str]], days: int) -> None:
    """Write the labels at the right, moved apart where they would touch."""
    low, high = axes.get_ylim()
    line = (high - low) * fig.SMALL * 1.25 / 72 / _PANEL
    ordered = sorted(ends, key=lambda entry: entry[0], reverse=True)
    heights = [line * (text.count("\n") + 1.4) for _, text, _ in ordered]
    centres = spread([value for value, _, _ in ordered], heights, low, high + line)
    for centre, (_, text, colour) in zip(centres, ordered, strict=True):
        axes.annotate(
            text,
            (days, centre),
            xytext=(8, 0),
            textcoords="offset points",
            va="center",
            fontsize=fig.SMALL,
            color=colour,
            annotation_clip=False,
            linespacing=1.2,
        )


def spread(
    wanted: Sequence[float], heights: Sequence[float], low: float, high: float
) -> list[float]:
    """Centres of labels, from the top down, that keep their order and do not overlap.

    Parameters
    ----------
    wanted
        Where each centre would be best, largest first.
    heights
        Height of each label.
    low, high
        Range to stay in as far as the labels fit.
    """
    centres: list[float] = []
    ceiling = high
    for centre, height in zip(wanted, heights, strict=True):
        centres.append(min(centre, ceiling - height / 2))
        ceiling = centres[-1] - height / 2
    floor = low
    for index in range(len(centres) - 1, -1, -1):
        centres[index] = max(centres[index], floor + heights[index] / 2)
        floor = centres[index] + heights[index] / 2
    return centres


def _title(panels: Sequence[Sequence[Occupancy]]) -> str:
    parts = []
    for arms in panels:
        kind = BED_TITLES.get(arms[0].kind, arms[0].kind)
        used = " → ".join(f"{item.mean_used:,.0f}" for item in arms[:2])
        parts.append(f"{kind} in use: {used}" if len(arms) == 2 else f"{kind} in use by arm")
    return "; ".join([parts[0], *(part[0].lower() + part[1:] for part in parts[1:])])


def _caption(panels: Sequence[Sequence[Occupancy]]) -> str:
    first = panels[0][0]
    replications = numbers.plural(first.used.shape[0], "replication")
    days = numbers.plural(first.used.shape[1] - int(np.ceil(first.warm_up_days)), "day")
    return f"{replications}, {days} measured after the warm-up. Averages leave the warm-up out."
