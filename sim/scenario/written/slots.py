"""Slots as written: `{mon-sun 08:00-20:00: {every: 15 min, places: 2}}`."""

from __future__ import annotations

from typing import Any, Final

from sim.scenario.problems import nearest_name
from sim.scenario.written import quantities, weeks
from sim.scenario.written.numbers import UNITS
from sim.scenario.written.positions import RefusedError, Spot
from sim.scenario.written.scalars import BROKEN
from sim.scenario.written.values import Appointments, Slots

A_WEEK_OF_SLOTS: Final = "`{mon-fri 08:00-18:00: {every: 15 min, places: 2}}`"

_FIELDS = ("every", "places")


def slots(raw: object, at: Spot) -> Slots:
    """Slots by weekly periods; a period that does not hold a whole number of them is refused."""
    if not isinstance(raw, dict) or not raw:
        raise at.refused("not slots", raw, allowed=A_WEEK_OF_SLOTS)
    found: list[Appointments] = []
    for pattern, value in raw.items():
        open_at = at.each(pattern, weeks.periods, pattern)
        each = at.each(pattern, _each, value)
        if BROKEN in (open_at, each):
            continue
        every, places = each
        for period in open_at:
            if (period.end - period.start) % every:
                raise at.under(pattern).refused(
                    "the last slot would end after the period",
                    f"{period.end - period.start} minutes, of {every:g} each",
                    allowed="a period that is a whole number of slots long",
                )
            found.append(Appointments(period, every, places))
    if len(found) == 0:
        raise RefusedError
    found.sort(key=lambda one: one.period.start)
    if (clash := weeks.overlap(one.period for one in found)) is not None:
        at.complain(
            f"two periods overlap on {weeks.when(clash)}",
            found=", ".join(list(raw)[:4]),
            allowed="periods that do not overlap",
        )
    return tuple(found)


def _each(raw: object, at: Spot) -> tuple[float, int]:
    """How often a slot begins, and its places."""
    if not isinstance(raw, dict):
        raise at.refused("not slots", raw, allowed="`{every: 15 min, places: 2}`")
    for key in raw:
        if key not in _FIELDS:
            at.under(key).complain(
                f"there is no `{key}` in slots", found=key, allowed="`every`, `places`",
                nearest=nearest_name(key, _FIELDS),
            )  # fmt: skip
    if missing := [name for name in _FIELDS if name not in raw]:
        what = f"slots without {' and '.join(f'`{name}`' for name in missing)}"
        raise at.refused(what, raw, allowed="`{every: 15 min, places: 2}`")
    every = at.each("every", quantities.positive_duration, raw["every"])
    places = at.each("places", UNITS.read, raw["places"])
    if BROKEN in (every, places):
        raise RefusedError
    if every < 1.0:
        raise at.under("every").refused(
            "slots shorter than a minute", raw["every"], allowed="1 min or more"
        )
    return every, places


def with_capacity(raw: Any) -> Any:
    """A resource as written, with the capacity that its slots come to, if it has no other."""
    if not isinstance(raw, dict) or raw.get("slots") is None or "capacity" in raw:
        return raw
    capacity: Any = BROKEN
    if isinstance(raw["slots"], dict) and all(isinstance(v, dict) for v in raw["slots"].values()):
        capacity = {pattern: each.get("places", 0) for pattern, each in raw["slots"].items()}
    return {**raw, "capacity": capacity}
