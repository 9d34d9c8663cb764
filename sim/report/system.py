"""The system as about a dozen services in columns, from falling ill to the ends of the pathway.

Adds up the moves of all replications, folds the least used services into one, and decides in
which column and at what height each stands: how early on people's ways it comes, and what it is
connected to. Nothing is drawn here (see `pictures.pathway_map`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.report.occupancy import Floats
from sim.report.services import ONSET, UNFINISHED, Moves

OTHERS = "Other services"
MOST_SERVICES = 13
COLUMNS = 5  #: of services, between falling ill and the ends


@dataclass(frozen=True, slots=True)
class System:
    """Services and moves, as means over replications.

    `nodes` are `ONSET`, the services kept, the outcomes and `UNFINISHED`; `count` has shape
    (nodes, nodes) and `visits` (nodes,). `columns` holds the nodes column by column, each from
    top to bottom. `folded` are the services that stand together as `OTHERS`.
    """

    nodes: tuple[str, ...]
    count: Floats
    visits: Floats
    columns: tuple[tuple[int, ...], ...]
    folded: tuple[str, ...]

    def flow(self, source: str, target: str) -> float:
        """Moves from one node to another; 0 if either is not there."""
        if source not in self.nodes or target not in self.nodes:
            return 0.0
        return float(self.count[self.nodes.index(source), self.nodes.index(target)])

    def visited(self, node: str) -> float:
        """Visits to a node; 0 if it is not there."""
        return float(self.visits[self.nodes.index(node)]) if node in self.nodes else 0.0


def systems(
    arms: Sequence[Sequence[Moves]], ends: frozenset[str], beds: frozenset[str] = frozenset()
) -> tuple[System, ...]:
    """The same services in the same places for every arm.

    Parameters
    ----------
    arms
        For each arm the moves of its replications.
    ends
        Titles of the outcomes of all arms.
    beds
        Titles of services that have beds: these are kept however few their patients.
    """
    nodes = tuple(dict.fromkeys(node for arm in arms for one in arm for node in one.nodes))
    sums = [_added_up(arm, nodes) for arm in arms]
    services = [n for n in nodes if n not in ends and n not in (ONSET, UNFINISHED)]
    use = np.max([visits for _, _, visits in sums], axis=0)
    used = sorted(
        (n for n in services if use[nodes.index(n)] > 0),
        key=lambda n: (n not in beds, -use[nodes.index(n)]),
    )
    kept = used if len(used) <= MOST_SERVICES else used[: MOST_SERVICES - 1]
    folded = tuple(used[len(kept) :])
    middle = [*sorted(kept, key=nodes.index), *([OTHERS] if folded else [])]
    reached = [n for n in nodes if n in ends or n == UNFINISHED]
    last = [n for n in reached if any(s[0][:, nodes.index(n)].any() for s in sums)]
    final = (ONSET, *middle, *last)
    into = [_target(node, final, folded) for node in nodes]
    made = [_folded(one, into, len(final)) for one in sums]
    total = np.sum([count for count, _, _ in made], axis=0)
    place = np.sum([p for _, p, _ in made], axis=0) / np.maximum(
        np.sum([v for _, _, v in made], axis=0), 1e-9
    )
    columns = _columns(final, len(middle), total, place)
    return tuple(System(final, count, visits, columns, folded) for count, _, visits in made)


def _added_up(arm: Sequence[Moves], nodes: tuple[str, ...]) -> tuple[Floats, Floats, Floats]:
    """Mean counts, places and visits over replications, by the common nodes."""
    size, number = len(nodes), max(len(arm), 1)
    count, place, visits = np.zeros((size, size)), np.zeros(size), np.zeros(size)
    for one in arm:
        at = np.array([nodes.index(node) for node in one.nodes])
        count[np.ix_(at, at)] += one.count / number
        place[at] += one.place / number
        visits[at] += one.visits / number
    return count, place, visits


def _target(node: str, final: tuple[str, ...], folded: tuple[str, ...]) -> int:
    if node in final:
        return final.index(node)
    return final.index(OTHERS) if node in folded else -1


def _folded(
    sums: tuple[Floats, Floats, Floats], into: list[int], size: int
) -> tuple[Floats, Floats, Floats]:
    count, place, visits = sums
    there = np.array(into) >= 0
    fold = np.zeros((len(into), size))
    fold[there, np.array(into)[there]] = 1
    folded = fold.T @ count @ fold
    np.fill_diagonal(folded, 0)
    return folded, fold.T @ place, fold.T @ visits


def _columns(
    nodes: tuple[str, ...], services: int, count: Floats, place: Floats
) -> tuple[tuple[int, ...], ...]:
    """Cut services, in order of how early they come, into columns, and order each column."""
    early = sorted(range(1, services + 1), key=lambda code: place[code])
    cuts = np.array_split(np.array(early, dtype=np.int64), max(1, min(COLUMNS, services)))
    columns = [[0], *(list(map(int, cut)) for cut in cuts), list(range(services + 1, len(nodes)))]
    columns = [column for column in columns if column]
    both = count + count.T
    for _ in range(6):  # sweeps: each node to the mean height of what it is connected to
        height = {
            code: (at + 0.5) / len(column) for column in columns for at, code in enumerate(column)
        }
        for column in columns:
            column.sort(key=lambda code: _mean_height(code, both, height))
    return tuple(tuple(column) for column in columns)


def _mean_height(code: int, both: Floats, height: dict[int, float]) -> float:
    weight = {other: float(both[code, other]) for other in height if other != code}
    total = sum(weight.values())
    if not total:
        return height[code]
    return sum(height[other] * value for other, value in weight.items()) / total
