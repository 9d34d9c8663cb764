"""Workload W on the two engines of this project, from `workload.yaml`."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from workload import AE, DAY, NODE_OF_GROUP, NODES, Statistics, statistics

import sim
from sim.engine import EngineName, run
from sim.plan.compile import compile_plan
from sim.plan.jit import jit

if TYPE_CHECKING:
    from sim.engine.logs import Codes, Floats, Ints, Logs
    from sim.plan.plan import Plan

WORKLOAD = Path(__file__).with_name("workload.yaml")


def prepare(days: float) -> None:
    """Read and compile W for a horizon, as is done once before any number of replications."""
    plan_for(days)


@functools.cache
def plan_for(days: float) -> Plan:
    """The plan of W for a horizon."""
    return compile_plan(sim.load(WORKLOAD, duration=f"{days} days").model)


def replicate(engine: EngineName, days: float, seed: int) -> Statistics:
    """Simulate and summarise one replication; draws the people of its seed as well."""
    plan = plan_for(days)
    return summarise(plan, run(plan, seed, 1, engine), days)


def summarise(plan: Plan, logs: Logs, days: float) -> Statistics:
    """Take the statistics of W from the logs."""
    urgency = plan.attributes.index("urgency")
    low = plan.levels[urgency].index("low")
    nodes = [node.name for node in NODES]
    node_of_step = np.array([nodes.index(name) for name in plan.steps])
    first_group = np.array([NODE_OF_GROUP.index(node) for node in range(len(NODES))])
    waits = np.empty(len(logs.visits.step))
    ends = np.zeros(len(NODE_OF_GROUP) + 1, dtype=np.int64)
    busy = np.zeros(len(NODES))
    _gather(
        logs.visits.step,
        logs.visits.episode,
        logs.visits.queued,
        logs.visits.started,
        logs.visits.ended,
        logs.episodes.levels[:, urgency] == low,
        node_of_step,
        first_group,
        days * DAY,
        waits,
        ends,
        busy,
    )
    return statistics(np.split(waits, ends)[:-2], busy.tolist(), days)


@jit
def _gather(
    step: Codes,
    episode: Ints,
    queued: Floats,
    started: Floats,
    ended: Floats,
    is_low: npt.NDArray[np.bool_],
    node_of_step: npt.NDArray[np.int64],
    first_group: npt.NDArray[np.int64],
    horizon: float,
    waits: Floats,
    ends: npt.NDArray[np.int64],
    busy: Floats,
) -> None:
    """Put the waits of every group side by side, and sum up minutes of service by node.

    `ends` becomes where each group ends in `waits`; behind the last is what never started.
    """
    groups = np.empty(len(step), dtype=np.int8)
    for at in range(len(step)):
        node = node_of_step[step[at]]
        groups[at] = first_group[node] + ((node == AE) & is_low[episode[at]])
        ends[groups[at] + 1] += started[at] == started[at]  # not NaN
    for group in range(1, len(ends)):
        ends[group] += ends[group - 1]
    for at in range(len(step)):
        node, group = node_of_step[step[at]], groups[at]
        if started[at] == started[at]:
            waits[ends[group]] = started[at] - queued[at]
            ends[group] += 1
            busy[node] += (ended[at] if ended[at] == ended[at] else horizon) - started[at]
