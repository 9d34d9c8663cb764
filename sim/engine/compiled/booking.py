"""Booking a slot, and coming to it or not, in machine code (`sim.engine.reference.booking`)."""

from __future__ import annotations

from sim.engine.compiled.agenda import push
from sim.engine.compiled.columns import (
    booking_at,
    booking_resource,
    booking_slots,
    booking_visit,
    visit_ended,
    visit_fate,
)
from sim.engine.compiled.draws import choose, leaf_of
from sim.engine.compiled.machine import booked, counts, slots, wants
from sim.engine.compiled.queues import count_inside
from sim.engine.compiled.requests import let
from sim.engine.compiled.serving import serve
from sim.engine.compiled.standing import join_queues
from sim.engine.logs import Fate
from sim.engine.order import Kind
from sim.plan.jit import lean
from sim.plan.keys import uniform
from sim.plan.memory import Address, bookings, numbers, resources, slot_times, steps
from sim.plan.plan import NONE

APPOINTMENT, RENEGED = int(Kind.APPOINTMENT), int(Fate.RENEGED)


@lean
def book(m: Address, slot: int, now: float) -> bool:
    """Take the first free slots far enough ahead, if they are not too far; wait until then."""
    about = steps(m)[slots(m)[slot].step].book
    resource = wants(m)[slot * counts(m)[0].wants].resource
    earliest = now + numbers(m)[leaf_of(m, slot, bookings(m)[about].lead, now)]
    latest = now + numbers(m)[leaf_of(m, slot, bookings(m)[about].within, now)]
    length = int(numbers(m)[leaf_of(m, slot, bookings(m)[about].length, now)])
    at = first_from(m, resource, earliest)
    while at + length <= resources(m)[resource].end_slot and slot_times(m)[at].begins <= latest:
        if are_free(m, at, length):
            take_slots(m, slot, resource, at, length)
            return True
        at += 1
    return False


@lean
def first_from(m: Address, resource: int, earliest: float) -> int:
    """The first slot that does not begin before a time."""
    low, high = resources(m)[resource].first_slot, resources(m)[resource].end_slot
    while low < high:
        middle = (low + high) // 2
        if slot_times(m)[middle].begins < earliest:
            low = middle + 1
        else:
            high = middle
    return int(low)


@lean
def are_free(m: Address, first: int, length: int) -> bool:
    """Whether so many slots in a row have a place, without a gap between them."""
    for at in range(first, first + length):
        if booked(m)[at] >= slot_times(m)[at].places:
            return False
        if at > first and slot_times(m)[at - 1].ends != slot_times(m)[at].begins:
            return False
    return True


@lean
def take_slots(m: Address, slot: int, resource: int, first: int, length: int) -> None:
    """Take a place in so many slots in a row, and put down when the first begins."""
    for at in range(first, first + length):
        booked(m)[at] += 1
    time, visit, row = slot_times(m)[first].begins, slots(m)[slot].visit, counts(m)[0].bookings
    counts(m)[0].bookings = row + 1
    booking_visit(m)[row] = visit
    booking_resource(m)[row] = resource
    booking_at(m)[row] = time
    booking_slots(m)[row] = length
    push(m, time, APPOINTMENT, visit, slot)


@lean
def keep_appointment(m: Address, slot: int, now: float) -> int:
    """The slot begins: who comes is next for a unit; who does not goes elsewhere (1)."""
    step, visit = slots(m)[slot].step, slots(m)[slot].visit
    about, occurrence = steps(m)[step].book, slots(m)[slot].occurrence
    attend = numbers(m)[leaf_of(m, slot, bookings(m)[about].attend, now)]
    if uniform(slots(m)[slot].key, bookings(m)[about].key_attend, occurrence) < attend:
        if not let(m, slot, NONE, now):
            join_queues(m, slot)
        serve(m, now)
        return 0
    visit_fate(m)[visit] = RENEGED
    count_inside(m, step, -1)
    visit_ended(m)[visit] = now
    table, key = steps(m)[step].renege_to, steps(m)[step].key_renege_to
    slots(m)[slot].step = choose(m, slot, table, key, occurrence, now)
    return 1
