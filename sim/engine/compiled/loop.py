"""The event loop of the compiled engine: take the next event, do what it says, until the horizon.

Candidates stand in order already, so they are merged with the heap instead of being put on it.
The loop comes back to Python when it is done, when an array might run out of room, and after a
given number of events (so that progress can be shown and the run interrupted).
"""

from __future__ import annotations

from enum import IntEnum

from sim.engine.compiled.agenda import advance, push, slice_of
from sim.engine.compiled.by_address import BREAK_NOW, KEEP_APPOINTMENT, LOOK, RISE_NOW, call
from sim.engine.compiled.columns import (
    absorbed_at,
    absorbed_crisis,
    absorbed_person,
    episode_outcome,
    episode_person,
)
from sim.engine.compiled.draws import choose
from sim.engine.compiled.episodes import new_episode, new_slot, note, note_what_was_set
from sim.engine.compiled.heap import (
    FIRST_KIND,
    KIND_AT,
    NUMBERS,
    before,
    close_first,
    coded,
    open_first,
)
from sim.engine.compiled.machine import (
    candidates,
    counts,
    heap,
    slots,
    unavailable,
)
from sim.engine.compiled.moves import (
    enter,
    finish,
    leave,
    make_ready,
    moved_to,
    renege,
)
from sim.engine.compiled.present import be_present
from sim.engine.compiled.serving import serve
from sim.engine.compiled.starting import is_put_off
from sim.engine.compiled.watching import set_capacity, units_on
from sim.engine.limits import MOST_SLOTS, SLOT_BITS, VISITS_AT_ONCE
from sim.engine.order import Kind
from sim.plan.jit import apart, inlined, lean
from sim.plan.lookup import FORESIGHT, leaf, prefetch_person
from sim.plan.memory import (
    Address,
    attribute_count,
    attributes,
    case_levels,
    changes,
    crises,
    drawn,
    episode_columns,
    episode_levels,
    episode_width,
    factors,
    numbers,
    prefetch,
    present,
    resources,
    schedules,
    standings,
)
from sim.plan.plan import NONE

APPOINTMENT, CAPACITY, END, READY, PATIENCE, MOVE, RISE, ARRIVAL = (int(kind) for kind in Kind)


class Pause(IntEnum):
    """Why the loop came back."""

    DONE = 0
    ROOM = 1  #: some array is short of room
    EVENTS = 2  #: the number of events asked for has passed
    STUCK = 3  #: too many visits at one instant
    FAULT = 4  #: the plan asked for something its checks should have refused


DONE, ROOM, TIRED, STUCK, FAULT = (int(pause) for pause in Pause)


@lean
def run(m: Address, most: int) -> int:
    """Process up to `most` events before the horizon; returns why it stopped (`Pause`)."""
    count = counts(m)
    for _ in range(most):
        if not has_room(m):
            return ROOM
        due = count[0].due
        is_candidate = due < count[0].candidates
        now = candidates(m)[due].time if is_candidate else count[0].horizon
        if count[0].heap == 0:
            advance(m, slice_of(m, now) if is_candidate else count[0].last_slice)
        if count[0].heap > 0:
            first = heap(m)[0]
            if not is_candidate or before(first.time, first.code, now, coded(ARRIVAL, due, 0)):
                is_candidate = False
                now = first.time
        if count[0].fault:
            return FAULT
        if now >= count[0].horizon:
            return DONE
        if now > count[0].now:
            count[0].now = now
            count[0].at_once = 0
        elif count[0].at_once > VISITS_AT_ONCE:
            return STUCK
        if is_candidate:
            count[0].due = due + 1
            slot = fall_due(m, due, now)
        else:
            code = open_first(m)
            number = (code >> SLOT_BITS) & (NUMBERS - 1)
            slot = happen(m, (code >> KIND_AT) + FIRST_KIND, number, code & (MOST_SLOTS - 1), now)
        if slot != NONE:
            go_on(m, slot, now)
        if count[0].watches:
            call(m, LOOK, 0, 0, now)
        close_first(m)
    return TIRED


@inlined
def has_room(m: Address) -> bool:
    """Whether the next event cannot run out of room, whatever it is."""
    count = counts(m)[0]
    starts = count.waiting + 2 + 2 * count.interrupts * count.slots
    enough: bool = (
        count.visits + count.most_visits <= count.room_visit
        and count.holds + (starts + count.most_visits) * count.most_units <= count.room_hold
        and count.heap + count.later + starts * count.most_starts + count.most_spawns + 4
        <= count.room_heap - count.most_looks
        and count.episodes + count.most_spawns <= count.room_episode
        and count.slots + count.most_spawns <= count.room_slots
        and count.absorbed < count.room_absorbed
    )
    return enough and not (count.restless and is_short(m))


@apart
def is_short(m: Address) -> bool:
    """Whether the next event might run out of what is only needed where capacity is not plain."""
    count = counts(m)[0]
    starts = count.waiting + 2 + 2 * count.interrupts * count.slots
    needed = count.most_looks + count.rests * starts * count.most_starts
    short: bool = (
        count.interruptions + count.interrupts * starts > count.room_interruption
        or count.capacities + needed > count.room_capacity
    )
    return short


