"""Worlds a sceptic asks for: one resource smaller or larger, an option with less of its staff.

Changes are made to a loaded scenario, so that the files stay as they are shipped.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from sim.scenario import Loaded, load
from sim.scenario.language.model import Scenario
from sim.scenario.written.values import WeeklyCapacity

SUSSEX = Path(__file__).resolve().parents[2] / "scenarios" / "sussex"
BEFORE = SUSSEX / "before.yaml"


@dataclass(frozen=True)
class Option:
    """An option and the staff and places that it brings."""

    file: str
    staff: tuple[str, ...]


OPTIONS = (
    Option("in_reach_discharge", ("in_reach_nurses",)),
    Option("ltc_teams", ("ltc_nurses",)),
    Option("single_point_of_access", ("spa_staff",)),
    Option("paramedic_practitioners", ("practitioners",)),
    Option("community_beds", ("caf_places", "community_beds")),
)


def with_option(name: str, days: int) -> Loaded:
    """The world before with one option, measured for some days."""
    option = SUSSEX / "options" / f"{name}.yaml"
    return load(BEFORE, [option], {"run.duration": f"{days} days"})


def scaled(model: Scenario, resource: str, factor: float) -> Scenario:
    """The scenario with `factor` times of one resource, at least one unit less or more.

    Rounded away from what there was: 0.75 of 9 is 6, 1.25 of 9 is 12; what is closed stays closed.
    """

    def change(units: int) -> int:
        if not units:
            return 0
        return math.floor(units * factor) if factor < 1 else math.ceil(units * factor)

    return _changed(model, resource, change)


def between(model: Scenario, before: Scenario, resource: str, share: float) -> Scenario:
    """An option's scenario with only a share of what it adds to a resource, rounded down."""
    there, add = before.resources[resource].capacity, model.resources[resource].capacity
    assert isinstance(there, (int, WeeklyCapacity)) and isinstance(add, (int, WeeklyCapacity))
    if isinstance(add, int):
        had = there if isinstance(there, int) else 0
        return _with(model, resource, had + math.floor((add - had) * share))
    if isinstance(there, int):
        return _changed(model, resource, lambda n: there + math.floor((n - there) * share))
    was = dict(there.periods)
    periods = tuple((p, was[p] + math.floor((n - was[p]) * share)) for p, n in add.periods)
    return _with(model, resource, replace(add, periods=periods))


def set_to(model: Scenario, resource: str, units: int) -> Scenario:
    """The scenario with so many units of a resource at its busiest, and no more at other times."""
    capacity = model.resources[resource].capacity
    if isinstance(capacity, int):
        return _with(model, resource, units)
    assert isinstance(capacity, WeeklyCapacity)
    most = max(now for _, now in capacity.periods)
    return _changed(model, resource, lambda now: units if now == most else min(now, units))


def _changed(model: Scenario, resource: str, change: Callable[[int], int]) -> Scenario:
    capacity = model.resources[resource].capacity
    if isinstance(capacity, WeeklyCapacity):
        periods = tuple((period, change(units)) for period, units in capacity.periods)
        new = replace(capacity, periods=periods, other=change(capacity.other))
        return _with(model, resource, new)
    assert isinstance(capacity, int)
    return _with(model, resource, change(capacity))


def _with(model: Scenario, resource: str, capacity: int | WeeklyCapacity) -> Scenario:
    changed = model.resources[resource].model_copy(update={"capacity": capacity})
    return model.model_copy(update={"resources": {**model.resources, resource: changed}})


def scalable(model: Scenario) -> Iterable[str]:
    """Resources that there are some of in the world before."""
    for name, resource in model.resources.items():
        if resource.capacity != 0:
            yield name
