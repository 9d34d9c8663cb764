"""The work that comes to every resource: who visits which step, and how long units are kept.

`flows_of` solves the traffic equations of `sim.scenario.analysis.flow` for everybody who comes,
`work` turns visits into unit-minutes. Both for whatever is supposed of queues and signals.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sim.scenario.analysis.arrivals import (
    Arrivals,
    arrivals,
    pathway_attributes,
    queue_attributes,
    quiet,
)
from sim.scenario.analysis.averages import Days, closed_share, mean_of, measured_days
from sim.scenario.analysis.flow import (
    CALM,
    Network,
    Node,
    Stress,
    Surroundings,
    remaining,
    unfold,
    visits,
)
from sim.scenario.analysis.foresight import read_ahead
from sim.scenario.analysis.gates import ungated
from sim.scenario.analysis.graph import branches
from sim.scenario.analysis.holding_paths import Kept, ever_kept
from sim.scenario.analysis.mix import Circumstances, Codes, Floats, Mix, expected, share_of, thinned
from sim.scenario.analysis.weekly import supposed
from sim.scenario.language.attributes import NOT_DRAWN, Attribute
from sim.scenario.language.model import Resource, Scenario
from sim.scenario.language.pools import Pool, alone, pool_attributes
from sim.scenario.written.values import By, Table

#: kinds times nodes worked on at once
MOST_CELLS = 12_000_000

#: nodes of a large pathway, when kinds are thinned before it is unfolded
USUAL_NODES = 4_000

#: nodes looked at for how long resources are held; beyond them only their own step counts
MOST_FOLLOWED = 20_000

#: column of the number of the crisis; no attribute can have this name
CRISIS = "(crisis)"


@dataclass(frozen=True)
class Flows:
    """Expected visits a minute of everybody, by node and kind.

    `episodes` begin a minute by crisis; `visits` are made, of which `served` leaves out those
    that go on unserved. Kinds that are sampled stand for the levels of attributes that decide
    who asks which pool not quite as their weights say, but `stands_for` times that.
    """

    model: Scenario
    network: Network
    around: Surroundings
    episodes: Mapping[str, float]
    visits: Mapping[Node, Floats]
    served: Mapping[Node, Floats]
    stands_for: Mapping[str, Floats]

    def seizing(self) -> dict[str, list[Node]]:
        """The nodes at which each resource is seized."""
        found: dict[str, list[Node]] = {}
        for node in self.served:
            for name in self.model.pathway[node[0]].asked:
                found.setdefault(name, []).append(node)
        return found

    def in_pool(self, pool: Pool, node: Node) -> Floats:
        """Of those who seize a resource at a node, the part that asks for one of its pools."""
        ones = np.ones(len(self.network.kinds))
        request = self.model.pathway[node[0]].seize
        per = self.model.resources[pool.resource].per
        if pool.level is None or per is None or request is None:
            return ones
        attribute = request.needs[pool.resource].at or per
        asked: Table[float] = By(attribute, {pool.level: 1.0}, 0.0)
        found = expected(asked, self.network.kinds, _itself, self.circumstances(node))
        return found * self.stands_for.get(attribute, ones)

    def mean(self, table: Table[Any] | None, node: Node) -> Floats:
        """The mean of a duration at a node, for each kind; 0 for none."""
        if table is None:
            return np.zeros(len(self.network.kinds))
        return expected(table, self.network.kinds, mean_of, self.circumstances(node))

    def units(self, name: str, node: Node) -> Floats:
        """Units of a resource that somebody served at a node seizes, on average, for each kind.

        Of several resources of which any will do, each is taken as often as the others.
        """
        request, ones = self.model.pathway[node[0]].seize, np.ones(len(self.network.kinds))
        if request is None or request.one is not None:
            return ones
        here = self.circumstances(node)
        if request.ask == "all":
            return expected(request.needs[name].units, self.network.kinds, float, here)

        def share(names: tuple[str, ...]) -> float:
            return names.count(name) / len(names)

        return expected(request.lists, self.network.kinds, share, here)

    def booked(self, name: str, node: Node) -> Floats:
        """Minutes that are booked of a resource at a node, for each kind."""
        slots = self.model.resources[name].slots or ()
        open_for = sum(each.period.end - each.period.start for each in slots)
        begun = sum((each.period.end - each.period.start) / each.every for each in slots)
        length = self.model.pathway[node[0]].length
        slots_booked = expected(length, self.network.kinds, float, self.circumstances(node))
        return slots_booked * (open_for / begun if begun > 0 else 0.0)

    def circumstances(self, node: Node) -> Circumstances:
        """What tables depend on at a node besides the kinds."""
        return Circumstances({**self.around.quiet, **dict(node[1])}, self.around.chance)


def flows_of(model: Scenario, attributes: Mapping[str, Attribute], stress: Stress = CALM) -> Flows:
    """Who visits what, if queues and signals are as is supposed.

    Raises
    ------
    TooComplexError
        If the pathway has too many combinations, or a loop is left too rarely.
    """
    model = ungated(model)
    days = measured_days(model)
    also = queue_attributes(model, stress.endless) if stress.endless else set()
    coming = list(arrivals(model, attributes, days, stress.signals_on, also))
    used = pathway_attributes(model) | also
    tracked = tuple(sorted(set(model.attributes) & used))
    nodes = len(model.pathway) * math.prod(len(model.attributes[a].levels) for a in tracked)
    most = max(200, MOST_CELLS // min(nodes, USUAL_NODES))
    sample = _thinned_alike(coming, most)
    kinds = _together(sample, attributes)
    stands_for = _stands_for(coming, sample, pool_attributes(model))
    around = _surroundings(model, coming, kinds, days, tracked, stress)
    network = unfold(model, kinds, _entries(model, coming, kinds, around), around)
    coming_to = visits(network)
    served = {node: rate * (1.0 - network.turned_away[node]) for node, rate in coming_to.items()}
    episodes = {each.crisis: float(each.kinds.weight.sum()) for each in coming}
    return Flows(model, network, around, episodes, coming_to, served, stands_for)


def work(flows: Flows) -> dict[str, dict[Node, Floats]]:
    """Unit-minutes a minute of each resource, by the node that seizes it and kind (erlangs).

    From seizing until the unit is ready for the next, as far as that does not depend on waiting.
    """
    model, network, served = flows.model, flows.network, flows.served
    own = {node: flows.mean(model.pathway[node[0]].delay, node) for node in served}
    delays = {node: own[node] * (1.0 - network.turned_away[node]) for node in served}
    found: dict[str, dict[Node, Floats]] = {}
    followed = 0
    for name, nodes in flows.seizing().items():
        holders = [n for n in nodes if Kept.TRUE in ever_kept(model.pathway[n[0]], name)]
        ahead: Mapping[Node, Floats] = {}
        if followed < MOST_FOLLOWED:
            ahead = while_held(flows, name, holders, delays)
            followed += len(ahead)
        found[name] = {}
        for node in nodes:
            busy = own[node] + flows.mean(model.resources[name].turnaround, node)
            if model.pathway[node[0]].book is not None:  # what is booked is nobody else's
                busy = np.maximum(busy, flows.booked(name, node))
            if node in holders:
                busy = busy + after(network, node, ahead)
            found[name][node] = served[node] * busy * flows.units(name, node)
    return found


def while_held(
    flows: Flows, resource: str, holders: Sequence[Node], own: Mapping[Node, Floats]
) -> dict[Node, Floats]:
    """Expected sum of `own` from each node on until a resource that is held is released."""
    return remaining(
        flows.network,
        [target for holder in holders for target in flows.network.onward[holder]],
        own,
        lambda node: resource in flows.model.pathway[node[0]].release,
    )


def after(network: Network, holder: Node, ahead: Mapping[Node, Floats]) -> Floats:
    """The expected `ahead` of those served at a node, once they go on."""
    total = np.zeros(len(network.kinds))
    for target, share in served_onward(network, holder):
        if target in ahead:
            total = total + share * ahead[target]
    return total


def served_onward(network: Network, node: Node) -> list[tuple[Node, Floats]]:
    """Where those served at a node go on to, with the chance of each."""
    away = network.turned_away[node]
    scale = np.where(away < 1.0, 1.0 - away, 1.0)
    unserved = network.unserved[node]
    return [
        (target, (share - unserved[target] if target in unserved else share) / scale)
        for target, share in network.onward[node].items()
    ]


def _thinned_alike(coming: Sequence[Arrivals], most: int) -> list[Arrivals]:
    """As many kinds of each crisis: the most common is rarely the one that fills the beds."""
    each = max(20, most // max(1, len(coming)))
    return [replace(one, kinds=thinned(one.kinds, each)) for one in coming]


def _stands_for(
    coming: Sequence[Arrivals], sample: Sequence[Arrivals], names: Sequence[str]
) -> dict[str, Floats]:
    """By attribute: how many times its weight each kind of a sample stands for of its level.

    All of a level together then are as many as they were before kinds were left out.
    """
    found: dict[str, list[Floats]] = {name: [] for name in names}
    for whole, part in zip(coming, sample, strict=True):
        for name, scales in found.items():
            scale = np.ones(len(part.kinds))
            if name in part.kinds.codes and len(part.kinds) < len(whole.kinds):
                codes, size = part.kinds.codes[name], len(part.kinds.levels[name])
                right = np.bincount(whole.kinds.codes[name], whole.kinds.weight, size)
                here = np.bincount(codes, part.kinds.weight, size)
                scale = np.divide(right, here, out=np.ones(size), where=here > 0.0)[codes]
            scales.append(scale)
    return {name: np.concatenate(scales) for name, scales in found.items() if scales}


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
    stress: Stress,
) -> Surroundings:
    crisis = kinds.codes[CRISIS]
    chance = {
        name: np.array([each.chance[name] for each in coming])[crisis] for name in model.calendars
    }
    quiet_levels = quiet(model, stress.signals_on)

    def closed_to(resource: Resource) -> Floats:
        there = supposed(resource, model, stress.signals_on)
        return np.array([closed_share(there, days, each.demand) for each in coming])[crisis]

    def closed_for(resource: Resource) -> Floats:
        """The same, of pools for each kind that of its own level."""
        if resource.per is None:
            return closed_to(resource)
        if resource.per not in kinds.codes:  # steps set it: the level at the beginning
            return closed_to(alone(resource, quiet_levels.get(resource.per)))
        pools = [closed_to(alone(resource, level)) for level in kinds.levels[resource.per]]
        own: Floats = np.array(pools)[kinds.codes[resource.per], np.arange(len(kinds))]
        return own

    closed = {name: closed_for(resource) for name, resource in model.resources.items()}
    return Surroundings(chance, quiet_levels, closed, tracked, stress, read_ahead(model))


def _entries(
    model: Scenario, coming: Sequence[Arrivals], kinds: Mix, around: Surroundings
) -> dict[str, Floats]:
    """Episodes per minute that start at each step, by kind."""
    here = Circumstances(around.quiet, around.chance)
    found: dict[str, Floats] = {}
    for number, each in enumerate(coming):
        first = model.demand[each.crisis].first
        mine = kinds.weight * (kinds.codes[CRISIS] == number)
        for step in branches(first):
            rate = mine * expected(first, kinds, share_of(step), here)
            found[step] = found.get(step, np.zeros(len(kinds))) + rate
    return found


def _itself(share: float) -> float:
    return share
