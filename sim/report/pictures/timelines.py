"""The picture of one case in two worlds: every stage a bar, the same days on both sides.

Stages of minutes and stages of weeks are both part of the story, so the same bars are drawn
twice: on the left the first hours, on the right all days.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sim.report.pictures import figures as fig
from sim.report.story.timeline import Stage, Timeline
from sim.report.tables import numbers
from sim.report.world import DAY, CaseView
from sim.scenario.language.tags import DELAYED_DISCHARGE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LINE, _PAD = 0.165, 0.11  # inches: a line of a label, space around a row
_BAR = 0.17  # inches: height of a bar
_HEAD, _FOOT = 0.68, 0.45  # inches above and below the rows of a panel
_NAMES, _HOURS, _DAYS, _END = 2.75, 5.15, 7.85, 9.85  # inches: right edges of the four columns
_NAME_WIDTH, _TEXT_WIDTH = 36, 28  # characters

_COLOURS = {"waiting": fig.ORANGE, "active": fig.SKY, "blocked": fig.VERMILION, "held": "#9AA5AD"}
_LEGEND = (
    ("active", "under way"),
    ("waiting", "waiting"),
    ("blocked", "waiting and keeping a bed, cubicle or crew"),
    ("held", "bed held"),
)


@dataclass(frozen=True, slots=True)
class Lane:
    """One row of the picture: a label, bars, and what is written at the right."""

    label: tuple[str, ...]
    bars: tuple[tuple[str, float, float], ...]  #: kind, start, end in minutes since onset
    note: tuple[str, ...]
    side: bool = False

    @property
    def height(self) -> float:
        """Inches that the row takes."""
        return max(len(self.label), len(self.note), 1) * _LINE + _PAD


def lanes(timeline: Timeline) -> tuple[Lane, ...]:
    """The rows of one arm: a lane per stage in time order, then a lane per kind of bed held."""
    # what takes no time is a fork in the pathway, of no interest to the eye
    timed = [stage for stage in timeline.told if stage.spans or stage.fate.name == "BALKED"]
    rows = [_stage_lane(stage, timeline.onset) for stage in timed]
    titles = dict.fromkeys(item.title for item in timeline.held if item.bed)
    for title in titles:
        items = [item for item in timeline.held if item.title == title]
        held = [
            ("held", item.seized - timeline.onset, item.released - timeline.onset) for item in items
        ]
        minutes = sum(end - start for _, start, end in held)
        bars = (*held, *_waited_in(timeline, held))
        rows.append(
            Lane(
                tuple(textwrap.wrap(f"Held: {title}", _NAME_WIDTH)),
                bars,
                (numbers.duration(minutes),),
            )
        )
    return tuple(rows)


def _waited_in(
    timeline: Timeline, held: Sequence[tuple[str, float, float]]
) -> list[tuple[str, float, float]]:
    """The parts of a bed's time in which its holder only waited for something else."""
    found = []
    for stage in timeline.stages:
        for span in stage.spans:
            if span.kind == "blocked" and not stage.side:
                for _, begin, end in held:
                    left = max(begin, span.start - timeline.onset)
                    right = min(end, span.end - timeline.onset)
                    if left < right:
                        found.append(("blocked", left, right))
    return found


def _stage_lane(stage: Stage, onset: float) -> Lane:
    title = f"↳ {stage.title}" if stage.side else stage.title
    bars = tuple((span.kind, span.start - onset, span.end - onset) for span in stage.spans)
    label = textwrap.wrap(title, _NAME_WIDTH, subsequent_indent="   " if stage.side else "")
    words = re.sub(r"(?<=\d) (?=min|h|day)|(?<=\d h) (?=\d)", "\N{NO-BREAK SPACE}", note(stage))
    return Lane(tuple(label), bars, tuple(textwrap.wrap(words, _TEXT_WIDTH)), stage.side)


