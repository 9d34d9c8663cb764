"""Each check must find the error it is there for: logs are spoilt one number at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sim.engine.logs import Fate, Logs
from sim.measure.identities import violations_in
from tests.measure.hand import NAN, Patient, Visit, context, logs_of, with_capacity

MADE = with_capacity(context(horizon=1000.0), "nurses", (0.0, 1), (500.0, 0))
SOUND = logs_of(
    MADE,
    Patient([Visit("triage", 0, 0, 100), Visit("ask", 100, 100, 200)], person=1),
    Patient([Visit("triage", 10, 100, 300)], person=2),
    Patient([Visit("triage", 20, None, 280)], person=3),
    Patient([Visit("tell_gp", 150, 150, 160)], person=1, parent=0),
    Patient([Visit("triage", 330, 330, 600)], person=4),
    Patient([Visit("triage", 700)], person=1),
)


def changed(part: str, column: str, row: int, value: float) -> Callable[[Logs], Logs]:
    """Make a change of one number in one column."""

    def change(logs: Logs) -> Logs:
        rows: Any = getattr(logs, part)
        new = getattr(rows, column).copy()
        new[row] = value
        return replace(logs, **{part: replace(rows, **{column: new})})

    return change


def without_last_hold(logs: Logs) -> Logs:
    holds = {name: getattr(logs.holds, name)[:-1] for name in logs.holds.__slots__}
    return replace(logs, holds=replace(logs.holds, **holds))


def test_sound_logs_violate_nothing() -> None:
    assert violations_in(MADE, SOUND) == []


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (changed("visits", "started", 0, -5.0), "visits started before they queued"),
        (changed("visits", "ended", 0, -1.0), "visits ended before they started"),
        (changed("holds", "released", 0, -1.0), "units released before they were seized"),
        (changed("holds", "ready", 0, 50.0), "units ready before they were released"),
        (changed("episodes", "ended", 0, -1.0), "episodes ended before their onset"),
        (changed("visits", "queued", 3, 5.0), "visits not in order of queueing"),
        (changed("visits", "ended", -2, 1000.0), "visits with a time outside [0, horizon)"),
        (changed("visits", "fate", 0, Fate.WAITING), "visits of fate WAITING"),
        (changed("visits", "fate", 2, Fate.BALKED), "visits of fate BALKED"),
        (changed("visits", "started", 3, 101.0), "visits that seize nothing and yet"),
        (changed("visits", "step", 0, 99), "step of visits out of range"),
        (changed("episodes", "outcome", 0, 7), "outcome of episodes out of range"),
        (changed("episodes", "levels", (0, 0), 2), "level of age out of range"),
        (changed("episodes", "outcome", 0, -1), "episodes ended without an outcome"),
        (changed("visits", "queued", 3, 101.0), "visits that do not follow on"),
        (changed("episodes", "ended", 0, 201.0), "episodes that do not end with their last"),
        (changed("episodes", "onset", 1, 9.0), "episodes whose first visit is not at onset"),
        (changed("visits", "episode", -1, 0), "episodes without any visit"),
        (changed("episodes", "person", 3, 9), "side tasks of another person"),
        (changed("episodes", "parent", 3, 5), "side tasks that stand before their parent"),
        (changed("episodes", "person", 4, 3), None),
        (changed("episodes", "person", 1, 1), "episodes begun while the person had another"),
        (without_last_hold, "visits started with a unit"),
        (changed("holds", "seized", 1, 99.0), "units that no visit started with"),
        (changed("holds", "released", 1, 250.0), "units given back before the visit ended"),
        (changed("holds", "released", 1, 301.0), "units held by a finished episode"),
        (changed("holds", "released", 2, NAN), "units given back and never ready"),
        (changed("holds", "resource", 2, 0), "units that no visit started with"),
        (changed("holds", "ready", 0, 140.0), "units of nurses seized beyond its capacity"),
    ],
)
def test_an_error_is_found_and_named(spoil: Callable[[Logs], Logs], words: str | None) -> None:
    found = violations_in(MADE, spoil(SOUND))
    if words is None:  # the same person, one episode after another, is sound
        assert found == []
    else:
        assert any(words in violation for violation in found), found


def test_an_episode_after_death_is_found() -> None:
    first = Patient([Visit("ask", 0, 0, 10)], outcome="died", person=1)
    again = Patient([Visit("ask", 20, 20, 30)], person=1)
    found = violations_in(MADE, logs_of(MADE, first, again))
    assert any("episodes begun after death" in violation for violation in found)


def test_a_patient_who_waits_while_a_unit_is_free_is_found() -> None:
    made = with_capacity(context(horizon=1000.0), "nurses", (0.0, 2))
    found = violations_in(made, logs_of(made, Patient([Visit("triage", 5, 10, 20)])))
    assert found == ["nurses: someone waits while a unit is free, first at minute 5.0"]


def test_a_patient_served_when_the_unit_is_freed_does_not_wait_needlessly() -> None:
    made = with_capacity(context(horizon=1000.0), "nurses", (0.0, 0), (100.0, 1))
    first = Patient([Visit("triage", 5, 100, 120)], person=1)
    second = Patient([Visit("triage", 6, 120, 130)], person=2)
    assert violations_in(made, logs_of(made, first, second)) == []


def test_units_still_in_use_when_capacity_falls_are_no_violation() -> None:
    made = with_capacity(context(horizon=1000.0), "nurses", (0.0, 2), (50.0, 0))
    patients = [Patient([Visit("triage", n, n, 60 + n)], person=n) for n in (1, 2)]
    logs = logs_of(made, *patients)
    assert violations_in(made, logs) == []
    assert np.count_nonzero(logs.holds.released > 50) == 2
