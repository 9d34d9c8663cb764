"""Exact arithmetic on numbers as they are written: `20 min`, `60 %`, `45 per hour`, `0.2`.

What changes a value relatively, or takes it from a parameter, works on what the file says, so
that `0.2` and 0.1 more is `0.3` to the last bit, and is shown in the unit it was written in.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final, Literal

from sim.scenario.written.quantities import UNITS
from sim.scenario.written.scalars import Real, Whole, text_of

#: What an amount is one of; amounts of different kinds cannot be added.
Kind = Literal["number", "duration", "rate"]

_NUMBER = r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]{1,2})?"
_PLAIN = re.compile(rf"\s*({_NUMBER})\s*\Z")
_PERCENT = re.compile(rf"\s*({_NUMBER})\s*%\s*\Z")
_PART = re.compile(rf"\s*({_NUMBER})\s*([A-Za-z]+)\s*")
_RATE = re.compile(rf"\s*({_NUMBER})\s*(?:per|/)\s*([A-Za-z]+)\s*\Z")

#: Longest text read as an amount.
LONGEST: Final = 60


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with what it is one of: a plain one, minutes, or so many a minute.

    `unit` is how it was written and is shown again: `%`, a unit of time, or none.
    """

    value: Fraction
    kind: Kind = "number"
    unit: str = ""


def amount(raw: object) -> Amount | None:
    """The amount a scalar says, or None if it says none."""
    if isinstance(raw, bool) or raw is None:
        return None
    text = text_of(raw)
    if text is None or len(text) > LONGEST:
        return None
    if isinstance(raw, int | float):
        return Amount(_fraction(text)) if _PLAIN.match(text) else None
    if match := _PERCENT.match(text):
        return Amount(_fraction(match[1]) / 100, unit="%")
    if (match := _RATE.match(text)) and match[2] in UNITS:
        return Amount(_fraction(match[1]) / UNITS[match[2]], "rate", match[2])
    return _duration(text)


def _fraction(text: str) -> Fraction:
    return Fraction(text)


def _duration(text: str) -> Amount | None:
    position, minutes, units = 0, Fraction(0), []
    while position < len(text):
        match = _PART.match(text, position)
        if match is None or match[2] not in UNITS:
            return None
        minutes += _fraction(match[1]) * UNITS[match[2]]
        units.append(match[2])
        position = match.end()
    if not units:
        return None
    return Amount(minutes, "duration", units[0] if len(units) == 1 else "min")


def written(one: Amount) -> Any:
    """An amount as a scalar of a file, in its own unit."""
    if one.kind == "duration":
        return f"{_decimal(one.value / UNITS[one.unit])} {one.unit}"
    if one.kind == "rate":
        return f"{_decimal(one.value * UNITS[one.unit])} per {one.unit}"
    if one.unit == "%":
        return f"{_decimal(one.value * 100)} %"
    text = _decimal(one.value)
    return Whole(text) if text.lstrip("-").isdigit() else Real(text)


def _decimal(value: Fraction) -> str:
    """The shortest decimal that is the number to within a float."""
    if value.denominator == 1 and abs(value) < 10**15:
        return str(value.numerator)
    try:
        rounded = float(value)
    except OverflowError:
        rounded = math.copysign(1e308, value)
    text = repr(rounded)
    return text.removesuffix(".0")


def added(one: Amount, other: Amount) -> Amount | None:
    """The sum, in the unit of the first; None if they are of different kinds."""
    if one.value == 0 and one.kind == "number" and not one.unit:
        return other  # nothing is nothing in any unit
    if one.kind != other.kind:
        return None
    unit = one.unit or (other.unit if one.value == 0 else "")
    return Amount(one.value + other.value, one.kind, unit)


def multiplied(one: Amount, factor: Fraction) -> Amount:
    """So many times an amount."""
    return Amount(one.value * factor, one.kind, one.unit)
