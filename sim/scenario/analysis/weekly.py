"""What a weekly pattern says of each minute of a week, and on which dates it does.

The only place that says so: plans lay patterns out over a run (`sim.plan.schedules`), checks
average them (`averages`), reports draw them. How patterns are written is
`sim.scenario.written.weeks`'s business.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, TypeVar

from sim.scenario.language.model import Calendar, Resource, Scenario
from sim.scenario.language.sheets import sheet
from sim.scenario.written.values import (
    By,
    Capacity,
    Period,
    Table,
    Weekly,
    WeeklyCapacity,
    leaves,
)
from sim.scenario.written.weeks import WEEK

T = TypeVar("T")


def spells(pattern: Weekly[T]) -> list[tuple[int, T]]:
    """The spells of a week: the minute since Monday 00:00 from which on, and the value.

    The first begins at 0; neighbours may have the same value.
    """
    found: list[tuple[int, T]] = []
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


def most_units(resource: Resource) -> float:
    """The most units a resource ever has; infinite if it is ever unlimited."""
    most = 0.0
    for _, capacity in capacities(resource):
        if isinstance(capacity, WeeklyCapacity):
            most = max(most, *(units for _, units in spells(capacity)))
        else:
            most = max(most, math.inf if capacity == "unlimited" else capacity)
    return most


def capacities(resource: Resource) -> list[tuple[date, Capacity]]:
    """The capacities a resource has, each from 00:00 of a date until the next one's."""
    found: list[tuple[date, Capacity]] = []
    leaf: Any  # which mypy does not follow into the alternatives of a capacity
    for since, table in [(date.min, resource.capacity), *sorted(resource.changes.items())]:
        for leaf in leaves(table):
            found.append((since, leaf))
    return found


def supposed(resource: Resource, model: Scenario, on: Collection[str] = ()) -> Resource:
    """A resource while the signals named are on and the others off.

    Its capacity varies by no signal or calendar any more; a calendar is taken to be open in its
    weekly periods whatever the date, which is good enough for estimates.
    """
    found = sheet(resource, {name: "yes" if name in on else "no" for name in model.signals})
    weeks = {name: while_open(calendar.open) for name, calendar in model.calendars.items()}
    return found.model_copy(
        update={
            "capacity": _by_week(found.capacity, weeks),
            "changes": {day: _by_week(table, weeks) for day, table in found.changes.items()},
        }
    )


def _by_week(table: Table[Capacity], weeks: Mapping[str, WeeklyCapacity]) -> Table[Capacity]:
    """A table by calendars as one weekly pattern; what varies otherwise is left as it is."""
    if not isinstance(table, By) or table.attribute not in weeks:
        return table
    no, yes = (_by_week(table.cells.get(n, table.other or 0), weeks) for n in ("no", "yes"))
    patterns = [weeks[table.attribute]]
    for part in (no, yes):
        if part == "unlimited" or isinstance(part, By):
            return part
        patterns.append(part if isinstance(part, WeeklyCapacity) else WeeklyCapacity((), part))
    begins = sorted({begin for pattern in patterns for begin, _ in spells(pattern)})
    periods = []
    for begin, end in zip(begins, [*begins[1:], WEEK], strict=True):
        is_open, *units = (_at(pattern, begin) for pattern in patterns)
        periods.append((Period(begin, end), units[is_open]))
    return WeeklyCapacity(tuple(periods), 0)


def _at(pattern: WeeklyCapacity, minute: int) -> int:
    """The value of a weekly pattern at a minute of the week."""
    return [value for begin, value in spells(pattern) if begin <= minute][-1]


def closed_dates(
    calendar: Calendar, holidays: Collection[int] = ()
) -> Iterator[tuple[int, int | None]]:
    """The dates on which a calendar is closed whatever its week says.

    Each as the ordinal of the first date (0 is ever since) and of the one after the last, or None
    if there is no last. `holidays` are the ordinals of bank holidays.
    """
    if calendar.holidays == "never":
        for ordinal in holidays:
            yield ordinal, ordinal + 1
    if calendar.holidays == "only":
        after = [0, *(ordinal + 1 for ordinal in sorted(holidays))]
        yield from zip(after, [*sorted(holidays), None], strict=True)
    if calendar.since is not None:
        yield 0, calendar.since.toordinal()
    if calendar.until is not None:
        yield calendar.until.toordinal(), None
    for day in calendar.closed_on:
        yield day.toordinal(), day.toordinal() + 1
