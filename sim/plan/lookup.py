"""Reading the state of the world: levels of attributes, cells of tables, branches of choices.

Each function is written once and used twice: compiled by numba in the compiled engine, and
uncompiled (`.py_func`) in the SimPy engine, where lists stand in for arrays.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.plan.jit import jit
from sim.plan.plan import Bytes, Choices, Coverages, Floats, Integers, Schedules, World

PERSON, EPISODE, PROGRAMME, CALENDAR = 0, 1, 2, 3  # of `Origin`; anything else is a signal


class State(NamedTuple):
    """What changes while patients move, as far as attributes can see it.

    `people` and `episodes` hold levels flattened by (person, column) and (episode, column);
    `numbers` holds each person's fixed random number per programme, flattened likewise.
    """

    people: Bytes
    numbers: Floats
    episodes: Bytes
    capacity: Integers
    in_use: Integers
    waiting: Integers


def still(people: Bytes, numbers: Floats) -> State:
    """A state in which nothing moves yet: people only, no episodes, no resources."""
    none = np.zeros(0, dtype=np.int64)
    return State(people, numbers, np.zeros(0, dtype=np.int8), none, none, none)


@jit
def latest(times: Floats, first: int, end: int, now: float) -> int:
    """Index of the last of times[first:end] that is not after `now`; first - 1 if none is."""
    low, high = first, end
    while low < high:
        middle = (low + high) // 2
        if times[middle] <= now:
            low = middle + 1
        else:
            high = middle
    return low - 1


@jit
def scheduled(schedules: Schedules, row: int, now: float) -> int:
    """Value of a piecewise constant function at a time not before its first change."""
    at = latest(schedules.times, schedules.first[row], schedules.first[row + 1], now)
    return schedules.values[at]


@jit
def covered_share(coverages: Coverages, row: int, now: float) -> float:
    """Share of the eligible that a programme covers at a time."""
    first, end = coverages.first[row], coverages.first[row + 1]
    at = latest(coverages.times, first, end, now)
    if at < first:
        return 0.0
    if at == end - 1:
        return coverages.shares[at]
    begin = coverages.times[at]
    part = (now - begin) / (coverages.times[at + 1] - begin)
    return coverages.shares[at] + part * (coverages.shares[at + 1] - coverages.shares[at])


@jit
def signalled(world: World, state: State, row: int) -> int:
    """1 while a signal's queue or share in use is at least its limit."""
    resource = world.signals.resource[row]
    limit = world.signals.at_least[row]
    if world.signals.is_queue[row]:
        return 1 if state.waiting[resource] >= limit else 0
    capacity = state.capacity[resource]
    if capacity < 0:
        return 0
    return 1 if state.in_use[resource] >= limit * capacity else 0


@jit
def level(world: World, state: State, attribute: int, person: int, episode: int, now: float) -> int:
    """The level of an attribute for one episode of one person at one moment."""
    origin = world.attributes.origin[attribute]
    column = world.attributes.column[attribute]
    if origin == PERSON:
        return state.people[person * len(world.attributes.of_person_column) + column]
    if origin == EPISODE:
        return state.episodes[episode * len(world.attributes.of_episode_column) + column]
    if origin == PROGRAMME:
        number = state.numbers[person * (len(world.coverages.first) - 1) + column]
        return 1 if number < covered_share(world.coverages, column, now) else 0
    if origin == CALENDAR:
        return scheduled(world.calendars, column, now)
    return signalled(world, state, column)


@jit
def leaf(world: World, state: State, table: int, person: int, episode: int, now: float) -> int:
    """The leaf a table gives for one episode of one person at one moment."""
    tables = world.tables
    cell = tables.first_cell[table]
    for dim in range(tables.first_dim[table], tables.first_dim[table + 1]):
        at = level(world, state, tables.attribute[dim], person, episode, now)
        cell += at * tables.stride[dim]
    return tables.cells[cell]


@jit
def chosen(choices: Choices, row: int, u: float) -> int:
    """The target of a choice for a uniform number: the first whose cumulative share exceeds it."""
    at = choices.first[row]
    while u >= choices.cumulative[at]:
        at += 1
    return choices.target[at]
