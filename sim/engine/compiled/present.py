"""Who is there when a run begins, in machine code (`Engine.begin_before` of the SimPy engine)."""

from __future__ import annotations

from sim.engine.compiled.columns import hold_seized, visit_fate, visit_queued, visit_started
from sim.engine.compiled.draws import leaf_of, position
from sim.engine.compiled.episodes import tell_clocks
from sim.engine.compiled.machine import been, counts, slots
from sim.engine.compiled.moves import new_visit, wait
from sim.engine.compiled.starting import end_at, start
from sim.engine.compiled.units import is_free, take
from sim.engine.logs import Fate
from sim.plan.initial import remaining
from sim.plan.jit import apart
from sim.plan.memory import (
    Address,
    clock_count,
    clocks,
    cumulative,
    distributions,
    present,
    steps,
    values,
)
from sim.plan.plan import NONE

STARTED = int(Fate.STARTED)


@apart
def be_present(m: Address, slot: int, case: int, now: float) -> None:
    """Be in a step already: served, free unit or not, or waiting in the queue."""
    step, began = present(m)[case].step, 0.0 - present(m)[case].since
    episode, resource = slots(m)[slot].episode, steps(m)[step].seize
    visit = new_visit(m, slot, step, now)
    visit_queued(m)[visit] = began
    width = clock_count(m)
    if width > 0:
        tell_clocks(m, episode, step, now)
        for at in range(episode * width, (episode + 1) * width):
            if clocks(m)[at].on:
                clocks(m)[at].since = began
    slots(m)[slot].occurrence = 0
    if steps(m)[step].loop != NONE:
        been(m)[slot * counts(m)[0].loops + steps(m)[step].loop] = 1
    if not present(m)[case].waiting:
        be_served(m, slot, step, resource, began, now)
    elif is_free(m, resource):
        take(m, slot, resource, 0, now)
        start(m, slot, now)
    else:
        wait(m, slot, resource, now)


@apart
def be_served(m: Address, slot: int, step: int, resource: int, began: float, now: float) -> None:
    """Hold what a step seizes, free or not, for the rest of a delay that began before."""
    visit, delay = slots(m)[slot].visit, 0.0
    visit_started(m)[visit] = began
    visit_fate(m)[visit] = STARTED
    if resource != NONE:
        take(m, slot, resource, 0, now)
        hold_seized(m)[counts(m)[0].holds - 1] = began
    if steps(m)[step].delay != NONE:
        at = leaf_of(m, slot, steps(m)[step].delay, now)
        d, u = distributions(m)[at], position(m, slot, at, steps(m)[step].key_delay, 0)
        delay = remaining(
            d.kind, d.a, d.b, d.c, values(m), cumulative(m), d.first, d.count, u, 0.0 - began
        )
    end_at(m, slot, now, delay)
