"""The kinds of numbers: each with its limits, which its reader and its schema both keep."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from sim.scenario.written import quantities
from sim.scenario.written.kind import Kind, Schema, ref
from sim.scenario.written.positions import Spot
from sim.scenario.written.quantities import NUMBER as NUMBER_PATTERN
from sim.scenario.written.values import Lasting

#: Most people altogether.
MOST_PEOPLE: Final = 20_000_000

#: Most that a signal can wait for.
MOST_WAITING: Final = 10_000_000

#: Most units of a resource.
LARGEST_CAPACITY: Final = 10_000_000


def _numeric(low: float, high: float, description: str) -> Schema:
    percent = {"type": "string", "pattern": rf"^\s*{NUMBER_PATTERN}\s*%\s*$"}
    number = {"type": "number", "minimum": low, "maximum": high}
    return {"anyOf": [number, percent], "description": description}


def _number(name: str, low: float, high: float, description: str) -> Kind[float]:
    """Numbers within limits, which may be given as percentages."""
    reader = quantities.number_between(low, high)
    return Kind(name, reader, _numeric(low, high, description))


def _whole(name: str, low: int, high: int, description: str) -> Kind[int]:
    """Whole numbers within limits."""
    reader: Callable[[object, Spot], int] = partial(quantities.whole, low=low, high=high)
    schema = {"type": "integer", "minimum": low, "maximum": high, "description": description}
    return Kind(name, reader, schema)


def _limit(raw: object, at: Spot) -> float:
    """A number, a percentage, or a duration."""
    if isinstance(raw, str) and quantities.looks_numeric(raw) and any(map(str.isalpha, raw)):
        return Lasting(quantities.duration(raw, at))
    return quantities.number_between(0, MOST_WAITING)(raw, at)


PROBABILITY: Final = Kind(
    "probability",
    quantities.probability,
    _numeric(0, 1, "A probability, 0 to 1, or a percentage: `60 %`."),
)
ANY: Final = Kind(
    "number",
    quantities.number,
    _numeric(-quantities.LARGEST, quantities.LARGEST, "A number, or a percentage: `60 %`."),
)
FACTOR: Final = _number("factor", 0, 1e6, "A factor of 0 or more.")
MONEY: Final = _number("money", 0, 1e9, "An amount in GBP.")
PRIORITY: Final = _number("priority", -1e6, 1e6, "A priority; lower numbers are served first.")
GROWTH: Final = _number("growth", -0.9, 10, "Growth a year, as a share.")
VARIATION: Final = _number("variation", 0, 3, "A coefficient of variation.")
AT_LEAST: Final = Kind(
    "atLeast",
    _limit,
    {
        "anyOf": [*_numeric(0, MOST_WAITING, "")["anyOf"], ref("duration")],
        "description": "A number waiting, a share of capacity (`95 %`), or a time (`72 h`).",
        "examples": [5, "95 %", "72 h"],
    },
)
YEARLY_RATE: Final = _number("yearlyRate", 0, 1e6, "Crises per 1,000 people a year.")
RANK_CORRELATION: Final = Kind(
    "rankCorrelation",
    quantities.number_between(-1, 1),
    {
        "type": "number",
        "minimum": -1,
        "maximum": 1,
        "description": "A rank correlation (Spearman's).",
    },
)
PEOPLE: Final = _whole("people", 1, MOST_PEOPLE, "A number of people.")
COUNT: Final = _whole("count", 0, 10_000_000, "A whole number.")
COPIES: Final = _whole("copies", 1, 10_000, "A number of copies.")
REPLICATIONS: Final = _whole("replications", 1, 100_000, "A number of replications.")
SEED: Final = _whole("seed", 0, 2**63 - 1, "A seed: any whole number.")
UNITS: Final = _whole("units", 0, LARGEST_CAPACITY, "A number of units.")

KINDS: Final[tuple[Kind[Any], ...]] = (
    *(PROBABILITY, ANY, FACTOR, MONEY, PRIORITY, GROWTH, VARIATION, AT_LEAST, YEARLY_RATE),
    *(RANK_CORRELATION, PEOPLE, COUNT, COPIES, REPLICATIONS, SEED, UNITS),
)
