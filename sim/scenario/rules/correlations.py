"""Rank correlations between uncertain parameters: that they are pairs, and fit together."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from sim.scenario.rules.defined_names import Known, unknown
from sim.scenario.written.positions import Complaint
from sim.scenario.written.scalars import BROKEN

Complaints = Iterator[Complaint]


def wrong_correlations(known: Known) -> Complaints:
    """Correlations of what there is not, said twice, or that no distribution can have."""
    model = known.model
    if known.in_doubt("parameters", "correlations"):
        return
    pairs: dict[tuple[str, str], float] = {}
    found = 0
    for one, row in model.correlations.items():
        for other, value in row.items():
            for complaint in _pair(known, one, other, pairs):
                found += 1
                yield complaint
            pairs[one, other] = value
    if found or any(value is BROKEN for value in pairs.values()):
        return
    if not possible(pairs):
        yield Complaint(
            ("correlations",),
            "these correlations cannot hold together",
            ", ".join(f"{a}, {b}: {value:g}" for (a, b), value in list(pairs.items())[:6]),
            "weaker ones: together they must form a positive definite matrix",
        )


def _pair(known: Known, one: str, other: str, pairs: Mapping[tuple[str, str], float]) -> Complaints:
    """What is wrong with one pair."""
    model, path = known.model, ("correlations", one, other)
    if one == other:
        yield Complaint(
            path, "a parameter correlates with itself, always", allowed="two parameters"
        )
    elif (other, one) in pairs:
        yield Complaint(
            path, "this pair is given twice", f"also as {other}, {one}", "each pair once"
        )
    for name in dict.fromkeys((one, other)):
        if name not in model.parameters:
            yield unknown(path, "parameter", name, model.parameters)
        elif f"parameters.{name}" not in model.uncertainty:
            yield Complaint(
                path,
                f"`{name}` is certain, so it correlates with nothing",
                allowed=f"an `uncertainty` of `parameters.{name}`",
            )


def possible(pairs: Mapping[tuple[str, str], float]) -> bool:
    """Whether normal variables can have these rank correlations, those not given being 0.

    Ranks of normal variables with correlation r correlate by 6/pi asin(r/2) (Pearson 1907), so
    the matrix that must be positive definite is that of 2 sin(pi s/6) for the ranks' s.
    """
    names = sorted({name for pair in pairs for name in pair})
    place = {name: number for number, name in enumerate(names)}
    matrix = [[float(row == column) for column in names] for row in names]
    for (one, other), rank in pairs.items():
        i, j = place[one], place[other]
        matrix[i][j] = matrix[j][i] = 2.0 * math.sin(math.pi * rank / 6.0)
    return positive_definite(matrix)


def positive_definite(matrix: Sequence[Sequence[float]]) -> bool:
    """Whether a symmetric matrix has a Cholesky factor with a diagonal above 0."""
    factor = [[0.0] * len(matrix) for _ in matrix]
    for i, row in enumerate(matrix):
        for j in range(i + 1):
            left = row[j] - math.fsum(factor[i][k] * factor[j][k] for k in range(j))
            if i == j and left <= 1e-10:
                return False
            factor[i][j] = math.sqrt(left) if i == j else left / factor[j][j]
    return True
