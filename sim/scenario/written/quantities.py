"""Single quantities as written: numbers, percentages, durations, rates, dates.

Every function reads one raw scalar and raises `RefusedError` if it is not one. Durations become
minutes, exactly rounded, so that `0.5 h` and `30 min` are the same number.
"""

from __future__ import annotations

import datetime
import re
from fractions import Fraction
from typing import Any, Final

from sim.scenario.problems import nearest_name
from sim.scenario.written.kind import Kind
from sim.scenario.written.positions import Spot
from sim.scenario.written.scalars import NotFiniteError, Real, resolve, text_of
from sim.scenario.written.values import Quantity, Rate

#: Minutes in a year of 365 days.
YEAR: Final = 525_600.0

#: Minutes in each unit of time.
UNITS: Final = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), Fraction(1, 60)),
    **dict.fromkeys(("min", "mins", "minute", "minutes"), Fraction(1)),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), Fraction(60)),
    **dict.fromkeys(("d", "day", "days"), Fraction(1440)),
    **dict.fromkeys(("w", "wk", "week", "weeks"), Fraction(10080)),
    **dict.fromkeys(("year", "years"), Fraction(YEAR)),
}

#: Longest duration, in minutes.
LONGEST: Final = 100 * YEAR

#: Largest number where nothing narrower is said.
LARGEST: Final = 1e9

#: Most crises a minute of a whole population.
FASTEST: Final = 10_000.0

_NUMBER = r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
_PART = re.compile(rf"\s*({_NUMBER})\s*([A-Za-z]+)\s*")
_PERCENT = re.compile(rf"({_NUMBER})\s*%\Z")
_RATE = re.compile(rf"({_NUMBER})\s*(?:per|/)\s*([A-Za-z]+)\Z")
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})\Z")
_DATE_TIME = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[ T]([0-9]{2}):([0-9]{2})\Z")
_GROUPED = re.compile(r"[-+]?[0-9]{1,3}([,_ ][0-9]{3})+(\.[0-9]+)?\Z")

#: The same for the schema: signs are for changes, and are refused by the readers here.
NUMBER: Final = r"-?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"
UNIT: Final = f"({'|'.join(UNITS)})"
DATE: Final = "[0-9]{4}-[0-9]{2}-[0-9]{2}"

A_DURATION: Final = "a duration such as `20 min`, `4 h` or `26 days`"
A_DATE: Final = "a date such as `2024-04-01`"


def number(raw: object, at: Spot) -> float:
    """A finite number, also written as a percentage: `60 %` is 0.6."""
    value = _number_or_none(raw)
    if value is None:
        raise at.refused("not a number", raw, allowed="a number", nearest=_ungrouped(raw))
    if not abs(value) <= LARGEST:
        raise at.refused("the number is absurdly large", raw, allowed=f"at most {LARGEST:,.0f}")
    return value


def _number_or_none(raw: object) -> float | None:
    if isinstance(raw, bool):
        return None
    if isinstance(raw, int | float):
        return float(raw)
    if isinstance(raw, str) and len(raw) <= 60 and (match := _PERCENT.match(raw.strip())):
        return _times(match[1], Fraction(1, 100))
    return None


def _times(text: str, factor: Fraction) -> float:
    """Decimal `text` times `factor`, correctly rounded; a huge one only roughly."""
    rough = float(text) * float(factor)
    if len(text) > 40 or not 1e-12 < abs(rough) < 1e12:
        return rough
    return float(Fraction(text) * factor)


def _ungrouped(raw: object) -> str:
    """`250000` for a number written `250,000`."""
    if isinstance(raw, str) and len(raw) <= 60 and _GROUPED.match(raw.strip()):
        return re.sub(r"[,_ ]", "", raw)
    return ""


def refuse_signed(raw: object, at: Spot) -> None:
    """Refuse a number written with a plus sign: it is most likely meant as so much more."""
    text = text_of(raw)
    if text is not None and text.lstrip().startswith("+"):
        bare = text.strip()[1:].strip()
        raise at.refused(
            "a number with a sign says a change, and this is the value itself", raw,
            allowed=f"`{{add: {bare}}}` for so much more than a file below says, or no sign",
        )  # fmt: skip


#: Said of a negative number where none can be.
LESS: Final = "to take away from what a file below says: `{add: -4}`"


def number_between(low: float, high: float) -> NumberParser:
    """A parser of numbers from `low` to `high`."""
    return NumberParser(low, high)


