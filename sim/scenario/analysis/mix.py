"""Mix of people and of episodes, with how many there are: the mix behind expected values.

A `Mix` is a weighted table of attribute levels. It is built one attribute at a time and
merged as soon as an attribute no longer matters, so it stays exact while it stays small; beyond
`MOST_KINDS` rows it is thinned by stratified sampling with a fixed seed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from sim.scenario.written.values import By, Shares, Table

T = TypeVar("T")
Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int16]
Rows = npt.NDArray[np.intp]

#: more kinds than this are sampled
MOST_KINDS = 20_000

#: rows are told apart by numbers below this
MOST_NUMBERS = 2**62

#: seed of the sampling, so that two checks of one file agree
SEED = 20241001


@dataclass(frozen=True)
class Mix:
    """Rows of attribute levels with weights.

    `codes[a][i]` is the number, within `levels[a]`, of the level of attribute a in row i.
    `exact` is False once rows have been sampled.
    """

    levels: Mapping[str, tuple[str, ...]]
    codes: Mapping[str, Codes]
    weight: Floats
    exact: bool = True

    def __len__(self) -> int:
        """Number of rows."""
        return len(self.weight)


@dataclass(frozen=True)
class Circumstances:
    """What a table depends on besides the columns of `Mix`.

    `known` holds levels that are the same for every row, `chance` the probability of `yes` of
    attributes that come and go (calendars), independent of everything else.
    """

    known: Mapping[str, str]
    chance: Mapping[str, Floats]


NOWHERE = Circumstances({}, {})


def everyone(weight: float) -> Mix:
    """One row about whom nothing is known yet."""
    return Mix({}, {}, np.array([weight]))


def expected(
    table: Table[T],
    kinds: Mix,
    value: Callable[[T], float],
    around: Circumstances = NOWHERE,
) -> Floats:
    """The expected value of a table for each row of `kinds`."""
    return _expected(table, kinds, value, around, np.arange(len(kinds)))


def _expected(
    table: Table[T],
    kinds: Mix,
    value: Callable[[T], float],
    around: Circumstances,
    rows: Rows,
) -> Floats:
    if not isinstance(table, By):
        return np.full(len(rows), value(table))
    name = table.attribute
    if name in around.known:
        cell = table.cells.get(around.known[name], table.other)
        if cell is None:
            return np.zeros(len(rows))
        return _expected(cell, kinds, value, around, rows)
    result = np.zeros(len(rows))
    if name in around.chance:
        yes = around.chance[name][rows]
        for cell, share in (
            (table.cells.get("yes", table.other), yes),
            (table.cells.get("no", table.other), 1.0 - yes),
        ):
            if cell is not None and share.any():
                result += share * _expected(cell, kinds, value, around, rows)
        return result
    codes = kinds.codes[name][rows]
    for code, level in enumerate(kinds.levels[name]):
        cell = table.cells.get(level, table.other)
        here = np.flatnonzero(codes == code)
        if cell is not None and len(here):
            result[here] = _expected(cell, kinds, value, around, rows[here])
    return result


def share_of(name: str) -> Callable[[Shares], float]:
    """The probability of one name in shares."""

    def share(shares: Shares) -> float:
        return float(shares.get(name, 0.0))

    return share


def with_attribute(
    kinds: Mix, name: str, levels: tuple[str, ...], shares: Mapping[str, Floats]
) -> Mix:
    """The kinds split by one more attribute; `shares[level]` is its probability in each row."""
    chosen: list[Rows] = []
    weights: list[Floats] = []
    codes: list[Codes] = []
    for code, level in enumerate(levels):
        share = shares.get(level)
        if share is None:
            continue
        rows = np.flatnonzero(share * kinds.weight > 0)
        chosen.append(rows)
        weights.append(share[rows] * kinds.weight[rows])
        codes.append(np.full(len(rows), code, dtype=np.int16))
    rows = np.concatenate(chosen) if chosen else np.zeros(0, dtype=np.intp)
    split = {other: column[rows] for other, column in kinds.codes.items()}
    split[name] = np.concatenate(codes) if codes else np.zeros(0, dtype=np.int16)
    weight = np.concatenate(weights) if weights else np.zeros(0)
    return thinned(Mix({**kinds.levels, name: levels}, split, weight, kinds.exact), MOST_KINDS)


def merged(kinds: Mix, keep: Iterable[str]) -> Mix:
    """The kinds told apart by the attributes `keep` only, with their weights added."""
    names = [name for name in kinds.codes if name in set(keep)]
    if len(names) == len(kinds.codes):
        return kinds
    levels = {name: kinds.levels[name] for name in names}
    if not names:
        return Mix(levels, {}, np.array([kinds.weight.sum()]), kinds.exact)
    _, first, where = np.unique(_numbered(kinds, names), return_index=True, return_inverse=True)
    weight: Floats = np.bincount(where, kinds.weight, len(first)).astype(np.float64)
    codes = {name: kinds.codes[name][first] for name in names}
    return Mix(levels, codes, weight, kinds.exact)


def _numbered(kinds: Mix, names: Sequence[str]) -> Rows:
    """A number for each row, the same for equal codes of `names`, in the order of those."""
    numbers, most = np.zeros(len(kinds), dtype=np.int64), 1
    for name in names:
        size = len(kinds.levels[name])
        if most * size > MOST_NUMBERS:
            numbers = np.unique(numbers, return_inverse=True)[1]
            most = len(kinds)
        numbers, most = numbers * size + kinds.codes[name], most * size
    return numbers


def thinned(kinds: Mix, most: int) -> Mix:
    """At most about `most` rows, sampled in proportion to weight where there are more.

    One point is drawn in each of `most` equal parts of the total weight, so that a row keeps its
    weight to within two such parts.
    """
    if len(kinds) <= most:
        return kinds
    total = float(kinds.weight.sum())
    step = total / most
    points = step * (np.arange(most) + np.random.default_rng(SEED).random(most))
    rows = np.minimum(np.searchsorted(np.cumsum(kinds.weight), points), len(kinds) - 1)
    distinct, count = np.unique(rows, return_counts=True)
    codes = {name: column[distinct] for name, column in kinds.codes.items()}
    return Mix(kinds.levels, codes, step * count.astype(np.float64), exact=False)
