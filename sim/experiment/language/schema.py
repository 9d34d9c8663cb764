"""Experiment files as a JSON Schema (2020-12), for editors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.experiment.designs.points import RANGE
from sim.experiment.designs.sets import WAYS
from sim.experiment.language.experiment import DRAWS, MOST_HEADLINES, RUN, SECTIONS

Schema = dict[str, Any]

#: a number, a duration, a share: whatever stands at the path
AMOUNT: Schema = {"type": ["number", "string"]}

TEXT: Schema = {"type": "string"}
TEXTS: Schema = {"type": "array", "items": TEXT}


def json_schema() -> Schema:
    """The JSON Schema of an experiment file."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "urgentflow experiment",
        "description": "Options, sweeps and draws set against a baseline.",
        "type": "object",
        "additionalProperties": False,
        "required": ["baseline"],
        "properties": {name: {"description": SECTIONS[name], **_of(name)} for name in SECTIONS},
    }


def _of(section: str) -> Schema:
    whole = {"type": "integer", "minimum": 0}
    match section:
        case "options":
            return {"oneOf": [TEXTS, {"type": "object", "additionalProperties": TEXT}]}
        case "combine":
            way: Schema = {"enum": list(WAYS)}
            return {"oneOf": [way, {"type": "array", "items": {"oneOf": [way, TEXTS]}}]}
        case "sweep":
            ends = dict.fromkeys(RANGE, AMOUNT)
            a_range = _object(ends) | {"required": list(RANGE)}
            values = {"type": "array", "minItems": 1}
            return {"type": "object", "additionalProperties": {"oneOf": [values, a_range]}}
        case "draws":
            number = {"type": "integer", "minimum": 2}
            fields = {"number": number, "of": TEXTS, "seed": whole}
            return {"oneOf": [number, _object(fields, DRAWS) | {"required": ["number"]}]}
        case "run":
            fields = {"replications": {"type": "integer", "minimum": 1}, "seed": whole}
            return _object({name: fields.get(name, TEXT) for name in RUN}, RUN)
        case "measures":
            return TEXTS
        case "headline":
            return TEXTS | {"maxItems": MOST_HEADLINES}
        case _:
            return TEXT


def _object(fields: Mapping[str, Schema], described: Mapping[str, str] | None = None) -> Schema:
    words = described or {}
    properties = {
        name: ({"description": words[name]} if name in words else {}) | field
        for name, field in fields.items()
    }
    return {"type": "object", "additionalProperties": False, "properties": properties}
