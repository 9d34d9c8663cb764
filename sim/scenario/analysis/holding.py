"""What an episode may hold when it comes to each step, along every path that leads there.

An episode has a unit of a resource not at all, keeps it until the next step has started
(`hold: next`), or keeps it until a later release (`hold: true`). Every step turns one of these
into another whatever else is held, so carrying the sets of what is possible along the edges until
nothing changes is exact for the paths of the graph. A resource that so seems to be seized twice is
followed again by `holding_paths`, which knows more of the episode and shows the path.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sim.scenario.analysis.graph import (
    arrow,
    branches,
    path_to,
    side_tasks,
)
from sim.scenario.analysis.holding_paths import (
    Kept,
    State,
    ever_kept,
    kept_after,
    steady_levels,
    surely_got,
    turned_away,
    walk,
)
from sim.scenario.language.attributes import Attribute
from sim.scenario.language.model import Scenario, Step
from sim.scenario.written.positions import Complaint

#: states of all resources together that are followed with levels remembered
MOST_STATES = 10_000

#: resources seized twice of which the path is shown
MOST_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Holding:
    """Resources that may be, and that always are, held on coming to a step."""

    step: str
    may: tuple[str, ...]
    always: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Possible:
    """Resources, as sets of bits, that may be absent, kept until the next start, kept on."""

    absent: int
    next: int
    kept: int

    def __or__(self, other: _Possible) -> _Possible:
        return _Possible(self.absent | other.absent, self.next | other.next, self.kept | other.kept)

    @property
    def held(self) -> int:
        """Resources that may be held."""
        return self.next | self.kept


def holdings(model: Scenario) -> list[Holding]:
    """What may be held on coming to each step that is reached, in the order of the file."""
    names = _followed(model)
    possible = _possible(model, names)
    return [
        Holding(
            step,
            may=_named(possible[step].held, names),
            always=_named(possible[step].held & ~possible[step].absent, names),
        )
        for step in model.pathway
        if step in possible
    ]


def holding_errors(model: Scenario, attributes: Mapping[str, Attribute]) -> list[Complaint]:
    """Resources seized while they may be held already, or released where they never can be."""
    names = _followed(model)
    possible = _possible(model, names)
    twice: dict[str, list[str]] = {}
    findings: dict[str, list[Complaint]] = {name: [] for name in model.pathway}
    for name, step in model.pathway.items():
        if name not in possible:
            continue
        held = _named(possible[name].held, names)
        for resource in step.asked:
            if resource in held:
                twice.setdefault(resource, []).append(name)
        for resource in step.release:
            if resource not in held:
                findings[name].append(_released_in_vain(model, name, resource))
    for complaint in _seized_twice(model, attributes, twice):
        findings[str(complaint.path[1])].append(complaint)
    return [complaint for found in findings.values() for complaint in found]


def _followed(model: Scenario) -> list[str]:
    """Resources that some step holds beyond its own delay, or releases; in order of the file."""
    kept = {
        name
        for step in model.pathway.values()
        for name in step.asked
        if ever_kept(step, name) != {Kept.NO}
    }
    released = {name for step in model.pathway.values() for name in step.release}
    return [name for name in model.resources if name in kept | released]


def _named(bits: int, names: list[str]) -> tuple[str, ...]:
    return tuple(name for i, name in enumerate(names) if bits >> i & 1)


def _possible(model: Scenario, names: list[str]) -> dict[str, _Possible]:
    """What is possible on coming to each step that is reached."""
    bit = {name: 1 << i for i, name in enumerate(names)}
    nothing = _Possible((1 << len(names)) - 1, 0, 0)
    found: dict[str, _Possible] = {}
    waiting: dict[str, None] = {}  # a queue in which each step waits but once

    def arrive(targets: Iterable[str], coming: _Possible) -> None:
        for target in targets:
            before = found.get(target)
            both = coming if before is None else before | coming
            if both != before:
                found[target] = both
                waiting[target] = None

    ways = {name: _ways(model, step) for name, step in model.pathway.items()}
    for crisis in model.demand.values():
        arrive(_taken(model, branches(crisis.first)), nothing)
    while waiting:
        name = next(iter(waiting))
        del waiting[name]
        turned, onward, tasks = ways[name]
        step = model.pathway[name]
        arrive(turned, found[name])
        for target in onward:
            arrive([target], _left(step, found[name], bit, target))
        if step.interruptible is not None and step.interruptible.to in model.pathway:
            arrive([str(step.interruptible.to)], _started(step, found[name], bit))
        arrive(tasks, nothing)
    return found


def _ways(model: Scenario, step: Step) -> tuple[list[str], list[str], list[str]]:
    """Steps entered without starting this one, after it, and by its side tasks."""
    return (
        [name for name in turned_away(step) if name in model.pathway],
        _taken(model, branches(step.route)),
        _taken(model, side_tasks(step)),
    )


def _taken(model: Scenario, shares: Mapping[str, float]) -> list[str]:
    return [name for name, share in shares.items() if share > 0 and name in model.pathway]


def _started(step: Step, before: _Possible, bit: Mapping[str, int]) -> _Possible:
    """What is possible of what was seized earlier, once a step has started."""
    released = sum(bit[name] for name in step.release)
    whole = sum(bit[name] for name, units in step.release.items() if units is None)
    absent = before.absent | before.next | before.kept & released
    return _Possible(absent, 0, before.kept & ~whole)


def _left(step: Step, before: _Possible, bit: Mapping[str, int], target: str) -> _Possible:
    """What is possible once a step has started, ended and given back."""
    left = _started(step, before, bit)
    absent, following, kept = left.absent, 0, left.kept
    for resource in step.asked:
        own, after = bit.get(resource, 0), kept_after(step, resource, target)
        if surely_got(step, resource):
            absent, kept = absent & ~own, kept & ~own
        absent |= own if after is Kept.NO else 0
        following |= own if after is Kept.NEXT else 0
        kept |= own if after is Kept.TRUE else 0
    return _Possible(absent, following, kept)


def _seized_twice(
    model: Scenario, attributes: Mapping[str, Attribute], twice: Mapping[str, list[str]]
) -> Iterator[Complaint]:
    """The steps in `twice`, by resource, that levels of attributes do not rule out."""
    remembered = steady_levels(model, attributes) if twice else {}
    left = MOST_STATES
    for number, (resource, steps) in enumerate(twice.items()):
        if number >= MOST_SHOWN:
            for name in steps:
                yield _twice(resource, name, "it may be held already", "")
            continue
        came_from = walk(model, resource, remembered, left) if remembered else None
        left = 0 if came_from is None else left - len(came_from)
        if came_from is None:
            came_from = walk(model, resource, {}, _most_without_levels(model)) or {}
        shown: set[str] = set()
        for state in came_from:
            if state.step in steps and state.kept is not Kept.NO and state.step not in shown:
                shown.add(state.step)
                yield _explained(model, resource, state, came_from)


def _most_without_levels(model: Scenario) -> int:
    """More states than a walk that remembers no levels can meet, outcomes included."""
    places = len(model.pathway) + len(model.outcomes)
    return 2 * len(Kept) * places  # held in each way, as an episode and as a side task


def _explained(
    model: Scenario, resource: str, state: State, came_from: Mapping[State, State | None]
) -> Complaint:
    """A resource seized twice, with the path on which it is."""
    path = path_to(state, came_from)
    holder = max(i for i, s in enumerate(path[:-1]) if resource in model.pathway[s.step].asked)
    steps = [s.step for s in path]
    start = next((i for i, s in enumerate(path) if s.side_task), 0)
    return _twice(
        resource,
        state.step,
        f"it may be held already, kept since step `{steps[holder]}`, via {arrow(steps[start:])}",
        f", or no `hold` at `{steps[holder]}`",
    )


def _twice(resource: str, step: str, found: str, remedy: str) -> Complaint:
    return Complaint(
        ("pathway", step, "seize"),
        f"`{resource}` is seized twice",
        found,
        f"`release: [{resource}]` at a step in between{remedy}",
    )


def _released_in_vain(model: Scenario, name: str, resource: str) -> Complaint:
    keepers = [
        other
        for other, candidate in model.pathway.items()
        if resource in candidate.asked and ever_kept(candidate, resource) != {Kept.NO}
    ]
    if resource in model.pathway[name].asked:
        found = "the step's own unit is given back at its end without being named"
    elif keepers:
        found = f"no path from {', '.join(keepers)} comes here still holding it"
    else:
        found = "no step keeps it with `hold`"
    return Complaint(
        ("pathway", name, "release"),
        f"step `{name}` releases `{resource}`, which can never be held here",
        found,
        f"a path from a step that seizes `{resource}` with `hold: true`",
    )
