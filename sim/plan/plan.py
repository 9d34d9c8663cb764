"""The plan: the executable form of a scenario, flat arrays that both engines run.

Names are sorted naturally and turned into numbers, tables into flat arrays of cells, dates into
minutes since the start of the run. The groups of arrays are named tuples because numba takes
them as they are; everything else about a plan is names and plain numbers.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Keys = npt.NDArray[np.uint64]
Bytes = npt.NDArray[np.int8]

#: no table, no step, no resource
NONE = -1

#: a year of the simulated calendar in minutes: 365 days
YEAR = 365 * 1440.0


class Origin(IntEnum):
    """Where the level of an attribute is read."""

    PERSON = 0  #: drawn once per person, or set on the person
    EPISODE = 1  #: drawn per episode, or set on the episode
    PROGRAMME = 2
    CALENDAR = 3
    SIGNAL = 4


class Hold(IntEnum):
    """How long a step keeps the unit it seized."""

    NO = 0  #: until its own delay ends
    NEXT = 1  #: until the next step has started
    TRUE = 2  #: until a later step releases it, or the end


class Tables(NamedTuple):
    """All tables, flattened: the leaf of table t is cells[first_cell[t] + sum(level x stride)].

    `attribute` and `stride` hold the dimensions of table t from first_dim[t] to first_dim[t+1].
    A cell of `NONE` cannot be reached by any episode.
    """

    first_dim: Integers
    attribute: Integers
    stride: Integers
    first_cell: Integers
    cells: Integers


class Distributions(NamedTuple):
    """Leaves that are distributions, as `sim.plan.samplers.sample` takes them; minutes."""

    kind: Integers
    a: Floats
    b: Floats
    c: Floats
    first: Integers
    count: Integers
    values: Floats
    cumulative: Floats


class Choices(NamedTuple):
    """Leaves that are choices: row i has targets and cumulative shares first[i] to first[i+1].

    A target is a level of an attribute, a step, or an outcome o written as -(o + 1).
    """

    first: Integers
    target: Integers
    cumulative: Floats


class Attributes(NamedTuple):
    """Where each attribute is read: its origin and the column (or row) there.

    `initial` is the level before anything is drawn or set. Column c of an episode holds
    attribute `of_episode_column[c]`; there are as many columns as that array is long.
    """

    origin: Integers
    column: Integers
    initial: Integers
    of_person_column: Integers
    of_episode_column: Integers


class Schedules(NamedTuple):
    """Piecewise constant functions of time; row i changes at times first[i] to first[i+1]."""

    first: Integers
    times: Floats
    values: Integers


class Coverages(NamedTuple):
    """Piecewise linear shares of time; 0 before the first point, constant after the last."""

    first: Integers
    times: Floats
    shares: Floats


class Signals(NamedTuple):
    """Signal i is yes while resource[i]'s queue, or its share in use, is at least `at_least`."""

    resource: Integers
    is_queue: Integers
    at_least: Floats


class Resources(NamedTuple):
    """Per resource: queue limit (NONE: unlimited) and turnaround (a table or NONE)."""

    queue_limit: Integers
    turnaround: Integers


class Steps(NamedTuple):
    """Per step: what it does, as numbers of tables and targets.

    `release`, `set_*` and `spawn_*` are ragged: the items of step s stand from first_*[s] to
    first_*[s+1]. Keys name the random decisions; `loops` is 1 where an episode may return.
    """

    seize: Integers
    priority: Integers
    patience: Integers
    renege_to: Integers
    balk_to: Integers
    balk_full: Integers
    balk_closed: Integers
    delay: Integers
    hold: Integers
    route: Integers
    loops: Integers
    key_patience: Keys
    key_delay: Keys
    key_turnaround: Keys
    key_route: Keys
    first_release: Integers
    release: Integers
    first_set: Integers
    set_attribute: Integers
    set_table: Integers
    set_key: Keys
    first_spawn: Integers
    spawn_step: Integers
    spawn_table: Integers
    spawn_key: Keys


