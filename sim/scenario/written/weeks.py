"""Weekly patterns: `mon-fri 08:00-18:30, sat 09:00-12:00` to periods of the week.

A period that ends at or before its start runs into the next day (`mon 22:00-06:00`); one that
would run past Sunday midnight continues on Monday.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from sim.scenario.problems import nearest_name
from sim.scenario.written.kind import Kind
from sim.scenario.written.positions import Spot
from sim.scenario.written.values import Period

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY: Final = 1440
WEEK: Final = 7 * DAY

A_PATTERN: Final = "weekly periods such as `mon-fri 08:00-18:30, sat 09:00-12:00`, or `always`"

_TIMES = re.compile(r"([0-9]{1,2}):([0-9]{2})\s*-\s*([0-9]{1,2}):([0-9]{2})\Z")
_TIME = re.compile(r"\s*([0-9]{1,2}):([0-9]{2})\s*\Z")
_LONG_DAYS = {
    "monday": "mon", "tuesday": "tue", "wednesday": "wed", "thursday": "thu",
    "friday": "fri", "saturday": "sat", "sunday": "sun", "tues": "tue", "thur": "thu",
    "thurs": "thu", "weds": "wed",
}  # fmt: skip


def periods(raw: object, at: Spot) -> tuple[Period, ...]:
    """The periods of a weekly pattern in order of time; overlap is refused."""
    if not isinstance(raw, str) or len(raw) > 500:
        raise at.refused("not a weekly pattern", raw, allowed=A_PATTERN)
    if raw.strip() == "always":
        return (Period(0, WEEK),)
    found = [period for part in raw.split(",") for period in _part(part.strip(), raw, at)]
    found.sort(key=lambda period: period.start)
    if (clash := overlap(found)) is not None:
        raise at.refused(f"two periods overlap on {when(clash)}", raw, allowed=A_PATTERN)
    return tuple(found)


def _part(part: str, raw: str, at: Spot) -> list[Period]:
    """The periods of one part: days, times, or both."""
    words = part.split(None, 1)
    if not words:
        raise at.refused("an empty part in a weekly pattern", raw, allowed=A_PATTERN)
    if words[0][0].isdigit():
        chosen: Iterable[int] = range(7)
        times = part
    else:
        chosen = days(words[0], at, raw)
        times = words[1] if len(words) > 1 else "00:00-24:00"
    start, end = _times(times, raw, at)
    found: list[Period] = []
    for day in chosen:
        found += _wrapped(day * DAY + start, day * DAY + end)
    return found


def days(text: str, at: Spot, raw: object = None) -> list[int]:
    """Days of the week, Monday 0: `mon`, `mon-fri`, `sat-mon`."""
    ends = [_day(name, at, raw if raw is not None else text) for name in text.split("-")]
    if len(ends) == 1:
        return ends
    if len(ends) != 2:
        raise at.refused("not days of the week", raw or text, allowed="`mon`, `mon-fri`")
    first, last = ends
    return [(first + i) % 7 for i in range((last - first) % 7 + 1)]


def _day(name: str, at: Spot, raw: object) -> int:
    if name in DAYS:
        return DAYS.index(name)
    folded = name.strip().casefold()
    near = _LONG_DAYS.get(folded) or nearest_name(folded, DAYS)
    raise at.refused(
        f"`{name}` is not a day of the week", raw, allowed=", ".join(DAYS), nearest=near
    )


def _times(text: str, raw: str, at: Spot) -> tuple[int, int]:
    """Start and end in minutes of the day; an end at or before the start is the next day's."""
    match = _TIMES.match(text.strip())
    if match is None:
        raise at.refused("not times of day", raw, allowed=A_PATTERN)
    start, end = (
        _minute(int(match[hour]), int(match[minute]), raw, at) for hour, minute in ((1, 2), (3, 4))
    )
    if start == end:
        raise at.refused("a period of no length", raw, allowed="`00:00-24:00` for a whole day")
    if start == DAY:
        raise at.refused("a period cannot start at 24:00", raw, allowed="00:00 to 23:59")
    return start, end if end > start else end + DAY


def time_of_day(raw: object, at: Spot) -> int | None:
    """Minutes after midnight of a time such as `10:00`; None for what is not written like one."""
    match = _TIME.match(raw) if isinstance(raw, str) else None
    if match is None:
        return None
    minute = _minute(int(match[1]), int(match[2]), match[0], at)
    if minute == DAY:
        raise at.refused("a day ends at 24:00, where the next begins", raw, allowed="`00:00`")
    return minute


def _minute(hour: int, minute: int, raw: str, at: Spot) -> int:
    if minute > 59 or hour > 24 or (hour == 24 and minute):
        raise at.refused("there is no such time of day", raw, allowed="00:00 to 24:00")
    return hour * 60 + minute


def _wrapped(start: int, end: int) -> list[Period]:
    """The period, in two if it runs past the end of the week."""
    if end <= WEEK:
        return [Period(start, end)]
    return [Period(start, WEEK), Period(0, end - WEEK)]


def overlap(found: Iterable[Period]) -> int | None:
    """The first minute of the week that two periods share, or None."""
    last = 0
    for period in sorted(found, key=lambda period: period.start):
        if period.start < last:
            return period.start
        last = max(last, period.end)
    return None


def when(minute: int) -> str:
    """A minute of the week in words: `tue 08:30`."""
    day, rest = divmod(minute, DAY)
    return f"{DAYS[day % 7]} {rest // 60:02d}:{rest % 60:02d}"


PERIODS: Final = Kind(
    "periods",
    periods,
    {
        "type": "string",
        "pattern": r"^\s*(always|[a-z0-9:,\- ]+)\s*$",
        "description": "Weekly periods, or `always`; 24:00 ends a day, `mon 22:00-06:00` runs "
        "into the next.",
        "examples": ["mon-fri 08:00-18:30, sat 09:00-12:00", "always"],
    },
)
