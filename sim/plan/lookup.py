"""Reading the state of the world: levels of attributes, cells of tables, branches of choices.

Each function is written once and used twice: compiled, on the memory of the compiled engine, and
interpreted (`sim.engine.interpreted`), on an object of lists, in the SimPy engine.
"""

from __future__ import annotations

from math import inf
from typing import Any

from sim.plan.jit import apart, inlined, lean
from sim.plan.memory import (
    attributes,
    branches,
    cells,
    changes,
    choices,
    clock_count,
    clocks,
    coverages,
    covered_by,
    dims,
    elapsed,
    episode_levels,
    episode_width,
    people,
    person_width,
    points,
    prefetch,
    programme_count,
    schedules,
    signals,
    standings,
    tables,
    watching,
)

#: how many people ahead of the present one to think of
FORESIGHT = 8

DAY = 1440  # minutes

#: a cell not above this stands for a further table, whose number it is away from this
FURTHER = -2

QUEUE = 1  # of `Watched`
# of `Origin`; anything else is a time that has passed
PERSON, EPISODE, PROGRAMME, CALENDAR, SIGNAL = 0, 1, 2, 3, 4


@apart
def last_change(rows: Any, first: int, end: int, now: float) -> int:
    """Number of the last of rows[first:end] whose time is not after `now`, else first - 1."""
    low, high = first, end
    while low < high:
        middle = (low + high) // 2
        if rows[middle].time <= now:
            low = middle + 1
        else:
            high = middle
    return low - 1


@apart
def scheduled(memory: Any, row: int, now: float) -> int:
    """Value of a schedule at a time not before its first change."""
    first, end = schedules(memory)[row].first, schedules(memory)[row].end
    at = last_change(changes(memory), first, end, now)
    value: int = changes(memory)[at].value
    return value


@apart
def covered_share(memory: Any, programme: int, now: float) -> float:
    """Share of the eligible that a programme covers: 0 before its first point."""
    first, end = coverages(memory)[programme].first, coverages(memory)[programme].end
    point = points(memory)
    at = last_change(point, first, end, now)
    if at < first:
        return 0.0
    share: float = point[at].share
    if at < end - 1:
        part = (now - point[at].time) / (point[at + 1].time - point[at].time)
        share += part * (point[at + 1].share - share)
    return share


@apart
def opening(memory: Any, gate: int, now: float) -> float:
    """When a gate is next open: now if it is, infinite if it will not be in this run.

    What a gate is, `sim.plan.plan.DISTRIBUTION` says; 00:00 is a multiple of a day.
    """
    if gate < 0:
        time = float(int(now) // DAY * DAY - (gate + 2))
        return time if time >= now else time + DAY
    end = schedules(memory)[gate].end
    for at in range(last_change(changes(memory), schedules(memory)[gate].first, end, now), end):
        if changes(memory)[at].value != 0:
            later: float = changes(memory)[at].time
            return max(now, later)
    return inf


@inlined
def kept_level(memory: Any, attribute: int, person: int, episode: int) -> int:
    """The level of an attribute that a person or an episode has for itself."""
    column = attributes(memory)[attribute].column
    if attributes(memory)[attribute].origin == PERSON:
        return int(people(memory)[person * person_width(memory) + column])
    return int(episode_levels(memory)[episode * episode_width(memory) + column])


@apart
def signalled(memory: Any, row: int, person: int, episode: int) -> int:
    """1 while a signal's queue or share in use is at least its limit, or as it was last seen."""
    pool = 0
    if signals(memory)[row].levels >= 0:
        pool = kept_level(memory, signals(memory)[row].levels, person, episode)
    watch = signals(memory)[row].watch
    if watch >= 0:
        return int(watching(memory)[watch + pool].yes)
    resource, what = signals(memory)[row].resource + pool, signals(memory)[row].what
    return 1 if amount(memory, resource, what) >= signals(memory)[row].at_least else 0


@inlined
def amount(memory: Any, resource: int, what: int) -> float:
    """How many wait for a resource, or the share of its capacity that is in use."""
    if what == QUEUE:
        return float(standings(memory)[resource].waiting)
    capacity = standings(memory)[resource].capacity
    if capacity < 0:
        return -1.0  # less than any share: an unlimited one has none
    if capacity == 0:
        return inf
    # not limit x capacity: 0.55 x 100 is a little above 55, while 55 / 100 is 0.55 to the bit
    share: float = standings(memory)[resource].in_use / capacity
    return share


@apart
def has_passed(memory: Any, column: int, episode: int, now: float) -> int:
    """1 once so much time has passed since the clock of an episode was set."""
    since = clocks(memory)[episode * clock_count(memory) + column].since
    # a delay of just that long ends at this sum, to the last bit
    return 1 if now >= since + elapsed(memory)[column].at_least else 0


@lean
def level(memory: Any, attribute: int, person: int, episode: int, now: float) -> int:
    """The level of an attribute for one episode of one person at one moment."""
    origin, column = attributes(memory)[attribute].origin, attributes(memory)[attribute].column
    if origin == PERSON:
        return int(people(memory)[person * person_width(memory) + column])
    if origin == EPISODE:
        return int(episode_levels(memory)[episode * episode_width(memory) + column])
    if origin == PROGRAMME:
        number = covered_by(memory)[person * programme_count(memory) + column]
        return 1 if number < covered_share(memory, column, now) else 0
    if origin == CALENDAR:
        return scheduled(memory, column, now)
    if origin == SIGNAL:
        return signalled(memory, column, person, episode)
    return has_passed(memory, column, episode, now)


@inlined
def prefetch_person(memory: Any, person: int) -> None:
    """Have what is known of a person at hand in a while: people lie far apart in memory."""
    prefetch(people(memory), person * person_width(memory))
    prefetch(covered_by(memory), person * programme_count(memory))


@inlined
def leaf(memory: Any, table: int, person: int, episode: int, now: float) -> int:
    """The leaf a table gives for one episode of one person at one moment."""
    found = cell_of(memory, table, person, episode, now)
    return found if found > FURTHER else further(memory, found, person, episode, now)


@inlined
def cell_of(memory: Any, table: int, person: int, episode: int, now: float) -> int:
    """The leaf in the cell of a table, or the number of a further table (see `FURTHER`)."""
    cell = tables(memory)[table].first_cell
    for dim in range(tables(memory)[table].first_dim, tables(memory)[table].end_dim):
        at = level(memory, dims(memory)[dim].attribute, person, episode, now)
        cell += at * dims(memory)[dim].stride
    found: int = cells(memory)[cell]
    return found


@apart
def further(memory: Any, found: int, person: int, episode: int, now: float) -> int:
    """The leaf that a further table gives, or one further still."""
    while found <= FURTHER:
        found = cell_of(memory, FURTHER - found, person, episode, now)
    return found


@inlined
def chosen(memory: Any, choice: int, u: float) -> int:
    """The target of a choice for a uniform number: the first whose cumulative share exceeds it."""
    branch = branches(memory)
    at = choices(memory)[choice]
    while u >= branch[at].cumulative:
        at += 1
    target: int = branch[at].target
    return target
