"""Statistics: one number per group of facts.

A statistic takes grouped facts and the context, and returns an array with a number for every
group; NaN where there is nothing to take it of, never 0 for want of data. Those made by a
function (`quantile(0.9)`) are told apart by their argument. `None` means that the statistic
cannot be had in this breakdown.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from sim.measure.arrays import Floats
from sim.measure.context import DAY, Context
from sim.measure.facts import Grouped

Statistic = Callable[[Grouped, Context], Floats | None]


def count(groups: Grouped, context: Context) -> Floats:
    """Number of facts."""
    return groups.count


def total(groups: Grouped, context: Context) -> Floats:
    """Sum of values."""
    return groups.total


def mean(groups: Grouped, context: Context) -> Floats:
    """Mean of values."""
    return ratio(groups.total, groups.count)


def time_average(groups: Grouped, context: Context) -> Floats:
    """Sum of minutes over the minutes measured: a mean number present, waiting or in use."""
    return groups.total / context.minutes


def total_days(groups: Grouped, context: Context) -> Floats:
    """Sum of minutes, in days."""
    return groups.total / DAY


def total_hours(groups: Grouped, context: Context) -> Floats:
    """Sum of minutes, in hours."""
    return groups.total / 60.0


def over_base(groups: Grouped, context: Context) -> Floats:
    """Sum of values over the base of each name, such as capacity; NaN where that is 0."""
    assert groups.facts.base is not None
    return ratio(groups.total, groups.by_name(groups.facts.base))


def per_fact(groups: Grouped, context: Context) -> Floats:
    """Sum of values over the number of other facts, such as stays."""
    assert groups.facts.per is not None
    return ratio(groups.total, groups.by_level(Grouped(groups.facts.per, groups.grouping).count))


def per_1000_a_year(groups: Grouped, context: Context) -> Floats | None:
    """Number of facts per 1,000 person-years."""
    years = context.person_years.get(groups.grouping.attribute)
    return None if years is None else ratio(1000.0 * groups.count, groups.by_level(years))


def per_person_year(groups: Grouped, context: Context) -> Floats | None:
    """Sum of values per person-year; only for everyone together."""
    years = context.person_years.get("")
    if years is None or groups.grouping.attribute:
        return None
    return ratio(groups.total, groups.by_level(years))


def quantile(q: float, scale: float = 1.0) -> Statistic:
    """Make a quantile: linear between order statistics, in units of `scale`."""

    def of_groups(groups: Grouped, context: Context) -> Floats:
        begin, number = groups.bounds[:-1], np.diff(groups.bounds)
        result = np.full(groups.size, np.nan)
        some = number > 0
        place = q * (number[some] - 1)
        low = np.floor(place).astype(np.intp)
        high = np.minimum(low + 1, number[some] - 1)
        below = groups.increasing[begin[some] + low]
        above = groups.increasing[begin[some] + high]
        result[some] = below + (place - low) * (above - below)
        return result / scale

    return of_groups


def mean_of(scale: float) -> Statistic:
    """Make a mean in units of `scale`."""

    def of_groups(groups: Grouped, context: Context) -> Floats:
        return mean(groups, context) / scale

    return of_groups


def per_fact_of(scale: float) -> Statistic:
    """Make a sum per other fact, in units of `scale`."""

    def of_groups(groups: Grouped, context: Context) -> Floats:
        return per_fact(groups, context) / scale

    return of_groups


def share_within(limit: float) -> Statistic:
    """Make a share of values of at most `limit`, among those of which that is known."""

    def of_groups(groups: Grouped, context: Context) -> Floats:
        over, known = _over_and_known(groups, limit)
        return ratio(known - over, known)

    return of_groups


def share_over(limit: float) -> Statistic:
    """Make a share of values above `limit`, among those of which that is known."""

    def of_groups(groups: Grouped, context: Context) -> Floats:
        return ratio(*_over_and_known(groups, limit))

    return of_groups


def count_over(limit: float) -> Statistic:
    """Make a number of values above `limit`."""

    def of_groups(groups: Grouped, context: Context) -> Floats:
        return groups.count_over(limit)

    return of_groups


def _over_and_known(groups: Grouped, limit: float) -> tuple[Floats, Floats]:
    """Number of values above `limit`, and of those known to come to more than it or not.

    Of a value still growing at the horizon it is known only once it has passed the limit.
    """
    facts, known = groups.facts, groups.count
    if facts.censored is not None:
        known = known - groups.count_where(facts.censored & (facts.value <= limit))
    return groups.count_over(limit), known


def share_within_base(groups: Grouped, context: Context) -> Floats:
    """Share of values of at most the base of their name; NaN where there is none."""
    base = groups.facts.base
    assert base is not None
    within = groups.facts.value <= base[groups.facts.of]
    share = ratio(groups.count_where(within), groups.count)
    return np.where(np.isnan(groups.by_name(base)), np.nan, share)


def peak(groups: Grouped, context: Context) -> Floats:
    """Most intervals open at once in the measured time."""
    from sim.measure.loops import most_open

    until = groups.facts.until
    assert until is not None
    begins, ends = groups.arranged(groups.facts.value), groups.arranged(until)
    result = np.zeros(groups.size)
    for group, (first, last) in enumerate(pairwise(groups.bounds)):
        ends[first:last].sort()
        window = (context.warm_up, context.horizon)
        result[group] = most_open(begins[first:last], ends[first:last], *window)
    return result


def ratio(above: Floats, below: Floats) -> Floats:
    """Quotients; NaN where the denominator is 0 or NaN."""
    result = np.full(len(above), np.nan)
    np.divide(above, below, out=result, where=~np.isnan(below) & (below != 0))
    return result
