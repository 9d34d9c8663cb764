"""Signals that remember, and capacities that react to them, in machine code.

What each move means is written in `sim.engine.reference.watching`.
"""

from __future__ import annotations

from math import inf

from sim.engine.compiled.agenda import push
from sim.engine.compiled.by_address import OPEN_OR_CLOSE, call
from sim.engine.compiled.columns import visit_queued
from sim.engine.compiled.machine import counts, queues, slots, wants
from sim.engine.compiled.queues import UNLIMITED, note_freed
from sim.engine.compiled.resting import expect_break, write_capacity
from sim.engine.compiled.serving import serve
from sim.engine.order import LOOKS, Kind
from sim.plan.jit import apart, inlined, lean
from sim.plan.lookup import amount, scheduled
from sim.plan.memory import (
    Address,
    resources,
    senses,
    standings,
    watches,
    watching,
)
from sim.plan.plan import NONE, Watched

CAPACITY = int(Kind.CAPACITY)
WAITED, INSIDE = int(Watched.WAITED), int(Watched.INSIDE)


@lean
def look(m: Address, now: float) -> None:
    """See what signals say now, and let capacities follow."""
    for _ in range(LOOKS):
        if not see(m, now):
            break
        serve(m, now)


@lean
def see(m: Address, now: float) -> bool:
    """Look at every watch, then at every capacity that reacts; returns whether any changed."""
    changed = False
    for number in range(counts(m)[0].watches):
        changed |= see_signal(m, number, now)
    for resource in range(counts(m)[0].resources):
        if resources(m)[resource].first_sense < resources(m)[resource].end_sense:
            changed |= follow(m, resource, now)
    return changed


@lean
def see_signal(m: Address, number: int, now: float) -> bool:
    """See whether a signal is on, and for long enough; returns whether it says otherwise."""
    found = seen(m, number, now)
    lasting = watches(m)[number].lasting
    before = watching(m)[number].is_on
    is_on = 1 if found >= watches(m)[number].at_least else 0
    if before and found > watches(m)[number].until:
        is_on = 1
    if is_on and not before:
        watching(m)[number].since = now
        if lasting > 0.0:
            look_again(m, now + lasting, number)
    watching(m)[number].is_on = is_on
    yes = 1 if is_on and now >= watching(m)[number].since + lasting else 0
    changed = bool(yes != watching(m)[number].yes)
    watching(m)[number].yes = yes
    return changed


@lean
def seen(m: Address, number: int, now: float) -> float:
    """What a watch sees: how many there are, or which share is in use."""
    if watches(m)[number].what == INSIDE:
        return float(watching(m)[number].inside)
    if watches(m)[number].what == WAITED:
        return float(long_waiting(m, number, now))
    return amount(m, watches(m)[number].resource, watches(m)[number].what)


@lean
def long_waiting(m: Address, number: int, now: float) -> int:
    """How many have waited so long; looks again when there will be one more."""
    resource, waited = watches(m)[number].resource, watches(m)[number].waited
    plain, size = resources(m)[resource].plain, counts(m)[0].wants
    found, following = 0, inf
    for place in range(counts(m)[0].classes):  # each in order of joining
        row = queues(m)[resource * counts(m)[0].classes + place].first
        while row != NONE:
            slot = row if plain else row // size
            due = visit_queued(m)[slots(m)[slot].visit] + waited
            if due > now:
                following = min(following, due)
                break
            found += 1
            row = slots(m)[row].behind if plain else wants(m)[row].behind
    before = watching(m)[number].following
    if following < inf and (following < before or before <= now):
        watching(m)[number].following = following
        look_again(m, following, number)
    return found


@inlined
def look_again(m: Address, time: float, number: int) -> None:
    """Look again at a time; the number is that of a watch, or of a resource behind these."""
    push(m, time, CAPACITY, counts(m)[0].resources + number, 0)


@lean
def follow(m: Address, resource: int, now: float) -> bool:
    """Let a capacity change to the sheet its signals choose, once that has taken its time."""
    first = resources(m)[resource].first_sense
    wanted = 0
    for place in range(resources(m)[resource].end_sense - first):
        wanted += watching(m)[senses(m)[first + place]].yes << place
    if wanted == standings(m)[resource].sheet:
        standings(m)[resource].aim = NONE
        return False
    if wanted != standings(m)[resource].aim:
        standings(m)[resource].aim = wanted
        due = now + takes(m, resource, wanted, now)
        standings(m)[resource].due = due
        if due > now:
            look_again(m, due, counts(m)[0].watches + resource)
    if now < standings(m)[resource].due:
        return False
    standings(m)[resource].sheet = wanted
    standings(m)[resource].aim = NONE
    set_capacity(m, resource, units_on(m, resource, wanted, now), now)
    return True


@lean
def takes(m: Address, resource: int, sheet: int, now: float) -> float:
    """How long a capacity takes to change to another sheet, by whether that has more units."""
    before = standings(m)[resource].capacity
    after = units_on(m, resource, sheet, now)
    more = (UNLIMITED if after < 0 else after) - (UNLIMITED if before < 0 else before)
    if more == 0:
        return 0.0
    opens: float = resources(m)[resource].opens_after
    closes: float = resources(m)[resource].closes_after
    return opens if more > 0 else closes


@apart
def units_on(m: Address, resource: int, sheet: int, now: float) -> int:
    """The units that a resource's sheet gives now."""
    return scheduled(m, resources(m)[resource].schedule + sheet, now)


@inlined
def set_capacity(m: Address, resource: int, units: int, now: float) -> None:
    """Set a capacity, and write it down if it is not known; who waits may then be served.

    Those who wait may be sent away because it closes. Breaks are due in time from now on.
    """
    before = standings(m)[resource].capacity
    standings(m)[resource].capacity = units
    reacts = resources(m)[resource].first_sense < resources(m)[resource].end_sense
    rests = resources(m)[resource].rest_for > 0.0
    if (reacts or rests) and (units != before or now == 0.0):
        write_capacity(m, resource, now)
    note_freed(m, resource)
    if resources(m)[resource].at_closing:
        call(m, OPEN_OR_CLOSE, resource, before, now)
    if rests and units != before:
        standings(m)[resource].shift += 1
        standings(m)[resource].owed = 0
        if units > 0:
            expect_break(
                m,
                resource,
                now + resources(m)[resource].rest_after,
                standings(m)[resource].shift,
                1,
                units,
            )
