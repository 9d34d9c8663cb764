"""The least that meets a target: right where theory knows it, honest where none does."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from sim.experiment.designs.design import Variant
from sim.experiment.executor import Local
from sim.experiment.seeking.search import looks, seek
from sim.experiment.seeking.target import BadTargetError, Target, read_target, sureness
from sim.experiment.tasks.lab import Lab
from sim.experiment.verification.theory import mmc_wait

STAFF = """\
title: A desk
run: {start: 2024-04-01, warm_up: 1 day, duration: 6 days, replications: 10, seed: 4}
people: {number: 100000}
crises: {need: {rate: 1 per min, first: ask}}
resources: {staff: {capacity: 12}}
pathway: {ask: {seize: staff, delay: {exponential: {mean: 10 min}}, route: done}}
"""


def test_staffing_is_what_erlang_says(tmp_path: Path) -> None:
    """Ten at work on average: the least staff for a mean wait below 2 minutes, by Erlang C."""
    goal = 2.0
    exact = {c: mmc_wait(1.0, 10.0, c) for c in range(11, 21)}
    right = min(c for c, wait in exact.items() if wait < goal)
    # the staffing rule of the square root: load plus a small multiple of its root
    assert right == 10 + math.ceil(0.9 * math.sqrt(10))
    file = tmp_path / "staff.yaml"
    file.write_text(STAFF)
    lab = Lab((str(file),), measures=("wait_mean/ask",), executor=Local(1))

    def wait(value: float, number: int) -> np.ndarray:
        variant = Variant(f"{value}", overrides={"resources.staff.capacity": int(value)})
        return lab([variant], range(1, number + 1)).of("wait_mean/ask")[0]

    found = seek(wait, range(11, 21), read_target("wait_mean/ask < 2 min"), 0.95, 40)
    assert (found.answer, found.fails, found.rising) == (right, right - 1, True)
    assert len(found.points) <= 7


def noisy(mean_at, spread: float = 1.0, seed: int = 1):  # type: ignore[no-untyped-def]
    luck = np.random.default_rng(seed).normal(0, spread, 200)
    return lambda value, number: mean_at(value) + luck[:number]


def test_where_no_value_meets_the_target_that_is_the_answer() -> None:
    found = seek(noisy(lambda x: 100 - x), range(50), Target("m", -1, 10), 0.95, 40)
    assert found.answer is None and found.fails == 49


def test_what_cannot_be_told_is_not_claimed() -> None:
    """At the best value the mean is the target: neither is said of it, at any number of looks."""
    found = seek(noisy(lambda x: 60 - x), range(51), Target("m", -1, 10.0), 0.999, 20)
    assert found.answer is None
    assert found.at(50).verdict == "unsure" and found.at(50).replications == 20
    assert found.fails is not None and found.fails < 50


def test_where_every_value_meets_it_the_worst_is_the_answer() -> None:
    found = seek(noisy(lambda x: 5 - x), range(3, 50), Target("m", -1, 10), 0.95, 40)
    assert (found.answer, found.fails, len(found.points)) == (3, None, 2)


def test_less_may_be_better() -> None:
    found = seek(noisy(lambda x: 2.0 * x, 0.1), range(100), Target("m", -1, 51), 0.95, 40)
    assert (found.answer, found.fails, found.rising) == (25, 26, False)


def test_a_value_that_changes_nothing_is_said_to() -> None:
    found = seek(noisy(lambda x: 7.0), range(100), Target("m", -1, 51), 0.95, 40)
    assert found.rising is None and found.answer == 0


def test_few_values_are_run_of_many() -> None:
    found = seek(noisy(lambda x: 5000 - x), range(10_000), Target("m", -1, 0), 0.95, 40)
    assert found.answer in (5001, 5002)
    assert len(found.points) < 32


def test_looks_double_up_to_the_most() -> None:
    assert looks(50) == (10, 20, 40, 50)
    assert looks(10) == (10,)
    assert looks(4) == (4,)


def test_what_is_said_to_meet_the_target_does_so_often_enough() -> None:
    """Of 200 searches at 90 %, those that stop too early are at most 10 % and three errors."""
    wrong = 0
    for seed in range(200):
        measure = noisy(lambda x: (20 - x) * 0.25, seed=seed)
        found = seek(measure, range(41), Target("m", -1, 0.0), 0.9, 40)
        wrong += found.answer is not None and found.answer <= 20
    assert wrong <= 33


def test_sureness_of_a_share_is_on_the_scale_of_its_interval() -> None:
    values = np.array([0.01, 0.02, 0.03, 0.06, 0.02, 0.04])
    assert 0.8 < sureness(values, Target("m", -1, 0.05, "share", 1.0)) < 1
    assert sureness(values, Target("m", 1, 0.05, "share", 1.0)) < 0.2
    assert sureness(np.zeros(9), Target("m", -1, 0.05, "share", 1.0)) == 1.0
    assert math.isnan(sureness([math.nan, 1.0], Target("m", -1, 3.0)))


@pytest.mark.parametrize(
    ("text", "measure", "side", "value"),
    [
        ("ae_over_12_hours < 5 %", "ae_over_12_hours", -1, 0.05),
        ("ae_within_4_hours>=0.78", "ae_within_4_hours", 1, 0.78),
        ("wait_mean/ask < 1 h 30 min", "wait_mean/ask", -1, 90.0),
        ("acute_length_of_stay_mean <= 36 h", "acute_length_of_stay_mean", -1, 1.5),
        ("ae_attendances > 1,000", "ae_attendances", 1, 1000.0),
    ],
)
def test_targets_are_read_in_the_unit_of_the_measure(
    text: str, measure: str, side: int, value: float
) -> None:
    found = read_target(text)
    assert (found.measure, found.side, found.value) == (measure, side, pytest.approx(value))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ae_over_12_hours", "is no target"),
        ("ae_over_12_hour < 5 %", "did you mean `ae_over_12_hours`?"),
        ("wait_mean/ask < 20", "a duration needs a unit"),
        ("ae_over_12_hours < soon", "`ae_over_12_hours`: 'soon' is no number of share"),
        ("ae_over_12_hours < 5", "is at most 1"),
    ],
)
def test_targets_that_cannot_be_read_are_explained(text: str, said: str) -> None:
    with pytest.raises(BadTargetError) as error:
        read_target(text)
    assert said in str(error.value)
