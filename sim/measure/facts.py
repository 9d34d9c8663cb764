"""Facts: what was read from the logs for a measure, before it is summarised.

A fact is a number that belongs to an episode and perhaps to a thing (a step, a resource, ...).
Measures differ in which facts they take and which statistic they make of them; overall and
broken down they use the same facts, only grouped differently. Grouping is one code per fact.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.signedinteger[Any]]
Index = npt.NDArray[np.intp]
Mask = npt.NDArray[np.bool_]

#: the episode of a fact that belongs to nobody, such as the cost of idle capacity
NOBODY = -1

#: the level under which such facts stand in a breakdown, so that breakdowns add up
UNATTRIBUTED = "unattributed"

#: what `of` is for a measure of the whole system
SYSTEM = ("",)


@dataclass(frozen=True, slots=True)
class Facts:
    """Columns of equal length: one row per fact.

    `of` indexes `names`; `episode` is a row of the log's episodes or `NOBODY`. `censored` marks
    durations that were still running at the horizon, whose value is the time so far. `until`
    makes the value the start of an interval; infinite while open. `base` is a denominator per
    name, `per` are facts whose number is the denominator.
    """

    names: tuple[str, ...]
    of: Integers
    episode: Integers
    value: Floats
    censored: Mask | None = None
    until: Floats | None = None
    base: Floats | None = None
    per: Facts | None = None


def system_facts(episode: Integers, value: Floats | None = None) -> Facts:
    """Facts about the whole system; each counts 1 unless values are given."""
    value = np.ones(len(episode)) if value is None else value
    return Facts(SYSTEM, nothing_in_particular(len(episode)), episode, value)


def nothing_in_particular(number: int) -> Integers:
    """The column `of` for facts about the whole system."""
    return np.zeros(number, dtype=np.int16)


@dataclass(frozen=True)
class Grouping:
    """How episodes are told apart: not at all (attribute ``""``), or by level of an attribute."""

    attribute: str
    levels: tuple[str, ...]
    level_of_episode: npt.NDArray[np.int16]


def no_grouping(episodes: int) -> Grouping:
    """Everything together."""
    return Grouping("", ("",), np.zeros(episodes, dtype=np.int16))


@dataclass(frozen=True)
class Grouped:
    """Facts with the group of each: the group of name i and level j is i x levels + j."""

    facts: Facts
    grouping: Grouping

    @cached_property
    def levels(self) -> tuple[str, ...]:
        """Levels of the grouping, and `UNATTRIBUTED` if some facts belong to nobody."""
        if self.grouping.attribute and bool(np.any(self.facts.episode == NOBODY)):
            return (*self.grouping.levels, UNATTRIBUTED)
        return self.grouping.levels

    @property
    def size(self) -> int:
        """Number of groups."""
        return len(self.facts.names) * len(self.levels)

    @cached_property
    def code(self) -> Index:
        """Group of each fact."""
        of = self.facts.of.astype(np.intp)
        if not self.grouping.attribute:
            return of
        nobody = np.int16(len(self.grouping.levels))
        level = np.append(self.grouping.level_of_episode, nobody)[self.facts.episode]
        return of * len(self.levels) + level

    @cached_property
    def count(self) -> Floats:
        """Number of facts in each group."""
        return np.bincount(self.code, minlength=self.size).astype(np.float64)

    @cached_property
    def total(self) -> Floats:
        """Sum of the values in each group."""
        return self.sum(self.facts.value)

    def sum(self, values: npt.NDArray[Any]) -> Floats:
        """Sum of any column in each group."""
        sums = np.bincount(self.code, weights=values, minlength=self.size)
        return np.asarray(sums, dtype=np.float64)

    def count_where(self, chosen: Mask) -> Floats:
        """Number of facts in each group that are chosen."""
        return np.bincount(self.code[chosen], minlength=self.size).astype(np.float64)

    @cached_property
    def order(self) -> Index:
        """Rows group by group, in their order within each."""
        if self.size == 1:
            return np.arange(len(self.code))
        # 16-bit keys are sorted by radix, several times faster
        code = self.code.astype(np.int16) if self.size < 2**15 else self.code
        return np.argsort(code, kind="stable")

    @cached_property
    def bounds(self) -> Index:
        """The rows of group g stand in `order` from bounds[g] to bounds[g + 1]."""
        return np.concatenate([[0], np.cumsum(self.count)]).astype(np.intp)

    @cached_property
    def increasing(self) -> Floats:
        """Values group by group, sorted within each group."""
        values = self.facts.value[self.order]
        for begin, end in zip(self.bounds[:-1], self.bounds[1:], strict=True):
            values[begin:end].sort()
        return values

    def by_name(self, numbers: Floats) -> Floats:
        """Repeat one number per name for each of its levels."""
        return np.repeat(numbers, len(self.levels))

    def by_level(self, numbers: Floats) -> Floats:
        """Repeat one number per level for each of the names."""
        return np.tile(numbers, len(self.facts.names))
