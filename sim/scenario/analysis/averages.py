"""Averages over the measured part of a run: capacity, coverage, opening hours, demand by hour.

The static estimate of offered load needs one number for what varies in time. Everything here is
a mean over the days after the warm-up, by weekday and hour; nothing is simulated.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from sim.scenario.analysis.bank_holidays import NO_HOLIDAYS, Holidays, bank_holidays
from sim.scenario.analysis.means import mean
from sim.scenario.analysis.weekly import capacities, closed_dates, spells, while_open
from sim.scenario.language.demand import Profile
from sim.scenario.language.model import Calendar, Programme, Resource, Scenario
from sim.scenario.written.values import (
    ArrivalRate,
    By,
    Capacity,
    Distribution,
    Period,
    Table,
    Weekly,
    WeeklyCapacity,
    WeeklyRate,
)
from sim.scenario.written.weeks import DAY, WEEK

Floats = npt.NDArray[np.float64]

#: days looked at; a longer run is averaged over its first ten years
MOST_DAYS = 3650


@dataclass(frozen=True)
class Days:
    """The days of the measured period: ordinals, weekdays (Monday 0) and months (January 0).

    A bank holiday has the weekday that it is like.
    """

    ordinal: npt.NDArray[np.int64]
    weekday: npt.NDArray[np.int64]
    month: npt.NDArray[np.int64]
    holidays: Holidays

    def from_date(self, day: date) -> npt.NDArray[np.bool_]:
        """Which of the days are on or after a date."""
        return self.ordinal >= day.toordinal()


def measured_days(model: Scenario) -> Days:
    """The days of a run after its warm-up."""
    run = model.run
    first = run.start + timedelta(days=int(run.warm_up // DAY))
    return days_from(
        first, min(MOST_DAYS, max(1, math.ceil(run.duration / DAY))), bank_holidays(model)
    )


def days_from(first: date, count: int, holidays: Holidays = NO_HOLIDAYS) -> Days:
    """So many days from a first one on."""
    ordinal = np.arange(count, dtype=np.int64) + first.toordinal()
    # months fall outside the calendar's last year at worst; the days are then all the same month
    month = np.array(
        [date.fromordinal(min(int(n), date.max.toordinal())).month - 1 for n in ordinal]
    )
    weekday = (ordinal + 6) % 7
    for day, like in holidays.items():
        weekday[ordinal == day] = like
    return Days(ordinal, weekday, month, holidays)


def hourly_shares(periods: Iterable[Period]) -> Floats:
    """Share of each hour of the week that lies in the periods; shape (7, 24), Monday first."""
    shares: Floats = _by_minute(while_open(periods)).reshape(7, 24, 60).mean(axis=2)
    return shares


def demand_by_hour(profile: Profile, days: Days, start: date) -> Floats:
    """Rate factor of each hour of the measured days; shape (days, 24), 1 being the yearly rate."""
    daily = np.ones(len(days.ordinal))
    if profile.weekday is not None:
        daily = daily * _mean_one(profile.weekday)[days.weekday]
    if profile.month is not None:
        daily = daily * _mean_one(profile.month)[days.month]
    if profile.growth:
        since = (profile.growth_from or start).toordinal()
        daily = daily * (1.0 + profile.growth) ** ((days.ordinal - since) / 365.0)
    hourly = np.ones((7, 24))
    if profile.hour is not None:
        hourly = np.array([_mean_one(row) for row in profile.hour])
    factors: Floats = daily[:, None] * hourly[days.weekday]
    return factors


def arrivals_by_hour(
    rate: Table[ArrivalRate], calendars: Mapping[str, Calendar], days: Days
) -> Floats:
    """Mean arrivals a minute in each hour of the days, profile apart; shape (days, 24)."""
    if isinstance(rate, By):
        is_open = _open_by_hour(calendars[rate.attribute], days)
        no, yes = (
            arrivals_by_hour(rate.cells.get(level, rate.other or 0.0), calendars, days)
            for level in ("no", "yes")
        )
        varying: Floats = is_open * yes + (1.0 - is_open) * no
        return varying
    if isinstance(rate, WeeklyRate):
        weekly: Floats = _by_minute(rate).reshape(7, 24, 60).mean(axis=2)[days.weekday]
        return weekly
    return np.full((len(days.ordinal), 24), float(rate))


def open_share(calendar: Calendar, days: Days, demand: Floats) -> float:
    """Share of a demand by hour that falls while a calendar is open."""
    return _weighted(_open_by_hour(calendar, days), demand)


def _open_by_hour(calendar: Calendar, days: Days) -> Floats:
    """Share of each hour of the days in which a calendar is open; shape (days, 24)."""
    open_days = np.ones(len(days.ordinal), dtype=bool)
    for first, after in closed_dates(calendar, days.holidays):
        open_again = after is not None and days.ordinal >= after
        open_days &= (days.ordinal < first) | open_again
    hourly: Floats = hourly_shares(calendar.open)[days.weekday] * open_days[:, None]
    return hourly


def closed_share(resource: Resource, days: Days, demand: Floats) -> float:
    """Share of a demand by hour that finds a resource without a single unit."""
    hourly = np.zeros((len(days.ordinal), 24))
    for capacity, here in in_force(capacities(resource), days):
        hourly[here] = _without_units(capacity)[days.weekday[here]]
    return _weighted(hourly, demand)


def mean_capacity(resource: Resource, days: Days) -> float:
    """Mean number of units over the measured days; infinite if unlimited on any of them.

    Less the part of the time that breaks take.
    """
    total = 0.0
    for capacity, here in in_force(capacities(resource), days):
        by_weekday = np.bincount(days.weekday[here], minlength=7)
        seen = by_weekday > 0  # infinitely many units on none of the days are none, not NaN
        total += float((daily_units(capacity)[seen] * by_weekday[seen]).sum())
    rest = resource.break_
    share = 1.0 if rest is None else rest.after / (rest.after + rest.lasting)
    return share * total / len(days.ordinal)


def mean_closed(resource: Resource, days: Days) -> float:
    """Mean minutes until a resource has a unit, from any time of the week; 0 if it never has."""
    total = 0.0
    for capacity, here in in_force(capacities(resource), days):
        if isinstance(capacity, WeeklyCapacity):
            total += _until_units(_by_minute(capacity) > 0) * int(here.sum())
    return total / len(days.ordinal)


def _until_units(there: npt.NDArray[np.bool_]) -> float:
    """Mean minutes until there are units, in a week of minutes that repeats."""
    opens = np.flatnonzero(there)
    if not len(opens):
        return 0.0
    minutes = np.arange(WEEK)
    following = np.append(opens, opens[0] + WEEK)[np.searchsorted(opens, minutes)]
    return float((following - minutes).mean())


def mean_coverage(programme: Programme, days: Days) -> float:
    """Mean share of the eligible that a programme covers, caseload apart."""
    coverage = programme.coverage
    if not isinstance(coverage, Mapping):
        return float(coverage)
    points = sorted((day.toordinal(), float(share)) for day, share in coverage.items())
    ordinals, shares = (np.array(column, dtype=np.float64) for column in zip(*points, strict=True))
    return float(np.interp(days.ordinal, ordinals, shares, left=0.0).mean())


def mean_of(distribution: Distribution) -> float:
    """Mean of a distribution, in minutes; infinite where it is beyond any float."""
    try:
        return mean(distribution)
    except OverflowError:
        return math.inf


def in_force(
    laid: Sequence[tuple[date, Capacity]], days: Days
) -> Iterable[tuple[Capacity, npt.NDArray[np.bool_]]]:
    """Each of the capacities from a date on, with the days on which it is the one that counts."""
    since = np.zeros(len(days.ordinal), dtype=np.int64)
    for day, _ in laid:
        since += days.from_date(day)
    for number, (_, capacity) in enumerate(laid, start=1):
        yield capacity, since == number


def daily_units(capacity: Capacity) -> Floats:
    """Mean units on each weekday."""
    if capacity == "unlimited":
        return np.full(7, np.inf)
    if not isinstance(capacity, WeeklyCapacity):
        return np.full(7, float(capacity))
    units: Floats = _by_minute(capacity).reshape(7, DAY).mean(axis=1)
    return units


def _without_units(capacity: Capacity) -> Floats:
    """Share of each hour of the week with no unit; shape (7, 24)."""
    if capacity == "unlimited":
        return np.zeros((7, 24))
    if not isinstance(capacity, WeeklyCapacity):
        return np.full((7, 24), float(capacity == 0))
    empty: Floats = (_by_minute(capacity) == 0).reshape(7, 24, 60).mean(axis=2)
    return empty


def _by_minute(capacity: Weekly[float]) -> Floats:
    """Units, or a rate, in each minute of the week, from Monday 00:00."""
    begins, units = zip(*spells(capacity), strict=True)
    return np.repeat(np.array(units, dtype=np.float64), np.diff([*begins, WEEK]))


def _mean_one(factors: Iterable[float]) -> Floats:
    array = np.array(list(factors), dtype=np.float64)
    scaled: Floats = array * (len(array) / array.sum())
    return scaled


def _weighted(hourly: Floats, demand: Floats) -> float:
    total = float(demand.sum())
    return float((hourly * demand).sum()) / total if total > 0 else float(hourly.mean())
