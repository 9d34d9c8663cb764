"""The means that the offered load is worked out from are those of the samplers."""

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from sim.scenario.analysis.means import longer_than, mean, mean_square
from sim.scenario.written.values import Distribution, Shaping


@pytest.mark.parametrize(
    ("distribution", "expected"),
    [
        (Distribution("constant", (7.0,)), 7.0),
        (Distribution("exponential", (20.0,)), stats.expon(scale=20.0).mean()),
        (Distribution("uniform", (5.0, 30.0)), 17.5),
        (Distribution("triangular", (0.0, 2.0, 10.0)), stats.triang(0.2, scale=10.0).mean()),
        (Distribution("lognormal", (2.0, 0.5)), stats.lognorm(0.5, scale=2.718281828**2).mean()),
        (Distribution("gamma", (2.5, 60.0)), stats.gamma(2.5, scale=60.0).mean()),
        (Distribution("weibull", (0.6, 12.0)), stats.weibull_min(0.6, scale=12.0).mean()),
        (Distribution("empirical", values=(1.0, 5.0), weights=(0.25, 0.75)), 4.0),
    ],
    ids=lambda value: getattr(value, "kind", ""),
)
def test_the_mean_is_the_mean_of_the_distribution(distribution, expected):
    assert mean(distribution) == pytest.approx(expected, rel=1e-8)


EXACT = [
    (Distribution("exponential", (20.0,)), stats.expon(scale=20.0)),
    (Distribution("uniform", (5.0, 30.0)), stats.uniform(5.0, 25.0)),
    (Distribution("triangular", (0.0, 2.0, 10.0)), stats.triang(0.2, scale=10.0)),
    (Distribution("lognormal", (2.0, 0.5)), stats.lognorm(0.5, scale=2.718281828**2)),
    (Distribution("gamma", (2.5, 60.0)), stats.gamma(2.5, scale=60.0)),
    (Distribution("weibull", (0.6, 12.0)), stats.weibull_min(0.6, scale=12.0)),
]


@pytest.mark.parametrize(("distribution", "exact"), EXACT, ids=lambda x: getattr(x, "kind", ""))
def test_the_mean_square_and_the_tail_are_those_of_the_distribution(distribution, exact):
    assert mean_square(distribution) == pytest.approx(exact.var() + exact.mean() ** 2, rel=1e-7)
    for share in (0.01, 0.2, 0.5, 0.9):
        assert longer_than(distribution, exact.isf(share)) == pytest.approx(share, abs=0.01)
    assert longer_than(distribution, 1e9) < 1e-9


QUANTILES = Distribution("quantiles", values=(2.0, 10.0, 100.0), weights=(0.0, 0.6, 0.4))

#: distributions, and scipy's or a function of u that is the same
TRUNCATED = [
    (Distribution("exponential", (20.0,)), stats.expon(scale=20.0).ppf),
    (Distribution("uniform", (5.0, 30.0)), stats.uniform(5.0, 25.0).ppf),
    (Distribution("triangular", (0.0, 2.0, 40.0)), stats.triang(0.05, scale=40.0).ppf),
    (Distribution("lognormal", (2.0, 0.9)), stats.lognorm(0.9, scale=math.exp(2.0)).ppf),
    (Distribution("gamma", (0.6, 60.0)), stats.gamma(0.6, scale=60.0).ppf),
    (Distribution("gamma", (40.0, 0.4)), stats.gamma(40.0, scale=0.4).ppf),
    (Distribution("weibull", (0.6, 12.0)), stats.weibull_min(0.6, scale=12.0).ppf),
    (Distribution("normal", (10.0, 12.0)), stats.norm(10.0, 12.0).ppf),
    (Distribution("log_logistic", (1.2, 15.0)), stats.fisk(1.2, scale=15.0).ppf),
    (Distribution("log_logistic", (0.5, 15.0)), stats.fisk(0.5, scale=15.0).ppf),
    (QUANTILES, lambda u: np.interp(u, [0.0, 0.6, 1.0], [2.0, 10.0, 100.0])),
]


@pytest.mark.parametrize(("distribution", "inverse"), TRUNCATED)
@pytest.mark.parametrize(("times", "plus"), [(1.0, 0.0), (1.5, 7.0)])
def test_the_moments_of_what_bounds_leave_are_those_of_the_values_within(
    distribution, inverse, times, plus
):
    values = plus + times * inverse((np.arange(400_000) + 0.5) / 400_000)
    left = values[(values >= 12.0) & (values <= 35.0)]
    shaped = replace(distribution, shaping=Shaping(times, plus, 12.0, 35.0))
    assert mean(shaped) == pytest.approx(left.mean(), rel=1e-4)
    assert mean_square(shaped) == pytest.approx((left**2).mean(), rel=1e-4)
    assert longer_than(shaped, 20.0) == pytest.approx((left > 20.0).mean(), abs=1e-4)
    assert longer_than(shaped, 40.0) == 0.0


@pytest.mark.parametrize(
    ("distribution", "exact"),
    [
        (Distribution("normal", (100.0, 5.0)), stats.norm(100.0, 5.0)),
        (Distribution("log_logistic", (3.5, 15.0)), stats.fisk(3.5, scale=15.0)),
    ],
)
def test_without_bounds_the_moments_are_the_known_ones(distribution, exact):
    assert mean(distribution) == pytest.approx(exact.mean(), rel=1e-9)
    assert mean_square(distribution) == pytest.approx(exact.var() + exact.mean() ** 2, rel=1e-9)
    assert longer_than(distribution, exact.isf(0.2)) == pytest.approx(0.2, rel=1e-9)


def test_a_constant_and_given_values_are_longer_than_what_is_less():
    assert longer_than(Distribution("constant", (7.0,)), 6.9) == 1.0
    assert longer_than(Distribution("constant", (7.0,)), 7.0) == 0.0
    given = Distribution("empirical", values=(1.0, 5.0), weights=(0.25, 0.75))
    assert longer_than(given, 1.0) == 0.75
    assert mean_square(given) == 0.25 + 0.75 * 25
