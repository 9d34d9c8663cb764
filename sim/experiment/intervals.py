"""Means over replications, the interval around them, and what may be said of it.

The rule (its coverage is measured in `docs/intervals.md`): with five replications or more a 95 %
interval, made with Student's t on the scale on which the number cannot leave what is possible:
the logit of a share, the logarithm of what cannot be negative, a paired difference as it is. With
fewer there is no interval, only the lowest and the highest. Replications that are all the same
have no variation, which is no interval of no width.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

#: probability an interval is meant to have
LEVEL = 0.95

#: replications below which there is no interval
FEWEST = 5

#: replications below which the caution is printed
MANY = 30

CAUTION = (
    "On few replications a 95 % interval of a strongly skewed measure (rare events, long waits, "
    "costs) covers the truth less often: on 10, about 90 times in 100 where the spread is as large "
    "as the mean and 80 in 100 where it is three times as large (docs/intervals.md)."
)

#: what `low` and `high` are: a 95 % interval, the lowest and highest of a few replications, the
#: one value that all of them have, or nothing at all
Kind = Literal["95 %", "range", "no variation", "none"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Interval:
    """Mean of `number` values with `low` and `high`, which are what `kind` says; NaN for none."""

    mean: float
    low: float
    high: float
    number: int
    kind: Kind


def mean_interval(values: npt.ArrayLike, most: float = math.inf) -> Interval:
    """Mean of a number that cannot be negative, and its interval; NaN (undefined) is left out.

    Parameters
    ----------
    values
        One value per replication. Should some be negative after all, the interval is on the scale
        of the numbers themselves.
    most
        Largest possible value: 1 for a share.

    Notes
    -----
    With mean m, standard error s and t of n - 1 degrees of freedom: m exp(-t s / m) to
    m exp(t s / m), and for a share the same with the odds m / (1 - m) and s / (m (1 - m)). That is
    the t interval of the transformed mean (delta method), so the mean stays the mean.
    """
    array = _known(values)
    plain = _without_interval(array)
    if plain is not None:
        return plain
    mean, error, number = float(array.mean()), _error(array), array.size
    if array.min() < 0 or (most == 1.0 and array.max() > 1.0):
        return Interval(mean, mean - error, mean + error, number, "95 %")
    if most == 1.0:
        odds, reach = mean / (1 - mean), _exp(error / (mean * (1 - mean)))
        low, high = odds / reach / (1 + odds / reach), 1 / (1 + 1 / (odds * reach))
    else:
        reach = _exp(error / mean)
        low, high = mean / reach, mean * reach
    return Interval(mean, low, high, number, "95 %")


def difference_interval(changes: npt.ArrayLike, most: float = math.inf) -> Interval:
    """Mean of paired differences, and its t interval; NaN (undefined) is left out.

    A difference has no boundary at zero and the pairs share their luck, so that what is left is
    nearly symmetric and t is sound. A difference cannot be larger than the largest possible value
    itself: bounds beyond `most` either way are cut there, which loses nothing that could be true.
    """
    array = _known(changes)
    plain = _without_interval(array)
    if plain is not None:
        return plain
    mean, error = float(array.mean()), _error(array)
    low, high = max(mean - error, -most), min(mean + error, most)
    return Interval(mean, low, high, array.size, "95 %")


def _known(values: npt.ArrayLike) -> Floats:
    array = np.asarray(values, dtype=np.float64)
    return array[~np.isnan(array)]


def _without_interval(array: Floats) -> Interval | None:
    """What is said of no values, one, values that are all the same, and a few; else None."""
    number = array.size
    if number == 0:
        return Interval(math.nan, math.nan, math.nan, 0, "none")
    if np.all(array == array[0]):
        mean = float(array[0]) + 0.0  # adding 0 turns a negative zero into a plain one
        if number == 1:
            return Interval(mean, math.nan, math.nan, 1, "none")
        return Interval(mean, mean, mean, number, "no variation")
    if number < FEWEST:
        low, high = float(array.min()), float(array.max())
        return Interval(float(array.mean()), low, high, number, "range")
    return None


def _error(array: Floats) -> float:
    """Half-width of the t interval of a mean."""
    return t_quantile(array.size - 1) * float(array.std(ddof=1)) / math.sqrt(array.size)


def _exp(number: float) -> float:
    """The exponential, as large as a float can be where it is larger."""
    return math.exp(min(number, 700.0))


def t_interval(values: npt.ArrayLike) -> Interval:
    """Mean and 95 % t interval of two or more independent values, whatever they are.

    For comparison with theory (`sim.experiment.verification`), where there are many values; what
    is shown to readers is `mean_interval` and `difference_interval`.
    """
    array = _known(values)
    if array.size < 2 or np.all(array == array[0]):
        found = _without_interval(array)
        assert found is not None
        return found
    mean, error = float(array.mean()), _error(array)
    return Interval(mean, mean - error, mean + error, array.size, "95 %")


def t_quantile(degrees: int) -> float:
    """Half-width of a 95 % t interval in standard errors."""
    from scipy.special import stdtrit

    return float(stdtrit(degrees, 0.5 + LEVEL / 2))


def statement(number: int) -> str:
    """Say in words how many replications stand behind an interval, and what that is worth."""
    if number < 2:
        return (
            "1 replication: one draw of luck and no interval. "
            f"Use --replications {FEWEST} or more before reading anything into a difference."
        )
    if number < FEWEST:
        return (
            f"{number} replications give no 95 % interval: the lowest and the highest are shown "
            "in [brackets], and nothing that varies is called better or worse. "
            f"Use --replications {FEWEST} or more."
        )
    text = f"{number} replications stand behind every interval."
    return text if number >= MANY else f"{text} {CAUTION}"
