"""Every resource hour by hour: who comes, how long they wait, units in use, queue.

By hour of the week, of which the hours of the day are made, and by date. Everything is over the
whole hours, or the whole days, of the measured time of one replication. Nothing is drawn here
(see `pictures.day_panels`), and what the tables hold is in `report.series`.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.measure.places import Places
from sim.report.occupancy import Floats, elapsed
from sim.report.world import DAY, World

if TYPE_CHECKING:
    from sim.engine.logs import Logs

Ints = npt.NDArray[np.integer]

HOUR = 60.0
HOURS = 24
WEEKDAYS = 7


@dataclass(frozen=True, slots=True)
class Hours:
    """One replication by hour of the week or the day; arrays have shape (resources, hours).

    `joined` counts visits that came for the resource in such an hour, `served` those of them that
    started and `waited` their minutes of waiting; `used` and `queued` are the mean units held and
    visits waiting, added up over the hours; `there`, of shape (hours,), is how many of each there
    were. The first hour is that from midnight, of a week that from midnight before Monday.
    """

    joined: Floats
    served: Floats
    waited: Floats
    used: Floats
    queued: Floats
    there: Floats

    @property
    def wait(self) -> Floats:
        """Mean wait in minutes of those who came in that hour; NaN where nobody did."""
        with np.errstate(invalid="ignore"):
            return self.waited / self.served

    @property
    def in_use(self) -> Floats:
        """Mean units held; NaN where there was no such hour."""
        with np.errstate(invalid="ignore"):
            return self.used / self.there

    @property
    def queue(self) -> Floats:
        """Mean number waiting; NaN where there was no such hour."""
        with np.errstate(invalid="ignore"):
            return self.queued / self.there

    @property
    def coming(self) -> Floats:
        """Mean number who come in such an hour; NaN where there was none."""
        with np.errstate(invalid="ignore"):
            return self.joined / self.there

    @property
    def of_the_day(self) -> Hours:
        """The same by hour of the day."""

        def folded(values: Floats) -> Floats:
            shape = (*values.shape[:-1], -1, HOURS)
            result: Floats = values.reshape(shape).sum(axis=-2)
            return result

        columns = (self.joined, self.served, self.waited, self.used, self.queued, self.there)
        return Hours(*(folded(values) for values in columns))

    def __add__(self, other: Hours) -> Hours:
        return Hours(
            self.joined + other.joined,
            self.served + other.served,
            self.waited + other.waited,
            self.used + other.used,
            self.queued + other.queued,
            self.there + other.there,
        )


@dataclass(frozen=True, slots=True)
class Days:
    """One replication by date: the whole days of the measured time, numbered from the start.

    `in_use` and `queue` have shape (resources, days): mean units held and visits waiting. `begun`
    has shape (days,): episodes begun. `visits` has shape (tags, days): visits started by tag.
    """

    first: int
    begun: Ints
    visits: Ints
    in_use: Floats
    queue: Floats


def hours_and_days(world: World, logs: Logs, where: Places) -> tuple[Hours, Days]:
    """Digest one replication, by hour of the week and by date.

    Parameters
    ----------
    world, logs
        The replication.
    where
        In which queues its visits stood (`sim.measure.places.places`).
    """
    visits, (rows, resource) = logs.visits, where
    queued_at, started = visits.queued.take(rows), visits.started.take(rows)
    left = np.where(np.isnan(started), visits.ended.take(rows), started)
    left = np.where(np.isnan(left), logs.horizon, left)
    edges = np.arange(np.ceil(world.warm_up / HOUR), logs.horizon // HOUR + 1) * HOUR
    used = _hour_by_hour(logs.holds.resource, *_held(logs), len(world.resources), edges)
    queued = _hour_by_hour(resource, queued_at, left, len(world.resources), edges)
    size, at = (len(world.resources), WEEKDAYS * HOURS), _hours_of_week(world, edges[:-1])
    measured = queued_at >= world.warm_up
    served = measured & ~np.isnan(started)
    when = _hours_of_week(world, queued_at)

    def counted(chosen: np.ndarray, weights: Floats | None = None) -> Floats:
        key = resource[chosen].astype(np.int64) * size[1] + when[chosen]
        weight = None if weights is None else weights[chosen]
        found = np.bincount(key, weights=weight, minlength=size[0] * size[1])
        return found.astype(np.float64).reshape(size)

    hours = Hours(
        joined=counted(measured),
        served=counted(served),
        waited=counted(served, left - queued_at),
        used=_added(used, at),
        queued=_added(queued, at),
        there=np.bincount(at, minlength=size[1]).astype(np.float64),
    )
    return hours, _days(world, logs, edges, used, queued)


def _hours_of_week(world: World, times: Floats) -> Ints:
    """Hour of the week of each moment, from the midnight before Monday."""
    passed = (times // HOUR).astype(np.int64) + world.start.weekday() * HOURS
    return passed % (WEEKDAYS * HOURS)


def _held(logs: Logs) -> tuple[Floats, Floats]:
    """When each unit was seized, and when released, at the horizon if it is not."""
    holds = logs.holds
    return holds.seized, np.where(np.isnan(holds.released), logs.horizon, holds.released)


def _hour_by_hour(codes: Ints, begins: Floats, ends: Floats, number: int, edges: Floats) -> Floats:
    """Mean number of intervals of each code under way, of shape (codes, hours between edges)."""
    found = np.zeros((number, max(len(edges) - 1, 0)))
    lasting = np.flatnonzero(ends > begins)
    by_code = _by_code(codes[lasting], number)
    for code in range(number if len(edges) > 1 else 0):
        rows = lasting[by_code[code]]
        found[code] = _present(begins[rows], ends[rows], edges)
    return found


def _by_code(codes: Ints, number: int) -> list[Ints]:
    """The rows of each code below a number, in order."""
    order = np.argsort(codes, kind="stable")
    starts = np.searchsorted(codes[order], np.arange(number + 1))
    return [order[first:end] for first, end in pairwise(starts)]


def _present(begins: Floats, ends: Floats, edges: Floats) -> Floats:
    """Mean number of intervals under way between each two edges."""
    minutes = elapsed(begins, edges) - elapsed(ends, edges)
    return np.diff(minutes) / np.diff(edges)


def _added(values: Floats, at: Ints) -> Floats:
    """Hours of a run added up by hour of the week."""
    size = WEEKDAYS * HOURS
    added = np.zeros((len(values), size))
    for row, hours in zip(added, values, strict=True):
        row += np.bincount(at, weights=hours, minlength=size)
    return added


def _days(world: World, logs: Logs, edges: Floats, used: Floats, queued: Floats) -> Days:
    """What was by date, over days that are measured whole."""
    first, end = int(np.ceil(world.warm_up / DAY)), int(logs.horizon // DAY)
    number = max(end - first, 0)
    begin = int(first * HOURS - edges[0] // HOUR) if len(edges) else 0

    def daily(values: Floats) -> Floats:
        chosen = values[:, begin : begin + number * HOURS]
        result: Floats = chosen.reshape(len(values), number, HOURS).mean(axis=2)
        return result

    def counted(times: Floats) -> Ints:
        day = times[~np.isnan(times)] // DAY - first
        day = day[(day >= 0) & (day < number)].astype(np.int64)
        return np.bincount(day, minlength=number)

    episodes, visits = logs.episodes, logs.visits
    by_tag = np.zeros((len(world.tags), number), dtype=np.int64)
    by_step = _by_code(visits.step, len(world.steps))
    for code, step in enumerate(world.steps):
        if step.tags:
            started = counted(visits.started[by_step[code]])
            for tag in step.tags:
                by_tag[world.tags.index(tag)] += started
    begun = counted(episodes.onset[episodes.parent < 0])
    return Days(first, begun, by_tag, daily(used), daily(queued))
