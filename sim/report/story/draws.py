"""The draws of a case in one world or two, and which of them is told: the most typical route.

A draw is one copy of the case in one replication; it has the same luck in every world, so that a
draw in one is a pair with that in another. The draw that is told is chosen by rule, so that nobody
picks the one that suits.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sim.report.story.timeline import Timeline
from sim.report.world import CaseView, World

#: share of draws in which the worlds must differ for one of these to be told
DIFFER = 1 / 3


class Draw(NamedTuple):
    """One copy of a case (from 0) in one replication (from 1)."""

    replication: int
    copy: int = 0


@dataclass(frozen=True, slots=True)
class Arm:
    """A case in one world: its timeline in each draw, None where it has no episode.

    `alike` are, per replication, the episodes a year of people with the same attributes and
    crisis; empty where that is not known.
    """

    title: str
    world: World
    timelines: Mapping[Draw, Timeline | None]
    alike: tuple[float, ...] = ()

    @property
    def known(self) -> tuple[Timeline, ...]:
        """The timelines there are."""
        return tuple(item for item in self.timelines.values() if item is not None)


@dataclass(frozen=True, slots=True)
class Typical:
    """The draw that is told, and what share of the journeys of each world take its route."""

    draw: Draw
    shares: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """A case in a baseline and alternatives, in the same draws."""

    case: CaseView
    arms: tuple[Arm, ...]

    @property
    def shared(self) -> tuple[Draw, ...]:
        """The draws in which every world has the case."""
        return tuple(
            draw
            for draw in self.arms[0].timelines
            if all(arm.timelines.get(draw) is not None for arm in self.arms)
        )

    @property
    def told(self) -> Draw | None:
        """The draw that is told; None if there is none in which every world has the case."""
        found = self.typical
        return None if found is None else found.draw

    @property
    def typical(self) -> Typical | None:
        """The draw of the most typical route.

        Of the draws that are finished in every world (of all, if none is), only those in which
        the routes of the worlds differ, if they do in a third of them. Of these, the routes that
        are most frequent: the largest product of their shares in each world, the first of equals.
        Of the draws with these routes, the one nearest to their medians: days in acute and in
        community beds, days waiting, and days to the end.
        """
        pool = self._finished() or self.shared
        if not pool:
            return None
        routes = {draw: tuple(self._of(arm, draw).route for arm in self.arms) for draw in pool}
        differing = [draw for draw in pool if len(set(routes[draw])) > 1]
        chosen = differing if len(differing) >= DIFFER * len(pool) and differing else list(pool)
        counts = [
            Counter(routes[draw][number] for draw in chosen) for number in range(len(self.arms))
        ]

        def frequency(draw: Draw) -> int:
            return math.prod(
                count[route] for count, route in zip(counts, routes[draw], strict=True)
            )

        best = routes[max(chosen, key=frequency)]
        alike = [draw for draw in chosen if routes[draw] == best]
        draw = alike[int(np.argmin(self._distances(alike)))]
        return Typical(draw, tuple(self.share_of(n, route) for n, route in enumerate(best)))

    def share_of(self, arm: int, route: tuple[str, ...]) -> float:
        """Share of the journeys of one world that take a route."""
        known = self.arms[arm].known
        return sum(item.route == route for item in known) / len(known)

    def routes(self, arm: int) -> Counter[tuple[str, ...]]:
        """How many journeys of one world take each route."""
        return Counter(item.route for item in self.arms[arm].known)

    def _finished(self) -> tuple[Draw, ...]:
        return tuple(
            draw
            for draw in self.shared
            if all(self._of(arm, draw).outcome is not None for arm in self.arms)
        )

    def _of(self, arm: Arm, draw: Draw) -> Timeline:
        found = arm.timelines[draw]
        assert found is not None
        return found

    def _distances(self, draws: Sequence[Draw]) -> np.ndarray:
        """How far each draw is from the medians of all of them, each in ranges of its quantity."""
        total = np.zeros(len(draws))
        for arm in self.arms:
            for quantity in QUANTITIES:
                values = np.array([quantity(self._of(arm, draw)) for draw in draws])
                spread = values.max() - values.min()
                if spread > 0:
                    total += np.abs(values - np.median(values)) / spread
        return total


QUANTITIES: tuple[Callable[[Timeline], float], ...] = (
    lambda item: item.bed_days("acute"),
    lambda item: item.bed_days("community"),
    lambda item: item.minutes("waiting") + item.minutes("blocked"),
    lambda item: item.days,
)
