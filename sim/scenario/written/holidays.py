"""Bank holidays as written: `england`, or `{of: england, like: sat}`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sim.scenario.problems import nearest_name
from sim.scenario.written import choices
from sim.scenario.written.positions import RefusedError, Spot
from sim.scenario.written.scalars import BROKEN
from sim.scenario.written.values import Holidays
from sim.scenario.written.weeks import DAYS

#: where there are bank holidays, with the code of the place in the library `holidays`
PLACES: Final[Mapping[str, str]] = {
    "england": "ENG",
    "northern_ireland": "NIR",
    "scotland": "SCT",
    "wales": "WLS",
}

#: the day of the week that a bank holiday is like if it is to stay what it is
ITSELF: Final = "itself"

SOME_HOLIDAYS: Final = "`england`, or `{of: england, like: sat}`"

_FIELDS = ("of", "like")


def holidays(raw: object, at: Spot) -> Holidays:
    """Where the bank holidays are from, and which day of the week they are like."""
    if isinstance(raw, str):
        return Holidays(choices.one_of(*PLACES)(raw, at), DAYS.index("sun"))
    if not isinstance(raw, dict) or "of" not in raw:
        raise at.refused("it does not say whose bank holidays", raw, allowed=SOME_HOLIDAYS)
    for key in raw:
        if key not in _FIELDS:
            at.under(key).complain(
                f"there is no `{key}` in `holidays`", found=key, allowed="`of`, `like`",
                nearest=nearest_name(key, _FIELDS),
            )  # fmt: skip
    place = at.each("of", choices.one_of(*PLACES), raw["of"])
    like = at.each("like", choices.one_of(*DAYS, ITSELF), raw.get("like", "sun"))
    if BROKEN in (place, like):
        raise RefusedError
    return Holidays(place, None if like == ITSELF else DAYS.index(like))
