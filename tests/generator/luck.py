"""Invented draws of episodes: durations that go together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.scenario.written.distributions import WRITTEN

if TYPE_CHECKING:
    from tests.generator.scenarios import Draft


def share_luck(d: Draft) -> None:
    """Perhaps let every crisis draw a number, and some of the distributions be drawn with it."""
    c = d.c
    if not c.chance(40):
        return
    for section in ("crises", "arrivals"):
        for entry in d.tree.get(section, {}).values():
            entry["draws"] = c.one_of([["sickness"], "sickness", ["sickness", "other_luck"]])
    for step in d.tree["pathway"].values():
        for field in ("delay", "patience"):
            _share(d, step.get(field))
    for resource in d.tree["resources"].values():
        _share(d, resource.get("turnaround"))


def _share(d: Draft, value: Any) -> None:
    """Let some of the distributions within a value be drawn with the draw."""
    if not isinstance(value, dict):
        return
    if len(value) == 1 and next(iter(value)) in WRITTEN.keys() - {"constant"}:
        if d.c.chance(50):
            value[d.c.one_of(["draw", "against"])] = "sickness"
        return
    for part in value.values():
        _share(d, part)
