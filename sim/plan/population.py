"""Drawing the people: attributes, and each person's fixed random number per programme.

The population depends on the seed alone, so that every replication and every arm of a comparison
has the same people. Behind them stand the named cases, whom each replication draws anew: a case
stands for somebody like that, not for one person whose luck is the same every time. Behind these
stand those who arrive (`sim.plan.streams`).
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
    """Draw everyone of a seed but the named cases (see `with_cases`).

    Parameters
    ----------
    plan
        The compiled scenario.
    seed
        Seed of the run; 0 <= seed < 2**63.

    Returns
    -------
    Population
        ``plan.people.number`` people. A person who is not eligible for a programme, or beyond
        its caseload, has the number `NEVER` there.
    """
    people, columns = plan.people, plan.world.person_columns
    keys = _person_keys(np.uint64(name_key("population", seed)), people.number)
    fixed = np.full((len(keys), len(columns)), NONE, dtype=np.int8)
    if len(people.strata_counts):
        rows = np.repeat(np.arange(len(people.strata_counts)), people.strata_counts)
        fixed[:] = people.strata_levels[rows][:, columns]
    levels = _drawn_levels(plan, keys, fixed)
    numbers = _programme_numbers(plan, keys, levels)
    for programme, caseload in enumerate(people.caseload):
        if caseload is not None:
            _keep_lowest(numbers[:, programme], caseload)
    return Population(levels=levels.reshape(-1), numbers=numbers.reshape(-1), keys=keys)


def with_cases(plan: Plan, population: Population, seed: int, replication: int) -> Population:
    """The population with the named cases of a replication behind it.

    Parameters
    ----------
    plan, population
        The compiled scenario and the people of `seed`, who are not changed.
    seed, replication
        Name the luck of the cases: what the scenario does not fix of them, attributes and
        membership of programmes, they draw by their names in each replication. Of a programme
        with a caseload they are members if somebody registered with their luck would be.

    Returns
    -------
    Population
        One more person for each copy of each case. Their keys are those of the replication.
    """
    people = plan.people
    if not len(people.copy_of):
        return population
    return appended(
        plan,
        population,
        keys_in(replication_key(seed, replication), people.copy_keys),
        people.case_levels[people.copy_of][:, plan.world.person_columns],
        people.case_covered[people.copy_of],
    )


def appended(
    plan: Plan, population: Population, keys: Keys, fixed: Bytes, covered: Bytes | None = None
) -> Population:
    """The population with people behind it of whom something is known.

    Parameters
    ----------
    plan, population
        The compiled scenario, and the people before these.
    keys
        Key of each of them.
    fixed
        Levels by (person, column), `NONE` where they are drawn.
    covered
        Whether they are covered, by (person, programme), `NONE` where by luck; by luck if not
        given. Of a programme with a caseload they are members if somebody registered with their
        luck would be.
    """
    people = plan.people
    levels = _drawn_levels(plan, keys, fixed)
    numbers = _programme_numbers(plan, keys, levels)
    width = numbers.shape[1]
    registered = population.numbers[: people.number * width].reshape(people.number, width)
    for programme, caseload in enumerate(people.caseload):
        if caseload is not None:
            last = _last_member(registered[:, programme], caseload)
            numbers[numbers[:, programme] > last, programme] = NEVER
    if covered is not None:
        numbers[covered == 1] = 0.0
        numbers[covered == 0] = NEVER
    return Population(
        levels=np.concatenate([population.levels, levels.reshape(-1)]),
        numbers=np.concatenate([population.numbers, numbers.reshape(-1)]),
        keys=np.concatenate([population.keys, keys]),
    )


def replication_key(seed: int, replication: int) -> np.uint64:
    """The key that names the luck of one replication."""
    return np.uint64(name_key("replication", seed, replication))


def keys_in(run_key: np.uint64, keys: Keys) -> Keys:
    """Each person's key in one replication."""
    combined = np.empty_like(keys)
    combine_each(run_key, keys, combined)
    return combined


@lean
def combine_each(run_key: np.uint64, keys: Keys, combined: Keys) -> None:
    """Write each person's key in one replication into `combined`."""
    for person in range(len(keys)):
        combined[person] = combine(run_key, keys[person])


def _drawn_levels(plan: Plan, keys: Keys, fixed: Bytes) -> Bytes:
    """Levels by (person, column): those fixed, the rest drawn by each person's key."""
    people, columns = plan.people, plan.world.person_columns
    attributes = plan.world.attributes
    levels = np.tile(attributes["initial"][columns].astype(np.int8), (len(keys), 1))
    flat, flat_fixed = levels.reshape(-1), np.ascontiguousarray(fixed).reshape(-1)
    m = memory(plan.world, flat, np.zeros(0))
    drawn = set(people.drawn)
    for column, attribute in enumerate(columns):
        if attribute not in drawn:
            _copy_fixed(flat, flat_fixed, column, len(columns))
    for attribute, shares, key in zip(people.drawn, people.tables, people.keys, strict=True):
        column = int(attributes["column"][attribute])
        _draw_column(m.table, flat, flat_fixed, column, shares, key, keys)
    return levels


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
    """Random number of each person per programme; `NEVER` for who is not eligible."""
    people, column = plan.people, plan.world.attributes["column"]
    numbers = np.empty((len(keys), len(plan.programmes)))
    for programme, key in enumerate(people.programme_keys):
        drawn = _uniforms(keys, key)
        for attribute, allowed in people.eligible[programme]:
            drawn[~np.isin(levels[:, column[attribute]], allowed)] = NEVER
        numbers[:, programme] = drawn
    return numbers


def _keep_lowest(numbers: Floats, most: int) -> None:
    """Leave only the `most` lowest numbers; the rest become `NEVER`."""
    order: Integers = np.argsort(numbers, kind="stable")
    numbers[order[most:]] = NEVER


def _last_member(numbers: Floats, caseload: int) -> float:
    """The highest number with which one belongs to the caseload left by `_keep_lowest`."""
    members = numbers[numbers < NEVER]
    if len(members) < caseload:
        return 1.0  # there is room for more
    return float(members.max(initial=-1.0))
