"""Streams of arrivals: when, how many, who; and that a rate only adds or removes."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from scipy import stats

from sim.plan.candidates import TooManyError
from sim.plan.demand import draw_candidates
from sim.plan.plan import Plan, Records
from sim.plan.population import draw_population, with_cases
from sim.plan.streams import with_newcomers
from tests.plan import small

#: a test that the truth fails once in a thousand times
SURE = 1e-3

#: 2024-01-01, a Monday
YEAR = {"start": "2024-01-01", "duration": "364 days"}


def plan(rate: Any, run: dict[str, Any] = YEAR, crises: Any = None, **changes: Any) -> Plan:
    """A stream with this rate, to which nothing else comes unless said."""
    arrivals = {"come": {"rate": rate, "first": "serve"}}
    return small.plan(run=run, crises=crises or {}, arrivals=arrivals, **changes)


def arrived(of: Plan, replication: int = 1) -> Records:
    people = with_cases(of, draw_population(of, 1), 1, replication)
    return draw_candidates(of, people, 1, replication).copy()


def fit(counts: npt.NDArray[np.int64], expected: Any) -> float:
    """p-value of independent Poisson counts of known means."""
    expected = np.asarray(expected, dtype=float)
    distance = float(((counts - expected) ** 2 / expected).sum())
    return float(stats.chi2.sf(distance, counts.size))


def test_arrivals_are_poisson_by_weekday_and_hour_with_the_rates_written() -> None:
    """Counts of 52 weeks in each of 168 hours, rates that change at odd minutes among them."""
    came = arrived(
        plan({"mon-fri 08:00-12:20": "12 per hour", "sat": "40 per day", "other": "2 per hour"})
    )
    hourly = np.full((7, 24), 2.0)
    hourly[:5, 8:12] = 12.0
    hourly[:5, 12] = 12 / 3 + 2 * 2 / 3
    hourly[5] = 40 / 24
    counts = np.bincount((came["time"] // 60).astype(int) % 168, minlength=168)
    assert fit(counts, 52 * hourly.ravel()) > SURE


def test_within_an_hour_arrivals_follow_the_minute_at_which_the_rate_changes() -> None:
    came = arrived(plan({"mon-sun 08:00-08:15": "40 per hour", "other": 0}))
    minute = came["time"] % 1440 - 480
    assert ((minute >= 0) & (minute < 15)).all()
    assert stats.kstest(minute / 15, "uniform").pvalue > SURE


def test_calendars_decide_the_rate_by_date() -> None:
    calendars = {"off": {"open": "always", "since": "2024-03-04", "until": "2024-03-18"}}
    came = arrived(plan({"by": "off", "yes": 0, "no": "5 per day"}, calendars=calendars))
    day = came["time"] // 1440
    assert not ((day >= 63) & (day < 77)).any()
    assert len(came) == pytest.approx(350 * 5, abs=4 * (350 * 5) ** 0.5)


def test_a_higher_rate_adds_arrivals_and_moves_none() -> None:
    few, many = arrived(plan("5 per hour")), arrived(plan("7.5 per hour"))
    assert set(few["key"].tolist()) < set(many["key"].tolist())
    same = many[np.isin(many["key"], few["key"])]
    for field in ("time", "layer", "ordinal"):
        assert (same[field] == few[field]).all()


def test_every_arrival_has_a_name_and_a_person_of_its_own() -> None:
    came = arrived(plan("20 per hour", people={"number": 7}, crises=NEED))
    come = came[came["person"] >= 7]
    names = {(int(c["layer"]), int(c["ordinal"])) for c in come}
    assert len(names) == len(come) > 1000
    assert sorted(come["person"]) == list(range(7, 7 + len(come)))


NEED = {"need": {"rate": "1 per day", "first": "serve"}}


def test_crises_are_what_they_are_without_arrivals() -> None:
    alone = small.plan(run=YEAR, crises=NEED)
    beside = arrived(plan("3 per hour", crises=NEED))
    mine, theirs = arrived(alone), beside[beside["person"] < 20]
    for field in ("time", "key", "person", "ordinal"):
        assert (mine[field] == theirs[field]).all()


def test_who_arrives_is_like_somebody_drawn_from_the_strata() -> None:
    strata = "age,people\nold,30\nyoung,70\n"
    people = {
        "strata": "strata.csv",
        "attributes": {"frail": {"shares": {"by": "age", "old": {"no": 0.5, "yes": 0.5},
                                            "young": "no"}}},
    }  # fmt: skip
    of = plan("5 per hour", people=people, strata=strata)
    came = arrived(of)
    everyone = with_newcomers(of, draw_population(of, 1), came)
    width = len(of.world.person_columns)
    new = everyone.levels.reshape(-1, width)[100:]
    names = [of.attributes[a] for a in of.world.person_columns]
    old = new[:, names.index("age")] == of.levels[of.attributes.index("age")].index("old")
    frail = new[:, names.index("frail")] == of.levels[of.attributes.index("frail")].index("yes")
    assert len(new) == len(came)
    assert stats.binomtest(int(old.sum()), len(new), 0.3).pvalue > SURE
    assert stats.binomtest(int(frail[old].sum()), int(old.sum()), 0.5).pvalue > SURE
    assert not frail[~old].any()


def test_days_with_more_arrivals_than_can_be_told_apart_are_refused() -> None:
    wild = {"hour": [1] + [0] * 23}
    arrivals = {"come": {"rate": "9000 per hour", "profile": wild, "first": "serve"}}
    with pytest.raises(TooManyError, match="arrivals of `come` in an hour"):
        arrived(small.plan(crises={}, arrivals=arrivals))
