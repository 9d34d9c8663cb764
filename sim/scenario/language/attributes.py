"""The attributes of a scenario: one namespace, seven origins, ordered levels.

`declared` is what every table is checked against and compiled with.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from sim.scenario.language.demand import DrawnAttribute
from sim.scenario.language.model import Scenario
from sim.scenario.written.scalars import BROKEN
from sim.scenario.written.values import Shares, Table, attributes_of, leaves

Origin = Literal["people", "crisis", "set", "programme", "calendar", "signal", "elapsed", "got"]

#: What a signal may be `since` besides tags.
ONSET = "onset"

#: Level of a crisis attribute while an episode's crisis does not draw it.
NOT_DRAWN = "none"

NO_YES = ("no", "yes")


@dataclass(frozen=True, slots=True)
class Attribute:
    """A categorical attribute: where it comes from, its levels in order, whose it is."""

    name: str
    origin: Origin
    levels: tuple[str, ...]
    on: Literal["person", "episode"]


def declared(model: Scenario) -> dict[str, Attribute]:
    """All attributes by name, sorted; of two with one name the first by origin.

    Levels drawn by crises are the union over the crises that draw the attribute, with
    `NOT_DRAWN` last if some crisis does not.
    """
    found: dict[str, Attribute] = {}
    for attribute in _all(model):
        found.setdefault(attribute.name, attribute)
    return dict(sorted(found.items()))


def _all(model: Scenario) -> Iterator[Attribute]:
    if model.people.strata not in (None, BROKEN):
        yield from _of_strata(model)
    for name, drawn in model.people.attributes.items():
        yield Attribute(name, "people", levels_of(drawn), "person")
    yield from _of_crises(model)
    for name, assigned in model.attributes.items():
        levels = () if assigned.levels is BROKEN else assigned.levels
        on: Literal["person", "episode"] = "person" if assigned.on == "person" else "episode"
        yield Attribute(name, "set", levels, on)
    yield from _of_requests(model)
    for name in model.programmes:
        yield Attribute(name, "programme", NO_YES, "person")
    for name in model.calendars:
        yield Attribute(name, "calendar", NO_YES, "episode")
    for name, signal in model.signals.items():
        origin: Origin = "signal" if signal.since is None else "elapsed"
        yield Attribute(name, origin, NO_YES, "episode")


def _of_strata(model: Scenario) -> Iterator[Attribute]:
    strata = model.people.strata
    assert strata is not None
    for column, name in enumerate(strata.attributes):
        levels = tuple(sorted({row[column] for row in strata.rows}, key=natural))
        yield Attribute(name, "people", levels, "person")


def _of_crises(model: Scenario) -> Iterator[Attribute]:
    drawn: dict[str, list[DrawnAttribute]] = {}
    for _, crisis in sorted(model.demand.items()):
        for name, attribute in crisis.attributes.items():
            drawn.setdefault(name, []).append(attribute)
    for name, versions in drawn.items():
        levels = _union(versions)
        if len(versions) < len(model.demand) and NOT_DRAWN not in levels:
            levels = (*levels, NOT_DRAWN)
        yield Attribute(name, "crisis", levels, "episode")


def _of_requests(model: Scenario) -> Iterator[Attribute]:
    """Attributes told which resource a step has got: its levels are those it may be, then none."""
    levels: dict[str, dict[str, None]] = {}
    for _, step in sorted(model.pathway.items()):
        if isinstance(step.as_, str):
            levels.setdefault(step.as_, {}).update(dict.fromkeys(step.asked))
    for name, found in levels.items():
        yield Attribute(name, "got", (*sorted(found), NOT_DRAWN), "episode")


def _union(versions: Iterable[DrawnAttribute]) -> tuple[str, ...]:
    """Levels of all versions: in the order of the first that fixes one, then naturally."""
    versions = list(versions)
    fixed = next((v.levels for v in versions if v.levels not in (None, BROKEN)), ()) or ()
    others = {level for version in versions for level in levels_of(version)} - set(fixed)
    return (*fixed, *sorted(others, key=natural))


def levels_of(drawn: DrawnAttribute) -> tuple[str, ...]:
    """Levels of a drawn attribute: as fixed, or all that its shares name in natural order."""
    if drawn.levels is not None and drawn.levels is not BROKEN:
        return drawn.levels
    return tuple(sorted(named_levels(drawn.shares), key=natural))


def named_levels(table: Table[Shares]) -> set[str]:
    """Every level that some cell of a table of shares names."""
    return {level for shares in leaves(table) if isinstance(shares, Mapping) for level in shares}


def natural(name: str) -> tuple[tuple[int, int, str], ...]:
    """Sort key that puts numbers within names in order: `0-4`, `5-17`, `85+`."""
    parts = re.findall(r"[0-9]+|[^0-9]+", name)
    # equal numbers written differently (`1`, `01`) still differ, so that the order is total
    return tuple((0, int(p), p) if p[0] in "0123456789" else (1, 0, p) for p in parts)


def dependency_order(tables: Mapping[str, Table[Shares]]) -> list[str]:
    """Names so that each comes after those its table varies by; otherwise sorted."""
    ordered: list[str] = []
    while len(ordered) < len(tables):
        ready = [
            name
            for name in sorted(tables)
            if name not in ordered and (attributes_of(tables[name]) & set(tables)) <= set(ordered)
        ]
        if not ready:
            raise ValueError("attributes vary by each other in a circle")
        ordered += ready
    return ordered
