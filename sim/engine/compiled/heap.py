"""The events to come, in order of time, kind and number: a binary heap in three arrays.

A code is a kind and a number in one integer, so that two comparisons settle the order.
"""

from __future__ import annotations

from sim.engine.compiled.machine import Count, Heap, Machine
from sim.plan.jit import jit

NUMBERS = 1 << 48  # numbers within a kind
HEAP = int(Count.HEAP)


@jit
def before(time: float, code: int, other_time: float, other_code: int) -> bool:
    """Whether an event comes before another."""
    return time < other_time or (time == other_time and code < other_code)


@jit
def push(m: Machine, time: float, kind: int, number: int, slot: int) -> None:
    """Add an event."""
    heap: Heap = m.heap
    code = kind * NUMBERS + number
    at = m.counts[HEAP]
    m.counts[HEAP] = at + 1
    while at > 0:
        parent = (at - 1) >> 1
        if not before(time, code, heap.time[parent], heap.code[parent]):
            break
        heap.time[at] = heap.time[parent]
        heap.code[at] = heap.code[parent]
        heap.slot[at] = heap.slot[parent]
        at = parent
    heap.time[at] = time
    heap.code[at] = code
    heap.slot[at] = slot


@jit
def drop_first(m: Machine) -> None:
    """Take the first event away."""
    heap: Heap = m.heap
    count = m.counts[HEAP] - 1
    m.counts[HEAP] = count
    time, code, slot = heap.time[count], heap.code[count], heap.slot[count]
    at = 0
    child = 1
    while child < count:
        if child + 1 < count and before(
            heap.time[child + 1], heap.code[child + 1], heap.time[child], heap.code[child]
        ):
            child += 1
        if not before(heap.time[child], heap.code[child], time, code):
            break
        heap.time[at] = heap.time[child]
        heap.code[at] = heap.code[child]
        heap.slot[at] = heap.slot[child]
        at = child
        child = 2 * at + 1
    heap.time[at] = time
    heap.code[at] = code
    heap.slot[at] = slot
