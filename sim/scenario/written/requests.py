"""What a step asks for and keeps, as written: `seize`, `hold`, `release`, `priority` and so on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, cast

from sim.scenario.problems import nearest_name
from sim.scenario.written import choices, lists, quantities
from sim.scenario.written.numbers import PRIORITY
from sim.scenario.written.positions import RefusedError, Spot
from sim.scenario.written.scalars import BROKEN
from sim.scenario.written.tables import table
from sim.scenario.written.values import (
    HoldWord,
    Interruptible,
    Keeping,
    Need,
    Request,
    Rising,
    Table,
)

#: Most units asked for or released at once.
MOST_UNITS: Final = 100

A_REQUEST: Final = (
    "a resource, `{doctors: 1, nurses: 2}`, `{any_of: [nurses, doctors]}` or `{shortest: [a, b]}`"
)

_WORDS = ("any_of", "shortest")


def request(raw: object, at: Spot) -> Request:
    """What a step seizes."""
    if isinstance(raw, list):
        near = "{any_of: [...]}" if len(raw) > 1 else str(raw[0]) if raw else ""
        raise at.refused("a list could mean all or any of them", raw, allowed=A_REQUEST,
                         nearest=near)  # fmt: skip
    if not isinstance(raw, dict):
        return Request("all", {lists.name(raw, at): Need()})
    words = [word for word in _WORDS if word in raw]
    if words:
        if len(raw) > 1:
            raise at.refused(f"`{words[0]}` stands alone", raw, allowed=A_REQUEST)
        return _one_of(words[0], raw[words[0]], at.under(words[0]))
    if not raw:
        raise at.refused("nothing is asked for", raw, allowed=A_REQUEST)
    needs: dict[str, Need] = {}
    for name, value in raw.items():
        resource = at.each(name, lists.name, name)
        need = at.each(name, _need, value)
        if resource is not BROKEN and need is not BROKEN:
            needs[resource] = need
    if not needs:
        raise RefusedError
    return Request("all", needs)


def _need(raw: object, at: Spot) -> Need:
    """Units of one resource: a number, a table of them, or `{at: attribute, units: number}`."""
    if not (isinstance(raw, dict) and "by" not in raw):
        return Need(units_table(raw, at))
    for key in raw:
        if key not in ("at", "units"):
            at.under(key).complain(
                f"there is no `{key}` here", found=key, allowed="`at`, `units`",
                nearest=nearest_name(key, ("at", "units")),
            )  # fmt: skip
    units = at.each("units", units_table, raw["units"]) if "units" in raw else 1.0
    level = at.each("at", lists.name, raw["at"]) if "at" in raw else None
    if BROKEN in (units, level):
        raise RefusedError
    return Need(units, level)


def _units(raw: object, at: Spot) -> float:
    return float(quantities.whole(raw, at, 0, MOST_UNITS))


def units_table(raw: object, at: Spot) -> Table[float]:
    """A number of units, or a table of them."""
    return table(raw, at, _units)


def _one_of(word: str, raw: object, at: Spot) -> Request:
    """One unit of any of several resources, or of the one with the shortest queue."""

    def several(part: object, here: Spot) -> tuple[str, ...]:
        if not isinstance(part, list) or not part:
            raise here.refused("not a list of resources", part, allowed="a list such as `[a, b]`")
        return lists.names(part, here)

    found = table(raw, at, several)
    from sim.scenario.written.values import leaves

    names = [name for leaf in leaves(found) if leaf is not BROKEN for name in leaf]
    ask = "any_of" if word == "any_of" else "shortest"
    return Request(cast(Any, ask), {name: Need() for name in names}, found)


def hold(raw: object, at: Spot) -> HoldWord | Keeping:
    """Until when units are kept: of all, of those named, and by where the episode goes next."""
    if isinstance(raw, dict) and "by_route" in raw:
        if len(raw) > 1:
            raise at.refused("`by_route` stands alone", raw, allowed="`{by_route: {...}}`")
        here, by = at.under("by_route"), raw["by_route"]
        if not isinstance(by, dict) or not by:
            raise here.refused(
                "not a hold for each target", by, allowed="`{ward: next, other: no}`"
            )
        rules = {
            "" if target == "other" else target: here.each(target, _kept, part)
            for target, part in by.items()
        }
        if BROKEN in rules.values():
            raise RefusedError
        return Keeping(rules)
    kept = _kept(raw, at)
    return kept[""] if set(kept) == {""} else Keeping({"": kept})


def _kept(raw: object, at: Spot) -> Mapping[str, HoldWord]:
    """Until when units are kept, by resource; an empty name stands for all of them."""
    if isinstance(raw, list):
        return dict.fromkeys(lists.names(raw, at), "true")
    if isinstance(raw, dict):
        found = {name: at.each(name, _hold_word, part) for name, part in raw.items()}
        if BROKEN in found.values() or not found:
            raise RefusedError
        return found
    return {"": _hold_word(raw, at)}


def _hold_word(raw: object, at: Spot) -> HoldWord:
    return cast(HoldWord, choices.hold(raw, at))


def release(raw: object, at: Spot) -> Mapping[str, Table[float] | None]:
    """Resources of which units are given back: all of them, or so many."""
    if not isinstance(raw, dict):
        return dict.fromkeys(lists.names(raw, at))
    found: dict[str, Table[float] | None] = {}
    for name, value in raw.items():
        resource = at.each(name, lists.name, name)
        if resource is not BROKEN:
            found[resource] = None if value == "all" else at.each(name, units_table, value)
    return found


def priority_table(raw: object, at: Spot) -> Table[float | Rising]:
    """A priority (lower first), one that changes with waiting, or a table of them."""
    return table(raw, at, _priority)


def _priority(raw: object, at: Spot) -> float | Rising:
    if not isinstance(raw, dict):
        return PRIORITY.read(raw, at)
    allowed = "`{start: 3, after: {2 h: 2, 4 h: 1}}`"
    if set(raw) != {"start", "after"}:
        raise at.refused("not a priority", raw, allowed=f"a number, or {allowed}")
    start, after = at.each("start", PRIORITY.read, raw["start"]), raw["after"]
    here = at.under("after")
    if not isinstance(after, dict) or not after:
        raise here.refused("not a priority for each time waited", after, allowed=allowed)
    rises = {}
    for key, value in after.items():
        minutes = here.each(key, quantities.positive_duration, key)
        number = here.each(key, PRIORITY.read, value)
        if BROKEN not in (minutes, number):
            if minutes in rises:
                here.under(key).complain("the same time is given twice", found=key)
            rises[minutes] = number
    if start is BROKEN or not rises:
        raise RefusedError
    return Rising(start, tuple(sorted(rises.items())))


def yes_no_table(raw: object, at: Spot) -> Table[float]:
    """`yes` or `no`, or a table of them, as 1 and 0."""

    def cell(part: object, here: Spot) -> float:
        return float(choices.yes_or_no(part, here))

    return table(raw, at, cell)


def interruptible(raw: object, at: Spot) -> Interruptible:
    """What becomes of a visit that is interrupted."""
    allowed = "`resume`, `repeat` or `{renege_to: step}`"
    if raw in ("resume", "repeat"):
        return Interruptible(cast(Any, raw))
    if isinstance(raw, dict) and set(raw) == {"renege_to"}:
        to = at.each("renege_to", lists.name, raw["renege_to"])
        if to is BROKEN:
            raise RefusedError
        return Interruptible("renege_to", to)
    near = nearest_name(raw, ("resume", "repeat")) if isinstance(raw, str) else ""
    raise at.refused("not what becomes of who is interrupted", raw, allowed=allowed, nearest=near)
