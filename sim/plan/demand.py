"""Demand: all that can begin an episode in one replication, before anything happens.

Each person and crisis has a unit-rate Poisson process of its own, run through the cumulative
hazard of the base rate; that is layer 0. A relative rate r accepts a candidate of layer 0 with
probability r; each whole unit of r above 1 adds a further, separately keyed process (layer 1, 2,
...) of which the part r - layer is accepted. So a change of r only removes or adds crises. The
cumulative hazard is exact for rates that change by the hour: candidates are placed by inverting
it, never by sampling a gap at the current rate. Arrivals from outside are drawn in `streams`.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.plan.arithmetic import log
from sim.plan.candidates import CANDIDATE, TooManyError
from sim.plan.jit import jit, lean
from sim.plan.kept_buffers import piece
from sim.plan.keys import combine, name_key, uniform
from sim.plan.lookup import leaf
from sim.plan.memory import Address, Memory, crises, factors, memory, numbers
from sim.plan.plan import NONE, Floats, Integers, Keys, Plan, Profiles, Records
from sim.plan.population import Population, combine_each, replication_key
from sim.plan.samplers import encode, sample_simple
from sim.plan.streams import draw_arrivals
from sim.scenario.written.values import Distribution

HOUR = 60.0

#: numbers of people or of candidates, which are many
Numbers = npt.NDArray[np.int32]

#: numbers of candidates have 31 bits
MOST_CANDIDATES = 2**31 - 1

#: more than the last bits of a few sums, products, exp and log
MARGIN = 1e-9

GAP = np.uint64(name_key("candidate", "gap"))
THIN = np.uint64(name_key("candidate", "thin"))


def draw_candidates(plan: Plan, population: Population, seed: int, replication: int) -> Records:
    """Draw the candidate crises of one replication.

    Parameters
    ----------
    plan, population
        The compiled scenario and the people of the replication, named cases behind them.
    seed, replication
        Together they name the replication's luck: replication k is the same alone and in a batch.

    Returns
    -------
    Records
        Every candidate before the horizon, the named cases and all arrivals (`CANDIDATE`), in
        order of time; who is present at the start comes before all, and at one time crises come
        first, then cases, then arrivals, each in the order of kind, person, layer, ordinal.
    """
    run_key = replication_key(seed, replication)
    m = memory(plan.world, population.levels, population.numbers)
    factors = _with_day_to_day(plan.profiles, run_key)
    last = plan.horizon - HOUR * (factors.shape[1] - 1)  # the last hour may be cut short
    person_keys = _keys_of(run_key, population.keys[: plan.people.number])
    found = piece("candidates", max(1024, len(person_keys)), CANDIDATE)
    count = 0
    for crisis in range(len(plan.crises)):
        hazard = np.concatenate([np.zeros(1), np.cumsum(factors[crisis] * HOUR)])
        hazard[-1] = hazard[-2] + factors[crisis, -1] * last
        found, count = _find(m, crisis, person_keys, factors[crisis], hazard, found, count)
    if plan.people.copy_at.size:
        named = _cases(plan, population)
        there = plan.world.present["step"][named["case"]] != NONE
        found = np.concatenate([_by_age(plan, named[there]), found[:count], named[~there]])
        count = len(found)
    if plan.streams.crisis.size:
        found = np.concatenate([found[:count], draw_arrivals(plan, factors, seed, replication)])
        count = len(found)
    return _in_order(found[:count], plan.horizon)


def _with_day_to_day(profiles: Profiles, run_key: np.uint64) -> Floats:
    """Hourly factors of each crisis, with the gamma factors of each day of this replication."""
    factors = profiles.factor.copy()
    days = -(-factors.shape[1] // 24)
    own = (profiles.day_to_day, profiles.key_day)
    shared = (profiles.shared_days, profiles.key_shared)
    for variations, keys in (own, shared):
        for crisis, cv in enumerate(variations):
            if cv > 0.0:
                gamma = encode(Distribution("gamma", (1.0 / cv**2, cv**2)))
                daily = _daily(run_key, keys[crisis], profiles.first_day, days, *gamma[:4])
                factors[crisis] *= np.repeat(daily, 24)[: factors.shape[1]]
    return factors


def _cases(plan: Plan, population: Population) -> Records:
    """The named cases as candidates that nothing thins."""
    people = plan.people
    found = np.zeros(len(people.copy_at), dtype=CANDIDATE)
    found["time"] = people.copy_at
    found["person"] = people.number + np.arange(len(found))
    found["ordinal"] = people.copy_number
    found["crisis"] = people.case_crisis[people.copy_of]
    found["key"] = population.keys[people.number : people.number + len(found)]
    found["case"] = people.copy_of
    # the horizon can come first: `prepare` runs an hour, and `_arrange` has no place beyond it
    return found[found["time"] < plan.horizon]


def _by_age(plan: Plan, there: Records) -> Records:
    """Those present at the start: who is served, then who waits, the longest there first."""
    about = plan.world.present[there["case"]]
    return there[np.lexsort((-about["since"], about["waiting"]))]


def _in_order(found: Records, horizon: float) -> Records:
    """The candidates in order of time; at one time, in the order they were found."""
    slices = len(found) + 1
    starts = piece("starts of slices", slices + 1, np.dtype(np.int32))
    filled = piece("slices filled", slices, np.dtype(np.int32))
    starts[:] = filled[:] = 0
    arranged = piece("candidates in order", len(found), CANDIDATE)
    _arrange(found, len(found) / horizon, starts, filled, arranged)
    return arranged


@lean
def _arrange(
    found: Records, scale: float, starts: Numbers, filled: Numbers, arranged: Records
) -> None:
    """Sort by time: into slices with about one candidate each, and within the slices."""
    for at in range(len(found)):
        starts[int(found[at].time * scale) + 1] += 1
    for at in range(1, len(starts)):
        starts[at] += starts[at - 1]
    for at in range(len(found)):
        time = found[at].time
        slice_ = int(time * scale)
        first = starts[slice_]
        place = first + filled[slice_]
        filled[slice_] += 1
        while place > first and arranged[place - 1].time > time:
            arranged[place] = arranged[place - 1]
            place -= 1
        arranged[place] = found[at]


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


def _keys_of(run_key: np.uint64, keys: Keys) -> Keys:
    """Each person's key in one replication."""
    combined: Keys = piece("keys of people in a replication", len(keys), keys.dtype)
    combine_each(run_key, keys, combined)
    return combined


