"""Variation from day to day as written: `0.15`, or `{own: 0.15, shared: weather, cv: 0.04}`."""

from __future__ import annotations

from typing import Final

from sim.scenario.problems import nearest_name
from sim.scenario.written import lists, numbers
from sim.scenario.written.positions import RefusedError, Spot
from sim.scenario.written.scalars import BROKEN
from sim.scenario.written.values import DayToDay

A_VARIATION: Final = "a number such as `0.15`, or `{own: 0.15, shared: weather, cv: 0.04}`"

_FIELDS = ("own", "shared", "cv")


def day_to_day(raw: object, at: Spot) -> DayToDay:
    """How much days differ by a factor of the crisis's own, and by one that crises share."""
    if isinstance(raw, list):
        raise at.refused("not a variation", raw, allowed=A_VARIATION)
    if not isinstance(raw, dict):
        return DayToDay(numbers.VARIATION.read(raw, at))
    for key in raw:
        if key not in _FIELDS:
            at.under(key).complain(
                f"there is no `{key}` in `day_to_day`", found=key, allowed="`own`, `shared`, `cv`",
                nearest=nearest_name(key, _FIELDS),
            )  # fmt: skip
    missing = [name for name in ("shared", "cv") if name not in raw]
    if missing:
        what = f"shared days without {' and '.join(f'`{name}`' for name in missing)}"
        raise at.refused(what, raw, allowed=A_VARIATION)
    shared = at.each("shared", lists.name, raw["shared"])
    cv = at.each("cv", numbers.VARIATION.read, raw["cv"])
    own = at.each("own", numbers.VARIATION.read, raw["own"]) if "own" in raw else 0.0
    if BROKEN in (shared, cv, own):
        raise RefusedError
    return DayToDay(own, shared, cv)
