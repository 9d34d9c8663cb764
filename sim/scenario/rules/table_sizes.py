"""Tables that would be too large to lay out.

A plan stores a table as a grid with a cell for every combination of levels, while these are few,
and else table within table as it is written (`sim.plan.flatten`). Written short, either can be
large: the same table may stand within a table many times. Of a relative rate the largest value is
sought over all combinations, however few are written.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from sim.scenario.language.attributes import Attribute
from sim.scenario.language.model import Scenario
from sim.scenario.language.word import Word
from sim.scenario.problems import Path, listed
from sim.scenario.written.positions import Complaint
from sim.scenario.written.values import MOST_TOGETHER, By, Table, attributes_of

#: most cells of one table, and of all tables of a scenario together
MOST_CELLS = 100_000
MOST_CELLS_TOGETHER = 1_000_000


def size_errors(model: Scenario, attributes: Mapping[str, Attribute]) -> list[Complaint]:
    """Tables with more cells than a model can mean."""
    findings = []
    sizes: dict[Path, int] = {}
    for path, table in tables(model, ()):
        names = sorted(attributes_of(table))
        combinations = math.prod(len(attributes[name].levels) for name in names)
        whole = combinations <= MOST_TOGETHER or "relative_rates" in path
        sizes[path] = combinations if whole else _laid_out(table, attributes, {})
        if sizes[path] > MOST_CELLS:
            what = "combinations" if whole else "cells"
            findings.append(
                Complaint(
                    path,
                    f"the table varies by too many attributes: {sizes[path]:,} {what}",
                    listed(names),
                    f"at most {MOST_CELLS:,} {what}",
                )
            )
    together = sum(sizes.values())
    if not findings and together > MOST_CELLS_TOGETHER:
        largest = max(sizes, key=lambda path: sizes[path])
        findings.append(
            Complaint(
                largest,
                f"the tables have {together:,} cells together, this one {sizes[largest]:,}",
                allowed=f"at most {MOST_CELLS_TOGETHER:,}",
            )
        )
    return findings


def _laid_out(table: Table[Any], attributes: Mapping[str, Attribute], seen: dict[int, int]) -> int:
    """Cells of a table that is stored as it is written."""
    if not isinstance(table, By):
        return 1
    if id(table) not in seen:
        levels = attributes[table.attribute].levels
        cells = [table.cells.get(level, table.other) for level in levels]
        seen[id(table)] = sum(_laid_out(cell, attributes, seen) for cell in cells)
    return seen[id(table)]


def tables(thing: object, path: Path) -> Iterator[tuple[Path, By[Any]]]:
    """All tables in a part of a scenario, with their paths."""
    if isinstance(thing, By):
        yield path, thing
    elif isinstance(thing, Word):
        for name, field in type(thing).model_fields.items():
            yield from tables(getattr(thing, name), (*path, field.alias or name))
    elif isinstance(thing, Mapping):
        for name, part in thing.items():
            yield from tables(part, (*path, str(name)))
