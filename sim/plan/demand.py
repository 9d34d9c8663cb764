"""Demand: every crisis that can befall anyone in one replication, before anything happens.

Each person and crisis has a unit-rate Poisson process of its own, run through the cumulative
hazard of the base rate; that is layer 0. A relative rate r accepts a candidate of layer 0 with
probability r; each whole unit of r above 1 adds a further, separately keyed process (layer 1, 2,
...) of which the part r - layer is accepted. So a change of r only removes or adds crises. The
cumulative hazard is exact for rates that change by the hour: candidates are placed by inverting
it, never by sampling a gap at the current rate.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sim.plan.arithmetic import log
from sim.plan.jit import jit, lean
from sim.plan.keys import combine, name_key, uniform
from sim.plan.lookup import leaf
from sim.plan.memory import Table, crises, factors, memory, numbers
from sim.plan.plan import NONE, Floats, Integers, Keys, Plan, Profiles
from sim.plan.population import Population
from sim.plan.samplers import encode, sample_simple
from sim.scenario.values import Distribution

HOUR = 60.0

GAP = np.uint64(name_key("candidate", "gap"))
THIN = np.uint64(name_key("candidate", "thin"))


@dataclass(frozen=True)
class Candidates:
    """Crises that fall due unless relative rates, an open episode or death prevent them.

    In order of time (minutes), then person, crisis, layer, ordinal. `key` is the key of the
    episode's random numbers; `thin` the uniform number a relative rate must exceed, plus the
    layer; `case` the named case, or `NONE`.
    """

    time: Floats
    person: Integers
    crisis: Integers
    layer: Integers
    ordinal: Integers
    key: Keys
    thin: Floats
    case: Integers


def draw_candidates(plan: Plan, population: Population, seed: int, replication: int) -> Candidates:
    """Draw the candidate crises of one replication.

    Parameters
    ----------
    plan, population
        The compiled scenario and the people of `seed`.
    seed, replication
        Together they name the replication's luck: replication k is the same alone and in a batch.

    Returns
    -------
    Candidates
        Every candidate before the horizon, and the named cases.
    """
    run_key = np.uint64(name_key("replication", seed, replication))
    table = memory(plan.world, population.levels, population.numbers).table
    factors = _with_day_to_day(plan.profiles, run_key)
    last = plan.horizon - HOUR * (factors.shape[1] - 1)  # the last hour may be cut short
    person_keys = _keys_of(run_key, population.keys[: plan.people.number])
    parts = []
    for crisis in range(len(plan.crises)):
        hazard = np.concatenate([np.zeros(1), np.cumsum(factors[crisis] * HOUR)])
        hazard[-1] = hazard[-2] + factors[crisis, -1] * last
        parts.append(_of_crisis(table, crisis, person_keys, factors[crisis], hazard))
    parts.append(_cases(plan, population, run_key))
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    order = np.argsort(columns[0], kind="stable")
    order = order[columns[0][order] < plan.horizon]
    return Candidates(*(column[order] for column in columns))


def _with_day_to_day(profiles: Profiles, run_key: np.uint64) -> Floats:
    """Hourly factors of each crisis, with the gamma factor of each day of this replication."""
    factors = profiles.factor.copy()
    days = -(-factors.shape[1] // 24)
    for crisis, cv in enumerate(profiles.day_to_day):
        if cv > 0.0:
            gamma = encode(Distribution("gamma", (1.0 / cv**2, cv**2)))
            key = profiles.key_day[crisis]
            daily = _daily(run_key, key, profiles.first_day, days, *gamma[:4])
            factors[crisis] *= np.repeat(daily, 24)[: factors.shape[1]]
    return factors


def _cases(plan: Plan, population: Population, run_key: np.uint64) -> tuple[np.ndarray, ...]:
    """The named cases as candidates that nothing thins."""
    people = plan.people
    count = len(people.case_at)
    keys = _keys_of(run_key, population.keys[people.number :])
    zeros = np.zeros(count, dtype=np.int64)
    return (
        people.case_at,
        people.number + np.arange(count),
        people.case_crisis,
        zeros,
        zeros,
        keys,
        np.zeros(count),
        np.arange(count),
    )


@jit
def _daily(
    run_key: np.uint64,
    key: np.uint64,
    first_day: int,
    days: int,
    kind: int,
    a: float,
    b: float,
    c: float,
) -> Floats:
    """A factor for each day, keyed by the date."""
    factors = np.empty(days)
    for day in range(days):
        u = uniform(run_key, key, first_day + day)
        factors[day] = sample_simple(kind, a, b, c, u)
    return factors


@jit
def _keys_of(run_key: np.uint64, keys: Keys) -> Keys:
    """Each person's key in one replication."""
    combined = np.empty(len(keys), dtype=np.uint64)
    for person in range(len(keys)):
        combined[person] = combine(run_key, keys[person])
    return combined


