"""Units of resources: seized, held, given back and, after turnaround, ready for the next."""

from __future__ import annotations

from math import nan

from sim.engine.compiled.agenda import push
from sim.engine.compiled.by_address import REST, call
from sim.engine.compiled.columns import (
    hold_episode,
    hold_ready,
    hold_released,
    hold_resource,
    hold_seized,
    hold_visit,
    visit_step,
)
from sim.engine.compiled.draws import duration, leaf_of
from sim.engine.compiled.machine import counts, held, left, slots
from sim.engine.compiled.queues import UNLIMITED, note_freed
from sim.engine.order import Kind
from sim.plan.jit import apart, inlined, lean
from sim.plan.keys import combine
from sim.plan.memory import Address, numbers, releases, resources, standings, steps
from sim.plan.plan import NONE

READY = int(Kind.READY)

# until when a unit is held: its visit ends, the next step starts, a later step releases it
KEPT_VISIT, KEPT_NEXT, KEPT_RELEASE = 0, 1, 2


@inlined
def is_free(m: Address, resource: int) -> bool:
    """Whether a unit is free."""
    capacity: int = standings(m)[resource].capacity
    in_use: int = standings(m)[resource].in_use
    return capacity < 0 or in_use < capacity


@inlined
def take(m: Address, slot: int, resource: int, number: int, now: float) -> None:
    """Seize a unit."""
    standings(m)[resource].in_use += 1
    row = counts(m)[0].holds
    counts(m)[0].holds = row + 1
    hold_episode(m)[row] = slots(m)[slot].episode
    hold_visit(m)[row] = slots(m)[slot].visit
    hold_resource(m)[row] = resource
    hold_seized(m)[row] = now
    hold_released(m)[row] = nan
    hold_ready(m)[row] = nan
    if slots(m)[slot].held == counts(m)[0].places:
        counts(m)[0].fault = 1
        return
    at = slot * counts(m)[0].places + slots(m)[slot].held
    slots(m)[slot].held += 1
    held(m)[at].resource = resource
    held(m)[at].row = row
    held(m)[at].visit = slots(m)[slot].visit
    held(m)[at].occurrence = slots(m)[slot].occurrence
    held(m)[at].number = number
    held(m)[at].kept = KEPT_VISIT


@lean
def give_back_kept(m: Address, slot: int, step: int, now: float) -> None:
    """Give back what was kept until now, and what this step releases as it starts."""
    first = slot * counts(m)[0].places
    late = steps(m)[step].release_late
    if not late:
        count_released(m, slot, step, now)
    place = 0
    while place < slots(m)[slot].held:
        kept = held(m)[first + place].kept
        given = kept == KEPT_NEXT
        if kept == KEPT_RELEASE and not late:
            given = is_among(m, step, held(m)[first + place].resource)
        if given:
            give_back(m, slot, place, now)
        else:
            place += 1


@inlined
def count_released(m: Address, slot: int, step: int, now: float) -> None:
    """Count how many units of each resource a step releases."""
    for at in range(steps(m)[step].first_release, steps(m)[step].end_release):
        left(m)[at] = UNLIMITED
        if releases(m)[at].units != NONE:
            left(m)[at] = int(numbers(m)[leaf_of(m, slot, releases(m)[at].units, now)])


@inlined
def is_among(m: Address, step: int, resource: int) -> bool:
    """Whether a unit of a resource is among those left to be released; counts it as given."""
    for at in range(steps(m)[step].first_release, steps(m)[step].end_release):
        if releases(m)[at].first <= resource < releases(m)[at].end and left(m)[at] > 0:
            left(m)[at] -= 1
            return True
    return False


@inlined
def drop(m: Address, slot: int, place: int) -> None:
    """Close the gap that a unit leaves among those held."""
    at = slot * counts(m)[0].places + place
    end = at - place + slots(m)[slot].held - 1
    while at < end:
        held(m)[at].resource = held(m)[at + 1].resource
        held(m)[at].row = held(m)[at + 1].row
        held(m)[at].visit = held(m)[at + 1].visit
        held(m)[at].occurrence = held(m)[at + 1].occurrence
        held(m)[at].number = held(m)[at + 1].number
        held(m)[at].kept = held(m)[at + 1].kept
        at += 1
    slots(m)[slot].held -= 1


@apart
def hand_over(m: Address, slot: int, place: int, now: float) -> None:
    """Give up a unit that someone else takes as it is."""
    at = slot * counts(m)[0].places + place
    resource, row = held(m)[at].resource, held(m)[at].row
    drop(m, slot, place)
    hold_released(m)[row] = now
    hold_ready(m)[row] = now
    standings(m)[resource].in_use -= 1
    note_freed(m, resource)


@inlined
def give_back(m: Address, slot: int, place: int, now: float) -> None:
    """Release the unit held in a place; after its turnaround the next can have it."""
    at = slot * counts(m)[0].places + place
    resource, row, visit = held(m)[at].resource, held(m)[at].row, held(m)[at].visit
    occurrence, number = held(m)[at].occurrence, held(m)[at].number
    drop(m, slot, place)
    hold_released(m)[row] = now
    if resources(m)[resource].turnaround == NONE:
        ready_again(m, resource, row, now)
    else:
        turn_around(m, slot, resource, row, visit, occurrence, number, now)


@apart
def turn_around(
    m: Address,
    slot: int,
    resource: int,
    row: int,
    visit: int,
    occurrence: int,
    number: int,
    now: float,
) -> None:
    """Draw how long a unit is not ready for the next after a visit that seized it."""
    table, key = resources(m)[resource].turnaround, steps(m)[visit_step(m)[visit]].key_turnaround
    if number > 0:  # of several units each has luck of its own
        key = combine(combine(key, resources(m)[resource].key), number)
    turnaround = duration(m, slot, table, key, occurrence, now)
    if turnaround > 0.0:
        hold_ready(m)[row] = now + turnaround
        push(m, now + turnaround, READY, row, resource)
    else:
        ready_again(m, resource, row, now)


@inlined
def ready_again(m: Address, resource: int, row: int, now: float) -> None:
    """A unit is ready for the next as soon as it is released."""
    hold_ready(m)[row] = now
    be_ready(m, resource, now)


@inlined
def be_ready(m: Address, resource: int, now: float) -> None:
    """Let a unit have a break if it is due to one, or else the next have the unit."""
    standings(m)[resource].in_use -= 1
    if standings(m)[resource].owed > 0:
        call(m, REST, resource, 0, now)
    note_freed(m, resource)
