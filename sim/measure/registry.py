"""All measures, each defined once, in the order in which they are listed."""

from __future__ import annotations

from collections.abc import Mapping

from sim.measure import (
    beds,
    booked,
    capacity,
    contacts,
    emergency,
    episodes,
    interruptions,
    money,
    pools,
    scenario_measures,
    waits,
)
from sim.measure.definition import Definition

DEFINITIONS: tuple[Definition, ...] = (
    *episodes.DEFINITIONS,
    *contacts.DEFINITIONS,
    *emergency.DEFINITIONS,
    *beds.DEFINITIONS,
    *waits.DEFINITIONS,
    *capacity.DEFINITIONS,
    *pools.DEFINITIONS,
    *booked.DEFINITIONS,
    *interruptions.DEFINITIONS,
    *money.DEFINITIONS,
    *scenario_measures.DEFINITIONS,
)


def definitions() -> Mapping[str, Definition]:
    """Every measure by its name."""
    return {definition.name: definition for definition in DEFINITIONS}
