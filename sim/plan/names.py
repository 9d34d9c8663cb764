"""Names and their numbers: everything a plan numbers is numbered in the order of sorted names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np

from sim.plan.keys import name_key
from sim.plan.plan import Keys
from sim.scenario.language.attributes import Attribute
from sim.scenario.language.pools import Pool

T = TypeVar("T")


@dataclass(frozen=True)
class Names:
    """Sorted names of everything a plan numbers, and the numbers of attributes' levels."""

    steps: tuple[str, ...]
    pools: tuple[Pool, ...]
    crises: tuple[str, ...]
    outcomes: tuple[str, ...]
    programmes: tuple[str, ...]
    cases: tuple[str, ...]
    attributes: tuple[str, ...]
    declared: Mapping[str, Attribute]

    @property
    def resources(self) -> tuple[str, ...]:
        """Names of the pools, in the order of their numbers."""
        return tuple(pool.name for pool in self.pools)

    @cached_property
    def spans(self) -> dict[str, tuple[int, int]]:
        """The number of the first pool of each resource, and of the one after its last."""
        found: dict[str, tuple[int, int]] = {}
        for number, pool in enumerate(self.pools):
            found[pool.resource] = (found.get(pool.resource, (number, 0))[0], number + 1)
        return found

    @property
    def targets(self) -> dict[str, int]:
        """Number of every step, and -(number + 1) of every outcome."""
        outcomes = {name: -(i + 1) for i, name in enumerate(self.outcomes)}
        return {**outcomes, **numbered(self.steps)}

    def levels(self, attribute: str) -> dict[str, int]:
        """Number of each level of an attribute."""
        return numbered(self.declared[attribute].levels)


def numbered(names: Sequence[str]) -> dict[str, int]:
    """The position of each name."""
    return {name: i for i, name in enumerate(names)}


def in_order(things: Mapping[str, T]) -> list[T]:
    """The things in the order of their sorted names."""
    return [things[name] for name in sorted(things)]


def keys(names: Iterable[tuple[str | int, ...]]) -> Keys:
    """The key of each decision, from the words that name it."""
    return np.array([name_key(*words) for words in names], dtype=np.uint64)
