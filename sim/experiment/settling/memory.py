"""How long does a queue remember? The time over which the number waiting goes with itself.

A run begins with empty queues. What is left of that beginning when measuring begins is hidden by
luck in a few replications, but how long a queue remembers anything is not: its integrated
autocorrelation time also says how long it takes to forget its beginning. The mean number waiting
in a busy queue comes within a tenth of the lasting one after one and a half of these times, within
a hundredth after four (Abate and Whitt 1987, "Transient behavior of regulated Brownian motion I:
starting at the origin": 1 - H1(t) is .09 at t = 1.5 and .011 at t = 4, and the integral of the
autocorrelation is 1).

It is found in two ways, from the autocorrelation of what was seen and from how busy the queue
was. The second is precise on few replications, but people who give up shorten it, and so does
whatever else answers to the queue. The first knows all that, but a few replications hold only a
few ups and downs of a slow queue and often show a fraction of its memory (`UNSEEN`).
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

#: memories a warm-up must last: a hundredth of the beginning is then left
MEMORIES = 4.0

#: memories in a measured time that make any beginning immaterial: a thousandth of its mean
IMMATERIAL = 1000.0

#: how much longer a memory may be than it looks: of a simulated M/M/5 at load .98, measured for 14
#: memories, three replications show less than a quarter of its memory one time in ten
UNSEEN = 4.0

#: share of the people who give up from which a queue forgets by them and not by being empty
GIVING_UP = 0.01

#: standard errors of a sum of autocorrelations, if there are none, that are taken off it
MARGIN = 2.5


def combined(seen: float, busy: float, giving_up: float) -> float:
    """The memory to go by, in minutes, from what was `observed` and what `of_a_busy_queue` says.

    `giving_up` is the share of those who come that leave the queue unserved.
    """
    return seen if giving_up > GIVING_UP else min(UNSEEN * seen, busy)


def of_a_busy_queue(rate: float, use: float, variation: float) -> float:
    """The integrated autocorrelation time of a queue in heavy traffic, in minutes.

    Parameters
    ----------
    rate
        People served per minute.
    use
        Share of the capacity in use; from 1 on nothing is ever forgotten.
    variation
        Squared coefficient of variation of service times; arrivals are taken to be Poisson.

    Notes
    -----
    The number waiting is a Brownian motion with drift -rate (1 - use) / use and variance
    rate (1 + variation) a minute, kept above 0; for variance s and drift -d the time is
    s / d^2 (Abate and Whitt 1987).
    """
    if use >= 1.0:
        return math.inf
    if rate <= 0.0 or use <= 0.0:
        return 0.0
    idle = (1.0 - use) / use
    return (1.0 + variation) / (rate * idle * idle)


def observed(numbers: npt.ArrayLike, space: float) -> float:
    """The integrated autocorrelation time of a number, in minutes, erring on the short side.

    Parameters
    ----------
    numbers
        Shape (replications, moments), evenly spaced.
    space
        Minutes between two moments.

    Notes
    -----
    With three replications or more they are compared with their common mean at each moment, which
    takes away whatever is the same in all of them: hours, weekdays, trends. With fewer, each is
    compared with its own mean. Autocorrelations are added up while sums of two neighbours are
    above 0 (Geyer 1992, the initial positive sequence).
    """
    levels = np.asarray(numbers, dtype=np.float64)
    replications, moments = levels.shape
    common = replications >= 3
    residuals = levels - levels.mean(axis=0 if common else 1, keepdims=True)
    independent = (replications - 1 if common else replications) * moments
    variance = float((residuals**2).mean())
    if variance == 0.0:
        return 0.0
    total, pairs = 0.0, 0
    for lag in range(1, moments - 1, 2):
        pair = (_covariance(residuals, lag) + _covariance(residuals, lag + 1)) / variance
        if pair <= 0.0:
            break
        total, pairs = total + pair, pairs + 1
    return space * max(0.0, total - MARGIN * math.sqrt(2 * pairs / independent))


def _covariance(residuals: npt.NDArray[np.float64], lag: int) -> float:
    """Mean product of what is so many moments apart."""
    total = float(np.sum(residuals[:, lag:] * residuals[:, :-lag]))
    return total / residuals.size


def remembers_the_beginning(memory: float, warm_up: float, measured: float) -> bool:
    """Whether a queue with such a memory was not yet free of its beginning; all in minutes."""
    return memory * MEMORIES > warm_up and memory * IMMATERIAL > measured
