"""Dates and weeks become minutes: worked out on a calendar, in a run from Wednesday 1 May 2024."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from sim.plan.plan import NONE, Records
from sim.plan.schedules import coverages, minutes, schedules
from tests.plan import small

START = date(2024, 5, 1)  # a Wednesday
DAY = 1440.0
FOUR_WEEKS = 28 * DAY
HOURS_OF_DAY = {"open": "mon-fri 08:00-18:00"}

Changes = list[tuple[float, int]]


def calendar(**written: Any) -> Changes:
    """The changes of a calendar over four weeks."""
    return changes_of(calendars={"hours": written})


def capacity(**written: Any) -> Changes:
    """The changes of a resource's capacity over four weeks."""
    return changes_of(resources={"nurse": written})


def changes_of(**sections: Any) -> Changes:
    made = small.model(**sections)
    sheets = [] if made.calendars else [[resource] for resource in made.resources.values()]
    return listed(*schedules(made.calendars, sheets, START, FOUR_WEEKS))


def listed(spans: Records, changes: Records) -> Changes:
    """The changes of the only schedule."""
    assert len(spans) == 1
    return [(float(time), int(value)) for time, value in changes.tolist()]


def value(changes: Changes, time: float) -> int:
    """The value of a schedule at a time."""
    return [each for at, each in changes if at <= time][-1]


def test_a_day_begins_so_many_minutes_after_the_start() -> None:
    assert minutes(START, date(2024, 5, 1)) == 0
    assert minutes(START, date(2024, 5, 2)) == DAY
    assert minutes(START, date(2024, 4, 30)) == -DAY


def test_a_calendar_opens_and_closes_by_the_minute_and_not_at_weekends() -> None:
    first_days = [change for change in calendar(**HOURS_OF_DAY) if change[0] < 6 * DAY]
    assert first_days == [
        (0, 0),
        (480, 1),  # Wednesday 8:00
        (1080, 0),
        (DAY + 480, 1),
        (DAY + 1080, 0),
        (2 * DAY + 480, 1),
        (2 * DAY + 1080, 0),  # Friday 18:00
        (5 * DAY + 480, 1),  # Monday
        (5 * DAY + 1080, 0),
    ]


def test_open_since_a_date_is_open_on_that_date_and_not_the_day_before() -> None:
    """`since` is the first date on which it can be open: from its first minute."""
    assert calendar(open="always", since="2024-05-03") == [(0, 0), (2 * DAY, 1)]


def test_until_a_date_is_closed_from_the_first_minute_of_that_date() -> None:
    assert calendar(open="always", until="2024-05-03") == [(0, 1), (2 * DAY, 0)]


def test_since_and_until_bound_whole_days_of_the_week_too() -> None:
    bounded = calendar(**HOURS_OF_DAY, since="2024-05-02", until="2024-05-04")
    assert bounded == [
        (0, 0),
        (DAY + 480, 1),
        (DAY + 1080, 0),
        (2 * DAY + 480, 1),
        (2 * DAY + 1080, 0),
    ]


def test_closed_on_a_date_is_closed_for_that_day_alone() -> None:
    closed = calendar(open="always", closed_on=["2024-05-04", "2024-05-08"])
    assert closed == [(0, 1), (3 * DAY, 0), (4 * DAY, 1), (7 * DAY, 0), (8 * DAY, 1)]


def test_a_date_of_closing_ends_within_the_hours_that_follow_it() -> None:
    """Thursday 2 May is closed; on Friday the week goes on as written."""
    closed = calendar(**HOURS_OF_DAY, closed_on=["2024-05-02"])
    assert [change for change in closed if change[0] < 3 * DAY] == [
        (0, 0),
        (480, 1),
        (1080, 0),
        (2 * DAY + 480, 1),
        (2 * DAY + 1080, 0),
    ]


def test_dates_before_the_run_or_beyond_it_change_nothing_in_it() -> None:
    def calendar_in_run(**written: Any) -> Changes:
        return [change for change in calendar(open="always", **written) if change[0] < FOUR_WEEKS]

    always = [(0, 1)]
    assert calendar_in_run(since="2024-04-01") == always
    assert calendar_in_run(since="2024-05-01") == always
    assert calendar_in_run(until="2024-09-01") == always
    assert calendar_in_run(closed_on=["2024-04-30"]) == always


