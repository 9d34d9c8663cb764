from __future__ import annotations

import math

import pytest

from sim.measure.context import Interval
from tests.measure.hand import Patient, Visit, context, measured

CALL_TO_AE = Interval("to_ae", "contact_111", "ae_attendance", target=60.0)
MADE = context(
    horizon=1000.0,
    intervals=(CALL_TO_AE, Interval("untargeted", "contact_111", "ae_attendance")),
    counts=(("calls", "contact_111"),),
)


def called(person: int, at: float, seen: float | None) -> Patient:
    """Someone who calls, and comes to A&E ten minutes later to be seen."""
    visits = [Visit("ask", at, at, at + 10)]
    if seen is None:
        visits.append(Visit("triage", at + 10))
    else:
        visits.append(Visit("triage", at + 10, seen, seen + 5))
    return Patient(visits, person=person)


def test_an_interval_runs_from_arrival_at_the_first_tag_to_the_start_at_the_second() -> None:
    of = measured(MADE, called(1, 0, 30), called(2, 1, 61), called(3, 2, 102))
    assert of("interval_count", "to_ae") == 3
    assert of("interval_mean", "to_ae") == pytest.approx((30 + 60 + 100) / 3)
    assert of("interval_median", "to_ae") == pytest.approx(60)
    assert of("interval_within_target", "to_ae") == pytest.approx(2 / 3)
    assert math.isnan(of("interval_within_target", "untargeted"))


def test_intervals_unfinished_and_never_ended_are_told_apart() -> None:
    waiting = called(1, 0, None)
    at_home = Patient([Visit("ask", 1, 1, 5)], person=2)
    of = measured(MADE, waiting, at_home)
    assert of("interval_count", "to_ae") == 0
    assert of("interval_unfinished", "to_ae") == 1
    assert of("interval_never", "to_ae") == 1


def test_an_unbroken_run_of_the_first_tag_begins_one_interval_and_the_second_tag_ends_it() -> None:
    patient = Patient(
        [
            Visit("triage", 0, 0, 5),
            Visit("ask", 5, 5, 10),
            Visit("ask", 10, 10, 20),
            Visit("triage", 20, 40, 50),
            Visit("triage", 50, 60, 70),
        ],
    )
    of = measured(MADE, patient)
    assert of("interval_count", "to_ae") == 1
    assert of("interval_mean", "to_ae") == pytest.approx(35)
    assert of("interval_never", "to_ae") == 0


def test_coming_to_the_first_tag_anew_begins_another_interval() -> None:
    patient = Patient(
        [
            Visit("ask", 0, 0, 10),
            Visit("treat", 10, 10, 20),
            Visit("ask", 20, 20, 30),
            Visit("triage", 30, 50, 60),
            Visit("ask", 60, 60, 70),
            Visit("triage", 70, 70, 80),
        ],
    )
    of = measured(MADE, patient)
    assert of("interval_count", "to_ae") == 2
    assert of("interval_mean", "to_ae") == pytest.approx((30 + 10) / 2)
    assert of("interval_never", "to_ae") == 1


def test_a_visit_with_both_tags_is_both_ends_but_from_a_tag_to_itself_it_takes_two() -> None:
    made = context(
        intervals=(
            Interval("again", "ae_attendance", "ae_attendance"),
            Interval("seen", "ae_attendance", "in_ae"),
        )
    )
    patient = Patient([Visit("triage", 0, 7, 9), Visit("triage", 9, 20, 30)])
    of = measured(made, patient)
    assert of("interval_mean", "seen") == pytest.approx(7)
    assert of("interval_mean", "again") == pytest.approx(20)


def test_someone_elses_second_tag_ends_no_interval() -> None:
    only_called = Patient([Visit("ask", 0, 0, 5)], person=1)
    only_seen = Patient([Visit("triage", 1, 2, 9)], person=2)
    of = measured(MADE, only_called, only_seen)
    assert of("interval_count", "to_ae") == 0
    assert of("interval_never", "to_ae") == 1


def test_own_counts_count_visits_started() -> None:
    assert measured(MADE, called(1, 0, 30), called(2, 1, 61))("own_count", "calls") == 2


def test_the_90th_centile_of_an_interval_is_that_and_no_other() -> None:
    """Of 21 intervals of 20, 30, ..., 220 minutes the nineteenth shortest."""
    patients = [called(number, number, number + 20 + 10 * number) for number in range(21)]
    assert measured(MADE, *patients)("interval_p90", "to_ae") == pytest.approx(200)
