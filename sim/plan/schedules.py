"""Dates and weekly patterns as functions of minutes since the start of the run."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from operator import itemgetter

from sim.plan.flatten import chained, rows, spans
from sim.plan.plan import CHANGE, NONE, POINT, SPAN, Records
from sim.scenario.analysis.bank_holidays import NO_HOLIDAYS, Holidays
from sim.scenario.analysis.weekly import closed_dates, spells, while_open
from sim.scenario.language.model import Calendar, Programme, Resource
from sim.scenario.written.values import ArrivalRate, By, Capacity, Table, Weekly
from sim.scenario.written.weeks import DAY, WEEK

#: a schedule being built: (time, value), times increasing from 0
Changes = list[tuple[float, float]]


def schedules(
    calendars: Mapping[str, Calendar],
    sheets: Iterable[Sequence[Resource]],
    start: date,
    horizon: float,
    holidays: Holidays = NO_HOLIDAYS,
) -> tuple[Records, Records]:
    """Calendars (0 closed, 1 open), then capacities (`NONE` unlimited), as spans of changes.

    Each pool has one or several sheets of capacity, all of which change at the same times.
    """
    hours = {
        name: _calendar(item, start, horizon, holidays) for name, item in sorted(calendars.items())
    }
    laid = list(hours.values())
    for pool in sheets:
        laid += _aligned([_capacity(item, hours, start, horizon, holidays) for item in pool])
    first, end = spans(laid)
    times, values = [time for time, _ in chained(laid)], [value for _, value in chained(laid)]
    return rows(SPAN, first=first, end=end), rows(CHANGE, time=times, value=values)


def coverages(programmes: Iterable[Programme], start: date) -> tuple[Records, Records]:
    """Coverage of programmes as spans of points in time, joined by straight lines."""
    laid = []
    for item in programmes:
        points = item.coverage
        if isinstance(points, Mapping):
            laid.append([(minutes(start, day), share) for day, share in sorted(points.items())])
        else:
            laid.append([(0.0, points)])
    first, end = spans(laid)
    times, shares = [time for time, _ in chained(laid)], [share for _, share in chained(laid)]
    return rows(SPAN, first=first, end=end), rows(POINT, time=times, share=shares)


def rate_changes(
    rate: Table[ArrivalRate],
    calendars: Mapping[str, Calendar],
    start: date,
    horizon: float,
    holidays: Holidays,
) -> Changes:
    """A rate of arrivals by the minute, as (time, per minute) from 0 to the horizon."""
    hours = {
        name: _calendar(item, start, horizon, holidays) for name, item in sorted(calendars.items())
    }
    return _tidy(_pattern(rate, hours, start, 0.0, horizon, holidays))


def minutes(start: date, day: date) -> float:
    """Minutes from the start of the run to 00:00 of a day (negative before it)."""
    return _midnight(start, day.toordinal())


def _midnight(start: date, ordinal: int) -> float:
    return float((ordinal - start.toordinal()) * DAY)


def _calendar(item: Calendar, start: date, horizon: float, holidays: Holidays) -> Changes:
    changes = _weekly(while_open(item.open), start, 0.0, horizon, holidays)
    for first, after in closed_dates(item, holidays):
        begin = _midnight(start, first)
        end = math.inf if after is None else _midnight(start, after)
        changes = _replace(changes, begin, end, 0)
    return _tidy(changes)


def _aligned(sheets: Sequence[Changes]) -> list[Changes]:
    """The same schedules, with changes that change nothing wherever one of the others changes."""
    times = sorted({time for changes in sheets for time, _ in changes})
    return [[(time, _at(changes, time)) for time in times] for changes in sheets]


def _at(changes: Changes, now: float) -> float:
    """The value of a schedule at a time not before its first change."""
    return changes[bisect_right(changes, now, key=itemgetter(0)) - 1][1]


def _capacity(
    item: Resource, hours: Mapping[str, Changes], start: date, horizon: float, holidays: Holidays
) -> Changes:
    changes: Changes = []
    for day, capacity in [(None, item.capacity), *sorted(item.changes.items())]:
        begin = 0.0 if day is None else max(0.0, minutes(start, day))
        if begin < horizon:
            changes = [c for c in changes if c[0] < begin]
            changes += _pattern(capacity, hours, start, begin, horizon, holidays)
    return _tidy(changes)


def _pattern(
    capacity: Table[Capacity] | Table[ArrivalRate],
    hours: Mapping[str, Changes],
    start: date,
    begin: float,
    horizon: float,
    holidays: Holidays,
) -> Changes:
    if capacity == "unlimited":
        return [(begin, NONE)]
    if isinstance(capacity, Weekly):
        return _weekly(capacity, start, begin, horizon, holidays)
    if isinstance(capacity, By):  # by a calendar: it is a sheet of a pool (`sim.plan.reacting`)
        while_open = hours[capacity.attribute]
        no, yes = (
            _pattern(
                capacity.cells.get(level, capacity.other or 0),
                hours,
                start,
                begin,
                horizon,
                holidays,
            )
            for level in ("no", "yes")
        )
        times = {time for changes in (while_open, no, yes) for time, _ in changes if time >= begin}
        return [(t, _at(yes if _at(while_open, t) else no, t)) for t in sorted({begin, *times})]
    return [(begin, capacity)]


def _weekly(
    weekly: Weekly[float], start: date, begin: float, horizon: float, holidays: Holidays
) -> Changes:
    """A weekly pattern laid out from `begin` to the horizon, bank holidays as they are like."""
    week = spells(weekly)
    monday = -start.weekday() * DAY  # of the week in which the run starts
    first = int((begin - monday) // WEEK)
    last = int((horizon - monday) // WEEK)
    laid: Changes = [
        (monday + number * WEEK + time, value)
        for number in range(first, last + 1)
        for time, value in week
    ]
    for ordinal, like in sorted(holidays.items()):
        laid = _with_holiday(laid, week, _midnight(start, ordinal), like)
    current = [value for time, value in laid if time <= begin][-1]
    return [(begin, current)] + [c for c in laid if begin < c[0] < horizon]


def _with_holiday(
    laid: Changes, week: Sequence[tuple[int, float]], begin: float, like: int
) -> Changes:
    """The weeks laid out, with the day that begins then as another day of the week is."""
    end, midnight = begin + DAY, like * DAY
    if begin < laid[0][0]:  # in a week before those laid out
        return laid
    day = [(begin, [value for time, value in week if time <= midnight][-1])]
    day += [(begin + t - midnight, value) for t, value in week if midnight < t < midnight + DAY]
    before = [change for change in laid if change[0] < begin]
    return before + day + [(end, _at(laid, end))] + [c for c in laid if c[0] > end]


def _replace(changes: Changes, begin: float, end: float, value: int) -> Changes:
    """The schedule with `value` from `begin` to `end`."""
    begin = max(begin, changes[0][0])
    if begin >= end:
        return changes
    after = [v for time, v in changes if time <= end][-1]
    kept = [c for c in changes if c[0] < begin]
    tail = [c for c in changes if c[0] > end]
    middle = [(begin, value)]
    return kept + middle + ([(end, after)] if math.isfinite(end) else []) + tail


def _tidy(changes: Changes) -> Changes:
    """The schedule without changes that change nothing."""
    kept = changes[:1]
    for change in changes[1:]:
        if change[1] != kept[-1][1]:
            kept.append(change)
    return kept
