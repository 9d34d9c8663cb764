"""Parts of logs that are logs themselves: some episodes, or what was from a moment on.

Rows are numbered anew, so that every reader of logs reads a part as it reads the whole.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np

from sim.engine.logs import Logs
from sim.measure.arrays import Floats, Index, Mask


def of_episodes(logs: Logs, chosen: Mask, visited: Mask | None = None) -> Logs:
    """The rows of some episodes, copied, so that the rest need not be kept.

    Parameters
    ----------
    logs
        Of one replication.
    chosen
        Which episodes and side tasks; with a side task the episode that began it.
    visited
        Which of their visits, with what they held; None for all.
    """
    number = np.cumsum(chosen, dtype=np.int32) - np.int32(1)
    episodes: Any = _rows(logs.episodes, np.flatnonzero(chosen))
    parent = np.where(episodes.parent < 0, np.int32(-1), number[episodes.parent])
    kept = chosen.take(logs.visits.episode)
    if visited is not None:
        kept &= visited
    of_visit = np.cumsum(kept, dtype=np.int32) - np.int32(1)
    visits: Any = _rows(logs.visits, np.flatnonzero(kept))
    holds: Any = _rows(logs.holds, np.flatnonzero(kept.take(logs.holds.visit)))
    breaks: Any = _rows(logs.interruptions, np.flatnonzero(kept.take(logs.interruptions.visit)))
    by = np.where(kept.take(breaks.by), of_visit.take(breaks.by), np.int32(-1))
    booked: Any = _rows(logs.bookings, np.flatnonzero(kept.take(logs.bookings.visit)))
    return Logs(
        replace(visits, episode=number[visits.episode]),
        replace(holds, episode=number[holds.episode], visit=of_visit.take(holds.visit)),
        replace(breaks, visit=of_visit.take(breaks.visit), by=by.astype(np.int32)),
        logs.capacities,
        replace(booked, visit=of_visit.take(booked.visit)),
        replace(episodes, parent=parent),
        _rows(logs.absorbed, np.zeros(0, dtype=np.intp)),
        logs.horizon,
    )


def from_moment(logs: Logs, moment: float) -> Logs:
    """What was from a moment on, such as the end of the warm-up, with those who were present.

    Who was there then comes at that moment, and so do the visits and the units they had: what
    happened before has the time `moment`. Visits that were over are left out, unless a unit they
    seized was still held.

    Parameters
    ----------
    logs
        Of one replication, whole.
    moment
        Minutes since the start of the run, at most the horizon.
    """
    episodes, holds = logs.episodes, logs.holds
    chosen = _lasts(episodes.ended, moment)
    for row in np.flatnonzero(chosen & (episodes.parent >= 0))[::-1]:
        chosen[episodes.parent[row]] = True  # parents stand before their side tasks
    visited = _lasts(logs.visits.ended, moment)
    visited[holds.visit[_lasts(holds.ready, moment)]] = True
    part: Any = of_episodes(logs, chosen, visited)
    times = {
        "visits": ("queued", "started", "ended"),
        "holds": ("seized", "released", "ready"),
        "interruptions": ("at", "resumed"),
        "episodes": ("onset", "ended"),
    }
    clipped = {}
    for log, columns in times.items():
        mine = getattr(part, log)
        # of NaN, not yet, the maximum is NaN
        later = {name: np.maximum(getattr(mine, name), moment) for name in columns}
        clipped[log] = replace(mine, **later)
    absorbed = _rows(logs.absorbed, np.flatnonzero(logs.absorbed.at >= moment))
    result: Logs = replace(part, absorbed=absorbed, **clipped)
    return result


def _lasts(ended: Floats, moment: float) -> Mask:
    """Whether each was not over before a moment; NaN is not over."""
    over: Mask = ended < moment
    return ~over


def _rows(log: Any, rows: Index) -> Any:
    return type(log)(**{column.name: getattr(log, column.name)[rows] for column in fields(log)})
