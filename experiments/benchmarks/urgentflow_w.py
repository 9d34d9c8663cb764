"""Workload W on the two engines of this project, from `workload.yaml`."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from workload import AE, DAY, NODE_OF_GROUP, NODES, Statistics, statistics

import sim
from sim.engine import EngineName, run
from sim.plan.compile import compile_plan

if TYPE_CHECKING:
    from sim.engine.logs import Logs
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
    """Take the statistics of W from the logs.

    Groups are gathered in one pass by sorting small numbers, not by a mask for each.
    """
    visits, steps = logs.visits, {name: number for number, name in enumerate(plan.steps)}
    urgency = plan.attributes.index("urgency")
    is_low = logs.episodes.levels[:, urgency] == plan.levels[urgency].index("low")
    first_group = np.array([NODE_OF_GROUP.index(n) for n in range(len(NODES))], dtype=np.int8)
    node_of_step = np.empty(len(steps), dtype=np.int8)
    for number, node in enumerate(NODES):
        node_of_step[steps[node.name]] = number
    node = node_of_step[visits.step]
    group = first_group[node] + ((node == AE) & is_low[visits.episode])
    order = np.argsort(group, kind="stable")  # radix sort
    wait = (visits.started - visits.queued)[order]
    ends = np.cumsum(np.bincount(group, minlength=len(NODE_OF_GROUP)))
    waits = [part[~np.isnan(part)] for part in np.split(wait, ends[:-1])]
    ended = np.where(np.isnan(visits.ended), days * DAY, visits.ended)
    stay = np.nan_to_num(ended - visits.started)
    busy = np.bincount(node, weights=stay, minlength=len(NODES))
    return statistics(waits, busy, days)
