from __future__ import annotations

import pytest

from sim.measure.identities import violations_in
from tests.measure.hand import DAY, Patient, Visit, context, logs_of, measured, with_capacity

#: one day in the unit, a day more in its bed waiting for the ward, three days on the ward, one
#: of arranging while the ward bed is kept, half a day queueing for carers, half with them
THROUGH = Patient(
    [
        Visit("assess", 0, 0, 1 * DAY, released=2 * DAY),
        Visit("ward", 1 * DAY, 2 * DAY, 5 * DAY, released=7 * DAY),
        Visit("arrange", 5 * DAY, 5 * DAY, 6 * DAY),
        Visit("start_care", 6 * DAY, 6.5 * DAY, 7 * DAY),
    ]
)


def test_assessment_unit_and_ward_are_one_stay_and_its_parts_make_it_up() -> None:
    assert violations_in(context(), logs_of(context(), THROUGH)) == []
    of = measured(context(), THROUGH)
    assert of("acute_stays") == 1
    assert of("acute_length_of_stay_mean") == pytest.approx(7)
    assert of("acute_stay_active") == pytest.approx(1 + 3)
    assert of("acute_stay_waiting_for", "ward") == pytest.approx(1)
    assert of("acute_stay_waiting_for", "arrange") == pytest.approx(1)
    assert of("acute_stay_waiting_for", "start_care") == pytest.approx(0.5 + 0.5)
    assert of("acute_stay_waiting") == pytest.approx(3)


def test_waiting_for_the_first_bed_is_no_part_of_the_stay() -> None:
    of = measured(context(), Patient([Visit("ward", 0, 2 * DAY, 5 * DAY)]))
    assert of("acute_length_of_stay_mean") == pytest.approx(3)
    assert of("acute_stay_waiting") == 0


def test_stays_apart_are_two_and_in_beds_of_another_kind_another() -> None:
    patient = Patient(
        [
            Visit("ward", 0, 0, 3 * DAY),
            Visit("rehab", 3 * DAY, 3 * DAY, 13 * DAY),
            Visit("ward", 13 * DAY, 13 * DAY, 14 * DAY),
        ]
    )
    of = measured(context(), patient)
    assert of("acute_stays") == 2
    assert of("acute_length_of_stay_mean") == pytest.approx(2)
    assert of("community_stays") == 1
    assert of("community_length_of_stay_mean") == pytest.approx(10)
    assert of("acute_bed_days") == pytest.approx(4)


def test_a_bed_kept_while_in_another_prolongs_the_stay_to_the_last_given_back() -> None:
    patient = Patient(
        [
            Visit("assess", 0, 0, 1 * DAY, released=9 * DAY),
            Visit("ward", 1 * DAY, 1 * DAY, 2 * DAY),
            Visit("ask", 2 * DAY, 2 * DAY, 3 * DAY),
            Visit("ward", 3 * DAY, 3 * DAY, 4 * DAY),
            Visit("ask", 4 * DAY, 4 * DAY, 9 * DAY),
        ]
    )
    of = measured(context(), patient)
    assert of("acute_stays") == 1
    assert of("acute_length_of_stay_mean") == pytest.approx(9)
    assert of("acute_bed_days") == pytest.approx(9 + 1 + 1)
    assert of("acute_occupancy_max") == 2


def test_a_stay_belongs_to_the_time_in_which_it_ends_and_is_whole() -> None:
    made = context(warm_up=10 * DAY, horizon=20 * DAY)
    of = measured(
        made,
        Patient([Visit("ward", 1 * DAY, 1 * DAY, 9 * DAY)], person=1),
        Patient([Visit("ward", 2 * DAY, 2 * DAY, 12 * DAY)], person=2),
        Patient([Visit("ward", 15 * DAY, 15 * DAY)], person=3),
    )
    assert of("acute_stays") == 1
    assert of("acute_length_of_stay_mean") == pytest.approx(10)
    assert of("acute_stays_unfinished") == 1
    assert of("acute_bed_days") == pytest.approx(2 + 5)


def test_median_centile_and_long_stays() -> None:
    lengths = [1, 2, 3, 4, 30]
    patients = [Patient([Visit("ward", 0, 0, days * DAY)], person=days) for days in lengths]
    of = measured(context(), *patients)
    assert of("acute_length_of_stay_median") == pytest.approx(3)
    assert of("acute_length_of_stay_p90") == pytest.approx(4 + 0.6 * 26)
    assert of("acute_long_stays") == pytest.approx(1 / 5)


