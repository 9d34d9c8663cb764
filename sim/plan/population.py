"""Drawing the people: attributes, and each person's fixed random number per programme.

The population depends on the seed alone, so that every replication and every arm of a comparison
has the same people. Named cases stand behind the drawn people.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.plan.jit import jit, lean
from sim.plan.keys import combine, name_key, uniform
from sim.plan.lookup import chosen, leaf
from sim.plan.memory import Address, memory
from sim.plan.plan import NONE, Bytes, Floats, Integers, Keys, Plan

#: the number of someone a programme can never cover
NEVER = 2.0


@dataclass(frozen=True)
class Population:
    """Levels by (person, column), numbers by (person, programme), flattened; keys by person."""

    levels: Bytes
    numbers: Floats
    keys: Keys


def draw_population(plan: Plan, seed: int) -> Population:
    """Draw everyone of a seed.

    Parameters
    ----------
    plan
        The compiled scenario.
    seed
        Seed of the run; 0 <= seed < 2**63.

    Returns
    -------
    Population
        ``plan.people.number`` people, then one person per case. A person who is not eligible
        for a programme, or beyond its caseload, has the number `NEVER` there.
    """
    people = plan.people
    seed_key = np.uint64(name_key("population", seed))
    keys = np.concatenate([_person_keys(seed_key, people.number), people.case_keys])
    attributes = plan.world.attributes
    columns = plan.world.person_columns
    levels = np.tile(attributes["initial"][columns].astype(np.int8), (len(keys), 1))
    fixed = np.full((len(keys), len(columns)), NONE, dtype=np.int8)
    if len(people.strata_counts):
        rows = np.repeat(np.arange(len(people.strata_counts)), people.strata_counts)
        fixed[: people.number] = people.strata_levels[rows][:, columns]
    fixed[people.number :] = people.case_levels[:, columns]
    flat, flat_fixed = levels.reshape(-1), fixed.reshape(-1)
    m = memory(plan.world, flat, np.zeros(0))
    drawn = set(people.drawn)
    for column, attribute in enumerate(columns):
        if attribute not in drawn:
            _copy_fixed(flat, flat_fixed, column, len(columns))
    for attribute, shares, key in zip(people.drawn, people.tables, people.keys, strict=True):
        column = int(attributes["column"][attribute])
        _draw_column(m.table, flat, flat_fixed, column, shares, key, keys)
    numbers = _programme_numbers(plan, keys, levels)
    return Population(levels=flat, numbers=numbers.reshape(-1), keys=keys)


@jit
def _person_keys(seed_key: np.uint64, number: int) -> Keys:
    keys = np.empty(number, dtype=np.uint64)
    for person in range(number):
        keys[person] = combine(seed_key, np.uint64(person))
    return keys


@jit
def _copy_fixed(levels: Bytes, fixed: Bytes, column: int, width: int) -> None:
    for at in range(column, len(levels), width):
        if fixed[at] >= 0:
            levels[at] = fixed[at]


@lean
def _draw_column(
    table: Address,
    levels: Bytes,
    fixed: Bytes,
    column: int,
    shares: int,
    key: np.uint64,
    keys: Keys,
) -> None:
    """Draw one attribute for everyone whose level is not fixed."""
    width = len(levels) // len(keys)
    for person in range(len(keys)):
        at = person * width + column
        if fixed[at] >= 0:
            levels[at] = fixed[at]
        else:
            choice = leaf(table, shares, person, 0, 0.0)
            levels[at] = chosen(table, choice, uniform(keys[person], key, 0))


@jit
def _uniforms(keys: Keys, decision: np.uint64) -> Floats:
    drawn = np.empty(len(keys))
    for person in range(len(keys)):
        drawn[person] = uniform(keys[person], decision, 0)
    return drawn


def _programme_numbers(plan: Plan, keys: Keys, levels: Bytes) -> Floats:
    """Fixed random number of each person per programme; `NEVER` for those left out."""
    people, column = plan.people, plan.world.attributes["column"]
    numbers = np.empty((len(keys), len(plan.programmes)))
    everyone = slice(0, people.number)
    for programme, key in enumerate(people.programme_keys):
        drawn = _uniforms(keys, key)
        for attribute, allowed in people.eligible[programme]:
            drawn[~np.isin(levels[:, column[attribute]], allowed)] = NEVER
        caseload = people.caseload[programme]
        if caseload is not None:
            _keep_lowest(drawn[everyone], caseload)
        covered = people.case_covered[:, programme]
        drawn[people.number :][covered == 1] = 0.0
        drawn[people.number :][covered == 0] = NEVER
        numbers[:, programme] = drawn
    return numbers


def _keep_lowest(numbers: Floats, most: int) -> None:
    """Leave only the `most` lowest numbers; the rest become `NEVER`."""
    order: Integers = np.argsort(numbers, kind="stable")
    numbers[order[most:]] = NEVER
