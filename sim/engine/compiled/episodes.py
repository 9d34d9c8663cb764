"""Episodes and side tasks as they begin: their row in the log and their slot."""

from __future__ import annotations

from math import inf, nan

from sim.engine.compiled.columns import (
    episode_case,
    episode_crisis,
    episode_ended,
    episode_layer,
    episode_onset,
    episode_ordinal,
    episode_outcome,
    episode_parent,
    episode_person,
)
from sim.engine.compiled.machine import (
    been,
    counts,
    free,
    noted,
    noted_at_end,
    notes,
    slots,
    unfinished,
)
from sim.plan.jit import apart, inlined
from sim.plan.lookup import level
from sim.plan.memory import Address, clock_count, clocks, elapsed, timed
from sim.plan.plan import NONE


@inlined
def new_episode(
    m: Address,
    person: int,
    crisis: int,
    layer: int,
    ordinal: int,
    now: float,
    parent: int,
    case: int,
) -> int:
    """Write down that an episode or side task begins."""
    row: int = counts(m)[0].episodes
    counts(m)[0].episodes = row + 1
    episode_person(m)[row] = person
    episode_crisis(m)[row] = crisis
    episode_layer(m)[row] = layer
    episode_ordinal(m)[row] = ordinal
    episode_onset(m)[row] = now
    episode_ended(m)[row] = nan
    episode_outcome(m)[row] = NONE
    episode_parent(m)[row] = parent
    episode_case(m)[row] = case
    width = clock_count(m)
    for column in range(width):
        at, before = row * width + column, parent * width + column
        clocks(m)[at].since = now if elapsed(m)[column].since_onset else inf
        clocks(m)[at].on = 0
        if parent != NONE:
            clocks(m)[at].since = clocks(m)[before].since
            clocks(m)[at].on = clocks(m)[before].on
    return row


@apart
def tell_clocks(m: Address, episode: int, step: int, now: float) -> None:
    """Set the clocks whose tag a step has, unless the step before had it as well."""
    width = clock_count(m)
    for column in range(width):
        at, has_tag = episode * width + column, timed(m)[step * width + column]
        if has_tag and not clocks(m)[at].on:
            clocks(m)[at].since = now
        clocks(m)[at].on = has_tag


@inlined
def new_slot(m: Address, person: int, episode: int, key: int, is_side_task: int) -> int:
    """A slot for an episode that begins."""
    used = counts(m)[0].slots
    counts(m)[0].slots = used + 1
    slot: int = free(m)[used]
    slots(m)[slot].person = person
    slots(m)[slot].episode = episode
    slots(m)[slot].key = key
    slots(m)[slot].luck = key
    slots(m)[slot].is_side_task = is_side_task
    slots(m)[slot].waiting_for = NONE
    slots(m)[slot].held = 0
    width = counts(m)[0].loops
    for column in range(width):
        been(m)[slot * width + column] = 0
    tasks = counts(m)[0].tasks
    for task in range(tasks):
        unfinished(m)[slot * tasks + task] = 0
    return slot


@inlined
def note(m: Address, slot: int, now: float) -> None:
    """Note the levels at onset of attributes that cannot be worked out afterwards."""
    row, person = slots(m)[slot].episode, slots(m)[slot].person
    for at in range(counts(m)[0].noted):
        notes(m)[row * counts(m)[0].noted + at] = level(m, noted(m)[at], person, row, now)


@inlined
def note_what_was_set(m: Address, row: int, person: int) -> None:
    """Note the last levels in an episode of attributes that steps set on its person."""
    for at in range(counts(m)[0].noted):
        if noted_at_end(m)[at]:
            notes(m)[row * counts(m)[0].noted + at] = level(m, noted(m)[at], person, row, 0.0)
