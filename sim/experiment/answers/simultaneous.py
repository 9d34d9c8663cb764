"""Intervals that hold together: all of them at once in 95 of 100 experiments.

Of twenty options without any effect, one has a 95 % interval that leaves zero out. A reader who
picks the best of many needs bounds that allow for the picking. These are the paired differences
with a multiple of their standard error that is common to all arms: the 95 % point of the largest
|t| among arms as correlated as these are (Dunnett's idea, for any correlation). Between one plain
t interval and Bonferroni's; `docs/answers.md` has how often they hold.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.experiment.answers.luck import normals
from sim.experiment.answers.means import Floats, complete
from sim.experiment.intervals import FEWEST, LEVEL, t_quantile

#: draws of samples, fewest and most, and how many numbers they may consist of
DRAWS = (1_000, 8_000)
MOST_NUMBERS = 4e6


@dataclass(frozen=True)
class Band:
    """Bounds that hold for all arms at once: arrays of one number per arm.

    `reach` is the half-width in standard errors, of which a plain interval has `t_quantile`.
    """

    mean: Floats
    low: Floats
    high: Floats
    reach: float


def band(changes: npt.ArrayLike) -> Band | None:
    """Simultaneous 95 % intervals of the mean paired differences of several arms.

    Parameters
    ----------
    changes
        Value less baseline, one row per arm, one column per replication.

    Returns
    -------
    Band or None
        None where there are fewer than five replications, for which there are no intervals. An
        arm that never varies has bounds equal to its mean.

    Raises
    ------
    ValueError
        If a value is missing.
    """
    table = complete(changes)
    number = table.shape[1]
    if number < FEWEST:
        return None
    mean = table.mean(axis=1)
    error = table.std(axis=1, ddof=1) / math.sqrt(number)
    moving = error > 0
    reach = _reach(table[moving], error[moving])
    return Band(mean, mean - reach * error, mean + reach * error, reach)


def _reach(changes: Floats, error: Floats) -> float:
    """The multiple of standard errors; for one arm exactly Student's t.

    Samples as large as ours are drawn of arms that are normal, without any difference, and as
    correlated as ours seem to be, less a little: a correlation seen in few replications looks
    larger than it is.
    """
    plain = t_quantile(changes.shape[1] - 1)
    if len(changes) <= 1:
        return plain
    number = changes.shape[1]
    scaled = (changes - changes.mean(axis=1)[:, None]) / (error[:, None] * math.sqrt(number))
    left, length, _ = np.linalg.svd(scaled / math.sqrt(number - 1), full_matrices=False)
    factors = (left * length).T
    draws = int(np.clip(MOST_NUMBERS / (number * len(factors)), *DRAWS))
    shared = normals("reach", (draws, number, len(factors))) @ factors
    own = normals("reach of each", (draws, number, len(changes)))
    samples = math.sqrt(1 - 1 / number) * shared + own / math.sqrt(number)
    spread = samples.std(axis=1, ddof=1) / math.sqrt(number)
    largest = np.abs(samples.mean(axis=1) / spread).max(axis=1)
    return max(float(np.quantile(largest, LEVEL)), plain)
