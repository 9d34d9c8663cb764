"""Which arm is best, how surely, and what is lost if it is not.

All of it is about the arms' true means over luck. A single year can fall out otherwise: that is
`years`, the share of replications.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from sim.experiment.answers.means import Floats, complete, plausible_means

#: 1 where more is better, -1 where less is
Direction = Literal[1, -1]


@dataclass(frozen=True)
class Ranking:
    """What is known of which arm is best: arrays of one number per arm.

    Attributes
    ----------
    best
        Probability that no other arm's mean is better by more than the margin.
    years
        Share of replications in which no other arm was better by more than the margin.
    regret
        What is lost on average by choosing this arm and not the best, in the units of the
        values; 0 for an arm that is certainly best.
    order
        Indices of the arms, the best mean first.
    """

    best: Floats
    years: Floats
    regret: Floats
    order: npt.NDArray[np.intp]


def rank(values: npt.ArrayLike, direction: Direction, margin: float = 0.0) -> Ranking:
    """Rank arms that share their luck.

    Parameters
    ----------
    values
        One row per arm, one column per replication.
    direction
        Whether more (1) or less (-1) is better.
    margin
        A difference nobody would care about. With a margin several arms may be best at once, so
        that the probabilities may add up to more than 1.

    Raises
    ------
    ValueError
        If a value is missing, or the margin negative.
    """
    if margin < 0:
        raise ValueError(f"a margin of indifference is 0 or more, not {margin}")
    table = direction * complete(values)
    drawn = plausible_means(table)
    lost = drawn.max(axis=1, keepdims=True) - drawn
    behind = table.max(axis=0) - table
    return Ranking(
        best=(lost <= margin).mean(axis=0),
        years=(behind <= margin).mean(axis=1),
        regret=lost.mean(axis=0),
        order=np.argsort(-table.mean(axis=1), kind="stable"),
    )


@dataclass(frozen=True)
class Meeting:
    """How surely each arm meets a target: arrays of one probability per arm.

    `mean` is the probability that its mean over luck does, `years` the share of replications.
    """

    mean: Floats
    years: Floats


def meeting(values: npt.ArrayLike, target: float, direction: Direction) -> Meeting:
    """How surely each arm meets a target: at most it (-1), or at least it (1)."""
    table = direction * complete(values)
    goal = direction * target
    return Meeting((plausible_means(table) >= goal).mean(axis=0), (table >= goal).mean(axis=1))
