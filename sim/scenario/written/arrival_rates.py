"""Rates of arrivals as written: `12 per hour`, by weekly periods and `other`, by calendars."""

from __future__ import annotations

from typing import Final

from sim.scenario.written import quantities, weeks
from sim.scenario.written.kind import Schema
from sim.scenario.written.positions import RefusedError, Spot
from sim.scenario.written.scalars import BROKEN, text_of
from sim.scenario.written.tables import table
from sim.scenario.written.values import ArrivalRate, Period, Table, WeeklyRate

#: Most arrivals of one stream in an hour: each whole one is a process of its own.
MOST_PER_HOUR: Final = 10_000

A_RATE: Final = "arrivals in a time: `12 per hour`, `3 per day`, or 0"


def arrival_rates(raw: object, at: Spot) -> Table[ArrivalRate]:
    """A rate of arrivals, one for each weekly period, or a table of these."""
    return table(raw, at, _rate)


def _rate(raw: object, at: Spot) -> ArrivalRate:
    return _weekly(raw, at) if isinstance(raw, dict) else _at_any_time(raw, at)


def _at_any_time(raw: object, at: Spot) -> float:
    """Arrivals per minute."""
    if raw == 0 and not isinstance(raw, bool):
        return 0.0
    if not isinstance(raw, str):
        near = f"{text_of(raw)} per hour" if isinstance(raw, int | float) else ""
        raise at.refused("not a rate of arrivals", raw, allowed=A_RATE, nearest=near)
    found = quantities.per_minute(raw, at, A_RATE)
    if found * 60.0 > MOST_PER_HOUR:
        raise at.refused(
            "more arrivals than one stream can have", raw,
            allowed=f"at most {MOST_PER_HOUR:,} per hour; several streams",
        )  # fmt: skip
    return found


def _weekly(raw: dict[str, object], at: Spot) -> WeeklyRate:
    if not raw:
        raise at.refused("a rate without periods", raw, allowed="weekly periods, `other`")
    other = at.each("other", _at_any_time, raw["other"]) if "other" in raw else 0.0
    found: list[tuple[Period, float]] = []
    for pattern, value in raw.items():
        if pattern != "other":
            rate = at.each(pattern, _at_any_time, value)
            when = at.each(pattern, weeks.periods, pattern)
            if when is not BROKEN:
                found += [(period, rate) for period in when]
    found.sort(key=lambda item: item[0].start)
    if (clash := weeks.overlap(period for period, _ in found)) is not None:
        at.complain(
            f"two periods overlap on {weeks.when(clash)}",
            found=", ".join(key for key in list(raw)[:4] if key != "other"),
            allowed="periods that do not overlap",
        )
    if other is BROKEN or any(rate is BROKEN for _, rate in found):
        raise RefusedError
    return WeeklyRate(tuple(found), other)


#: How one rate is written.
ONE: Final[Schema] = {
    "anyOf": [
        {
            "type": "string",
            "pattern": rf"^\s*{quantities.NUMBER}\s*(per|/)\s*{quantities.UNIT}\s*$",
        },
        {"const": 0},
    ],
    "description": "Arrivals in a time, or 0.",
    "examples": ["12 per hour", "40 per day"],
}


def weekly(one: Schema) -> Schema:
    """How rates by weekly periods are written, each of which is `one`."""
    return {
        "type": "object",
        "properties": {"other": one},
        "additionalProperties": one,
        "minProperties": 1,
        "not": {"required": ["by"]},
    }
