"""Waiting for side tasks to end, in machine code (`sim.engine.reference.engine.Engine`)."""

from __future__ import annotations

from sim.engine.compiled.columns import episode_parent
from sim.engine.compiled.machine import JOINING, counts, slots, tasks, unfinished
from sim.engine.compiled.serving import serve
from sim.engine.compiled.starting import grow_impatient, start
from sim.plan.jit import lean
from sim.plan.memory import Address, joins, steps
from sim.plan.plan import NONE


@lean
def join_tasks(m: Address, slot: int, now: float) -> None:
    """Start a step if the side tasks it waits for have ended; else wait."""
    if has_joined(m, slot):
        start(m, slot, now)
    else:
        slots(m)[slot].waiting_for = JOINING
        counts(m)[0].waiting += 1
        grow_impatient(m, slot, now)


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
    """Start the step that has waited for a side task, if that was the last."""
    slot, task = tasks(m)[child].parent, tasks(m)[child].task
    if task == NONE or slots(m)[slot].episode != episode_parent(m)[slots(m)[child].episode]:
        return  # nobody waits for it, or the episode has ended
    unfinished(m)[slot * counts(m)[0].tasks + task] -= 1
    if slots(m)[slot].waiting_for == JOINING and has_joined(m, slot):
        slots(m)[slot].waiting_for = NONE
        counts(m)[0].waiting -= 1
        start(m, slot, now)
        serve(m, now)
