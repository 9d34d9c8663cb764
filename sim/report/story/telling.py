"""A case as a story: what happened in each world, and how it goes over all replications.

One replication is told in full; the table over all of them says how typical it is. The
replication told is chosen by rule, so that nobody picks the one that suits.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.experiment.intervals import difference_interval
from sim.report.dates import short, weekday
from sim.report.story.timeline import Stage, Timeline
from sim.report.tables import numbers
from sim.report.tables.grids import Grid, Row, Section
from sim.report.world import DAY, CaseView, World
from sim.scenario.language.tags import AE_ATTENDANCE, DELAYED_DISCHARGE, EMERGENCY_ADMISSION

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Arm:
    """A case in one arm: its timeline in each replication, None where it has no episode."""

    title: str
    world: World
    timelines: Mapping[int, Timeline | None]


@dataclass(frozen=True, slots=True)
class Story:
    """A case in a baseline and alternatives, in the same replications."""

    case: CaseView
    arms: tuple[Arm, ...]

    @property
    def told(self) -> int | None:
        """The replication that is told: the most typical one.

        Of the replications in which every arm has the case, the one whose days in beds (all
        arms, one after the other) have ranks nearest to the middle; the first of equals. Where
        most have the same days, one of these is told.
        """
        shared = [
            number
            for number in self.arms[0].timelines
            if all(arm.timelines.get(number) is not None for arm in self.arms)
        ]
        if not shared:
            return None
        ranks = np.zeros(len(shared))
        for arm in self.arms:
            days = np.array([_bed_days(_present(arm.timelines[number])) for number in shared])
            # equals share the ranks from `low` to `high`: one of them is in the middle, or none
            low = (days[:, None] > days).sum(axis=1)
            high = (days[:, None] >= days).sum(axis=1)
            middle = len(shared) / 2
            ranks += np.maximum(0.0, np.maximum(low - middle, middle - high))
        return shared[int(np.argmin(ranks))]


def _present(timeline: Timeline | None) -> Timeline:
    if timeline is None:
        raise ValueError("the case has no episode in this replication")
    return timeline


def _bed_days(item: Timeline) -> float:
    return item.bed_days("acute") + item.bed_days("community")


def frame(story: Story) -> pd.DataFrame:
    """Everything about the case, one row per arm and replication.

    Returns
    -------
    pandas.DataFrame
        Columns `arm`, `replication`, `happened`, `attended_ae`, `admitted`, `acute_bed_days`,
        `community_bed_days`, `days_to_leaving_last_bed`, `days_waiting`, `days_kept_waiting`
        (while keeping a bed, cubicle or crew), `outcome` (empty while unfinished),
        `days_to_outcome`, `later_episodes`.
    """
    import pandas as pd

    rows = [
        {"arm": arm.title, "replication": number, **_facts(item)}
        for arm in story.arms
        for number, item in arm.timelines.items()
    ]
    return pd.DataFrame(rows)


def _facts(item: Timeline | None) -> dict[str, object]:
    if item is None:
        return {"happened": False, "outcome": ""}
    return {
        "happened": True,
        "attended_ae": item.reached(AE_ATTENDANCE),
        "admitted": item.reached(EMERGENCY_ADMISSION),
        "acute_bed_days": item.bed_days("acute"),
        "community_bed_days": item.bed_days("community"),
        "days_to_leaving_last_bed": item.days_to_leaving,
        "days_waiting": item.minutes("waiting") / DAY,
        "days_kept_waiting": item.minutes("blocked") / DAY,
        "outcome": item.outcome or "",
        "days_to_outcome": item.days if item.outcome else math.nan,
        "later_episodes": item.later,
    }


def distribution(story: Story) -> Grid:
    """The case over all replications: how often, how long, how it ended; and the difference."""
    known = [[item for item in arm.timelines.values() if item is not None] for arm in story.arms]
    shares: list[tuple[str, Callable[[Timeline], bool]]] = [
        ("Attends A&E", lambda item: item.reached(AE_ATTENDANCE)),
        ("Admitted to hospital", lambda item: item.reached(EMERGENCY_ADMISSION)),
        ("Uses a community bed", lambda item: item.bed_days("community") > 0),
    ]
    lengths: list[tuple[str, Callable[[Timeline], float]]] = [
        ("Days in acute beds", lambda item: item.bed_days("acute")),
        ("Days in community beds", lambda item: item.bed_days("community")),
        ("Days from onset to leaving the last bed", lambda item: item.days_to_leaving),
        (
            "Days waiting while keeping a bed, cubicle or crew",
            lambda item: item.minutes("blocked") / DAY,
        ),
    ]
    sections = [
        Section("How often", tuple(_share_row(title, test, known) for title, test in shares)),
        Section(
            "How long: median (lowest to highest)",
            tuple(_length_row(story, title, get) for title, get in lengths),
        ),
        Section("How it ended: share, days from onset (lowest to highest)", _endings(known)),
    ]
    return Grid(
        f"{story.case.title}: over all replications",
        ("", *(arm.title for arm in story.arms), *_difference_columns(story)),
        tuple(section for section in sections if section.rows),
        (_counts(story, known),),
    )


def _difference_columns(story: Story) -> tuple[str, ...]:
    return ("mean difference (95 % interval)",) if len(story.arms) == 2 else ()


def _padding(known: Sequence[Sequence[Timeline]]) -> tuple[str, ...]:
    return ("",) if len(known) == 2 else ()


def _share_row(
    title: str, test: Callable[[Timeline], bool], known: Sequence[Sequence[Timeline]]
) -> Row:
    cells = [f"{sum(map(test, items))} of {len(items)}" for items in known]
    return Row((title, *cells, *_padding(known)))


def _length_row(story: Story, title: str, get: Callable[[Timeline], float]) -> Row:
    cells = []
    for arm in story.arms:
        cells.append(_spread([get(item) for item in arm.timelines.values() if item is not None]))
    if len(story.arms) == 2:
        cells.append(_paired(story, get))
    return Row((title, *cells))


def _spread(known: Sequence[float]) -> str:
    values = [value for value in known if not math.isnan(value)]
    if not values:
        return numbers.UNDEFINED
    low, middle, high = min(values), float(np.median(values)), max(values)
    if low == high:
        return f"{middle:.1f}"
    return f"{middle:.1f} ({low:.1f} to {high:.1f})"


def _paired(story: Story, get: Callable[[Timeline], float]) -> str:
    first, second = story.arms
    changes = [
        get(after) - get(before)
        for number, before in first.timelines.items()
        if before is not None and (after := second.timelines.get(number)) is not None
    ]
    found = difference_interval(np.array(changes))
    return numbers.difference(
        found.mean, found.low, found.high, "days", kind=found.kind, most_decimals=2
    )


def _endings(known: Sequence[Sequence[Timeline]]) -> tuple[Row, ...]:
    counted = Counter(item.outcome or "" for items in known for item in items)
    rows = []
    for outcome, _ in sorted(counted.items(), key=lambda pair: (pair[0] == "", -pair[1])):
        cells = []
        for items in known:
            days = [item.days for item in items if (item.outcome or "") == outcome]
            text = f"{len(days)} of {len(items)}"
            cells.append(f"{text}: {_spread(days)}" if days and outcome else text)
        title = outcome or "Not finished at the end of the run"
        rows.append(Row((title, *cells, *_padding(known))))
    return tuple(rows)


def _counts(story: Story, known: Sequence[Sequence[Timeline]]) -> str:
    number = len(story.arms[0].timelines)
    text = f"{numbers.plural(number, 'replication')}{' in each world' if len(known) > 1 else ''}."
    for arm, items in zip(story.arms, known, strict=True):
        missing = len(arm.timelines) - len(items)
        if missing:
            text += (
                f" {arm.title}: no such episode in {missing} of them "
                "(already in another episode, or dead)."
            )
        later = sum(item.later > 0 for item in items)
        if later:
            text += f" {arm.title}: further crises later in {later}."
    return text


def remark(story: Story) -> str:
    """Which replication is told, and why, in one sentence for captions."""
    number = len(story.arms[0].timelines)
    if number == 1:
        return f"Replication {story.told}, the only one run. Others would go differently."
    return (
        f"Replication {story.told} of {number}, the one whose days in beds are nearest to the "
        "middle of all replications; others go differently."
    )


def tell(story: Story, replication: int | None = None) -> str:
    """The story of one replication in every arm, as plain text.

    Parameters
    ----------
    story
        The case.
    replication
        Which replication; by default the most typical one (`Story.told`).
    """
    number = story.told if replication is None else replication
    known = "; ".join(f"{name.replace('_', ' ')}: {level}" for name, level in story.case.attributes)
    head = [story.case.title, f"{story.case.crisis}. {known}".strip(". ") + "."]
    if number is None:
        return "\n".join([*head, "", "There is no replication in which every world has this case."])
    if replication is None:
        head.append(remark(story))
    parts = ["\n".join(head)]
    for arm in story.arms:
        item = arm.timelines.get(number)
        parts.append("\n".join([arm.title, "-" * len(arm.title), *_told(arm.world, item)]))
    return "\n\n".join(parts) + "\n"


def _told(world: World, item: Timeline | None) -> list[str]:
    if item is None:
        return ["No such episode in this replication: already in another episode, or dead."]
    lines, today = [], None
    first = world.moment(item.onset).date()
    for stage in item.stages:
        moment = world.moment(stage.queued)
        if moment.date() != today:
            today = moment.date()
            lines.append(f"{weekday(today)} {short(today)} (day {(today - first).days})")
        lines.append(f"  {moment:%H:%M}  {sentence(stage)}")
    lines += ["", *_ending(world, item)]
    return lines


def sentence(stage: Stage) -> str:
    """One stage in words: what, how long waited for what while keeping what, how long."""
    title = f"(meanwhile) {stage.title}" if stage.side else stage.title
    parts = []
    if stage.waited >= 0.5:
        what = f" for {stage.waited_for}" if stage.waited_for else ""
        kept = f", keeping {' and '.join(stage.keeping)}" if stage.keeping else ""
        parts.append(f"waited {numbers.duration(stage.waited)}{what}{kept}")
    name = stage.fate.name
    if name == "BALKED":
        parts.append("turned away")
    elif name == "RENEGED":
        parts.append("left before it began")
    elif name == "WAITING":
        parts.append("still waiting at the end of the run")
    elif stage.took >= 0.5:
        word = "ready but delayed" if DELAYED_DISCHARGE in stage.tags else "took"
        parts.append(f"{word} {numbers.duration(stage.took)}")
    if name == "STARTED":
        parts.append("not finished at the end of the run")
    return f"{title}: {'; '.join(parts)}" if parts else title


def _ending(world: World, item: Timeline) -> list[str]:
    if item.outcome is None:
        end = f"Not finished at the end of the run, day {item.days:.1f}."
    else:
        moment = world.moment(item.ended)
        end = f"{item.outcome} on {short(moment)} {moment:%H:%M}, day {item.days:.1f}."
    beds = [
        f"{numbers.duration(item.bed_days(kind) * DAY)} in {kind} beds"
        for kind in ("acute", "community")
        if item.bed_days(kind) > 0
    ]
    kept, waited = item.minutes("blocked"), item.minutes("waiting")
    lines = [end, f"{' and '.join(beds).capitalize() or 'No bed'}."]
    lines.append(
        f"Waited {numbers.duration(waited)}"
        + (f", and {numbers.duration(kept)} keeping a bed, cubicle or crew." if kept else ".")
    )
    if item.later:
        lines.append(
            f"Later in the run: {numbers.plural(item.later, 'further crisis', 'further crises')}."
        )
    return lines
