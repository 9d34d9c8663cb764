"""Claims about weekly patterns: plan, check and report read the same minutes out of one."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.plan.schedules import schedules
from sim.scenario.analysis.averages import closed_share, daily_units, days_from, open_share
from sim.scenario.analysis.weekly import is_ever_zero, spells
from sim.scenario.language.model import Calendar, Resource
from sim.scenario.written.values import Capacity, Period, WeeklyCapacity
from sim.scenario.written.weeks import DAY, WEEK

units = st.integers(0, 5)


@st.composite
def patterns(draw: st.DrawFn) -> WeeklyCapacity:
    """Periods that do not overlap, some of them next to each other, ending as late as Sunday."""
    edges = sorted(draw(st.sets(st.integers(0, WEEK), min_size=2, max_size=9)))
    pairs = [*pairwise(edges)]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True))
    periods = [(Period(*pair), draw(units)) for pair in sorted(chosen)]
    return WeeklyCapacity(tuple(periods), draw(units))


def said(pattern: WeeklyCapacity, minute: int) -> int:
    """What the pattern says of one minute of the week, looked up in the plainest way."""
    for period, value in pattern.periods:
        if period.start <= minute < period.end:
            return value
    return pattern.other


def by_minute(resource: Resource, start: date, days: int) -> list[int]:
    """Units in every minute of a run, as the plan has them."""
    _, changes = schedules({}, [[resource]], start, days * DAY)
    edges = [*changes["time"].astype(int).tolist(), days * DAY]
    return np.repeat(changes["value"], np.diff(edges)).tolist()


@given(patterns())
def test_the_spells_of_a_week_say_what_its_periods_say(pattern: WeeklyCapacity) -> None:
    begins = [begin for begin, _ in spells(pattern)]
    assert begins[0] == 0 and begins == sorted(set(begins)) and begins[-1] < WEEK
    for begin, value in spells(pattern):
        assert value == said(pattern, begin)
    changed = {edge % WEEK for period, _ in pattern.periods for edge in (period.start, period.end)}
    assert changed <= {*begins, 0}
    assert is_ever_zero(pattern) == (0 in {value for _, value in spells(pattern)})


@given(patterns(), units, st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 9))
def test_plan_and_check_agree_on_every_day(
    pattern: WeeklyCapacity, later: int, start: date, after: int
) -> None:
    changes: dict[date, Capacity] = {start + timedelta(days=after): later}
    resource = Resource.model_construct(capacity=pattern, changes=changes)
    planned = np.array(by_minute(resource, start, 14)).reshape(14, DAY)
    days = days_from(start, 14)
    expected = [daily_units(pattern)[day] for day in days.weekday[:after]]
    expected += [float(later)] * (14 - after)
    assert planned.mean(axis=1).tolist() == expected
    flat = np.ones((14, 24))
    assert abs(closed_share(resource, days, flat) - (planned == 0).mean()) < 1e-12


@given(
    patterns(),
    st.dates(date(2024, 1, 1), date(2024, 1, 20)),
    st.dates(date(2024, 1, 1), date(2024, 1, 20)),
    st.dates(date(2024, 1, 1), date(2024, 1, 20)),
)
def test_plan_and_check_agree_on_when_a_calendar_is_open(
    pattern: WeeklyCapacity, since: date, until: date, closed: date
) -> None:
    calendar = Calendar.model_construct(
        open=tuple(period for period, _ in pattern.periods),
        since=since,
        until=until,
        closed_on=(closed,),
    )
    start = date(2024, 1, 4)
    _, changes = schedules({"open": calendar}, [], start, 14 * DAY)
    edges = np.minimum([*changes["time"], np.inf], 14 * DAY)
    minutes = float((changes["value"] * np.diff(edges)).sum())
    share = open_share(calendar, days_from(start, 14), np.ones((14, 24)))
    assert abs(share - minutes / (14 * DAY)) < 1e-12
