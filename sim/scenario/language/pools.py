"""The pools of resources: one, or one for each level of the attribute a resource has pools `per`.

Everything that counts units counts those of a pool: engines, logs, measures. A resource without
`per` is a pool of its own name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sim.scenario.language.attributes import Attribute
from sim.scenario.language.model import Resource, Scenario
from sim.scenario.language.sheets import settled
from sim.scenario.written.values import By


@dataclass(frozen=True, slots=True)
class Pool:
    """Units that one queue waits for: of a resource, and of one level if it has pools `per`."""

    name: str
    resource: str
    level: str | None = None


def pools(model: Scenario, attributes: Mapping[str, Attribute]) -> tuple[Pool, ...]:
    """All pools: resources by their sorted names, the pools of each in the order of levels."""
    found: list[Pool] = []
    for name in sorted(model.resources):
        found += pools_of(name, model.resources[name], attributes)
    return tuple(found)


def pools_of(
    name: str, resource: Resource, attributes: Mapping[str, Attribute]
) -> tuple[Pool, ...]:
    """The pools of one resource; a level that stands for `not drawn` has one as well."""
    if resource.per is None:
        return (Pool(name, name),)
    levels = attributes[resource.per].levels
    return tuple(Pool(f"{name}[{level}]", name, level) for level in levels)


def pool_attributes(model: Scenario) -> tuple[str, ...]:
    """The attributes whose levels decide who asks which pool, sorted."""
    asked = {
        need.at
        for step in model.pathway.values()
        if step.seize is not None
        for need in step.seize.needs.values()
    }
    per = {resource.per for resource in model.resources.values()}
    return tuple(sorted(name for name in asked | per if name is not None))


def alone(resource: Resource, level: str | None) -> Resource:
    """A resource as if it were one of its pools alone: no capacity varies by their attribute."""
    if resource.per is None:
        return resource
    levels = {resource.per: level or ""}
    # a change that says nothing of the level changes nothing for it
    changes = {
        day: settled(table, levels, 0)
        for day, table in resource.changes.items()
        if not isinstance(table, By)
        or table.attribute != resource.per
        or table.other is not None
        or level in table.cells
    }
    return resource.model_copy(
        update={
            "per": None,
            "capacity": settled(resource.capacity, levels, 0),
            "changes": changes,
        }
    )
