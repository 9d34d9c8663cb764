"""Queues as linked lists: one for each resource and class of priority, first come first.

A slot waits in at most one queue, so the links live in the slots and leaving from the middle
costs nothing.
"""

from __future__ import annotations

from sim.engine.compiled.machine import Count, Machine
from sim.plan.jit import jit
from sim.plan.plan import NONE

FREED, FREED_FIRST, WAITING = int(Count.FREED), int(Count.FREED_FIRST), int(Count.WAITING)


@jit
def join(m: Machine, slot: int, resource: int, priority_class: int) -> None:
    """Wait behind everyone of the same class."""
    queue = resource * m.queues.classes + priority_class
    last = m.queues.last[queue]
    m.slots.before[slot] = last
    m.slots.behind[slot] = NONE
    if last == NONE:
        m.queues.first[queue] = slot
    else:
        m.slots.behind[last] = slot
    m.queues.last[queue] = slot
    m.slots.waiting_for[slot] = queue
    m.state.waiting[resource] += 1
    m.counts[WAITING] += 1


@jit
def leave_queue(m: Machine, slot: int) -> None:
    """Stop waiting, from wherever one stands."""
    queue = m.slots.waiting_for[slot]
    before, behind = m.slots.before[slot], m.slots.behind[slot]
    if before == NONE:
        m.queues.first[queue] = behind
    else:
        m.slots.behind[before] = behind
    if behind == NONE:
        m.queues.last[queue] = before
    else:
        m.slots.before[behind] = before
    m.slots.waiting_for[slot] = NONE
    m.state.waiting[queue // m.queues.classes] -= 1
    m.counts[WAITING] -= 1


@jit
def first_waiting(m: Machine, resource: int) -> int:
    """The slot to be served next by a resource someone waits for."""
    queue = resource * m.queues.classes
    while m.queues.first[queue] == NONE:
        queue += 1
    return m.queues.first[queue]


@jit
def note_freed(m: Machine, resource: int) -> None:
    """Remember that who waits for a resource may now be served."""
    if m.queues.is_freed[resource]:
        return
    size = len(m.queues.freed)
    place = (m.counts[FREED_FIRST] + m.counts[FREED]) % size
    m.queues.freed[place] = resource
    m.queues.is_freed[resource] = 1
    m.counts[FREED] += 1


@jit
def next_freed(m: Machine) -> int:
    """The resource freed first, or NONE."""
    if m.counts[FREED] == 0:
        return NONE
    resource = m.queues.freed[m.counts[FREED_FIRST]]
    m.counts[FREED_FIRST] = (m.counts[FREED_FIRST] + 1) % len(m.queues.freed)
    m.counts[FREED] -= 1
    m.queues.is_freed[resource] = 0
    return resource
