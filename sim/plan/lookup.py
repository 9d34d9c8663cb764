"""Reading the state of the world: levels of attributes, cells of tables, branches of choices.

Each function is written once and used twice: compiled by numba in the compiled engine, and
uncompiled (`.py_func`) in the SimPy engine, where lists stand in for arrays.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.plan.jit import lean
from sim.plan.plan import Bytes, Floats, Records, World, record

PERSON, EPISODE, PROGRAMME, CALENDAR = 0, 1, 2, 3  # of `Origin`; anything else is a signal


#: how a resource stands now
STANDING = record(capacity="i8", in_use="i8", waiting="i8")


class State(NamedTuple):
    """What changes while patients move, as far as attributes can see it.

    `people` and `episodes` hold levels flattened by (person, column) and (episode, column);
    `numbers` holds each person's fixed random number per programme, flattened likewise, and
    `resources` how each stands (`STANDING`, perhaps with more).
    """

    people: Bytes
    numbers: Floats
    episodes: Bytes
    resources: Records


def still(people: Bytes, numbers: Floats) -> State:
    """A state in which nothing moves yet: people only, no episodes, no resources."""
    return State(people, numbers, np.zeros(0, dtype=np.int8), np.zeros(0, dtype=STANDING))


@lean
def last_change(changes: Records, first: int, end: int, now: float) -> int:
    """Number of the last of changes[first:end] that is not after `now`; first - 1 if none is."""
    low, high = first, end
    while low < high:
        middle = (low + high) // 2
        if changes[middle].time <= now:
            low = middle + 1
        else:
            high = middle
    return low - 1


@lean
def scheduled(world: World, row: int, now: float) -> int:
    """Value of a schedule at a time not before its first change."""
    span = world.schedules[row]
    value: int = world.changes[last_change(world.changes, span.first, span.end, now)].value
    return value


@lean
def covered_share(world: World, programme: int, now: float) -> float:
    """Share of the eligible that a programme covers: 0 before its first point."""
    span = world.coverages[programme]
    at = last_change(world.points, span.first, span.end, now)
    if at < span.first:
        return 0.0
    share: float = world.points[at].share
    if at < span.end - 1:
        begin, end = world.points[at].time, world.points[at + 1].time
        share += (now - begin) / (end - begin) * (world.points[at + 1].share - share)
    return share


@lean
def signalled(world: World, state: State, row: int) -> int:
    """1 while a signal's queue or share in use is at least its limit."""
    signal = world.signals[row]
    resource = state.resources[signal.resource]
    if signal.is_queue:
        return 1 if resource.waiting >= signal.at_least else 0
    if resource.capacity < 0:
        return 0
    return 1 if resource.in_use >= signal.at_least * resource.capacity else 0


@lean
def level(world: World, state: State, attribute: int, person: int, episode: int, now: float) -> int:
    """The level of an attribute for one episode of one person at one moment."""
    origin, column = world.attributes[attribute].origin, world.attributes[attribute].column
    if origin == PERSON:
        return state.people[person * len(world.person_columns) + column]
    if origin == EPISODE:
        return state.episodes[episode * len(world.episode_columns) + column]
    if origin == PROGRAMME:
        number = state.numbers[person * len(world.coverages) + column]
        return 1 if number < covered_share(world, column, now) else 0
    if origin == CALENDAR:
        return scheduled(world, column, now)
    return signalled(world, state, column)


@lean
def leaf(world: World, state: State, table: int, person: int, episode: int, now: float) -> int:
    """The leaf a table gives for one episode of one person at one moment."""
    cell = world.tables[table].first_cell
    for dim in range(world.tables[table].first_dim, world.tables[table].end_dim):
        at = level(world, state, world.dims[dim].attribute, person, episode, now)
        cell += at * world.dims[dim].stride
    return world.cells[cell]


@lean
def chosen(world: World, choice: int, u: float) -> int:
    """The target of a choice for a uniform number: the first whose cumulative share exceeds it."""
    at = world.choices[choice]
    while u >= world.branches[at].cumulative:
        at += 1
    target: int = world.branches[at].target
    return target
