"""What a run of the model says about a queue: one number per replication, straight from the logs.

Each function returns an `Estimator`, a function from a `Window` (the logs of one replication and
the time measured) to a number. Averages over visits take the visits that queued within the
window; averages over time integrate the logs exactly between the window's ends.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.engine.logs import Fate, Logs

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Window:
    """The logs of one replication and the part of it that is measured, in minutes."""

    plan: Any
    logs: Logs
    start: float
    end: float

    @property
    def length(self) -> float:
        """Minutes measured."""
        return self.end - self.start


Estimator = Callable[[Window], float]


def _of_step(window: Window, step: str, where: dict[str, str] | None = None) -> Mask:
    """Which visits were to `step`, by episodes with the attribute levels `where`."""
    visits, episodes = window.logs.visits, window.logs.episodes
    chosen = np.asarray(visits.step == window.plan.steps.index(step))
    for attribute, level in (where or {}).items():
        column = window.plan.attributes.index(attribute)
        code = window.plan.levels[column].index(level)
        chosen &= episodes.levels[visits.episode, column] == code
    return chosen


def _measured(window: Window, step: str, where: dict[str, str] | None = None) -> Mask:
    """Visits to `step` that queued within the window."""
    queued = window.logs.visits.queued
    inside = (queued >= window.start) & (queued < window.end)
    return np.asarray(_of_step(window, step, where) & inside)


def mean_wait(step: str, where: dict[str, str] | None = None) -> Estimator:
    """Mean time from queueing to start, of the visits that started; minutes."""

    def estimate(window: Window) -> float:
        visits = window.logs.visits
        chosen = _measured(window, step, where)
        return float(np.nanmean(visits.started[chosen] - visits.queued[chosen]))

    return estimate


def share_waiting(step: str) -> Estimator:
    """Share of visits that did not start at the instant they queued."""

    def estimate(window: Window) -> float:
        visits = window.logs.visits
        chosen = _measured(window, step)
        return float(np.mean(visits.started[chosen] != visits.queued[chosen]))

    return estimate


def share_with_fate(step: str, fate: Fate) -> Estimator:
    """Share of visits that balked, reneged, ..."""

    def estimate(window: Window) -> float:
        chosen = _measured(window, step)
        return float(np.mean(window.logs.visits.fate[chosen] == fate))

    return estimate


def rate_of(step: str) -> Estimator:
    """Visits to a step per minute."""
    return lambda window: float(_measured(window, step).sum()) / window.length


def crises_per_day(crisis: str) -> Estimator:
    """Crises that fell due per day, absorbed ones included."""

    def estimate(window: Window) -> float:
        code = window.plan.crises.index(crisis)
        episodes, absorbed = window.logs.episodes, window.logs.absorbed
        own = (episodes.crisis == code) & (episodes.parent < 0) & (episodes.onset >= window.start)
        lost = (absorbed.crisis == code) & (absorbed.at >= window.start)
        return float(own.sum() + lost.sum()) / window.length * 1440.0

    return estimate


def variance_of_days(crisis: str) -> Estimator:
    """Variance of the number of crises that fell due on a day."""

    def estimate(window: Window) -> float:
        code = window.plan.crises.index(crisis)
        episodes, absorbed = window.logs.episodes, window.logs.absorbed
        own = episodes.onset[(episodes.crisis == code) & (episodes.parent < 0)]
        times = np.concatenate([own, absorbed.at[absorbed.crisis == code]])
        days = np.arange(window.start, window.end + 1.0, 1440.0)
        return float(np.histogram(times, days)[0].var(ddof=1))

    return estimate


def number_waiting(step: str) -> Estimator:
    """Time average of the number queueing at a step."""

    def estimate(window: Window) -> float:
        visits = window.logs.visits
        chosen = _of_step(window, step)
        left = np.where(np.isnan(visits.started), visits.ended, visits.started)
        return _presence(visits.queued[chosen], left[chosen], window) / window.length

    return estimate


def number_at(step: str) -> Estimator:
    """Time average of the number at a step, queueing or in progress."""

    def estimate(window: Window) -> float:
        visits = window.logs.visits
        chosen = _of_step(window, step)
        return _presence(visits.queued[chosen], visits.ended[chosen], window) / window.length

    return estimate


def units_busy(resource: str) -> Estimator:
    """Time average of the units held or in turnaround."""

    def estimate(window: Window) -> float:
        holds = window.logs.holds
        chosen = holds.resource == window.plan.resources.index(resource)
        return _presence(holds.seized[chosen], holds.ready[chosen], window) / window.length

    return estimate


def units_there(resource: str) -> Estimator:
    """Time average of a capacity that reacts."""

    def estimate(window: Window) -> float:
        changes = window.logs.capacities
        rows = changes.resource == window.plan.resources.index(resource)
        begins = np.clip(changes.at[rows], window.start, window.end)
        lasting = np.diff(begins, append=window.end)
        return float(changes.units[rows] @ lasting) / window.length

    return estimate


def occupancy_at_most(number: int, step: str = "", resource: str = "") -> Estimator:
    """Share of time with at most `number` at a step, or units of a resource held."""
    return lambda window: float(_occupancy(window, step, resource)[: number + 1].sum())


def occupancy_ratio(number: int, step: str = "", resource: str = "") -> Estimator:
    """Share of time with exactly `number` among the time with at most `number`."""

    def estimate(window: Window) -> float:
        law = _occupancy(window, step, resource)
        return float(law[number] / law[: number + 1].sum())

    return estimate


def occupancy_variance(step: str = "", resource: str = "") -> Estimator:
    """Variance over time of the number at a step, or of the units of a resource held."""

    def estimate(window: Window) -> float:
        law = _occupancy(window, step, resource)
        number = np.arange(len(law))
        return float(number**2 @ law - (number @ law) ** 2)

    return estimate


def present_at_hour(step: str, hour: float) -> Estimator:
    """Mean number at a step at a time of day, over the days of the window."""

    def estimate(window: Window) -> float:
        visits = window.logs.visits
        chosen = _of_step(window, step)
        first = np.ceil((window.start - hour * 60.0) / 1440.0) * 1440.0 + hour * 60.0
        moments = np.arange(first, window.end, 1440.0)
        came = np.searchsorted(np.sort(visits.queued[chosen]), moments, side="right")
        gone = np.sort(_reached(visits.ended[chosen], window))
        return float(np.mean(came - np.searchsorted(gone, moments, side="right")))

    return estimate


def overtime(resource: str, capacity: Callable[[Floats], Floats]) -> Estimator:
    """Time average of the units in use beyond `capacity`, a function of the minute.

    `capacity` must be constant between whole hours.
    """

    def estimate(window: Window) -> float:
        holds = window.logs.holds
        chosen = holds.resource == window.plan.resources.index(resource)
        hours = np.arange(window.start, window.end, 60.0)
        times, numbers, spans = _path(
            holds.seized[chosen], holds.ready[chosen], window, extra=hours
        )
        return float(np.maximum(numbers - capacity(times), 0.0) @ spans) / window.length

    return estimate


def _reached(times: Floats, window: Window) -> Floats:
    """Times with those not reached before the horizon put at the horizon."""
    return np.where(np.isnan(times), window.logs.horizon, times)


def _presence(came: Floats, left: Floats, window: Window) -> float:
    """Integral of the number present over the window, in minutes."""
    inside = np.minimum(_reached(left, window), window.end) - np.maximum(came, window.start)
    return float(np.maximum(inside, 0.0).sum())


def _path(
    came: Floats, left: Floats, window: Window, extra: Floats | None = None
) -> tuple[Floats, Floats, Floats]:
    """The number present as a step function: times, number from then on, length of each piece."""
    marks = np.array([window.start]) if extra is None else np.concatenate([[window.start], extra])
    moments = np.concatenate([came, _reached(left, window), marks])
    change = np.concatenate([np.ones(len(came)), -np.ones(len(left)), np.zeros(len(marks))])
    order = np.argsort(moments, kind="stable")
    times, numbers = moments[order], np.cumsum(change[order])
    spans = np.diff(np.minimum(times, window.end), append=window.end)
    spans[times < window.start] = 0.0
    return times, numbers, spans


def _occupancy(window: Window, step: str, resource: str) -> Floats:
    """Share of the time with 0, 1, 2, ... at a step, or units of a resource held."""
    visits, holds = window.logs.visits, window.logs.holds
    if resource:
        chosen = holds.resource == window.plan.resources.index(resource)
        came, left = holds.seized[chosen], holds.released[chosen]
    else:
        chosen = _of_step(window, step)
        came, left = visits.queued[chosen], visits.ended[chosen]
    _, numbers, spans = _path(came, left, window)
    law = np.bincount(np.maximum(numbers, 0.0).astype(np.int64), weights=spans, minlength=64)
    return np.asarray(law / window.length)
