from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.measure.people import covered_minutes


def test_coverage_that_stays_covers_those_below_it_all_the_time() -> None:
    numbers = np.array([0.1, 0.59, 0.6, 0.9, 2.0])
    covered = covered_minutes(numbers, np.array([0.0]), np.array([0.6]), (100.0, 200.0))
    assert covered == pytest.approx(2 * 100)


def test_nobody_is_covered_before_the_first_date() -> None:
    numbers = np.array([0.1, 0.2])
    covered = covered_minutes(numbers, np.array([150.0]), np.array([1.0]), (100.0, 200.0))
    assert covered == pytest.approx(2 * 50)


def test_growing_coverage_reaches_each_person_in_turn() -> None:
    times, shares = np.array([0.0, 100.0]), np.array([0.0, 1.0])
    # covered from minutes 25 and 75 on, up to 200
    covered = covered_minutes(np.array([0.25, 0.75]), times, shares, (0.0, 200.0))
    assert covered == pytest.approx(175 + 125)


def test_a_programme_may_also_shrink() -> None:
    times, shares = np.array([0.0, 100.0]), np.array([1.0, 0.0])
    assert covered_minutes(np.array([0.25]), times, shares, (0.0, 200.0)) == pytest.approx(75)


points = st.lists(
    st.tuples(st.integers(-50, 150), st.integers(0, 10)),
    min_size=1,
    max_size=5,
    unique_by=lambda point: point[0],
).map(sorted)


@given(points=points, numbers=st.lists(st.floats(0.0, 2.0), max_size=6))
def test_covered_time_is_what_counting_minute_by_minute_gives(
    points: list[tuple[int, int]], numbers: list[float]
) -> None:
    times = np.array([time for time, _ in points], dtype=np.float64)
    shares = np.array([share / 10 for _, share in points])
    people = np.array(numbers, dtype=np.float64)
    moments = np.arange(0, 100, 0.01) + 0.005
    coverage = np.where(moments < times[0], 0.0, np.interp(moments, times, shares))
    counted = sum(0.01 * np.count_nonzero(number < coverage) for number in people)
    exact = covered_minutes(people, times, shares, (0.0, 100.0))
    assert exact == pytest.approx(counted, abs=0.05 * (1 + len(numbers)))
