"""Crises as arrays: base rates, relative rates and their bounds, attributes, first steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sim.plan.flatten import Arena, integers, ragged
from sim.plan.names import Names, dependency_order, in_order, keys, numbered
from sim.plan.plan import Crises
from sim.scenario.model import Crisis, Scenario
from sim.scenario.values import By, Rate, Table, attributes_of


def compile_crises(model: Scenario, names: Names, arena: Arena, fixed: set[str]) -> Crises:
    """Compile all crises; `fixed` are the people attributes that no step sets."""
    crises = in_order(model.crises)
    number = numbered(names.attributes)
    factors = [in_order(crisis.relative_rates) for crisis in crises]
    drawn = [_dependency_order(crisis) for crisis in crises]
    people = sum(model.people.strata.counts) if model.people.strata else model.people.number or 0
    return Crises(
        key=keys(("crisis", name) for name in names.crises),
        rate=integers(arena.numbers(_per_person(crisis.rate, people)) for crisis in crises),
        first_factor=ragged(factors),
        factor=integers(arena.numbers(table) for row in factors for table in row),
        bound=integers(arena.numbers(_bound(arena, t, fixed)) for row in factors for t in row),
        first_drawn=ragged(drawn),
        drawn_attribute=integers(number[name] for row in drawn for name in row),
        drawn_table=integers(
            arena.choices(crisis.attributes[name].shares, names.levels(name))
            for crisis, row in zip(crises, drawn, strict=True)
            for name in row
        ),
        drawn_key=keys(
            ("crisis", crisis, "attribute", name)
            for crisis, row in zip(names.crises, drawn, strict=True)
            for name in row
        ),
        route=integers(arena.choices(crisis.first, names.targets) for crisis in crises),
        key_route=keys(("crisis", name, "first") for name in names.crises),
    )


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


def _dependency_order(crisis: Crisis) -> list[str]:
    """Attributes of a crisis, each after those its shares vary by."""
    return dependency_order({name: a.shares for name, a in crisis.attributes.items()})
