"""One pool over time: how many units are in use and how many people wait, in both worlds.

Every replication keeps these numbers at evenly spaced moments, a day apart in a year. A pool that
opens by day is shut at each of them; such pools are not shown, for their curves would tell lies.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.live.worlds import Told

if TYPE_CHECKING:
    from sim.experiment.tasks.task import Outcome

MINUTES = 1440.0

#: how far the mean of the moments may be from that of all the time, as a part of it
NEAR = 0.25


def seen(*sides: tuple[Told, Sequence[Outcome]]) -> list[dict[str, str]]:
    """The pools whose moments tell what they are like at any time, the fullest queues first."""
    waiting: dict[str, float] = {}
    titles: dict[str, str] = {}
    for told, outcomes in sides:
        for code, pool in enumerate(told.meaning.resources):
            if not outcomes or not _near(told, code, outcomes):
                continue
            mean = float(np.mean([each.backlog.waiting[code].mean() for each in outcomes]))
            waiting[pool.name] = max(mean, waiting.get(pool.name, 0.0))
            titles[pool.name] = pool.title
    names = sorted(waiting, key=lambda name: -waiting[name])
    return [{"name": name, "title": titles[name]} for name in names]


def _near(told: Told, code: int, outcomes: Sequence[Outcome]) -> bool:
    minutes = told.loaded.model.run.duration
    all_time = float(np.mean([each.backlog.busy[code] for each in outcomes])) / minutes
    moments = float(np.mean([each.backlog.in_use[code].mean() for each in outcomes]))
    return all_time > 0 and abs(moments - all_time) <= NEAR * all_time


def curves(told: Told, pool: str, outcomes: Sequence[Outcome]) -> dict[str, Any] | None:
    """Means over replications at each moment; None while there are none, or no such pool."""
    names = [each.name for each in told.meaning.resources]
    if pool not in names or not outcomes:
        return None
    code = names.index(pool)
    kept = [outcome.backlog for outcome in outcomes]
    moments = kept[0].waiting.shape[1]
    end = told.meaning.horizon
    days = [(end - kept[0].space * (moments - 1 - at)) / MINUTES for at in range(moments)]
    return {
        "days": [round(day, 3) for day in days],
        "start": told.meaning.start.isoformat(),
        "every": kept[0].space / 60,
        "waiting": _means([each.waiting[code] for each in kept]),
        "in_use": _means([each.in_use[code] for each in kept]),
        "units": int(kept[0].units[code]),
        "replications": len(kept),
    }


def _means(rows: Sequence[Any]) -> list[float]:
    return [round(float(each), 2) for each in np.mean(np.stack(list(rows)), axis=0)]
