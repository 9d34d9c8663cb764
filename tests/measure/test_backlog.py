"""What is kept of a replication to judge whether it settled, worked out for a few patients."""

from __future__ import annotations

import numpy as np

from sim.measure.backlog import LATE, backlog, moments
from sim.measure.joined_logs import Reading
from tests.measure.hand import DAY, RESOURCES, Patient, Visit, context, logs_of

CREWS, CUBICLES, WARD = (RESOURCES.index(name) for name in ("crews", "cubicles", "ward_beds"))


def kept(*patients: Patient):
    made = context(warm_up=20 * DAY, horizon=100 * DAY)
    return made, backlog(Reading(made, logs_of(made, *patients)))


def test_moments_end_at_the_horizon_and_cover_the_measured_time() -> None:
    made = context(warm_up=20 * DAY, horizon=100 * DAY)
    found = moments(made)
    assert found[-1] == made.horizon
    assert found[0] == made.warm_up
    assert set(np.diff(found)) == {DAY}


def test_numbers_waiting_and_in_use_are_those_of_each_moment() -> None:
    made, record = kept(
        # waits from day 30.5 to 40.5, holds its bed for five days and a day of cleaning
        Patient([Visit("ward", 30.5 * DAY, 40.5 * DAY, 45.5 * DAY, turnaround=DAY)]),
        # joined before measuring began, still waiting at the end
        Patient([Visit("ward", 10 * DAY)], unfinished=True),
    )
    days = moments(made) / DAY
    expected = 1 + ((days >= 31) & (days <= 40))
    assert record.waiting[WARD].tolist() == expected.tolist()
    assert record.in_use[WARD].tolist() == ((days >= 41) & (days <= 46)).astype(int).tolist()
    assert record.waiting[CREWS].sum() == record.in_use[CREWS].sum() == 0


def test_who_has_not_waited_is_not_counted_even_at_a_moment() -> None:
    _, record = kept(Patient([Visit("ward", 50 * DAY, 50 * DAY, 60 * DAY)]))
    assert record.waiting.sum() == 0
    assert record.in_use[WARD].sum() == 10


def test_uses_are_those_that_began_in_the_measured_time_and_ended() -> None:
    _, record = kept(
        Patient([Visit("ward", 10 * DAY, 10 * DAY, 30 * DAY)]),
        Patient([Visit("ward", 40 * DAY, 40 * DAY, 42 * DAY)]),
        Patient([Visit("ward", 50 * DAY, 50 * DAY, 56 * DAY)]),
        Patient([Visit("ward", 90 * DAY, 90 * DAY)], unfinished=True),
    )
    assert record.uses[WARD] == 2
    assert record.use_mean[WARD] == 4 * DAY
    assert record.use_variance[WARD] == (2 * DAY) ** 2
    assert record.busy[WARD] == (10 + 2 + 6 + 10) * DAY
    assert np.isnan(record.use_mean[CREWS])


def test_time_held_while_waiting_for_another_is_counted_late_in_the_run() -> None:
    # the last quarter of 80 days begins on day 80
    _, record = kept(
        Patient(
            [
                Visit("ambulance", 70 * DAY, 70 * DAY, 71 * DAY, released=90 * DAY),
                Visit("treat", 71 * DAY, 90 * DAY, 91 * DAY),
            ]
        )
    )
    assert LATE == 0.25
    assert record.blocked[CREWS, CUBICLES] == 10 * DAY
    assert record.held[CREWS] == 10 * DAY
    assert record.blocked.sum() == 10 * DAY
    assert record.stuck.sum() == 0


def test_who_holds_what_at_the_end_while_waiting_for_what() -> None:
    _, record = kept(
        Patient(
            [
                Visit("ambulance", 70 * DAY, 70 * DAY, 71 * DAY, kept=True),
                Visit("treat", 95 * DAY),
            ],
            unfinished=True,
        ),
        Patient(
            [
                Visit("ambulance", 72 * DAY, 72 * DAY, 73 * DAY, kept=True),
                Visit("treat", 97 * DAY),
            ],
            unfinished=True,
        ),
    )
    assert record.stuck[CREWS, CUBICLES] == 2
    assert record.stuck.sum() == 2
    assert record.since[CREWS] == 97 * DAY
    assert np.isnan(record.since[WARD])
    assert record.blocked[CREWS, CUBICLES] == (5 + 3) * DAY
