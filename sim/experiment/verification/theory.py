"""Exact answers of queueing theory, computed from formulas with their sources.

Nothing here knows about scenarios or logs. Rates are per unit of time and times are in that same
unit, so that the caller chooses minutes, hours or days. Systems whose answer is the stationary
law of a Markov chain, solved numerically, are in `sim.experiment.verification.chains`.

References
----------
.. [1] L. Kleinrock, *Queueing Systems, Volume 1: Theory*, Wiley, 1975.
.. [2] D. Gross, J. Shortle, J. Thompson, C. Harris, *Fundamentals of Queueing Theory*,
   4th edition, Wiley, 2008.
.. [3] A. Cobham, "Priority assignment in waiting line problems", *Operations Research* 2 (1954).
.. [4] J. R. Jackson, "Jobshop-like queueing systems", *Management Science* 10 (1963).
.. [5] S. Zeltyn, A. Mandelbaum, "Call centers with impatient customers: many-server asymptotics
   of the M/M/n+G queue", *Queueing Systems* 51 (2005), section 2.
.. [6] S. Eick, W. Massey, W. Whitt, "The physics of the Mt/G/infinity queue", *Operations
   Research* 41 (1993).
.. [7] R. I. Wilkinson, "Theories for toll traffic engineering in the U.S.A.", *Bell System
   Technical Journal* 35 (1956); the variance is L. Kosten's (1937).
.. [8] T. Monks et al., "A modelling tool for capacity planning in acute and community stroke
   services", *BMC Health Services Research* 16:530 (2016).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np


def erlang_b(servers: int, load: float) -> float:
    """Share of arrivals lost when `servers` are offered `load` erlangs (Erlang's B; [2] 2.5).

    By insensitivity it holds for any distribution of service with the same mean.
    """
    blocked = 1.0
    for n in range(1, servers + 1):
        blocked = load * blocked / (n + load * blocked)
    return blocked


def erlang_c(servers: int, load: float) -> float:
    """Probability of waiting in M/M/c (Erlang's C; [2] 2.4)."""
    lost = erlang_b(servers, load)
    return lost / (1.0 - load / servers * (1.0 - lost))


def mmc_wait(arrivals: float, service: float, servers: int) -> float:
    """Mean wait in the queue of M/M/c; `service` is the mean service time ([2] 2.4)."""
    load = arrivals * service
    return erlang_c(servers, load) * service / (servers - load)


def mmc_number(arrivals: float, service: float, servers: int) -> float:
    """Mean number in an M/M/c system, waiting or in service (Little's law)."""
    return arrivals * (mmc_wait(arrivals, service, servers) + service)


def mg1_wait(arrivals: float, mean: float, variance: float) -> float:
    """Mean wait in M/G/1 by the Pollaczek-Khinchine formula ([1] 5.6)."""
    return arrivals * (variance + mean**2) / (2.0 * (1.0 - arrivals * mean))


def priority_waits(
    arrivals: Sequence[float], means: Sequence[float], second_moments: Sequence[float]
) -> list[float]:
    """Mean wait of each class in non-preemptive M/G/1, first class served first ([3])."""
    residual = sum(a * m for a, m in zip(arrivals, second_moments, strict=True)) / 2.0
    loads = np.concatenate([[0.0], np.cumsum(np.multiply(arrivals, means))])
    return [float(residual / ((1.0 - before) * (1.0 - upto))) for before, upto in pairwise(loads)]


def mmc_priority_waits(arrivals: Sequence[float], service: float, servers: int) -> list[float]:
    """Mean wait of each class in non-preemptive M/M/c with one mean service time ([3])."""
    load = sum(arrivals) * service
    residual = erlang_c(servers, load) * service / servers
    loads = np.concatenate([[0.0], np.cumsum(arrivals) * service / servers])
    return [float(residual / ((1.0 - before) * (1.0 - upto))) for before, upto in pairwise(loads)]


def jackson_numbers(
    external: Sequence[float],
    routing: Sequence[Sequence[float]],
    services: Sequence[float],
    servers: Sequence[int],
) -> list[float]:
    """Mean number at each node of an open Jackson network ([4]).

    `routing[i][j]` is the probability of going from node i to node j; the traffic equations
    give each node's arrivals, and each node then behaves as if it were M/M/c by itself.
    """
    flow = np.linalg.solve(np.eye(len(external)) - np.transpose(routing), np.asarray(external))
    return [mmc_number(float(a), s, c) for a, s, c in zip(flow, services, servers, strict=True)]


def poisson_probability(number: int, mean: float) -> float:
    """Probability of exactly `number` under a Poisson law."""
    return math.exp(number * math.log(mean) - mean - math.lgamma(number + 1))


def poisson_at_most(number: int, mean: float) -> float:
    """Probability of at most `number` under a Poisson law: occupancy of M/G/infinity."""
    return sum(poisson_probability(n, mean) for n in range(number + 1))


def occupancy_delay(beds: int, load: float) -> float:
    """P(N = beds) / P(N <= beds) for unlimited beds: the delay of published bed tables ([8]).

    The occupancy of M/G/infinity is Poisson, so the ratio equals Erlang's B.
    """
    return poisson_probability(beds, load) / poisson_at_most(beds, load)


def overflow_moments(servers: int, load: float) -> tuple[float, float]:
    """Mean and variance of the number in an unlimited group fed by a full group's overflow ([7]).

    `load` erlangs of Poisson calls are offered to `servers`; service is exponential with the
    same mean in both groups.
    """
    mean = load * erlang_b(servers, load)
    return mean, mean * (1.0 - mean + load / (servers + 1 + mean - load))


def impatient(
    arrivals: float, service: float, servers: int, stays: Callable[[float], float], longest: float
) -> tuple[float, float]:
    """Share leaving and mean time spent waiting in M/M/c+G ([5], equations 2.1 to 2.12).

    Parameters
    ----------
    stays
        Mean of min(patience, x), as a function of x: the integral of the survival function.
    longest
        Upper end of the integration; must lie where the virtual wait has vanishing probability.

    Returns
    -------
    tuple
        Share of arrivals whose patience runs out; mean wait of all arrivals, served or not.
    """
    drain = servers / service
    grid = np.linspace(0.0, longest, 400_001)
    kept = np.array([stays(float(x)) for x in grid])
    weight = np.exp(arrivals * kept - drain * grid)
    mass = _simpson(weight, grid)
    load = arrivals * service
    below = sum(
        math.exp((j - servers + 1) * math.log(load) + math.lgamma(servers) - math.lgamma(j + 1))
        for j in range(servers)
    )
    total = below + arrivals * mass
    leaving = (1.0 + (arrivals - drain) * mass) / total
    return leaving, arrivals * _simpson(kept * weight, grid) / total


def _simpson(heights: np.ndarray, grid: np.ndarray) -> float:
    """Composite Simpson rule; needs an odd number of equally spaced points."""
    step = float(grid[1] - grid[0])
    ends = heights[0] + heights[-1]
    return float(step / 3.0 * (ends + 4.0 * heights[1:-1:2].sum() + 2.0 * heights[2:-1:2].sum()))


def stays_exponential(mean: float) -> Callable[[float], float]:
    """Mean of min(S, x) for an exponential S."""
    return lambda x: mean * -math.expm1(-x / mean)


def stays_constant(value: float) -> Callable[[float], float]:
    """Mean of min(S, x) for a constant S."""
    return lambda x: min(value, x)


def stays_lognormal(mean: float, sd: float) -> Callable[[float], float]:
    """Mean of min(S, x) for a lognormal S given by its mean and standard deviation."""
    spread = math.log1p((sd / mean) ** 2)
    centre, sigma = math.log(mean) - spread / 2.0, math.sqrt(spread)

    def below(z: float) -> float:
        return 0.5 * math.erfc(-z / math.sqrt(2.0))

    def stays(x: float) -> float:
        if x <= 0.0:
            return 0.0
        z = (math.log(x) - centre) / sigma
        return mean * below(z - sigma) + x * (1.0 - below(z))

    return stays


def occupancy_at(
    hourly: Sequence[float], stays: Callable[[float], float], hour: float, days: int = 60
) -> float:
    """Mean number present at a clock time when arrivals follow a daily pattern ([6]).

    An arrival at time u is still there at t with probability P(S > t - u); the arrival rate is
    constant within each hour, so each hour's part is a difference of two `stays`.

    Parameters
    ----------
    hourly
        Arrivals per hour in each hour of the day, repeated every day.
    stays
        Mean of min(S, x), S the time spent and x in hours.
    hour
        Time of day in hours at which the number present is wanted.
    days
        How many days back arrivals may still be present.
    """
    total = 0.0
    for past in range(days * 24):
        start = math.floor(hour) - past
        rate = hourly[start % 24]
        total += rate * (stays(hour - start) - stays(max(0.0, hour - start - 1.0)))
    return total


def alternating(people: int, rate: float, stay: float) -> tuple[float, float]:
    """Mean number ill, and share of crises absorbed, when nobody has two episodes at once.

    Each person alternates between being well for an exponential time with mean 1/`rate` and an
    episode of mean length `stay` (any distribution): a two-state renewal process ([1] 2.4).
    By memorylessness a crisis falls due at the same rate during an episode, and is absorbed.
    """
    ill = rate * stay / (1.0 + rate * stay)
    return people * ill, ill
