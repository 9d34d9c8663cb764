from __future__ import annotations

import math

import numpy as np
import pytest

from sim.measure import occupancy, occupancy_shares
from tests.measure.hand import Patient, Visit, context, logs_of, measured, with_capacity


def held(person: int, begin: float, end: float | None, turnaround: float = 0.0) -> Patient:
    return Patient([Visit("treat", begin, begin, end, turnaround=turnaround)], person=person)


def test_turnaround_is_use_but_not_occupancy() -> None:
    made = with_capacity(context(horizon=100.0), "cubicles", (0.0, 2))
    of = measured(made, held(1, 0, 30, turnaround=10), held(2, 50, None))
    assert of("utilisation", "cubicles") == pytest.approx((40 + 50) / 200)
    assert of("in_use_mean", "cubicles") == pytest.approx(80 / 100)
    assert of("capacity_mean", "cubicles") == pytest.approx(2)


def test_capacity_is_counted_within_the_measured_time() -> None:
    made = context(warm_up=20.0, horizon=100.0)
    made = with_capacity(made, "cubicles", (0.0, 5), (40.0, 1), (60.0, 3))
    of = measured(made, held(1, 0, 30))
    assert of("capacity_mean", "cubicles") == pytest.approx((5 * 20 + 1 * 20 + 3 * 40) / 80)
    assert of("utilisation", "cubicles") == pytest.approx(10 / 240)


def test_unlimited_and_no_capacity_have_no_utilisation() -> None:
    made = with_capacity(context(horizon=100.0), "crews", (0.0, 0))
    of = measured(made, held(1, 0, 30))
    assert math.isnan(of("utilisation", "cubicles"))
    assert math.isnan(of("capacity_mean", "cubicles"))
    assert math.isnan(of("utilisation", "crews"))
    assert of("in_use_mean", "cubicles") == pytest.approx(0.3)


def test_overtime_is_use_beyond_a_capacity_that_has_fallen() -> None:
    made = with_capacity(context(horizon=300.0), "cubicles", (0.0, 3), (60.0, 1), (200.0, 3))
    of = measured(
        made,
        held(1, 0, 90),
        held(2, 10, 120),
        held(3, 20, 150, turnaround=30),
    )
    # three in use beyond one: two until 90, one until 120, none after
    assert of("overtime_hours", "cubicles") == pytest.approx((2 * 30 + 1 * 30) / 60)


def test_overtime_is_cut_by_the_warm_up_and_still_there_at_the_horizon() -> None:
    made = context(warm_up=80.0, horizon=100.0)
    made = with_capacity(made, "cubicles", (0.0, 2), (60.0, 0))
    of = measured(made, held(1, 0, 90), held(2, 10, None))
    assert of("overtime_hours", "cubicles") == pytest.approx((2 * 10 + 1 * 10) / 60)


def test_most_in_use_counts_who_was_there_when_measuring_began() -> None:
    made = context(warm_up=50.0, horizon=100.0)
    of = measured(made, held(1, 0, 60), held(2, 10, 55), held(3, 20, 30), held(4, 58, 70))
    assert of("in_use_max", "cubicles") == 2


def test_occupancy_over_time_is_just_after_each_moment() -> None:
    made = context(horizon=100.0)
    logs = logs_of(made, held(1, 0, 30), held(2, 10, 20), held(3, 30, None))
    at = occupancy(made, logs, "cubicles", [99, 0, 5, 10, 20, 29, 30])
    assert at.tolist() == [1, 1, 1, 2, 1, 1, 1]


def test_shares_of_time_at_each_occupancy_sum_to_one() -> None:
    made = context(warm_up=5.0, horizon=105.0)
    logs = logs_of(made, held(1, 0, 30), held(2, 10, 20), held(3, 50, None))
    shares = occupancy_shares(made, logs, "cubicles")
    np.testing.assert_allclose(shares, [20 / 100, (5 + 10 + 55) / 100, 10 / 100])


def test_of_an_unknown_resource_the_known_ones_are_named() -> None:
    made = context()
    with pytest.raises(KeyError, match="cubicles"):
        occupancy(made, logs_of(made, held(1, 0, 30)), "cubicle", [0])


def test_a_resource_is_full_while_no_unit_is_free_and_there_are_any() -> None:
    made = with_capacity(context(warm_up=10.0, horizon=100.0), "cubicles", (0.0, 2), (50.0, 0))
    of = measured(made, held(1, 0, 30), held(2, 5, 20, turnaround=5), held(3, 40, 60))
    # both in use from 5, measured from 10, until the second is ready again at 25
    assert of("full_share", "cubicles") == pytest.approx(15 / 40)
    assert math.isnan(of("full_share", "crews"))  # unlimited


def test_a_full_resource_stays_full_until_the_horizon() -> None:
    made = with_capacity(context(horizon=100.0), "cubicles", (0.0, 1), (50.0, 2))
    of = measured(made, held(1, 20, None))
    assert of("full_share", "cubicles") == pytest.approx(30 / 100)


def test_the_overrun_at_closing_is_that_of_the_last_to_be_served() -> None:
    changes = ((0.0, 2), (60.0, 0), (100.0, 1), (200.0, 0), (250.0, 1), (300.0, 0))
    made = with_capacity(context(horizon=400.0), "cubicles", *changes)
    of = measured(
        made,
        held(1, 0, 70),
        held(2, 50, 65, turnaround=15),
        held(3, 110, 130),
        held(4, 260, None),
    )
    # closes at 60 and runs over by 20; at 200 nobody is there; at 300 until the horizon
    assert of("closing_overrun_mean", "cubicles") == pytest.approx((20 + 0 + 100) / 3)


def test_an_overrun_ends_at_the_latest_when_it_opens_again() -> None:
    made = with_capacity(context(horizon=100.0), "cubicles", (0.0, 1), (20.0, 0), (50.0, 1))
    of = measured(made, held(1, 10, 90))
    assert of("closing_overrun_mean", "cubicles") == pytest.approx(30)


def test_what_never_closes_has_no_overrun() -> None:
    of = measured(with_capacity(context(horizon=100.0), "cubicles", (0.0, 1)), held(1, 0, 30))
    assert math.isnan(of("closing_overrun_mean", "cubicles"))
