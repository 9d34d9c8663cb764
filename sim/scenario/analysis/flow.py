"""Expected visits to every step: the traffic equations of a pathway.

Without waiting there is no reneging and no balking on a full queue, and where a queue is supposed
to be endless all who can do so leave it, so that expected visits obey linear equations over the
routing graph, loops included. They are solved for many kinds of episodes at once. A node is a step
together with the levels that steps have `set` on the way; calendars are independent chances,
signals are supposed to be on or off, a closed resource turns away those who balk.
"""

from __future__ import annotations

import heapq
import itertools
import math
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.scenario.analysis.graph import branches, components, reach, side_tasks
from sim.scenario.analysis.means import longer_than
from sim.scenario.analysis.mix import Circumstances, Floats, Mix, expected, share_of
from sim.scenario.language.model import Scenario, Step
from sim.scenario.written.values import Rising, Shares, Table, leaves

#: a step, and the levels set on the way to it
Node = tuple[str, tuple[tuple[str, str], ...]]

#: more nodes than this are not worth a static estimate
MOST_NODES = 12_000

#: terms worked out for all loops together before giving up
MOST_UPDATES = 2_000_000

#: visits to one step by the same episode that mean it never gets away
MOST_VISITS = 1e9

#: the probability of leaving a loop that counts as none
NEVER_LEFT = 1e-12


class TooComplexError(Exception):
    """A pathway with too many combinations, or a loop left too rarely, for an estimate."""


@dataclass
class Network:
    """The pathway unfolded into nodes, with probabilities for each kind of episode.

    `onward[n]` goes on with the same episode, `tasks[n]` starts side tasks; `unserved[n]` is the
    part of `onward[n]` that goes on without having been served, `turned_away[n]` the chance of it
    (those who so come to an outcome included).
    """

    kinds: Mix
    entries: dict[Node, Floats] = field(default_factory=dict)
    onward: dict[Node, dict[Node, Floats]] = field(default_factory=dict)
    tasks: dict[Node, dict[Node, Floats]] = field(default_factory=dict)
    turned_away: dict[Node, Floats] = field(default_factory=dict)
    unserved: dict[Node, dict[Node, Floats]] = field(default_factory=dict)

    def everything(self, node: Node) -> list[Node]:
        """All nodes that follow a node."""
        return list(dict.fromkeys([*self.onward[node], *self.tasks[node]]))


@dataclass(frozen=True)
class Stress:
    """What is supposed of queues and signals; by default that nobody waits and all are off.

    Whoever comes to the resource `endless` with a priority number of at least `since` finds an
    endless queue. If `patience`, they leave unless it lasts longer than `long` minutes; if
    `limits`, they are turned away where a full queue turns people away.
    """

    signals_on: frozenset[str] = frozenset()
    endless: str = ""
    since: float = -math.inf
    patience: bool = True
    limits: bool = True
    long: float = math.inf


#: nobody waits, no signal is on
CALM = Stress()


@dataclass(frozen=True)
class Surroundings:
    """What routing depends on besides the kinds: chances of calendars, of closed resources."""

    chance: Mapping[str, Floats]
    quiet: Mapping[str, str]
    closed: Mapping[str, Floats]
    tracked: tuple[str, ...]
    stress: Stress = CALM
    ahead: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def arriving(self, step: str, levels: Iterable[tuple[str, str]]) -> Node:
        """The node of those who come to a step; what nobody will read any more is forgotten."""
        matter = self.ahead.get(step)
        if matter is None:
            return step, tuple(levels)
        return step, tuple(
            (name, level if name in matter else self.quiet[name]) for name, level in levels
        )


def unfold(
    model: Scenario, kinds: Mix, entries: Mapping[str, Floats], around: Surroundings
) -> Network:
    """The network that episodes entering at `entries` (rates by step) can walk.

    Raises
    ------
    TooComplexError
        If it has more than `MOST_NODES` nodes.
    """
    network = Network(kinds)
    start = tuple((name, model.attributes[name].initially) for name in sorted(around.tracked))
    for step, rate in entries.items():
        if step in model.pathway and rate.any():
            network.entries[around.arriving(step, start)] = rate
    waiting = deque(network.entries)
    seen = set(waiting)
    while waiting:
        node = waiting.popleft()
        _leave(model, network, node, around)
        for target in network.everything(node):
            if target not in seen:
                seen.add(target)
                waiting.append(target)
        if len(seen) > MOST_NODES:
            raise TooComplexError("too many combinations of steps and levels set by steps")
    return network


