"""The day of every resource, hour by hour: who comes, how long they wait, units in use, queue.

Everything is over the whole hours of the measured time of one replication. Nothing is drawn here
(see `pictures.hours` and `pictures.pools`).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.report.occupancy import Floats, elapsed
from sim.report.world import DAY, World

if TYPE_CHECKING:
    from sim.engine.logs import Logs

Ints = npt.NDArray[np.integer]

HOUR = 60.0
HOURS = 24


@dataclass(frozen=True, slots=True)
class Day:
    """One replication by hour of the day; every array has shape (resources, 24).

    `joined` counts visits that came for the resource in that hour of any day, `served` those of
    them that started and `waited` their minutes of waiting; `in_use` and `queue` are the mean
    units held and visits waiting. `days` is how many of each hour there were.
    """

    joined: Floats
    served: Floats
    waited: Floats
    in_use: Floats
    queue: Floats
    days: float

    @property
    def wait(self) -> Floats:
        """Mean wait in minutes of those who came in that hour; NaN where nobody did."""
        with np.errstate(invalid="ignore"):
            return self.waited / self.served


def day(world: World, logs: Logs) -> Day:
    """Digest one replication."""
    names = [item.name for item in world.resources]
    of_step = np.array(
        [names.index(step.resource) if step.resource else -1 for step in world.steps] + [-1]
    )
    visits, holds = logs.visits, logs.holds
    resource = of_step[visits.step]
    left = np.where(np.isnan(visits.started), visits.ended, visits.started)
    left = np.where(np.isnan(left), logs.horizon, left)
    hour = (visits.queued % DAY // HOUR).astype(np.int64)
    measured = (resource >= 0) & (visits.queued >= world.warm_up)
    served = measured & ~np.isnan(visits.started)
    edges = np.arange(np.ceil(world.warm_up / HOUR), logs.horizon // HOUR + 1) * HOUR
    released = np.where(np.isnan(holds.released), logs.horizon, holds.released)
    size = (len(names), HOURS)

    def counted(rows: np.ndarray, weights: Floats | None = None) -> Floats:
        key = resource[rows] * HOURS + hour[rows]
        found = np.bincount(
            key, weights=None if weights is None else weights[rows], minlength=size[0] * HOURS
        )
        return found.astype(np.float64).reshape(size)

    in_use, queue = np.zeros(size), np.zeros(size)
    waiting = np.flatnonzero((resource >= 0) & (left > visits.queued))
    held, waited_for = _by_code(holds.resource, len(names)), _by_code(resource[waiting], len(names))
    for code in range(len(names)):
        rows = held[code]
        in_use[code] = _by_hour(holds.seized[rows], released[rows], edges)
        rows = waiting[waited_for[code]]
        queue[code] = _by_hour(visits.queued[rows], left[rows], edges)
    return Day(
        joined=counted(measured),
        served=counted(served),
        waited=counted(served, left - visits.queued),
        in_use=in_use,
        queue=queue,
        days=max(len(edges) - 1, 0) / HOURS,
    )


def _by_code(codes: Ints, number: int) -> list[Ints]:
    """The rows of each code below a number, in order."""
    order = np.argsort(codes, kind="stable")
    starts = np.searchsorted(codes[order], np.arange(number + 1))
    return [order[first:end] for first, end in pairwise(starts)]


def _by_hour(begins: Floats, ends: Floats, edges: Floats) -> Floats:
    """Mean number of intervals under way in each hour of the day; NaN where there is none."""
    if len(edges) < 2:
        return np.full(HOURS, np.nan)
    present = np.diff(elapsed(begins, edges) - elapsed(ends, edges)) / HOUR
    of_day = (edges[:-1] / HOUR).astype(np.int64) % HOURS
    there = np.bincount(of_day, minlength=HOURS)
    with np.errstate(invalid="ignore"):
        return np.bincount(of_day, weights=present, minlength=HOURS) / there
