"""The event loop of the compiled engine: take the next event, do what it says, until the horizon.

Candidates stand in order already, so they are merged with the heap instead of being put on it.
The loop comes back to Python when it is done, when an array might run out of room, and after a
given number of events (so that progress can be shown and the run interrupted).
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np

from sim.engine.compiled.heap import NUMBERS, before, drop_first, push
from sim.engine.compiled.machine import Count, Machine
from sim.engine.compiled.moves import (
    ARRIVAL,
    END,
    EPISODES,
    PATIENCE,
    READY,
    RENEGED,
    SLOTS,
    VISITS,
    choose,
    enter,
    finish,
    leave,
    make_ready,
    new_episode,
    new_slot,
    note,
    note_what_was_set,
    serve,
)
from sim.engine.compiled.queues import leave_queue, note_freed
from sim.engine.order import Kind
from sim.plan.demand import Candidates
from sim.plan.jit import jit
from sim.plan.lookup import leaf
from sim.plan.plan import NONE, Floats, Integers, Keys, World

CAPACITY = int(Kind.CAPACITY)
EVENTS, HEAP, DUE, ABSORBED, HOLDS, WAITING = (
    int(Count.EVENTS),
    int(Count.HEAP),
    int(Count.DUE),
    int(Count.ABSORBED),
    int(Count.HOLDS),
    int(Count.WAITING),
)


class Pause(IntEnum):
    """Why the loop came back."""

    DONE = 0
    ROOM = 1  #: some array is short of room
    EVENTS = 2  #: the number of events asked for has passed


DONE, ROOM, TIRED = int(Pause.DONE), int(Pause.ROOM), int(Pause.EVENTS)


@jit
def run(
    w: World,
    m: Machine,
    time: Floats,
    person: Integers,
    crisis: Integers,
    layer: Integers,
    ordinal: Integers,
    key: Keys,
    thin: Floats,
    case: Integers,
    horizon: float,
    events: int,
) -> int:
    """Process up to `events` events before the horizon; returns why it stopped (`Pause`)."""
    for _ in range(events):
        if not has_room(m):
            return ROOM
        due = m.counts[DUE]
        now = horizon
        is_candidate = False
        if due < len(time):
            now = time[due]
            is_candidate = True
        if m.counts[HEAP] > 0 and not (
            is_candidate and before(now, ARRIVAL * NUMBERS + due, m.heap.time[0], m.heap.code[0])
        ):
            now = m.heap.time[0]
            is_candidate = False
        if now >= horizon:
            return DONE
        m.counts[EVENTS] += 1
        if is_candidate:
            m.counts[DUE] = due + 1
            fall_due(
                w,
                m,
                person[due],
                crisis[due],
                layer[due],
                ordinal[due],
                key[due],
                thin[due],
                case[due],
                now,
            )
        else:
            code, slot = m.heap.code[0], m.heap.slot[0]
            drop_first(m)
            happen(w, m, code // NUMBERS, code % NUMBERS, slot, now)
    return TIRED


@jit
def has_room(m: Machine) -> bool:
    """Whether the next event cannot run out of room, whatever it is."""
    waiting = m.counts[WAITING]
    return (
        m.counts[VISITS] + m.room.visits <= len(m.visits.step)
        and m.counts[HOLDS] + waiting + m.room.visits <= len(m.holds.resource)
        and m.counts[HEAP] + (waiting + 2) * m.room.starts + m.room.spawns <= len(m.heap.time)
        and m.counts[EPISODES] + m.room.spawns <= len(m.episodes.person)
        and m.counts[SLOTS] + m.room.spawns <= len(m.slots.free)
        and m.counts[ABSORBED] < len(m.absorbed.person)
    )


@jit
def happen(w: World, m: Machine, kind: int, number: int, slot: int, now: float) -> None:
    """Do what an event on the heap says."""
    if kind == END:
        go_on(w, m, slot, finish(w, m, slot, now), now)
    elif kind == PATIENCE:
        if m.slots.visit[slot] == number and m.slots.waiting_for[slot] != NONE:
            leave_queue(m, slot)
            m.visits.fate[number] = RENEGED
            m.visits.ended[number] = now
            go_on(w, m, slot, w.steps.renege_to[m.slots.step[slot]], now)
    elif kind == READY:
        make_ready(w, m, slot, now)
    elif kind == ARRIVAL:
        go_on(w, m, slot, m.slots.step[slot], now)
    else:
        change_capacity(w, m, number, now)


@jit
def go_on(w: World, m: Machine, slot: int, step: int, now: float) -> None:
    """Enter a step, or come to the outcome that a negative number stands for."""
    if step >= 0:
        step = enter(w, m, slot, step, now)
    if step < 0:
        leave(w, m, slot, -step - 1, now)


@jit
def change_capacity(w: World, m: Machine, resource: int, now: float) -> None:
    """Set a resource's capacity to what its schedule says now, and serve who waits."""
    at = m.next_change[resource]
    m.state.capacity[resource] = w.capacities.values[at]
    m.next_change[resource] = at + 1
    if at + 1 < w.capacities.first[resource + 1]:
        push(m, w.capacities.times[at + 1], CAPACITY, resource, NONE)
    note_freed(m, resource)
    serve(w, m, now)


