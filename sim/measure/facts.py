"""Facts: what was read from the logs for a measure, before it is summarised.

A fact is a number that belongs to an episode and perhaps to a thing (a step, a resource, ...).
Measures differ in which facts they take and which statistic they make of them; overall and
broken down they use the same facts, only grouped differently. Grouping is one code per fact.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.measure.arrays import Floats, Index, Integers, Mask

#: the episode of a fact that belongs to nobody, such as the cost of idle capacity
NOBODY = -1

#: the level under which such facts stand in a breakdown, so that breakdowns add up
UNATTRIBUTED = "unattributed"

#: what `of` is for a measure of the whole system
SYSTEM = ("",)


@dataclass(frozen=True)
class Facts:
    """Columns of equal length: one row per fact.

    `of` indexes `names`; a row where it is -1 is no fact, so that whole columns of a log serve as
    they are. `episode` is a row of the log's episodes or `NOBODY`. A mask as `value` counts 1
    where it is true. `censored` marks durations that were still running at the horizon, whose
    value is the time so far. `until` makes the value the start of an interval; such rows are in
    order of their starts, and an end is NaN or infinite while open. `base` is a denominator per
    name, `per` are facts whose number is the denominator.
    """

    names: tuple[str, ...]
    of: Integers
    episode: Integers
    value: Floats | Mask
    censored: Mask | None = None
    until: Floats | None = None
    base: Floats | None = None
    per: Facts | None = None

    @cached_property
    def some_are_nobodys(self) -> bool:
        """Whether some facts belong to no episode."""
        return bool(np.any(self.episode == NOBODY))


def system_facts(episode: Integers, value: Floats | Mask | None = None) -> Facts:
    """Facts about the whole system; each counts 1 unless values are given."""
    value = ones(len(episode)) if value is None else value
    return Facts(SYSTEM, np.zeros(len(episode), dtype=np.int16), episode, value)


def ones(number: int) -> Floats:
    """The column `value` of facts that are only counted; takes no memory."""
    return np.broadcast_to(1.0, number)


@dataclass(frozen=True)
class Grouping:
    """How episodes are told apart: not at all (attribute ``""``), or by level of an attribute."""

    attribute: str
    levels: tuple[str, ...]
    level_of_episode: Integers

    @cached_property
    def level(self) -> npt.NDArray[np.int32]:
        """Level of each episode; last, where `NOBODY` looks, one beyond all others."""
        return np.append(self.level_of_episode, np.int32(len(self.levels)))


def no_grouping() -> Grouping:
    """Everything together."""
    return Grouping("", ("",), np.zeros(0, dtype=np.int32))


@dataclass(frozen=True)
class Grouped:
    """Facts with the group of each: the group of name i and level j is i x levels + j."""

    facts: Facts
    grouping: Grouping

    @cached_property
    def levels(self) -> tuple[str, ...]:
        """Levels of the grouping, and `UNATTRIBUTED` if some facts belong to nobody."""
        if self.grouping.attribute and self.facts.some_are_nobodys:
            return (*self.grouping.levels, UNATTRIBUTED)
        return self.grouping.levels

    @property
    def size(self) -> int:
        """Number of groups."""
        return len(self.facts.names) * len(self.levels)

    @cached_property
    def code(self) -> Integers:
        """Group of each fact."""
        of = self.facts.of
        if not self.grouping.attribute:
            return of
        return self.grouping.level.take(self.facts.episode) + of * np.int32(len(self.levels))

    @cached_property
    def count(self) -> Floats:
        """Number of facts in each group."""
        return self._count(self.code)

    @cached_property
    def total(self) -> Floats:
        """Sum of the values in each group."""
        from sim.measure.loops import total_by_code

        value = self.facts.value
        if value.dtype == np.bool_:
            return self.count_where(value.astype(np.bool_, copy=False))
        return total_by_code(self.code, value.astype(np.float64, copy=False), self.size)

    def count_where(self, chosen: Mask) -> Floats:
        """Number of facts in each group that are chosen."""
        return self._count(self.code.take(np.flatnonzero(chosen)))

    def count_over(self, limit: float) -> Floats:
        """Number of facts in each group with a value above a limit."""
        groups = (self.increasing[begin:end] for begin, end in pairwise(self.bounds))
        within = [np.searchsorted(values, limit, side="right") for values in groups]
        return self.count - np.array(within, dtype=np.float64)

    def _count(self, code: Integers) -> Floats:
        from sim.measure.loops import count_codes

        return count_codes(code, self.size).astype(np.float64)

    @cached_property
    def bounds(self) -> Index:
        """Group by group, the facts of group g stand from bounds[g] to bounds[g + 1]."""
        return np.concatenate([[0], np.cumsum(self.count)]).astype(np.intp)

    def arranged(self, column: npt.NDArray[Any]) -> Floats:
        """Put numbers of the facts group by group, in their order within each."""
        from sim.measure.loops import arrange

        bounds = self.bounds
        result = np.empty(bounds[-1] + 1)  # what is no fact is written behind the others
        arrange(self.code, column, np.append(bounds[-1], bounds[:-1]), result)
        return result[:-1]

    @cached_property
    def increasing(self) -> Floats:
        """Values group by group, sorted within each group."""
        values = self.arranged(self.facts.value)
        for begin, end in pairwise(self.bounds):
            values[begin:end].sort()
        return values

    def by_name(self, numbers: Floats) -> Floats:
        """Repeat one number per name for each of its levels."""
        return np.repeat(numbers, len(self.levels))

    def by_level(self, numbers: Floats) -> Floats:
        """Repeat one number per level for each of the names."""
        return np.tile(numbers, len(self.facts.names))
