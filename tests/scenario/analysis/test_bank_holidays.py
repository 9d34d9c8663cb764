"""England's bank holidays, as gov.uk/bank-holidays lists them, and what is like a Sunday then."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np

from sim.plan.compile import compile_plan
from sim.plan.plan import Plan
from sim.scenario.analysis.averages import mean_capacity, measured_days
from sim.scenario.analysis.bank_holidays import bank_holidays
from tests.plan import small

DAY = 1440.0

#: month and day; recalled from gov.uk's list, and each a date that the law's rules give
ENGLAND = {
    2023: "01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26",
    2024: "01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26",
    2025: "01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26",
    2026: "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28",
    2027: "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28",
}

#: Monday 22 April to Sunday 19 May 2024; Monday 6 May is a bank holiday
RUN = {"start": "2024-04-22", "duration": "28 days"}
MONDAY = 14 * DAY


def test_bank_holidays_of_england_are_where_they_are() -> None:
    run = {"start": "2023-01-01", "duration": f"{5 * 365 + 1} days"}
    found = bank_holidays(small.model(run=run, holidays="england"))
    listed = [f"{year}-{day}" for year, days in ENGLAND.items() for day in days.split()]
    assert [date.fromordinal(day).isoformat() for day in sorted(found)] == listed
    assert set(found.values()) == {6}


def test_a_bank_holiday_is_like_a_sunday_in_profiles_and_capacities() -> None:
    nurse = {"capacity": {"mon-sat 08:00-20:00": 5, "sun 10:00-16:00": 1}}
    profile = {"weekday": [2, 1, 1, 1, 1, 1, 0.5], "hour": {"mon-sat": [1] * 24, "sun": HOURS}}
    crises = {"need": {"rate": 3, "first": "serve", "profile": profile}}
    written: dict[str, Any] = {"run": RUN, "resources": {"nurse": nurse}, "crises": crises}
    usual, model = small.plan(**written), small.model(holidays="england", **written)
    plan = compile_plan(model)
    factors, before = plan.profiles.factor[0].reshape(-1, 24), usual.profiles.factor[0]
    assert (factors[14] == factors[13]).all()  # Sunday the 5th and Monday the 6th
    assert (np.delete(factors, 14, 0) == np.delete(before.reshape(-1, 24), 14, 0)).all()
    assert on(plan, MONDAY) == [(600.0, 1), (960.0, 0)]
    assert on(plan, MONDAY + DAY) == on(usual, MONDAY + DAY) == [(480.0, 5), (1200.0, 0)]
    assert on(usual, MONDAY) == [(480.0, 5), (1200.0, 0)]
    hours = 23 * 12 * 5 + 5 * 6
    assert mean_capacity(model.resources["nurse"], measured_days(model)) == hours / 24 / 28


def test_calendars_may_know_bank_holidays_from_other_days() -> None:
    def opened(of: Any, **calendar: Any) -> list[tuple[float, int]]:
        calendars = {"hours": {"open": "always", **calendar}}
        plan = small.plan(run=RUN, holidays=of, calendars=calendars)
        span = plan.world.schedules[0]
        rows = plan.world.changes[span["first"] : span["end"]]
        return [(float(time), int(value)) for time, value in rows.tolist()]

    assert opened("england", holidays="only") == [(0, 0), (MONDAY, 1), (MONDAY + DAY, 0)]
    assert opened("england", holidays="never") == [(0, 1), (MONDAY, 0), (MONDAY + DAY, 1)]
    on_mondays = {"open": "mon 08:00-12:00", "holidays": "only"}
    assert opened("england", **on_mondays) == [(0, 0)]
    assert opened({"of": "england", "like": "itself"}, **on_mondays) == [
        *[(0, 0), (MONDAY + 480, 1), (MONDAY + 720, 0)],
    ]


def test_slots_of_a_bank_holiday_are_those_of_the_day_it_is_like() -> None:
    slots = {
        "mon-fri 09:00-10:00": {"every": "30 min", "places": 2},
        "sun 12:00-12:20": {"every": "20 min", "places": 1},
    }
    need = {"need": {"rate": 3, "first": "serve"}}
    pathway = {"serve": {"book": "nurse", "within": "2 days", "route": "done", "balk_to": "done"}}
    written: dict[str, Any] = {
        "run": RUN,
        "crises": need,
        "resources": {"nurse": {"slots": slots}},
        "pathway": pathway,
    }

    def begin(holidays: Any) -> list[tuple[float, float, int]]:
        more = {} if holidays is None else {"holidays": holidays}
        found = small.plan(**written, **more).world.slot_times
        rows = found[["begins", "ends", "places"]].tolist()
        return [(t - MONDAY, e - MONDAY, p) for t, e, p in rows if 0 <= t - MONDAY < DAY]

    assert begin(None) == [(540, 570, 2), (570, 600, 2)]
    assert begin("england") == [(720, 740, 1)]
    assert begin({"of": "england", "like": "sat"}) == []


def test_streams_arrive_on_a_bank_holiday_as_on_the_day_it_is_like() -> None:
    rate = {"mon-fri 09:00-12:00": "6 per hour", "sun": "1 per hour"}
    arrivals = {"walk_in": {"rate": rate, "first": "serve"}}
    rates = small.plan(run=RUN, holidays="england", arrivals=arrivals).streams.rates
    there = [(t - MONDAY, 60 * r) for t, r in rates.tolist() if -DAY <= t - MONDAY < 2 * DAY]
    assert there == [(-DAY, 1), (DAY, 0), (DAY + 540, 6), (DAY + 720, 0)]


HOURS = [0.0] * 8 + [1.0] * 16


def on(plan: Plan, midnight: float) -> list[tuple[float, int]]:
    """The changes of capacity on a day, by minutes after midnight."""
    span = plan.world.schedules[plan.world.resources[0]["schedule"]]
    rows = plan.world.changes[span["first"] : span["end"]]
    return [
        (float(time) - midnight, int(value))
        for time, value in rows.tolist()
        if midnight < time < midnight + DAY
    ]
