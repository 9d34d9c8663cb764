"""Levels of every attribute of every episode, put together after a run, the same for both engines.

Most levels at onset can be worked out from who and when; an engine notes only those that cannot:
attributes that steps set on a person, signals, and times that have passed.
"""

from __future__ import annotations

import numpy as np

from sim.engine.logs import Floats, Ints, Levels
from sim.plan.jit import lean
from sim.plan.lookup import FORESIGHT, level, prefetch_person
from sim.plan.memory import Address, memory
from sim.plan.plan import NONE, Bytes, Integers, Origin, Plan


def noted_attributes(plan: Plan) -> list[int]:
    """Attributes whose levels an engine notes as it goes, in the order it notes them."""
    origins = plan.world.attributes["origin"]
    return [
        number
        for number, origin in enumerate(origins.tolist())
        if plan.set_on_person[number] or origin in (Origin.SIGNAL, Origin.ELAPSED)
    ]


def episode_levels(
    plan: Plan,
    people: Bytes,
    numbers: Floats,
    person: Ints,
    onset: Floats,
    episodes: Bytes,
    notes: Bytes,
) -> Levels:
    """Put the levels of all attributes side by side.

    Parameters
    ----------
    plan
        The compiled scenario.
    people, numbers
        Levels by (person, column) and numbers by (person, programme), flattened.
    person, onset
        Of each episode: the person's number, and when it began (minutes).
    episodes, notes
        Levels by (episode, column) and by (episode, noted attribute), flattened.

    Returns
    -------
    Levels
        int8 of shape (episodes, attributes).
    """
    m = memory(plan.world, people, np.asarray(numbers))
    m["episode_levels"] = episodes
    noted = noted_attributes(plan)
    noted_at = np.full(len(plan.attributes), NONE)
    noted_at[noted] = np.arange(len(noted))
    levels = np.empty((len(person), len(plan.attributes)), dtype=np.int8)
    _put_together(m.table, person, onset, notes, noted_at, len(noted), levels)
    return levels


@lean
def _put_together(
    table: Address,
    person: Ints,
    onset: Floats,
    notes: Bytes,
    noted_at: Integers,
    noted: int,
    levels: Levels,
) -> None:
    """Fill in the levels, episode by episode."""
    for row in range(len(person)):
        if row + FORESIGHT < len(person):
            prefetch_person(table, person[row + FORESIGHT])
        for attribute in range(len(noted_at)):
            if noted_at[attribute] == NONE:
                found = level(table, attribute, person[row], row, onset[row])
            else:
                found = notes[row * noted + noted_at[attribute]]
            levels[row, attribute] = found
