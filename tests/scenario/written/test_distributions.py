"""Distributions as written have the moments they say."""

from __future__ import annotations

import math

import pytest
from scipy import stats

from sim.scenario.written.distributions import duration_distribution, number_distribution
from sim.scenario.written.values import Distribution
from tests.scenario.reading import complaint, complaints, parsed


def frozen(distribution: Distribution) -> stats.rv_continuous:
    """The same distribution in scipy."""
    p = distribution.parameters
    match distribution.kind:
        case "lognormal":
            return stats.lognorm(s=p[1], scale=math.exp(p[0]))
        case "gamma":
            return stats.gamma(p[0], scale=p[1])
        case "weibull":
            return stats.weibull_min(p[0], scale=p[1])
    raise ValueError(distribution.kind)


@pytest.mark.parametrize(
    "text",
    [
        "{lognormal: {mean: 11 days, sd: 12 days}}",
        "{gamma: {mean: 11 days, sd: 12 days}}",
        "{gamma: {shape: 3, mean: 11 days}}",
        "{weibull: {shape: 1.7, mean: 11 days}}",
        "{erlang: {shape: 3, mean: 11 days}}",
    ],
)
def test_the_mean_is_the_one_written(text: str) -> None:
    assert frozen(parsed(duration_distribution, text)).mean() == pytest.approx(11 * 1440)


@pytest.mark.parametrize("kind", ["lognormal", "gamma"])
def test_the_standard_deviation_is_the_one_written(kind: str) -> None:
    found = parsed(duration_distribution, f"{{{kind}: {{mean: 4 h, sd: 90 min}}}}")
    assert frozen(found).std() == pytest.approx(90)


def test_a_lognormal_of_quartiles_has_them() -> None:
    found = parsed(duration_distribution, "{lognormal: {median: 20 min, iqr: [10 min, 40 min]}}")
    assert frozen(found).ppf([0.25, 0.5, 0.75]) == pytest.approx([10, 20, 40])


def test_an_erlang_is_a_gamma() -> None:
    erlang = parsed(duration_distribution, "{erlang: {shape: 2, mean: 1 h}}")
    assert erlang == parsed(duration_distribution, "{gamma: {shape: 2, scale: 30 min}}")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("20 min", Distribution("constant", (20.0,))),
        ("{constant: 20 min}", Distribution("constant", (20.0,))),
        ("{constant: {value: 20 min}}", Distribution("constant", (20.0,))),
        ("{exponential: {mean: 1 h}}", Distribution("exponential", (60.0,))),
        ("{uniform: {high: 1 h, low: 1 min}}", Distribution("uniform", (1.0, 60.0))),
        (
            "{triangular: {low: 1 min, mode: 2 min, high: 1 h}}",
            Distribution("triangular", (1.0, 2.0, 60.0)),
        ),
        ("{weibull: {shape: 2, scale: 1 h}}", Distribution("weibull", (2.0, 60.0))),
    ],
)
def test_canonical_parameters(text: str, expected: Distribution) -> None:
    assert parsed(duration_distribution, text) == expected


def test_an_empirical_distribution_is_sorted_and_its_weights_sum_to_one() -> None:
    text = "{empirical: {values: [3 min, 1 min, 3 min, 2 min], weights: [1, 1, 1, 0]}}"
    found = parsed(duration_distribution, text)
    assert found.values == (1.0, 3.0)
    assert found.weights == pytest.approx((1 / 3, 2 / 3))


def test_values_without_weights_are_equally_likely() -> None:
    found = parsed(duration_distribution, "{empirical: {values: [1 h, 1 min]}}")
    assert found == Distribution("empirical", (), (1.0, 60.0), (0.5, 0.5))


def test_a_distribution_of_numbers_has_no_units_and_one_of_durations_has() -> None:
    plain = parsed(number_distribution, "{lognormal: {mean: 1, sd: 10 %}}")
    timed = parsed(number_distribution, "{uniform: {low: 1 h, high: 2 h}}")
    assert frozen(plain).std() == pytest.approx(0.1)
    assert timed == Distribution("uniform", (60.0, 120.0))


@pytest.mark.parametrize(
    ("text", "what", "nearest"),
    [
        ("{lognormal: {mean: 9 min}}", "`lognormal` needs `sd` as well", ""),
        ("{lognormal: {mean: 9 min, std: 1 min}}", "`lognormal` has no parameter `std`", "sd"),
        ("{lognormal: {mean: 9 min, sd: 1 min, iqr: [1, 2]}}",
         "`lognormal` cannot be given by these parameters", ""),
        ("{lognorml: {mean: 9 min, sd: 1 min}}", "`lognorml` is not a distribution", "lognormal"),
        ("{exponential: 9 min}", "`exponential` without named parameters", ""),
        ("exponential", "a distribution without its parameters", ""),
        ("{exponential: {mean: 0 min}}", "`mean` must be above 0", ""),
        ("{lognormal: {mean: 1 min, sd: 0 min}}", "`sd` must be above 0", ""),
        ("{lognormal: {mean: 1 min, sd: 9 h}}", "`sd` is out of proportion to `mean`", ""),
        ("{uniform: {low: 2 h, high: 1 h}}", "`low` is above `high`", ""),
        ("{triangular: {low: 1 h, mode: 3 h, high: 2 h}}",
         "`low`, `mode` and `high` must be in increasing order", ""),
        ("{erlang: {shape: 1.5, mean: 1 h}}", "not a whole number", ""),
        ("{gamma: {shape: 0, scale: 1 h}}", "the number is too small", ""),
        ("{lognormal: {median: 1 h, iqr: [2 h, 3 h]}}",
         "`median` must lie between the quartiles, all above 0", ""),
        ("{lognormal: {median: 1 h, iqr: 3 h}}", "`iqr` is not two quartiles", ""),
        ("{empirical: {values: [1 h], weights: [1, 2]}}", "every value needs one weight", ""),
        ("{empirical: {values: [1 h], weights: [0]}}", "all weights are 0", ""),
        ("{empirical: {values: []}}", "`values` is not a list", ""),
        ("{yes: 3 min, no: 4 min}", "not a distribution (a table needs `by`)", ""),
        ("{}", "not a distribution (an empty mapping)", ""),
    ],
)  # fmt: skip
def test_what_is_no_distribution_says_why(text: str, what: str, nearest: str) -> None:
    found = complaint(duration_distribution, text)
    assert (found.what, found.nearest) == (what, nearest)


def test_every_bad_parameter_is_named_with_its_path() -> None:
    found = complaints(duration_distribution, "{triangular: {low: 1, mode: 2 mins, high: x}}")
    assert [c.path for c in found] == [("triangular", "low"), ("triangular", "high")]
