"""Whether a pathway can be walked: every step reached, every walk ending, no loop in no time.

What is held along the way is `sim.scenario.analysis.holding`'s subject; whether capacity suffices,
`sim.scenario.analysis.offered_load`'s. The analysis reads the graph only, so it takes a branch for
possible as soon as one cell of its table gives it a probability above 0.
"""

from __future__ import annotations

from itertools import pairwise, permutations

from sim.scenario.analysis.graph import (
    Edge,
    all_edges,
    arrow,
    branches,
    components,
    path_to,
    reach,
    shortest_loop,
    side_tasks,
    spawning,
)
from sim.scenario.analysis.weekly import capacities, is_ever_zero
from sim.scenario.language.model import Resource, Scenario
from sim.scenario.problems import listed
from sim.scenario.written.positions import Complaint


def pathway_errors(model: Scenario) -> list[Complaint]:
    """Steps never reached, steps that can never reach an end, loops that take no time."""
    edges = all_edges(model)
    return [
        *_unreachable(model, edges),
        *_endless(model, edges),
        *_timeless_loops(model, edges, sure=True),
        *_drawn_twice(model, edges),
        *_joined_in_vain(model, edges),
    ]


def pathway_warnings(model: Scenario) -> list[Complaint]:
    """What can be run but was hardly meant: never taken, never used, perhaps timeless."""
    edges = all_edges(model)
    return [
        *_never_taken(model, edges),
        *_timeless_loops(model, edges, sure=False),
        *_unused_resources(model),
        *_unused_outcomes(model, edges),
        *_idle_balking(model),
        *_never_closing(model),
    ]


def entrances(model: Scenario, possible_only: bool = True) -> dict[str, list[str]]:
    """First steps of crises, each with the crises that start there."""
    found: dict[str, list[str]] = {}
    for crisis, definition in model.demand.items():
        for step, share in branches(definition.first).items():
            if share > 0 or not possible_only:
                found.setdefault(step, []).append(crisis)
    return found


def reached_steps(
    model: Scenario, edges: dict[str, tuple[Edge, ...]], possible_only: bool
) -> set[str]:
    """Steps and outcomes that some crisis or side task reaches."""

    def successors(name: str) -> list[str]:
        if name not in model.pathway:
            return []
        following = [e.target for e in edges[name] if e.possible or not possible_only]
        tasks = side_tasks(model.pathway[name])
        return following + [t for t, share in tasks.items() if share > 0 or not possible_only]

    return set(reach(entrances(model, possible_only), successors))


def _unreachable(model: Scenario, edges: dict[str, tuple[Edge, ...]]) -> list[Complaint]:
    # A branch of probability 0 counts: an option or a sweep may raise it later.
    reached = reached_steps(model, edges, possible_only=False)
    leading: dict[str, list[str]] = {}
    for name, step in model.pathway.items():
        for target in [*(e.target for e in edges[name]), *side_tasks(step)]:
            if name not in reached and target != name:
                leading.setdefault(target, []).append(name)
    findings = []
    for name in model.pathway:
        if name in reached:
            continue
        if name in leading:
            before = ", ".join(dict.fromkeys(leading[name]))
            found = f"only {before} leads here, not reached either"
        else:
            found = "nothing leads here"
        findings.append(
            Complaint(
                ("pathway", name),
                f"step `{name}` is never reached",
                found,
                "a crisis that starts here, or a step that routes, balks, reneges or spawns here",
            )
        )
    return findings


def _endless(model: Scenario, edges: dict[str, tuple[Edge, ...]]) -> list[Complaint]:
    backwards: dict[str, list[str]] = {}
    for name, out in edges.items():
        for edge in out:
            if edge.possible:
                backwards.setdefault(edge.target, []).append(name)
    ends = [name for name in backwards if name not in model.pathway]
    able = reach(ends, lambda node: backwards.get(node, []))
    stuck = [name for name in model.pathway if name not in able]

    def successors(name: str) -> list[str]:
        return [e.target for e in edges[name] if e.possible and e.target in model.pathway]

    findings = []
    for trap in components(stuck, successors):
        if any(target not in trap for name in trap for target in successors(name)):
            continue  # it only leads to the trap, which is reported by itself
        first = min(trap, key=list(model.pathway).index)
        loop = shortest_loop([first, *trap], successors) or [first]
        findings.append(
            Complaint(
                ("pathway", first),
                f"step `{first}` can never reach an outcome",
                arrow(loop) if len(loop) > 1 else f"no way out of `{first}`",
                "a way to one of: " + ", ".join(model.outcomes),
            )
        )
    return findings


def _timeless_loops(
    model: Scenario, edges: dict[str, tuple[Edge, ...]], sure: bool
) -> list[Complaint]:
    """Loops that never take time (`sure`), or that take none in some cells of their tables."""
    fast = {"always"} if sure else {"always", "sometimes"}
    quick = {
        name: [
            e
            for e in (*out, *spawning(name, model.pathway[name]))
            if e.possible and e.instant in fast and e.target in model.pathway
        ]
        for name, out in edges.items()
    }

    def successors(name: str) -> list[str]:
        return [e.target for e in quick[name]]

    findings = []
    for members in components(model.pathway, successors):
        loop = shortest_loop(sorted(members, key=list(model.pathway).index), successors)
        if loop is None:
            continue
        ways = [next(e for e in quick[a] if e.target == b) for a, b in pairwise(loop)]
        if not sure and all(way.instant == "always" for way in ways):
            continue  # already an error
        findings.append(_timeless(loop, ways, sure))
    return findings


