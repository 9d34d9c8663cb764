"""Asking for more than one unit of one resource, in machine code.

The same moves, by the same names, as in `sim.engine.reference.engine`, for resources that are not
plain: several units at once, any of several, pools, pre-emption, priorities that rise. Whoever
asks there has rows of `wants`, which are its places in the queues while it waits, and among those
that can be interrupted while it is served. Plain resources never come here.
"""

from __future__ import annotations

from sim.engine.compiled.assigning import assign
from sim.engine.compiled.columns import (
    interruption_resumed,
)
from sim.engine.compiled.draws import leaf_of
from sim.engine.compiled.interrupting import (
    interrupt,
    may_be_interrupted,
    note_victims,
)
from sim.engine.compiled.machine import (
    NOT_BEGUN,
    asking,
    class_of,
    counts,
    queues,
    slots,
    victims,
    wants,
)
from sim.engine.compiled.queues import units_free, units_free_to
from sim.engine.compiled.standing import (
    ALL_OF,
    comes_before,
    leave_queues,
)
from sim.engine.compiled.starting import begin_delay, end_at, start
from sim.engine.compiled.units import (
    take,
)
from sim.plan.jit import inlined, lean
from sim.plan.lookup import level
from sim.plan.memory import (
    Address,
    lists,
    needs,
    numbers,
    requests,
    resources,
    standings,
    steps,
)
from sim.plan.plan import ASKS, NONE, Ask, Interrupt

ANY, SHORTEST = int(Ask.ANY), int(Ask.SHORTEST)
NEVER, REPEAT = int(Interrupt.NEVER), int(Interrupt.REPEAT)


@lean
def ask(m: Address, slot: int, now: float) -> None:
    """Work out what a step asks for, and how urgently, by the levels of this moment."""
    step, first = slots(m)[slot].step, slot * counts(m)[0].wants
    asking(m)[slot].any = 0
    asking(m)[slot].several = 0
    asking(m)[slot].attribute = NONE
    asking(m)[slot].interruption = NONE
    if steps(m)[step].seize == ASKS:
        list_wants(m, slot, steps(m)[step].request, now)
    else:
        asking(m)[slot].wants = 1
        want(m, first, steps(m)[step].seize, 1, NONE)
    asking(m)[slot].urgency = counts(m)[0].class_of_none
    if steps(m)[step].priority != NONE:
        asking(m)[slot].urgency = class_of(m)[leaf_of(m, slot, steps(m)[step].priority, now)]
    asking(m)[slot].presses = 0
    if steps(m)[step].preempts != NONE:
        pressed = numbers(m)[leaf_of(m, slot, steps(m)[step].preempts, now)]
        asking(m)[slot].presses = int(pressed != 0.0)


@lean
def list_wants(m: Address, slot: int, request: int, now: float) -> None:
    """Write down the wants of a request."""
    first, count = slot * counts(m)[0].wants, 0
    span = leaf_of(m, slot, requests(m)[request].lists, now)
    several = 0
    for at in range(lists(m)[span].first, lists(m)[span].end):
        units = 1
        if needs(m)[at].units != NONE:
            units = int(numbers(m)[leaf_of(m, slot, needs(m)[at].units, now)])
        resource = needs(m)[at].resource
        if needs(m)[at].levels != NONE:
            person, episode = slots(m)[slot].person, slots(m)[slot].episode
            resource += level(m, needs(m)[at].levels, person, episode, now)
        if units > 0:
            want(m, first + count, resource, units, needs(m)[at].level)
            count += 1
    asked = requests(m)[request].ask
    if asked == SHORTEST:
        shortest(m, first, count)
        count = 1
    elif asked == ANY:
        asking(m)[slot].any = 1
    elif count > 1:
        several = 1
    asking(m)[slot].wants = count
    asking(m)[slot].several = several
    asking(m)[slot].attribute = requests(m)[request].attribute


@inlined
def want(m: Address, row: int, resource: int, units: int, at_level: int) -> None:
    """Write down one want."""
    wants(m)[row].resource = resource
    wants(m)[row].units = units
    wants(m)[row].level = at_level


@lean
def shortest(m: Address, first: int, count: int) -> None:
    """Keep the first want with a free unit, else that with the fewest waiting per unit."""
    best = first
    for row in range(first, first + count):
        resource = wants(m)[row].resource
        if units_free(m, resource) > 0 and standings(m)[resource].waiting == 0:
            best = row
            break
        if has_shorter_queue(m, resource, wants(m)[best].resource):
            best = row
    want(m, first, wants(m)[best].resource, wants(m)[best].units, wants(m)[best].level)


@lean
def has_shorter_queue(m: Address, one: int, other: int) -> bool:
    """Whether fewer wait per unit of one resource than of another."""
    units, others = standings(m)[one].capacity, standings(m)[other].capacity
    waiting, waiting_there = standings(m)[one].waiting, standings(m)[other].waiting
    if units == 0 or others == 0:
        return bool(waiting < waiting_there if units == others else others == 0)
    if units < 0 or others < 0:  # an unlimited one has no queue
        return bool(waiting < waiting_there or (units < 0 and others > 0 and waiting_there > 0))
    return bool(waiting * others < waiting_there * units)


