"""How much of what is uncertain is luck, and how much is inputs.

Every draw of inputs has the same replications, and so the same luck: draws and luck are crossed, a
two-way analysis of variance with random effects and one number in each cell (Searle, Casella and
McCulloch 1992, chapter 4). What luck does alike in every draw is in no difference between draws.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class Parts:
    """Variances of a number, in its unit squared.

    `inputs` is that of its mean over luck from draw to draw, `luck` that between replications of
    one draw; NaN where there are too few to tell. `inputs` is 0 where luck explains all there is.
    """

    inputs: float
    luck: float

    @property
    def share(self) -> float:
        """The part of the variance of one replication that is due to inputs; NaN if none."""
        total = self.inputs + self.luck
        return self.inputs / total if total > 0 else math.nan


def variance_parts(values: npt.ArrayLike) -> Parts:
    """Split the variance of numbers of shape (draws, replications); NaN is not allowed."""
    table = np.asarray(values, dtype=np.float64)
    draws, replications = table.shape
    if draws < 2:
        return Parts(math.nan, math.nan)
    means = float(table.mean(axis=1).var(ddof=1))
    if replications < 2:
        return Parts(math.nan, math.nan)
    luck = float(table.var(axis=1, ddof=1).mean())
    alike = table.mean(axis=0) - table.mean()
    own = table - table.mean(axis=1, keepdims=True) - alike
    of_each = float((own**2).sum()) / ((draws - 1) * (replications - 1))
    return Parts(max(0.0, means - of_each / replications), luck)