def _drawn_twice(model: Scenario, edges: dict[str, tuple[Edge, ...]]) -> list[Complaint]:
    """Steps of one walk that share a `draws_as`: they would draw the same numbers.

    Alternatives may share one: a step that was split in two, of which an episode sees one.
    """
    sharing: dict[str, list[str]] = {}
    for name, step in model.pathway.items():
        if step.draws_as is not None and step.draws_as != name:
            sharing.setdefault(step.draws_as, []).append(name)

    def successors(name: str) -> list[str]:
        return [e.target for e in edges.get(name, ()) if e.possible]

    findings = []
    for draws_as, names in sharing.items():
        for name, other in permutations(names, 2):
            came_from = reach(successors(name), successors)
            if other in came_from:
                way = [name, *path_to(other, came_from)]
                findings.append(
                    Complaint(
                        ("pathway", other, "draws_as"),
                        f"`{name}` draws as `{draws_as}` too, and an episode may come to both",
                        arrow(way),
                        "another name (steps of which an episode meets only one may share)",
                    )
                )
                break
    return findings


def _joined_in_vain(model: Scenario, edges: dict[str, tuple[Edge, ...]]) -> list[Complaint]:
    """Side tasks that a step joins, and that no step before it starts."""

    def successors(name: str) -> list[str]:
        return [e.target for e in edges.get(name, ())]

    findings = []
    for name, step in model.pathway.items():
        for index, task in enumerate(step.join):
            starters = [other for other, before in model.pathway.items() if task in before.spawn]
            if not any(name in reach(successors(other), successors) for other in starters):
                where = listed(f"`{other}`" for other in starters)
                findings.append(
                    Complaint(
                        ("pathway", name, "join", index),
                        f"no step before this one spawns `{task}`",
                        f"only {where}, from which no way leads here" if starters else "none does",
                        "the first step of a side task that an earlier step spawns",
                    )
                )
    return findings


def _timeless(loop: list[str], ways: list[Edge], sure: bool) -> Complaint:
    spelled = loop[0] + "".join(
        f" -> {way.target}" + ("" if way.kind == "route" else f" ({way.kind})") for way in ways
    )
    if sure:
        return Complaint(
            ("pathway", loop[0]),
            "a loop that takes no time",
            spelled,
            "a delay above 0 at one of its steps",
        )
    return Complaint(
        ("pathway", loop[0]),
        "a loop that takes no time in some cells of its tables",
        spelled,
        "a delay above 0 in every cell, unless no one can go round in those cells",
    )


def _never_taken(model: Scenario, edges: dict[str, tuple[Edge, ...]]) -> list[Complaint]:
    mentioned = reached_steps(model, edges, possible_only=False)
    possible = reached_steps(model, edges, possible_only=True)
    return [
        Complaint(
            ("pathway", name),
            f"step `{name}` is only reached by branches of probability 0",
        )
        for name in model.pathway
        if name in mentioned and name not in possible
    ]


def _unused_resources(model: Scenario) -> list[Complaint]:
    seized = {name for step in model.pathway.values() for name in step.asked}
    return [
        Complaint(("resources", name), f"no step seizes `{name}`")
        for name in model.resources
        if name not in seized
    ]


def _unused_outcomes(model: Scenario, edges: dict[str, tuple[Edge, ...]]) -> list[Complaint]:
    reached = reached_steps(model, edges, possible_only=False)
    return [
        Complaint(("outcomes", name), f"no step ends in `{name}`")
        for name in model.outcomes
        if name not in reached
    ]


def _idle_balking(model: Scenario) -> list[Complaint]:
    """`balk_to` where nothing can ever turn anyone away."""
    findings = []
    for name, step in model.pathway.items():
        if step.balk_to is None or not step.asked or step.book is not None:
            continue
        resources = [model.resources[asked] for asked in step.asked]
        full = "full" in step.balk_when and any(r.queue_limit is not None for r in resources)
        closed = "closed" in step.balk_when and any(map(_can_close, resources))
        if not full and not closed:
            which = listed(f"`{asked}`" for asked in step.asked)
            findings.append(
                Complaint(
                    ("pathway", name, "balk_to"),
                    f"no one is ever turned away: {which} has no queue_limit and never closes",
                )
            )
    return findings


def _never_closing(model: Scenario) -> list[Complaint]:
    """`at_closing` where nothing ever closes."""
    return [
        Complaint(("resources", name, "at_closing"), f"`{name}` never closes")
        for name, resource in model.resources.items()
        if resource.at_closing != "wait" and not _can_close(resource)
    ]


def _can_close(resource: Resource) -> bool:
    """Whether a resource ever has no unit at all."""
    return any(is_ever_zero(capacity) for _, capacity in capacities(resource))
