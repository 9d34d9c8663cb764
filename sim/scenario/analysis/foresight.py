"""Which attributes still matter at a step: those that it or a later step may yet read.

What nobody will read again need not be remembered, which keeps the unfolded pathway small.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping

from sim.scenario.analysis.graph import edges_of, spawning
from sim.scenario.language.model import Scenario, Step
from sim.scenario.language.pools import pool_attributes
from sim.scenario.written.values import By, attributes_of

#: fields of a step that are read when it ends, after its attributes are set
AFTER_SETTING = ("spawn", "route")


def read_ahead(model: Scenario) -> Mapping[str, frozenset[str]]:
    """Per step: the attributes that may be read there or on any way on, before they are set.

    The turnaround of a resource may be drawn anywhere while it is held, so what it varies by
    matters everywhere; so does the level that decides which pool is asked.
    """
    always = frozenset(
        name
        for resource in model.resources.values()
        if resource.turnaround is not None
        for name in attributes_of(resource.turnaround)
    ) | frozenset(pool_attributes(model))
    known = dict.fromkeys(model.pathway, always)
    edges = {
        name: (*edges_of(name, step), *spawning(name, step)) for name, step in model.pathway.items()
    }
    read = {name: (_read(step), _read(step, AFTER_SETTING)) for name, step in model.pathway.items()}
    changed = True
    while changed:
        changed = False
        for name, step in model.pathway.items():
            before, after = read[name]
            unserved = always
            for edge in edges[name]:
                ahead = known.get(edge.target, always)
                if edge.kind in ("route", "spawn"):
                    after |= ahead
                else:  # those who are not served go on with what they came with
                    unserved |= ahead
            now = before | (after - frozenset(step.set)) | unserved
            if now != known[name]:
                known[name] = now
                changed = True
    return known


def _read(step: Step, only: tuple[str, ...] = ()) -> frozenset[str]:
    """The attributes that tables of a step vary by, all or those of some fields."""
    fields = only or tuple(name for name in type(step).model_fields if name not in AFTER_SETTING)
    return frozenset(found for name in fields for found in _attributes(getattr(step, name)))


def _attributes(value: object) -> Iterator[str]:
    """The attributes that tables vary by, wherever in a field they stand."""
    if isinstance(value, By):
        yield from attributes_of(value)
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _attributes(item)
    elif isinstance(value, tuple | list):
        for item in value:
            yield from _attributes(item)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            yield from _attributes(getattr(value, field.name))
