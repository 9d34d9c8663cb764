"""The language as a JSON Schema (2020-12), for editors and for the language reference.

A file that extends another, or is an option, may leave out any field and remove any with `null`,
so every word of the language is there twice: whole, and as a change.
"""

from __future__ import annotations

from typing import Any, Final

from sim.scenario.explain.definitions import definitions
from sim.scenario.language.fields import DEFINED_AS
from sim.scenario.language.model import Scenario
from sim.scenario.written.kind import Schema

#: What the name of a word ends with where it is a change.
CHANGE = "Change"

DIALECT = "https://json-schema.org/draft/2020-12/schema"

#: How things are written that may be one value alone, by section.
SHORT_FORMS = {"calendars": "periods", "parameters": "parameterValue"}

#: What fields that every word has are for, where the word itself does not say.
USUAL: Final = {
    "title": "What reports call it; by default its name.",
    "description": "What it is, in some sentences.",
}

#: Marks of a file that changes another.
MARKS_OF_CHANGES = ("extends", "rationale")


def json_schema() -> Schema:
    """The JSON Schema of a scenario or option file."""
    generated = Scenario.model_json_schema(by_alias=True)
    words = generated.pop("$defs")
    words["Scenario"] = generated
    whole = {name: _plain(word) for name, word in words.items()}
    for word in whole.values():
        word["properties"] = {
            name: _described(name, field, whole) for name, field in word["properties"].items()
        }
    # a file that others extend need not be a whole scenario, only its things must be whole
    whole["Scenario"]["required"] = ["title"]
    for section, value in SHORT_FORMS.items():
        _add_short_form(whole["Scenario"], section, value)
    changes = {f"{name}{CHANGE}": _as_change(word) for name, word in whole.items()}
    # slots stand in the place of a capacity, which is all that a resource needs
    del whole["Resource"]["required"]
    whole["Resource"]["anyOf"] = [{"required": [word]} for word in ("capacity", "slots")]
    for root in (whole["Scenario"], changes[f"Scenario{CHANGE}"]):
        root["properties"].update(_file_properties())
    return {
        "$schema": DIALECT,
        "title": "urgentflow scenario",
        "description": "A scenario of urgent care, or an option that changes one.",
        "type": "object",
        "if": {"anyOf": [{"required": [mark]} for mark in MARKS_OF_CHANGES]},
        "then": {"$ref": f"#/$defs/Scenario{CHANGE}"},
        "else": {"$ref": "#/$defs/Scenario"},
        "$defs": dict(sorted({**definitions(), **whole, **changes}.items())),
    }


def _described(name: str, field: Schema, words: Schema) -> Schema:
    """A field with a description: its own, that of every field so called, or of its word."""
    if "description" in field:
        return field
    inner = field.get("additionalProperties", field)
    within = str(inner.get("$ref", "")).rsplit("/", 1)[-1]
    about = words.get(within, {}).get("description", "").split("\n\n")[0]
    return {**field, "description": USUAL.get(name, about)}


def _file_properties() -> Schema:
    """What a file says of itself and of other files."""
    file = {"$ref": "#/$defs/file"}
    return {
        "extends": {**file, "description": "The one file that this one changes."},
        "options": {
            "anyOf": [file, {"type": "array", "items": file}],
            "description": "Option files applied after this one, in order.",
        },
        "rationale": {
            "$ref": "#/$defs/text",
            "description": "Why anyone would choose this option (in option files).",
        },
        "intends": {
            "type": "object",
            "propertyNames": {"$ref": "#/$defs/measure"},
            "additionalProperties": {"$ref": "#/$defs/intention"},
            "description": "What this option means to do, by measure: `more` or `less` of it, also "
            "of what is neither better nor worse by itself (in option files).",
        },
    }


def _plain(part: Any) -> Any:
    """A generated schema with definitions in place, and without what pydantic adds for itself."""
    if isinstance(part, list):
        return [_plain(item) for item in part]
    if not isinstance(part, dict):
        return part
    found = {
        key: _plain(value)
        for key, value in part.items()
        if key not in (DEFINED_AS, "default", "title")
        or (key == "title" and isinstance(value, dict))
    }
    if isinstance(part.get("default"), str | int | float) and part["default"]:
        found["default"] = part["default"]
    if DEFINED_AS in part:
        found["$ref"] = f"#/$defs/{part[DEFINED_AS]}"
    return _without_null(found)


def _without_null(part: Schema) -> Schema:
    """A field that may be left out, said once: by not being required."""
    choices = part.get("anyOf", [])
    if {"type": "null"} not in choices:
        return part
    kept = [choice for choice in choices if choice != {"type": "null"}]
    rest = {key: value for key, value in part.items() if key != "anyOf"}
    return {**kept[0], **rest} if len(kept) == 1 else {**rest, "anyOf": kept}


def _add_short_form(scenario: Schema, section: str, value: str) -> None:
    """Let a thing of a section be just one of its values."""
    things = scenario["properties"][section]
    things["additionalProperties"] = {
        "anyOf": [{"$ref": f"#/$defs/{value}"}, things["additionalProperties"]]
    }


def _as_change(word: Schema) -> Schema:
    """A word of which every field may be left out, or removed with null."""
    changed = {key: value for key, value in word.items() if key != "required"}
    changed["properties"] = {
        name: {"anyOf": [_changing(field), {"type": "null"}]}
        for name, field in word["properties"].items()
    }
    return changed


def _changing(field: Any) -> Any:
    """A field whose words are changes, and whose named things may be removed with null."""
    if isinstance(field, list):
        return [_changing(item) for item in field]
    if not isinstance(field, dict):
        return field
    found = {key: _changing(value) for key, value in field.items()}
    reference = str(field.get("$ref", ""))
    if reference.rsplit("/", 1)[-1][:1].isupper():
        found["$ref"] = f"{reference}{CHANGE}"
    if isinstance(found.get("additionalProperties"), dict):
        found["additionalProperties"] = {"anyOf": [found["additionalProperties"], {"type": "null"}]}
    return found
