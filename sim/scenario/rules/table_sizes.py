"""Tables that would be too large to lay out: one cell for every combination of levels.

A nested table is short to write, but a plan stores it as a grid over all the attributes it varies
by, wherever in it they are used; twenty attributes of two levels make a million cells.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from sim.scenario.language.attributes import Attribute
from sim.scenario.language.model import Scenario, Word
from sim.scenario.problems import Path, listed
from sim.scenario.written.positions import Complaint
from sim.scenario.written.values import By, attributes_of

#: most cells of one table, and of all tables of a scenario together
MOST_CELLS = 100_000
MOST_CELLS_TOGETHER = 1_000_000


def size_errors(model: Scenario, attributes: Mapping[str, Attribute]) -> list[Complaint]:
    """Tables with more cells than a model can mean."""
    findings = []
    sizes: dict[Path, int] = {}
    for path, table in tables(model, ()):
        names = sorted(attributes_of(table))
        sizes[path] = math.prod(len(attributes[name].levels) for name in names)
        if sizes[path] > MOST_CELLS:
            findings.append(
                Complaint(
                    path,
                    f"the table varies by too many attributes: {sizes[path]:,} combinations",
                    listed(names),
                    f"at most {MOST_CELLS:,} combinations of levels",
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
