"""Names, lists, capacities, profiles and coverage as written.

What is left of the fields of the language besides numbers, choices, quantities, distributions,
tables and weekly patterns; every function reads one raw value and reports each part that is wrong.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Callable
from typing import Any, Final

from sim.scenario.problems import nearest_name
from sim.scenario.written import quantities, weeks
from sim.scenario.written.numbers import FACTOR, UNITS
from sim.scenario.written.positions import RefusedError, Spot
from sim.scenario.written.scalars import BROKEN, UNPRINTABLE, shown, text_of
from sim.scenario.written.values import (
    Capacity,
    CoverageShares,
    HourFactors,
    Period,
    Strata,
    WeeklyCapacity,
)

#: Words that cannot name anything, because tables begin with them.
RESERVED: Final = frozenset({"by"})

#: Longest name of anything.
LONGEST_NAME: Final = 64

#: Most levels of an attribute.
MOST_LEVELS: Final = 100

#: Most measures in a headline.
MOST_HEADLINES: Final = 5

A_NAME: Final = "letters a to z, digits and `_`, a letter first"

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*\Z")


def text(raw: object, at: Spot) -> str:
    """Free text; a number is taken as it was written."""
    found = text_of(raw)
    if found is None:
        raise at.refused("not text", raw, allowed="text")
    if UNPRINTABLE.search(found):
        raise at.refused("a character that cannot be printed", raw, allowed="text")
    return found


def title(raw: object, at: Spot) -> str:
    """Text of one line, however many it was written in."""
    return " ".join(text(raw, at).split())


def name(raw: object, at: Spot) -> str:
    """The name of a thing."""
    found = text_of(raw)
    if found is None:
        raise at.refused("not a name", raw, allowed=f"a name: {A_NAME}")
    if not _NAME.match(found) or len(found) > LONGEST_NAME:
        plain = unicodedata.normalize("NFKD", found).encode("ascii", "ignore").decode()
        near = re.sub(r"[^A-Za-z0-9_]+", "_", plain).strip("_")[:LONGEST_NAME]
        at.complain(
            "not a name that can be used",
            found=shown(raw),
            allowed=f"{A_NAME}; at most {LONGEST_NAME} characters",
            nearest=near if _NAME.match(near) else "",
        )
    elif found in RESERVED:
        at.complain("this word has a meaning of its own", found=found, allowed="any other name")
    return found


def pool(raw: object, at: Spot) -> str:
    """The name of a resource, or of its pool for one level: `gp[riverside]`."""
    match = re.match(r"(.+)\[(.+)\]\Z", raw) if isinstance(raw, str) else None
    if match is None:
        return name(raw, at)
    return f"{name(match[1], at)}[{level(match[2], at)}]"


def names(raw: object, at: Spot) -> tuple[str, ...]:
    """A list of different names; a single one may stand alone."""
    return different(raw, at, name, "names")


def measure(raw: object, at: Spot) -> str:
    """A measure: its name, and after a stroke what it is of (`wait_mean/ae_doctor`)."""
    found = text_of(raw)
    parts = (found or "").split("/")
    if not 1 <= len(parts) <= 2 or not all(_NAME.match(part) for part in parts):
        raise at.refused("not a measure", raw, allowed="a name such as `wait_mean/ae_doctor`")
    return found or ""


def headline(raw: object, at: Spot) -> tuple[str, ...]:
    """One to five different measures; a single one may stand alone."""
    found = different(raw, at, measure, "measures")
    if len(found) > MOST_HEADLINES:
        at.complain("too many measures", found=f"{len(found)}", allowed=f"at most {MOST_HEADLINES}")
    return found


def level(raw: object, at: Spot) -> str:
    """The name of a level, whatever it looks like: `85+`, `0-4`, `2`."""
    found = text_of(raw)
    if found is None or not found.strip():
        raise at.refused("not a level", raw, allowed="the name of a level")
    if found == "by" or len(found) > LONGEST_NAME or UNPRINTABLE.search(found):
        at.complain("not a level that can be used", found=shown(raw), allowed="another name")
    return found


def levels(raw: object, at: Spot) -> tuple[str, ...]:
    """All the levels of an attribute, in order."""
    if not isinstance(raw, list):
        raise at.refused("not a list of levels", raw, allowed="a list such as `[no, yes]`")
    if len(raw) > MOST_LEVELS:
        raise at.refused("too many levels", raw, allowed=f"at most {MOST_LEVELS}")
    return different(raw, at, level, "levels")


def some_levels(raw: object, at: Spot) -> tuple[str, ...]:
    """Some levels of an attribute; a single one may stand alone."""
    return different(raw, at, level, "levels")


def dates(raw: object, at: Spot) -> tuple[datetime.date, ...]:
    """A list of dates, or a single one."""
    found: tuple[datetime.date, ...] = different(raw, at, quantities.date, "dates")
    return found


def different(
    raw: object, at: Spot, parse: Callable[[object, Spot], Any], kind: str
) -> tuple[Any, ...]:
    """A list without repetition, or a single item; `kind` says in the plural of what."""
    if not isinstance(raw, list):
        if isinstance(raw, dict) or raw is None:
            raise at.refused(f"not a list of {kind}", raw, allowed=f"a list of {kind}")
        return (parse(raw, at),)
    found: list[Any] = []
    for index, item in enumerate(raw):
        value = at.each(index, parse, item)
        if value is BROKEN:
            continue
        if value in found:
            at.under(index).complain(f"`{value}` is listed twice", found=shown(item))
        else:
            found.append(value)
    if any(item is BROKEN for item in raw) and not found:
        raise RefusedError
    return tuple(found)


def capacity(raw: object, at: Spot) -> Capacity:
    """A number of units, `unlimited`, or units by weekly periods and `other`."""
    if raw == "unlimited":
        return "unlimited"
    if isinstance(raw, dict):
        return _weekly_capacity(raw, at)
    if isinstance(raw, str) and not quantities.looks_numeric(raw):
        raise at.refused(
            "not a capacity",
            raw,
            allowed="a whole number, weekly periods with a number each, or `unlimited`",
            nearest=nearest_name(raw, ["unlimited"]),
        )
    return UNITS.read(raw, at)


def _units_within_hours(raw: object, at: Spot) -> int:
    if raw == "unlimited":
        allowed = "a number, a large one where nobody should wait; or `unlimited` at all hours"
        raise at.refused("`unlimited` within hours", raw, allowed=allowed)
    return UNITS.read(raw, at)


def _weekly_capacity(raw: dict[str, object], at: Spot) -> WeeklyCapacity:
    if not raw:
        raise at.refused("a capacity without periods", raw, allowed="weekly periods, `other`")
    if "by" in raw:
        raise at.refused(
            "a capacity cannot vary by an attribute", raw, allowed="weekly periods, `other`"
        )
    other = at.each("other", UNITS.read, raw["other"]) if "other" in raw else 0
    found: list[tuple[Period, int]] = []
    for pattern, value in raw.items():
        if pattern == "other":
            continue
        if quantities.is_date(pattern):
            at.under(pattern).complain(
                "a capacity from a date on stands in `changes`", found=pattern,
                allowed=f"`changes: {{{pattern}: {shown(value)}}}` beside `capacity`",
            )  # fmt: skip
            continue
        units = at.each(pattern, _units_within_hours, value)
        open_at = at.each(pattern, weeks.periods, pattern)
        if open_at is not BROKEN:
            found += [(period, units) for period in open_at]
    found.sort(key=lambda item: item[0].start)
    if (clash := weeks.overlap(period for period, _ in found)) is not None:
        at.complain(
            f"two periods overlap on {weeks.when(clash)}",
            found=", ".join(key for key in list(raw)[:4] if key != "other"),
            allowed="periods that do not overlap: where two shifts meet, a period of its own with "
            "the sum of both",
        )
    return WeeklyCapacity(tuple(found), other)


def factors(count: int) -> Callable[[object, Spot], tuple[float, ...]]:
    """A parser of `count` factors of 0 or more, not all 0."""

    def parse(raw: object, at: Spot) -> tuple[float, ...]:
        if not isinstance(raw, list) or len(raw) != count:
            raise at.refused(f"not {count} factors", raw, allowed=f"a list of {count} numbers")
        found = tuple(at.each(index, FACTOR.read, item) for index, item in enumerate(raw))
        if BROKEN in found:
            raise RefusedError
        if not any(found):
            raise at.refused("all factors are 0", raw, allowed="at least one above 0")
        return found

    return parse


def hour_factors(raw: object, at: Spot) -> HourFactors:
    """Seven rows (Monday first) of 24 factors, from 24 numbers or 24 for each set of weekdays."""
    of_day = factors(24)
    if not isinstance(raw, dict):
        return (of_day(raw, at),) * 7
    rows: dict[int, tuple[float, ...]] = {}
    for key, value in raw.items():
        row = at.each(key, of_day, value)
        days = at.each(key, _weekdays, key)
        for day in days if days is not BROKEN else ():
            if day in rows:
                at.under(key).complain(f"{weeks.DAYS[day]} is given twice", found=key)
            rows[day] = row
    missing = [day for index, day in enumerate(weeks.DAYS) if index not in rows]
    if missing and not at.complaints:
        at.complain(
            "days of the week are missing", found=", ".join(missing), allowed="each day once"
        )
    if missing or any(row is BROKEN for row in rows.values()):
        raise RefusedError
    return tuple(rows[day] for day in range(7))


def _weekdays(raw: object, at: Spot) -> list[int]:
    return [day for part in str(raw).split(",") for day in weeks.days(part.strip(), at, raw)]


def coverage(raw: object, at: Spot) -> CoverageShares:
    """A share, or shares by date in order of time."""
    if not isinstance(raw, dict):
        return quantities.probability(raw, at)
    if not raw:
        raise at.refused("coverage without dates", raw, allowed="a share, or shares by date")
    points: dict[datetime.date, float] = {}
    for key, value in raw.items():
        share = at.each(key, quantities.probability, value)
        day = at.each(key, quantities.date, key)
        if day is not BROKEN:
            points[day] = share
    return dict(sorted(points.items()))


def strata(raw: object, at: Spot) -> Strata:
    """Strata that have been read from their file."""
    if not isinstance(raw, Strata):
        raise at.refused("not a file", raw, allowed="the name of a CSV file")
    return raw
