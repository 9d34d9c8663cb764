"""How much gets through a resource whose units are kept while their holders wait for another.

A crew that waits for a cubicle answers no call. With all units of a resource at work, each goes
through its own work and then, in some of its uses, into the queue of the next resource; that is a
queue with as many customers as there are units, and what gets through follows from its balance
equations. The next resource may itself be held up by one behind it, so that the last is worked
out first.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.scenario.analysis.averages import (
    mean_capacity,
    mean_closed,
    measured_days,
)
from sim.scenario.analysis.flow import Network, Node, visits
from sim.scenario.analysis.graph import gives_up, half_of, is_zero, reach
from sim.scenario.analysis.holding_paths import Kept, kept_after
from sim.scenario.analysis.means import mean, mean_square
from sim.scenario.analysis.mix import Floats, expected
from sim.scenario.analysis.weekly import supposed
from sim.scenario.analysis.work import Flows, served_onward
from sim.scenario.language.model import Step
from sim.scenario.written.values import Distribution, Table

#: units beyond which waits for a further resource are not worked out
MOST_UNITS = 2_000

#: how many times as much as gets through must come for that to be said of an estimate
MARGIN = 1.03

#: least capacity, as a part of it, that others are supposed to leave to those who keep a unit
LEFT_OVER = 0.02


@dataclass(frozen=True, slots=True)
class Bound:
    """About how many uses a minute get through, at most, because of waits for `waits_for`."""

    waits_for: str
    per_minute: float


@dataclass(frozen=True, slots=True)
class _Wait:
    """Units of a resource that wait for another in a `share` of their uses.

    `given_up` is the part of these in which the unit is given up once the other is got.
    """

    wanted: str
    share: float
    given_up: float


def throughput_bounds(flows: Flows, done: Mapping[str, Mapping[Node, Floats]]) -> dict[str, Bound]:
    """The resources through which less gets than comes, although their own work is not too much.

    Parameters
    ----------
    flows
        Who visits what.
    done
        The work of each resource by node and kind.
    """
    return _Stages(flows, done).too_slow()


class _Stages:
    """Resources behind each other, each worked out once, the last first."""

    def __init__(self, flows: Flows, done: Mapping[str, Mapping[Node, Floats]]) -> None:
        self.flows = flows
        days = measured_days(flows.model)
        resources = {name: supposed(flows.model.resources[name], flows.model) for name in done}
        self.capacity = {name: mean_capacity(resources[name], days) for name in done}
        self.rate = {
            name: sum(float(flows.served[node].sum()) for node in nodes)
            for name, nodes in done.items()
        }
        self.work = {
            name: sum(float(each.sum()) for each in nodes.values()) for name, nodes in done.items()
        }
        self.nodes = {name: list(nodes) for name, nodes in done.items()}
        self.most: dict[str, tuple[float, str]] = {}
        self.variation: dict[str, float] = {}

    def too_slow(self) -> dict[str, Bound]:
        """The bounds that are less than what comes."""
        found = {}
        for name in self.nodes:
            most, waits_for = self.most_through(name, ())
            enough = self.work[name] < self.capacity[name]
            if waits_for and enough and self.rate[name] >= MARGIN * most:
                found[name] = Bound(waits_for, most)
        return found

    def most_through(self, name: str, above: tuple[str, ...]) -> tuple[float, str]:
        """Most uses a minute of a resource, and for what its units wait where that is why."""
        if name in self.most:
            return self.most[name]
        rate, units = self.rate[name], self.capacity[name]
        if self.work[name] <= 0.0 or not math.isfinite(units):
            found = (math.inf, "")
        elif units <= 0.0:
            found = (0.0, "")  # closed for good, and not because of what comes behind
        else:
            found = self._with_waits(name, self.work[name] / rate, units, (*above, name))
        self.most[name] = found
        return found

    def _with_waits(
        self, name: str, own: float, units: float, above: tuple[str, ...]
    ) -> tuple[float, str]:
        """The same for a resource whose uses take `own` minutes without waiting."""
        lost = {"": 0.0}
        waits = self._waits(name) if units <= MOST_UNITS else []
        # who has waited for one to open mostly finds it, and the next one, open after that
        closed = {w.wanted: min(1.0, w.share) * self._until_open(w.wanted) for w in waits}
        latest = max(closed, key=lambda wanted: closed[wanted], default="")
        lost[latest] = closed.get(latest, 0.0)
        for wait in waits:
            if wait.wanted not in above:
                use = own + sum(lost.values())
                most = self._through(name, use, wait, above)
                lost[wait.wanted] = lost.get(wait.wanted, 0.0) + max(0.0, units / most - use)
        return units / (own + sum(lost.values())), max(lost, key=lambda wanted: lost[wanted])

    def _until_open(self, name: str) -> float:
        """Minutes until a resource has units, on average over all times."""
        model = self.flows.model
        return mean_closed(supposed(model.resources[name], model), measured_days(model))

    def _through(self, name: str, use: float, wait: _Wait, above: tuple[str, ...]) -> float:
        """Uses a minute of a resource with all units at work, some of which wait for another."""
        wanted = wait.wanted
        behind, _ = self.most_through(wanted, above)
        if not math.isfinite(behind) or behind <= 0.0:
            return math.inf
        units, servers = self.capacity[name], self.capacity[wanted]
        # what others take of the wanted resource cannot be had
        others = max(0.0, self.rate[wanted] - self.rate[name] * wait.share)
        left = servers * max(LEFT_OVER, 1.0 - others / behind)
        each = servers / behind
        own = max(use - (1.0 - wait.given_up) * wait.share * each, 1e-9)
        smooth = min(units / use, left / (each * wait.share))
        exponential = _exponential(units, own / wait.share, left, each, wait.given_up) / wait.share
        variable = min(1.0, (self._variation(name) + self._variation(wanted)) / 2.0)
        return smooth - variable * max(0.0, smooth - exponential)

    def _waits(self, name: str) -> list[_Wait]:
        """For what the units of a resource wait, of those who keep them."""
        joined: dict[str, float] = {}
        given_up: dict[str, float] = {}
        for node, coming in self._coming_with(name).items():
            step = self.flows.model.pathway[node[0]]
            if step.seize is None or name in step.asked or self._may_be_left(step):
                continue
            if step.seize.one is None or step.seize.one not in self.capacity:
                continue  # a wait for more than one unit of one resource is not worked out
            number = float(coming[0].sum() + coming[1].sum())
            wanted = step.seize.one
            joined[wanted] = joined.get(wanted, 0.0) + number
            given = number if name in step.release else float(coming[0].sum())
            given_up[wanted] = given_up.get(wanted, 0.0) + given
        return [
            _Wait(wanted, number / self.rate[name], given_up[wanted] / number)
            for wanted, number in joined.items()
            if number > 0.0 and math.isfinite(self.capacity[wanted])
        ]

    def _may_be_left(self, step: Step) -> bool:
        """Whether a queue is left, or not joined, by those who would wait long in it."""
        model = self.flows.model
        limits = [model.resources[name].queue_limit for name in step.asked]
        limit = next((limit for limit in limits if limit is not None), None)
        turned_away = limit is not None and step.balk_to is not None and "full" in step.balk_when
        return turned_away or gives_up(step, half_of(model.run)) != "never"

    def _coming_with(self, name: str) -> dict[Node, tuple[Floats, Floats]]:
        """Visits a minute to each node with a unit: kept until it starts, and kept on."""
        network, pathway = self.flows.network, self.flows.model.pathway
        nothing = np.zeros(len(network.kinds))
        first: dict[Kept, dict[Node, Floats]] = {kept: {} for kept in Kept}
        for holder in self.nodes[name]:
            for target, share in served_onward(network, holder):
                entries = first[kept_after(pathway[holder[0]], name, target[0])]
                coming = self.flows.served[holder] * share
                entries[target] = entries.get(target, nothing) + coming
        region = reach(
            first[Kept.TRUE],
            lambda node: [] if name in pathway[node[0]].release else list(network.onward[node]),
        )
        onward = {
            node: {} if name in pathway[node[0]].release else network.onward[node]
            for node in region
        }
        no_tasks: dict[Node, dict[Node, Floats]] = {node: {} for node in region}
        kept_on = visits(Network(network.kinds, first[Kept.TRUE], onward, no_tasks))
        return {
            node: (first[Kept.NEXT].get(node, nothing), kept_on.get(node, nothing))
            for node in (*first[Kept.NEXT], *kept_on)
        }

    def _variation(self, name: str) -> float:
        """Squared coefficient of variation of the delays of those who seize a resource."""
        if name not in self.variation:
            self.variation[name] = self._variation_of_delays(name)
        return self.variation[name]

    def _variation_of_delays(self, name: str) -> float:
        flows = self.flows
        rate = total = squares = 0.0
        for node in self.nodes[name]:
            table: Table[Any] | None = flows.model.pathway[node[0]].delay
            served = flows.served[node]
            rate += float(served.sum())
            if table is not None:
                kinds, around = flows.network.kinds, flows.circumstances(node)
                total += float((served * expected(table, kinds, _mean, around)).sum())
                squares += float((served * expected(table, kinds, _mean_square, around)).sum())
        return max(0.0, squares * rate / total**2 - 1.0) if total > 0.0 else 0.0


def _mean(distribution: Distribution) -> float:
    return 0.0 if is_zero(distribution) else mean(distribution)


def _mean_square(distribution: Distribution) -> float:
    return 0.0 if is_zero(distribution) else mean_square(distribution)


def _exponential(units: float, own: float, servers: float, each: float, given_up: float) -> float:
    """Uses a minute of `servers` by so many units that come back after `own` minutes.

    All times are exponential. A unit is waited for from joining until it is given up, which is
    when service starts in a part `given_up` of the uses and when it ends in the others: the
    number with the servers is a birth-and-death process, of which the units that are waiting (or
    in service and not given up) are not at work.
    """
    most = math.ceil(units + given_up * servers)
    # logarithms, for units that come back at once make weights beyond any float
    weights = [0.0]
    for number in range(most):
        waiting = max(0.0, number - servers)
        kept = waiting + (1.0 - given_up) * min(number, servers)
        born = max(0.0, units - kept) / own
        ratio = born * each / min(number + 1, servers)
        weights.append(weights[-1] + math.log(ratio) if ratio > 0.0 else -math.inf)
    numbers = np.arange(len(weights))
    chances = np.exp(np.array(weights) - max(weights))
    chances /= chances.sum()
    return float((chances * np.minimum(numbers, servers)).sum()) / each
