"""What a weekly pattern says of each minute of a week, and on which dates it does.

The only place that says so: plans lay patterns out over a run (`sim.plan.schedules`), checks
average them (`averages`), reports draw them. How patterns are written is
`sim.scenario.written.weeks`'s business.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from sim.scenario.language.model import Calendar, Resource
from sim.scenario.written.values import Capacity, Period, WeeklyCapacity, leaves
from sim.scenario.written.weeks import WEEK


def spells(pattern: WeeklyCapacity) -> list[tuple[int, int]]:
    """The spells of a week: the minute since Monday 00:00 from which on, and the value.

    The first begins at 0; neighbours may have the same value.
    """
    found: list[tuple[int, int]] = []
    now = 0
    for period, value in sorted(pattern.periods, key=lambda item: item[0].start):
        if period.start > now:
            found.append((now, pattern.other))
        found.append((period.start, value))
        now = period.end
    if now < WEEK:
        found.append((now, pattern.other))
    return found


def while_open(periods: Iterable[Period]) -> WeeklyCapacity:
    """The pattern that is 1 within the periods and 0 otherwise."""
    return WeeklyCapacity(tuple((period, 1) for period in periods), 0)


def is_ever_zero(capacity: Capacity) -> bool:
    """Whether there is a minute of the week without a single unit."""
    if isinstance(capacity, WeeklyCapacity):
        return any(value == 0 for _, value in spells(capacity))
    return capacity == 0


def capacities(resource: Resource) -> list[tuple[date, Capacity]]:
    """The capacities a resource has, each from 00:00 of a date until the next one's."""
    found: list[tuple[date, Capacity]] = []
    leaf: Any  # which mypy does not follow into the alternatives of a capacity
    for since, table in [(date.min, resource.capacity), *sorted(resource.changes.items())]:
        for leaf in leaves(table):
            found.append((since, leaf))
    return found


def closed_dates(calendar: Calendar) -> Iterator[tuple[int, int | None]]:
    """The dates on which a calendar is closed whatever its week says.

    Each as the ordinal of the first date (0 is ever since) and of the one after the last, or None
    if there is no last.
    """
    if calendar.since is not None:
        yield 0, calendar.since.toordinal()
    if calendar.until is not None:
        yield calendar.until.toordinal(), None
    for day in calendar.closed_on:
        yield day.toordinal(), day.toordinal() + 1
