"""Draws of uncertain inputs: a Latin hypercube keyed by names, with rank correlations.

In n draws each input has one value in each nth of its distribution (McKay, Beckman and Conover
1979). Every number is keyed by the name of its input, the seed and the draw, so that another
uncertain input changes none of the others', and no library's generator decides a result.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from sim.scenario.written.values import Distribution

Floats = npt.NDArray[np.float64]

#: rank correlations of inputs, each pair once
Correlations = Mapping[tuple[str, str], float]


def latin_hypercube(
    names: Sequence[str], number: int, seed: int, correlations: Correlations | None = None
) -> Floats:
    """Positions in the distributions of inputs, between 0 and 1, shape (number, names)."""
    columns = [_column(name, number, seed) for name in names]
    positions = np.array(columns, dtype=np.float64).reshape(len(names), number).T
    pairs = {pair: rank for pair, rank in (correlations or {}).items() if set(pair) <= set(names)}
    return _with_ranks(positions, names, pairs) if pairs and number > 1 else positions


def _column(name: str, number: int, seed: int) -> Floats:
    """One number in each of so many equal parts of (0, 1), in an order of its own."""
    from sim.plan.keys import name_key, uniform

    key = name_key("draws", seed)
    order, within = name_key("order", name), name_key("within", name)
    places = np.argsort([uniform(key, order, draw) for draw in range(number)], kind="stable")
    inside = np.array([uniform(key, within, draw) for draw in range(number)])
    column: Floats = (places + inside) / number
    return column


def _with_ranks(positions: Floats, names: Sequence[str], pairs: Correlations) -> Floats:
    """The same numbers in each column, in an order that has these rank correlations.

    After Iman and Conover (1982): normal scores are given the correlation wanted, after what they
    have by chance is taken out where there are draws enough, and each column is put into the
    order of its scores. Normal variables with correlation 2 sin(pi s/6) have rank correlation s
    (Pearson 1907).
    """
    from sim.plan.quantiles import normal_quantile

    place = {name: number for number, name in enumerate(names)}
    wanted = np.eye(len(names))
    for (one, other), rank in pairs.items():
        i, j = place[one], place[other]
        wanted[i, j] = wanted[j, i] = 2.0 * math.sin(math.pi * rank / 6.0)
    scores = np.vectorize(normal_quantile, otypes=[float])(positions)
    factor = np.linalg.cholesky(wanted)
    if len(positions) > len(names) + 1:
        by_chance = np.corrcoef(scores, rowvar=False)
        factor = factor @ np.linalg.inv(np.linalg.cholesky(by_chance))
    # rounded, so that the last bit of a library's product decides no order
    mixed = np.round(scores @ factor.T, 9)
    ranks = mixed.argsort(axis=0, kind="stable").argsort(axis=0, kind="stable")
    involved = sorted({place[name] for pair in pairs for name in pair})
    result = positions.copy()
    for column in involved:
        result[:, column] = np.sort(positions[:, column])[ranks[:, column]]
    return result


def quantile(distribution: Distribution, position: float) -> float:
    """The value of an uncertain input at a position between 0 and 1."""
    from sim.plan.samplers import cumulate, encode, sample

    kind, a, b, c, values, weights = encode(distribution)
    cells = np.array(values or (0.0,), dtype=np.float64)
    sums = cumulate(weights or (1.0,))
    return float(sample(kind, a, b, c, cells, sums, 0, len(cells), position))
