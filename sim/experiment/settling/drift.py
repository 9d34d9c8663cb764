"""Does a queue grow? A test on the numbers waiting that no length of memory can deceive.

The null hypothesis is a queue without drift: what joins and what leaves it balance. Looked at are
the changes of the number waiting from one block of time to the next (days, weeks, the whole
measured time), which in a queue that drifts have a mean above 0. Their t statistic would have
the t distribution if the queue wandered with independent steps and nothing to hold it, as it does
at a load of exactly 1. A queue that settles is pulled back to where it was, so that its changes
make up for each other and the statistic is smaller: the better it settles the more conservative
the test, whatever its autocorrelation. Methods that estimate the variance of a mean from batches
(Geweke, Schruben) are not: with a memory as long as the measured time they find drift in settled
queues. Measured sizes and powers are in docs/settling.md.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

DAY = 1440.0
WEEK = 7 * DAY

#: fewest changes, over all replications, from which a variance is estimated
FEWEST_CHANGES = 10

#: blocks of a measured time in which whole days are too few
SHORT_BLOCKS = 16

#: growth in the second half, as a part of that in the first, of a queue that is levelling off
LEVELLING_OFF = 0.25


@dataclass(frozen=True, slots=True)
class Drift:
    """How a number changed over the part of the measured time that was tested.

    `growth` is the mean change over it; `lasting` the part of it in the second half. `chance` is
    the probability, at most, of such growth if there is no drift (one-sided). `minutes` is how
    long that part was.
    """

    growth: float
    lasting: float
    chance: float
    minutes: float

    @property
    def levels_off(self) -> bool:
        """Whether most of the growth was in the first half."""
        return self.lasting < LEVELLING_OFF * (self.growth - self.lasting)


def drift(numbers: npt.ArrayLike, space: float) -> Drift:
    """Test a number for growth.

    Parameters
    ----------
    numbers
        Shape (replications, moments): evenly spaced, the last at the end of the measured time.
    space
        Minutes between two moments.

    Notes
    -----
    Whole weeks up to the end are looked at if there are any, else whole days, so that the hour
    and the weekday are the same at both ends. The largest of the probabilities found with changes
    over blocks of every length counts: changes that go with each other for some days (bad weeks)
    make the longer ones vary more than the shorter ones tell.
    """
    levels = np.asarray(numbers, dtype=np.float64)
    spaces = levels.shape[1] - 1
    whole, blocks = _blocks(spaces, space)
    levels = levels[:, spaces - whole :]
    growth = float((levels[:, -1] - levels[:, 0]).mean())
    lasting = float((levels[:, -1] - levels[:, whole // 2]).mean())
    changes = [np.diff(levels[:, ::block], axis=1) for block in blocks]
    enough = [each for each in changes if each.size >= FEWEST_CHANGES] or changes[-1:]
    return Drift(growth, lasting, max(map(_chance, enough)), whole * space)


def _blocks(spaces: int, space: float) -> tuple[int, list[int]]:
    """How many spaces up to the end are tested, and in blocks of how many, longest first."""
    lengths = [round(unit / space) for unit in (WEEK, DAY)]
    each = next((length for length in lengths if 1 <= length <= spaces), spaces // SHORT_BLOCKS)
    whole = spaces - spaces % max(each, 1)
    blocks = {whole, *lengths, whole // SHORT_BLOCKS, 1}
    return whole, sorted((n for n in blocks if 1 <= n <= whole and whole % n == 0), reverse=True)


def _chance(changes: Floats) -> float:
    """Probability of changes with at least such a mean where none is expected."""
    number = changes.size
    if number < 2:
        return 1.0
    mean, spread = float(changes.mean()), float(changes.std(ddof=1))
    if spread == 0.0:
        return 1.0 if mean <= 0.0 else 0.0
    from scipy.special import stdtr

    return float(stdtr(number - 1, -mean / spread * math.sqrt(number)))