def _leave(model: Scenario, network: Network, node: Node, around: Surroundings) -> None:
    """Fill in where a node leads."""
    step = model.pathway[node[0]]
    onward: dict[Node, Floats] = {}
    tasks: dict[Node, Floats] = {}
    away = np.zeros(len(network.kinds))
    unserved: dict[Node, Floats] = {}
    for target, share in _not_served(model, step, network.kinds, node, around):
        away = away + share
        if target in model.pathway:
            _add(unserved, around.arriving(target, node[1]), share)
    onward.update(unserved)
    network.turned_away[node], network.unserved[node] = away, unserved
    for memory, chance in _assigned(step, network.kinds, node, around):
        served = chance * (1.0 - away)
        after = Circumstances({**around.quiet, **dict(memory)}, around.chance)
        for first in side_tasks(step):
            share = expected(step.spawn[first], network.kinds, float, after)
            _add(tasks, around.arriving(first, memory), served * share)
        for target in branches(step.route):
            if target in model.pathway:
                share = expected(step.route, network.kinds, share_of(target), after)
                _add(onward, around.arriving(target, memory), served * share)
    network.onward[node] = onward
    network.tasks[node] = tasks


def _not_served(
    model: Scenario, step: Step, kinds: Mix, node: Node, around: Surroundings
) -> Iterator[tuple[str, Floats]]:
    """Where those go who come to a step and leave it unserved, with their chance."""
    if step.seize is None:
        return
    left = np.ones(len(kinds))
    here = Circumstances({**around.quiet, **dict(node[1])}, around.chance)
    if step.book is not None:
        yield from _not_attending(step, kinds, around, here)
        return
    if step.balk_to is not None and "closed" in step.balk_when:
        each = np.array([around.closed[name] for name in step.asked])
        closed = each.max(axis=0) if step.seize.ask == "all" else each.min(axis=0)
        left = left - closed
        yield from _shared(step.balk_to, closed, kinds, here)
    stress = around.stress
    if stress.endless not in step.asked:
        return
    resource = model.resources[stress.endless]
    if step.priority is not None and resource.discipline == "priority":
        left = left * (expected(step.priority, kinds, at_last, here) >= stress.since)
    full = step.balk_to is not None and "full" in step.balk_when
    if stress.limits and full and step.balk_to is not None and resource.queue_limit is not None:
        yield from _shared(step.balk_to, left, kinds, here)
    elif stress.patience and step.patience is not None and step.renege_to is not None:
        stays = expected(step.patience, kinds, lambda leaf: longer_than(leaf, stress.long), here)
        yield from _shared(step.renege_to, left * (1.0 - stays), kinds, here)


def _not_attending(
    step: Step, kinds: Mix, around: Surroundings, here: Circumstances
) -> Iterator[tuple[str, Floats]]:
    """Where those go who do not come to what they booked, or find no slot."""
    comes = expected(step.attend, kinds, float, here)
    if step.renege_to is not None:
        yield from _shared(step.renege_to, 1.0 - comes, kinds, here)
    if around.stress.endless == step.book and around.stress.limits and step.balk_to is not None:
        yield from _shared(step.balk_to, comes, kinds, here)


def _shared(
    route: Table[Shares], chance: Floats, kinds: Mix, here: Circumstances
) -> Iterator[tuple[str, Floats]]:
    """The targets of a route, with the part of a chance that each has."""
    for target in branches(route):
        yield target, chance * expected(route, kinds, share_of(target), here)


def at_last(priority: Any) -> float:
    """The priority of those who have waited long enough for it to change no more."""
    return float(priority.after[-1][1] if isinstance(priority, Rising) else priority)


def _add(edges: dict[Node, Floats], target: Node, share: Floats) -> None:
    if share.any():
        edges[target] = edges[target] + share if target in edges else share


def _assigned(
    step: Step, kinds: Mix, node: Node, around: Surroundings
) -> list[tuple[tuple[tuple[str, str], ...], Floats]]:
    """The levels that may be set when a step ends, each combination with its chance."""
    before = Circumstances({**around.quiet, **dict(node[1])}, around.chance)
    options: list[list[tuple[str, str, Floats]]] = []
    for name, table in step.set.items():
        if name not in around.tracked:
            continue
        levels = dict.fromkeys(level for shares in leaves(table) for level in shares)
        chances = [(name, level, expected(table, kinds, share_of(level), before))
                   for level in levels]  # fmt: skip
        options.append([choice for choice in chances if choice[2].any()])
    found = []
    for combination in itertools.product(*options):
        chance = np.ones(len(kinds))
        for _, _, share in combination:
            chance = chance * share
        levels_after = {**dict(node[1]), **{name: level for name, level, _ in combination}}
        if chance.any():
            found.append((tuple(sorted(levels_after.items())), chance))
    return found


