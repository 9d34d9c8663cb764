"""Draw from a distribution by its inverse: u in (0, 1) in, a value that never falls as u rises out.

The same compiled functions serve both engines. Distributions reach them as a kind (an integer
code) and up to three numbers, made by `encode`; the values of an ``empirical`` distribution lie in
arrays that all distributions of a plan share.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.plan.arithmetic import exp, gamma_quantile, log, log_gamma, normal_quantile
from sim.plan.jit import jit
from sim.scenario.values import Distribution

CONSTANT = 0
EXPONENTIAL = 1
UNIFORM = 2
TRIANGULAR = 3
LOGNORMAL = 4
GAMMA = 5
WEIBULL = 6
EMPIRICAL = 7

KINDS = {
    "constant": CONSTANT,
    "exponential": EXPONENTIAL,
    "uniform": UNIFORM,
    "triangular": TRIANGULAR,
    "lognormal": LOGNORMAL,
    "gamma": GAMMA,
    "weibull": WEIBULL,
    "empirical": EMPIRICAL,
}

#: Longest value drawn: a time may be added to it without leaving the finite numbers.
LONGEST = 1e300

Encoded = tuple[int, float, float, float, tuple[float, ...], tuple[float, ...]]


def encode(distribution: Distribution) -> Encoded:
    """Turn a distribution into what `sample` takes.

    Returns
    -------
    kind, a, b, c, values, weights
        The code of its kind; three parameters (those not needed are 0); and, for ``empirical``,
        its values in increasing order and their weights, to be stored as `cumulate` gives them.
    """
    kind = KINDS[distribution.kind]
    given = distribution.parameters
    if kind == EMPIRICAL:
        return kind, 0.0, 0.0, 0.0, distribution.values, distribution.weights
    if kind == GAMMA:
        given = (*given, log_gamma(given[0]))
    a, b, c = (*given, 0.0, 0.0, 0.0)[:3]
    return kind, a, b, c, (), ()


def cumulate(weights: Sequence[float]) -> npt.NDArray[np.float64]:
    """Return the running sum of `weights`, whose last element is 1 exactly."""
    total = np.add.accumulate(np.asarray(weights, dtype=np.float64))
    total /= total[-1]
    return total


@jit("float64(int64, float64, float64, float64, float64)")
def sample_simple(kind: int, a: float, b: float, c: float, u: float) -> float:
    """Return the value at probability `u` of a distribution of any kind except ``empirical``."""
    if kind == CONSTANT:
        return a
    if kind == EXPONENTIAL:
        return -a * log(1.0 - u)
    if kind == LOGNORMAL:
        return min(exp(a + b * normal_quantile(u)), LONGEST)
    if kind == GAMMA:
        return min(b * gamma_quantile(a, c, u), LONGEST)
    if kind == WEIBULL:
        return min(b * exp(log(-log(1.0 - u)) / a), LONGEST)
    if kind == UNIFORM:
        return a + u * (b - a)
    if kind == TRIANGULAR:
        return _triangular(a, b, c, u)
    return math.nan


@jit
def sample(
    kind: int,
    a: float,
    b: float,
    c: float,
    values: npt.NDArray[np.float64],
    cumulative: npt.NDArray[np.float64],
    first: int,
    count: int,
    u: float,
) -> float:
    """Return the value at probability `u` of a distribution of any kind.

    An ``empirical`` distribution is ``values[first : first + count]`` with the running sums of
    its weights in `cumulative`; other kinds do not look at these.
    """
    if kind == EMPIRICAL:
        return _empirical(values, cumulative, first, count, u)
    return sample_simple(kind, a, b, c, u)


@jit
def _empirical(values: Any, cumulative: Any, first: int, count: int, u: float) -> float:
    low, high = first, first + count - 1
    while low < high:
        middle = (low + high) // 2
        if u < cumulative[middle]:
            high = middle
        else:
            low = middle + 1
    value: float = values[low]
    return value


@jit("float64(float64, float64, float64, float64)")
def _triangular(low: float, mode: float, high: float, u: float) -> float:
    width = high - low
    if u * width < mode - low:
        return low + math.sqrt(u * width * (mode - low))
    return high - math.sqrt((1.0 - u) * width * (high - mode))
