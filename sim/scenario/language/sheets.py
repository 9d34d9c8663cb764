"""Capacities that react: the sheets they are read from, one for each state of their signals.

A capacity may be a table by signals and calendars. What the signals are is known only while a run
lasts, and on each of a few sheets it says which capacity there then is. Nothing here knows
whether a calendar is open.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from sim.scenario.language.model import Resource, Scenario
from sim.scenario.written.values import By, Table, attributes_of

T = TypeVar("T")


def sensed(model: Scenario, resource: Resource) -> tuple[str, ...]:
    """The signals that a resource's capacity varies by, sorted."""
    tables = (resource.capacity, *resource.changes.values())
    names = {name for table in tables for name in attributes_of(table)}
    return tuple(sorted(names & set(model.signals)))


def settled(table: Table[T], levels: Mapping[str, str], without: T) -> Table[T]:
    """A table once the levels of some attributes are known; `without` is for cells it lacks."""
    if not isinstance(table, By):
        return table
    if table.attribute in levels:
        cell = table.cells.get(levels[table.attribute], table.other)
        return without if cell is None else settled(cell, levels, without)
    cells = {level: settled(cell, levels, without) for level, cell in table.cells.items()}
    other = None if table.other is None else settled(table.other, levels, without)
    return By(table.attribute, cells, other)


def sheet(resource: Resource, levels: Mapping[str, str]) -> Resource:
    """A resource as it is while some attributes that its capacity varies by have these levels."""
    return resource.model_copy(
        update={
            "capacity": settled(resource.capacity, levels, 0),
            "changes": {day: settled(c, levels, 0) for day, c in resource.changes.items()},
        }
    )
