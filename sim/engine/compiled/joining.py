"""Waiting for side tasks to end, in machine code (`sim.engine.reference.engine.Engine`)."""

from __future__ import annotations

from sim.engine.compiled.agenda import push
from sim.engine.compiled.asking import ask_for
from sim.engine.compiled.columns import episode_parent, visit_ended, visit_fate
from sim.engine.compiled.machine import JOINING, counts, slots, tasks, unfinished
from sim.engine.compiled.queues import count_inside
from sim.engine.compiled.serving import serve
from sim.engine.compiled.starting import grow_impatient
from sim.engine.logs import Fate
from sim.engine.order import Kind
from sim.plan.jit import lean
from sim.plan.memory import Address, joins, steps
from sim.plan.plan import NONE

MOVE, BALKED = int(Kind.MOVE), int(Fate.BALKED)


@lean
def come(m: Address, slot: int, now: float) -> bool:
    """Wait for side tasks, or ask at once if there is none under way; False if turned away."""
    if not has_joined(m, slot):
        slots(m)[slot].waiting_for = JOINING
        counts(m)[0].waiting += 1
    elif not ask_for(m, slot, now):
        return False
    if slots(m)[slot].waiting_for != NONE:
        grow_impatient(m, slot, now)
    return True


@lean
def has_joined(m: Address, slot: int) -> bool:
    """Whether the side tasks have ended that a step waits for."""
    step, first = slots(m)[slot].step, slot * counts(m)[0].tasks
    for at in range(steps(m)[step].first_join, steps(m)[step].end_join):
        if unfinished(m)[first + joins(m)[at]] > 0:
            return False
    return True


@lean
def task_is_over(m: Address, child: int, now: float) -> None:
    """Ask for what a step needs that has waited for a side task, if that was the last."""
    slot, task = tasks(m)[child].parent, tasks(m)[child].task
    if task == NONE or slots(m)[slot].episode != episode_parent(m)[slots(m)[child].episode]:
        return  # nobody waits for it, or the episode has ended
    unfinished(m)[slot * counts(m)[0].tasks + task] -= 1
    if slots(m)[slot].waiting_for == JOINING and has_joined(m, slot):
        slots(m)[slot].waiting_for = NONE
        counts(m)[0].waiting -= 1
        if not ask_for(m, slot, now):
            visit = slots(m)[slot].visit
            visit_fate(m)[visit] = BALKED
            count_inside(m, slots(m)[slot].step, -1)
            visit_ended(m)[visit] = now
            push(m, now, MOVE, visit, slot)
        serve(m, now)
