from __future__ import annotations

import math

import pytest

from tests.measure.hand import DAY, Patient, Visit, context, measured


def test_a_contact_counts_when_it_starts() -> None:
    waited = Patient([Visit("ambulance", 9 * DAY, 11 * DAY, 12 * DAY)], person=1)
    waiting = Patient([Visit("ambulance", 10 * DAY)], person=2)
    gave_up = Patient([Visit("ambulance", 10 * DAY, None, 11 * DAY)], person=3)
    of = measured(context(warm_up=10 * DAY, horizon=20 * DAY), waited, waiting, gave_up)
    assert of("conveyances") == 1
    assert of("tagged_visits", "conveyance") == 1
    assert of("step_visits", "ambulance") == 1


def test_an_attendance_counts_on_arrival_even_if_never_seen_but_not_if_turned_away() -> None:
    seen = Patient([Visit("triage", 1, 5, 9)], person=1)
    left = Patient([Visit("triage", 2, None, 7)], person=2)
    away = Patient([Visit("triage", 3, None, 3)], person=3)
    waiting = Patient([Visit("triage", 4)], person=4)
    of = measured(context(), seen, left, away, waiting)
    assert of("ae_attendances") == 3
    assert of("tagged_visits", "ae_attendance") == 1


def test_a_visit_with_several_tags_counts_under_each() -> None:
    of = measured(context(), Patient([Visit("triage", 1, 5, 9), Visit("treat", 9, 9, 20)]))
    assert of("tagged_visits", "in_ae") == 2
    assert of("tagged_visits", "ae_attendance") == 1
    assert of("tagged_visits", "conveyance") == 0


def admitted(person: int, begin: float, end: float, outcome: str = "home") -> Patient:
    visit = Visit("assess", begin * DAY, begin * DAY, end * DAY)
    return Patient([visit], outcome=outcome, person=person)


def test_a_readmission_is_an_admission_of_the_same_person_within_30_days_of_discharge() -> None:
    of = measured(
        context(),
        admitted(1, 1, 5),
        admitted(2, 2, 6),
        admitted(3, 6, 8),
        admitted(1, 34, 36),  # 29 days after: readmitted
        admitted(2, 37, 39),  # 31 days after: not
    )
    # all five discharges are followed for 30 days; one of them was readmitted
    assert of("readmission_discharges") == 5
    assert of("readmission_share") == pytest.approx(1 / 5)


def test_a_readmission_on_the_thirtieth_day_counts_and_the_moment_of_discharge_does_not() -> None:
    of = measured(context(), admitted(1, 1, 5), admitted(1, 35, 36))
    assert of("readmission_share") == pytest.approx(1 / 2)
    moved = Patient(
        [
            Visit("assess", 0, 0, 10),
            Visit("ask", 10, 10, 20),
        ],
        person=1,
    )
    assert measured(context(), moved)("readmission_share") == 0


def test_discharges_without_30_days_of_follow_up_or_by_death_are_left_out() -> None:
    of = measured(
        context(horizon=40 * DAY),
        admitted(1, 1, 5),
        admitted(2, 2, 6, outcome="died"),
        admitted(3, 8, 10),
        admitted(4, 9, 10.5),
    )
    assert of("readmission_discharges") == 2
    assert of("readmission_share") == 0


def test_someone_who_dies_at_home_after_discharge_was_discharged_alive() -> None:
    visits = [Visit("assess", 0, 0, 1 * DAY), Visit("ask", 1 * DAY, 1 * DAY, 2 * DAY)]
    of = measured(context(), Patient(visits, outcome="died"))
    assert of("readmission_discharges") == 1


def test_readmission_within_the_same_episode_counts() -> None:
    visits = [
        Visit("assess", 0, 0, 1 * DAY),
        Visit("ask", 1 * DAY, 1 * DAY, 2 * DAY),
        Visit("assess", 2 * DAY, 2 * DAY, 3 * DAY),
    ]
    assert measured(context(), Patient(visits))("readmission_share") == pytest.approx(1 / 2)


def test_without_discharges_there_is_no_share() -> None:
    assert math.isnan(measured(context(), Patient([Visit("ask", 0, 0, 1)]))("readmission_share"))


def test_rates_per_1000_are_each_of_their_own_visits_over_the_years_of_those_people() -> None:
    """One conveyed, two admitted, three attended, in 500 person-years, 100 of them of the old."""
    conveyed = Patient([Visit("ambulance", 1, 2, 3)], person=1)
    seen = [Patient([Visit("triage", at, at, at + 1)], person=at) for at in (2, 3, 4)]
    in_beds = [admitted(5, 1, 2), admitted(6, 2, 3)]
    of = measured(context(), conveyed, *seen, *in_beds, by=["age"])
    assert of("conveyances_per_1000") == pytest.approx(1000 * 1 / 500)
    assert of("emergency_admissions_per_1000") == pytest.approx(1000 * 2 / 500)
    assert of("ae_attendances_per_1000") == pytest.approx(1000 * 3 / 500)
    assert of("conveyances_per_1000", by="age", level="old") == pytest.approx(1000 * 1 / 100)
    assert of("ae_attendances_per_1000", by="age", level="young") == 0
