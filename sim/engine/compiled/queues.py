"""Queues as linked lists: one for each resource and class of priority, first come first.

A slot waits in at most one queue, so the links live in the slots and leaving from the middle
costs nothing.
"""

from __future__ import annotations

from sim.engine.compiled.machine import counts, freed, queues, slots
from sim.plan.jit import inlined
from sim.plan.memory import Address, counters, standings, steps, watching
from sim.plan.plan import NONE

#: more units than anything has
UNLIMITED = 2**62


@inlined
def count_inside(m: Address, step: int, number: int) -> None:
    """Count who comes to a step, or (-1) leaves it, where a signal looks at it."""
    for at in range(steps(m)[step].first_counter, steps(m)[step].end_counter):
        watching(m)[counters(m)[at]].inside += number


@inlined
def join(m: Address, slot: int, resource: int, priority_class: int) -> None:
    """Wait behind everyone of the same class."""
    queue = resource * counts(m)[0].classes + priority_class
    last = queues(m)[queue].last
    slots(m)[slot].before = last
    slots(m)[slot].behind = NONE
    if last == NONE:
        queues(m)[queue].first = slot
    else:
        slots(m)[last].behind = slot
    queues(m)[queue].last = slot
    slots(m)[slot].waiting_for = queue
    standings(m)[resource].waiting += 1
    counts(m)[0].waiting += 1


@inlined
def leave_queue(m: Address, slot: int) -> None:
    """Stop waiting, from wherever one stands."""
    queue = slots(m)[slot].waiting_for
    before, behind = slots(m)[slot].before, slots(m)[slot].behind
    if before == NONE:
        queues(m)[queue].first = behind
    else:
        slots(m)[before].behind = behind
    if behind == NONE:
        queues(m)[queue].last = before
    else:
        slots(m)[behind].before = before
    slots(m)[slot].waiting_for = NONE
    standings(m)[queue // counts(m)[0].classes].waiting -= 1
    counts(m)[0].waiting -= 1


@inlined
def first_waiting(m: Address, resource: int) -> int:
    """The slot to be served next by a resource someone waits for."""
    queue = resource * counts(m)[0].classes
    while queues(m)[queue].first == NONE:
        queue += 1
    slot: int = queues(m)[queue].first
    return slot


@inlined
def units_free(m: Address, resource: int) -> int:
    """Units that are free now: negative while more are in use than there are."""
    capacity: int = standings(m)[resource].capacity
    in_use: int = standings(m)[resource].in_use
    return UNLIMITED if capacity < 0 else capacity - in_use


@inlined
def units_free_to(m: Address, slot: int, resource: int) -> int:
    """Units that are free to a visit: after closing, those that go on if it was there before."""
    units = units_free(m, resource)
    if slots(m)[slot].visit < standings(m)[resource].before:
        units += standings(m)[resource].late
    return units


@inlined
def note_freed(m: Address, resource: int) -> None:
    """Remember that who waits for a resource may now be served."""
    if standings(m)[resource].waiting == 0 or standings(m)[resource].is_freed:
        return
    place = counts(m)[0].first_freed + counts(m)[0].freed
    if place > counts(m)[0].resources:
        place -= counts(m)[0].resources + 1
    freed(m)[place] = resource
    standings(m)[resource].is_freed = 1
    counts(m)[0].freed += 1


@inlined
def next_freed(m: Address) -> int:
    """The resource freed first, or NONE."""
    if counts(m)[0].freed == 0:
        return NONE
    resource: int = freed(m)[counts(m)[0].first_freed]
    if counts(m)[0].first_freed == counts(m)[0].resources:
        counts(m)[0].first_freed = 0
    else:
        counts(m)[0].first_freed += 1
    counts(m)[0].freed -= 1
    standings(m)[resource].is_freed = 0
    return resource
