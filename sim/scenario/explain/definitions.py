"""How each field of the language is written, as JSON Schema definitions with examples.

The names are those that `sim.scenario.language.fields` gives to `written_as`. They help an editor
complete and catch most slips while typing; what a file means, and every rule between fields, is
checked by reading it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sim.scenario.written.distributions import WRITTEN
from sim.scenario.written.lists import LARGEST_CAPACITY, LONGEST_NAME

Schema = dict[str, Any]

_NUMBER: Final = r"-?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"
_UNIT: Final = "(s|secs?|seconds?|mins?|minutes?|h|hrs?|hours?|d|days?|w|wk|weeks?|years?)"
_DATE: Final = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_DAYS: Final = "(mon|tue|wed|thu|fri|sat|sun)(-(mon|tue|wed|thu|fri|sat|sun))?"

#: Definitions of numbers, in whose place a parameter or a change may stand.
NUMBERS: Final = (
    *("probability", "number", "factor", "money", "priority", "growth", "variation", "atLeast"),
    *("yearlyRate", "people", "count", "replications", "seed", "duration", "units"),
)

#: Parameters that have the dimension of the value drawn.
_SIZES: Final = frozenset({"value", "mean", "sd", "low", "mode", "high", "median", "scale"})


def definitions() -> Schema:
    """All definitions by name."""
    known: Schema = {
        **_words(),
        **_numbers(),
        **_times(),
        **_distributions(),
        **_tables(),
        **_patterns(),
    }
    for name in NUMBERS:
        known[name] = _with_sources(known[name])
    return {**known, **_from_elsewhere()}


def _with_sources(number: Schema) -> Schema:
    """A number that may also come from a parameter, or be a change of what a file below says."""
    choices = number.get("anyOf") or [
        {key: value for key, value in number.items() if key not in ("description", "examples")}
    ]
    rest: Schema = {key: number[key] for key in ("description", "examples") if key in number}
    return {"anyOf": [*choices, _ref("fromParameter"), _ref("change")], **rest}


def _from_elsewhere() -> Schema:
    """What may stand in the place of a number."""
    more: Schema = {"type": ["number", "string"], "description": "How much more; less if negative."}
    times: Schema = {"type": ["number", "string"], "description": "How many times as much."}
    return {
        "parameterValue": {
            "type": ["number", "string"],
            "description": "A number, a percentage, a duration or a rate.",
            "examples": [0.5, "60 %", "20 min", "45 per hour"],
        },
        "rankCorrelation": {
            "type": "number",
            "minimum": -1,
            "maximum": 1,
            "description": "A rank correlation (Spearman's).",
        },
        "fromParameter": {
            "type": "object",
            "properties": {
                "parameter": _ref("name"),
                "complement": {"type": "boolean", "description": "1 less the parameter."},
                "times": times,
                "add": more,
            },
            "required": ["parameter"],
            "additionalProperties": False,
            "description": "The value of a parameter, in the place of any number or duration: 1 "
            "less it if `complement`, then so many `times`, then so much `add`ed.",
            "examples": [
                {"parameter": "in_reach_share"},
                {"parameter": "in_reach_share", "complement": True},
                {"parameter": "handover", "times": 2, "add": "5 min"},
            ],
        },
        "change": {
            "type": "object",
            "properties": {"times": times, "add": more},
            "minProperties": 1,
            "additionalProperties": False,
            "description": "A change of what a file below says, in the place of any number, "
            "duration or table of them, or of one share: so many `times` it, then so much `add`ed.",
            "examples": [{"add": 4}, {"add": "-10 min"}, {"times": 1.25}],
        },
    }


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _words() -> Schema:
    level: Schema = {
        "type": ["string", "number", "boolean"],
        "description": "The name of a level, whatever it looks like.",
        "examples": ["85+", "0-4", "yes"],
    }
    return {
        "text": {"type": ["string", "number", "boolean"], "description": "Text."},
        "name": {
            "type": "string",
            "pattern": "^[A-Za-z][A-Za-z0-9_]*$",
            "maxLength": LONGEST_NAME,
            "description": "A name: letters a to z, digits and `_`, a letter first.",
        },
        "names": _one_or_many("name", "Names; a single one may stand alone."),
        "measure": {
            "type": "string",
            "pattern": "^[A-Za-z][A-Za-z0-9_]*(/[A-Za-z][A-Za-z0-9_]*)?$",
            "description": "A measure of the list in measures.md; of one that is of each step, "
            "resource or other thing, also which.",
            "examples": ["emergency_admissions", "wait_mean/ae_doctor"],
        },
        "headline": _one_or_many("measure", "One to five measures; a single one may stand alone."),
        "intention": {
            "type": "string",
            "enum": ["more", "less"],
            "description": "What an option means to do to a measure.",
        },
        "level": level,
        "levels": {
            "type": "array",
            "items": _ref("level"),
            "uniqueItems": True,
            "description": "All levels, in order.",
            "examples": [["no", "yes"]],
        },
        "someLevels": _one_or_many("level", "Some levels; a single one may stand alone."),
        "flag": {"type": "boolean", "description": "`true` or `false`."},
        "covered": {"enum": [True, False, "yes", "no"], "description": "Whether covered."},
        "file": {"type": "string", "description": "A file, relative to this one."},
        "hold": {
            "enum": [True, False, "next", "no"],
            "description": "Whether the unit is kept: until released, until the next step starts.",
        },
        "discipline": {"enum": ["priority", "fifo"], "description": "Order of service."},
        "bed": {"enum": ["acute", "community"], "description": "Kind of bed."},
        "on": {"enum": ["episode", "person"], "description": "Who keeps the attribute."},
        "of": {"enum": ["use", "capacity"], "description": "What of a resource is paid for."},
        "balkWhen": {
            "type": "array",
            "items": {"enum": ["full", "closed"]},
            "minItems": 1,
            "uniqueItems": True,
            "description": "What turns an arrival away.",
        },
    }


def _one_or_many(item: str, description: str) -> Schema:
    many = {"type": "array", "items": _ref(item), "uniqueItems": True}
    return {"anyOf": [_ref(item), many], "description": description}


def _numbers() -> Schema:
    percent = {"type": "string", "pattern": rf"^\s*{_NUMBER}\s*%\s*$"}

    def numeric(low: float, high: float, description: str) -> Schema:
        number = {"type": "number", "minimum": low, "maximum": high}
        return {"anyOf": [number, percent], "description": description}

    def whole(low: int, high: int, description: str) -> Schema:
        return {"type": "integer", "minimum": low, "maximum": high, "description": description}

    return {
        "probability": numeric(0, 1, "A probability, 0 to 1, or a percentage: `60 %`."),
        "number": numeric(-1e9, 1e9, "A number, or a percentage: `60 %`."),
        "factor": numeric(0, 1e6, "A factor of 0 or more."),
        "money": numeric(0, 1e9, "An amount in GBP."),
        "priority": numeric(-1e6, 1e6, "A priority; lower numbers are served first."),
        "growth": numeric(-0.9, 10, "Growth a year, as a share."),
        "variation": numeric(0, 3, "A coefficient of variation."),
        "atLeast": numeric(0, 1e7, "A number waiting, or a share of capacity: `95 %`."),
        "yearlyRate": numeric(0, 1e6, "Crises per 1,000 people a year."),
        "people": whole(1, 20_000_000, "A number of people."),
        "count": whole(0, 10_000_000, "A whole number."),
        "copies": whole(1, 10_000, "A number of copies."),
        "replications": whole(1, 100_000, "A number of replications."),
        "seed": whole(0, 2**63 - 1, "A seed: any whole number."),
        "units": whole(0, LARGEST_CAPACITY, "A number of units."),
    }


def _times() -> Schema:
    return {
        "duration": {
            "type": "string",
            "pattern": rf"^(\s*{_NUMBER}\s*{_UNIT}\s*)+$",
            "description": "A duration with its unit: `20 min`, `4 h`, `26 days`, `1 h 30 min`.",
            "examples": ["20 min", "4 h", "26 days"],
        },
        "date": {
            "type": "string",
            "pattern": f"^{_DATE}$",
            "description": "A date.",
            "examples": ["2024-04-01"],
        },
        "dates": _one_or_many("date", "Dates; a single one may stand alone."),
        "dateTime": {
            "type": "string",
            "pattern": f"^{_DATE}[ T][0-9]{{2}}:[0-9]{{2}}$",
            "description": "A date and time of day.",
            "examples": ["2024-07-01 09:30"],
        },
        "periods": {
            "type": "string",
            "pattern": r"^\s*(always|[a-z0-9:,\- ]+)\s*$",
            "description": "Weekly periods, or `always`; 24:00 ends a day, `mon 22:00-06:00` runs "
            "into the next.",
            "examples": ["mon-fri 08:00-18:30, sat 09:00-12:00", "always"],
        },
    }


def _distributions() -> Schema:
    def distribution(size: str, description: str) -> Schema:
        return {
            "type": "object",
            "minProperties": 1,
            "maxProperties": 1,
            "additionalProperties": False,
            "properties": {kind: _parameters(kind, size) for kind in WRITTEN},
            "description": description,
        }

    return {
        "durationDistribution": {
            "anyOf": [
                _ref("duration"),
                distribution("duration", "A distribution of durations."),
            ],
            "description": "A duration, or a distribution of durations.",
            "examples": ["20 min", {"lognormal": {"mean": "11 days", "sd": "12 days"}}],
        },
        "numberDistribution": {
            "anyOf": [
                distribution("number", "A distribution of numbers."),
                distribution("duration", "A distribution of durations."),
            ],
            "description": "A distribution of numbers, or of durations for a duration.",
            "examples": [{"lognormal": {"mean": 1, "sd": 0.1}}],
        },
    }


def _parameters(kind: str, size: str) -> Schema:
    """The parameters of one kind of distribution, in each way they may be written."""
    ways = [
        {
            "type": "object",
            "properties": {name: _parameter(name, size) for name in way},
            "required": list(way),
            "additionalProperties": False,
        }
        for way in WRITTEN[kind]
    ]
    if kind == "constant":
        ways.append(_ref(size))
    return ways[0] if len(ways) == 1 else {"anyOf": ways}


def _parameter(name: str, size: str) -> Schema:
    if name in _SIZES:
        return _ref(size)
    if name == "iqr":
        return {"type": "array", "items": _ref(size), "minItems": 2, "maxItems": 2}
    if name == "values":
        return {"type": "array", "items": _ref(size), "minItems": 1}
    if name == "weights":
        return {"type": "array", "items": _ref("factor"), "minItems": 1}
    return {"type": "number", "exclusiveMinimum": 0}


def _table(name: str, cell: Schema, description: str) -> Schema:
    """A constant or a table `by` an attribute, whose cells are tables again."""
    by = {
        "type": "object",
        "required": ["by"],
        "properties": {"by": _ref("name")},
        "additionalProperties": _ref(name),
        "minProperties": 2,
    }
    return {"anyOf": [cell, by], "description": description}


def _tables() -> Schema:
    shares = {
        "type": "object",
        "minProperties": 1,
        "not": {"required": ["by"]},
        "additionalProperties": {"anyOf": [_ref("probability"), {"const": "rest"}]},
        "description": "Probabilities by name that sum to 1; one may be `rest`.",
    }
    population = {
        "type": "string",
        "pattern": rf"^\s*{_NUMBER}\s*(per|/)\s*{_UNIT}\s*$",
        "description": "Crises of the whole population: `45 per hour`.",
    }
    yearly = _table("rateTable", _ref("yearlyRate"), "A yearly rate, or a table of them.")
    steps = {"type": "array", "items": _ref("name"), "uniqueItems": True}
    spawned = {
        "type": "object",
        "additionalProperties": _ref("probabilityTable"),
        "propertyNames": _ref("name"),
    }
    return {
        "shares": shares,
        "numberTable": _table("numberTable", _ref("factor"), "A factor, or a table of them."),
        "moneyTable": _table("moneyTable", _ref("money"), "An amount in GBP, or a table of them."),
        "priorityTable": _table("priorityTable", _ref("priority"), "A priority, or a table."),
        "probabilityTable": _table(
            "probabilityTable", _ref("probability"), "A probability, or a table."
        ),
        "durationTable": _table(
            "durationTable",
            _ref("durationDistribution"),
            "A duration or a distribution of durations, or a table of them.",
        ),
        "patienceTable": _table(
            "patienceTable",
            {"anyOf": [_ref("durationDistribution"), {"const": "never"}]},
            "A duration, a distribution of durations or `never`, or a table of them.",
        ),
        "shareTable": _table(
            "shareTable",
            {"anyOf": [_ref("level"), _ref("shares")]},
            "A level, shares of levels, or a table of these.",
        ),
        "route": _table(
            "route",
            {"anyOf": [_ref("name"), _ref("shares")]},
            "A step or outcome, shares of them, or a table of these.",
        ),
        "rateTable": yearly,
        "rate": {
            "anyOf": [_ref("rateTable"), population],
            "description": "Crises per 1,000 people a year, a table of them, or of the whole "
            "population `45 per hour`.",
        },
        "spawn": {
            "anyOf": [_ref("name"), steps, spawned],
            "description": "Side tasks: a list of first steps, or each with its probability.",
        },
    }


def _patterns() -> Schema:
    units = _ref("units")

    def factors(count: int) -> Schema:
        return {
            "type": "array",
            "items": _ref("factor"),
            "minItems": count,
            "maxItems": count,
            "description": f"{count} factors; only their proportions matter.",
        }

    weekly: Mapping[str, Any] = {
        "type": "object",
        "properties": {"other": units},
        "additionalProperties": units,
        "minProperties": 1,
        "not": {"required": ["by"]},
    }
    return {
        "capacity": {
            "anyOf": [units, {"const": "unlimited"}, weekly],
            "description": "Units: a number, weekly periods with a number each and `other` "
            "(otherwise 0), or `unlimited`.",
            "examples": [4, {"mon-fri 08:00-18:30": 40, "other": 0}, "unlimited"],
        },
        "hourProfile": {
            "anyOf": [
                factors(24),
                {
                    "type": "object",
                    "patternProperties": {rf"^{_DAYS}(,\s*{_DAYS})*$": factors(24)},
                    "additionalProperties": False,
                    "minProperties": 1,
                },
            ],
            "description": "24 factors from midnight, or 24 for each set of weekdays.",
        },
        "weekdayProfile": factors(7),
        "monthProfile": factors(12),
        "coverage": {
            "anyOf": [
                _ref("probability"),
                {
                    "type": "object",
                    "patternProperties": {f"^{_DATE}$": _ref("probability")},
                    "additionalProperties": False,
                    "minProperties": 1,
                },
            ],
            "description": "A share, or shares by date joined by straight lines.",
            "examples": ["60 %", {"2024-04-01": 0, "2025-04-01": "60 %"}],
        },
    }
