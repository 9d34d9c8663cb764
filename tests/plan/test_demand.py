"""Candidate crises: how many, when, whose, and what may prevent them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.plan.demand import draw_candidates
from sim.plan.plan import NONE, Plan, Records
from sim.plan.population import draw_population, with_cases
from tests.plan import small

DAYS = 10
RUN = {"start": "2024-05-01", "duration": f"{DAYS} days"}


def candidates(plan: Plan, replication: int = 1) -> Records:
    people = with_cases(plan, draw_population(plan, 1), 1, replication)
    return draw_candidates(plan, people, 1, replication).copy()


def need(people: int = 200, **crisis: Any) -> Plan:
    """Candidates of one crisis with these fields, ten a day on average."""
    written = {"rate": "10 per day", "first": "serve", **crisis}
    return small.plan(run=RUN, people={"number": people}, crises={"need": written})


def test_the_number_of_candidates_is_poisson_about_rate_times_time() -> None:
    plan = need()
    counts = [len(candidates(plan, number)) for number in range(1, 41)]
    assert np.mean(counts) == pytest.approx(10 * DAYS, abs=4 * (10 * DAYS / 40) ** 0.5)


def test_candidates_stand_in_order_of_time_within_the_run() -> None:
    times = candidates(need())["time"]
    assert (np.diff(times) >= 0).all()
    assert times[0] >= 0
    assert times[-1] < DAYS * 1440


def test_the_last_hour_may_be_cut_short() -> None:
    plan = small.plan(
        run={"start": "2024-05-01", "duration": "90 min"},
        people={"number": 200},
        crises={"need": {"rate": "40 per hour", "first": "serve"}},
    )
    times = np.concatenate([candidates(plan, number)["time"] for number in range(1, 21)])
    assert times.max() < 90
    assert len(times) == pytest.approx(20 * 60, abs=4 * (20 * 60) ** 0.5)
    assert (times >= 60).sum() == pytest.approx(20 * 20, abs=4 * (20 * 20) ** 0.5)


def test_nobody_comes_in_hours_whose_factor_is_nought() -> None:
    morning = [0.0] * 8 + [1.0] * 4 + [0.0] * 12
    hours = candidates(need(profile={"hour": morning}))["time"] % 1440 / 60
    assert len(hours) > 50
    assert ((hours >= 8) & (hours < 12)).all()


def test_a_relative_rate_accepts_the_same_candidates_and_more_where_it_is_higher() -> None:
    """Below 1 it keeps those whose number is lower; above 1 it adds a layer of its own."""

    def kept(rate: float) -> set[tuple[int, int, int]]:
        plan = need(relative_rates={"care": rate})
        found = candidates(plan)
        happen = found[found["thin"] < rate]
        return {(int(c["person"]), int(c["layer"]), int(c["ordinal"])) for c in happen}

    half, whole, more = kept(0.5), kept(1), kept(2.5)
    assert half < whole < more
    assert {layer for _, layer, _ in whole} == {0}
    assert {layer for _, layer, _ in more} == {0, 1, 2}
    assert len(half) == pytest.approx(50, abs=4 * 50**0.5)
    assert len(more) == pytest.approx(250, abs=4 * 250**0.5)


def test_candidates_without_relative_rates_always_happen() -> None:
    assert (candidates(need())["thin"] == 0).all()


def test_a_candidate_depends_on_its_person_alone() -> None:
    """With more people and the same rate of each, those there were have the same crises."""

    def of_first(people: int) -> list[tuple[float, int]]:
        plan = small.plan(
            run=RUN,
            people={"number": people},
            crises={"need": {"rate": 20_000, "first": "serve"}},
        )
        found = candidates(plan)
        return [(float(c["time"]), int(c["key"])) for c in found if c["person"] < 50]

    assert len(of_first(50)) > 10
    assert of_first(50) == of_first(80)


def test_cases_come_when_it_is_said_behind_the_people_and_nothing_thins_them() -> None:
    plan = small.plan(
        run=RUN,
        crises={
            "a_need": {"rate": 0, "first": "serve"},
            "need": {"rate": 0, "first": "serve", "relative_rates": {"care": 0}},
        },
        cases={
            "mr_a": {"crisis": "need", "at": "2024-05-03 06:30"},
            "mrs_b": {"crisis": "a_need", "at": "2024-05-02 10:00"},
        },
    )
    found = candidates(plan)
    assert found["time"].tolist() == [1440 + 600, 2 * 1440 + 390]
    assert found["person"].tolist() == [21, 20]
    assert found["case"].tolist() == [1, 0]
    assert found["crisis"].tolist() == [0, 1]
    assert found["thin"].tolist() == [0, 0]


def test_who_is_no_case_says_so() -> None:
    assert (candidates(need())["case"] == NONE).all()


def test_days_differ_by_replication_and_not_on_average() -> None:
    plan = need(rate="40 per day", profile={"day_to_day": 0.5})
    by_day = np.array(
        [
            np.bincount((candidates(plan, number)["time"] // 1440).astype(int), minlength=DAYS)
            for number in range(1, 41)
        ]
    )
    of_poisson, of_days = 40, (0.5 * 40) ** 2
    assert by_day.mean() == pytest.approx(40, abs=4 * ((of_poisson + of_days) / 400) ** 0.5)
    assert by_day.var() == pytest.approx(of_poisson + of_days, rel=0.35)


def test_bad_days_that_are_shared_come_together() -> None:
    days = {"own": 0.2, "shared": "weather", "cv": 0.4}
    plan = small.plan(
        run=RUN,
        people={"number": 500},
        crises={
            name: {"rate": "40 per day", "first": "serve", "profile": {"day_to_day": variation}}
            for name, variation in (("fall", days), ("illness", days), ("injury", 0.2))
        },
    )
    both, apart = [], []
    for number in range(1, 81):
        found = candidates(plan, number)
        falls, illnesses, injuries = (
            np.bincount(
                (found["time"][found["crisis"] == crisis] // 1440).astype(int), minlength=DAYS
            )
            for crisis in range(3)
        )
        both += list((falls - 40.0) * (illnesses - 40.0))
        apart += list((falls - 40.0) * (injuries - 40.0))
    for products, covariance in ((both, (0.4 * 40) ** 2), (apart, 0.0)):
        error = np.std(products) / len(products) ** 0.5
        assert np.mean(products) == pytest.approx(covariance, abs=4 * error)
        assert error < 64  # a quarter of the covariance that there is
