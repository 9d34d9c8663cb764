"""Tables made flat: every combination of levels gets a cell, every cell the number of a leaf.

An `Arena` collects the tables, distributions, choices and numbers of one plan. Equal leaves are
stored once.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import numpy as np

from sim.plan.plan import NONE, Choices, Distributions, Tables
from sim.plan.samplers import cumulate, encode
from sim.scenario.attributes import Attribute
from sim.scenario.values import By, Distribution, Shares, Table, attributes_of

T = TypeVar("T")

#: more cells than this in one table is a mistake, not a model
MOST_CELLS = 1_000_000


class Arena:
    """Collects flattened tables while a scenario is compiled."""

    def __init__(self, attributes: Mapping[str, Attribute], names: Sequence[str]) -> None:
        self._attributes = attributes
        self._number = {name: number for number, name in enumerate(names)}
        self._dims: list[tuple[list[int], list[int]]] = []
        self._cells: list[list[int]] = []
        self._distributions: dict[Distribution, int] = {}
        self._rows: dict[tuple[tuple[int, float], ...], int] = {}
        self._numbers: dict[float, int] = {}

    def durations(self, table: Table[Distribution]) -> int:
        """Add a table of distributions; returns the number of the table."""
        return self._add(table, self._distribution)

    def numbers(self, table: Table[float]) -> int:
        """Add a table of numbers; returns the number of the table."""
        return self._add(table, self._number_leaf)

    def choices(self, table: Table[Shares], target: Mapping[str, int]) -> int:
        """Add a table of shares whose names mean `target`; returns the number of the table.

        Branches are ordered by target (levels in their order, then steps, then outcomes), never
        by the order in the file.
        """

        def row(shares: Shares) -> int:
            items = sorted((target[name], float(share)) for name, share in shares.items())
            return self._row(tuple(item for item in items if item[1] > 0.0))

        return self._add(table, row)

    def cells_of(self, table: Table[T], names: Sequence[str]) -> dict[tuple[str, ...], T | None]:
        """The leaf for every combination of levels of the attributes `names`."""
        levels = [self._attributes[name].levels for name in names]
        return {
            combination: _leaf(table, dict(zip(names, combination, strict=True)))
            for combination in itertools.product(*levels)
        }

    def _add(self, table: Table[T], number_of: Callable[[T], int]) -> int:
        names = sorted(attributes_of(table))
        cells = self.cells_of(table, names)
        if len(cells) > MOST_CELLS:
            raise ValueError(f"a table by {', '.join(names)} has {len(cells):,} cells")
        strides = []
        stride = len(cells)
        for name in names:
            stride //= len(self._attributes[name].levels)
            strides.append(stride)
        self._dims.append(([self._number[name] for name in names], strides))
        self._cells.append([NONE if leaf is None else number_of(leaf) for leaf in cells.values()])
        return len(self._cells) - 1

    def _distribution(self, leaf: Distribution) -> int:
        return self._distributions.setdefault(leaf, len(self._distributions))

    def _number_leaf(self, leaf: float) -> int:
        return self._numbers.setdefault(float(leaf), len(self._numbers))

    def _row(self, items: tuple[tuple[int, float], ...]) -> int:
        return self._rows.setdefault(items, len(self._rows))

    def tables(self) -> Tables:
        """All tables added so far, as arrays."""
        dims = [names for names, _ in self._dims]
        return Tables(
            first_dim=ragged(dims),
            attribute=integers(itertools.chain.from_iterable(dims)),
            stride=integers(itertools.chain.from_iterable(strides for _, strides in self._dims)),
            first_cell=ragged(self._cells)[:-1],
            cells=integers(itertools.chain.from_iterable(self._cells)),
        )

    def distributions(self) -> Distributions:
        """All distributions added so far, as arrays."""
        encoded = [encode(leaf) for leaf in self._distributions]
        values = [np.asarray(item[4], dtype=np.float64) for item in encoded]
        weights = [cumulate(item[5]) if item[5] else np.zeros(0) for item in encoded]
        first = ragged(values)
        return Distributions(
            kind=integers(item[0] for item in encoded),
            a=floats(item[1] for item in encoded),
            b=floats(item[2] for item in encoded),
            c=floats(item[3] for item in encoded),
            first=first[:-1],
            count=np.diff(first),
            values=np.concatenate([*values, np.zeros(1)]),
            cumulative=np.concatenate([*weights, np.ones(1)]),
        )

    def choice_rows(self) -> Choices:
        """All rows of choices added so far, as arrays; each row's cumulative share ends at 1."""
        cumulative = []
        for row in self._rows:
            total = list(itertools.accumulate(share for _, share in row))
            total[-1] = 1.0
            cumulative.append(total)
        return Choices(
            first=ragged(self._rows),
            target=integers(target for row in self._rows for target, _ in row),
            cumulative=floats(itertools.chain.from_iterable(cumulative)),
        )

    def number_leaves(self) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        """All numbers added so far."""
        return floats(self._numbers)


def _leaf(table: Table[T], levels: Mapping[str, str]) -> T | None:
    """The value of a table at the given levels, or None where it names no such level."""
    while isinstance(table, By):
        cell = table.cells.get(levels[table.attribute], table.other)
        if cell is None:
            return None
        table = cell
    return table


def ragged(rows: object) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Where each row starts when the rows are laid end to end; one longer than `rows`."""
    lengths = [len(row) for row in rows]  # type: ignore[attr-defined]
    return np.cumsum([0, *lengths]).astype(np.int64)


def integers(items: object) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The items as int64."""
    return np.array(list(items), dtype=np.int64)  # type: ignore[call-overload,no-any-return]


def floats(items: object) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """The items as float64."""
    return np.array(list(items), dtype=np.float64)  # type: ignore[call-overload,no-any-return]
