"""Workload W in numbers: what every engine in this folder simulates and has to report.

`workload.yaml` says the same in the language of urgentflow; a test holds the two together.
Times are minutes. Nodes are numbered in the order of `NODES`; `EXIT` is none of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt
from typing import TypedDict

import numpy as np
import numpy.typing as npt

DAY = 1440.0
ARRIVALS_PER_MINUTE = 1.0
SHARE_HIGH = 0.2
EXIT = -1


@dataclass(frozen=True)
class Node:
    """A station: `sd` is None for exponential service and that of a lognormal otherwise.

    `routes` are the nodes that may come next with their probabilities; the rest is `EXIT`.
    """

    name: str
    servers: int
    mean: float
    sd: float | None
    routes: tuple[tuple[int, float], ...]

    @property
    def mu_sigma(self) -> tuple[float, float]:
        """Mean and standard deviation of the logarithm of a lognormal service time."""
        assert self.sd is not None
        variance = log(1.0 + (self.sd / self.mean) ** 2)
        return log(self.mean) - variance / 2.0, sqrt(variance)


TRIAGE, GP, CALL_BACK, AE, WARD, COMMUNITY = range(6)
NODES = (
    Node("triage", 4, 3.0, None, ((GP, 0.55), (CALL_BACK, 0.15), (AE, 0.30))),
    Node("gp", 8, 12.0, None, ()),
    Node("call_back", 3, 8.0, None, ((AE, 0.30),)),
    Node("ae", 26, 55.0, 40.0, ((WARD, 0.25),)),
    Node("ward", 552, 5760.0, None, ((COMMUNITY, 0.20),)),
    Node("community", 584, 28800.0, None, ()),
)

#: who waits where: only A&E tells high from low urgency
GROUPS = ("triage", "gp", "call_back", "ae_high", "ae_low", "ward", "community")
NODE_OF_GROUP = (TRIAGE, GP, CALL_BACK, AE, AE, WARD, COMMUNITY)


class Waits(TypedDict):
    """Waits (minutes) of the visits of one group that started service."""

    visits: int
    mean: float
    p95: float


class Statistics(TypedDict):
    """What an engine reports: waits by group, and mean units in use by node."""

    visits: int
    waits: dict[str, Waits]
    in_use: dict[str, float]


def group_of(node: int, is_high: bool) -> int:
    """Number of the group a visit belongs to."""
    if node < AE or (node == AE and is_high):
        return node
    return node + 1


def statistics(
    waits: Sequence[npt.ArrayLike], busy: Mapping[int, float] | Sequence[float], days: float
) -> Statistics:
    """Summarise a run.

    Parameters
    ----------
    waits
        For each of `GROUPS`, the wait of every visit that started service (minutes).
    busy
        For each of `NODES`, minutes of service before the horizon, over all servers.
    days
        The horizon.
    """
    summary = {name: _waits(np.asarray(w)) for name, w in zip(GROUPS, waits, strict=True)}
    return Statistics(
        visits=sum(group["visits"] for group in summary.values()),
        waits=summary,
        in_use={node.name: float(busy[n]) / (days * DAY) for n, node in enumerate(NODES)},
    )


def statistics_of_rows(
    rows: Sequence[Sequence[tuple[float, float, float]]], days: float
) -> Statistics:
    """Summarise a run recorded as (queued, started, ended) for each visit of each of `GROUPS`.

    An end may lie behind the horizon.
    """
    waits, busy = [], [0.0] * len(NODES)
    for group, visits in enumerate(rows):
        columns = np.array(visits, dtype=float).reshape(-1, 3).T
        waits.append(columns[1] - columns[0])
        ended = np.minimum(columns[2], days * DAY)
        busy[NODE_OF_GROUP[group]] += float((ended - columns[1]).sum())
    return statistics(waits, busy, days)


def _waits(waits: npt.NDArray[np.float64]) -> Waits:
    if not len(waits):
        return Waits(visits=0, mean=0.0, p95=0.0)
    p95 = float(np.percentile(waits, 95))
    return Waits(visits=len(waits), mean=float(waits.mean()), p95=p95)
