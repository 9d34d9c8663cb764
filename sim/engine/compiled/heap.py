"""The events to come, in order of time, kind and number: a binary heap.

A code is a kind and a number in one integer, so that two comparisons settle the order.
"""

from __future__ import annotations

from sim.engine.compiled.machine import counts, heap
from sim.plan.jit import lean
from sim.plan.memory import Table
from sim.plan.plan import Records

NUMBERS = 1 << 48  # numbers within a kind


@lean
def before(time: float, code: int, other_time: float, other_code: int) -> bool:
    """Whether an event comes before another."""
    return time < other_time or (time == other_time and code < other_code)


@lean
def push(m: Table, time: float, kind: int, number: int, slot: int) -> None:
    """Add an event."""
    events = heap(m)
    code = kind * NUMBERS + number
    at = counts(m)[0].heap
    counts(m)[0].heap = at + 1
    while at > 0:
        parent = (at - 1) >> 1
        if not before(time, code, events[parent].time, events[parent].code):
            break
        move(events, parent, at)
        at = parent
    events[at].time = time
    events[at].code = code
    events[at].slot = slot


@lean
def drop_first(m: Table) -> None:
    """Take the first event away."""
    events = heap(m)
    last = counts(m)[0].heap - 1
    counts(m)[0].heap = last
    time, code = events[last].time, events[last].code
    at = 0
    child = 1
    while child < last:
        if child + 1 < last and before(
            events[child + 1].time, events[child + 1].code, events[child].time, events[child].code
        ):
            child += 1
        if not before(events[child].time, events[child].code, time, code):
            break
        move(events, child, at)
        at = child
        child = 2 * at + 1
    move(events, last, at)


@lean
def move(events: Records, origin: int, to: int) -> None:
    """Copy an event to another place."""
    events[to].time = events[origin].time
    events[to].code = events[origin].code
    events[to].slot = events[origin].slot
