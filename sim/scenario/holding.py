"""What an episode may hold when it comes to each step, along every path that leads there.

One resource at a time: an episode has it not at all, keeps it until the next step has started
(`hold: next`), or keeps it until a later release (`hold: true`). Every step turns one of these
into another whatever else is held, so following (step, state) pairs through the graph is exact
for its paths. Where that finds something wrong, the paths are followed again remembering the
levels of the attributes that routes depend on, so that a patient who was not admitted is not
taken to hold a bed because someone else was.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from typing import TypeVar

from sim.scenario.attributes import Attribute
from sim.scenario.graph import (
    all_edges,
    arrow,
    branches,
    components,
    path_to,
    reach,
    shortest_loop,
    side_tasks,
)
from sim.scenario.model import Scenario, Step
from sim.scenario.pathway import reached_steps
from sim.scenario.spots import Complaint
from sim.scenario.values import By, Table, attributes_of

T = TypeVar("T")

#: remembered levels: (attribute, level) pairs in order of attribute
Memory = tuple[tuple[str, str], ...]

#: give up remembering levels beyond so many states of one resource
MOST_STATES = 20_000


class Kept(Enum):
    """Whether an episode has a unit of the resource on coming to a step."""

    NO = "no"
    NEXT = "next"
    TRUE = "true"


@dataclass(frozen=True, slots=True)
class State:
    """An episode on its way into a step, as far as one resource is concerned."""

    step: str
    kept: Kept
    memory: Memory
    side_task: bool


@dataclass(frozen=True, slots=True)
class Holding:
    """Resources that may be, and that always are, held on coming to a step."""

    step: str
    may: tuple[str, ...]
    always: tuple[str, ...]


def holdings(model: Scenario) -> list[Holding]:
    """What may be held on coming to each step that is reached, in the order of the file."""
    walks = {name: _walk(model, name, {}) for name in kept_resources(model)}
    states: dict[str, dict[str, set[Kept]]] = {}
    for resource, came_from in walks.items():
        for state in came_from:
            states.setdefault(state.step, {}).setdefault(resource, set()).add(state.kept)
    reached = _reached(model)
    return [
        Holding(
            step,
            may=tuple(r for r, kept in states.get(step, {}).items() if kept != {Kept.NO}),
            always=tuple(r for r, kept in states.get(step, {}).items() if Kept.NO not in kept),
        )
        for step in model.pathway
        if step in reached
    ]


def holding_errors(model: Scenario, attributes: Mapping[str, Attribute]) -> list[Complaint]:
    """Resources seized while they may be held already, or released where they never can be."""
    findings = []
    remembered = _steady_levels(model, attributes)
    for resource in dict.fromkeys([*kept_resources(model), *_released(model)]):
        came_from = _walk(model, resource, {})
        if _seized_twice(model, resource, came_from) and remembered:
            came_from = _walk(model, resource, remembered) or came_from
        for state in _seized_twice(model, resource, came_from):
            findings.append(_twice(model, resource, state, came_from))
        findings.extend(_released_in_vain(model, resource, came_from))
    order = list(model.pathway)
    return sorted(findings, key=lambda finding: order.index(str(finding.path[1])))


def deadlock_warnings(model: Scenario) -> list[Complaint]:
    """Circles of resources each of which is kept by episodes waiting for the next one.

    With all units of such resources held by each other's waiters, nobody moves again.
    """
    waits: dict[str, dict[str, str]] = {}
    for resource in kept_resources(model):
        if model.resources[resource].capacity == "unlimited":
            continue
        for state in _walk(model, resource, {}):
            step = model.pathway[state.step]
            wanted = step.seize
            if wanted is None or wanted == resource or step.patience is not None:
                continue
            if state.kept is not Kept.NO:
                waits.setdefault(resource, {}).setdefault(wanted, state.step)

    def successors(resource: str) -> list[str]:
        return list(waits.get(resource, {}))

    findings = []
    for members in components(waits, successors):
        loop = shortest_loop(sorted(members), successors)
        if loop is None:
            continue
        where = [f"step `{waits[a][b]}` waits for `{b}` holding `{a}`" for a, b in pairwise(loop)]
        findings.append(
            Complaint(
                ("pathway", waits[loop[0]][loop[1]]),
                "episodes may wait for each other for ever",
                "; ".join(where),
                "patience, or giving one up before waiting for the other",
            )
        )
    return findings


def kept_resources(model: Scenario) -> list[str]:
    """Resources that some step holds beyond its own delay, in the order of the file."""
    kept = {step.seize for step in model.pathway.values() if kept_after(step) is not Kept.NO}
    return [name for name in model.resources if name in kept]


def kept_after(step: Step) -> Kept:
    """What a step leaves of the unit it seized."""
    return Kept(step.hold) if step.seize is not None else Kept.NO


def _released(model: Scenario) -> list[str]:
    return [name for step in model.pathway.values() for name in step.release]


def _reached(model: Scenario) -> set[str]:
    return reached_steps(model, all_edges(model), possible_only=False)


def _walk(
    model: Scenario, resource: str, remembered: Mapping[str, Attribute]
) -> dict[State, State | None]:
    """All states of one resource that can come about, each with the one before it.

    Empty where remembering levels leads to more than `MOST_STATES`.
    """
    starts = _starts(model, remembered)
    count = 0

    def successors(state: State) -> Iterator[State]:
        nonlocal count
        count += 1
        if count > MOST_STATES and remembered:
            return
        step = model.pathway.get(state.step)
        if step is not None:
            yield from _next_states(model, state, step, resource, remembered)

    came_from = reach(starts, successors)
    if remembered and count > MOST_STATES:
        return {}
    return {s: before for s, before in came_from.items() if s.step in model.pathway}


def _starts(model: Scenario, remembered: Mapping[str, Attribute]) -> Iterator[State]:
    for crisis in model.crises.values():
        known = {
            name: definition.initially
            for name, definition in model.attributes.items()
            if name in remembered and definition.on == "episode"
        }
        drawn_elsewhere = {a for other in model.crises.values() for a in other.attributes}
        for name in drawn_elsewhere - set(crisis.attributes):
            if name in remembered:
                known[name] = "none"
        for memory, shares in cells(crisis.first, tuple(sorted(known.items())), remembered):
            for step, share in shares.items():
                if share > 0:
                    yield State(step, Kept.NO, memory, False)


def _next_states(
    model: Scenario,
    state: State,
    step: Step,
    resource: str,
    remembered: Mapping[str, Attribute],
) -> Iterator[State]:
    if step.seize is not None:
        for target in (step.balk_to, step.renege_to if step.patience is not None else None):
            if target is not None:
                yield State(target, state.kept, state.memory, state.side_task)
    kept = after(step, resource, state.kept)
    for memory in _assigned(step, state.memory, remembered):
        for first, share in side_tasks(step).items():
            if share > 0:
                yield State(first, Kept.NO, memory, True)
        for following, shares in cells(step.route, memory, remembered):
            for target, share in shares.items():
                if share > 0:
                    yield State(target, kept, following, state.side_task)


def after(step: Step, resource: str, kept: Kept) -> Kept:
    """What is left of a resource once a step has started, ended and given back."""
    if step.seize == resource:
        return kept_after(step)
    if kept is Kept.NEXT or resource in step.release:
        return Kept.NO
    return kept


def cells(
    table: Table[T], memory: Memory, remembered: Mapping[str, Attribute]
) -> Iterator[tuple[Memory, T]]:
    """The values a table can give to an episode with a memory, and what it then remembers."""
    if not isinstance(table, By):
        yield memory, table
        return
    name = table.attribute
    if name not in remembered:
        for cell in (*table.cells.values(), table.other):
            if cell is not None:
                yield from cells(cell, memory, remembered)
        return
    known = dict(memory)
    for level in [known[name]] if name in known else remembered[name].levels:
        cell = table.cells.get(level, table.other)
        if cell is not None:
            yield from cells(cell, tuple(sorted({**known, name: level}.items())), remembered)


def _assigned(step: Step, memory: Memory, remembered: Mapping[str, Attribute]) -> Iterable[Memory]:
    """What may be remembered after the `set` of a step; all tables read the levels before it."""
    memories = {memory}
    for name, table in step.set.items():
        if name not in remembered:
            continue
        memories = {
            tuple(sorted({**dict(following), name: level}.items()))
            for before in memories
            for following, shares in cells(table, before, remembered)
            for level, share in shares.items()
            if share > 0
        }
    return sorted(memories)


def _steady_levels(model: Scenario, attributes: Mapping[str, Attribute]) -> dict[str, Attribute]:
    """Attributes worth remembering: routes depend on them and only the episode changes them."""
    used: set[str] = set()
    for step in model.pathway.values():
        used |= attributes_of(step.route)
    on_side = _set_by_side_tasks(model)
    drawn = {a for crisis in model.crises.values() for a in crisis.attributes}
    steady = set(model.people.attributes) | drawn | (set(model.attributes) - on_side)
    return {name: attributes[name] for name in sorted(used & steady) if name in attributes}


def _set_by_side_tasks(model: Scenario) -> set[str]:
    def successors(name: str) -> list[str]:
        step = model.pathway.get(name)
        return [] if step is None else [*_targets(step), *side_tasks(step)]

    first = [name for step in model.pathway.values() for name in side_tasks(step)]
    return {
        attribute
        for name in reach(first, successors)
        if name in model.pathway
        for attribute in model.pathway[name].set
    }


def _targets(step: Step) -> list[str]:
    ways = [*branches(step.route), step.balk_to, step.renege_to]
    return [name for name in ways if name is not None]


def _seized_twice(
    model: Scenario, resource: str, came_from: Mapping[State, State | None]
) -> list[State]:
    """The first state of each step that seizes the resource while it is kept."""
    found: dict[str, State] = {}
    for state in came_from:
        if model.pathway[state.step].seize == resource and state.kept is not Kept.NO:
            found.setdefault(state.step, state)
    return list(found.values())


def _twice(
    model: Scenario, resource: str, state: State, came_from: Mapping[State, State | None]
) -> Complaint:
    path = path_to(state, came_from)
    holder = max(i for i, s in enumerate(path[:-1]) if model.pathway[s.step].seize == resource)
    steps = [s.step for s in path]
    start = next((i for i, s in enumerate(path) if s.side_task), 0)
    return Complaint(
        ("pathway", state.step, "seize"),
        f"`{resource}` is seized twice",
        f"it may be held already, kept since step `{steps[holder]}`, via {arrow(steps[start:])}",
        f"`release: [{resource}]` at a step in between, or no `hold` at `{steps[holder]}`",
    )


def _released_in_vain(
    model: Scenario, resource: str, came_from: Mapping[State, State | None]
) -> Iterator[Complaint]:
    reached = {state.step for state in came_from}
    held = {state.step for state in came_from if state.kept is not Kept.NO}
    for name, step in model.pathway.items():
        if resource not in step.release or name not in reached or name in held:
            continue
        keepers = [
            other
            for other, candidate in model.pathway.items()
            if candidate.seize == resource and kept_after(candidate) is not Kept.NO
        ]
        if step.seize == resource:
            found = "the step's own unit is given back at its end without being named"
        elif keepers:
            found = f"no path from {', '.join(keepers)} comes here still holding it"
        else:
            found = "no step keeps it with `hold`"
        yield Complaint(
            ("pathway", name, "release"),
            f"step `{name}` releases `{resource}`, which can never be held here",
            found,
            f"a path from a step that seizes `{resource}` with `hold: true`",
        )
