"""Draw from a distribution by its inverse: a probability u in (0, 1) in, its quantile out.

The same compiled functions serve both engines. A distribution reaches them as a kind (an integer
code) and three numbers, made by `encode`; the values of ``empirical`` distributions lie in arrays
that all distributions of a plan share. Being inverses they keep the order of their luck: a larger
u never gives a smaller value, to within the rounding of the last few bits.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.plan.arithmetic import exp, log
from sim.plan.jit import jit
from sim.plan.quantiles import gamma_quantile, log_gamma, normal_quantile

if TYPE_CHECKING:  # a compiled draw should not have to wait for the reader of scenario files
    from sim.scenario.written.values import Distribution

CONSTANT = 0
EXPONENTIAL = 1
UNIFORM = 2
TRIANGULAR = 3
LOGNORMAL = 4
GAMMA = 5
WEIBULL = 6
EMPIRICAL = 7
# what follows is not for `sample_simple`, so that older kinds cost what they did
QUANTILES = 8
NORMAL = 9
LOG_LOGISTIC = 10
SHAPED = 11

#: Numbers before the values of a shaped distribution: kind, positions of the bounds, the bounds,
#: and what it is multiplied by and moved by.
HEADER = 7

#: Largest value drawn, so that a time plus a draw is always finite.
LARGEST_DRAW = 1e300

Array = npt.NDArray[np.float64]
Encoded = tuple[int, float, float, float, tuple[float, ...], tuple[float, ...]]


def encode(distribution: Distribution) -> Encoded:
    """Turn a distribution into what `sample` and `sample_simple` take.

    Returns
    -------
    kind : int
        One of the codes above.
    a, b, c : float
        The canonical parameters of `sim.scenario.written.values.PARAMETERS`, then zeros; the third
        of a gamma is the logarithm of the gamma function of its shape.
    values, weights : tuple of float
        Those of an ``empirical`` distribution or of ``quantiles``, to be laid into the shared
        arrays (the weights as `cumulate` gives them), behind the `HEADER` of a shaped one; empty
        for the other kinds.
    """
    if distribution.shaping is not None:
        return _encode_shaped(distribution)
    parameters = distribution.parameters
    match distribution.kind:
        case "constant":
            kind = CONSTANT
        case "exponential":
            kind = EXPONENTIAL
        case "uniform":
            kind = UNIFORM
        case "triangular":
            kind = TRIANGULAR
        case "lognormal":
            kind = LOGNORMAL
        case "gamma":
            kind = GAMMA
            parameters = (*parameters, log_gamma(parameters[0]))
        case "weibull":
            kind = WEIBULL
        case "empirical":
            kind = EMPIRICAL
        case "quantiles":
            kind = QUANTILES
        case "normal":
            kind = NORMAL
        case "log_logistic":
            kind = LOG_LOGISTIC
    a, b, c = (float(value) for value in (*parameters, 0.0, 0.0, 0.0)[:3])
    return kind, a, b, c, distribution.values, distribution.weights


def _encode_shaped(distribution: Distribution) -> Encoded:
    """Encode a distribution with a shaping: the one below it, behind a `HEADER`.

    The positions of the bounds are found by bisection of the very function that draws, so that
    they need no distribution function and are the same on every machine.
    """
    shaping = distribution.shaping
    assert shaping is not None
    kind, a, b, c, values, weights = encode(replace(distribution, shaping=None))
    cells = np.array(values or (0.0,), dtype=np.float64)
    sums = cumulate(weights or (1.0,))

    def value(u: float) -> float:
        drawn: float = _unshaped(kind, a, b, c, cells, sums, 0, len(values), u)
        return shaping.plus + shaping.times * drawn

    low, high = 0.0, 1.0
    if shaping.at_least > -math.inf:
        low = _first_position(lambda u: value(u) >= shaping.at_least)
    if shaping.at_most < math.inf:
        high = _first_position(lambda u: value(u) > shaping.at_most)
    header = (
        *(float(kind), low, high),
        *(shaping.at_least, shaping.at_most, shaping.times, shaping.plus),
    )
    sums_to_one = weights or (1.0,)
    empty = (0.0,) * (HEADER if weights else HEADER - 1)
    return SHAPED, a, b, c, (*header, *values), (*empty, *sums_to_one)


def _first_position(holds: Callable[[float], bool]) -> float:
    """Return the least u for which something holds that goes on holding; 1 if it never does."""
    below, above = 0.0, 1.0
    if holds(below):
        return below
    while below < (middle := below + (above - below) / 2.0) < above:
        if holds(middle):
            above = middle
        else:
            below = middle
    return above


def cumulate(weights: Sequence[float]) -> Array:
    """Return the running sums of `weights` over their total, so that the last is exactly 1."""
    sums = np.add.accumulate(np.asarray(weights, dtype=np.float64))  # sequential, unlike np.sum
    shares: Array = sums / sums[-1]
    return shares


@jit("float64(int64, float64, float64, float64, float64)")
def sample_simple(kind: int, a: float, b: float, c: float, u: float) -> float:
    """Return the quantile of `u` of a distribution of one of the kinds before `EMPIRICAL`.

    Of the others, nan.

    Parameters
    ----------
    kind, a, b, c
        The distribution, from `encode`.
    u
        Probability in (0, 1), as `sim.plan.keys.uniform` gives them.
    """
    if kind == CONSTANT:
        return a
    if kind == EXPONENTIAL:
        return 0.0 - a * log(1.0 - u)  # 0 minus: for u = 0 the result is 0, not -0
    if kind == LOGNORMAL:
        return min(exp(a + b * normal_quantile(u)), LARGEST_DRAW)
    if kind == GAMMA:
        return min(b * gamma_quantile(a, c, u), LARGEST_DRAW)
    if kind == WEIBULL:
        return min(b * exp(log(0.0 - log(1.0 - u)) / a), LARGEST_DRAW)
    if kind == UNIFORM:
        return min(a + u * (b - a), b)
    if kind == TRIANGULAR:
        return _triangular(a, b, c, u)
    return math.nan


@jit("float64(float64, float64, float64, float64)")
def _triangular(low: float, mode: float, high: float, u: float) -> float:
    # each half is kept on its side of the mode, where rounding could let them overlap
    width = high - low
    if u * width < mode - low:
        return min(low + math.sqrt(u * width * (mode - low)), mode)
    return max(high - math.sqrt((1.0 - u) * width * (high - mode)), mode)


@jit
def sample(
    kind: int,
    a: float,
    b: float,
    c: float,
    values: Array,
    cumulative: Array,
    first: int,
    count: int,
    u: float,
) -> float:
    """Return the quantile of `u` of a distribution of any kind.

    Parameters
    ----------
    kind, a, b, c
        The distribution, from `encode`.
    values, cumulative
        Shared arrays: an ``empirical`` distribution is ``values[first : first + count]``, in
        increasing order, with the running sums of its weights (`cumulate`) beside it.
    first, count
        Where it is; kinds before `EMPIRICAL`, normal and log-logistic do not look at these four.
    u
        Probability in (0, 1).
    """
    if kind == SHAPED:
        low, high = values[first + 1], values[first + 2]
        inner = low + u * (high - low)
        drawn = _unshaped(
            int(values[first]), a, b, c, values, cumulative, first + HEADER, count - HEADER, inner
        )
        shaped = values[first + 6] + values[first + 5] * drawn
        kept: float = min(min(max(shaped, values[first + 3]), values[first + 4]), LARGEST_DRAW)
        return kept
    return _unshaped(kind, a, b, c, values, cumulative, first, count, u)


@jit
def _unshaped(
    kind: int,
    a: float,
    b: float,
    c: float,
    values: Array,
    cumulative: Array,
    first: int,
    count: int,
    u: float,
) -> float:
    """Return the quantile of `u` of a distribution of any kind that is not shaped."""
    if kind == EMPIRICAL:
        drawn: float = values[_exceeding(cumulative, first, count, u)]
        return drawn
    if kind == QUANTILES:
        return _between(values, cumulative, first, count, u)
    if kind == NORMAL:
        return a + b * normal_quantile(u)
    if kind == LOG_LOGISTIC:
        return min(b * exp((log(u) - log(1.0 - u)) / a), LARGEST_DRAW)
    return sample_simple(kind, a, b, c, u)


@jit
def _between(values: Array, cumulative: Array, first: int, count: int, u: float) -> float:
    """Return the value on the straight lines between the quantiles of a list."""
    above = max(_exceeding(cumulative, first, count, u), first + 1)
    low, high = values[above - 1], values[above]
    part = (u - cumulative[above - 1]) / (cumulative[above] - cumulative[above - 1])
    value: float = min(low + part * (high - low), high)
    return value


@jit
def _exceeding(cumulative: Array, first: int, count: int, u: float) -> int:
    """Return where the first running sum is that exceeds `u`."""
    low = first
    high = first + count - 1
    while low < high:
        middle = (low + high) // 2
        if u < cumulative[middle]:
            high = middle
        else:
            low = middle + 1
    return low
