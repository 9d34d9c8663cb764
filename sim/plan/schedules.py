"""Dates and weekly patterns as functions of minutes since the start of the run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import numpy as np

from sim.plan.flatten import floats, integers, ragged
from sim.plan.plan import NONE, Coverages, Schedules
from sim.scenario.model import Calendar, Programme, Resource
from sim.scenario.values import Capacity, WeeklyCapacity

DAY = 1440
WEEK = 7 * DAY

#: a schedule being built: (time, value), times increasing from 0
Changes = list[tuple[float, int]]


def calendars(items: Iterable[Calendar], start: date, horizon: float) -> Schedules:
    """Calendars as schedules of 0 (closed) and 1 (open)."""
    return _schedules(_calendar(item, start, horizon) for item in items)


def capacities(items: Iterable[Resource], start: date, horizon: float) -> Schedules:
    """Capacities of resources as schedules of units; `NONE` is unlimited."""
    return _schedules(_capacity(item, start, horizon) for item in items)


def coverages(items: Iterable[Programme], start: date) -> Coverages:
    """Coverage of programmes as points in time joined by straight lines."""
    rows = []
    for item in items:
        points = item.coverage
        if not isinstance(points, Mapping):
            rows.append([(0.0, float(points))])
        else:
            rows.append([(minutes(start, day), float(share)) for day, share in points.items()])
    return Coverages(
        first=ragged(rows),
        times=floats(time for row in rows for time, _ in row),
        shares=floats(share for row in rows for _, share in row),
    )


def minutes(start: date, day: date) -> float:
    """Minutes from the start of the run to 00:00 of a day (negative before it)."""
    return float((day - start).days * DAY)


def _calendar(item: Calendar, start: date, horizon: float) -> Changes:
    weekly = WeeklyCapacity(tuple((period, 1) for period in item.open), 0)
    changes = _weekly(weekly, start, 0.0, horizon)
    if item.since is not None:
        changes = _replace(changes, 0.0, minutes(start, item.since), 0)
    if item.until is not None:
        changes = _replace(changes, minutes(start, item.until), np.inf, 0)
    for day in item.closed_on:
        begin = minutes(start, day)
        changes = _replace(changes, begin, begin + DAY, 0)
    return _tidy(changes)


def _capacity(item: Resource, start: date, horizon: float) -> Changes:
    changes = _pattern(item.capacity, start, 0.0, horizon)
    for day, capacity in sorted(item.changes.items()):
        begin = max(0.0, minutes(start, day))
        if begin < horizon:
            changes = [c for c in changes if c[0] < begin]
            changes += _pattern(capacity, start, begin, horizon)
    return _tidy(changes)


def _pattern(capacity: Capacity, start: date, begin: float, horizon: float) -> Changes:
    if capacity == "unlimited":
        return [(begin, NONE)]
    if isinstance(capacity, WeeklyCapacity):
        return _weekly(capacity, start, begin, horizon)
    return [(begin, int(capacity))]


def _weekly(weekly: WeeklyCapacity, start: date, begin: float, horizon: float) -> Changes:
    """A weekly pattern laid out from `begin` to the horizon."""
    week: Changes = [(0.0, weekly.other)]
    for period, value in weekly.periods:
        week = _replace(week, period.start, period.end, value)
    monday = -start.weekday() * DAY  # of the week in which the run starts
    first = int((begin - monday) // WEEK)
    last = int((horizon - monday) // WEEK)
    laid = [
        (monday + number * WEEK + time, value)
        for number in range(first, last + 1)
        for time, value in week
    ]
    current = [value for time, value in laid if time <= begin][-1]
    return [(begin, current)] + [c for c in laid if begin < c[0] < horizon]


def _replace(changes: Changes, begin: float, end: float, value: int) -> Changes:
    """The schedule with `value` from `begin` to `end`."""
    begin = max(begin, changes[0][0])
    if begin >= end:
        return changes
    after = [v for time, v in changes if time <= end][-1]
    kept = [c for c in changes if c[0] < begin]
    tail = [c for c in changes if c[0] > end]
    middle = [(begin, value)]
    return kept + middle + ([(end, after)] if np.isfinite(end) else []) + tail


def _tidy(changes: Changes) -> Changes:
    """The schedule without changes that change nothing."""
    kept = changes[:1]
    for change in changes[1:]:
        if change[1] != kept[-1][1]:
            kept.append(change)
    return kept


def _schedules(rows: Iterable[Changes]) -> Schedules:
    rows = list(rows)
    return Schedules(
        first=ragged(rows),
        times=floats(time for row in rows for time, _ in row),
        values=integers(value for row in rows for _, value in row),
    )
