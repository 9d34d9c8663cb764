"""Steps folded into services, and how episodes move from one service to the next.

A step belongs to the service it names, else to the resource it seizes; a step with neither is
passed over. What is kept of a replication is small: who went from where to where, and how early
on the way each service comes. Nothing is drawn here (see `pictures.pathway_map`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.report.world import World

if TYPE_CHECKING:
    from sim.engine.logs import Logs

ONSET = "Falls ill"
UNFINISHED = "Still under way"
NO_SERVICE = -1

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Services:
    """The services of a world: their titles, and which of them each step and resource is of."""

    titles: tuple[str, ...]
    of_step: tuple[int, ...]
    of_resource: tuple[int, ...]

    def steps(self, service: int) -> tuple[int, ...]:
        """Codes of the steps of a service."""
        return tuple(step for step, own in enumerate(self.of_step) if own == service)

    def resources(self, service: int) -> tuple[int, ...]:
        """Codes of the resources of a service."""
        return tuple(code for code, own in enumerate(self.of_resource) if own == service)


@dataclass(frozen=True, slots=True)
class Moves:
    """How the measured episodes of one replication moved between services.

    `nodes` are `ONSET`, the services, the outcomes and `UNFINISHED`; `count` has shape
    (nodes, nodes). `place` is, per node, the sum over visits of how many services came before
    on that episode's way, and `visits` the number of those visits.
    """

    nodes: tuple[str, ...]
    count: Counts
    place: Counts
    visits: Counts


def services_of(world: World) -> Services:
    """Fold the steps of a world; a resource belongs to the first service that seizes it."""
    titles = {item.of: item.title_of for item in world.resources}
    named = [step.service or titles.get(step.resource or "", "") for step in world.steps]
    if not any(named):  # a pathway of delays alone: every step is its own
        named = [step.title for step in world.steps]
    found = tuple(dict.fromkeys(name for name in named if name))
    of_step = tuple(found.index(name) if name else NO_SERVICE for name in named)
    seized: dict[str, int] = {}
    for step, service in zip(world.steps, of_step, strict=True):
        if step.resource is not None:
            seized.setdefault(step.resource, service)
    of_resource = tuple(seized.get(item.of, NO_SERVICE) for item in world.resources)
    return Services(found, of_step, of_resource)


def moves(world: World, logs: Logs) -> Moves:
    """Follow every episode with its onset in the measured time from service to service.

    Visits that started count; side tasks do not. Staying in a service is not a move.
    """
    services = services_of(world)
    outcomes = tuple(title for _, title in world.outcomes)
    nodes = (ONSET, *services.titles, *outcomes, UNFINISHED)
    episodes, visits = logs.episodes, logs.visits
    measured = (episodes.parent < 0) & (episodes.onset >= world.warm_up)
    of_step = np.array([*services.of_step, NO_SERVICE], dtype=np.int64)
    service = of_step[visits.step]
    rows = np.flatnonzero(
        measured[visits.episode] & ~np.isnan(visits.started) & (service != NO_SERVICE)
    )
    rows = rows[np.argsort(visits.episode[rows], kind="stable")]
    whose, where = visits.episode[rows].astype(np.int64), service[rows] + 1
    first = np.append(True, whose[1:] != whose[:-1])[: len(whose)]
    new = first.copy()
    new[1:] |= where[1:] != where[:-1]
    whose, where, first = whose[new], where[new], first[new]
    last = np.append(first[1:], True)[: len(first)]
    size = len(nodes)
    end = np.where(episodes.outcome < 0, size - 1, 1 + len(services.titles) + episodes.outcome)
    nowhere = measured.copy()
    nowhere[whose] = False
    pairs = [
        (np.zeros(int(first.sum()), dtype=np.int64), where[first]),
        (where[:-1][~first[1:]], where[1:][~first[1:]]),
        (where[last], end[whose[last]]),
        (np.zeros(int(nowhere.sum()), dtype=np.int64), end[nowhere]),
    ]
    source, target = (np.concatenate(side).astype(np.int64) for side in zip(*pairs, strict=True))
    count = np.bincount(source * size + target, minlength=size * size).reshape(size, size)
    starts = np.flatnonzero(first)
    place = np.arange(len(where)) - np.repeat(starts, np.diff(np.append(starts, len(where))))
    return Moves(
        nodes,
        count.astype(np.int64),
        np.bincount(where, weights=place, minlength=size).astype(np.int64),
        np.bincount(where, minlength=size).astype(np.int64),
    )
