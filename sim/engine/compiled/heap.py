"""The events to come, in order of time, kind and number: a heap of which each node has four below.

Four children are one cache line. When an event happens its place is not filled at once but left
open for the first event that it brings about (`open_first`), which seldom has far to sink.
"""

from __future__ import annotations

from math import inf
from typing import Any

from sim.engine.compiled.machine import SLOT_BITS, counts, heap
from sim.plan.jit import lean
from sim.plan.memory import Table

# a code is a kind, a number within it and a slot (or resource) in one integer
NUMBER_BITS = 38
NUMBERS = 1 << NUMBER_BITS


@lean
def coded(kind: int, number: int, slot: int) -> int:
    """Put kind, number and slot into one integer, which sorts by kind and then by number."""
    return ((kind << NUMBER_BITS) | number) << SLOT_BITS | slot


@lean
def before(time: float, code: int, other_time: float, other_code: int) -> bool:
    """Whether an event comes before another; & and |, for a branch here is often mispredicted."""
    return bool((time < other_time) | ((time == other_time) & (code < other_code)))


@lean
def push(m: Table, time: float, kind: int, number: int, slot: int) -> None:
    """Add an event."""
    code = coded(kind, number, slot)
    if counts(m)[0].open:
        counts(m)[0].open = 0
        sink(m, time, code, counts(m)[0].heap)
        return
    events = heap(m)
    at = counts(m)[0].heap
    counts(m)[0].heap = at + 1
    while at > 0:
        parent = (at - 1) >> 2
        if not before(time, code, events[parent].time, events[parent].code):
            break
        move(events, parent, at)
        at = parent
    events[at].time = time
    events[at].code = code


@lean
def open_first(m: Table) -> int:
    """Take the first event, whose place stays open until `close_first`; returns its code."""
    counts(m)[0].open = 1
    code: int = heap(m)[0].code
    return code


@lean
def close_first(m: Table) -> None:
    """Fill the place of the first event if nothing has been put there."""
    if counts(m)[0].open:
        counts(m)[0].open = 0
        last = counts(m)[0].heap - 1
        counts(m)[0].heap = last
        time, code = heap(m)[last].time, heap(m)[last].code
        heap(m)[last].time = inf
        if last > 0:
            sink(m, time, code, last)


@lean
def sink(m: Table, time: float, code: int, size: int) -> None:
    """Put an event in the first place of a heap of a size, and then where it belongs.

    Places beyond the size hold events at infinity, so that there are always four children.
    """
    events = heap(m)
    at = 0
    child = 1
    while child < size:
        left = child + int(earlier(events, child + 1, child))
        right = child + 2 + int(earlier(events, child + 3, child + 2))
        least = right if earlier(events, right, left) else left
        if not before(events[least].time, events[least].code, time, code):
            break
        move(events, least, at)
        at = least
        child = 4 * at + 1
    events[at].time = time
    events[at].code = code


@lean
def earlier(events: Any, one: int, other: int) -> bool:
    """Whether the event in one place comes before the event in another."""
    return before(events[one].time, events[one].code, events[other].time, events[other].code)


@lean
def move(events: Any, origin: int, to: int) -> None:
    """Copy an event to another place."""
    events[to].time = events[origin].time
    events[to].code = events[origin].code
