"""Offered load: how much work comes to each resource, against the capacity it has.

Expected arrivals times mean holding time, over mean capacity, from the traffic equations of
`sim.scenario.analysis.flow`. A ratio of 1 or more means that the queue grows for as long as the run
lasts, unless people leave it. Waiting is not known before simulating, so the time a unit is
kept while its holder waits for the next one (`hold`) is left out. Crises absorbed, reneging and
signals, which mostly make loads smaller, are left out too: a load is an estimate, not a bound.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sim.scenario.analysis.arrivals import Arrivals, arrivals, pathway_attributes, quiet
from sim.scenario.analysis.averages import Days, closed_share, mean_capacity, mean_of, measured_days
from sim.scenario.analysis.flow import (
    Network,
    Node,
    Surroundings,
    TooComplexError,
    remaining,
    unfold,
    visits,
)
from sim.scenario.analysis.graph import branches, gives_up
from sim.scenario.analysis.holding_paths import Kept, kept_after
from sim.scenario.analysis.mix import (
    Circumstances,
    Codes,
    Floats,
    Mix,
    expected,
    share_of,
    thinned,
)
from sim.scenario.language.attributes import NOT_DRAWN, Attribute
from sim.scenario.language.model import Scenario, Step
from sim.scenario.written.values import Distribution, Table

#: kinds times nodes worked on at once
MOST_CELLS = 12_000_000

#: nodes of a large pathway, when kinds are thinned before it is unfolded
USUAL_NODES = 4_000

#: nodes looked at for how long resources are held; beyond them only their own step counts
MOST_FOLLOWED = 20_000

#: column of the number of the crisis; no attribute can have this name
CRISIS = "(crisis)"


@dataclass(frozen=True, slots=True)
class Load:
    """The work offered to one resource, on average over the measured period.

    `offered` is in units busy at once (erlangs), `capacity` in units; `ratio` is infinite where
    work comes to no capacity at all. `relief` names what keeps a queue finite even at a ratio
    above 1, empty if nothing does. `waiting_left_out` marks loads without the waits of holders.
    """

    resource: str
    per_day: float
    mean_minutes: float
    offered: float
    capacity: float
    ratio: float
    waiting_left_out: bool
    relief: str = ""

    @property
    def settles(self) -> bool:
        """Whether capacity exceeds the work offered."""
        return self.ratio < 1.0


@dataclass(frozen=True, slots=True)
class Loads:
    """Offered loads by resource, and what had to be left out of account to find them."""

    rows: tuple[Load, ...]
    caveats: tuple[str, ...] = ()


def offered_loads(model: Scenario, attributes: Mapping[str, Attribute]) -> Loads:
    """Offered load of every resource that is seized, in the order of the file."""
    coming = list(arrivals(model, attributes, measured_days(model.run)))
    try:
        network, around = _unfolded(model, attributes, coming)
        found = {load.resource: load for load in _loads(model, network, around)}
    except TooComplexError as reason:
        return Loads((), (f"offered loads cannot be estimated: {reason}",))
    rows = tuple(found[name] for name in model.resources if name in found)
    return Loads(rows, tuple(_caveats(model, network.kinds, around.tracked)))


def _unfolded(
    model: Scenario, attributes: Mapping[str, Attribute], coming: Sequence[Arrivals]
) -> tuple[Network, Surroundings]:
    """The pathway unfolded for those who come, and what their ways depend on besides."""
    days = measured_days(model.run)
    tracked = tuple(sorted(set(model.attributes) & pathway_attributes(model)))
    nodes = len(model.pathway) * math.prod(len(model.attributes[a].levels) for a in tracked)
    most = max(200, MOST_CELLS // min(nodes, USUAL_NODES))
    kinds = _together(_thinned_alike(coming, most), attributes)
    around = _surroundings(model, coming, kinds, days, tracked)
    return unfold(model, kinds, _entries(model, coming, kinds, around), around), around


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
    coming = list(arrivals(model, attributes, measured_days(model.run)))
    network, around = _unfolded(model, attributes, coming)
    found: dict[str, float] = {}
    minutes = 0.0
    for node, rate in visits(network).items():
        found[node[0]] = found.get(node[0], 0.0) + float(rate.sum())
        minutes += float((rate * _mean(model.pathway[node[0]].delay, network, node, around)).sum())
    episodes = {each.crisis: float(each.kinds.weight.sum()) for each in coming}
    return Traffic(episodes, found, minutes)


def _thinned_alike(coming: Sequence[Arrivals], most: int) -> list[Arrivals]:
    """As many kinds of each crisis: the most common is rarely the one that fills the beds."""
    each = max(20, most // max(1, len(coming)))
    return [replace(one, kinds=thinned(one.kinds, each)) for one in coming]


def _together(coming: Sequence[Arrivals], attributes: Mapping[str, Attribute]) -> Mix:
    """The episodes of all crises in one table; the crisis is the column `CRISIS`."""
    names = list(dict.fromkeys(name for each in coming for name in each.kinds.codes))
    levels = {name: tuple(dict.fromkeys([*attributes[name].levels, NOT_DRAWN])) for name in names}
    columns: dict[str, list[Codes]] = {name: [] for name in (*names, CRISIS)}
    for number, each in enumerate(coming):
        size = len(each.kinds)
        columns[CRISIS].append(np.full(size, number, dtype=np.int16))
        for name in names:
            missing = np.full(size, levels[name].index(NOT_DRAWN), dtype=np.int16)
            columns[name].append(each.kinds.codes.get(name, missing))
    return Mix(
        {**levels, CRISIS: tuple(each.crisis for each in coming)},
        {name: np.concatenate(parts) for name, parts in columns.items()},
        np.concatenate([each.kinds.weight for each in coming]),
        exact=all(each.kinds.exact for each in coming),
    )


def _surroundings(
    model: Scenario,
    coming: Sequence[Arrivals],
    kinds: Mix,
    days: Days,
    tracked: tuple[str, ...],
) -> Surroundings:
    crisis = kinds.codes[CRISIS]
    chance = {
        name: np.array([each.chance[name] for each in coming])[crisis] for name in model.calendars
    }
    closed = {
        name: np.array([closed_share(resource, days, each.demand) for each in coming])[crisis]
        for name, resource in model.resources.items()
    }
    return Surroundings(chance, quiet(model), closed, tracked)


def _entries(
    model: Scenario, coming: Sequence[Arrivals], kinds: Mix, around: Surroundings
) -> dict[str, Floats]:
    """Episodes per minute that start at each step, by kind."""
    here = Circumstances(around.quiet, around.chance)
    found: dict[str, Floats] = {}
    for number, each in enumerate(coming):
        first = model.crises[each.crisis].first
        mine = kinds.weight * (kinds.codes[CRISIS] == number)
        for step in branches(first):
            rate = mine * expected(first, kinds, share_of(step), here)
            found[step] = found.get(step, np.zeros(len(kinds))) + rate
    return found


def _loads(model: Scenario, network: Network, around: Surroundings) -> Iterator[Load]:
    """The load of each resource that is seized."""
    days = measured_days(model.run)
    served = {
        node: rate * (1.0 - network.turned_away[node]) for node, rate in visits(network).items()
    }
    delays = {
        node: _mean(model.pathway[node[0]].delay, network, node, around)
        * (1.0 - network.turned_away[node])
        for node in served
    }
    seized: dict[str, list[Node]] = {}
    for node in served:
        if (name := model.pathway[node[0]].seize) is not None:
            seized.setdefault(name, []).append(node)
    followed = 0
    for name, nodes in seized.items():
        resource = model.resources[name]
        holders = [n for n in nodes if kept_after(model.pathway[n[0]]) is Kept.TRUE]
        ahead: Mapping[Node, Floats] = {}
        if followed < MOST_FOLLOWED:
            ahead = _ahead(model, network, name, holders, delays)
            followed += len(ahead)
        rate = sum(float(served[node].sum()) for node in nodes)
        work = 0.0
        for node in nodes:
            busy = _mean(model.pathway[node[0]].delay, network, node, around)
            busy = busy + _mean(resource.turnaround, network, node, around)
            if node in holders:
                busy = busy + _after(model, network, node, ahead)
            work += float((served[node] * busy).sum())
        capacity = mean_capacity(resource, days)
        steps = [model.pathway[node[0]] for node in nodes]
        yield Load(
            name,
            per_day=rate * 1440.0,
            mean_minutes=work / rate if rate > 0 else 0.0,
            offered=work,
            capacity=capacity,
            ratio=_ratio(work, capacity),
            waiting_left_out=any(kept_after(step) is not Kept.NO for step in steps),
            relief=_relief(model, name, steps),
        )


def _ratio(work: float, capacity: float) -> float:
    if work == 0:
        return 0.0
    return work / capacity if capacity > 0 else math.inf


def _relief(model: Scenario, name: str, steps: Sequence[Step]) -> str:
    """What keeps the queue finite although more comes than can be served."""
    if model.resources[name].queue_limit is not None:
        return "a queue_limit"
    if all(gives_up(step) == "always" for step in steps):
        return "patience"
    used = pathway_attributes(model)
    for signal, definition in model.signals.items():
        if signal in used and name in (definition.queue, definition.occupancy):
            return f"signal `{signal}`"
    return ""


def _mean(
    table: Table[Distribution] | None, network: Network, node: Node, around: Surroundings
) -> Floats:
    if table is None:
        return np.zeros(len(network.kinds))
    here = Circumstances({**around.quiet, **dict(node[1])}, around.chance)
    return expected(table, network.kinds, mean_of, here)


def _ahead(
    model: Scenario,
    network: Network,
    resource: str,
    holders: Sequence[Node],
    delays: Mapping[Node, Floats],
) -> dict[Node, Floats]:
    """Expected delays from each node on until a resource is released, where it may be held."""
    return remaining(
        network,
        [target for holder in holders for target in network.onward[holder]],
        delays,
        lambda node: resource in model.pathway[node[0]].release,
    )


def _after(model: Scenario, network: Network, holder: Node, ahead: Mapping[Node, Floats]) -> Floats:
    """How long those served at a node hold its unit after its own delay."""
    away = network.turned_away[holder]
    total = np.zeros(len(network.kinds))
    for target, share in network.onward[holder].items():
        if target == (model.pathway[holder[0]].balk_to, holder[1]):
            share = share - away  # those turned away go on without a unit
        if target in ahead:
            total = total + share * ahead[target]
    kept: Floats = total / np.where(away < 1.0, 1.0 - away, 1.0)
    return kept


def _caveats(model: Scenario, kinds: Mix, tracked: Sequence[str]) -> Iterator[str]:
    """What the estimate leaves out, as far as it matters to this scenario."""
    yield "waiting, reneging, balking at a full queue, and crises absorbed are left out"
    if model.signals:
        yield "signals are taken to be off"
    if model.calendars:
        yield "calendars are met by chance, as often as the crisis falls due while they are open"
    if any(model.attributes[name].on == "person" for name in tracked):
        yield "attributes set on a person start at their initial level in every episode"
    if not kinds.exact:
        yield f"{len(kinds):,} kinds of episodes are sampled to stand for all"