def note(stage: Stage) -> str:
    """How long a stage took, in words: ``waited 2 h 5 min, then 35 min``."""
    name = stage.fate.name
    if name == "BALKED":
        return "turned away"
    if name == "RENEGED":
        return f"left after waiting {numbers.duration(stage.waited)}"
    if name == "WAITING":
        return f"still waiting after {numbers.duration(stage.waited)}"
    took = numbers.duration(stage.took) if stage.took >= 0.5 else "done at once"
    if DELAYED_DISCHARGE in stage.tags and stage.took >= 0.5:
        took += " delayed"
    if name == "STARTED":
        took += ", not finished"
    if stage.waited < 0.5:
        return took
    waited = numbers.duration(stage.waited)
    return f"waited {waited}" if stage.took < 0.5 else f"waited {waited}, then {took}"


def first_hours(timelines: Sequence[Timeline]) -> float:
    """Length in hours of the left column: long enough for all that happens before the long stays.

    The largest of the starts of the first stage that takes half a day or more, rounded up.
    """
    starts = []
    for item in timelines:
        long = [
            span.start - item.onset
            for stage in item.stages
            if not stage.side
            for span in stage.spans
            if span.end - span.start >= DAY / 2
        ]
        starts.append(min(long, default=item.days * DAY))
    needed = max(starts) / 60 * 1.15
    return next((hours for hours in (3.0, 6.0, 12.0, 24.0, 36.0, 48.0) if hours >= needed), 72.0)


def draw(case: CaseView, arms: Sequence[tuple[str, Timeline]], remark: str, path: Path) -> Path:
    """Draw a case's timeline in each arm, one above the other, on the same scales.

    Parameters
    ----------
    case
        Who it is.
    arms
        Title and timeline of each arm, baseline first, of the same replication.
    remark
        How the replication was chosen and what others show; part of the caption.
    path
        File to write, `.png` or `.svg`.
    """
    rows = [lanes(item) for _, item in arms]
    title, subtitle = case.title, _subtitle(case)
    foot = fig.footer_height(remark)
    panels = [_HEAD + sum(lane.height for lane in group) + _FOOT for group in rows]
    legend = 0.32
    height = fig.header_height(title, subtitle) + legend + sum(panels) + foot
    figure = fig.new_figure(height)
    fig.heading(figure, title, subtitle)
    fig.footer(figure, remark)
    top = height - fig.header_height(title, subtitle)
    _legend(figure, top - legend)
    top -= legend
    hours = first_hours([item for _, item in arms])
    longest = max(_extent(group) for group in rows) / DAY
    for (name, item), group, size in zip(arms, rows, panels, strict=True):
        _panel_heading(figure, name, item, top)
        _panel(figure, group, top - _HEAD, hours, longest)
        top -= size
    return fig.save(figure, path)


def _extent(group: Sequence[Lane]) -> float:
    """End of the last bar, at least an hour, in minutes since onset."""
    return max([60.0, *(end for lane in group for _, _, end in lane.bars)])


def _subtitle(case: CaseView) -> str:
    known = "; ".join(f"{name.replace('_', ' ')}: {level}" for name, level in case.attributes)
    return f"{case.crisis}. {known}".strip(". ")


def _legend(figure: Figure, bottom: float) -> None:
    axes = fig.place(figure, 0, bottom, fig.WIDTH, bottom + 0.3)
    axes.set_xlim(0, fig.WIDTH)
    axes.set_ylim(0, 0.3)
    axes.set_axis_off()
    x = 0.22
    for kind, text in _LEGEND:
        _bar(axes, kind, x, x + 0.3, 0.08, 0.16)
        axes.text(x + 0.38, 0.15, text, fontsize=fig.SMALL, va="center", color=fig.INK)
        x += 0.38 + len(text) * fig.SMALL * 0.54 / 72 + 0.3


def _panel_heading(figure: Figure, name: str, item: Timeline, top: float) -> None:
    width, height = figure.get_size_inches()
    ending = f"{item.outcome or 'Not finished at the end of the run'}, day {item.days:.1f}"
    beds = [
        f"{numbers.duration(item.bed_days(kind) * DAY)} in {kind} beds"
        for kind in ("acute", "community")
        if item.bed_days(kind) > 0
    ]
    figure.text(
        0.22 / width,
        (top - 0.12) / height,
        name,
        fontsize=fig.BODY + 1.5,
        fontweight="bold",
        color=fig.INK,
        va="top",
    )
    figure.text(
        0.22 / width,
        (top - 0.36) / height,
        f"{' and '.join(beds) or 'No bed'}. {ending}",
        fontsize=fig.BODY,
        color=fig.INK,
        va="top",
    )


