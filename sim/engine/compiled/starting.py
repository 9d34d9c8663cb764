"""The start of a visit, in machine code (`sim.engine.reference.engine.Engine.start`)."""

from __future__ import annotations

from sim.engine.compiled.agenda import push
from sim.engine.compiled.columns import visit_fate, visit_started
from sim.engine.compiled.draws import drawn, duration, leaf_of
from sim.engine.compiled.machine import NOT_NOW, asking, counts, slots
from sim.engine.compiled.units import give_back_kept
from sim.engine.logs import Fate
from sim.engine.order import Kind
from sim.plan.jit import inlined
from sim.plan.lookup import opening
from sim.plan.memory import Address, distributions, steps
from sim.plan.plan import NONE

STARTED, END, PATIENCE = int(Fate.STARTED), int(Kind.END), int(Kind.PATIENCE)


@inlined
def start(m: Address, slot: int, now: float) -> None:
    """Begin the delay of a visit, and give back what was kept only until now."""
    step, visit = slots(m)[slot].step, slots(m)[slot].visit
    visit_started(m)[visit] = now
    visit_fate(m)[visit] = STARTED
    if slots(m)[slot].held > 0:
        give_back_kept(m, slot, step, now)
    begin_delay(m, slot, step, now)


@inlined
def begin_delay(m: Address, slot: int, step: int, now: float) -> None:
    """Draw the delay and put down its end; it may begin later, when something opens."""
    table = steps(m)[step].delay
    begins, delay = now, 0.0
    if table != NONE:
        at = leaf_of(m, slot, table, now)
        if distributions(m)[at].gate != NONE:
            begins = opening(m, distributions(m)[at].gate, now)
        delay = drawn(m, slot, at, steps(m)[step].key_delay, slots(m)[slot].occurrence)
    end_at(m, slot, begins, delay)


@inlined
def is_put_off(m: Address, slot: int, episode: int, now: float) -> bool:
    """Whether the end that has come is that of a delay that was interrupted; else it is over now.

    Ends of one episode at one instant are alike, so that the last of them are those put off.
    """
    if slots(m)[slot].episode != episode or asking(m)[slot].ends != now:
        return True
    asking(m)[slot].ends = NOT_NOW
    return False


@inlined
def end_at(m: Address, slot: int, begins: float, delay: float) -> None:
    """Put down the end of a visit, after a delay that begins now or later."""
    if counts(m)[0].interrupts:
        asking(m)[slot].begins = begins
        asking(m)[slot].ends = begins + delay
    push(m, begins + delay, END, slots(m)[slot].episode, slot)


@inlined
def grow_impatient(m: Address, slot: int, now: float) -> None:
    """Put down when patience runs out, if it does."""
    step = slots(m)[slot].step
    table = steps(m)[step].patience
    if table != NONE:
        occurrence = slots(m)[slot].occurrence
        patience = duration(m, slot, table, steps(m)[step].key_patience, occurrence, now)
        push(m, now + patience, PATIENCE, slots(m)[slot].visit, slot)
