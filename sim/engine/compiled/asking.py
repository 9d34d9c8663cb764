"""Visits to steps that ask for more than one unit of a plain resource, in machine code."""

from __future__ import annotations

from sim.engine.compiled.booking import book
from sim.engine.compiled.interrupting import no_longer_interruptible
from sim.engine.compiled.machine import counts, held, slots
from sim.engine.compiled.requests import ask, let, turns_away_asking
from sim.engine.compiled.serving import serve
from sim.engine.compiled.standing import expect_rises, join_queues
from sim.engine.compiled.starting import start
from sim.engine.compiled.units import (
    KEPT_NEXT,
    KEPT_RELEASE,
    count_released,
    give_back,
    is_among,
)
from sim.plan.jit import lean
from sim.plan.memory import Address, keeps, steps
from sim.plan.plan import ANYWHERE, JOINS, NONE, Hold, Interrupt

HOLD_NO, HOLD_NEXT, HOLD_VARIES = int(Hold.NO), int(Hold.NEXT), int(Hold.VARIES)
NEVER = int(Interrupt.NEVER)


@lean
def ask_for(m: Address, slot: int, now: float) -> bool:
    """Start with what a step asks for, or wait for it in queues; False if turned away."""
    if steps(m)[slots(m)[slot].step].seize == JOINS:
        start(m, slot, now)
        return True
    ask(m, slot, now)
    if steps(m)[slots(m)[slot].step].book != NONE:
        return book(m, slot, now)
    if let(m, slot, NONE, now):
        return True
    if turns_away_asking(m, slot):
        return False
    join_queues(m, slot)
    expect_rises(m, slot, now)
    return True


@lean
def end_intricate(m: Address, slot: int, target: int, now: float) -> None:
    """End a visit that may be interrupted, has several units, or gives others back as it ends.

    Called first without a target (`ANYWHERE`), and again with it where units are kept by it.
    """
    step = slots(m)[slot].step
    if target == ANYWHERE and steps(m)[step].interrupt != NEVER:
        no_longer_interruptible(m, slot)
    if target != ANYWHERE or steps(m)[step].hold != HOLD_VARIES:
        keep_or_give_back(m, slot, target, now)
        serve(m, now)


@lean
def keep_or_give_back(m: Address, slot: int, target: int, now: float) -> None:
    """Keep what a visit seized or give it back; give back what is released only now."""
    step, visit = slots(m)[slot].step, slots(m)[slot].visit
    first, place = slot * counts(m)[0].places, 0
    while place < slots(m)[slot].held:
        at = first + place
        if held(m)[at].visit != visit:
            place += 1
            continue
        hold = steps(m)[step].hold
        if hold == HOLD_VARIES:
            hold = kept_for(m, step, target, held(m)[at].resource)
        if hold == HOLD_NO:
            give_back(m, slot, place, now)
        else:
            held(m)[at].kept = KEPT_NEXT if hold == HOLD_NEXT else KEPT_RELEASE
            place += 1
    if steps(m)[step].release_late:
        release_late(m, slot, step, visit, now)


@lean
def release_late(m: Address, slot: int, step: int, visit: int, now: float) -> None:
    """Give back what a step releases as it ends."""
    count_released(m, slot, step, now)
    first, place = slot * counts(m)[0].places, 0
    while place < slots(m)[slot].held:
        at = first + place
        given = held(m)[at].visit != visit and held(m)[at].kept == KEPT_RELEASE
        if given:
            given = is_among(m, step, held(m)[at].resource)
        if given:
            give_back(m, slot, place, now)
        else:
            place += 1


@lean
def kept_for(m: Address, step: int, target: int, resource: int) -> int:
    """How long a unit is kept by who goes to a target: the first rule that says so."""
    for at in range(steps(m)[step].first_keep, steps(m)[step].end_keep):
        goes_there = keeps(m)[at].target == target or keeps(m)[at].target == ANYWHERE
        if goes_there and keeps(m)[at].first <= resource < keeps(m)[at].end:
            return int(keeps(m)[at].hold)
    return HOLD_NO
