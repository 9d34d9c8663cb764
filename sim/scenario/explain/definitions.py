"""How each field of the language is written, as JSON Schema definitions with examples.

The names are those that `sim.scenario.language.fields` gives. They help an editor complete and
catch most slips while typing; what a file means, and every rule between fields, is checked by
reading it. What is of one kind of value has its schema beside its reader; what is put together
of several (lists, tables, distributions, patterns) is put together here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sim.scenario.explain.asking import requests
from sim.scenario.written import arrival_rates, choices, numbers, quantities, weeks
from sim.scenario.written.bounds import WORDS
from sim.scenario.written.distributions import WRITTEN
from sim.scenario.written.holidays import ITSELF, PLACES
from sim.scenario.written.kind import Schema, one_or_many, ref, table_of
from sim.scenario.written.lists import LONGEST_NAME

_DAY: Final = f"({'|'.join(weeks.DAYS)})"
_DAYS: Final = f"{_DAY}(-{_DAY})?"

#: The kinds of values that have their schema beside their reader.
KINDS: Final = (*numbers.KINDS, *choices.KINDS, *quantities.KINDS, weeks.PERIODS)

#: Definitions of numbers, in whose place a parameter or a change may stand.
NUMBERS: Final = (
    *("probability", "number", "factor", "money", "priority", "growth", "variation", "atLeast"),
    *("yearlyRate", "people", "count", "replications", "seed", "duration", "units", "arrivalRate"),
)

#: Parameters that have the dimension of the value drawn.
_SIZES: Final = frozenset(
    {
        *("value", "mean", "sd", "low", "mode", "high", "median", "scale"),
        *("plus", "at_least", "at_most"),
    }
)


def definitions() -> Schema:
    """All definitions by name."""
    known: Schema = {
        **{kind.name: kind.schema for kind in KINDS},
        **_words(),
        **_distributions(),
        **_tables(),
        **requests(),
        **_patterns(),
    }
    known["duration"] = _or_nothing(known["duration"])
    for name in NUMBERS:
        known[name] = _with_sources(known[name])
    return {**known, **_from_elsewhere()}


def _or_nothing(duration: Schema) -> Schema:
    """A duration, or 0, which needs no unit."""
    said = ("description", "examples")
    shape = {key: value for key, value in duration.items() if key not in said}
    return {"anyOf": [shape, {"const": 0}], **{key: duration[key] for key in said}}


def _with_sources(number: Schema) -> Schema:
    """A number that may also come from a parameter, or be a change of what a file below says."""
    choices = number.get("anyOf") or [
        {key: value for key, value in number.items() if key not in ("description", "examples")}
    ]
    rest: Schema = {key: number[key] for key in ("description", "examples") if key in number}
    return {"anyOf": [*choices, ref("fromParameter"), ref("change")], **rest}


def _from_elsewhere() -> Schema:
    """What may stand in the place of a number."""
    more: Schema = {"type": ["number", "string"], "description": "How much more; less if negative."}
    times: Schema = {"type": ["number", "string"], "description": "How many times as much."}
    return {
        "fromParameter": {
            "type": "object",
            "properties": {
                "parameter": {**ref("name"), "description": "Which parameter."},
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
        "dates": one_or_many("date", "Dates; a single one may stand alone."),
        "names": one_or_many("name", "Names; a single one may stand alone."),
        "measure": {
            "type": "string",
            "pattern": "^[A-Za-z][A-Za-z0-9_]*(/[A-Za-z][A-Za-z0-9_]*)?$",
            "description": "A measure of the list in measures.md; of one that is of each step, "
            "resource or other thing, also which.",
            "examples": ["emergency_admissions", "wait_mean/ae_doctor"],
        },
        "headline": one_or_many("measure", "One to five measures; a single one may stand alone."),
        "intention": {
            "type": "string",
            "enum": ["more", "less"],
            "description": "What an option means to do to a measure.",
        },
        "level": level,
        "levels": {
            "type": "array",
            "items": ref("level"),
            "uniqueItems": True,
            "description": "All levels, in order.",
            "examples": [["no", "yes"]],
        },
        "someLevels": one_or_many("level", "Some levels; a single one may stand alone."),
        "file": {"type": "string", "description": "A file, relative to this one."},
        "pool": {
            "type": "string",
            "pattern": r"^[A-Za-z][A-Za-z0-9_]*(\[.+\])?$",
            "description": "A resource, or its pool for one level: `gp[riverside]`.",
        },
    }


def _distributions() -> Schema:
    def distribution(size: str, description: str, *, shared: bool = False) -> Schema:
        written = {kind: _parameters(kind, size) for kind in WRITTEN}
        found: Schema = {
            "type": "object",
            "minProperties": 1,
            "maxProperties": 1,
            "additionalProperties": False,
            "properties": written,
            "description": description,
        }
        if shared:
            luck = {
                "draw": {**ref("name"), "description": "One of the `draws` of the crisis."},
                "against": {**ref("name"), "description": "1 minus one of the `draws`."},
            }
            found["maxProperties"] = 2
            found["properties"] = {**written, **luck}
            found["anyOf"] = [{"required": [kind]} for kind in WRITTEN]
        return found

    return {
        "durationDistribution": {
            "anyOf": [
                ref("duration"),
                distribution("duration", "A distribution of durations.", shared=True),
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
    shaping = () if kind == "constant" else WORDS
    ways = [
        {
            "type": "object",
            "properties": {name: _parameter(name, size) for name in (*way, *shaping)},
            "required": list(way),
            "additionalProperties": False,
        }
        for way in WRITTEN[kind]
    ]
    if kind == "constant":
        ways.append(ref(size))
    return ways[0] if len(ways) == 1 else {"anyOf": ways}


def _parameter(name: str, size: str) -> Schema:
    if name in _SIZES:
        return ref(size)
    if name == "log_mean":
        return {"type": "number"}
    if name == "unit":
        return {"enum": list(quantities.UNITS)}
    if name == "points":
        pair = {"type": "array", "prefixItems": [ref("probability"), ref(size)], "minItems": 2}
        return {"type": "array", "items": {**pair, "maxItems": 2}, "minItems": 2}
    if name == "iqr":
        return {"type": "array", "items": ref(size), "minItems": 2, "maxItems": 2}
    if name == "values":
        return {"type": "array", "items": ref(size), "minItems": 1}
    if name == "weights":
        return {"type": "array", "items": ref("factor"), "minItems": 1}
    return {"type": "number", "exclusiveMinimum": 0}


def _tables() -> Schema:
    shares = {
        "type": "object",
        "minProperties": 1,
        "not": {"required": ["by"]},
        "additionalProperties": {"anyOf": [ref("probability"), {"const": "rest"}]},
        "description": "Probabilities by name that sum to 1; one may be `rest`.",
    }
    population = {
        "type": "string",
        "pattern": rf"^\s*{quantities.NUMBER}\s*(per|/)\s*{quantities.UNIT}\s*$",
        "description": "Crises of the whole population: `45 per hour`.",
    }
    yearly = table_of("rateTable", ref("yearlyRate"), "A yearly rate, or a table of them.")
    steps = {"type": "array", "items": ref("name"), "uniqueItems": True}
    gate = {"type": "string", "pattern": r"^\s*([0-9]{1,2}:[0-9]{2}|[A-Za-z][A-Za-z0-9_]*)\s*$"}
    wait: Schema = {
        "type": "object",
        "required": ["until"],
        "additionalProperties": False,
        "properties": {
            "until": {**gate, "description": "A calendar that opens, or a time of day: `10:00`."},
            "then": {**ref("durationTable"), "description": "How much longer it takes."},
        },
    }
    spawned = {
        "type": "object",
        "additionalProperties": ref("probabilityTable"),
        "propertyNames": ref("name"),
    }
    return {
        "shares": shares,
        "numberTable": table_of("numberTable", ref("factor"), "A factor, or a table of them."),
        "minutesTable": table_of("minutesTable", ref("duration"), "A time, or a table of them."),
        "moneyTable": table_of("moneyTable", ref("money"), "An amount in GBP, or a table of them."),
        "probabilityTable": table_of(
            "probabilityTable", ref("probability"), "A probability, or a table."
        ),
        "durationTable": table_of(
            "durationTable",
            ref("durationDistribution"),
            "A duration or a distribution of durations, or a table of them.",
        ),
        "delayTable": table_of(
            "delayTable",
            {"anyOf": [ref("durationDistribution"), wait]},
            "A duration, a distribution of durations, a wait `until` a calendar opens or a time of "
            "day (and `then` so much longer), or a table of them.",
        ),
        "patienceTable": table_of(
            "patienceTable",
            {"anyOf": [ref("durationDistribution"), {"const": "never"}]},
            "A duration, a distribution of durations or `never`, or a table of them.",
        ),
        "shareTable": table_of(
            "shareTable",
            {"anyOf": [ref("level"), ref("shares")]},
            "A level, shares of levels, or a table of these.",
        ),
        "route": table_of(
            "route",
            {"anyOf": [ref("name"), ref("shares")]},
            "A step or outcome, shares of them, or a table of these.",
        ),
        "arrivalRate": arrival_rates.ONE,
        "arrivalRateTable": table_of(
            "arrivalRateTable",
            {"anyOf": [ref("arrivalRate"), arrival_rates.weekly(ref("arrivalRate"))]},
            "Arrivals in a time, weekly periods with a rate each and `other` (otherwise 0), or a "
            "table of these by calendars.",
        ),
        "rateTable": yearly,
        "rate": {
            "anyOf": [ref("rateTable"), population],
            "description": "Crises per 1,000 people a year, a table of them, or of the whole "
            "population `45 per hour`.",
        },
        "spawn": {
            "anyOf": [ref("name"), steps, spawned],
            "description": "Side tasks: a list of first steps, or each with its probability.",
        },
    }


def _patterns() -> Schema:
    units = ref("units")
    rest: Schema = {
        "type": "object",
        "required": ["after", "for"],
        "additionalProperties": False,
        "properties": {
            "after": {**ref("duration"), "description": "Time on duty before it."},
            "for": {**ref("duration"), "description": "How long it is."},
            "keep": {"const": True, "description": "It is kept in full however late it begins."},
        },
        "description": "A break of each unit.",
        "examples": [{"after": "2 h", "for": "15 min"}],
    }

    def factors(count: int) -> Schema:
        return {
            "type": "array",
            "items": ref("factor"),
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
        "break": rest,
        "holidays": {
            "anyOf": [
                {"enum": [*PLACES]},
                {
                    "type": "object",
                    "properties": {
                        "of": {"enum": [*PLACES]},
                        "like": {"enum": [*weeks.DAYS, ITSELF]},
                    },
                    "required": ["of"],
                    "additionalProperties": False,
                },
            ],
            "description": "Whose bank holidays, and the day of the week they are `like`: Sunday, "
            "unless it is said; `itself` for one that only calendars know of.",
            "examples": ["england", {"of": "england", "like": "sat"}],
        },
        "dayToDay": {
            "anyOf": [
                ref("variation"),
                {
                    "type": "object",
                    "properties": {
                        "own": ref("variation"),
                        "shared": ref("name"),
                        "cv": ref("variation"),
                    },
                    "required": ["shared", "cv"],
                    "additionalProperties": False,
                },
            ],
            "description": "Coefficient of variation of a crisis's own factor for each day, and "
            "(`cv`) of one that all crises have who say they share it by that name: their bad days "
            "come together.",
            "examples": [0.15, {"own": 0.15, "shared": "weather", "cv": 0.04}],
        },
        "slots": {
            "type": "object",
            "minProperties": 1,
            "additionalProperties": {
                "type": "object",
                "required": ["every", "places"],
                "additionalProperties": False,
                "properties": {
                    "every": {**ref("duration"), "description": "How long a slot is."},
                    "places": {**units, "description": "How many may book the same slot."},
                },
            },
            "description": "Slots by weekly periods.",
            "examples": [{"mon-sun 08:00-20:00": {"every": "15 min", "places": 2}}],
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
                ref("probability"),
                {
                    "type": "object",
                    "patternProperties": {f"^{quantities.DATE}$": ref("probability")},
                    "additionalProperties": False,
                    "minProperties": 1,
                },
            ],
            "description": "A share, or shares by date joined by straight lines.",
            "examples": ["60 %", {"2024-04-01": 0, "2025-04-01": "60 %"}],
        },
    }
