"""Resources that close, in machine code (`sim.engine.reference.resources.Resources.close`)."""

from __future__ import annotations

from sim.engine.compiled.agenda import push
from sim.engine.compiled.machine import asking, counts, queues, slots, wants
from sim.engine.order import Kind
from sim.plan.jit import lean
from sim.plan.memory import Address, resources, standings
from sim.plan.plan import NONE, Closing

PATIENCE = int(Kind.PATIENCE)
SERVE = int(Closing.SERVE)


@lean
def open_or_close(m: Address, resource: int, before: int, now: float) -> None:
    """A capacity has changed from what it was before, to or from nothing perhaps."""
    if standings(m)[resource].capacity != 0:
        standings(m)[resource].late = 0
    elif before != 0:
        if resources(m)[resource].at_closing == SERVE:
            standings(m)[resource].late = max(0, before)
            standings(m)[resource].before = counts(m)[0].visits
        else:
            send_away(m, resource, now)


@lean
def send_away(m: Address, resource: int, now: float) -> None:
    """Let the patience run out of all who wait for a resource and for nothing that is open."""
    queue = resource * counts(m)[0].classes
    for one in range(queue, queue + counts(m)[0].classes):
        row = queues(m)[one].first
        while row != NONE:
            slot = row // counts(m)[0].wants
            if not asking(m)[slot].any or all_closed(m, slot):
                push(m, now, PATIENCE, slots(m)[slot].visit, slot)
            row = wants(m)[row].behind


@lean
def all_closed(m: Address, slot: int) -> bool:
    """Whether nothing is open of what a visit waits for."""
    first = slot * counts(m)[0].wants
    for row in range(first, first + asking(m)[slot].wants):
        if standings(m)[wants(m)[row].resource].capacity != 0:
            return False
    return True
