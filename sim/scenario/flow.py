"""Expected visits to every step: the traffic equations of a pathway.

Without waiting there is no reneging and no balking on a full queue, so expected visits obey
linear equations over the routing graph, loops included. They are solved for many kinds of
episodes at once. A node is a step together with the levels that steps have `set` on the way;
calendars are independent chances, signals are quiet, a closed resource turns away those who balk.
"""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from sim.scenario.graph import branches, components, side_tasks
from sim.scenario.kinds import Circumstances, Floats, Kinds, expected, share_of
from sim.scenario.model import Scenario, Step
from sim.scenario.values import leaves

#: a step, and the levels set on the way to it
Node = tuple[str, tuple[tuple[str, str], ...]]

#: more nodes than this are not worth a static estimate
MOST_NODES = 4_000

#: sweeps over a loop before giving up, and the relative change that is small enough
MOST_SWEEPS = 3_000
CONVERGED = 1e-10


class TooComplexError(Exception):
    """A pathway with too many combinations, or a loop left too rarely, for an estimate."""


@dataclass
class Network:
    """The pathway unfolded into nodes, with probabilities for each kind of episode.

    `onward[n]` goes on with the same episode, `tasks[n]` starts side tasks; `turned_away[n]` is
    the chance of being sent off at a closed resource without being served.
    """

    kinds: Kinds
    entries: dict[Node, Floats] = field(default_factory=dict)
    onward: dict[Node, dict[Node, Floats]] = field(default_factory=dict)
    tasks: dict[Node, dict[Node, Floats]] = field(default_factory=dict)
    turned_away: dict[Node, Floats] = field(default_factory=dict)

    def everything(self, node: Node) -> list[Node]:
        """All nodes that follow a node."""
        return list(dict.fromkeys([*self.onward[node], *self.tasks[node]]))


@dataclass(frozen=True)
class Surroundings:
    """What routing depends on besides the kinds: chances of calendars, of closed resources."""

    chance: Mapping[str, Floats]
    quiet: Mapping[str, str]
    closed: Mapping[str, Floats]
    tracked: tuple[str, ...]


def unfold(
    model: Scenario, kinds: Kinds, entries: Mapping[str, Floats], around: Surroundings
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
            network.entries[(step, start)] = rate
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
    size = len(network.kinds)
    away = np.zeros(size)
    if step.seize is not None and step.balk_to is not None and "closed" in step.balk_when:
        away = around.closed[step.seize]
        if step.balk_to in model.pathway:
            _add(onward, (step.balk_to, node[1]), away)
    network.turned_away[node] = away
    for memory, chance in _assigned(step, network.kinds, node, around):
        served = chance * (1.0 - away)
        after = Circumstances({**around.quiet, **dict(memory)}, around.chance)
        for first in side_tasks(step):
            share = expected(step.spawn[first], network.kinds, float, after)
            _add(tasks, (first, memory), served * share)
        for target in branches(step.route):
            if target in model.pathway:
                share = expected(step.route, network.kinds, share_of(target), after)
                _add(onward, (target, memory), served * share)
    network.onward[node] = onward
    network.tasks[node] = tasks


def _add(edges: dict[Node, Floats], target: Node, share: Floats) -> None:
    if share.any():
        edges[target] = edges[target] + share if target in edges else share


def _assigned(
    step: Step, kinds: Kinds, node: Node, around: Surroundings
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
    return _solved(order, arriving, network.entries, len(network.kinds))


def remaining(
    network: Network, own: Callable[[Node], Floats], over: Callable[[Node], bool]
) -> dict[Node, Floats]:
    """The expected sum of `own` over the nodes still ahead of an episode, from each node on.

    The sum ends at a node that is `over`: it and what follows count nothing.
    """
    leaving: dict[Node, list[tuple[Node, Floats]]] = {
        node: [] if over(node) else list(edges.items()) for node, edges in network.onward.items()
    }
    sources = {node: own(node) for node in network.onward if not over(node)}
    order = components(network.onward, lambda node: list(network.onward[node]))
    return _solved(order, leaving, sources, len(network.kinds))


def _solved(
    order: list[tuple[Node, ...]],
    terms: Mapping[Node, list[tuple[Node, Floats]]],
    sources: Mapping[Node, Floats],
    size: int,
) -> dict[Node, Floats]:
    """Solve x[n] = source[n] + sum of share x x[m] over `terms[n]`, component by component."""
    zero = np.zeros(size)
    x: dict[Node, Floats] = {}
    for members in order:
        for node in members:
            x[node] = zero
        loops = len(members) > 1
        for _ in range(MOST_SWEEPS):
            with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
                change = _sweep(members, terms, sources, x, zero)
            if change <= CONVERGED or (not loops and change < np.inf):
                break
        else:
            raise TooComplexError(f"hardly anyone ever leaves the loop at step `{members[0][0]}`")
    return x


def _sweep(
    members: tuple[Node, ...],
    terms: Mapping[Node, list[tuple[Node, Floats]]],
    sources: Mapping[Node, Floats],
    x: dict[Node, Floats],
    zero: Floats,
) -> float:
    """One Gauss-Seidel sweep over a component; returns the largest relative change."""
    change = 0.0
    for node in members:
        total = sources.get(node, zero)
        back = zero
        for other, share in terms[node]:
            if other == node:
                back = back + share
            else:
                total = total + share * x[other]
        # returning to the same node at once is a geometric series, summed exactly
        new = np.where(total > 0, total / np.where(back < 1, 1.0 - back, 0.0), 0.0)
        scale = float(new.max(initial=0.0))
        if not np.isfinite(scale):
            return np.inf
        if scale > 0:
            change = max(change, float(np.abs(new - x[node]).max()) / scale)
        x[node] = new
    return change
