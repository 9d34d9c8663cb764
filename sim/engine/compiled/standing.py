"""Standing in several queues at once, in order of priority and joining, in machine code."""

from __future__ import annotations

from sim.engine.compiled.agenda import push
from sim.engine.compiled.columns import (
    visit_fate,
    visit_queued,
)
from sim.engine.compiled.draws import leaf_of
from sim.engine.compiled.machine import (
    IN_QUEUES,
    JOINING,
    asking,
    class_of,
    counts,
    queues,
    slots,
    wants,
)
from sim.engine.compiled.queues import note_freed
from sim.engine.logs import Fate
from sim.engine.order import Kind
from sim.plan.jit import inlined, lean
from sim.plan.memory import (
    Address,
    resources,
    rises,
    rising,
    standings,
    steps,
)
from sim.plan.plan import NONE

WAITING = int(Fate.WAITING)
RISE = int(Kind.RISE)

#: what has been got of a request: all of it, at once
ALL_OF = -2


@inlined
def comes_before(m: Address, one: int, other: int) -> bool:
    """Whether one slot stands before another in every queue."""
    if asking(m)[one].urgency != asking(m)[other].urgency:
        return bool(asking(m)[one].urgency < asking(m)[other].urgency)
    return bool(slots(m)[one].visit < slots(m)[other].visit)


@lean
def note_wanted(m: Address, slot: int) -> None:
    """Have all queues that a slot stands in looked at."""
    first = slot * counts(m)[0].wants
    for row in range(first, first + asking(m)[slot].wants):
        note_freed(m, wants(m)[row].resource)


@inlined
def has_got(got: int, number: int) -> bool:
    """Whether what has been got includes a want."""
    if got == ALL_OF:
        return True
    return got == number


@lean
def join_queues(m: Address, slot: int) -> None:
    """Stand in the queue of everything asked for, in order of priority and then of arrival."""
    size = counts(m)[0].wants
    first, visit = slot * size, slots(m)[slot].visit
    for row in range(first, first + asking(m)[slot].wants):
        resource = wants(m)[row].resource
        queue = resource * counts(m)[0].classes + asking(m)[slot].urgency
        before = queues(m)[queue].last
        while before != NONE and slots(m)[before // size].visit > visit:
            before = wants(m)[before].before
        behind = queues(m)[queue].first if before == NONE else wants(m)[before].behind
        wants(m)[row].before = before
        wants(m)[row].behind = behind
        if before == NONE:
            queues(m)[queue].first = row
        else:
            wants(m)[before].behind = row
        if behind == NONE:
            queues(m)[queue].last = row
        else:
            wants(m)[behind].before = row
        standings(m)[resource].waiting += 1
        standings(m)[resource].pressing += asking(m)[slot].presses
    slots(m)[slot].waiting_for = IN_QUEUES
    counts(m)[0].waiting += 1


@lean
def leave_queues(m: Address, slot: int) -> None:
    """Stand in no queue any more; where nobody could pass, the next may have its turn.

    Who waits for side tasks stands in none.
    """
    if slots(m)[slot].waiting_for == JOINING:
        slots(m)[slot].waiting_for = NONE
        counts(m)[0].waiting -= 1
        return
    first = slot * counts(m)[0].wants
    for row in range(first, first + asking(m)[slot].wants):
        resource = wants(m)[row].resource
        queue = resource * counts(m)[0].classes + asking(m)[slot].urgency
        before, behind = wants(m)[row].before, wants(m)[row].behind
        if before == NONE:
            queues(m)[queue].first = behind
        else:
            wants(m)[before].behind = behind
        if behind == NONE:
            queues(m)[queue].last = before
        else:
            wants(m)[behind].before = before
        standings(m)[resource].waiting -= 1
        standings(m)[resource].pressing -= asking(m)[slot].presses
        if resources(m)[resource].in_turn:
            note_freed(m, resource)
    slots(m)[slot].waiting_for = NONE
    counts(m)[0].waiting -= 1


@lean
def expect_rises(m: Address, slot: int, now: float) -> None:
    """Put down when the priority of someone who has just joined changes, if it does."""
    table = steps(m)[slots(m)[slot].step].rises
    if table != NONE:
        span = leaf_of(m, slot, table, now)
        asking(m)[slot].rise = rising(m)[span].first
        asking(m)[slot].end_rise = rising(m)[span].end
        expect_rise(m, slot)


@inlined
def expect_rise(m: Address, slot: int) -> None:
    """Put down when a priority changes next, if it does; at once if that is overdue."""
    at, visit = asking(m)[slot].rise, slots(m)[slot].visit
    if at < asking(m)[slot].end_rise:
        time = max(counts(m)[0].now, visit_queued(m)[visit] + rises(m)[at].after)
        push(m, time, RISE, visit, slot)


@lean
def rise(m: Address, slot: int) -> None:
    """Change the priority of someone who still waits, never started; the place in time stays."""
    if visit_fate(m)[slots(m)[slot].visit] != WAITING:
        return
    at = asking(m)[slot].rise
    leave_queues(m, slot)
    asking(m)[slot].urgency = class_of(m)[rises(m)[at].number]
    join_queues(m, slot)
    note_wanted(m, slot)
    asking(m)[slot].rise = at + 1
    expect_rise(m, slot)
