"""How what steps ask for, keep and give back is written, as JSON Schema definitions."""

from __future__ import annotations

from sim.scenario.written.kind import Schema, one_or_many, ref, table_of
from sim.scenario.written.requests import MOST_UNITS


def requests() -> Schema:
    """The definitions by name."""
    units = {"type": "integer", "minimum": 0, "maximum": MOST_UNITS}
    rising = {
        "type": "object",
        "required": ["start", "after"],
        "additionalProperties": False,
        "properties": {
            "start": ref("priority"),
            "after": {
                "type": "object",
                "additionalProperties": ref("priority"),
                "minProperties": 1,
            },
        },
    }
    need = {
        "type": "object",
        "additionalProperties": False,
        "properties": {"at": ref("name"), "units": ref("unitsTable")},
    }
    named = {
        "type": "object",
        "minProperties": 1,
        "not": {"anyOf": [{"required": [w]} for w in ("any_of", "shortest", "by")]},
        "additionalProperties": {"anyOf": [ref("unitsTable"), need]},
    }
    either = {
        "type": "object",
        "additionalProperties": False,
        "minProperties": 1,
        "maxProperties": 1,
        "properties": {"any_of": ref("resourceLists"), "shortest": ref("resourceLists")},
    }
    word: Schema = {"enum": [True, False, "next", "no"]}
    by_name = {"type": "object", "additionalProperties": word, "minProperties": 1}
    some = {"type": "array", "items": ref("name"), "uniqueItems": True}
    kept: Schema = {"anyOf": [word, some, by_name]}
    by_route = {
        "type": "object",
        "required": ["by_route"],
        "additionalProperties": False,
        "properties": {"by_route": {"type": "object", "additionalProperties": kept}},
    }
    elsewhere = {
        "type": "object",
        "required": ["renege_to"],
        "additionalProperties": False,
        "properties": {"renege_to": ref("name")},
    }
    return {
        "unitsTable": table_of("unitsTable", units, "A number of units, or a table of them."),
        "resourceLists": table_of(
            "resourceLists",
            {"type": "array", "items": ref("name"), "minItems": 1, "uniqueItems": True},
            "Resources, first choice first, or a table of such lists.",
        ),
        "request": {
            "anyOf": [ref("name"), named, either],
            "description": "A resource (one unit), several at once with a number each, one unit of "
            "`any_of` several, or of the one with the `shortest` queue.",
            "examples": ["doctors", {"doctors": 1, "nurses": 2}, {"any_of": ["nurses", "doctors"]}],
        },
        "hold": {
            "anyOf": [*kept["anyOf"], by_route],
            "description": "Until when units are kept: the end of the delay (`no`), the next start "
            "(`next`), a later release (`true`); of all of them or of those named, `by_route` by "
            "where the episode goes next.",
            "examples": ["next", ["crews"], {"by_route": {"ward": "next", "other": "no"}}],
        },
        "release": {
            "anyOf": [
                one_or_many("name", "Resources of which all units are given back."),
                {
                    "type": "object",
                    "additionalProperties": {"anyOf": [ref("unitsTable"), {"const": "all"}]},
                },
            ],
            "description": "Resources given back: all units of those listed, or so many of each.",
            "examples": [["beds"], {"crews": 1}],
        },
        "interruptible": {
            "anyOf": [{"enum": ["resume", "repeat"]}, elsewhere],
            "description": "What becomes of a visit whose units a more urgent one takes.",
            "examples": ["resume", {"renege_to": "call_again"}],
        },
        "yesNoTable": table_of("yesNoTable", ref("covered"), "`yes` or `no`, or a table of them."),
        "priorityTable": table_of(
            "priorityTable",
            {"anyOf": [ref("priority"), rising]},
            "A priority, one that changes with the time waited "
            "(`{start: 3, after: {2 h: 2, 4 h: 1}}`), or a table of them.",
        ),
        "capacityTable": table_of(
            "capacityTable",
            ref("capacity"),
            "A capacity, or a table of them by the attribute that a resource has pools `per`.",
        ),
    }
