"""What keeps a queue finite although more work comes than can be done.

Supposed is what could not last: a queue without end. Those who then leave it or are turned away,
and those whom a signal that looks at this queue keeps away for as long as it is on, are left out,
and the units that such a signal opens are there; if the work of the rest is still more than the
capacity, nothing keeps the queue finite. Where some are served before others, only the last to be
served find such a queue: the first who are too many, and all who come after them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache

import numpy as np

from sim.scenario.analysis.averages import mean_capacity, measured_days
from sim.scenario.analysis.flow import Node, Stress, TooComplexError, at_last
from sim.scenario.analysis.graph import gives_up, half_of
from sim.scenario.analysis.mix import Floats, expected
from sim.scenario.analysis.weekly import capacities, is_ever_zero, supposed
from sim.scenario.analysis.work import Flows
from sim.scenario.language.model import Resource, Scenario
from sim.scenario.language.pools import Pool, alone
from sim.scenario.language.sheets import sensed

#: who visits what under a stress, and the work of each resource by node and kind
Supposing = Callable[[Stress], tuple[Flows, Mapping[str, Mapping[Node, Floats]]]]

#: work that is none but for rounding, as a part of the capacity
NOTHING = 1e-9


def relief(model: Scenario, supposing: Supposing, pool: Pool, capacity: float) -> str:
    """Name what keeps the queue of a pool finite; empty if nothing does.

    `supposing` says who visits what under a stress, and the work that makes. Patience counts if it
    would run out by the middle of the run: who stays longer than that stays for ever, as far as
    the run can tell.
    """
    resource, there = pool.resource, alone(model.resources[pool.resource], pool.level)
    if _empties(there):
        return "its closing, when those who wait leave,"
    nothing = Stress(endless=resource, patience=False, limits=False, long=half_of(model.run))
    ways = dict(_ways(model, nothing, pool.name))

    @cache  # several ways suppose the same of those whom they leave in the queue
    def done(stress: Stress) -> Mapping[float, float]:
        return _by_priority(*supposing(stress), pool)

    for name, stress in ways.items():
        if _suffices(done, stress, capacity + _added(model, there, stress)):
            return name
    signals = frozenset(signal for stress in ways.values() for signal in stress.signals_on)
    everything = replace(nothing, patience=True, limits=True, signals_on=signals)
    if len(ways) > 1 and _suffices(done, everything, capacity + _added(model, there, everything)):
        return f"{', '.join(list(ways)[:-1])} and {list(ways)[-1]} together"
    return ""


def _empties(resource: Resource) -> bool:
    """Whether those who wait leave now and then because the resource closes."""
    closes = any(is_ever_zero(capacity) for _, capacity in capacities(resource))
    return resource.at_closing == "renege" and closes


def _ways(model: Scenario, nothing: Stress, pool: str) -> Iterator[tuple[str, Stress]]:
    """What might relieve a queue, each by itself, and what is then supposed."""
    resource = nothing.endless
    steps = [step for step in model.pathway.values() if resource in step.asked]
    if model.resources[resource].queue_limit is not None:
        yield "a queue_limit", replace(nothing, limits=True)
    if any(step.book == resource for step in steps):
        yield "turning away those who find no slot", replace(nothing, limits=True)
    if any(gives_up(step, half_of(model.run)) != "never" for step in steps):
        yield "patience", replace(nothing, patience=True)
    for signal, definition in model.signals.items():
        if {resource, pool} & {definition.queue, definition.occupancy}:
            yield f"signal `{signal}`", replace(nothing, signals_on=frozenset({signal}))


def _suffices(
    done: Callable[[Stress], Mapping[float, float]], stress: Stress, capacity: float
) -> bool:
    """Whether the work left under stress is less than the capacity; `done` is it by priority."""
    try:
        nobody_leaves = replace(stress, patience=False, limits=False)
        everybody = done(nobody_leaves)
        since = _first_too_many(everybody, capacity)
        left = everybody
        if stress != nobody_leaves:
            left = done(replace(stress, since=since))
    except TooComplexError:
        # who leaves comes back again and again, or it cannot be known
        return False
    before = sum(busy for priority, busy in left.items() if priority <= since)
    behind = sum(busy for priority, busy in left.items() if priority > since)
    return before < capacity and behind <= NOTHING * capacity


def _added(model: Scenario, resource: Resource, stress: Stress) -> float:
    """Units that a resource has more while the signals supposed to be on are on."""
    if not set(sensed(model, resource)) & stress.signals_on:
        return 0.0
    days = measured_days(model)
    quiet, pressed = (
        mean_capacity(supposed(resource, model, on), days) for on in ((), stress.signals_on)
    )
    return pressed - quiet if math.isfinite(quiet) else 0.0


def _first_too_many(done: Mapping[float, float], capacity: float) -> float:
    """The first priority by which as much work has come as can be done; the last if none has."""
    total = 0.0
    for priority in sorted(done):
        total += done[priority]
        if total >= capacity:
            return priority
    return max(done, default=0.0)


def _by_priority(
    flows: Flows, work: Mapping[str, Mapping[Node, Floats]], pool: Pool
) -> dict[float, float]:
    """The work of a pool by the priority of who brings it, smallest number first served."""
    found: dict[float, float] = {}
    for node, done in work.get(pool.resource, {}).items():
        numbers = _priorities(flows, node, pool.resource)
        done = done * flows.in_pool(pool, node)
        for number in np.unique(numbers).tolist():
            found[number] = found.get(number, 0.0) + float(done[numbers == number].sum())
    return found


def _priorities(flows: Flows, node: Node, resource: str) -> Floats:
    """The priority of each kind at a node; all the same where nobody goes before anybody."""
    table = flows.model.pathway[node[0]].priority
    if table is None or flows.model.resources[resource].discipline != "priority":
        return np.zeros(len(flows.network.kinds))
    return expected(table, flows.network.kinds, at_last, flows.circumstances(node))