def _find(
    m: Memory,
    crisis: int,
    keys: Keys,
    factor: Floats,
    hazard: Floats,
    found: Records,
    count: int,
) -> tuple[Records, int]:
    """Add all candidates of one crisis, person by person, to those found so far."""
    end = hazard[-1]
    if end <= 0.0:
        return found, count
    people = piece("people who may fall ill", len(keys), np.dtype(np.int32))
    with np.errstate(all="ignore"):  # among the numbers are others than rates
        chance = MARGIN - np.expm1(-end * m["numbers"])
    people = people[: _likely(m.table, crisis, keys, chance, people)]
    guide = np.searchsorted(hazard, np.linspace(0.0, end, len(hazard)), side="right") - 1
    guide = np.minimum(guide, len(factor) - 1)
    progress = np.array([count, 0], dtype=np.int64)
    while not _search(m.table, crisis, keys, people, factor, hazard, guide, found, progress):
        if 2 * len(found) > MOST_CANDIDATES:
            raise TooManyError(f"more than {MOST_CANDIDATES // 2:,} crises in one replication")
        larger = piece("candidates", 2 * len(found), CANDIDATE)
        larger[: len(found)] = found
        found = larger
    return found, int(progress[0])


@lean
def _likely(table: Address, crisis: int, keys: Keys, chance: Floats, people: Numbers) -> int:
    """List the people who may have a candidate; returns how many they are.

    Most have none, and it shows in the first uniform number without taking its logarithm: it is
    not below the `chance` that goes with their rate.
    """
    about = crises(table)[crisis]
    count = 0
    for person in range(len(keys)):
        rate = leaf(table, about.rate, person, 0, 0.0)
        u = uniform(combine(keys[person], about.key), GAP, 0)
        people[count] = person
        count += int((u < chance[rate]) | (_bound(table, crisis, person) > 1.0))
    return count


@lean
def _search(
    table: Address,
    crisis: int,
    keys: Keys,
    people: Numbers,
    factor: Floats,
    hazard: Floats,
    guide: Integers,
    found: Records,
    progress: Integers,
) -> bool:
    """Find candidates person by person; false if there was not room for all of a person's.

    `progress` counts the candidates found and the people dealt with. `guide` gives the hour in
    which a part of the whole hazard falls, or one a little before it.
    """
    end = hazard[len(hazard) - 1]
    scale = (len(guide) - 1) / end
    about = crises(table)[crisis]
    thinned = about.end_factor > about.first_factor
    for at in range(progress[1], len(people)):
        person = people[at]
        rate = numbers(table)[leaf(table, about.rate, person, 0, 0.0)]
        count = progress[0]
        bound = _bound(table, crisis, person) if rate > 0.0 else 0.0
        crisis_key = combine(keys[person], about.key)
        layer = 0
        while layer < bound:
            layer_key = crisis_key if layer == 0 else combine(crisis_key, layer)
            total = -log(1.0 - uniform(layer_key, GAP, 0)) / rate
            ordinal = 0
            while total < end:
                key = combine(layer_key, ordinal)
                thin = layer + uniform(key, THIN, 0) if thinned else 0.0
                if thin < bound:
                    if count == len(found):
                        return False
                    hour = guide[int(total * scale)]
                    while hazard[hour] > total:
                        hour -= 1
                    while hazard[hour + 1] <= total:
                        hour += 1
                    found[count].time = hour * HOUR + (total - hazard[hour]) / factor[hour]
                    found[count].thin = thin
                    found[count].key = key
                    found[count].person = person
                    found[count].ordinal = ordinal
                    found[count].crisis = crisis
                    found[count].layer = layer
                    found[count].case = NONE
                    count += 1
                ordinal += 1
                u = uniform(layer_key, GAP, ordinal)
                if u > (end - total) * rate * (1.0 + MARGIN):
                    break  # for -log(1 - u) is more than u: beyond the end
                total += -log(1.0 - u) / rate
            layer += 1
        progress[0] = count
        progress[1] = at + 1
    return True


@lean
def _bound(table: Address, crisis: int, person: int) -> float:
    """The largest product a person's relative rates can reach."""
    bound = 1.0
    for at in range(crises(table)[crisis].first_factor, crises(table)[crisis].end_factor):
        bound *= numbers(table)[leaf(table, factors(table)[at].bound, person, 0, 0.0)]
    return bound
