"""The pathway as a graph: what can follow what, and in no time.

Steps and outcomes are the nodes; routes, balking and reneging are the edges. This module only
looks; what is wrong with a graph is said by its neighbours `pathway` and `holding`.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from sim.scenario.analysis.means import longer_than
from sim.scenario.language.model import Run, Scenario, Step
from sim.scenario.written.values import NEVER, Delay, Shares, Table, Until, leaves

Node = TypeVar("Node", bound=Hashable)

EdgeKind = Literal["route", "balk", "renege", "interrupt", "spawn"]


@dataclass(frozen=True, slots=True)
class Edge:
    """One way out of a step.

    `possible` is False for a branch whose probability is 0 in every cell of its table.
    `instant` says whether going this way takes no time: always, never, or in some cells only.
    """

    source: str
    target: str
    kind: EdgeKind
    possible: bool
    instant: Literal["always", "sometimes", "never"]


def branches(route: Table[Shares]) -> dict[str, float]:
    """Every name a route mentions, with the largest probability it has in any cell."""
    found: dict[str, float] = {}
    for shares in leaves(route):
        for name, share in shares.items():
            found[name] = max(share, found.get(name, 0.0))
    return found


def is_zero(distribution: Delay) -> bool:
    """Whether a delay can be nothing but 0. One until something opens takes time in most cases."""
    if isinstance(distribution, Until):
        return False
    if distribution.shaping is not None and distribution.shaping.plus != 0:
        return False
    if distribution.kind in ("empirical", "quantiles"):
        return all(value == 0 for value in distribution.values)
    if distribution.kind in ("constant", "exponential"):
        return distribution.parameters[0] == 0
    if distribution.kind in ("uniform", "triangular"):
        return distribution.parameters[-1] == 0
    return False


def takes_no_time(
    duration: Table[Any] | None,
) -> Literal["always", "sometimes", "never"]:
    """Whether a duration is 0 in all, some or none of its cells; no duration is 0."""
    if duration is None:
        return "always"
    zeros = {is_zero(leaf) for leaf in leaves(duration)}
    if zeros == {True}:
        return "always"
    return "sometimes" if True in zeros else "never"


def gives_up(step: Step, within: float = math.inf) -> Literal["always", "sometimes", "never"]:
    """Whether who waits at a step gives up in the end, in all, some or no cells of its patience.

    A patience of which more than half is longer than `within` minutes is none.
    """
    if step.patience is None:
        return "never"
    stays = {leaf == NEVER or longer_than(leaf, within) > 0.5 for leaf in leaves(step.patience)}
    if stays == {False}:
        return "always"
    return "sometimes" if False in stays else "never"


def half_of(run: Run) -> float:
    """Minutes to the middle of a run: patience that lasts longer keeps nobody's queue short."""
    return (run.warm_up + run.duration) / 2.0


def edges_of(name: str, step: Step) -> Iterator[Edge]:
    """All ways out of one step."""
    instant = takes_no_time(step.delay)
    for target, share in branches(step.route).items():
        yield Edge(name, target, "route", share > 0, instant)
    if step.seize is None and not step.join:
        return
    for target, share in branches(step.balk_to or {}).items():
        yield Edge(name, target, "balk", share > 0, "always")
    for target, share in branches(step.renege_to or {}).items():
        if step.patience is None:  # sent away when a resource closes, which is only now and then
            yield Edge(name, target, "renege", share > 0, "never")
        else:
            possible = share > 0 and gives_up(step) != "never"
            yield Edge(name, target, "renege", possible, takes_no_time(step.patience))
    if step.interruptible is not None and step.interruptible.to is not None:
        yield Edge(name, step.interruptible.to, "interrupt", True, "never")


def all_edges(model: Scenario) -> dict[str, tuple[Edge, ...]]:
    """The edges out of every step, by step."""
    return {name: tuple(edges_of(name, step)) for name, step in model.pathway.items()}


def spawning(name: str, step: Step) -> Iterator[Edge]:
    """The side tasks a step starts, as edges; not ways out for the episode itself."""
    instant = takes_no_time(step.delay)
    for first, share in side_tasks(step).items():
        yield Edge(name, first, "spawn", share > 0, instant)


def side_tasks(step: Step) -> dict[str, float]:
    """First steps of the side tasks of a step, with the largest probability of each."""
    found: dict[str, float] = {}
    for first, table in step.spawn.items():
        found[first] = max(leaves(table))
    return found


def reach(
    starts: Iterable[Node], successors: Callable[[Node], Iterable[Node]]
) -> dict[Node, Node | None]:
    """Everything that can be reached, each with the node it was first reached from.

    Breadth first, so following the nodes back gives a shortest path.
    """
    came_from: dict[Node, Node | None] = dict.fromkeys(starts)
    waiting = deque(came_from)
    while waiting:
        node = waiting.popleft()
        for target in successors(node):
            if target not in came_from:
                came_from[target] = node
                waiting.append(target)
    return came_from


def path_to(node: Node, came_from: Mapping[Node, Node | None]) -> list[Node]:
    """The way to a node found by `reach`, from its start."""
    path = [node]
    while (before := came_from[path[-1]]) is not None:
        path.append(before)
    return path[::-1]


def components(
    nodes: Iterable[Node], successors: Callable[[Node], Sequence[Node]]
) -> list[tuple[Node, ...]]:
    """Strongly connected components, each after all components it leads to.

    Tarjan's algorithm (1972), without recursion so that a long pathway cannot exhaust the stack.
    """
    index: dict[Node, int] = {}
    low: dict[Node, int] = {}
    stack: list[Node] = []
    on_stack: set[Node] = set()
    found: list[tuple[Node, ...]] = []
    for root in nodes:
        if root in index:
            continue
        work: list[tuple[Node, Iterator[Node]]] = [(root, iter(successors(root)))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, rest = work[-1]
            target = next((t for t in rest if t not in index or t in on_stack), None)
            if target is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    found.append(_unwind(stack, on_stack, node))
            elif target not in index:
                index[target] = low[target] = len(index)
                stack.append(target)
                on_stack.add(target)
                work.append((target, iter(successors(target))))
            else:
                low[node] = min(low[node], index[target])
    return found


def _unwind(stack: list[Node], on_stack: set[Node], root: Node) -> tuple[Node, ...]:
    """Take one finished component off Tarjan's stack."""
    members = []
    while True:
        node = stack.pop()
        on_stack.discard(node)
        members.append(node)
        if node == root:
            return tuple(reversed(members))


def shortest_loop(
    members: Sequence[Node], successors: Callable[[Node], Sequence[Node]]
) -> list[Node] | None:
    """A shortest loop through the first of `members` that lies on one, its start repeated."""
    inside = set(members)
    for start in members:
        came_from = reach(
            [t for t in successors(start) if t in inside],
            lambda node: [t for t in successors(node) if t in inside],
        )
        if start in came_from:
            return [start, *path_to(start, came_from)]
    return None


def arrow(path: Iterable[str]) -> str:
    """A path in words; the middle of a long one is left out."""
    names = list(path)
    if len(names) > 12:
        names = [*names[:6], "...", *names[-5:]]
    return " -> ".join(names)
