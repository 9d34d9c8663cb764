"""What the true means of several arms may be, given paired replications of all of them.

With few replications a mean is known as Student's t knows it; the means of arms that share their
luck are known together. `plausible_means` draws them so: each mean, and each difference of two,
has exactly the distribution that belongs to its t interval, and what the arms share stays shared.
(The marginal posterior of a normal mean under Jeffreys' prior, taken jointly: Gelman et al.,
Bayesian Data Analysis, 3rd ed., section 3.2.) Everything that is said of several arms at once,
simultaneous intervals, the probability of being best, regret, is read off these draws.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from sim.experiment.answers.luck import normals, uniforms

Floats = npt.NDArray[np.float64]

#: draws: a probability near 1/2 is known to 0.4 points, one near 0.05 to 0.2
DRAWS = 16_384


def plausible_means(values: npt.ArrayLike, draws: int = DRAWS) -> Floats:
    """Draw what the true means may be.

    Parameters
    ----------
    values
        One row per arm, one column per replication, the same luck in each column: shape
        (arms, replications).
    draws
        How many.

    Returns
    -------
    numpy.ndarray
        Shape (draws, arms).

    Raises
    ------
    ValueError
        If there are fewer than two replications, or a value is missing.
    """
    from scipy.special import chdtri

    table = complete(values)
    number = table.shape[1]
    means = table.mean(axis=1)
    rest = (table - means[:, None]) / math.sqrt(number * (number - 1))
    steps = normals("means", (draws, number)) @ rest.T
    # the upper tail, so that 1 - u would only turn the order round
    spread = chdtri(number - 1, uniforms("spread", (draws,))) / (number - 1)
    found: Floats = means + steps / np.sqrt(spread)[:, None]
    return found


def complete(values: npt.ArrayLike) -> Floats:
    """The values as a table of arms and replications.

    Raises
    ------
    ValueError
        If it is no table, has fewer than two columns, or lacks a value.
    """
    table = np.asarray(values, dtype=np.float64)
    if table.ndim != 2 or table.shape[1] < 2:
        raise ValueError(f"a row per arm and two replications or more, not shape {table.shape}")
    if np.isnan(table).any():
        raise ValueError("every arm has a value in every replication, or the replication is out")
    return table