@jit
def fall_due(
    w: World,
    m: Machine,
    person: int,
    crisis: int,
    layer: int,
    ordinal: int,
    key: int,
    thin: float,
    case: int,
    now: float,
) -> None:
    """Start the episode of a candidate crisis, unless something prevents it."""
    if case == NONE and thin >= relative_rate(w, m, crisis, person, now):
        return
    if m.in_episode[person] or m.dead[person]:
        row = m.counts[ABSORBED]
        m.counts[ABSORBED] = row + 1
        m.absorbed.person[row] = person
        m.absorbed.crisis[row] = crisis
        m.absorbed.at[row] = now
        return
    m.in_episode[person] = 1
    episode = new_episode(m, person, crisis, layer, ordinal, now, NONE, case)
    slot = new_slot(m, person, episode, key, 0)
    draw_attributes(w, m, slot, crisis, case, now)
    note(w, m, slot, now)
    first = choose(w, m, slot, w.crises.route[crisis], w.crises.key_route[crisis], 0, now)
    go_on(w, m, slot, first, now)


@jit
def relative_rate(w: World, m: Machine, crisis: int, person: int, now: float) -> float:
    """Product of a crisis' relative rates for a person now."""
    product = 1.0
    for at in range(w.crises.first_factor[crisis], w.crises.first_factor[crisis + 1]):
        product *= w.numbers[leaf(w, m.state, w.crises.factor[at], person, 0, now)]
    return product


@jit
def draw_attributes(w: World, m: Machine, slot: int, crisis: int, case: int, now: float) -> None:
    """Draw the attributes of an episode; a case brings some of its own."""
    columns = w.attributes.of_episode_column
    first = m.slots.episode[slot] * len(columns)
    for column in range(len(columns)):
        m.state.episodes[first + column] = w.attributes.initial[columns[column]]
    for at in range(w.crises.first_drawn[crisis], w.crises.first_drawn[crisis + 1]):
        attribute = w.crises.drawn_attribute[at]
        drawn = NONE
        if case != NONE:
            drawn = w.case_levels[case * len(w.attributes.origin) + attribute]
        if drawn == NONE:
            drawn = choose(w, m, slot, w.crises.drawn_table[at], w.crises.drawn_key[at], 0, now)
        m.state.episodes[first + w.attributes.column[attribute]] = drawn


@jit
def begin(w: World, m: Machine) -> None:
    """Set the first capacities."""
    for resource in range(len(m.state.capacity)):
        first = w.capacities.first[resource]
        m.next_change[resource] = first
        change_capacity(w, m, resource, 0.0)


@jit
def end(w: World, m: Machine) -> None:
    """Note what was set in episodes that are unfinished at the horizon."""
    for row in range(m.counts[EPISODES]):
        if m.episodes.outcome[row] == NONE:
            note_what_was_set(w, m, row, m.episodes.person[row])


def arguments(candidates: Candidates) -> tuple[np.ndarray, ...]:
    """The columns of the candidates in the order `run` takes them."""
    c = candidates
    return (c.time, c.person, c.crisis, c.layer, c.ordinal, c.key, c.thin, c.case)
