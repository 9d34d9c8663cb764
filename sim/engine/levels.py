"""Levels of every attribute of every episode, put together after a run, the same for both engines.

Most levels at onset can be worked out from who and when; an engine notes only those that cannot:
attributes that steps set on a person, and signals.
"""

from __future__ import annotations

import numpy as np

from sim.engine.logs import Floats, Ints, Levels
from sim.plan.jit import jit
from sim.plan.lookup import covered_share, scheduled
from sim.plan.memory import Table, memory
from sim.plan.plan import Bytes, Origin, Plan


def noted_attributes(plan: Plan) -> list[int]:
    """Attributes whose levels an engine notes as it goes, in the order it notes them."""
    origins = plan.world.attributes["origin"]
    return [
        number
        for number, origin in enumerate(origins.tolist())
        if plan.set_on_person[number] or origin == Origin.SIGNAL
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
    attributes, world = plan.world.attributes, plan.world
    m = memory(world, people, np.asarray(numbers))
    count = len(person)
    people = people.reshape(-1, max(1, len(world.person_columns)))
    episodes = episodes.reshape(count, len(world.episode_columns))
    noted = {attribute: at for at, attribute in enumerate(noted_attributes(plan))}
    notes = notes.reshape(count, len(noted))
    by_programme = np.asarray(numbers).reshape(-1, max(1, len(plan.programmes)))
    levels = np.empty((count, len(plan.attributes)), dtype=np.int8)
    for number, (origin, column) in enumerate(
        zip(attributes["origin"].tolist(), attributes["column"].tolist(), strict=True)
    ):
        if number in noted:
            levels[:, number] = notes[:, noted[number]]
        elif origin == Origin.PERSON:
            levels[:, number] = people[person, column]
        elif origin == Origin.EPISODE:
            levels[:, number] = episodes[:, column]
        elif origin == Origin.PROGRAMME:
            covered = _covered(m.table, column, by_programme[person, column], onset)
            levels[:, number] = covered
        else:
            levels[:, number] = _open(m.table, column, onset)
    return levels


@jit
def _covered(table: Table, programme: int, numbers: Floats, times: Floats) -> Levels:
    covered = np.empty(len(times), dtype=np.int8)
    for at in range(len(times)):
        covered[at] = numbers[at] < covered_share(table, programme, times[at])
    return covered


@jit
def _open(table: Table, row: int, times: Floats) -> Levels:
    opened = np.empty(len(times), dtype=np.int8)
    for at in range(len(times)):
        opened[at] = scheduled(table, row, times[at])
    return opened
