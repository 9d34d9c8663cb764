"""Numbers as a commissioner reads them: rounded to what is known, with units and signs.

Only turns numbers into text. Which numbers are shown is decided by `sim.report.tables` and the
pictures. An exact zero is told apart from a difference that merely rounds to zero.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.experiment.intervals import Kind

NO_CHANGE = "no change"
NO_VARIATION = "no variation"
UNDEFINED = "n/a"

#: units written as a suffix of the number itself; all others are named once, beside the measure
_PERCENT = frozenset({"%", "percent", "share"})
_MONEY = frozenset({"GBP", "£"})


@dataclass(frozen=True, slots=True)
class Scale:
    """How a family of related numbers is written: factor, decimals, prefix and suffix."""

    factor: float = 1.0
    decimals: int = 1
    prefix: str = ""
    suffix: str = ""

    def write(self, value: float, *, signed: bool = False) -> str:
        """Write one number, with a sign if it is a difference."""
        if not math.isfinite(value):
            return UNDEFINED
        number = round(value * self.factor, self.decimals)
        digits = f"{abs(number):,.{self.decimals}f}"
        sign = "-" if number < 0 else "+" if signed and number > 0 else ""
        return f"{sign}{self.prefix}{digits}{self.suffix}"


def scale_for(unit: str, *values: float, resolution: float | None = None) -> Scale:
    """One way of writing several related numbers, so that they can be compared at a glance.

    Parameters
    ----------
    unit
        Unit of the measure. ``share`` is written in per cent, ``GBP`` in pounds, thousands
        or millions of pounds.
    values
        The numbers that will be written.
    resolution
        The width below which digits mean nothing, such as half the width of an interval.
    """
    sizes = [abs(value) for value in values if math.isfinite(value)]
    largest = max(sizes, default=0.0)
    factor, prefix, suffix = 1.0, "", ""
    if unit == "share":
        factor, suffix = 100.0, " %"
    elif unit in _PERCENT:
        suffix = " %"
    elif unit in _MONEY:
        prefix = "£"
        if largest >= 1e6:
            factor, suffix = 1e-6, "m"
        elif largest >= 1e4:
            factor, suffix = 1e-3, "k"
    wanted = resolution if resolution is not None and resolution > 0 else largest
    whole = unit in _MONEY and factor == 1.0 and largest >= 100
    return Scale(factor, 0 if whole else _decimals(wanted * factor), prefix, suffix)


def _decimals(size: float) -> int:
    """Decimals that leave one or two digits of `size`: 0 from 5 on, 1 from 0.5 on, ..."""
    if not math.isfinite(size) or size == 0:
        return 0
    if size < 1e-4:
        return 4
    return min(4, max(0, -math.floor(math.log10(size / 5))))


def value(number: float, unit: str) -> str:
    """A number by itself, to about three significant digits: ``1,234``, ``92.3 %``, ``£1.23m``."""
    if not math.isfinite(number):
        return UNDEFINED
    if number == 0:
        return scale_for(unit).write(0.0)
    return scale_for(unit, number, resolution=abs(number) / 20).write(number)


def difference(
    number: float,
    low: float,
    high: float,
    unit: str,
    *,
    kind: Kind = "95 %",
    most_decimals: int = 4,
) -> str:
    """A difference with its interval: ``-12.3 (-15.1 to -9.5)``.

    The lowest and highest of a few replications stand in brackets, ``-12.3 [-15.1 to -9.5]``; the
    same difference in all replications is ``-12 (no variation)``.

    Exactly zero with nothing around it is ``no change``; without an interval (one
    replication) only the difference is written. Differences of shares are in percentage
    points: ``+4.3 (+3.2 to +5.4) % pts``; of money, ``-£1.12m (-1.43 to -0.81)``. Never more
    than `most_decimals` are written, however narrow the interval.
    """
    if not math.isfinite(number):
        return UNDEFINED
    bounded = math.isfinite(low) and math.isfinite(high)
    if number == 0 and (not bounded or low == high == 0):
        return NO_CHANGE
    scale = difference_scale(number, low, high, unit, most_decimals=most_decimals)
    points = " % pts" if scale.suffix == " %" else ""
    if points:
        scale = replace(scale, suffix="")
    text = scale.write(number, signed=True)
    if kind == "no variation":
        return f"{text}{points} ({NO_VARIATION})"
    if bounded:
        bare = replace(scale, prefix="", suffix="")
        text += " " + between(bare.write(low, signed=True), bare.write(high, signed=True), kind)
    return text + points


def between(low: str, high: str, kind: Kind) -> str:
    """Two bounds: an interval in parentheses, the lowest and highest in brackets."""
    return f"[{low} to {high}]" if kind == "range" else f"({low} to {high})"


def difference_scale(
    number: float, low: float, high: float, unit: str, *, most_decimals: int = 4
) -> Scale:
    """How a difference and its interval are written: digits that the interval gives meaning."""
    bounded = math.isfinite(low) and math.isfinite(high)
    width = max((high - low) / 2, abs(number) / 100) if bounded else abs(number) / 10
    if low == high == round(number):
        width = abs(number) * 10  # the same whole number in every replication
    scale = scale_for(unit, number, low, high, resolution=width)
    return replace(scale, decimals=min(scale.decimals, most_decimals))


def percent_of(number: float, baseline: float) -> str:
    """A difference as a share of its baseline: ``-3.1 %``; empty if there is no baseline."""
    if not math.isfinite(number) or not math.isfinite(baseline) or baseline == 0:
        return ""
    share = 100 * number / abs(baseline)
    if number == 0:
        return "0 %"
    if abs(share) < 0.005:
        return "~0 %"
    scale = Scale(1.0, 0 if abs(share) >= 99.5 else 1 if abs(share) >= 0.95 else 2, "", " %")
    return scale.write(share, signed=True)


def duration(minutes: float) -> str:
    """A length of time in the two units that matter: ``14 min``, ``3 h 20 min``, ``9.2 days``."""
    if not math.isfinite(minutes):
        return UNDEFINED
    if minutes < 0.5:
        return "0 min"
    if minutes < 59.5:
        return f"{minutes:.0f} min"
    if round(minutes) < 24 * 60:
        hours, rest = divmod(round(minutes), 60)
        return f"{hours} h {rest} min" if rest else f"{hours} h"
    days = minutes / 1440
    text = f"{days:.1f}" if days < 99.95 else f"{days:,.0f}"
    return f"{text.removesuffix('.0')} {'day' if text == '1.0' else 'days'}"


def plural(number: int, one: str, many: str | None = None) -> str:
    """A count with its noun: ``1 replication``, ``5 replications``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def share(part: float, whole: float) -> str:
    """A part of a whole in per cent, never rounded to all or nothing when it is neither."""
    if whole == 0:
        return UNDEFINED
    percent = 100 * part / whole
    if 0 < percent < 0.1:
        return "< 0.1 %"
    if 99.9 < percent < 100:
        return "> 99.9 %"
    text = f"{percent:.1f}"
    return f"{text.removesuffix('.0')} %"
