"""Serving those who wait, in machine code (`sim.engine.reference.engine.Engine.serve`)."""

from __future__ import annotations

from sim.engine.compiled.by_address import SERVE_QUEUE, call
from sim.engine.compiled.machine import counts
from sim.engine.compiled.queues import first_waiting, leave_queue, next_freed
from sim.engine.compiled.starting import start
from sim.engine.compiled.units import is_free, take
from sim.plan.jit import inlined, lean
from sim.plan.memory import Address, resources, standings
from sim.plan.plan import NONE


@inlined
def serve(m: Address, now: float) -> None:
    """Start whoever waits for the units that have just been freed, first freed first."""
    if counts(m)[0].freed > 0:
        serve_freed(m, now)


@lean
def serve_freed(m: Address, now: float) -> None:
    """Start whoever waits for the units that have been freed."""
    resource = next_freed(m)
    while resource != NONE:
        if resources(m)[resource].plain:
            while standings(m)[resource].waiting > 0 and is_free(m, resource):
                slot = first_waiting(m, resource)
                leave_queue(m, slot)
                take(m, slot, resource, 0, now)
                start(m, slot, now)
        else:
            call(m, SERVE_QUEUE, resource, 0, now)
        resource = next_freed(m)
