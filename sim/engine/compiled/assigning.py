"""Assigning levels to attributes, in machine code."""

from __future__ import annotations

from sim.engine.compiled.machine import slots
from sim.plan.jit import inlined
from sim.plan.lookup import PERSON
from sim.plan.memory import (
    Address,
    attributes,
    episode_levels,
    episode_width,
    people,
    person_width,
)


@inlined
def assign(m: Address, slot: int, attribute: int, target: int) -> None:
    """Assign a level to an attribute of the episode or of the person."""
    column = attributes(m)[attribute].column
    if attributes(m)[attribute].origin == PERSON:
        width = person_width(m)
        people(m)[slots(m)[slot].person * width + column] = target
    else:
        width = episode_width(m)
        episode_levels(m)[slots(m)[slot].episode * width + column] = target
