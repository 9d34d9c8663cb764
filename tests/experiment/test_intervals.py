"""Claims about t intervals and what is said of them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.experiment.intervals import CAUTION, MANY, statement, t_interval, t_quantile


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


@given(st.floats(-1e12, 1e12), st.integers(2, 50))
def test_equal_values_have_an_interval_of_no_width(value: float, number: int) -> None:
    interval = t_interval([value] * number)
    assert (interval.mean, interval.low, interval.high) == (value, value, value)


def test_zero_is_never_negative_zero() -> None:
    assert math.copysign(1, t_interval([-0.0, -0.0]).mean) == 1


def test_undefined_values_are_left_out_and_not_counted() -> None:
    assert t_interval([1.0, math.nan, 3.0]).number == 2
    assert t_interval([math.nan]).number == 0


def test_one_value_has_no_interval() -> None:
    interval = t_interval([7.0])
    assert interval.mean == 7
    assert math.isnan(interval.low) and math.isnan(interval.high)


def coverage(values: np.ndarray, truth: float) -> float:
    number = values.shape[1]
    half = t_quantile(number - 1) * values.std(axis=1, ddof=1) / math.sqrt(number)
    return float(np.mean(np.abs(values.mean(axis=1) - truth) <= half))


def test_the_printed_caution_is_true() -> None:
    """Ten values of a lognormal with sigma 1 (skewness 6): covered about 85 %, not 95."""
    luck = np.random.default_rng(20261121)
    skewed = coverage(luck.lognormal(0, 1, (40_000, 10)), math.exp(0.5))
    normal = coverage(luck.normal(0, 1, (40_000, 10)), 0.0)
    assert 0.82 < skewed < 0.87
    assert normal == pytest.approx(0.95, abs=0.005)
    assert "about 85 times in 100" in CAUTION


def test_the_statement_names_the_replications_and_warns_when_they_are_few() -> None:
    assert "no interval" in statement(1)
    assert statement(5).startswith("5 replications") and CAUTION in statement(5)
    assert CAUTION not in statement(MANY)
