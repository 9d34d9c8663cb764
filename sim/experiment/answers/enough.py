"""How many replications are enough: until differences are precise, or the choice is clear.

Two rules. *Precise*: the 95 % interval of every paired difference is no wider either way than was
asked for. *Clear*: whichever policy is best by its mean, it is surely not worse than any other by
more than a margin nobody would care about (an indifference zone, on paired differences; each look
at each rival spends an equal part of the error allowed, by Bonferroni's inequality). Looks are far
apart and planned ahead, so that chance has few occasions to stop a run early; none is before ten.
`docs/answers.md` shows how often intervals so stopped hold, and choices so made are right.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.experiment.answers.means import Floats, complete
from sim.experiment.intervals import LEVEL, t_quantile

#: replications of the first look
FIRST = 10

#: a look has at most this many times the replications of the one before
GROWTH = 2.0

#: and at least this many times: looks that are close together stop early by chance
STEP = 1.25

#: looks for which the error of a choice is planned
LOOKS = 6


@dataclass(frozen=True)
class Said:
    """What a rule says at a look: whether it is content, and if not how many it may take."""

    content: bool
    needed: int


#: a rule: from numbers of shape (policies, replications), the baseline first
Rule = Callable[[Floats], Said]


def precise(width: float, relative: bool = False) -> Rule:
    """Every paired difference from the baseline is known to so much either way.

    Parameters
    ----------
    width
        Half-width of the intervals; as a part of the baseline's mean if `relative`.
    """

    def rule(values: Floats) -> Said:
        changes = values[1:] - values[0]
        number = values.shape[1]
        goal = width * abs(float(values[0].mean())) if relative else width
        spread = float(changes.std(axis=1, ddof=1).max()) if len(changes) else 0.0
        half = t_quantile(number - 1) * spread / math.sqrt(number)
        if half <= goal:
            return Said(True, number)
        return Said(False, math.ceil(number * (half / goal) ** 2) if goal > 0 else 10**9)

    return rule


def clear(margin: float, direction: int, error: float = 1 - LEVEL) -> Rule:
    """The best policy by its mean is surely not worse than any other by more than a margin.

    Parameters
    ----------
    margin
        A difference nobody would care about, above 0.
    direction
        Whether more (1) or less (-1) is better.
    error
        Probability of choosing a policy that is worse than another by more than the margin.
    """

    def rule(values: Floats) -> Said:
        from scipy.special import stdtrit

        table = direction * values
        number = table.shape[1]
        best = int(np.argmax(table.mean(axis=1)))
        ahead = np.delete(table[best] - table, best, axis=0)
        reach = float(stdtrit(number - 1, 1 - error / LOOKS / max(len(ahead), 1)))
        deviation = ahead.std(axis=1, ddof=1)
        room = ahead.mean(axis=1) + margin
        short = reach * deviation / math.sqrt(number) > room
        if not short.any():
            return Said(True, number)
        needed = (reach * deviation[short] / room[short]) ** 2
        return Said(False, math.ceil(float(needed.max())))

    return rule


@dataclass(frozen=True)
class Enough:
    """How a run until enough ended: replications, looks at which numbers, and whether content."""

    replications: int
    looks: tuple[int, ...]
    content: bool


def until_enough(
    measured: Callable[[int], Sequence[npt.ArrayLike]], rules: Sequence[Rule], most: int
) -> Enough:
    """Run until every rule is content, or there are no more replications.

    Parameters
    ----------
    measured
        Given a number of replications, what each rule judges: shape (policies, replications).
        Replications of which a number is missing are left out by whoever gives them.
    rules
        What must be content.
    most
        Most replications: the budget.
    """
    number, looks = min(FIRST, most), []
    while True:
        looks.append(number)
        tables = [complete(table) for table in measured(number)]
        said = [rule(table) for rule, table in zip(rules, tables, strict=True)]
        if all(each.content for each in said):
            return Enough(number, tuple(looks), True)
        if number >= most:
            return Enough(number, tuple(looks), False)
        needed = max(each.needed for each in said if not each.content)
        ahead = min(max(needed, math.ceil(STEP * number)), math.ceil(GROWTH * number))
        number = min(ahead, most)