@inlined
def happen(m: Address, kind: int, number: int, slot: int, now: float) -> int:
    """Do what an event on the heap says; returns the slot that then goes on to its step, if any."""
    if kind == END:
        if counts(m)[0].interrupts and is_put_off(m, slot, number, now):
            return NONE
        slots(m)[slot].step = finish(m, slot, now)
        return slot
    if kind == PATIENCE:
        if slots(m)[slot].visit == number and slots(m)[slot].waiting_for != NONE:
            return renege(m, slot, now)
    elif kind == READY:
        make_ready(m, slot, now)
    elif kind == ARRIVAL:
        return slot
    elif kind == MOVE:
        slots(m)[slot].step = moved_to(m, slot, now)
        return slot
    elif kind == RISE:
        if slots(m)[slot].visit == number and slots(m)[slot].waiting_for != NONE:
            call(m, RISE_NOW, slot, 0, now)
            serve(m, now)
    elif kind == APPOINTMENT:
        if call(m, KEEP_APPOINTMENT, slot, 0, now):
            return slot
    elif number < counts(m)[0].resources:
        change_capacity(m, number, now)
    elif number >= counts(m)[0].first_break:
        call(m, BREAK_NOW, number, slot, now)
    return NONE


@inlined
def go_on(m: Address, slot: int, now: float) -> None:
    """Enter the step a slot comes to, or the outcome that a negative number stands for."""
    step = slots(m)[slot].step
    if step >= 0:
        step = enter(m, slot, step, now)
    if step < 0:
        leave(m, slot, -step - 1, now)


@apart
def change_capacity(m: Address, resource: int, now: float) -> None:
    """Set a resource's capacity to what its schedule says now, and serve who waits."""
    at = standings(m)[resource].next_change
    units = changes(m)[at].value
    if standings(m)[resource].sheet:
        units = units_on(m, resource, standings(m)[resource].sheet, now)
    standings(m)[resource].next_change = at + 1
    if at + 1 < schedules(m)[resources(m)[resource].schedule].end:
        push(m, changes(m)[at + 1].time, CAPACITY, resource, 0)
    set_capacity(m, resource, units, now)
    serve(m, now)


@inlined
def fall_due(m: Address, number: int, now: float) -> int:
    """Start the episode of a candidate crisis, unless something prevents it; returns its slot."""
    due = candidates(m)[number]
    if number + FORESIGHT < counts(m)[0].candidates:
        prefetch(unavailable(m), candidates(m)[number + FORESIGHT].person)
        prefetch_person(m, candidates(m)[number + FORESIGHT].person)
    person, crisis, case = due.person, due.crisis, due.case
    if case == NONE and due.thin >= relative_rate(m, crisis, person, now):
        return NONE
    if unavailable(m)[person]:
        row = counts(m)[0].absorbed
        counts(m)[0].absorbed = row + 1
        absorbed_person(m)[row] = person
        absorbed_crisis(m)[row] = crisis
        absorbed_at(m)[row] = now
        return NONE
    unavailable(m)[person] = 1
    if case != NONE and present(m)[case].step != NONE:
        begin_before(m, number, now)
        return NONE
    episode = new_episode(m, person, crisis, due.layer, due.ordinal, now, NONE, case)
    slot = new_slot(m, person, episode, due.key, 0)
    draw_attributes(m, slot, crisis, case, now)
    note(m, slot, now)
    about = crises(m)[crisis]
    slots(m)[slot].step = choose(m, slot, about.route, about.key_route, 0, now)
    return slot


@apart
def begin_before(m: Address, number: int, now: float) -> None:
    """Go on with the episode of somebody who is in a step already when the run begins."""
    due = candidates(m)[number]
    person, crisis, case = due.person, due.crisis, due.case
    began = 0.0 - present(m)[case].since
    episode = new_episode(m, person, crisis, due.layer, due.ordinal, began, NONE, NONE)
    slot = new_slot(m, person, episode, due.key, 0)
    draw_attributes(m, slot, crisis, case, now)
    note(m, slot, now)
    be_present(m, slot, case, now)


@inlined
def relative_rate(m: Address, crisis: int, person: int, now: float) -> float:
    """Product of a crisis' relative rates for a person now."""
    product = 1.0
    for at in range(crises(m)[crisis].first_factor, crises(m)[crisis].end_factor):
        product *= numbers(m)[leaf(m, factors(m)[at].table, person, 0, now)]
    return product


@apart
def draw_attributes(m: Address, slot: int, crisis: int, case: int, now: float) -> None:
    """Draw the attributes of an episode; a case brings some of its own."""
    columns = episode_columns(m)
    first = slots(m)[slot].episode * episode_width(m)
    for column in range(episode_width(m)):
        episode_levels(m)[first + column] = attributes(m)[columns[column]].initial
    for at in range(crises(m)[crisis].first_drawn, crises(m)[crisis].end_drawn):
        attribute = drawn(m)[at].attribute
        target = NONE
        if case != NONE:
            target = case_levels(m)[case * attribute_count(m) + attribute]
        if target == NONE:
            target = choose(m, slot, drawn(m)[at].table, drawn(m)[at].key, 0, now)
        episode_levels(m)[first + attributes(m)[attribute].column] = target


@apart
def begin(m: Address) -> None:
    """Set the first capacities."""
    for resource in range(counts(m)[0].resources):
        first = schedules(m)[resources(m)[resource].schedule].first
        standings(m)[resource].next_change = first
        standings(m)[resource].aim = NONE
        change_capacity(m, resource, 0.0)
    if counts(m)[0].watches:
        call(m, LOOK, 0, 0, 0.0)


@apart
def end(m: Address) -> None:
    """Note what was set in episodes that are unfinished at the horizon."""
    for row in range(counts(m)[0].episodes):
        if episode_outcome(m)[row] == NONE:
            note_what_was_set(m, row, episode_person(m)[row])