@lean
def let(m: Address, slot: int, freed: int, now: float) -> bool:
    """Give a visit what it asks for and start it, if it can have it now.

    Who asks for any of several resources is given the first that is free, or only that which has
    been `freed`. Who presses takes units of less urgent visits if need be.
    """
    got = way(m, slot, freed)
    if got == NONE:
        return False
    first = slot * counts(m)[0].wants
    begin, end = first, first + asking(m)[slot].wants
    if got != ALL_OF:
        begin, end = first + got, first + got + 1
    for number in range(counts(m)[0].victims):
        interrupt(m, victims(m)[number], slot, begin, end, now)
    counts(m)[0].victims = 0
    if slots(m)[slot].waiting_for != NONE:
        leave_queues(m, slot)
    take_all(m, slot, got, begin, end, now)
    start_asking(m, slot, now)
    return True


@lean
def way(m: Address, slot: int, freed: int) -> int:
    """Which want can be met, or all of them, or NONE; notes whom that would interrupt."""
    first, count = slot * counts(m)[0].wants, asking(m)[slot].wants
    counts(m)[0].victims = 0
    for pressing in range(1 + asking(m)[slot].presses):
        if not asking(m)[slot].any:
            if can_have(m, slot, first, first + count, pressing):
                return ALL_OF
        else:
            for number in range(count):
                row = first + number
                asked = freed == NONE or wants(m)[row].resource == freed
                if asked and can_have(m, slot, row, row + 1, pressing):
                    return number
    return NONE


@inlined
def can_have(m: Address, slot: int, begin: int, end: int, pressing: int) -> bool:
    """Whether some wants can all be met now, if need be by interrupting others."""
    enough = True
    if not pressing:
        for row in range(begin, end):
            if units_free_to(m, slot, wants(m)[row].resource) < wants(m)[row].units:
                enough = False
    if not enough or not comes_next(m, slot, begin, end):
        return False
    return pressing == 0 or note_victims(m, slot, begin, end)


@lean
def comes_next(m: Address, slot: int, begin: int, end: int) -> bool:
    """Whether a visit passes nobody in the queues in which nobody may be passed."""
    for row in range(begin, end):
        resource = wants(m)[row].resource
        if resources(m)[resource].in_turn and standings(m)[resource].waiting > 0:
            queue = resource * counts(m)[0].classes
            while queues(m)[queue].first == NONE:
                queue += 1
            head = queues(m)[queue].first // counts(m)[0].wants
            if head != slot and comes_before(m, head, slot):
                return False
    return True


@lean
def take_all(m: Address, slot: int, got: int, begin: int, end: int, now: float) -> None:
    """Seize what was asked for; an attribute may be told which resource it is."""
    asking(m)[slot].got = got
    for row in range(begin, end):
        units = wants(m)[row].units
        numbered = asking(m)[slot].several or units > 1
        for number in range(units):
            take(m, slot, wants(m)[row].resource, number + 1 if numbered else 0, now)
        if asking(m)[slot].attribute != NONE:
            assign(m, slot, asking(m)[slot].attribute, wants(m)[row].level)


@lean
def start_asking(m: Address, slot: int, now: float) -> None:
    """Begin the delay of a visit, or go on with it after an interruption."""
    step, interruption = slots(m)[slot].step, asking(m)[slot].interruption
    if interruption == NONE:
        start(m, slot, now)
    else:
        interruption_resumed(m)[interruption] = now
        asking(m)[slot].interruption = NONE
        if steps(m)[step].interrupt == REPEAT or asking(m)[slot].left == NOT_BEGUN:
            begin_delay(m, slot, step, now)
        else:
            end_at(m, slot, now, asking(m)[slot].left)
    if steps(m)[step].interrupt != NEVER:
        may_be_interrupted(m, slot)


@lean
def turns_away_asking(m: Address, slot: int) -> bool:
    """Whether a step turns away an arrival that would have to wait."""
    step, first = slots(m)[slot].step, slot * counts(m)[0].wants
    closed, full = steps(m)[step].balk_closed, steps(m)[step].balk_full
    if not (closed or full):
        return False
    shut = 0
    for row in range(first, first + asking(m)[slot].wants):
        standing, limit = standings(m)[wants(m)[row].resource], 0
        limit = resources(m)[wants(m)[row].resource].queue_limit
        if (closed and standing.capacity == 0) or (
            full and limit != NONE and standing.waiting >= limit
        ):
            shut += 1
    return bool(shut == asking(m)[slot].wants) if asking(m)[slot].any else shut > 0


@lean
def serve_queue(m: Address, resource: int, now: float) -> None:
    """Start those who wait for a resource and can have what they ask for, in order.

    Who cannot is passed over, unless nobody may pass.
    """
    queue = resource * counts(m)[0].classes
    end = queue + counts(m)[0].classes
    passed = NONE  # the last one passed over, in this queue
    while (
        standings(m)[resource].pressing > 0
        or units_free(m, resource) + standings(m)[resource].late > 0
    ):
        row = queues(m)[queue].first if passed == NONE else wants(m)[passed].behind
        if row == NONE:
            queue += 1
            passed = NONE
            if queue == end:
                return
        elif not let(m, row // counts(m)[0].wants, resource, now):
            if resources(m)[resource].in_turn:
                return
            passed = row