class NumberParser:
    """Parser of numbers within limits, which may be given as percentages."""

    def __init__(self, low: float, high: float) -> None:
        self.low, self.high = low, high

    def __call__(self, raw: object, at: Spot) -> float:
        """The number, if within the limits."""
        allowed = f"{_in_full(self.low)} to {_in_full(self.high)}"
        value = _number_or_none(raw)
        if value is None:
            raise at.refused(
                "not a number", raw, allowed=f"a number, {allowed}", nearest=_ungrouped(raw)
            )
        if value < 0 <= self.low:
            raise at.refused("the number is negative", raw, allowed=f"{allowed}; {LESS}")
        if self.low >= 0:
            refuse_signed(raw, at)
        if value < self.low:
            raise at.refused("the number is too small", raw, allowed=allowed)
        if value > self.high:
            raise at.refused("the number is too large", raw, allowed=allowed)
        return value


def _in_full(limit: float) -> str:
    return f"{limit:,.0f}" if abs(limit) >= 1 and limit == round(limit) else f"{limit:g}"


def probability(raw: object, at: Spot) -> float:
    """A number from 0 to 1, or a percentage up to 100 %."""
    value = number(raw, at)
    refuse_signed(raw, at)
    if not 0.0 <= value <= 1.0:
        what = "a probability below 0" if value < 0 else "a probability above 1"
        hint = ""
        if isinstance(raw, int | float) and 1 < value <= 100:
            hint = f"{text_of(raw)} %"
        raise at.refused(what, raw, allowed="0 to 1, or 0 % to 100 %", nearest=hint)
    return value


def whole(raw: object, at: Spot, low: int = 0, high: int = 10**9) -> int:
    """A whole number from `low` to `high`."""
    if isinstance(raw, bool) or not isinstance(raw, int):
        near = _ungrouped(raw)
        if isinstance(raw, Real) and raw.is_integer() and abs(raw) < 1e15:
            near = str(int(raw))
        raise at.refused("not a whole number", raw, allowed="a whole number", nearest=near)
    if low >= 0:
        refuse_signed(raw, at)
    if not low <= raw <= high:
        if raw < 0 <= low:
            what = "the number is negative"
        else:
            what = "the number is too small" if raw < low else "the number is too large"
        more = f"; {LESS}" if raw < 0 <= low else ""
        raise at.refused(what, raw, allowed=f"{low:,} to {high:,}{more}")
    return int(raw)


def duration(raw: object, at: Spot) -> float:
    """A duration in minutes: `20 min`, `1 h 30 min`, `26 days`."""
    refuse_signed(raw, at)
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        if raw == 0:
            return 0.0  # nothing is nothing in any unit
        text = text_of(raw)
        units = f"{A_DURATION}: is it `{text} min`, `{text} h` or `{text} days`?"
        raise at.refused("a duration needs a unit", raw, allowed=units)
    if not isinstance(raw, str) or len(raw) > 60:
        raise at.refused("not a duration", raw, allowed=A_DURATION)
    return _limited_duration(_summed(raw, at), raw, at)


def positive_duration(raw: object, at: Spot) -> float:
    """A duration in minutes, longer than nothing."""
    minutes = duration(raw, at)
    if minutes <= 0:
        raise at.refused("the duration is nil", raw, allowed="longer than 0 min")
    return minutes


def _summed(raw: str, at: Spot) -> float:
    """The sum of the parts of a duration, in minutes."""
    position, minutes = 0, 0.0
    while position < len(raw):
        match = _PART.match(raw, position)
        if match is None:
            raise at.refused("not a duration", raw, allowed=A_DURATION)
        factor = UNITS.get(match[2])
        if factor is None:
            raise _unknown_unit(match[2], raw, at)
        minutes += _times(match[1], factor)
        position = match.end()
    if not raw.strip():
        raise at.refused("not a duration", raw, allowed=A_DURATION)
    return minutes


def _unknown_unit(unit: str, raw: str, at: Spot) -> Exception:
    allowed = "s, min, h, days, weeks"
    if unit in ("m", "M"):
        return at.refused("the unit `m` could be minutes or months", raw, allowed=allowed)
    if unit.startswith(("month", "mth")):
        return at.refused("a month has no fixed length", raw, allowed=allowed)
    near = nearest_name(unit, UNITS)
    return at.refused(f"`{unit}` is not a unit of time", raw, allowed=allowed, nearest=near)


def _limited_duration(minutes: float, raw: object, at: Spot) -> float:
    if minutes < 0:
        less = LESS.replace("-4", "-4 min")
        raise at.refused("the duration is negative", raw, allowed=f"0 min or longer; {less}")
    if not minutes <= LONGEST:
        raise at.refused("the duration is absurdly long", raw, allowed="at most 100 years")
    return minutes


def population_rate(raw: str, at: Spot) -> Rate:
    """Arrivals of a whole population: `45 per hour`."""
    allowed = "a number per 1,000 people a year, or for the whole population `45 per hour`"
    return Rate(per_minute(raw, at, allowed), "population")


