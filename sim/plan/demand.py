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

import numpy as np

from sim.plan.arithmetic import log
from sim.plan.jit import jit
from sim.plan.keys import combine, name_key, uniform
from sim.plan.lookup import State, latest, leaf, still
from sim.plan.plan import NONE, Floats, Integers, Keys, Plan, Profiles, World
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
    state = still(population.levels, population.numbers)
    factors = _with_day_to_day(plan.profiles, run_key)
    last = plan.horizon - HOUR * (factors.shape[1] - 1)  # the last hour may be cut short
    person_keys = _keys_of(run_key, population.keys[: plan.people.number])
    parts = []
    for crisis in range(len(plan.crises)):
        hazard = np.concatenate([np.zeros(1), np.cumsum(factors[crisis] * HOUR)])
        hazard[-1] = hazard[-2] + factors[crisis, -1] * last
        parts.append(_of_crisis(plan.world, state, crisis, person_keys, factors[crisis], hazard))
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


@jit
def _of_crisis(
    world: World, state: State, crisis: int, keys: Keys, factor: Floats, hazard: Floats
) -> tuple[Floats, Integers, Integers, Integers, Integers, Keys, Floats, Integers]:
    """All candidates of one crisis, person by person."""
    room = 1024
    time = np.empty(room)
    person_of = np.empty(room, dtype=np.int64)
    layer_of = np.empty(room, dtype=np.int64)
    ordinal_of = np.empty(room, dtype=np.int64)
    key_of = np.empty(room, dtype=np.uint64)
    thin_of = np.empty(room)
    count = 0
    end = hazard[len(hazard) - 1]
    for person in range(len(keys)):
        rate = world.numbers[leaf(world, state, world.crises.rate[crisis], person, 0, 0.0)]
        if rate <= 0.0:
            continue
        bound = _bound(world, state, crisis, person)
        crisis_key = combine(keys[person], world.crises.key[crisis])
        layer = 0
        while layer < bound:
            layer_key = crisis_key if layer == 0 else combine(crisis_key, np.uint64(layer))
            total = -log(1.0 - uniform(layer_key, GAP, 0)) / rate
            ordinal = 0
            while total < end:
                key = combine(layer_key, np.uint64(ordinal))
                thin = layer + uniform(key, THIN, 0)
                if thin < bound:
                    if count == room:
                        room *= 2
                        time = _grown(time)
                        person_of = _grown(person_of)
                        layer_of = _grown(layer_of)
                        ordinal_of = _grown(ordinal_of)
                        key_of = _grown(key_of)
                        thin_of = _grown(thin_of)
                    hour = latest(hazard, 0, len(hazard), total)
                    time[count] = hour * HOUR + (total - hazard[hour]) / factor[hour]
                    person_of[count] = person
                    layer_of[count] = layer
                    ordinal_of[count] = ordinal
                    key_of[count] = key
                    thin_of[count] = thin
                    count += 1
                ordinal += 1
                total += -log(1.0 - uniform(layer_key, GAP, ordinal)) / rate
            layer += 1
    return (
        time[:count],
        person_of[:count],
        np.full(count, crisis, dtype=np.int64),
        layer_of[:count],
        ordinal_of[:count],
        key_of[:count],
        thin_of[:count],
        np.full(count, NONE, dtype=np.int64),
    )


@jit
def _bound(world: World, state: State, crisis: int, person: int) -> float:
    """The largest product a person's relative rates can reach."""
    bound = 1.0
    for at in range(world.crises.first_factor[crisis], world.crises.first_factor[crisis + 1]):
        bound *= world.numbers[leaf(world, state, world.crises.bound[at], person, 0, 0.0)]
    return bound


@jit
def _grown(array: np.ndarray) -> np.ndarray:
    """The array with twice the room."""
    grown = np.empty(2 * len(array), dtype=array.dtype)
    grown[: len(array)] = array
    return grown
