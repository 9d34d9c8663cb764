"""A part of the logs is what was left of the whole, and can be read as logs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from sim.measure.eventlog import vidigi_log, visit_table
from sim.measure.parts import from_moment
from tests.measure.hand import Patient, Visit, context, logs_of
from tests.measure.invented import HORIZON, patients

MADE = context(horizon=HORIZON)


def test_who_is_present_comes_at_the_moment_with_what_they_hold() -> None:
    made = context(horizon=200.0)
    logs = logs_of(
        made,
        Patient([Visit("treat", 10, 10, 40)], person=1),  # gone before
        Patient([Visit("treat", 20, 30, 60, released=90), Visit("ward", 60, 90, 150)], person=2),
        Patient([Visit("treat", 120, 120, 130)], person=3),  # comes after
    )
    part = from_moment(logs, 80.0)
    assert part.episodes.person.tolist() == [2, 3]
    assert part.episodes.onset.tolist() == [80, 120]
    table = visit_table(made, part)
    # treated, and kept in the cubicle while waiting for a ward
    assert table["step"].tolist() == ["treat", "ward", "treat"]
    assert table["queued"].tolist() == [80, 80, 120]
    assert table["started"].tolist() == [80, 90, 120]
    assert table["released"].tolist() == [90, 150, 130]


@settings(max_examples=40, deadline=None)
@given(patients())
def test_from_the_start_everything_is_there(invented: list[Patient]) -> None:
    logs = logs_of(MADE, *invented)
    assert vidigi_log(MADE, from_moment(logs, 0.0)).equals(vidigi_log(MADE, logs))


@settings(max_examples=40, deadline=None)
@given(patients())
def test_as_many_units_are_held_after_the_moment_as_in_the_whole(invented: list[Patient]) -> None:
    logs, moment = logs_of(MADE, *invented), HORIZON / 2
    part = from_moment(logs, moment)
    for log in (logs, part):
        assert log.horizon == HORIZON
    for at in np.linspace(moment, HORIZON, 7)[1:]:
        for code in range(len(MADE.resources)):
            assert _held(part.holds, code, at) == _held(logs.holds, code, at)
    after = np.concatenate([part.visits.queued, part.holds.seized, part.episodes.onset])
    assert after.size == 0 or after.min() >= moment


def _held(holds: object, code: int, at: float) -> int:
    seized, released = holds.seized, holds.released  # type: ignore[attr-defined]
    mine = holds.resource == code  # type: ignore[attr-defined]
    return int((mine & (seized <= at) & ~(released <= at)).sum())


def test_the_whole_run_may_be_warm_up() -> None:
    made = context(horizon=200.0)
    logs = logs_of(made, Patient([Visit("treat", 10, 10, None)], person=1))
    part = from_moment(logs, 200.0)
    assert part.visits.started == pytest.approx([200.0])