def per_minute(raw: str, at: Spot, allowed: str) -> float:
    """So many in a time, `45 per hour`, as a number in a minute."""
    refuse_signed(raw, at)
    match = _RATE.match(raw.strip()) if len(raw) <= 60 else None
    if match is None:
        near = _ungrouped(raw)
        raise at.refused("not a rate", raw, allowed=allowed, nearest=near)
    factor = UNITS.get(match[2])
    if factor is None:
        near = nearest_name(match[2], UNITS)
        raise at.refused(f"`{match[2]}` is not a unit of time", raw, allowed=allowed, nearest=near)
    rate = _times(match[1], 1 / factor)
    if rate < 0:
        raise at.refused("the rate is negative", raw, allowed="0 or more")
    if not rate <= FASTEST:
        raise at.refused(
            "the rate is absurdly high", raw, allowed=f"at most {FASTEST:,.0f} per min"
        )
    return rate


def parameter_value(raw: object, at: Spot) -> Quantity:
    """A number, a percentage, a duration or a rate."""
    if _number_or_none(raw) is not None:
        return Quantity(number(raw, at))
    if isinstance(raw, str) and len(raw) <= 60 and _RATE.match(raw.strip()):
        return Quantity(population_rate(raw, at).per_minute, "rate")
    if isinstance(raw, str) and looks_numeric(raw):
        return Quantity(duration(raw, at), "duration")
    raise at.refused(
        "not the value of a parameter", raw,
        allowed="a number, a percentage, a duration such as `20 min`, or a rate",
    )  # fmt: skip


def is_date(text: str) -> bool:
    """Whether text is written like a date."""
    return _DATE.match(text) is not None


def date(raw: object, at: Spot) -> datetime.date:
    """A date that exists, from 1900 to 2199."""
    match = _DATE.match(raw) if isinstance(raw, str) else None
    if match is None:
        raise at.refused("not a date", raw, allowed=A_DATE)
    year, month, day = int(match[1]), int(match[2]), int(match[3])
    try:
        found = datetime.date(year, month, day)
    except ValueError:
        raise at.refused("there is no such date", raw, allowed=A_DATE) from None
    if not 1900 <= year < 2200:
        raise at.refused("the year is out of range", raw, allowed="1900 to 2199")
    return found


def date_time(raw: object, at: Spot) -> datetime.datetime:
    """A date and time of day: `2024-07-01 09:30`."""
    allowed = "a date and time such as `2024-07-01 09:30`"
    match = _DATE_TIME.match(raw) if isinstance(raw, str) else None
    if match is None:
        near = f"{raw} 09:00" if isinstance(raw, str) and _DATE.match(raw) else ""
        raise at.refused("not a date and time", raw, allowed=allowed, nearest=near)
    day = date(match[1], at)
    hour, minute = int(match[2]), int(match[3])
    if hour > 23 or minute > 59:
        raise at.refused("there is no such time of day", raw, allowed="00:00 to 23:59")
    return datetime.datetime(day.year, day.month, day.day, hour, minute)


def looks_numeric(text: str) -> bool:
    """Whether text was meant as a number: digits, perhaps grouped (`1,000`)."""
    return text.strip()[:1].isdigit()


def resolved(value: object) -> object:
    """A value given from outside a file, read as if it had been written in one.

    Dates become text, text that looks like a number becomes one.
    """
    if isinstance(value, datetime.datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, str):
        try:
            return resolve(value)
        except NotFiniteError:
            return value
    if isinstance(value, dict):
        return {str(key): resolved(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [resolved(part) for part in value]
    return value


DURATION: Final = Kind(
    "duration",
    duration,
    {
        "type": "string",
        "pattern": rf"^(\s*{NUMBER}\s*{UNIT}\s*)+$",
        "description": "A duration with its unit: `20 min`, `4 h`, `26 days`, `1 h 30 min`.",
        "examples": ["20 min", "4 h", "26 days"],
    },
)
POSITIVE_DURATION: Final = Kind(DURATION.name, positive_duration, DURATION.schema)
DAY: Final = Kind(
    "date",
    date,
    {
        "type": "string",
        "pattern": f"^{DATE}$",
        "description": "A date.",
        "examples": ["2024-04-01"],
    },
)
MOMENT: Final = Kind(
    "dateTime",
    date_time,
    {
        "type": "string",
        "pattern": f"^{DATE}[ T][0-9]{{2}}:[0-9]{{2}}$",
        "description": "A date and time of day.",
        "examples": ["2024-07-01 09:30"],
    },
)
PARAMETER_VALUE: Final = Kind(
    "parameterValue",
    parameter_value,
    {
        "type": ["number", "string"],
        "description": "A number, a percentage, a duration or a rate.",
        "examples": [0.5, "60 %", "20 min", "45 per hour"],
    },
)

KINDS: Final[tuple[Kind[Any], ...]] = (DURATION, DAY, MOMENT, PARAMETER_VALUE)
