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
from sim.scenario.written.values import By, Keeping, Table, attributes_of, leaves

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


def kept_after(step: Step, resource: str, target: str = "") -> Kept:
    """What a step leaves of the units of a resource it seized to who goes to a target."""
    if resource not in step.asked:
        return Kept.NO
    if isinstance(step.hold, Keeping):
        return Kept(step.hold.of(target, resource))
    return Kept(step.hold)


def ever_kept(step: Step, resource: str) -> frozenset[Kept]:
    """All that a step may leave of a resource, whatever the way it goes on."""
    return frozenset(kept_after(step, resource, target) for target in branches(step.route))


def surely_got(step: Step, resource: str) -> bool:
    """Whether everyone who starts at a step has got a unit of a resource."""
    if step.seize is None or resource not in step.asked:
        return False
    least = min(leaves(step.seize.needs[resource].units))
    return least > 0 if step.seize.ask == "all" else len(step.asked) == 1


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
    for crisis in model.demand.values():
        known = {
            name: definition.initially
            for name, definition in model.attributes.items()
            if name in remembered and definition.on == "episode"
        }
        drawn_elsewhere = {a for other in model.demand.values() for a in other.attributes}
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
    for target in turned_away(step):
        yield State(target, state.kept, state.memory, state.side_task)
    if step.interruptible is not None and step.interruptible.to is not None:
        stays = state.kept is Kept.TRUE and resource not in step.release
        still = Kept.TRUE if stays else Kept.NO
        yield State(step.interruptible.to, still, state.memory, state.side_task)
    for memory in _assigned(step, state.memory, remembered):
        for first, share in side_tasks(step).items():
            if share > 0:
                yield State(first, Kept.NO, memory, True)
        for following, shares in _cells(step.route, memory, remembered):
            for target, share in shares.items():
                if share > 0:
                    for kept in _after(step, resource, state.kept, target):
                        yield State(target, kept, following, state.side_task)


def turned_away(step: Step) -> list[str]:
    """Where those go whom a step does not serve."""
    if step.seize is None and not step.join:
        return []
    ways = list(branches(step.balk_to or {}))
    return ways + list(branches(step.renege_to or {}))


def _after(step: Step, resource: str, kept: Kept, target: str) -> list[Kept]:
    """What may be left of a resource once a step has started, ended and given back."""
    found = []
    if resource in step.asked:
        found.append(kept_after(step, resource, target))
        if surely_got(step, resource):
            return found
    if kept is Kept.NEXT or resource in step.release:
        found.append(Kept.NO)
    if kept is not Kept.NEXT and (resource not in step.release or step.release[resource]):
        found.append(kept)  # of which a number that is given may leave some
    return list(dict.fromkeys(found))


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
    drawn = {a for crisis in model.demand.values() for a in crisis.attributes}
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
    interrupted = None if step.interruptible is None else step.interruptible.to
    ways = [*branches(step.route), *turned_away(step), interrupted]
    return [name for name in ways if name is not None]
