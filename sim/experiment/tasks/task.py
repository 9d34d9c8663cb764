"""A task, what names it, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.measure.backlog import Backlog

#: a measure and what it is of, as in `sim.scenario.language.standard_measures`
Reference = str


@dataclass(frozen=True, order=True, slots=True)
class Task:
    """One replication of one world.

    `world` is the SHA-256 of all that decides its results besides the replication's number: the
    scenario's content (not its titles, sources or how often it is run), the code that simulates
    and measures, and the seed.
    """

    world: str
    replication: int


@dataclass(frozen=True)
class Outcome:
    """What a task left: numbers of the whole system, and what tells whether queues settled.

    `values` has a number for every measure asked for, NaN where there is nothing to take it of.
    `seconds` is how long it took, which is the only thing in it that is not the same again.
    """

    values: Mapping[Reference, float]
    backlog: Backlog
    seconds: float


@dataclass(frozen=True)
class Failure:
    """A task that could not be done, said in a line, with where in the code it failed."""

    name: str
    seed: int
    replication: int
    error: str
    trace: str = ""

    def __str__(self) -> str:
        """The scenario, replication and seed, with which it can be had again."""
        return f"{self.name}, replication {self.replication}, seed {self.seed}: {self.error}"
