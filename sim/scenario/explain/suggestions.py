"""The schema of one scenario: its own names offered where a name is asked for.

A JSON Schema cannot look into the file it describes, so an editor cannot know which steps there
are. Written for a scenario, it can: every other name is still allowed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sim.scenario.explain.schema import CHANGE, json_schema
from sim.scenario.loading import Loaded
from sim.scenario.written.kind import Schema

#: sections whose names are asked for, by word and field
ASKED: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("Crisis", "first"): ("pathway",),
    ("Arrival", "first"): ("pathway",),
    ("Step", "seize"): ("resources",),
    ("Step", "release"): ("resources",),
    ("Step", "route"): ("pathway", "outcomes"),
    ("Step", "renege_to"): ("pathway", "outcomes"),
    ("Step", "balk_to"): ("pathway", "outcomes"),
    ("Step", "spawn"): ("pathway",),
    ("Signal", "queue"): ("resources",),
    ("Signal", "occupancy"): ("resources",),
    ("Cost", "resource"): ("resources",),
    ("Cost", "programme"): ("programmes",),
    ("Case", "crisis"): ("crises", "arrivals"),
    ("Present", "crisis"): ("crises", "arrivals"),
    ("Present", "step"): ("pathway",),
}


def schema_for(loaded: Loaded) -> dict[str, Any]:
    """The JSON Schema of the language with the names of a scenario as suggestions."""
    schema = json_schema()
    for (word, field), sections in ASKED.items():
        names = sorted({name for section in sections for name in loaded.tree.get(section, {})})
        for variant in (word, f"{word}{CHANGE}"):
            properties = schema["$defs"][variant]["properties"]
            properties[field] = _offering(properties[field], names)
    return schema


def _offering(field: Schema, names: Iterable[str]) -> Schema:
    """A field that may be whatever it was, with some names offered first."""
    offered = {"enum": list(names)}
    if not offered["enum"]:
        return field
    description = {"description": field["description"]} if "description" in field else {}
    return {"anyOf": [offered, field], **description}