class Found(NamedTuple):
    """Room for the candidates of one crisis; the first `place[0]` rows are filled."""

    place: Integers  #: rows filled, and the first person not dealt with yet
    time: Floats
    person: Integers
    layer: Integers
    ordinal: Integers
    key: Keys
    thin: Floats


def _of_crisis(
    table: Table, crisis: int, keys: Keys, factor: Floats, hazard: Floats
) -> tuple[np.ndarray, ...]:
    """All candidates of one crisis, person by person."""
    found = Found(
        np.zeros(2, dtype=np.int64),
        np.empty(1024),
        np.empty(1024, dtype=np.int64),
        np.empty(1024, dtype=np.int64),
        np.empty(1024, dtype=np.int64),
        np.empty(1024, dtype=np.uint64),
        np.empty(1024),
    )
    while not _search(table, crisis, keys, factor, hazard, found):
        columns = (np.concatenate([column, np.empty_like(column)]) for column in found[1:])
        found = Found(found.place, *columns)
    count = found.place[0]
    time, person, layer, ordinal, key, thin = (column[:count] for column in found[1:])
    same = np.full(count, crisis, dtype=np.int64)
    return time, person, same, layer, ordinal, key, thin, np.full(count, NONE, dtype=np.int64)


@lean
def _search(
    table: Table,
    crisis: int,
    keys: Keys,
    factor: Floats,
    hazard: Floats,
    found: Found,
) -> bool:
    """Find candidates person by person; false if there may not be room for the next person's."""
    end = hazard[len(hazard) - 1]
    for person in range(found.place[1], len(keys)):
        rate = numbers(table)[leaf(table, crises(table)[crisis].rate, person, 0, 0.0)]
        count = found.place[0]
        if rate > 0.0:
            bound = _bound(table, crisis, person)
            crisis_key = combine(keys[person], crises(table)[crisis].key)
            layer = 0
            while layer < bound:
                layer_key = crisis_key if layer == 0 else combine(crisis_key, layer)
                total = -log(1.0 - uniform(layer_key, GAP, 0)) / rate
                ordinal = 0
                while total < end:
                    key = combine(layer_key, ordinal)
                    thin = layer + uniform(key, THIN, 0)
                    if thin < bound:
                        if count == len(found.time):
                            return False
                        hour = last_not_above(hazard, total)
                        found.time[count] = hour * HOUR + (total - hazard[hour]) / factor[hour]
                        found.person[count] = person
                        found.layer[count] = layer
                        found.ordinal[count] = ordinal
                        found.key[count] = key
                        found.thin[count] = thin
                        count += 1
                    ordinal += 1
                    total += -log(1.0 - uniform(layer_key, GAP, ordinal)) / rate
                layer += 1
        found.place[0] = count
        found.place[1] = person + 1
    return True


@lean
def last_not_above(rising: Floats, value: float) -> int:
    """Index of the last element of a rising array that is not above `value`."""
    low, high = 0, len(rising)
    while low < high:
        middle = (low + high) // 2
        if rising[middle] <= value:
            low = middle + 1
        else:
            high = middle
    return low - 1


@lean
def _bound(table: Table, crisis: int, person: int) -> float:
    """The largest product a person's relative rates can reach."""
    bound = 1.0
    for at in range(crises(table)[crisis].first_factor, crises(table)[crisis].end_factor):
        bound *= numbers(table)[leaf(table, factors(table)[at].bound, person, 0, 0.0)]
    return bound
