"""Circles of waiting with several units at once, and with resources any of which will do."""

from __future__ import annotations

from pathlib import Path

from sim.scenario.analysis.deadlock import deadlock_warnings
from tests.scenario.small import clinic

RESOURCES = "resources: {nurses: {capacity: 2}, doctors: {capacity: 2}, beds: {capacity: 2}}\n"


def warned(folder: Path, pathway: str) -> list[str | None]:
    return [each.found for each in deadlock_warnings(clinic(folder, RESOURCES + pathway).model)]


BOTH = """pathway:
  triage: {delay: 1 min, route: {a: 0.5, c: 0.5}}
  a: {seize: beds, hold: next, delay: 1 h, route: b}
  b: {seize: {doctors: 1, nurses: 2}, delay: 1 h, route: home}
  c: {seize: {nurses: 1, doctors: 1}, hold: [HELD], delay: 1 h, route: d}
  d: {seize: beds, delay: 1 h, release: [HELD], release_on_leaving: true, route: home}
"""


def test_each_holding_one_of_several_that_the_other_waits_for(tmp_path: Path) -> None:
    assert warned(tmp_path, BOTH.replace("HELD", "nurses")) == [
        "step `b` waits for `nurses` holding `beds`; step `d` waits for `beds` holding `nurses`"
    ]


ANY = """pathway:
  triage: {delay: 1 min, route: {a: 0.4, c: 0.3, e: rest}}
  a: {seize: beds, hold: next, delay: 1 h, route: b}
  b: {seize: {any_of: [nurses, doctors]}, delay: 1 h, route: home}
  c: {seize: nurses, hold: next, delay: 1 h, route: d}
  d: {seize: beds, delay: 1 h, route: home}
  e: {seize: doctors, HOLD delay: 1 h, route: f}
  f: {seize: beds, delay: 1 h, route: home}
"""


def test_whoever_needs_any_of_two_is_served_by_the_one_that_nobody_keeps(tmp_path: Path) -> None:
    assert warned(tmp_path, ANY.replace("HOLD", "")) == []


def test_any_of_two_deadlocks_if_both_are_kept(tmp_path: Path) -> None:
    assert warned(tmp_path, ANY.replace("HOLD", "hold: next,")) == [
        "step `b` waits for `nurses` or `doctors` holding `beds`; "
        "step `d` waits for `beds` holding `nurses`; "
        "step `f` waits for `beds` holding `doctors`"
    ]


def test_who_has_joined_the_shortest_queue_waits_for_it_alone(tmp_path: Path) -> None:
    shortest = ANY.replace("HOLD", "").replace("any_of", "shortest")
    [found] = warned(tmp_path, shortest)
    assert found is not None and "waits for `nurses` holding `beds`" in found
