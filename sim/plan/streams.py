"""Streams of arrivals: people who come from anywhere, each of them new.

In each hour of a stream every whole arrival an hour is a layer: a Poisson process of its own, of
one an hour, keyed by stream, date, hour and layer. Its points have a height, uniform within the
layer, and those come about that lie below the rate at their moment. So a change of a rate only adds
or removes arrivals and moves none, and rates may change at any minute.
"""

from __future__ import annotations

from datetime import date

import numpy as np

from sim.plan.arithmetic import log
from sim.plan.candidates import CANDIDATE, TooManyError
from sim.plan.flatten import chained, integers, rows, spans
from sim.plan.jit import lean
from sim.plan.keys import combine, name_key, uniform
from sim.plan.names import Names, in_order, keys
from sim.plan.plan import (
    NONE,
    RATE,
    SPAN,
    Floats,
    Keys,
    Plan,
    Records,
    Streams,
)
from sim.plan.population import Population, appended, replication_key
from sim.plan.schedules import rate_changes
from sim.scenario.analysis.bank_holidays import Holidays
from sim.scenario.language.model import Scenario

HOUR = 60.0
HOURS_OF_DAY = 24

#: most layers, which are numbered with 15 bits; a rate may be several times what is written
MOST_LAYERS = 2**15 - 1

#: more points than there ever are within an hour in which one is expected
MOST_POINTS = 64

#: numbers left between two points for those who come together
TOGETHER = 32

#: most hours of a run, so that the ordinals of arrivals have 31 bits: 119 years
MOST_HOURS = 2**31 // (MOST_POINTS * TOGETHER) - 1

GAP = np.uint64(name_key("arrival", "gap"))
HEIGHT = np.uint64(name_key("arrival", "height"))
STRATUM = np.uint64(name_key("arrival", "stratum"))


def compile_streams(
    model: Scenario, names: Names, start: date, horizon: float, holidays: Holidays
) -> Streams:
    """Compile the streams of arrivals, in the order of their sorted names."""
    laid = [
        rate_changes(stream.rate, model.calendars, start, horizon, holidays)
        for stream in in_order(model.arrivals)
    ]
    first, end = spans(laid)
    return Streams(
        crisis=integers(names.crises.index(name) for name in sorted(model.arrivals)),
        keys=keys(("arrivals", name) for name in sorted(model.arrivals)),
        spans=rows(SPAN, first=first, end=end),
        rates=rows(
            RATE,
            time=[time for time, _ in chained(laid)],
            per_minute=[rate for _, rate in chained(laid)],
        ),
    )


def draw_arrivals(plan: Plan, factors: Floats, seed: int, replication: int) -> Records:
    """Draw everybody who arrives in one replication.

    Parameters
    ----------
    plan
        The compiled scenario.
    factors
        Factors of the rate of every kind of episode in every hour, those of the day included.
    seed, replication
        Name the luck.

    Returns
    -------
    Records
        Candidates (`sim.plan.candidates`), stream by stream and in each by hour, of people numbered
        on from the population and the named cases. `ordinal` is
        (hour x `MOST_POINTS` + point) x `TOGETHER`, with hours counted from the start of the run,
        so that it names the same arrival whatever the rates are.
    """
    streams = plan.streams
    person = plan.people.number + len(plan.people.copy_of)
    run_key = replication_key(seed, replication)
    first_hour = plan.start.toordinal() * HOURS_OF_DAY
    found = [np.zeros(0, dtype=CANDIDATE)]
    if factors.shape[1] > MOST_HOURS:
        raise TooManyError("more than 119 years of arrivals in one replication")
    for crisis, key, span in zip(streams.crisis, streams.keys, streams.spans, strict=True):
        rates, factor = streams.rates[span["first"] : span["end"]], factors[crisis]
        if float(rates["per_minute"].max()) * HOUR * float(factor.max()) > MOST_LAYERS:
            raise TooManyError(
                f"more than {MOST_LAYERS:,} arrivals of `{plan.crises[crisis]}` in an hour"
            )
        came = _draw_stream(np.uint64(combine(run_key, key)), factor, rates, first_hour, plan)
        came["crisis"] = crisis
        came["person"] = person + np.arange(len(came))
        person += len(came)
        found.append(came)
    return np.concatenate(found)


def with_newcomers(plan: Plan, population: Population, candidates: Records) -> Population:
    """The population with those behind it who arrive.

    Parameters
    ----------
    plan, population
        The compiled scenario, and its people with the named cases behind them.
    candidates
        All candidates of the replication; those of people who are not in the population arrive.

    Returns
    -------
    Population
        One more person for each arrival. They are like people drawn at random: attributes by
        their shares, columns of the strata by how many people each stratum has. Their luck is that
        of their arrival.
    """
    if not len(plan.streams.crisis):
        return population
    came = candidates[candidates["person"] >= len(population.keys)]
    own_keys = np.empty(len(came), dtype=np.uint64)
    own_keys[came["person"] - len(population.keys)] = came["key"]
    people, columns = plan.people, plan.world.person_columns
    fixed = np.full((len(own_keys), len(columns)), NONE, dtype=np.int8)
    total = people.strata_counts.sum()
    if total > 0:
        places = np.empty(len(own_keys))
        _uniforms_of(own_keys, places)
        chosen = np.searchsorted(np.cumsum(people.strata_counts), places * total, side="right")
        fixed[:] = people.strata_levels[chosen][:, columns]
    return appended(plan, population, own_keys, fixed)


def _draw_stream(
    key: np.uint64, factor: Floats, rates: Records, first_hour: int, plan: Plan
) -> Records:
    """The arrivals of one stream, without kind and person."""
    room = 1024
    while True:
        found = np.zeros(room, dtype=CANDIDATE)
        found["case"] = NONE
        count = _fill(key, factor, rates, first_hour, plan.horizon, found)
        if count <= room:
            return found[:count]
        room = count


@lean
def _fill(
    stream_key: np.uint64,
    factor: Floats,
    rates: Records,
    first_hour: int,
    horizon: float,
    found: Records,
) -> int:
    """Write the arrivals for which there is room; returns how many there are."""
    count, at = 0, 0
    for hour in range(len(factor)):
        begin = hour * HOUR
        while at + 1 < len(rates) and rates[at + 1].time <= begin:
            at += 1
        last, highest = at, rates[at].per_minute
        while last + 1 < len(rates) and rates[last + 1].time < begin + HOUR:
            last += 1
            highest = max(highest, rates[last].per_minute)
        hour_key = combine(stream_key, first_hour + hour)
        layer = 0
        while layer < highest * factor[hour] * HOUR:
            layer_key = combine(hour_key, layer)
            place = -log(1.0 - uniform(layer_key, GAP, 0))
            point = 0
            while place < 1.0 and point < MOST_POINTS:
                time = begin + place * HOUR
                now = at
                while now < last and rates[now + 1].time <= time:
                    now += 1
                key = combine(layer_key, point)
                height = layer + uniform(key, HEIGHT, 0)
                if height < rates[now].per_minute * factor[hour] * HOUR and time < horizon:
                    if count < len(found):
                        found[count].time = time
                        found[count].key = key
                        found[count].layer = layer
                        found[count].ordinal = (hour * MOST_POINTS + point) * TOGETHER
                    count += 1
                point += 1
                place += -log(1.0 - uniform(layer_key, GAP, point))
            layer += 1
    return count


@lean
def _uniforms_of(own_keys: Keys, places: Floats) -> None:
    """The uniform number of each newcomer that says of which stratum they are."""
    for person in range(len(own_keys)):
        places[person] = uniform(own_keys[person], STRATUM, 0)