def visits(network: Network) -> dict[Node, Floats]:
    """Expected visits to each node, per unit of the entry rates, side tasks included.

    Raises
    ------
    TooComplexError
        If a loop is left too rarely for its visits to be found.
    """
    arriving: dict[Node, list[tuple[Node, Floats]]] = {node: [] for node in network.onward}
    for node in network.onward:
        for edges in (network.onward[node], network.tasks[node]):
            for target, share in edges.items():
                arriving[target].append((node, share))
    order = components(network.onward, network.everything)[::-1]
    found = _solved(order, arriving, network.entries, len(network.kinds))
    total = sum(float(rate.sum()) for rate in network.entries.values())
    for node, rate in found.items():
        if rate.sum() > total * MOST_VISITS:
            raise TooComplexError(f"hardly anyone ever leaves the loop at step `{node[0]}`")
    return found


def remaining(
    network: Network,
    starts: Iterable[Node],
    own: Mapping[Node, Floats],
    over: Callable[[Node], bool],
) -> dict[Node, Floats]:
    """The expected sum of `own` over the nodes still ahead of an episode, from `starts` on.

    The sum ends at a node that is `over`: it and what follows count nothing.
    """
    first = [node for node in dict.fromkeys(starts) if not over(node)]
    region = reach(first, lambda node: [n for n in network.onward[node] if not over(n)])
    leaving = {
        node: [(n, share) for n, share in network.onward[node].items() if n in region]
        for node in region
    }
    order = components(region, lambda node: [n for n, _ in leaving[node]])
    return _solved(order, leaving, own, len(network.kinds))


def _solved(
    order: list[tuple[Node, ...]],
    terms: Mapping[Node, list[tuple[Node, Floats]]],
    sources: Mapping[Node, Floats],
    size: int,
) -> dict[Node, Floats]:
    """Solve x[n] = source[n] + sum of share x x[m] over `terms[n]`, component by component."""
    x: dict[Node, Floats] = {}
    updates = 0
    for members in order:
        inside = set(members)
        rows: dict[Node, dict[Node, Floats]] = {}
        known: dict[Node, Floats] = {}
        for node in members:
            rows[node] = {}
            known[node] = sources.get(node, np.zeros(size))
            for other, share in terms[node]:
                if other in inside:
                    _add(rows[node], other, share)
                else:
                    known[node] = known[node] + share * x[other]
        updates += _eliminated(members, rows, known, x, MOST_UPDATES - updates)
    return x


def _eliminated(
    members: tuple[Node, ...],
    rows: dict[Node, dict[Node, Floats]],
    known: dict[Node, Floats],
    x: dict[Node, Floats],
    most: int,
) -> int:
    """Solve the equations of one component by eliminating its nodes; returns the work done.

    Fewest neighbours first, which keeps the equations of a pathway sparse.
    """
    users: dict[Node, set[Node]] = {node: set() for node in members}
    for node, row in rows.items():
        for other in row:
            users[other].add(node)
    heap = [(len(rows[n]) * len(users[n]), i, n) for i, n in enumerate(members)]
    heapq.heapify(heap)
    done: list[tuple[Node, Floats]] = []
    left = set(members)
    updates = 0
    while heap:
        _, i, node = heapq.heappop(heap)
        if node not in left:
            continue
        cost = len(rows[node]) * len(users[node])
        if heap and cost > heap[0][0]:
            heapq.heappush(heap, (cost, i, node))  # its neighbours have multiplied meanwhile
            continue
        left.remove(node)
        updates += cost + 1
        if updates > most:
            raise TooComplexError(f"too many ways round the loops at step `{node[0]}`")
        done.append((node, _eliminate(node, rows, users, known)))
    for node, scale in reversed(done):
        total = known[node]
        for other, share in rows[node].items():
            total = total + share * x[other]
        x[node] = scale * total
    return updates


def _eliminate(
    node: Node,
    rows: dict[Node, dict[Node, Floats]],
    users: dict[Node, set[Node]],
    known: dict[Node, Floats],
) -> Floats:
    """Put the equation of a node into those that use it; returns what its own is scaled by."""
    row = rows[node]
    own = row.pop(node, None)
    users[node].discard(node)
    # where no one ever leaves there is no solution, which the size of what comes out then shows
    scale: Floats = np.ones(1) if own is None else 1.0 / np.maximum(1.0 - own, NEVER_LEFT)
    for user in users.pop(node):
        share = rows[user].pop(node) * scale
        known[user] = known[user] + share * known[node]
        for other, part in row.items():
            _add(rows[user], other, share * part)
            if other in rows[user]:
                users[other].add(user)
    for other in row:
        users[other].discard(node)
    return scale
