"""Breaks as written: `{after: 2 h, for: 15 min}`."""

from __future__ import annotations

from typing import Final

from sim.scenario.problems import nearest_name
from sim.scenario.written import choices, quantities
from sim.scenario.written.positions import RefusedError, Spot
from sim.scenario.written.scalars import BROKEN
from sim.scenario.written.values import Rest

A_BREAK: Final = "`{after: 2 h, for: 15 min}`"

_FIELDS = ("after", "for", "keep")


def rest(raw: object, at: Spot) -> Rest:
    """After how long each unit has a break, and for how long."""
    if not isinstance(raw, dict):
        raise at.refused("not a break", raw, allowed=A_BREAK)
    for key in raw:
        if key not in _FIELDS:
            at.under(key).complain(
                f"there is no `{key}` in a break", found=key, allowed="`after`, `for`, `keep`",
                nearest=nearest_name(key, _FIELDS),
            )  # fmt: skip
    missing = [name for name in ("after", "for") if name not in raw]
    if missing:
        what = f"a break without {' and '.join(f'`{name}`' for name in missing)}"
        raise at.refused(what, raw, allowed=A_BREAK)
    after, lasting = (at.each(key, quantities.positive_duration, raw[key]) for key in _FIELDS[:2])
    kept = at.each("keep", choices.flag, raw["keep"]) if "keep" in raw else True
    if kept is False:
        at.under("keep").complain(
            "a break is kept however late it begins",
            found="false",
            allowed="no `keep`; a weekly capacity with the break in it, of which an overrun takes",
        )
    if BROKEN in (after, lasting, kept):
        raise RefusedError
    return Rest(after, lasting)
