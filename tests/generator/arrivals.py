"""Invented streams of arrivals: they come to a pathway that has been invented already."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.generator.demand import profile
from tests.generator.values import periods, shares

if TYPE_CHECKING:
    from tests.generator.scenarios import Draft


def arrivals(d: Draft) -> None:
    """Add streams, which draw every attribute that some crisis draws, and start as one does."""
    c = d.c
    found: dict[str, Any] = {}
    for name in ("walk_in", "Ambulance")[: c.whole(0, 2)]:
        entry: dict[str, Any] = {"rate": _rate(d)}
        if c.chance(40) and (written := profile(d)):
            entry["profile"] = written
        drawn = {a.name: a for several in d.own.values() for a in several}
        if drawn:
            entry["attributes"] = {
                a.name: {"shares": shares(c, a.levels), "levels": list(a.levels)}
                for a in drawn.values()
            }
        crisis = c.one_of(sorted(d.tree["crises"]))
        found[name] = {**entry, "first": d.tree["crises"][crisis]["first"]}
    d.tree["arrivals"] = found


def _rate(d: Draft) -> Any:
    """A rate that gives some dozens of arrivals in the run."""
    c = d.c
    calendars = list(d.tree["calendars"])
    if calendars and c.chance(40):
        return {"by": c.one_of(calendars), "no": _at_times(d), "yes": _at_times(d)}
    return _at_times(d)


def _at_times(d: Draft) -> Any:
    c = d.c
    a_day = 40.0 * 1440.0 / d.minutes
    one, other = (f"{a_day * c.one_of([0.5, 1, 3]):.4f} per day" for _ in range(2))
    if c.chance(50):
        return {periods(c): one, "other": c.one_of([other, 0])}
    return c.one_of([one, f"{a_day / 24.0:.5f} per hour"])