def _panel(figure: Figure, group: Sequence[Lane], top: float, hours: float, longest: float) -> None:
    body = sum(lane.height for lane in group)
    bottom = top - body
    first = fig.place(figure, _NAMES, bottom, _HOURS - 0.25, bottom + body)
    whole = fig.place(figure, _HOURS + 0.05, bottom, _DAYS, bottom + body)
    for axes, unit, limit in ((first, 60.0, hours), (whole, DAY, longest * 1.02)):
        axes.set_xlim(0, limit)
        axes.set_ylim(body, 0)
        axes.set_yticks([])
        fig.plain(axes)
        axes.grid(axis="x", color="#E0E0E0", lw=0.7)
        axes.set_axisbelow(True)
        _rows(axes, group, unit, limit)
    _scales(first, whole, hours)
    _words(figure, group, bottom + body)


def _scales(first: Axes, whole: Axes, hours: float) -> None:
    step = next(s for s in (0.5, 1, 2, 4, 6, 12) if hours / s <= 7)
    first.set_xticks([index * step for index in range(int(hours / step) + 1)])
    first.xaxis.set_major_formatter(lambda number, _: f"{number:g}")
    whole.xaxis.set_major_formatter(lambda number, _: f"{number:g}")
    whole.locator_params(axis="x", nbins=7)
    first.set_xlabel(f"first {hours:g} hours", fontsize=fig.SMALL, color="#444444", labelpad=1)
    whole.set_xlabel("days since onset", fontsize=fig.SMALL, color="#444444", labelpad=1)


def _rows(axes: Axes, group: Sequence[Lane], unit: float, limit: float) -> None:
    top = 0.0
    least = limit * 0.006  # so that a minute can be seen
    for index, lane in enumerate(group):
        if index % 2 == 0:
            axes.axhspan(top, top + lane.height, color="#F6F7F8", lw=0, zorder=0)
        for kind, start, end in lane.bars:
            left, right = start / unit, max(end / unit, start / unit + least)
            if left >= limit:
                continue
            low = top + (lane.height - _BAR) / 2
            _bar(axes, kind, left, min(right, limit), low, _BAR, lane.side)
        if lane.bars and lane.bars[0][1] / unit >= limit:
            axes.text(
                limit,
                top + lane.height / 2,
                "later ",
                ha="right",
                va="center",
                fontsize=fig.SMALL - 1,
                color=fig.GREY,
                style="italic",
            )
        top += lane.height


def _bar(
    axes: Axes,
    kind: str,
    left: float,
    right: float,
    low: float,
    height: float,
    side: bool = False,
) -> None:
    from matplotlib.patches import Rectangle

    patch = Rectangle(
        (left, low),
        right - left,
        height,
        facecolor=_COLOURS[kind],
        zorder=3,
        edgecolor="white" if kind == "blocked" else _COLOURS[kind],
        hatch="////" if kind == "blocked" else None,
        lw=0.0 if kind == "blocked" else 0.5,
        alpha=0.55 if side else 1.0,
    )
    axes.add_patch(patch)


def _words(figure: Figure, group: Sequence[Lane], top: float) -> None:
    width, height = figure.get_size_inches()
    for lane in group:
        middle = (top - lane.height / 2) / height
        figure.text(
            0.22 / width,
            middle,
            "\n".join(lane.label),
            fontsize=fig.SMALL,
            va="center",
            color="#555555" if lane.side else fig.INK,
            linespacing=1.15,
        )
        figure.text(
            (_DAYS + 0.12) / width,
            middle,
            "\n".join(lane.note),
            fontsize=fig.SMALL,
            va="center",
            color="#444444",
            linespacing=1.15,
        )
        top -= lane.height
