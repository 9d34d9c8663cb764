"""What is drawn for an episode: where it goes, how long something takes."""

from __future__ import annotations

from sim.engine.compiled.machine import slots
from sim.plan.jit import inlined
from sim.plan.keys import uniform
from sim.plan.lookup import chosen, leaf
from sim.plan.memory import Address, branches, choices, cumulative, distributions, values
from sim.plan.samplers import EMPIRICAL, sample, sample_simple


@inlined
def leaf_of(m: Address, slot: int, table: int, now: float) -> int:
    """The leaf a table gives for an episode now."""
    return leaf(m, table, slots(m)[slot].person, slots(m)[slot].episode, now)


@inlined
def choose(m: Address, slot: int, table: int, key: int, occurrence: int, now: float) -> int:
    """Choose a target by the shares a table gives for an episode now."""
    choice = leaf_of(m, slot, table, now)
    only = branches(m)[choices(m)[choice]]
    if only.cumulative == 1.0:  # whatever the random number
        return int(only.target)
    return chosen(m, choice, uniform(slots(m)[slot].key, key, occurrence))


@inlined
def duration(m: Address, slot: int, table: int, key: int, occurrence: int, now: float) -> float:
    """Draw a duration from the distribution a table gives for an episode now."""
    return drawn(m, slot, leaf_of(m, slot, table, now), key, occurrence)


@inlined
def drawn(m: Address, slot: int, at: int, key: int, occurrence: int) -> float:
    """Draw a duration from a distribution for an episode."""
    d = distributions(m)[at]
    u = position(m, slot, at, key, occurrence)
    if d.kind < EMPIRICAL:
        return sample_simple(d.kind, d.a, d.b, d.c, u)
    return sample(d.kind, d.a, d.b, d.c, values(m), cumulative(m), d.first, d.count, u)


@inlined
def position(m: Address, slot: int, at: int, key: int, occurrence: int) -> float:
    """The random number that a distribution is drawn with for an episode."""
    d = distributions(m)[at]
    if not d.shared:
        return uniform(slots(m)[slot].key, key, occurrence)
    u = uniform(slots(m)[slot].luck, d.luck, 0)  # whenever and wherever the episode draws with it
    return 1.0 - u if d.against else u
