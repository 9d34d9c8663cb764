"""Episodes that may wait for each other for ever, each holding what another needs.

A resource may be stuck if it is held by episodes that wait for others that may be stuck: for one
of those they need all of, for every one of those any of which would do. Starting from all
resources, those that cannot be stuck are taken out until nothing changes; circles are looked for
among those that are left.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sim.scenario.analysis.graph import (
    components,
    edges_of,
    gives_up,
    half_of,
    reach,
    shortest_loop,
)
from sim.scenario.analysis.holding import holdings
from sim.scenario.language.model import Scenario, Step
from sim.scenario.written.positions import Complaint


@dataclass(frozen=True, slots=True)
class _Wait:
    """A step at which episodes that hold `held` wait until one of `wanted` is to be had."""

    step: str
    held: str
    wanted: tuple[str, ...]
    by_tasks: bool = False

    def __str__(self) -> str:
        """The wait in words."""
        tasks = "side tasks that need " if self.by_tasks else ""
        wanted = " or ".join(f"`{name}`" for name in self.wanted)
        return f"step `{self.step}` waits for {tasks}{wanted} holding `{self.held}`"


def deadlock_warnings(model: Scenario) -> list[Complaint]:
    """Circles of resources each of which is kept by episodes waiting for the next one.

    With all units of such resources held by each other's waiters, nobody moves again, unless
    somebody gives up within the run.
    """
    stuck = _stuck(list(_waits(model)))

    def successors(resource: str) -> list[str]:
        return list(dict.fromkeys(name for wait in stuck.get(resource, ()) for name in wait.wanted))

    findings = []
    for members in components(stuck, successors):
        loop = shortest_loop(sorted(members), successors)
        if loop is None:
            continue
        circle = _circle(loop, stuck)
        findings.append(
            Complaint(
                ("pathway", circle[0].step),
                "episodes may wait for each other for ever",
                "; ".join(map(str, circle)),
                "patience that ends within the run, or giving one up before waiting for the other",
            )
        )
    return findings


def _circle(loop: Sequence[str], stuck: Mapping[str, Sequence[_Wait]]) -> list[_Wait]:
    """The waits along a loop, and why what else they could be served by is stuck as well."""
    found = {a: next(w for w in stuck[a] if b in w.wanted) for a, b in pairwise(loop)}
    others = [name for wait in found.values() for name in wait.wanted]
    while others:
        name = others.pop(0)
        if name not in found:
            found[name] = stuck[name][0]
            others += found[name].wanted
    return list(found.values())


def _stuck(waits: Sequence[_Wait]) -> dict[str, list[_Wait]]:
    """The resources that may be stuck, each with the waits for others that may be."""
    found: dict[str, list[_Wait]] = {}
    for wait in waits:
        found.setdefault(wait.held, []).append(wait)
    while True:
        left = {
            name: [wait for wait in mine if all(other in found for other in wait.wanted)]
            for name, mine in found.items()
        }
        left = {name: mine for name, mine in left.items() if mine}
        if left == found:
            return found
        found = left


def _waits(model: Scenario) -> Iterator[_Wait]:
    """What is waited for where something is held, by those who do not all give up."""
    for holding in holdings(model):
        step = model.pathway[holding.step]
        if gives_up(step, half_of(model.run)) == "always":
            continue
        for held in holding.may:
            if model.resources[held].capacity == "unlimited":
                continue
            for wanted in _wanted(step):
                if held not in wanted:
                    yield _Wait(holding.step, held, wanted)
            for name in needed_by_tasks(model, step):
                yield _Wait(holding.step, held, (name,), by_tasks=True)


def _wanted(step: Step) -> list[tuple[str, ...]]:
    """What a step waits for, each time until one of some resources is to be had.

    Who has joined the `shortest` queue stays in it, whichever it was.
    """
    if step.seize is not None and step.seize.ask == "any_of":
        return [step.asked]
    return [(name,) for name in step.asked]


def needed_by_tasks(model: Scenario, step: Step) -> list[str]:
    """Resources with limits that the side tasks which a step joins may ask for."""

    def successors(name: str) -> list[str]:
        after = [edge.target for edge in edges_of(name, model.pathway[name])]
        return [target for target in after if target in model.pathway]

    steps = reach(step.join, successors)
    asked = dict.fromkeys(name for task in steps for name in model.pathway[task].asked)
    return [name for name in asked if model.resources[name].capacity != "unlimited"]
