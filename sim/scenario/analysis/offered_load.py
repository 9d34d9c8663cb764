"""Offered load: how much work comes to each resource, against the capacity it has.

Expected arrivals times mean holding time, over mean capacity (`sim.scenario.analysis.work`). A
ratio of 1 or more means that the queue grows for as long as the run lasts, unless enough people
leave it (`relief`); units kept while their holders wait let less through than capacity promises
(`blocking`). Crises absorbed, reneging and signals, which mostly make loads smaller, are left out
of the load itself: it is an estimate, not a bound.
"""

from __future__ import annotations

import math
import weakref
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from sim.scenario.analysis.averages import mean_capacity, measured_days
from sim.scenario.analysis.blocking import Bound, throughput_bounds
from sim.scenario.analysis.flow import Node, Stress, TooComplexError
from sim.scenario.analysis.gates import gates
from sim.scenario.analysis.holding_paths import Kept, ever_kept
from sim.scenario.analysis.mix import Floats
from sim.scenario.analysis.relief import Supposing, relief
from sim.scenario.analysis.weekly import supposed
from sim.scenario.analysis.work import Flows, flows_of, work
from sim.scenario.language.attributes import Attribute
from sim.scenario.language.model import Scenario
from sim.scenario.language.pools import Pool, alone, pools_of


@dataclass(frozen=True, slots=True)
class Load:
    """The work offered to one pool of a resource, on average over the measured period.

    `resource` is the name of the pool (`gp[riverside]`), `of` that of the resource it is one of.
    `offered` is in units busy at once (erlangs), `capacity` in units; `ratio` is infinite where
    work comes to no capacity at all. `relief` names what keeps a queue finite even at a ratio
    above 1, empty if nothing does. `waiting_left_out` marks loads without the waits of holders;
    where these let less through than comes, `bound` says what and why.
    """

    resource: str
    per_day: float
    mean_minutes: float
    offered: float
    capacity: float
    ratio: float
    waiting_left_out: bool
    relief: str = ""
    bound: Bound | None = None
    of: str = ""

    @property
    def settles(self) -> bool:
        """Whether capacity exceeds the work offered, waits of holders included."""
        return self.ratio < 1.0 and self.bound is None


@dataclass(frozen=True, slots=True)
class Loads:
    """Offered loads by resource, and what had to be left out of account to find them."""

    rows: tuple[Load, ...]
    caveats: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Traffic:
    """What comes and where it goes, on average over the measured period.

    `episodes` a minute by crisis; `visits` a minute by step, side tasks included, if nothing
    waited; `minutes` of delay in all these visits together, for each minute of the run.
    """

    episodes: Mapping[str, float]
    visits: Mapping[str, float]
    minutes: float


def traffic(model: Scenario, attributes: Mapping[str, Attribute]) -> Traffic:
    """Expected episodes and visits.

    Raises
    ------
    TooComplexError
        If visits cannot be estimated.
    """
    known = _TRAFFIC.get(id(model))
    return _traffic(model, flows_of(model, attributes)) if known is None else known


#: of the models that there are, by identity: `check` and the estimate of memory both ask, and
#: solving the equations of a whole system takes a second
_TRAFFIC: dict[int, Traffic] = {}


def _traffic(model: Scenario, flows: Flows) -> Traffic:
    """What comes and where it goes, kept as long as the model is."""
    found: dict[str, float] = {}
    minutes = 0.0
    for node, rate in flows.visits.items():
        found[node[0]] = found.get(node[0], 0.0) + float(rate.sum())
        minutes += float((rate * flows.mean(flows.model.pathway[node[0]].delay, node)).sum())
    if id(model) not in _TRAFFIC:
        weakref.finalize(model, _TRAFFIC.pop, id(model), None)
    _TRAFFIC[id(model)] = Traffic(flows.episodes, found, minutes)
    return _TRAFFIC[id(model)]


def offered_loads(model: Scenario, attributes: Mapping[str, Attribute]) -> Loads:
    """Offered load of every pool that is seized, resources in the order of the file."""
    try:
        flows = flows_of(model, attributes)
    except TooComplexError as reason:
        return Loads((), (f"offered loads cannot be estimated: {reason}",))
    _traffic(model, flows)
    found: dict[str, list[Load]] = {}
    for load in _loads(flows, attributes):
        found.setdefault(load.of, []).append(load)
    rows = tuple(load for name in model.resources for load in found.get(name, ()))
    return Loads(rows, tuple(_caveats(model, flows)))


