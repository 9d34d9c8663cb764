"""Means over replications and their 95 % t intervals, and what may be said of them.

Replications of one seed are independent of each other, so the mean of n of them has a
Student t interval with n - 1 degrees of freedom. Its coverage is 95 % only as far as means of n
are normal: `CAUTION` says so wherever intervals are shown.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

#: probability an interval is meant to have
LEVEL = 0.95

#: replications below which the caution is printed
MANY = 30

CAUTION = (
    "A 95 % t interval on few replications is only as good as the normality of their mean: for a "
    "strongly skewed measure (costs, rare events, long waits) an interval on 10 replications "
    "covers the truth about 85 times in 100, not 95."
)


@dataclass(frozen=True, slots=True)
class Interval:
    """Mean of `number` values with its 95 % t interval; bounds are NaN below two values."""

    mean: float
    low: float
    high: float
    number: int


def t_interval(values: npt.ArrayLike) -> Interval:
    """Mean and 95 % t interval of independent values; NaN (undefined) values are left out.

    Values that are all equal give an interval of no width at exactly that value: a null option
    has a difference of 0 (0 to 0).
    """
    array = np.asarray(values, dtype=np.float64)
    array = array[~np.isnan(array)]
    number = array.size
    if number == 0:
        return Interval(math.nan, math.nan, math.nan, 0)
    if np.all(array == array[0]):
        mean = float(array[0]) + 0.0  # adding 0 turns a negative zero into a plain one
        return Interval(mean, *((mean, mean) if number > 1 else (math.nan, math.nan)), number)
    mean = float(array.mean())
    half = t_quantile(number - 1) * float(array.std(ddof=1)) / math.sqrt(number)
    return Interval(mean, mean - half, mean + half, number)


def t_quantile(degrees: int) -> float:
    """Half-width of a 95 % t interval in standard errors."""
    from scipy.special import stdtrit

    return float(stdtrit(degrees, 0.5 + LEVEL / 2))


def statement(number: int) -> str:
    """Say in words how many replications stand behind an interval, and what that is worth."""
    if number < 2:
        return (
            "1 replication: one draw of luck and no interval. "
            "Use --replications 5 or more before reading anything into a difference."
        )
    text = f"{number} replications stand behind every interval."
    return text if number >= MANY else f"{text} {CAUTION}"
