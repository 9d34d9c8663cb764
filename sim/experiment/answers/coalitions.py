"""What each option adds, alone and with others, from runs of all combinations.

Shares are Shapley's: what an option adds, averaged over all orders in which the options could be
bought (Shapley, "A value for n-person games", 1953). They add up to the effect of all together,
whatever the interactions, and these are shown beside them: what two options do together beyond
what each adds by itself, averaged over what else is bought (Grabisch and Roubens, International
Journal of Game Theory 28, 1999). All of it is linear in the outcomes, so every replication has
shares of its own and the interval is that of paired differences.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.experiment.intervals import Interval, difference_interval

Floats = npt.NDArray[np.float64]

#: a combination of options, by name
Coalition = frozenset[str]


@dataclass(frozen=True)
class Attribution:
    """Effects of options, each with its paired interval, in the units of the outcome.

    Attributes
    ----------
    alone
        The option by itself, against the baseline.
    last
        The option added to all the others.
    share
        Shapley's share of the effect of all together.
    pairs
        By two options (in the order of `options`): what they do together beyond what each adds
        by itself. Below zero for a good that both would do: they stand in for each other.
    together
        All options, against the baseline: the sum of the shares.
    """

    options: tuple[str, ...]
    alone: Mapping[str, Interval]
    last: Mapping[str, Interval]
    share: Mapping[str, Interval]
    pairs: Mapping[tuple[str, str], Interval]
    together: Interval


class IncompleteError(ValueError):
    """Not every combination of the options was run."""

    def __init__(self, missing: list[Coalition]) -> None:
        names = "; ".join(" + ".join(sorted(one)) or "none of them" for one in missing[:3])
        more = f" and {len(missing) - 3} more" if len(missing) > 3 else ""
        super().__init__(f"shares need every combination of the options: {names}{more} not run")


def attribute(options: tuple[str, ...], outcomes: Mapping[Coalition, npt.ArrayLike]) -> Attribution:
    """Say what each option does, from the outcome of every combination.

    Parameters
    ----------
    options
        Their names.
    outcomes
        For each of the 2^n combinations, the empty one included, the outcome in each replication.

    Raises
    ------
    IncompleteError
        If a combination is missing.
    """
    every = [
        frozenset(chosen)
        for size in range(len(options) + 1)
        for chosen in itertools.combinations(options, size)
    ]
    if missing := [one for one in every if one not in outcomes]:
        raise IncompleteError(missing)
    value = {one: np.asarray(outcomes[one], dtype=np.float64) for one in every}
    nothing, everything = frozenset[str](), frozenset(options)

    def added(option: str, to: Coalition) -> Floats:
        return value[to | {option}] - value[to]

    return Attribution(
        options,
        {one: difference_interval(added(one, nothing)) for one in options},
        {one: difference_interval(added(one, everything - {one})) for one in options},
        {one: difference_interval(_share(one, options, value)) for one in options},
        {
            pair: difference_interval(_together(pair, options, value))
            for pair in itertools.combinations(options, 2)
        },
        difference_interval(value[everything] - value[nothing]),
    )


def _share(option: str, options: tuple[str, ...], value: Mapping[Coalition, Floats]) -> Floats:
    """Shapley's share in each replication."""
    others = [one for one in options if one != option]
    total = np.zeros_like(value[frozenset()])
    for size in range(len(options)):
        weight = 1 / (len(options) * math.comb(len(others), size))
        for chosen in map(frozenset, itertools.combinations(others, size)):
            total += weight * (value[chosen | {option}] - value[chosen])
    return total


def _together(
    pair: tuple[str, str], options: tuple[str, ...], value: Mapping[Coalition, Floats]
) -> Floats:
    """Shapley's interaction of two options in each replication."""
    one, two = pair
    others = [name for name in options if name not in pair]
    total = np.zeros_like(value[frozenset()])
    for size in range(len(others) + 1):
        weight = 1 / ((len(options) - 1) * math.comb(len(others), size))
        for chosen in map(frozenset, itertools.combinations(others, size)):
            both, neither = value[chosen | {one, two}], value[chosen]
            total += weight * (both - value[chosen | {one}] - value[chosen | {two}] + neither)
    return total
