"""Workload W as a SimPy textbook would write it: patients are processes, stations resources."""

from __future__ import annotations

import random
from collections.abc import Generator
from typing import Any

import simpy
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

Process = Generator[simpy.Event, Any, None]


class Clinic:
    """The stations, and a row (queued, started, ended) for every visit that started."""

    def __init__(self, env: simpy.Environment, seed: int) -> None:
        self.env = env
        self.rng = random.Random(seed)
        self.stations = [simpy.Resource(env, node.servers) for node in NODES]
        self.stations[AE] = simpy.PriorityResource(env, NODES[AE].servers)
        self.rows: list[list[tuple[float, float, float]]] = [[] for _ in GROUPS]

    def arrivals(self) -> Process:
        while True:
            yield self.env.timeout(self.rng.expovariate(ARRIVALS_PER_MINUTE))
            self.env.process(self.patient(self.rng.random() < SHARE_HIGH))

    def patient(self, is_high: bool) -> Process:
        station = TRIAGE
        while station != EXIT:
            node = NODES[station]
            priority = {"priority": 1 if is_high else 2} if station == AE else {}
            queued = self.env.now
            with self.stations[station].request(**priority) as request:
                yield request
                started = self.env.now
                service = self.service_time(node)
                row = (queued, started, started + service)
                self.rows[group_of(station, is_high)].append(row)
                yield self.env.timeout(service)
            station = self.next_station(node)

    def service_time(self, node: Node) -> float:
        if node.sd is None:
            return self.rng.expovariate(1.0 / node.mean)
        return self.rng.lognormvariate(*node.mu_sigma)

    def next_station(self, node: Node) -> int:
        u = self.rng.random()
        for station, share in node.routes:
            if u < share:
                return station
            u -= share
        return EXIT


def replicate(days: float, seed: int) -> Statistics:
    """Simulate and summarise one replication."""
    env = simpy.Environment()
    clinic = Clinic(env, seed)
    env.process(clinic.arrivals())
    env.run(until=days * DAY)
    return statistics_of_rows(clinic.rows, days)
