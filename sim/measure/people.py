"""Person-years: the base of rates per 1,000 people and of costs per person covered.

People are those registered at the start of the run; named cases are left out, and deaths are not
taken off. Coverage of a programme is made of straight lines and each person has a fixed number
it must exceed, so that the time each is covered is exact, not sampled.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.plan.plan import Origin
from sim.scenario.written.quantities import YEAR

if TYPE_CHECKING:
    from sim.plan.plan import Plan

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class PersonYears:
    """Years lived in the measured time: at each level of attributes, and in programmes."""

    by_level: dict[str, Floats]
    covered: dict[str, float]


def person_years(
    plan: Plan, seed: int, attributes: Iterable[str] = (), programmes: Iterable[str] = ()
) -> PersonYears:
    """Count the people of a seed over the measured time.

    Parameters
    ----------
    plan
        The compiled scenario.
    seed
        Seed of the run, which decides who the people are.
    attributes
        Attributes whose levels are counted, where they have a number of people: those drawn once
        per person and not set by steps, and programmes. Others are passed over.
    programmes
        Programmes whose person-years covered are wanted.
    """
    years = (plan.horizon - plan.warm_up) / YEAR
    everyone = plan.people.number * years
    by_level = {"": np.array([everyone])}
    fixed = [name for name in attributes if _is_fixed(plan, name)]
    joined = [name for name in attributes if name in plan.programmes]
    programmes = dict.fromkeys((*programmes, *joined))
    if not fixed and not programmes:
        return PersonYears(by_level, {})
    from sim.plan.population import draw_population

    population = draw_population(plan, seed)
    columns = plan.world.person_columns.tolist()
    drawn = population.levels.reshape(-1, max(1, len(columns)))[: plan.people.number]
    numbers = population.numbers.reshape(-1, max(1, len(plan.programmes)))[: plan.people.number]
    for name in fixed:
        attribute = plan.attributes.index(name)
        people = np.bincount(
            drawn[:, columns.index(attribute)], minlength=len(plan.levels[attribute])
        )
        by_level[name] = people * years
    covered = {}
    for name in programmes:
        covered[name] = _covered(plan, plan.programmes.index(name), numbers)
        share = {"yes": covered[name], "no": everyone - covered[name]}
        levels = plan.levels[plan.attributes.index(name)]
        by_level[name] = np.array([share[level] for level in levels])
    return PersonYears(by_level, covered)


def _is_fixed(plan: Plan, name: str) -> bool:
    """Whether an attribute belongs to people and no step changes it."""
    if name not in plan.attributes:
        return False
    attribute = plan.attributes.index(name)
    is_personal = bool(plan.world.attributes["origin"][attribute] == Origin.PERSON)
    return is_personal and not plan.set_on_person[attribute]


def _covered(plan: Plan, programme: int, numbers: Floats) -> float:
    """Person-years a programme covers in the measured time."""
    span = plan.world.coverages[programme]
    points = plan.world.points[span["first"] : span["end"]]
    window = (plan.warm_up, plan.horizon)
    minutes = covered_minutes(numbers[:, programme], points["time"], points["share"], window)
    return minutes / YEAR


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
        total += (last - first) * _share_of_time(numbers, low, high)
    return float(total)


def _share_of_time(numbers: Floats, low: float, high: float) -> float:
    """Share of the time that a line from `low` to `high` exceeds each number, summed."""
    if low == high:
        return float(np.count_nonzero(numbers < low))
    most = max(low, high)
    return float(np.clip((most - numbers) / abs(high - low), 0.0, 1.0).sum())
