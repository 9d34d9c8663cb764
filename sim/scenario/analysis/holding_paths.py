"""The paths on which a resource is seized twice, told apart by what the episode knows of itself.

Follows one resource through the pathway as (step, state) pairs. It may remember the levels of
attributes that routes depend on, so that a patient who was not admitted is not taken to hold a
bed because someone else was.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

from sim.scenario.analysis.graph import branches, reach, side_tasks
from sim.scenario.language.attributes import NOT_DRAWN, Attribute
from sim.scenario.language.model import Scenario, Step
from sim.scenario.written.values import By, Table, attributes_of

T = TypeVar("T")

#: remembered levels: (attribute, level) pairs in order of attribute
Memory = tuple[tuple[str, str], ...]


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


def kept_after(step: Step) -> Kept:
    """What a step leaves of the unit it seized."""
    return Kept(step.hold) if step.seize is not None else Kept.NO


def walk(
    model: Scenario, resource: str, remembered: Mapping[str, Attribute], most: int
) -> dict[State, State | None] | None:
    """All states of one resource that can come about, each with the one before it.

    None if there are more than `most`.
    """
    count = 0

    def successors(state: State) -> Iterator[State]:
        nonlocal count
        count += 1
        step = model.pathway.get(state.step)
        if step is not None and count <= most:
            yield from _next_states(model, state, step, resource, remembered)

    came_from = reach(_starts(model, remembered), successors)
    if count > most:
        return None
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
                known[name] = NOT_DRAWN
        for memory, shares in _cells(crisis.first, tuple(sorted(known.items())), remembered):
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
    kept = _after(step, resource, state.kept)
    for memory in _assigned(step, state.memory, remembered):
        for first, share in side_tasks(step).items():
            if share > 0:
                yield State(first, Kept.NO, memory, True)
        for following, shares in _cells(step.route, memory, remembered):
            for target, share in shares.items():
                if share > 0:
                    yield State(target, kept, following, state.side_task)


def _after(step: Step, resource: str, kept: Kept) -> Kept:
    """What is left of a resource once a step has started, ended and given back."""
    if step.seize == resource:
        return kept_after(step)
    if kept is Kept.NEXT or resource in step.release:
        return Kept.NO
    return kept


def _cells(
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
                yield from _cells(cell, memory, remembered)
        return
    known = dict(memory)
    for level in [known[name]] if name in known else remembered[name].levels:
        cell = table.cells.get(level, table.other)
        if cell is not None:
            yield from _cells(cell, tuple(sorted({**known, name: level}.items())), remembered)


def _assigned(step: Step, memory: Memory, remembered: Mapping[str, Attribute]) -> Iterable[Memory]:
    """What may be remembered after the `set` of a step; all tables read the levels before it."""
    memories = {memory}
    for name, table in step.set.items():
        if name not in remembered:
            continue
        memories = {
            tuple(sorted({**dict(following), name: level}.items()))
            for before in memories
            for following, shares in _cells(table, before, remembered)
            for level, share in shares.items()
            if share > 0
        }
    return sorted(memories)


def steady_levels(model: Scenario, attributes: Mapping[str, Attribute]) -> dict[str, Attribute]:
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
