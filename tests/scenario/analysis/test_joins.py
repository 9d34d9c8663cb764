"""What `check` makes of steps that wait for side tasks."""

from __future__ import annotations

from pathlib import Path

from sim.scenario.analysis.deadlock import deadlock_warnings
from tests.scenario.small import clinic

HELD = """
pathway:
  triage: {seize: beds, hold: true, delay: 20 min, spawn: {x_ray: 0.5}, route: results}
  results: {join: x_ray, route: home}
  x_ray: {seize: nurses, delay: 20 min, route: move}
  move: {seize: NEEDED, delay: 20 min, route: home}
"""


def test_holding_what_the_side_tasks_need_is_warned_of(tmp_path: Path) -> None:
    [warning] = deadlock_warnings(clinic(tmp_path, HELD.replace("NEEDED", "beds")).model)
    assert warning.found == ("step `results` waits for side tasks that need `beds` holding `beds`")
    assert deadlock_warnings(clinic(tmp_path, HELD.replace("NEEDED", "nurses")).model) == []


def test_whoever_gives_up_waiting_for_side_tasks_blocks_nobody(tmp_path: Path) -> None:
    patient = HELD.replace("join: x_ray,", "join: x_ray, patience: 4 h, renege_to: home,")
    assert deadlock_warnings(clinic(tmp_path, patient.replace("NEEDED", "beds")).model) == []


def test_what_is_asked_for_after_the_side_tasks_is_waited_for_as_well(tmp_path: Path) -> None:
    """Who holds a bed and asks for a nurse, with another who holds the nurse and asks for a bed."""
    both = """
pathway:
  triage: {seize: beds, hold: true, delay: 20 min, spawn: {x_ray: 0.5}, route: results}
  results: {join: x_ray, seize: nurses, hold: true, delay: 5 min, route: move}
  x_ray: {delay: 20 min, route: home}
  move: {release: beds, delay: 5 min, route: again}
  again: {seize: beds, delay: 5 min, route: home}
"""
    [warning] = deadlock_warnings(clinic(tmp_path, both).model)
    assert warning.found == (
        "step `results` waits for `nurses` holding `beds`; "
        "step `again` waits for `beds` holding `nurses`"
    )
