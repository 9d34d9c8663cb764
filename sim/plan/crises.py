"""Kinds of episodes as arrays: rates, relative rates and their bounds, attributes, first steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sim.plan.flatten import Arena, chained, rows, spans
from sim.plan.names import Names, in_order, keys
from sim.plan.plan import CRISIS, FACTOR, SETTING
from sim.scenario.language.attributes import dependency_order
from sim.scenario.language.demand import Arrival, Crisis
from sim.scenario.language.model import Scenario
from sim.scenario.written.values import By, Rate, Table, attributes_of


def compile_crises(model: Scenario, names: Names, arena: Arena, fixed: set[str]) -> dict[str, Any]:
    """Compile all crises; `fixed` are the people attributes that no step sets.

    Returns those arrays of a `PlanArrays` that hold the crises, streams of arrivals among them.
    """
    crises = in_order(model.demand)
    people = model.people.registered
    factors = [in_order(_relative_rates(crisis)) for crisis in crises]
    drawn = [
        dependency_order({name: a.shares for name, a in crisis.attributes.items()})
        for crisis in crises
    ]
    first_factor, end_factor = spans(factors)
    first_drawn, end_drawn = spans(drawn)
    return {
        "crises": rows(
            CRISIS,
            key=keys(("crisis", name) for name in names.crises),
            rate=[arena.numbers(_rate(crisis, people)) for crisis in crises],
            first_factor=first_factor,
            end_factor=end_factor,
            first_drawn=first_drawn,
            end_drawn=end_drawn,
            route=[arena.choices(crisis.first, names.targets) for crisis in crises],
            key_route=keys(("crisis", name, "first") for name in names.crises),
        ),
        "factors": rows(
            FACTOR,
            table=[arena.numbers(table) for table in chained(factors)],
            bound=[arena.numbers(_bound(arena, table, fixed)) for table in chained(factors)],
        ),
        "drawn": rows(
            SETTING,
            attribute=[names.attributes.index(name) for name in chained(drawn)],
            table=[
                arena.choices(crisis.attributes[name].shares, names.levels(name))
                for crisis, row in zip(crises, drawn, strict=True)
                for name in row
            ],
            key=keys(
                ("crisis", crisis, "attribute", name)
                for crisis, row in zip(names.crises, drawn, strict=True)
                for name in row
            ),
        ),
    }


def _rate(kind: Crisis | Arrival, people: int) -> Table[float]:
    """The rate at which one person of the population has it: arrivals are nobody's."""
    return _per_person(kind.rate, people) if isinstance(kind, Crisis) else 0.0


def _relative_rates(kind: Crisis | Arrival) -> Mapping[str, Table[float]]:
    return kind.relative_rates if isinstance(kind, Crisis) else {}


def _per_person(table: Table[Rate], people: int) -> Table[float]:
    """The rate of one person in crises per minute."""
    if isinstance(table, By):
        cells = {level: _per_person(cell, people) for level, cell in table.cells.items()}
        other = None if table.other is None else _per_person(table.other, people)
        return By(table.attribute, cells, other)
    return table.per_minute if table.of == "person" else table.per_minute / people


def _bound(arena: Arena, table: Table[float], fixed: set[str]) -> Table[float]:
    """The largest value of a table over all attributes but the fixed ones."""
    all_names = sorted(attributes_of(table))
    kept = [name for name in all_names if name in fixed]
    largest: dict[tuple[str, ...], float] = {}
    for combination, value in arena.cells_of(table, all_names).items():
        levels = dict(zip(all_names, combination, strict=True))
        cell = tuple(levels[name] for name in kept)
        largest[cell] = max(largest.get(cell, 0.0), value or 0.0)
    return _nested(kept, largest)


def _nested(names: Sequence[str], cells: Mapping[tuple[str, ...], float]) -> Table[float]:
    """A table from its cells: the inverse of flattening."""
    if not names:
        return cells[()]
    levels = sorted({combination[0] for combination in cells})
    rest = {
        level: {key[1:]: value for key, value in cells.items() if key[0] == level}
        for level in levels
    }
    return By(names[0], {level: _nested(names[1:], rest[level]) for level in levels})
