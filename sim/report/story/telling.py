"""A case as a story: what happened in each world in the most typical draw, in words.

How it goes over all draws is in `ladder`, which of them is told in `draws`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.report.dates import short, weekday
from sim.report.story.draws import Draw, Story
from sim.report.story.timeline import Stage, Timeline
from sim.report.tables import numbers
from sim.report.world import DAY, World
from sim.scenario.language.tags import AE_ATTENDANCE, DELAYED_DISCHARGE, EMERGENCY_ADMISSION

if TYPE_CHECKING:
    import pandas as pd


def frame(story: Story) -> pd.DataFrame:
    """Everything about the case, one row per arm and draw.

    Returns
    -------
    pandas.DataFrame
        Columns `arm`, `replication`, `copy` (from 1), `happened`, `attended_ae`, `admitted`,
        `acute_bed_days`, `community_bed_days`, `days_to_leaving_last_bed`, `days_waiting`,
        `days_kept_waiting` (while keeping a bed, cubicle or crew), `outcome` (empty while
        unfinished), `days_to_outcome`, `later_episodes`.
    """
    import pandas as pd

    rows = [
        {
            "arm": arm.title,
            "replication": draw.replication,
            "copy": draw.copy + 1,
            **_facts(item),
        }
        for arm in story.arms
        for draw, item in arm.timelines.items()
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


def remark(story: Story) -> str:
    """Which draw is told, and why, in a sentence or two for captions."""
    found, number = story.typical, len(story.arms[0].timelines)
    if found is None:
        return ""
    if number == 1:
        return f"{_which(story, found.draw)}, the only one there is. Others would go differently."
    shares = " and ".join(
        f"{100 * share:.0f} % in “{arm.title}”"
        for share, arm in zip(found.shares, story.arms, strict=True)
    )
    return (
        f"{_which(story, found.draw)} of {number} journeys: of those on the most typical routes "
        f"(taken by {shares}) the one nearest to their medians. Others go differently."
    )


def _which(story: Story, draw: Draw) -> str:
    several = any(other.copy for other in story.arms[0].timelines)
    return f"Replication {draw.replication}" + (f", copy {draw.copy + 1}" if several else "")


def tell(story: Story, draw: Draw | None = None) -> str:
    """The story of one draw in every arm, as plain text.

    Parameters
    ----------
    story
        The case.
    draw
        Which draw; by default the most typical one (`Story.told`).
    """
    number = story.told if draw is None else draw
    known = "; ".join(f"{name.replace('_', ' ')}: {level}" for name, level in story.case.attributes)
    head = [story.case.title, f"{story.case.crisis}. {known}".strip(". ") + "."]
    if number is None:
        return "\n".join([*head, "", "There is no draw in which every world has this case."])
    head.append(remark(story) if draw is None else f"{_which(story, draw)}.")
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
    for stage in item.told:
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
