"""Person-years covered by a programme: the base of costs per person covered.

Someone is covered while the programme's coverage exceeds their own fixed number, and coverage
is made of straight lines, so that the time each person is covered is exact, not sampled.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from sim.plan.plan import Plan

Floats = npt.NDArray[np.float64]


def covered_years(plan: Plan, seed: int, programmes: Iterable[str]) -> dict[str, float]:
    """Person-years covered by each programme between the end of the warm-up and the horizon.

    Named cases are left out: they are not part of the population.
    """
    programmes = tuple(programmes)
    if not programmes:
        return {}
    from sim.plan.plan import YEAR
    from sim.plan.population import draw_population

    population = draw_population(plan, seed)
    numbers = population.numbers.reshape(-1, len(plan.programmes))[: plan.people.number]
    coverages = plan.world.coverages
    covered = {}
    for programme in programmes:
        row = plan.programmes.index(programme)
        points = slice(coverages.first[row], coverages.first[row + 1])
        minutes = covered_minutes(
            numbers[:, row],
            coverages.times[points],
            coverages.shares[points],
            (plan.warm_up, plan.horizon),
        )
        covered[programme] = minutes / YEAR
    return covered


def covered_minutes(
    numbers: Floats, times: Floats, shares: Floats, window: tuple[float, float]
) -> float:
    """Minutes in a window during which coverage exceeds a number, summed over the numbers.

    Parameters
    ----------
    numbers
        Fixed number of each person.
    times, shares
        Coverage: straight lines between these points, 0 before the first, constant after the
        last. Times in minutes, increasing.
    window
        Start and end in minutes.
    """
    start, end = window
    total = 0.0
    ends = np.append(times[1:], np.inf)
    last_shares = np.append(shares[1:], shares[-1:])
    for begin, finish, low, high in zip(times, ends, shares, last_shares, strict=True):
        first, last = max(begin, start), min(finish, end)
        if first >= last:
            continue
        if low != high:
            slope = (high - low) / (finish - begin)
            low, high = low + slope * (first - begin), low + slope * (last - begin)
        total += (last - first) * _covered_share_of_time(numbers, low, high)
    return float(total)


def _covered_share_of_time(numbers: Floats, low: float, high: float) -> float:
    """Share of the time that a line from `low` to `high` exceeds each number, summed."""
    if low == high:
        return float(np.count_nonzero(numbers < low))
    most = max(low, high)
    return float(np.clip((most - numbers) / abs(high - low), 0.0, 1.0).sum())
