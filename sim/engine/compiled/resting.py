"""Breaks of units, in machine code (`sim.engine.reference.resources.Resources.rest`)."""

from __future__ import annotations

from sim.engine.compiled.agenda import push
from sim.engine.compiled.columns import capacity_at, capacity_resource, capacity_units
from sim.engine.compiled.machine import counts
from sim.engine.compiled.queues import note_freed, units_free
from sim.engine.compiled.serving import serve
from sim.engine.order import Kind
from sim.plan.jit import lean
from sim.plan.memory import Address, resources, standings

CAPACITY = int(Kind.CAPACITY)


@lean
def rest(m: Address, resource: int, now: float) -> None:
    """Begin the breaks that are due, of as many units as are free."""
    units = min(standings(m)[resource].owed, units_free(m, resource))
    if units > 0:
        standings(m)[resource].owed -= units
        standings(m)[resource].in_use += units
        standings(m)[resource].resting += units
        write_capacity(m, resource, now)
        over = now + resources(m)[resource].rest_for
        expect_break(m, resource, over, standings(m)[resource].shift, 0, units)


@lean
def expect_break(
    m: Address, resource: int, time: float, shift: int, is_due: int, units: int
) -> None:
    """Put down when breaks of units of a shift fall due, or are over."""
    number = 2 * (shift * counts(m)[0].resources + resource) + is_due
    push(m, time, CAPACITY, counts(m)[0].first_break + number, units)


@lean
def break_now(m: Address, number: int, units: int, now: float) -> None:
    """Breaks of units fall due, if these are still on duty; or are over, until the next ones."""
    number -= counts(m)[0].first_break
    resource, shift = number // 2 % counts(m)[0].resources, number // 2 // counts(m)[0].resources
    on_duty = shift == standings(m)[resource].shift
    if number % 2:
        if on_duty:
            standings(m)[resource].owed += units
            rest(m, resource, now)
        return
    standings(m)[resource].in_use -= units
    standings(m)[resource].resting -= units
    write_capacity(m, resource, now)
    if on_duty:
        expect_break(m, resource, now + resources(m)[resource].rest_after, shift, 1, units)
    note_freed(m, resource)
    serve(m, now)


@lean
def write_capacity(m: Address, resource: int, now: float) -> None:
    """Write down how many units there are, less those that have a break."""
    units = standings(m)[resource].capacity
    if units > 0:
        units = max(0, units - standings(m)[resource].resting)
    row = counts(m)[0].capacities
    counts(m)[0].capacities = row + 1
    capacity_resource(m)[row] = resource
    capacity_at(m)[row] = now
    capacity_units(m)[row] = units
