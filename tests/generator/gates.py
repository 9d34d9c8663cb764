"""Invented waits: delays until a calendar opens, or a time of day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.generator.values import duration

if TYPE_CHECKING:
    from tests.generator.scenarios import Draft


def until(d: Draft, minutes: int) -> dict[str, Any]:
    """A delay until something opens, and then a while, so that a loop back takes time."""
    c = d.c
    gate = c.one_of([*d.tree["calendars"], "10:00", "17:30", "00:00"])
    return {"until": gate, "then": duration(c, d.mode, minutes, positive=True)}
