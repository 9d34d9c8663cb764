from __future__ import annotations

import math

import pytest

from sim.measure.identities import violations_in
from tests.measure.hand import Patient, Visit, context, logs_of, measured


def seen(person: int, arrived: float, minutes: float) -> Patient:
    """Someone triaged and treated within so many minutes of arrival."""
    at = arrived + 10
    visits = [
        Visit("triage", arrived, arrived, at),
        Visit("treat", at, at, arrived + minutes),
    ]
    return Patient(visits, person=person)


def test_four_hours_are_from_arrival_to_departure_and_exactly_four_are_within() -> None:
    of = measured(context(), seen(1, 0, 120), seen(2, 1, 240), seen(3, 2, 241), seen(4, 3, 721))
    assert of("ae_departures") == 4
    assert of("ae_within_4_hours") == pytest.approx(2 / 4)
    assert of("ae_over_12_hours") == pytest.approx(1 / 4)
    assert of("ae_over_12_hours_count") == 1
    assert of("ae_time_mean") == pytest.approx((120 + 240 + 241 + 721) / 4)
    assert of("ae_time_median") == pytest.approx(240.5)


def test_waiting_for_triage_is_time_in_the_department() -> None:
    patient = Patient([Visit("triage", 0, 200, 210), Visit("treat", 210, 230, 260)])
    assert measured(context(), patient)("ae_time_mean") == pytest.approx(260)


def test_someone_who_waits_in_a_cubicle_for_a_ward_has_not_departed() -> None:
    boarder = Patient(
        [
            Visit("triage", 0, 0, 10),
            Visit("treat", 10, 10, 100, released=400),
            Visit("ward", 100, 400, 5000),
        ]
    )
    assert violations_in(context(), logs_of(context(), boarder)) == []
    of = measured(context(), boarder)
    assert of("ae_time_mean") == pytest.approx(400)
    assert of("ae_boarding_mean") == pytest.approx(300)
    assert of("ae_within_4_hours") == 0


def test_someone_who_waits_for_a_ward_elsewhere_has_departed() -> None:
    patient = Patient(
        [Visit("triage", 0, 0, 10), Visit("treat", 10, 10, 100), Visit("ward", 100, 400, 5000)]
    )
    of = measured(context(), patient)
    assert of("ae_time_mean") == pytest.approx(100)
    assert of("ae_boarding_mean") == 0


def test_a_boarder_at_the_horizon_is_still_there() -> None:
    boarder = Patient(
        [
            Visit("triage", 0, 0, 10),
            Visit("treat", 10, 10, 100, kept=True),
            Visit("ward", 100),
        ],
    )
    of = measured(context(), boarder)
    assert of("ae_still_there") == 1
    assert of("ae_departures") == 0
    assert math.isnan(of("ae_within_4_hours"))


def test_two_runs_of_visits_in_ae_are_two_attendances_and_without_one_it_is_none() -> None:
    twice = Patient(
        [
            Visit("triage", 0, 0, 10),
            Visit("ask", 10, 10, 20),
            Visit("triage", 20, 20, 50),
            Visit("treat", 50, 50, 60),
        ],
        person=1,
    )
    directly = Patient([Visit("treat", 5, 5, 15)], person=2)
    of = measured(context(), twice, directly)
    assert of("ae_departures") == 2
    assert of("ae_time_mean") == pytest.approx((10 + 40) / 2)


def test_leaving_before_being_seen_ends_the_attendance() -> None:
    of = measured(context(), Patient([Visit("triage", 0, None, 300)]))
    assert of("ae_departures") == 1
    assert of("ae_within_4_hours") == 0


def test_handover_is_from_arrival_to_its_end() -> None:
    def crew(person: int, minutes: float) -> Patient:
        return Patient([Visit("hand_over", person, person, person + minutes)], person=person)

    of = measured(context(), crew(1, 15), crew(2, 30), crew(3, 45), crew(4, 90))
    assert of("handovers") == 4
    assert of("handover_mean") == pytest.approx(45)
    assert of("handover_over_30_min") == pytest.approx(2 / 4)
    assert of("handover_over_60_min") == pytest.approx(1 / 4)


def test_a_handover_under_way_at_the_horizon_is_counted_as_unfinished() -> None:
    of = measured(context(), Patient([Visit("hand_over", 5, 5)]))
    assert of("handovers") == 0
    assert of("handovers_unfinished") == 1


def test_the_95th_centile_of_the_time_in_ae_is_that_and_no_other() -> None:
    """Of 21 attendances of 20, 30, ..., 220 minutes the twentieth shortest."""
    patients = [seen(number, number, 20 + 10 * number) for number in range(21)]
    assert measured(context(), *patients)("ae_time_p95") == pytest.approx(210)


def test_boarding_counts_for_those_who_departed_in_the_measured_time() -> None:
    def boarder(person: int, begin: float, minutes: float) -> Patient:
        """Kept in the cubicle for so many minutes after the care."""
        end = begin + 10
        visits = [
            Visit("triage", begin, begin, begin + 5),
            Visit("treat", begin + 5, begin + 5, end, released=end + minutes),
            Visit("ward", end, end + minutes, end + minutes + 50),
        ]
        return Patient(visits, person=person)

    made = context(warm_up=1000.0, horizon=2000.0)
    before, across, within = boarder(1, 0, 300), boarder(2, 900, 120), boarder(3, 1200, 40)
    of = measured(made, before, across, within)
    assert of("ae_departures") == 2
    assert of("ae_boarding_mean") == pytest.approx((120 + 40) / 2)