def test_occupancy_is_of_the_beds_there_are() -> None:
    made = with_capacity(
        context(warm_up=0.0, horizon=10 * DAY), "ward_beds", (0.0, 2), (5 * DAY, 4)
    )
    made = with_capacity(made, "unit_beds", (0.0, 0))
    of = measured(
        made,
        Patient([Visit("ward", 0, 0, 6 * DAY)], person=1),
        Patient([Visit("ward", 3 * DAY, 3 * DAY, 5 * DAY)], person=2, levels=("young", "no")),
        by=["age"],
    )
    assert of("acute_occupancy_mean") == pytest.approx((6 + 2) / 10)
    assert of("acute_occupancy_max") == 2
    assert of("acute_occupancy_share") == pytest.approx(8 / 30)
    assert of("acute_occupancy_share", by="age", level="young") == pytest.approx(2 / 30)


def test_a_bed_that_changes_hands_at_one_moment_is_occupied_once() -> None:
    of = measured(
        context(),
        Patient([Visit("ward", 0, 0, 5)], person=1),
        Patient([Visit("ward", 1, 5, 9)], person=2),
    )
    assert of("acute_occupancy_max") == 1


def test_community_beds_are_measured_as_acute_ones_and_apart_from_them() -> None:
    """Stays of 1, 2, 3, 4 and 30 days in rehabilitation, and one patient on the ward."""
    patients = [Patient([Visit("rehab", 0, 0, n * DAY)], person=n) for n in (1, 2, 3, 4, 30)]
    on_ward = Patient([Visit("ward", 0, 0, 50 * DAY)], person=6)
    lasting = Patient([Visit("rehab", 90 * DAY, 90 * DAY)], person=7)
    made = with_capacity(context(), "cottage_beds", (0.0, 5))
    of = measured(made, *patients, on_ward, lasting)
    assert of("community_stays") == 5
    assert of("community_length_of_stay_median") == pytest.approx(3)
    assert of("community_length_of_stay_p90") == pytest.approx(4 + 0.6 * 26)
    assert of("community_long_stays") == pytest.approx(1 / 5)
    assert of("community_stays_unfinished") == 1
    assert of("community_bed_days") == pytest.approx(40 + 10)
    assert of("community_occupancy_mean") == pytest.approx(50 / 100)
    assert of("community_occupancy_max") == 5
    assert of("community_occupancy_share") == pytest.approx(50 / 500)
    assert of("acute_occupancy_max") == 1


def test_the_parts_of_a_stay_in_community_beds_make_it_up() -> None:
    """Four days of rehabilitation, one of arranging, two queueing for carers, one with them."""
    patient = Patient(
        [
            Visit("rehab", 0, 0, 4 * DAY, released=8 * DAY),
            Visit("arrange", 4 * DAY, 4 * DAY, 5 * DAY),
            Visit("start_care", 5 * DAY, 7 * DAY, 8 * DAY),
        ]
    )
    of = measured(context(), patient)
    assert of("community_length_of_stay_mean") == pytest.approx(8)
    assert of("community_stay_active") == pytest.approx(4)
    assert of("community_stay_waiting") == pytest.approx(1 + 2 + 1)
    assert of("community_stay_waiting_for", "arrange") == pytest.approx(1)
    assert of("community_stay_waiting_for", "start_care") == pytest.approx(2 + 1)
    assert of("acute_stays") == 0


def test_a_bed_made_ready_for_the_next_is_held_by_nobody() -> None:
    """Two stays in one bed, an hour of cleaning after each: never two at once."""
    made = context(horizon=10 * DAY)
    of = measured(
        made,
        Patient([Visit("ward", 0, 0, 2 * DAY, turnaround=60.0)], person=1),
        Patient([Visit("ward", 1, 2 * DAY, 5 * DAY, turnaround=60.0)], person=2),
    )
    assert of("acute_occupancy_max") == 1
    assert of("acute_bed_days") == pytest.approx(5)
    assert of("acute_occupancy_mean") == pytest.approx(5 / 10)
    assert of("acute_length_of_stay_mean") == pytest.approx(5 / 2)


def test_a_stay_lasts_until_the_first_bed_is_given_back_though_the_second_was_before() -> None:
    patient = Patient(
        [
            Visit("assess", 0, 0, 1 * DAY, released=9 * DAY),
            Visit("ward", 1 * DAY, 1 * DAY, 2 * DAY),
            Visit("ask", 2 * DAY, 2 * DAY, 9 * DAY),
        ]
    )
    of = measured(context(), patient)
    assert of("acute_stays") == 1
    assert of("acute_length_of_stay_mean") == pytest.approx(9)
