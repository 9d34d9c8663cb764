"""Rows of a log by a code they carry: found, or sorted into groups."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.measure.arrays import Index, Integers, Mask


@dataclass(frozen=True, slots=True)
class Sorted:
    """Rows sorted into groups: those of group g stand from bounds[g] to bounds[g + 1].

    Rows that are in no group stand before bounds[0].
    """

    rows: Index
    bounds: Index

    def __getitem__(self, group: int) -> Index:
        """Rows of one group, in order."""
        return self.rows[self.bounds[group] : self.bounds[group + 1]]

    def together(self, chosen: Mask) -> Index:
        """Rows of several groups, one group behind the other."""
        groups = [self[group] for group in np.flatnonzero(chosen).tolist()]
        return np.concatenate([self.rows[:0], *groups])


def sorted_into(groups: int, codes: Integers) -> Sorted:
    """Sort rows by their code from 0 to `groups` - 1, in their order within each group.

    Parameters
    ----------
    groups
        How many groups there are.
    codes
        Group of each row, negative for none.

    Raises
    ------
    ValueError
        If a code is larger.
    """
    from sim.measure.loops import sort_rows

    bounds, rows = np.zeros(groups + 2, dtype=np.intp), np.empty(len(codes), dtype=np.intp)
    sort_rows(codes, bounds, rows)
    return Sorted(rows, bounds[:-1])


def stable_order(keys: Integers) -> Index:
    """Positions that sort whole numbers from 0, ties in their order."""
    return sorted_into(int(keys.max(initial=-1)) + 1, keys).rows


def rows_where(chosen: Mask, codes: Integers) -> Index:
    """Rows whose code is one of those chosen, in order."""
    from sim.measure.loops import find_rows

    rows = np.empty(len(codes), dtype=np.intp)
    return rows[: find_rows(chosen, codes, rows)]