class Crises(NamedTuple):
    """Per crisis: base rate (per person and minute), relative rates, attributes, first step.

    `factor` are the tables of the relative rates and `bound` the largest each can be, as tables
    by the people attributes that no step sets. Ragged as in `Steps`.
    """

    key: Keys
    rate: Integers
    first_factor: Integers
    factor: Integers
    bound: Integers
    first_drawn: Integers
    drawn_attribute: Integers
    drawn_table: Integers
    drawn_key: Keys
    route: Integers
    key_route: Keys


class Profiles(NamedTuple):
    """Per crisis: rate factors on hours of the horizon, and what varies by replication.

    `factor[c, h]` is the deterministic factor in hour h, `day_to_day[c]` the coefficient of
    variation of the daily gamma factor, `first_day` the ordinal of the first date.
    """

    factor: Floats
    day_to_day: Floats
    key_day: Keys
    first_day: int


class World(NamedTuple):
    """Everything an engine reads while patients move; constant during a run."""

    tables: Tables
    distributions: Distributions
    choices: Choices
    numbers: Floats
    attributes: Attributes
    calendars: Schedules
    coverages: Coverages
    signals: Signals
    capacities: Schedules
    resources: Resources
    steps: Steps
    crises: Crises
    case_levels: Bytes  #: flattened (case, attribute), NONE where drawn
    died: int  #: the outcome after which a person has no more crises, or NONE


@dataclass(frozen=True)
class PopulationPlan:
    """How people are drawn: attributes in the order they depend on each other."""

    number: int
    drawn: tuple[int, ...]  #: attributes to draw, each after those its table varies by
    tables: tuple[int, ...]  #: choices of levels, one table for each of `drawn`
    keys: Keys  #: one for each of `drawn`
    strata_counts: Integers  #: people in each stratum of the CSV, empty without strata
    strata_levels: Bytes  #: shape (strata, attributes), NONE where drawn
    programme_keys: Keys
    eligible: tuple[tuple[tuple[int, tuple[int, ...]], ...], ...]
    #: per programme: (attribute, levels allowed), all of which must hold
    caseload: tuple[int | None, ...]
    case_keys: Keys
    case_levels: Bytes  #: shape (cases, attributes), NONE where drawn
    case_covered: Bytes  #: shape (cases, programmes), NONE where by luck
    case_crisis: Integers
    case_at: Floats


@dataclass(frozen=True)
class Plan:
    """A scenario compiled: names, times and arrays. Times in minutes since `start` 00:00."""

    title: str
    start: date
    warm_up: float
    horizon: float
    steps: tuple[str, ...]
    resources: tuple[str, ...]
    crises: tuple[str, ...]
    outcomes: tuple[str, ...]
    attributes: tuple[str, ...]
    levels: tuple[tuple[str, ...], ...]
    programmes: tuple[str, ...]
    cases: tuple[str, ...]
    step_tags: tuple[tuple[str, ...], ...]
    set_on_person: tuple[bool, ...]  #: per attribute: may a step change it on the person?
    world: World
    profiles: Profiles
    people: PopulationPlan

    @property
    def capacity_times(self) -> tuple[Floats, ...]:
        """Per resource: when its capacity changes (minutes, the first 0)."""
        return _rows(self.world.capacities.first, self.world.capacities.times)

    @property
    def capacity_values(self) -> tuple[Integers, ...]:
        """Per resource: the capacity from each of `capacity_times` on; -1 is unlimited."""
        return _rows(self.world.capacities.first, self.world.capacities.values)

    def people_by_level(self, seed: int, attribute: str) -> Integers:
        """Number of people at each level of a people attribute (cases left out)."""
        from sim.plan.population import draw_population

        number = self.attributes.index(attribute)
        columns = self.world.attributes.of_person_column.tolist()
        column, width = columns.index(number), len(columns)
        levels = draw_population(self, seed).levels[column::width][: self.people.number]
        return np.bincount(levels, minlength=len(self.levels[number])).astype(np.int64)


def _rows(first: Integers, items: npt.NDArray[Any]) -> tuple[npt.NDArray[Any], ...]:
    return tuple(items[a:b] for a, b in itertools.pairwise(first))
