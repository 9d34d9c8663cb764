"""Workload W in salabim: patients are components, stations resources, monitors switched off."""

from __future__ import annotations

import random
from collections.abc import Generator
from typing import Any

import salabim as sim
from workload import (
    AE,
    ARRIVALS_PER_MINUTE,
    DAY,
    EXIT,
    GROUPS,
    NODES,
    SHARE_HIGH,
    TRIAGE,
    Node,
    Statistics,
    group_of,
    statistics_of_rows,
)

Process = Generator[Any, Any, None]


class Arrivals(sim.Component):
    """Patients keep coming."""

    def process(self) -> Process:
        rng = self.env.rng
        while True:
            yield self.hold(rng.expovariate(ARRIVALS_PER_MINUTE))
            # not by a `setup` method, which costs salabim a look at its signature every time
            Patient().is_high = rng.random() < SHARE_HIGH


class Patient(sim.Component):
    """One patient, from triage until leaving."""

    is_high: bool

    def process(self) -> Process:
        env, station = self.env, TRIAGE
        while station != EXIT:
            node, resource = NODES[station], env.stations[station]
            queued = env.now()
            if station == AE:
                yield self.request((resource, 1, 1 if self.is_high else 2))
            else:
                yield self.request(resource)
            started = env.now()
            service = service_time(env.rng, node)
            row = (queued, started, started + service)
            env.rows[group_of(station, self.is_high)].append(row)
            yield self.hold(service)
            self.release(resource)
            station = next_station(env.rng, node)


def service_time(rng: random.Random, node: Node) -> float:
    if node.sd is None:
        return rng.expovariate(1.0 / node.mean)
    return rng.lognormvariate(*node.mu_sigma)


def next_station(rng: random.Random, node: Node) -> int:
    u = rng.random()
    for station, share in node.routes:
        if u < share:
            return station
        u -= share
    return EXIT


def station(node: Node) -> sim.Resource:
    """A resource that keeps no statistics of its own."""
    resource = sim.Resource(node.name, capacity=node.servers, monitor=False)
    for queue in (resource.requesters(), resource.claimers()):
        queue.length.monitor(False)
        queue.length_of_stay.monitor(False)
    return resource


def replicate(days: float, seed: int) -> Statistics:
    """Simulate and summarise one replication."""
    env = sim.Environment(trace=False, yieldless=False, do_reset=True)
    env.rng = random.Random(seed)
    env.rows = [[] for _ in GROUPS]
    env.stations = [station(node) for node in NODES]
    Arrivals()
    env.run(till=days * DAY)
    return statistics_of_rows(env.rows, days)
