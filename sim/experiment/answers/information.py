"""What it would be worth to know an input exactly before choosing: what to measure next.

The expected value of partial perfect information: how much better, on average over an input's
draws, the choice is that would be made knowing it, than the one made without. The expectation given
the input is the curve of `response` (Strong, Oakley and Brennan, "Estimating multiparameter partial
expected value of perfect information from a probabilistic sensitivity analysis sample: a
nonparametric regression approach", Medical Decision Making 34, 2014).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.experiment.answers.response import response


def value_of_knowing(inputs: npt.ArrayLike, worth: npt.ArrayLike) -> float:
    """What it is worth to know one input before choosing between policies.

    Parameters
    ----------
    inputs
        One number per draw.
    worth
        What each policy is worth in each draw, more being better: shape (policies, draws). The
        value has its unit, and is of one choice over the time simulated.

    Returns
    -------
    float
        0 where no value of the input would change the choice.
    """
    table = np.asarray(worth, dtype=np.float64)
    curves = np.array([response(inputs, row).fitted for row in table - table[0]])
    return float(curves.max(axis=0).mean() - curves.mean(axis=1).max())
