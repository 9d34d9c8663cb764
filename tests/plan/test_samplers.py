"""Every sampler is the inverse of its distribution, and keeps the order of the luck it is given."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.plan import samplers
from sim.plan.jit import jit, py
from sim.plan.keys import name_key, uniform
from sim.plan.samplers import cumulate, encode, sample, sample_simple
from sim.scenario.written.values import Distribution, Shaping

NO_VALUES = np.zeros(0)


def lognormal(mu, sigma):
    return stats.lognorm(s=sigma, scale=math.exp(mu))


def weibull(shape, scale):
    return stats.weibull_min(shape, scale=scale)


def triangular(low, mode, high):
    return stats.triang((mode - low) / (high - low), loc=low, scale=high - low)


class Truncated:
    """A distribution of scipy between two bounds, after being stretched and moved."""

    def __init__(self, inner, times=1.0, plus=0.0, at_least=-math.inf, at_most=math.inf):
        self.inner, self.times, self.plus = inner, times, plus
        self.below = inner.cdf((at_least - plus) / times)
        self.left = inner.cdf((at_most - plus) / times) - self.below

    def cdf(self, x):
        inner = self.inner.cdf((np.asarray(x) - self.plus) / self.times)
        return np.clip((inner - self.below) / self.left, 0.0, 1.0)

    def ppf(self, u):
        inner = self.inner.ppf(self.below + np.asarray(u) * self.left)
        return self.plus + self.times * inner


def shaped(kind, parameters, inner, **words):
    """A distribution with a shaping, and what scipy makes of it."""
    return Distribution(kind, parameters, shaping=Shaping(**words)), Truncated(inner, **words)


#: distributions as a scenario has them, and scipy's of the same
CONTINUOUS = {
    "exponential": (Distribution("exponential", (20.0,)), stats.expon(scale=20.0)),
    "uniform": (Distribution("uniform", (5.0, 30.0)), stats.uniform(5.0, 25.0)),
    "triangular": (Distribution("triangular", (2.0, 5.0, 30.0)), triangular(2.0, 5.0, 30.0)),
    "triangular from its mode": (
        Distribution("triangular", (0.0, 0.0, 7.0)),
        triangular(0.0, 0.0, 7.0),
    ),
    "triangular to its mode": (
        Distribution("triangular", (0.0, 7.0, 7.0)),
        triangular(0.0, 7.0, 7.0),
    ),
    "lognormal": (Distribution("lognormal", (2.0, 0.5)), lognormal(2.0, 0.5)),
    "long-tailed lognormal": (Distribution("lognormal", (8.0, 1.6)), lognormal(8.0, 1.6)),
    "gamma of shape 0.1": (Distribution("gamma", (0.1, 60.0)), stats.gamma(0.1, scale=60.0)),
    "gamma of shape 2.5": (Distribution("gamma", (2.5, 60.0)), stats.gamma(2.5, scale=60.0)),
    "erlang of 40 stages": (Distribution("gamma", (40.0, 0.5)), stats.gamma(40.0, scale=0.5)),
    "gamma of shape 3000": (Distribution("gamma", (3000.0, 0.01)), stats.gamma(3000.0, scale=0.01)),
    "weibull of shape 0.6": (Distribution("weibull", (0.6, 12.0)), weibull(0.6, 12.0)),
    "weibull of shape 3": (Distribution("weibull", (3.0, 12.0)), weibull(3.0, 12.0)),
    "normal": (Distribution("normal", (100.0, 5.0)), stats.norm(100.0, 5.0)),
    "log-logistic": (Distribution("log_logistic", (2.5, 30.0)), stats.fisk(2.5, scale=30.0)),
    "exponential from 5 to 60": shaped(
        "exponential", (20.0,), stats.expon(scale=20.0), at_least=5.0, at_most=60.0
    ),
    "normal above 0": shaped("normal", (10.0, 12.0), stats.norm(10.0, 12.0), at_least=0.0),
    "lognormal up to 20": shaped("lognormal", (2.0, 0.9), lognormal(2.0, 0.9), at_most=20.0),
    "gamma from 20 to 200": shaped(
        "gamma", (2.5, 30.0), stats.gamma(2.5, scale=30.0), at_least=20.0, at_most=200.0
    ),
    "weibull up to 30": shaped("weibull", (0.6, 12.0), weibull(0.6, 12.0), at_most=30.0),
    "log-logistic up to 900": shaped(
        "log_logistic", (1.2, 30.0), stats.fisk(1.2, scale=30.0), at_most=900.0
    ),
    "triangular from 4": shaped(
        "triangular", (2.0, 5.0, 30.0), triangular(2.0, 5.0, 30.0), at_least=4.0
    ),
    "uniform up to 20": shaped("uniform", (5.0, 30.0), stats.uniform(5.0, 25.0), at_most=20.0),
    "gamma stretched, moved and bounded": shaped(
        *("gamma", (2.5, 30.0), stats.gamma(2.5, scale=30.0)),
        times=1.5, plus=10.0, at_least=40.0, at_most=300.0,
    ),
}  # fmt: skip
EMPIRICAL = Distribution("empirical", values=(1.0, 2.0, 5.0, 60.0), weights=(0.1, 0.4, 0.25, 0.25))


@jit
def _draws(kind, a, b, c, values, cumulative, key, number):
    drawn = np.empty(number)
    for occurrence in range(number):
        u = uniform(key, np.uint64(1), occurrence)
        drawn[occurrence] = sample(kind, a, b, c, values, cumulative, 0, len(values), u)
    return drawn


def draws(distribution, key, number=50_000):
    """Draw with the uniform numbers of one fixed key."""
    kind, a, b, c, values, weights = encode(distribution)
    cumulative = cumulate(weights) if weights else NO_VALUES
    return _draws(kind, a, b, c, np.array(values), cumulative, np.uint64(name_key(key)), number)


def quantiles(distribution, u):
    """The sampler as a function of u alone, `sample_simple` where it can be used."""
    kind, a, b, c, values, weights = encode(distribution)
    if kind >= samplers.EMPIRICAL:
        shared = (np.array(values), cumulate(weights)) if weights else (NO_VALUES, NO_VALUES)
        return np.array([sample(kind, a, b, c, *shared, 0, len(values), float(p)) for p in u])
    return np.array([sample_simple(kind, a, b, c, float(p)) for p in u])


#: uniform numbers as the generator gives them: (j + 1/2) / 2^52
generated = st.builds(lambda j: (j + 0.5) / 2.0**52, st.integers(0, 2**52 - 1))


def written_quantiles(pairs):
    """The distribution with these probabilities and values."""
    weights = np.diff([0.0, *(p for p, _ in pairs)])
    return Distribution("quantiles", values=tuple(v for _, v in pairs), weights=tuple(weights))


QUANTILES = written_quantiles([(0.0, 2.0), (0.5, 10.0), (0.9, 40.0), (1.0, 100.0)])


def test_between_the_quantiles_of_a_list_lie_straight_lines():
    u = np.linspace(0.001, 0.999, 999)
    expected = np.interp(u, [0.0, 0.5, 0.9, 1.0], [2.0, 10.0, 40.0, 100.0])
    np.testing.assert_allclose(quantiles(QUANTILES, u), expected, rtol=1e-13)


def test_bounds_of_quantiles_and_of_given_values_truncate():
    bounded = replace(QUANTILES, shaping=Shaping(at_least=10.0, at_most=40.0))
    np.testing.assert_allclose(quantiles(bounded, [0.25, 0.5]), [17.5, 25.0], rtol=1e-12)
    some = replace(EMPIRICAL, shaping=Shaping(at_least=2.0, at_most=59.0))
    u = np.linspace(0.001, 0.999, 999)
    drawn = quantiles(some, u)
    assert set(drawn) == {2.0, 5.0}
    assert np.mean(drawn == 2.0) == pytest.approx(0.4 / 0.65, abs=0.002)


@given(st.floats(0.1, 50.0), st.floats(0.0, 40.0), st.floats(1.0, 60.0), generated)
def test_what_is_drawn_lies_within_the_bounds(sd, low, width, u):
    shaping = Shaping(at_least=low, at_most=low + width)
    (drawn,) = quantiles(Distribution("normal", (low + width / 3.0, sd), shaping=shaping), [u])
    assert low <= drawn <= low + width


@given(generated)
def test_a_shaping_without_bounds_leaves_the_luck_as_it_was(u):
    plain = Distribution("lognormal", (2.0, 0.5))
    (drawn,) = quantiles(replace(plain, shaping=Shaping(times=1.5, plus=7.0)), [u])
    assert drawn == 7.0 + 1.5 * quantiles(plain, [u])[0]


positive = st.floats(1e-3, 1e6)
increasing = st.lists(positive, min_size=3, max_size=3).map(sorted)
DISTRIBUTIONS = {
    "constant": st.builds(lambda v: Distribution("constant", (v,)), st.floats(0.0, 1e6)),
    "exponential": st.builds(lambda mean: Distribution("exponential", (mean,)), positive),
    "uniform": st.builds(lambda p: Distribution("uniform", (p[0], p[2])), increasing),
    "triangular": st.builds(lambda p: Distribution("triangular", tuple(p)), increasing),
    "lognormal": st.builds(
        lambda mu, sigma: Distribution("lognormal", (mu, sigma)),
        st.floats(-5.0, 15.0),
        st.floats(0.001, 5.0),
    ),
    "gamma": st.builds(
        lambda shape, scale: Distribution("gamma", (shape, scale)), st.floats(0.05, 1e4), positive
    ),
    "weibull": st.builds(
        lambda shape, scale: Distribution("weibull", (shape, scale)), st.floats(0.1, 50), positive
    ),
    "log_logistic": st.builds(
        lambda shape, scale: Distribution("log_logistic", (shape, scale)),
        st.floats(0.2, 50),
        positive,
    ),
    "quantiles": st.builds(
        lambda values: Distribution("quantiles", values=tuple(values), weights=(0.0, 0.2, 0.8)),
        increasing,
    ),
    "shaped": st.builds(
        lambda mean, times, plus, low, width: Distribution(
            "exponential",
            (mean,),
            shaping=Shaping(
                times, plus, plus + times * mean * low, plus + times * mean * (low + width)
            ),
        ),
        *(positive, st.floats(0.1, 10.0), st.floats(0.0, 100.0)),
        *(st.floats(0.0, 4.0), st.floats(0.1, 4.0)),
    ),
    "empirical": st.builds(
        lambda pairs: Distribution(
            "empirical", values=tuple(sorted(pairs)), weights=tuple(pairs[v] for v in sorted(pairs))
        ),
        st.dictionaries(positive, st.floats(0.01, 1.0), min_size=1, max_size=8),
    ),
}


def distributions(*kinds):
    """Distributions of these kinds, or of any."""
    return st.one_of([DISTRIBUTIONS[kind] for kind in kinds or DISTRIBUTIONS])


@pytest.mark.parametrize("name", CONTINUOUS)
def test_kolmogorov_and_smirnov_cannot_tell_the_draws_from_the_distribution(name):
    distribution, theory = CONTINUOUS[name]
    assert stats.kstest(draws(distribution, name), theory.cdf).pvalue > 0.001


@pytest.mark.parametrize("name", CONTINUOUS)
def test_equally_likely_cells_receive_equally_many_draws(name):
    distribution, theory = CONTINUOUS[name]
    edges = theory.ppf(np.linspace(0.0, 1.0, 101))
    counts, _ = np.histogram(draws(distribution, name + ", cells"), edges)
    assert counts.sum() == 50_000
    assert stats.chisquare(counts).pvalue > 0.001


def test_empirical_values_come_as_often_as_they_weigh():
    drawn = draws(EMPIRICAL, "empirical")
    counts = [np.count_nonzero(drawn == value) for value in EMPIRICAL.values]
    assert sum(counts) == len(drawn)
    assert stats.chisquare(counts, np.array(EMPIRICAL.weights) * len(drawn)).pvalue > 0.001


@pytest.mark.parametrize("name", CONTINUOUS)
def test_samplers_are_the_inverse_of_the_distribution_function(name):
    distribution, theory = CONTINUOUS[name]
    u = (np.array([0, 1, 2**20, 2**40, 2**51, 2**52 - 2**30]) + 0.5) / 2.0**52
    u = np.concatenate([u, np.linspace(0.001, 0.999, 999)])
    # scipy's own function and inverse, by which its distributions are truncated, are less exact,
    # and so is its inverse of the log-logistic close to 1
    plain = distribution.shaping is None and distribution.kind != "log_logistic"
    exact = 3e-13 if plain else 1e-8
    np.testing.assert_allclose(quantiles(distribution, u), theory.ppf(u), rtol=exact, atol=1e-14)


def test_an_empirical_value_takes_the_share_of_luck_that_it_weighs():
    u = [2.0**-53, 0.0999, 0.1, 0.4999, 0.5, 0.7499, 0.75, 1.0 - 2.0**-53]
    expected = [1.0, 1.0, 2.0, 2.0, 5.0, 5.0, 60.0, 60.0]
    assert quantiles(EMPIRICAL, u).tolist() == expected


def test_empirical_values_of_weight_zero_are_never_drawn():
    weights = (0.0, 0.5, 0.0, 0.5, 0.0)
    distribution = Distribution("empirical", values=(1.0, 2.0, 3.0, 4.0, 5.0), weights=weights)
    drawn = quantiles(distribution, [0.0, 2.0**-53, 0.4999, 0.5, 1.0 - 2.0**-53])
    assert drawn.tolist() == [2.0, 2.0, 2.0, 4.0, 4.0]


def test_an_empirical_distribution_is_found_in_the_middle_of_the_shared_arrays():
    values = np.array([100.0, 200.0, 1.0, 2.0, 300.0])
    cumulative = np.concatenate([cumulate([1.0, 1.0]), cumulate([1.0, 3.0]), cumulate([1.0])])
    drawn = [
        sample(samplers.EMPIRICAL, 0.0, 0.0, 0.0, values, cumulative, 2, 2, u)
        for u in (2.0**-53, 0.24, 0.25, 1.0 - 2.0**-53)
    ]
    assert drawn == [1.0, 1.0, 2.0, 2.0]


def test_running_sums_end_at_exactly_1():
    assert cumulate([0.1] * 10)[-1] == 1.0
    assert cumulate([1.0, 2.0, 5.0]).tolist() == [0.125, 0.375, 1.0]


@given(generated)
def test_a_constant_ignores_the_luck(u):
    assert quantiles(Distribution("constant", (12.5,)), [u]) == [12.5]


@given(distributions(), st.lists(generated, min_size=2, max_size=20))
def test_better_luck_never_gives_a_smaller_value(distribution, luck):
    drawn = quantiles(distribution, sorted(luck))
    assert np.all(np.isfinite(drawn))
    assert np.all(drawn >= 0.0)
    rounding = 1e-11 if distribution.kind == "gamma" else 1e-13
    assert np.all(drawn[1:] >= drawn[:-1] * (1.0 - rounding))


@given(
    distributions("constant", "exponential", "uniform", "triangular", "empirical"),
    st.integers(0, 2**52 - 10),
)
def test_simple_inverses_keep_the_order_of_even_neighbouring_uniform_numbers(distribution, j):
    drawn = quantiles(distribution, (np.arange(j, j + 10) + 0.5) / 2.0**52)
    assert np.all(drawn[1:] >= drawn[:-1])


@given(distributions("uniform", "triangular"), generated)
def test_bounded_distributions_stay_within_their_bounds(distribution, u):
    (drawn,) = quantiles(distribution, [u])
    assert distribution.parameters[0] <= drawn <= distribution.parameters[-1]


@given(distributions())
def test_the_least_luck_gives_the_least_value_and_not_nan(distribution):
    (drawn,) = quantiles(distribution, [0.0])
    assert math.copysign(1.0, drawn) == 1.0
    assert drawn <= quantiles(distribution, [2.0**-53])[0]


def test_a_distribution_without_spread_is_a_constant():
    for distribution in (
        Distribution("uniform", (4.0, 4.0)),
        Distribution("triangular", (4.0, 4.0, 4.0)),
        Distribution("lognormal", (0.0, 0.0)),
    ):
        assert len(set(quantiles(distribution, [2.0**-53, 0.3, 0.5, 0.9]))) == 1


def test_draws_too_large_to_reckon_with_are_cut_off():
    for distribution in (
        Distribution("lognormal", (0.0, 200.0)),
        Distribution("weibull", (0.001, 1.0)),
        Distribution("gamma", (2.0, 1e300)),
    ):
        assert quantiles(distribution, [0.999999]) == [samplers.LARGEST_DRAW]


def test_an_unknown_kind_gives_no_number():
    assert math.isnan(sample_simple(samplers.EMPIRICAL, 1.0, 1.0, 1.0, 0.5))
    assert math.isnan(sample_simple(99, 1.0, 1.0, 1.0, 0.5))


@given(distributions(), generated)
def test_python_and_compiled_code_agree_to_the_bit(distribution, u):
    kind, a, b, c, values, weights = encode(distribution)
    shared = (np.array(values), cumulate(weights)) if weights else (NO_VALUES, NO_VALUES)
    arguments = (kind, a, b, c, *shared, 0, len(values), u)
    assert np.float64(sample(*arguments)).tobytes() == np.float64(py(sample)(*arguments)).tobytes()
    if kind < samplers.EMPIRICAL:
        compiled = sample_simple(kind, a, b, c, u)
        assert np.float64(compiled).tobytes() == np.float64(sample(*arguments)).tobytes()
        plain = py(sample_simple)(kind, a, b, c, u)
        assert np.float64(compiled).tobytes() == np.float64(plain).tobytes()
