"""In which box of inputs an option is worth it: what must be true for it to pay.

PRIM, the patient rule induction method (Friedman and Fisher, "Bump hunting in high-dimensional
data", Statistics and Computing 9, 1999): begin with all draws, take off a slice at one end of one
input, whichever leaves the largest share of draws in which the option is worth it, and go on while
that helps and enough draws are left. Limits that turn out to be of no use are put back.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

#: part of the draws left that one slice takes off: patience
SLICE = 0.08

#: part of all draws that a box holds at least
SMALLEST = 0.2

#: how much a limit must raise the share in the box to be kept
USEFUL = 0.02


@dataclass(frozen=True)
class Limit:
    """An input lies between two values; infinite where there is no limit."""

    input: str
    low: float = -math.inf
    high: float = math.inf


@dataclass(frozen=True)
class Box:
    """Where an option is worth it.

    Attributes
    ----------
    limits
        Those that matter, the most telling first; empty if no input tells.
    inside
        Share of the draws in the box in which the option is worth it.
    overall
        The same of all draws.
    held
        Share of the draws in which it is worth it that lie in the box.
    size
        Share of all draws that lie in the box.
    """

    limits: tuple[Limit, ...]
    inside: float
    overall: float
    held: float
    size: float


def find_box(names: Sequence[str], inputs: npt.ArrayLike, worth_it: npt.ArrayLike) -> Box:
    """Find the box of inputs in which an option is worth it.

    Parameters
    ----------
    names
        Of the inputs.
    inputs
        One row per draw, one column per input.
    worth_it
        For each draw, whether the option is worth it.
    """
    x, good = np.asarray(inputs, dtype=np.float64), np.asarray(worth_it, dtype=np.bool_)
    limits = np.array([[-math.inf] * x.shape[1], [math.inf] * x.shape[1]])
    within = np.ones(len(good), dtype=np.bool_)
    while 0 < good[within].mean() < 1:
        best, step = good[within].mean(), None
        for column, side, at in _slices(x, within):
            left = within & ((x[:, column] >= at) if side == 0 else (x[:, column] <= at))
            enough = left.sum() >= SMALLEST * len(good) and left.sum() < within.sum()
            if enough and good[left].mean() > best:
                best, step = good[left].mean(), (column, side, at)
        if step is None:
            break
        limits[step[1], step[0]] = step[2]
        within = _in(x, limits)
    ordered = _useful(x, good, limits)
    within = _in(x, limits)
    found = tuple(Limit(names[column], *limits[:, column]) for column in ordered)
    return Box(
        found,
        inside=float(good[within].mean()),
        overall=float(good.mean()),
        held=float(good[within].sum() / max(good.sum(), 1)),
        size=float(within.mean()),
    )


def _slices(x: Floats, within: Mask) -> list[tuple[int, int, float]]:
    """Where each end of each input would be cut: column, which end, and the value."""
    kept = x[within]
    return [
        (column, side, float(np.quantile(kept[:, column], SLICE if side == 0 else 1 - SLICE)))
        for column in range(x.shape[1])
        for side in (0, 1)
    ]


def _in(x: Floats, limits: Floats) -> Mask:
    within: Mask = ((x >= limits[0]) & (x <= limits[1])).all(axis=1)
    return within


def _useful(x: Floats, good: Mask, limits: Floats) -> list[int]:
    """Put limits back that tell nothing; the columns that stay limited, the most telling first."""
    while True:
        share = good[_in(x, limits)].mean()
        lost = {}
        for side, column in zip(*np.nonzero(np.isfinite(limits)), strict=True):
            without = limits.copy()
            without[side, column] = -math.inf if side == 0 else math.inf
            lost[int(side), int(column)] = share - good[_in(x, without)].mean()
        idle = [place for place, loss in lost.items() if loss < USEFUL]
        if not idle:
            telling = sorted(lost, key=lambda place: -lost[place])
            return list(dict.fromkeys(column for _, column in telling))
        side, column = min(idle, key=lambda place: lost[place])
        limits[side, column] = -math.inf if side == 0 else math.inf


def sentence(box: Box, option: str, what: str) -> str:
    """What must be true for an option, in words.

    Parameters
    ----------
    box
        Where it is.
    option
        Its title.
    what
        What it then does: `costs less`, `saves bed days`.
    """
    if box.overall in (0.0, 1.0):
        return f"{option} {what} in {'all' if box.overall else 'none'} of the draws."
    if not box.limits:
        return f"{option} {what} in {box.overall:.0%} of the draws, and no input tells in which."
    where = " and ".join(_limit(limit) for limit in box.limits)
    return (
        f"{option} {what} in {box.inside:.0%} of the draws where {where}; in all draws it does in "
        f"{box.overall:.0%}. These are {box.size:.0%} of the draws, and hold {box.held:.0%} of "
        "those in which it does."
    )


def _limit(limit: Limit) -> str:
    low, high = (f"{value:.3g}" for value in (limit.low, limit.high))
    if math.isinf(limit.low):
        return f"`{limit.input}` is at most {high}"
    if math.isinf(limit.high):
        return f"`{limit.input}` is at least {low}"
    return f"`{limit.input}` is between {low} and {high}"
