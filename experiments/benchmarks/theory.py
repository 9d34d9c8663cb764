"""What queueing theory says about workload W, to hold every engine against.

Triage, GP and call-back are exactly M/M/c in the long run (each is fed by a Poisson process thinned
at random, for what leaves an M/M/c queue is Poisson again); their empty start is forgotten within
the hour. Means of units in use hold for any distribution of service times (Little's law); for beds
the empty start matters, and queues are so rare that the means are those of unlimited servers.
"""

from __future__ import annotations

from math import exp, log

from workload import AE, ARRIVALS_PER_MINUTE, COMMUNITY, DAY, NODES, WARD


def arrival_rates() -> list[float]:
    """Arrivals per minute at every node in the long run."""
    rates = [0.0] * len(NODES)
    rates[0] = ARRIVALS_PER_MINUTE
    for number, node in enumerate(NODES):  # nobody ever goes back
        for target, share in node.routes:
            rates[target] += rates[number] * share
    return rates


def probability_of_waiting(servers: int, load: float) -> float:
    """Erlang's C formula, by the recursion of his B formula."""
    blocked = 1.0
    for busy in range(1, servers + 1):
        blocked = load * blocked / (busy + load * blocked)
    return blocked / (1.0 - load / servers * (1.0 - blocked))


def exact(days: float) -> dict[str, float]:
    """Return the exact values by name: ``wait.NODE``, ``p95.NODE`` and ``in_use.NODE``."""
    values, rates = {}, arrival_rates()
    for node, rate in zip(NODES[:AE], rates, strict=False):
        waiting = probability_of_waiting(node.servers, rate * node.mean)
        spare = node.servers / node.mean - rate  # rate at which a queue shortens
        values[f"wait.{node.name}"] = waiting / spare
        values[f"p95.{node.name}"] = max(0.0, log(waiting / 0.05) / spare)
    for node, rate in zip(NODES[:WARD], rates, strict=False):
        second_moment = 2.0 * node.mean**2 if node.sd is None else node.mean**2 + node.sd**2
        start = second_moment / 2.0 / node.mean  # minutes the empty start takes off
        values[f"in_use.{node.name}"] = rate * node.mean * (1.0 - start / (days * DAY))
    ward, community, horizon = NODES[WARD].mean, NODES[COMMUNITY].mean, days * DAY
    full = 1.0 - _decay(ward, horizon)
    values["in_use.ward"] = rates[WARD] * ward * full
    late = (community * _decay(community, horizon) - ward * _decay(ward, horizon)) / (
        community - ward
    )
    values["in_use.community"] = rates[COMMUNITY] * community * (1.0 - late)
    return values


def _decay(mean: float, horizon: float) -> float:
    """Mean of exp(-t / mean) over 0 < t < horizon."""
    return mean / horizon * (1.0 - exp(-horizon / mean))