def _loads(flows: Flows, attributes: Mapping[str, Attribute]) -> Iterator[Load]:
    """The load of each pool of each resource that is seized."""
    model, done = flows.model, work(flows)
    whole = {name: nodes for name, nodes in done.items() if model.resources[name].per is None}
    bounds = throughput_bounds(flows, whole)
    for name, by_node in done.items():

        @cache  # pools of one resource are mostly asked the same
        def supposing(stress: Stress) -> tuple[Flows, Mapping[str, Mapping[Node, Floats]]]:
            stressed = flows_of(model, attributes, stress)
            return stressed, work(stressed)

        pools = pools_of(name, model.resources[name], attributes)
        parts = [{node: flows.in_pool(pool, node) for node in by_node} for pool in pools]
        if len(pools) > 1:  # of a sample they are only nearly all together what comes in all
            rate = {node: float(flows.served[node].sum()) for node in by_node}
            split = sum(float((flows.served[n] * part[n]).sum()) for part in parts for n in part)
            scale = sum(rate.values()) / split if split > 0.0 else 1.0
            parts = [{node: scale * each for node, each in part.items()} for part in parts]
        for pool, part in zip(pools, parts, strict=True):
            yield _load(flows, supposing, pool, by_node, part, bounds.get(name))


def _load(
    flows: Flows,
    supposing: Supposing,
    pool: Pool,
    by_node: Mapping[Node, Floats],
    part: Mapping[Node, Floats],
    bound: Bound | None,
) -> Load:
    """The load of one pool; `by_node` is the work of its resource, of which it has a `part`."""
    model, name = flows.model, pool.resource
    rate = sum(float((flows.served[node] * part[node]).sum()) for node in by_node)
    offered = sum(float((each * part[node]).sum()) for node, each in by_node.items())
    there = alone(model.resources[name], pool.level)
    capacity = mean_capacity(supposed(there, model), measured_days(model))
    kept = [each for node in by_node for each in ever_kept(model.pathway[node[0]], name)]
    # what is kept while its holder waits can do so much less
    worth = offered * bound.per_minute / rate if bound else capacity
    return Load(
        pool.name,
        per_day=rate * 1440.0,
        mean_minutes=offered / rate if rate > 0 else 0.0,
        offered=offered,
        capacity=capacity,
        ratio=_ratio(offered, capacity),
        waiting_left_out=any(each is not Kept.NO for each in kept),
        relief=relief(model, supposing, pool, worth) if 0.0 < offered >= worth else "",
        bound=bound,
        of=name,
    )


def _ratio(work: float, capacity: float) -> float:
    if work == 0:
        return 0.0
    return work / capacity if capacity > 0 else math.inf


def _caveats(model: Scenario, flows: Flows) -> Iterator[str]:
    """What the estimate leaves out, as far as it matters to this scenario."""
    kinds, tracked = flows.network.kinds, flows.around.tracked
    yield "waiting, reneging, balking at a full queue, and crises absorbed are left out"
    requests = [step.seize for step in model.pathway.values() if step.seize is not None]
    if any(request.ask != "all" for request in requests):
        yield "work that any of several resources can do is shared between them alike"
    if any(
        model.resources[name].per is not None and ever_kept(step, name) != {Kept.NO}
        for step in model.pathway.values()
        for name in step.asked
    ):
        yield "what those who keep units of a pool (`per`) block while they wait is left out"
    if any(step.book is not None for step in model.pathway.values()):
        yield "how long those who `book` wait for their slots is not known"
    if any(step.interruptible is not None for step in model.pathway.values()):
        yield "interruptions are left out"
    if any(gates(step) for step in model.pathway.values()):
        yield "those who wait `until` something opens are taken to come at all times alike"
    if any(resource.at_closing == "serve" for resource in model.resources.values()):
        yield "work done after closing (`at_closing: serve`) is no part of a capacity"
    if any(step.join for step in model.pathway.values()):
        yield "the time that steps wait for side tasks (`join`) is left out"
    if model.cases:
        yield "cases, which come besides, are left out"
    if model.signals:
        yield "signals are taken to be off, and capacities to be as they then are"
    if model.calendars:
        yield "calendars are met by chance, as often as the crisis falls due while they are open"
    if any(model.attributes[name].on == "person" for name in tracked):
        yield "attributes set on a person start at their initial level in every episode"
    if not kinds.exact:
        yield f"{len(kinds):,} kinds of episodes are sampled to stand for all"
