"""Workload W with SimPy's clock only: one event per visit, and queues of one's own.

What an experienced user does when textbook processes are too slow: no process per patient, no
request events; whoever leaves a server starts the next patient himself.
"""

from __future__ import annotations

import random
from collections import deque

import simpy
from workload import (
    AE,
    ARRIVALS_PER_MINUTE,
    DAY,
    GROUPS,
    NODES,
    SHARE_HIGH,
    TRIAGE,
    Node,
    Statistics,
    group_of,
    statistics_of_rows,
)


class Station:
    """Servers and two queues; tells `leave` when a service is over."""

    def __init__(self, hospital: Hospital, number: int, node: Node) -> None:
        self.hospital = hospital
        self.number = number
        self.free = node.servers
        # each patient as (queued, is_low); all in the first queue where class does not matter
        self.queues: tuple[deque[tuple[float, bool]], ...] = (deque(), deque())
        self.rows = [hospital.rows[group_of(number, is_high)] for is_high in (True, False)]
        rng = hospital.rng
        if node.sd is None:
            rate = 1.0 / node.mean
            self.draw = lambda: rng.expovariate(rate)
        else:
            mu, sigma = node.mu_sigma
            self.draw = lambda: rng.lognormvariate(mu, sigma)

    def arrive(self, is_low: bool) -> None:
        now = self.hospital.env.now
        if self.free:
            self.free -= 1
            self.start(now, is_low)
        else:
            self.queues[is_low and self.number == AE].append((now, is_low))

    def start(self, queued: float, is_low: bool) -> None:
        env, service = self.hospital.env, self.draw()
        self.rows[is_low].append((queued, env.now, env.now + service))
        env.timeout(service, is_low).callbacks.append(self.end)

    def end(self, event: simpy.Event) -> None:
        queue = self.queues[0] or self.queues[1]
        if queue:
            self.start(*queue.popleft())
        else:
            self.free += 1
        self.hospital.leave(self.number, event.value)


class Hospital:
    """The stations and where patients go between them."""

    def __init__(self, env: simpy.Environment, seed: int) -> None:
        self.env = env
        self.rng = random.Random(seed)
        self.rows: list[list[tuple[float, float, float]]] = [[] for _ in GROUPS]
        self.stations = [Station(self, number, node) for number, node in enumerate(NODES)]
        self.arrive(None)

    def arrive(self, event: simpy.Event | None) -> None:
        if event is not None:
            self.stations[TRIAGE].arrive(self.rng.random() >= SHARE_HIGH)
        gap = self.rng.expovariate(ARRIVALS_PER_MINUTE)
        self.env.timeout(gap).callbacks.append(self.arrive)

    def leave(self, station: int, is_low: bool) -> None:
        u = self.rng.random()
        for to, share in NODES[station].routes:
            if u < share:
                self.stations[to].arrive(is_low)
                return
            u -= share


def replicate(days: float, seed: int) -> Statistics:
    """Simulate and summarise one replication."""
    env = simpy.Environment()
    hospital = Hospital(env, seed)
    env.run(until=days * DAY)
    return statistics_of_rows(hospital.rows, days)
