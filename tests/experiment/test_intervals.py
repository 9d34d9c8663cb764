"""Claims about t intervals and what is said of them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.experiment.intervals import (
    CAUTION,
    MANY,
    difference_interval,
    mean_interval,
    statement,
    t_interval,
    t_quantile,
)


@pytest.mark.parametrize(
    ("degrees", "quantile"), [(1, 12.706), (4, 2.776), (9, 2.262), (29, 2.045), (10**6, 1.95997)]
)
def test_quantiles_are_those_of_the_printed_tables(degrees: int, quantile: float) -> None:
    assert t_quantile(degrees) == pytest.approx(quantile, abs=6e-4)


def test_a_worked_example() -> None:
    # mean 3, sd sqrt(2.5), n 5: 3 +- 2.776 * sqrt(2.5 / 5)
    interval = t_interval([1, 2, 3, 4, 5])
    assert interval.mean == 3
    assert interval.high - 3 == pytest.approx(2.776445 * math.sqrt(0.5), rel=1e-6)
    assert 3 - interval.low == pytest.approx(interval.high - 3)


@given(st.floats(0, 1e12), st.integers(2, 50))
def test_equal_values_have_no_variation(value: float, number: int) -> None:
    for interval in (mean_interval([value] * number), difference_interval([value] * number)):
        assert interval.kind == "no variation"
        assert (interval.mean, interval.low, interval.high) == (value, value, value)


def test_zero_is_never_negative_zero() -> None:
    assert math.copysign(1, difference_interval([-0.0, -0.0]).mean) == 1


def test_undefined_values_are_left_out_and_not_counted() -> None:
    assert mean_interval([1.0, math.nan, 3.0]).number == 2
    assert mean_interval([math.nan]).number == 0


def test_one_value_has_no_interval() -> None:
    interval = mean_interval([7.0])
    assert (interval.mean, interval.kind) == (7, "none")
    assert math.isnan(interval.low) and math.isnan(interval.high)


@given(st.lists(st.floats(0, 1), min_size=2, max_size=40))
def test_the_interval_of_a_share_is_a_share(values: list[float]) -> None:
    interval = mean_interval(values, most=1.0)
    assert 0 <= interval.low <= interval.mean + 1e-12
    assert interval.mean - 1e-12 <= interval.high <= 1


@given(st.lists(st.floats(0, 1e9), min_size=2, max_size=40))
def test_the_interval_of_a_count_or_a_time_has_nothing_below_zero(values: list[float]) -> None:
    interval = mean_interval(values)
    assert 0 <= interval.low <= interval.mean * (1 + 1e-12)
    assert interval.high >= interval.mean * (1 - 1e-12)


@given(st.lists(st.floats(-1, 1), min_size=2, max_size=40))
def test_a_difference_of_shares_is_one_that_can_be(values: list[float]) -> None:
    interval = difference_interval(values, most=1.0)
    assert -1 <= interval.low <= interval.high <= 1


def test_four_replications_give_the_range_and_five_an_interval() -> None:
    values = [3.0, 1.0, 2.0, 8.0, 5.0]
    few, enough = mean_interval(values[:4]), mean_interval(values)
    assert (few.kind, few.low, few.high) == ("range", 1.0, 8.0)
    assert enough.kind == "95 %"


def test_a_share_above_one_is_not_forced_below_it() -> None:
    """Utilisation may exceed 1; should a share do so by mistake, its interval still holds it."""
    values = [1.1, 1.3, 0.9, 1.2, 1.4]
    for most in (1.0, math.inf):
        interval = mean_interval(values, most)
        assert interval.low < interval.mean < interval.high


def coverage(values: np.ndarray, truth: float) -> float:
    found = (mean_interval(row) for row in values)
    return float(np.mean([item.low <= truth <= item.high for item in found]))


def test_the_printed_caution_is_true() -> None:
    """Ten values of a lognormal: as spread as the mean 90 %, three times as spread 80 %."""
    luck = np.random.default_rng(20261121)
    one, three = math.sqrt(math.log(2)), math.sqrt(math.log(10))
    assert coverage(luck.lognormal(-(one**2) / 2, one, (4000, 10)), 1) == pytest.approx(
        0.90, abs=0.02
    )
    assert coverage(luck.lognormal(-(three**2) / 2, three, (4000, 10)), 1) == pytest.approx(
        0.80, abs=0.025
    )
    assert coverage(luck.normal(5, 1, (4000, 10)), 5.0) == pytest.approx(0.95, abs=0.015)
    assert "about 90 times in 100" in CAUTION
    assert "80 in 100" in CAUTION


def test_the_statement_names_the_replications_and_warns_when_they_are_few() -> None:
    assert "no interval" in statement(1)
    assert "no 95 % interval" in statement(4)
    assert statement(5).startswith("5 replications") and CAUTION in statement(5)
    assert CAUTION not in statement(MANY)
