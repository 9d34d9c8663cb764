"""Taking units of less urgent visits, in machine code."""

from __future__ import annotations

from math import nan

from sim.engine.compiled.agenda import push
from sim.engine.compiled.columns import (
    interruption_at,
    interruption_by,
    interruption_resumed,
    interruption_visit,
    visit_ended,
    visit_fate,
)
from sim.engine.compiled.machine import (
    NOT_BEGUN,
    NOT_NOW,
    asking,
    counts,
    held,
    interruptible,
    slots,
    victims,
    wants,
)
from sim.engine.compiled.queues import count_inside, note_freed, units_free_to
from sim.engine.compiled.standing import comes_before, has_got, join_queues, note_wanted
from sim.engine.compiled.units import (
    give_back,
    hand_over,
)
from sim.engine.logs import Fate
from sim.engine.order import Kind
from sim.plan.jit import lean
from sim.plan.memory import (
    Address,
    standings,
    steps,
)
from sim.plan.plan import NONE, Interrupt

INTERRUPTED = int(Fate.INTERRUPTED)
MOVE = int(Kind.MOVE)
RENEGE = int(Interrupt.RENEGE)


@lean
def note_victims(m: Address, slot: int, begin: int, end: int) -> bool:
    """Note the visits a pressing one interrupts to have what it wants, least urgent first.

    False, and nobody noted, if there are not enough less urgent ones.
    """
    counts(m)[0].victims = 0
    for row in range(begin, end):
        resource = wants(m)[row].resource
        short = wants(m)[row].units - units_free_to(m, slot, resource)
        for number in range(counts(m)[0].victims):
            short -= units_of(m, victims(m)[number], resource)
        while short > 0:
            victim = least_urgent(m, resource)
            if victim == NONE or asking(m)[victim].urgency <= asking(m)[slot].urgency:
                counts(m)[0].victims = 0
                return False
            victims(m)[counts(m)[0].victims] = victim
            counts(m)[0].victims += 1
            short -= units_of(m, victim, resource)
    return True


@lean
def least_urgent(m: Address, resource: int) -> int:
    """The last, in the order of queues, of those that can be interrupted and are not noted yet."""
    found = NONE
    row = interruptible(m)[resource]
    while row != NONE:
        slot = row // counts(m)[0].wants
        noted = False
        for number in range(counts(m)[0].victims):
            noted = noted or victims(m)[number] == slot
        if not noted and (found == NONE or comes_before(m, found, slot)):
            found = slot
        row = wants(m)[row].behind
    return found


@lean
def units_of(m: Address, slot: int, resource: int) -> int:
    """Units of a resource that a visit has got."""
    first, got, units = slot * counts(m)[0].wants, asking(m)[slot].got, 0
    for number in range(asking(m)[slot].wants):
        if has_got(got, number) and wants(m)[first + number].resource == resource:
            units += wants(m)[first + number].units
    return units


@lean
def interrupt(m: Address, victim: int, by: int, begin: int, end: int, now: float) -> None:
    """Take what a visit has got: of what another wants at once, the rest as always.

    It goes back to its queue, in its old place, or elsewhere.
    """
    visit, step = slots(m)[victim].visit, slots(m)[victim].step
    no_longer_interruptible(m, victim)
    row = counts(m)[0].interruptions
    counts(m)[0].interruptions = row + 1
    interruption_visit(m)[row] = visit
    interruption_at(m)[row] = now
    interruption_resumed(m)[row] = nan
    interruption_by(m)[row] = slots(m)[by].visit
    asking(m)[victim].interruption = row
    first, place = victim * counts(m)[0].places, 0
    while place < slots(m)[victim].held:
        if held(m)[first + place].visit != visit:
            place += 1
            continue
        wanted = False
        for at in range(begin, end):
            wanted = wanted or wants(m)[at].resource == held(m)[first + place].resource
        if wanted:
            hand_over(m, victim, place, now)
        else:
            give_back(m, victim, place, now)
    asking(m)[victim].left = NOT_BEGUN
    if asking(m)[victim].begins <= now:
        asking(m)[victim].left = asking(m)[victim].ends - now
    asking(m)[victim].ends = NOT_NOW
    if steps(m)[step].interrupt == RENEGE:
        visit_fate(m)[visit] = INTERRUPTED
        count_inside(m, step, -1)
        visit_ended(m)[visit] = now
        push(m, now, MOVE, visit, victim)
    else:
        join_queues(m, victim)
        note_wanted(m, victim)


@lean
def no_longer_interruptible(m: Address, slot: int) -> None:
    """Forget a visit that ends or is interrupted among those that may be interrupted."""
    first, got = slot * counts(m)[0].wants, asking(m)[slot].got
    for number in range(asking(m)[slot].wants):
        if has_got(got, number):
            row = first + number
            before, behind = wants(m)[row].before, wants(m)[row].behind
            if before == NONE:
                interruptible(m)[wants(m)[row].resource] = behind
            else:
                wants(m)[before].behind = behind
            if behind != NONE:
                wants(m)[behind].before = before


@lean
def may_be_interrupted(m: Address, slot: int) -> None:
    """Note a visit among those that may be interrupted; someone who waits may want just that."""
    first, got = slot * counts(m)[0].wants, asking(m)[slot].got
    for number in range(asking(m)[slot].wants):
        if has_got(got, number):
            row, resource = first + number, wants(m)[first + number].resource
            behind = interruptible(m)[resource]
            wants(m)[row].before = NONE
            wants(m)[row].behind = behind
            if behind != NONE:
                wants(m)[behind].before = row
            interruptible(m)[resource] = row
            if standings(m)[resource].pressing > 0:
                note_freed(m, resource)