def test_open_from_the_first_minute_where_the_run_begins_within_a_period() -> None:
    night = calendar(open="tue-wed 22:00-06:00")
    assert night[:3] == [(0, 1), (360, 0), (1320, 1)]


def test_a_period_that_begins_with_the_run_or_with_a_change_holds_from_its_first_minute() -> None:
    assert calendar(open="wed")[:3] == [(0, 1), (DAY, 0), (7 * DAY, 1)]
    monday = {"mon 00:00-12:00": 4, "other": 3}
    changed = capacity(capacity=7, changes={"2024-05-06": monday})
    assert changed[:3] == [(0, 7), (5 * DAY, 4), (5 * DAY + 720, 3)]


def test_a_weekly_pattern_repeats_every_week() -> None:
    weekly = calendar(**HOURS_OF_DAY)
    for time in range(0, int(3 * 7 * DAY), 90):
        assert value(weekly, time) == value(weekly, time + 7 * DAY)


def test_capacity_follows_its_week_and_what_is_not_named_is_other() -> None:
    week = capacity(capacity={"mon-sun 08:00-20:00": 4, "sat 20:00-24:00": 2, "other": 1})
    assert [change for change in week if change[0] < DAY] == [(0, 1), (480, 4), (1200, 1)]
    assert value(week, 3 * DAY + 1199) == 4
    assert value(week, 3 * DAY + 1200) == 2  # Saturday evening
    assert value(week, 4 * DAY) == 1


def test_a_change_of_capacity_holds_from_the_first_minute_of_its_date() -> None:
    changed = capacity(capacity=2, changes={"2024-05-03": 5, "2024-05-10": "unlimited"})
    assert changed == [(0, 2), (2 * DAY, 5), (9 * DAY, NONE)]


def test_a_change_to_a_week_begins_within_that_week() -> None:
    changed = capacity(capacity=7, changes={"2024-05-03": {"mon-fri 08:00-18:00": 3, "other": 0}})
    assert [change for change in changed if change[0] < 6 * DAY] == [
        (0, 7),
        (2 * DAY, 0),
        (2 * DAY + 480, 3),
        (2 * DAY + 1080, 0),
        (5 * DAY + 480, 3),
        (5 * DAY + 1080, 0),
    ]


def test_a_change_before_the_run_holds_from_its_start_and_one_beyond_it_never() -> None:
    assert capacity(capacity=2, changes={"2024-04-01": 5}) == [(0, 5)]
    assert capacity(capacity=2, changes={"2024-05-29": 5}) == [(0, 2)]
    assert capacity(capacity=2, changes={"2024-05-28": 5}) == [(0, 2), (27 * DAY, 5)]


def test_a_change_to_the_same_is_no_change() -> None:
    assert capacity(capacity=2, changes={"2024-05-03": 2, "2024-05-05": 3}) == [
        (0, 2),
        (4 * DAY, 3),
    ]


def test_calendars_stand_before_capacities_and_each_has_a_span_of_its_own() -> None:
    made = small.model(
        calendars={"hours": HOURS_OF_DAY, "never": {"open": "always", "until": "2024-05-01"}},
        resources={"nurse": {"capacity": 3}},
    )
    spans, changes = schedules(made.calendars, [[made.resources["nurse"]]], START, DAY)
    of = [changes[span["first"] : span["end"]].tolist() for span in spans]
    assert of == [[(0, 0), (480, 1), (1080, 0)], [(0, 0)], [(0, 3)]]


def test_coverage_is_given_at_the_first_minute_of_its_dates() -> None:
    written = {"2024-05-11": "60 %", "2024-05-01": "20 %", "2024-05-21": "30 %"}
    made = small.model(programmes={"team": {"coverage": written}})
    spans, points = coverages(made.programmes.values(), START)
    assert spans.tolist() == [(0, 3)]
    assert points.tolist() == [(0, 0.2), (10 * DAY, 0.6), (20 * DAY, pytest.approx(0.3))]
