"""How a result answers to one uncertain input: a smooth curve through its draws.

All else that is drawn is scatter about the curve, so one set of draws serves every input, and no
input needs runs of its own. The curve is a constant, a straight line, a parabola, a cubic, or a
line with a kink; which of them, Schwarz's criterion says (BIC), which prefers the constant unless
the draws clearly speak against it: an input without any effect is given none.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

#: draws below which nothing is said of an input
FEWEST = 10


@dataclass(frozen=True)
class Response:
    """How a result answers to an input.

    Attributes
    ----------
    fitted
        The curve at each draw.
    at_low, at_high
        The curve at the 10th and the 90th centile of the input.
    low, high
        These centiles.
    share
        Part of the variance of the result, luck included, that the input explains by itself: a
        first-order sensitivity index (Sobol'), from given data.
    """

    fitted: Floats
    low: float
    high: float
    at_low: float
    at_high: float
    share: float


def response(inputs: npt.ArrayLike, result: npt.ArrayLike) -> Response:
    """Fit a curve to a result over the draws of one input.

    Parameters
    ----------
    inputs, result
        One number per draw each.

    Raises
    ------
    ValueError
        If there are fewer than `FEWEST` draws.
    """
    x, y = np.asarray(inputs, dtype=np.float64), np.asarray(result, dtype=np.float64)
    if len(x) < FEWEST or x.shape != y.shape:
        raise ValueError(f"a curve needs {FEWEST} draws or more, not {len(x)}")
    low, high = (float(number) for number in np.quantile(x, (0.1, 0.9)))
    spread = float(x.std())
    # draws, and then the two centiles
    every = (np.append(x, (low, high)) - x.mean()) / (spread or 1.0)
    best, fitted = math.inf, np.full(len(every), y.mean())
    for columns in _curves(every) if spread else ():
        basis = columns[: len(x)]
        weights, *_ = np.linalg.lstsq(basis, y, rcond=None)
        left = float(((y - basis @ weights) ** 2).mean())
        size = float((y**2).mean())
        # an exact fit is as good as can be told, not infinitely good
        score = len(x) * math.log(max(left, 1e-20 * size) or 1.0)
        score += math.log(len(x)) * basis.shape[1]
        if score < best:
            best, fitted = score, columns @ weights
    curve = fitted[: len(x)]
    total = float(y.var())
    share = float(curve.var()) / total if total > 0 else 0.0
    return Response(curve, low, high, float(fitted[-2]), float(fitted[-1]), share)


def _curves(x: Floats) -> list[Floats]:
    """The columns of each kind of curve, the simplest first."""
    powers = [np.vander(x, degree + 1, increasing=True) for degree in range(4)]
    kinks = [
        np.column_stack([np.ones_like(x), x, np.maximum(x - np.quantile(x, at), 0)])
        for at in (0.25, 0.5, 0.75)
    ]
    return [*powers, *kinks]
