"""Tables made flat: every combination of levels gets a cell, every cell the number of a leaf.

A table of more combinations than `MOST_TOGETHER` is laid out as several: one by the attribute it
is written by first, whose cells stand for the tables within it.

An `Arena` collects the tables, distributions, choices and numbers of one plan. Equal leaves are
stored once.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, TypeVar

import numpy as np

from sim.plan.lookup import FURTHER
from sim.plan.names import keys
from sim.plan.plan import (
    BRANCH,
    DIM,
    DISTRIBUTION,
    NONE,
    TABLE,
    Floats,
    Integers,
    Keys,
    PlanArrays,
    Records,
)
from sim.plan.samplers import cumulate, encode
from sim.scenario.language.attributes import Attribute
from sim.scenario.written.values import (
    MOST_TOGETHER,
    By,
    Delay,
    Shares,
    Table,
    Until,
    attributes_of,
)

T = TypeVar("T")

#: attributes whose levels are known: none
KNOWN: Mapping[str, str] = MappingProxyType({})

#: a choice: targets and their shares
Row = tuple[tuple[int, float], ...]


class Arena:
    """Collects flattened tables while a scenario is compiled."""

    def __init__(
        self,
        attributes: Mapping[str, Attribute],
        names: Sequence[str],
        calendars: Mapping[str, int],
    ) -> None:
        self._attributes = attributes
        self._calendars = calendars
        self._number = {name: number for number, name in enumerate(names)}
        self._dims: list[tuple[list[int], list[int]]] = []
        self._cells: list[list[int]] = []
        self._distributions: dict[Delay, int] = {}
        self._rows: dict[Row, int] = {}
        self._numbers: dict[float, int] = {}

    def durations(self, table: Table[Any]) -> int:
        """Add a table of distributions; returns the number of the table."""
        return self._add(table, self._distribution)

    def numbers(self, table: Table[float]) -> int:
        """Add a table of numbers; returns the number of the table."""
        return self._add(table, self._number_leaf)

    def spans(self, table: Table[T], number_of: Callable[[T], int]) -> int:
        """Add a table whose leaves have numbers of their own; returns the number of the table."""
        return self._add(table, number_of)

    def number(self, value: float) -> int:
        """The number of a leaf that is a number."""
        return self._number_leaf(value)

    def choices(self, table: Table[Shares], target: Mapping[str, int]) -> int:
        """Add a table of shares whose names mean `target`; returns the number of the table.

        Branches are ordered by target, never by the order in the file: levels in their order;
        outcomes, which are negative, from the last name to the first, and then steps.
        """

        def row(shares: Shares) -> int:
            items = sorted((target[name], float(share)) for name, share in shares.items())
            return self._row(tuple(item for item in items if item[1] > 0.0))

        return self._add(table, row)

    def cells_of(
        self, table: Table[T], names: Sequence[str], known: Mapping[str, str] = KNOWN
    ) -> dict[tuple[str, ...], T | None]:
        """The leaf for every combination of levels of the attributes `names`, others `known`."""
        levels = [self._attributes[name].levels for name in names]
        return {
            combination: _leaf(table, {**known, **dict(zip(names, combination, strict=True))})
            for combination in itertools.product(*levels)
        }

    def _add(
        self, table: Table[T], number_of: Callable[[T], int], known: Mapping[str, str] = KNOWN
    ) -> int:
        """Add a table, of which the levels of some attributes are known; returns its number."""
        names = sorted(attributes_of(table) - known.keys())
        if isinstance(table, By) and self._combinations(names) > MOST_TOGETHER:
            name = table.attribute
            names = [] if name in known else [name]
            numbered = self._within(table, number_of, known)
        else:
            # before anything is noted here, for a leaf may add tables of its own
            leaves = self.cells_of(table, names, known).values()
            numbered = [NONE if leaf is None else number_of(leaf) for leaf in leaves]
        strides = []
        stride = len(numbered)
        for name in names:
            stride //= len(self._attributes[name].levels)
            strides.append(stride)
        self._dims.append(([self._number[name] for name in names], strides))
        self._cells.append(numbered)
        return len(self._cells) - 1

    def _within(
        self, table: By[T], number_of: Callable[[T], int], known: Mapping[str, str]
    ) -> list[int]:
        """Add the tables within a table; what stands for them, by level of its attribute."""
        name = table.attribute
        levels = (known[name],) if name in known else self._attributes[name].levels
        found = []
        for level in levels:
            cell = table.cells.get(level, table.other)
            within = {**known, name: level}
            found.append(NONE if cell is None else FURTHER - self._add(cell, number_of, within))
        return found

    def _combinations(self, names: Iterable[str]) -> int:
        return math.prod(len(self._attributes[name].levels) for name in names)

    def _distribution(self, leaf: Delay) -> int:
        return self._distributions.setdefault(leaf, len(self._distributions))

    def _gate(self, leaf: Delay) -> int:
        """What must open before a delay begins, as `DISTRIBUTION` has it."""
        if not isinstance(leaf, Until):
            return NONE
        return self._calendars[leaf.opens] if isinstance(leaf.opens, str) else -(leaf.opens + 2)

    def _number_leaf(self, leaf: float) -> int:
        return self._numbers.setdefault(float(leaf), len(self._numbers))

    def _row(self, items: Row) -> int:
        return self._rows.setdefault(items, len(self._rows))

    def arrays(self) -> dict[str, Any]:
        """Everything added so far: those arrays of a `PlanArrays` that hold tables and leaves."""
        first_dim, end_dim = spans(names for names, _ in self._dims)
        first_cell, _ = spans(self._cells)
        drawn = [leaf.then if isinstance(leaf, Until) else leaf for leaf in self._distributions]
        encoded = [encode(leaf) for leaf in drawn]
        lucks = [leaf.luck for leaf in drawn]
        first_value, _ = spans(item[4] for item in encoded)
        first_branch, _ = spans(self._rows)
        return {
            "tables": rows(TABLE, first_dim=first_dim, end_dim=end_dim, first_cell=first_cell),
            "dims": rows(
                DIM,
                attribute=chained(names for names, _ in self._dims),
                stride=chained(strides for _, strides in self._dims),
            ),
            "cells": integers(chained(self._cells)),
            "distributions": rows(
                DISTRIBUTION,
                kind=[item[0] for item in encoded],
                a=[item[1] for item in encoded],
                b=[item[2] for item in encoded],
                c=[item[3] for item in encoded],
                first=first_value,
                count=[len(item[4]) for item in encoded],
                gate=[self._gate(leaf) for leaf in self._distributions],
                shared=[luck is not None for luck in lucks],
                against=[luck is not None and luck.against for luck in lucks],
                luck=keys(("draw", "" if luck is None else luck.name) for luck in lucks),
            ),
            "values": floats(chained(item[4] for item in encoded)),
            "cumulative": floats(chained(cumulate(item[5]) for item in encoded if item[5])),
            "choices": integers(first_branch),
            "branches": rows(
                BRANCH,
                target=chained([target for target, _ in row] for row in self._rows),
                cumulative=chained(_cumulative(row) for row in self._rows),
            ),
            "numbers": floats(self._numbers),
        }


def _cumulative(row: Row) -> list[float]:
    """Running sum of the shares of a row, whose last is 1 exactly."""
    total = [*itertools.accumulate(share for _, share in row)]
    total[-1] = 1.0
    return total


def _leaf(table: Table[T], levels: Mapping[str, str]) -> T | None:
    """The value of a table at the given levels, or None where it names no such level."""
    while isinstance(table, By):
        cell = table.cells.get(levels[table.attribute], table.other)
        if cell is None:
            return None
        table = cell
    return table


def leaves_of(arrays: PlanArrays, table: int) -> list[int]:
    """Numbers of the leaves that a table of a plan can give, in order and each as often as there.

    Parameters
    ----------
    arrays
        The arrays of the plan.
    table
        Number of the table; the tables that its cells stand for are followed.
    """
    first = int(arrays.tables["first_cell"][table])
    later = arrays.tables["first_cell"][table + 1 : table + 2]
    found = []
    for cell in arrays.cells[first : int(later[0]) if len(later) else None].tolist():
        if cell <= FURTHER:
            found += leaves_of(arrays, FURTHER - cell)
        elif cell != NONE:
            found.append(cell)
    return found


def spans(items: Iterable[Sequence[Any]]) -> tuple[list[int], list[int]]:
    """Where each item begins and ends when they are laid end to end."""
    ends = [*itertools.accumulate((len(item) for item in items), initial=0)]
    return ends[:-1], ends[1:]


def chained(items: Iterable[Iterable[T]]) -> list[T]:
    """The items laid end to end."""
    return [*itertools.chain.from_iterable(items)]


def rows(of: np.dtype[np.void], /, **columns: Sequence[Any] | Keys) -> Records:
    """Records of a type, from their columns."""
    count = len(next(iter(columns.values())))
    array = np.zeros(count, dtype=of)
    for name, column in columns.items():
        array[name] = column
    return array


def integers(items: Iterable[Any]) -> Integers:
    """The items as int64."""
    return np.array([*items], dtype=np.int64)


def floats(items: Iterable[Any]) -> Floats:
    """The items as float64."""
    return np.array([*items], dtype=np.float64)
