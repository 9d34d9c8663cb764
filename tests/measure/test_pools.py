from __future__ import annotations

import pytest
from hypothesis import given, settings

from tests.measure.hand import Patient, Visit, context, measured, with_capacity
from tests.measure.invented import HORIZON, patients

DAY_LONG = context(horizon=1440.0)


def blocked(person: int, begin: float, ward: float | None, end: float | None) -> Patient:
    """Treated in a cubicle for ten minutes, which is kept until a ward bed is free."""
    return Patient(
        [
            Visit("treat", begin, begin, begin + 10, released=ward, kept=ward is None),
            Visit("ward", begin + 10, ward, end),
        ],
        person=person,
    )


def test_a_cubicle_kept_by_a_patient_who_waits_for_a_ward_waits_for_somebody_else() -> None:
    of = measured(DAY_LONG, blocked(1, 0, 40, 100))
    assert of("pool_waiting_share", "cubicles") == pytest.approx(30 / 40)
    assert of("pool_waiting_share", "ward_beds") == 0


def test_who_still_waits_at_the_end_keeps_the_cubicle_waiting_until_then() -> None:
    of = measured(context(warm_up=400.0, horizon=1440.0), blocked(1, 300, None, None))
    assert of("pool_waiting_share", "cubicles") == pytest.approx(1)
    assert of("pool_still_waiting", "ward_beds") == 1


def test_a_delay_in_a_bed_is_waiting_too() -> None:
    delayed = Patient(
        [Visit("ward", 0, 0, 60, released=100), Visit("arrange", 60, 60, 100)], person=1
    )
    of = measured(DAY_LONG, delayed)
    assert of("pool_waiting_share", "ward_beds") == pytest.approx(40 / 100)


def test_waits_of_several_steps_for_one_resource_are_taken_together() -> None:
    carers = [
        Patient([Visit("start_care", 0, 30, 40)], person=1),
        Patient([Visit("start_care", 10, 20, 30)], person=2),
        Patient([Visit("start_care", 12, None, 25)], person=3),
        Patient([Visit("start_care", 13, None, 13)], person=4),
    ]
    of = measured(DAY_LONG, *carers)
    assert of("pool_wait_mean", "carers") == pytest.approx(20)
    assert of("pool_wait_any", "carers") == pytest.approx(1)
    assert of("wait_served_mean", "start_care") == pytest.approx(20)
    assert of("pool_reneged", "carers") == 1
    assert of("pool_balked", "carers") == 1
    assert of("queue_length_max", "carers") == 3


def test_nobody_is_in_the_queue_who_is_served_at_once() -> None:
    of = measured(DAY_LONG, Patient([Visit("treat", 5, 5, 30)], person=1))
    assert of("queue_length_max", "cubicles") == 0


@given(patients())
@settings(deadline=None, max_examples=60)
def test_a_pool_never_waits_longer_than_it_is_held(some: list[Patient]) -> None:
    made = with_capacity(context(warm_up=50.0, horizon=HORIZON), "cubicles", (0.0, 3))
    of = measured(made, *some)
    for resource in made.resources:
        share = of("pool_waiting_share", resource)
        assert not share > 1 + 1e-9
        assert not share < 0
        assert of("queue_length_mean", resource) <= of("queue_length_max", resource) + 1e-9


def test_the_95th_centile_of_the_wait_for_a_pool_is_that_and_no_other() -> None:
    """Of 21 waits of 0, 10, ..., 200 minutes the twentieth shortest."""
    carers = [
        Patient([Visit("start_care", number, 11.0 * number, 1000)], person=number)
        for number in range(21)
    ]
    assert measured(DAY_LONG, *carers)("pool_wait_p95", "carers") == pytest.approx(190)


def test_cleaning_a_bed_is_no_part_of_the_time_it_is_held_waiting() -> None:
    """Held for 100 minutes, 40 of them waiting for a discharge; then an hour of cleaning."""
    delayed = Patient(
        [
            Visit("ward", 0, 0, 60, released=100, turnaround=60.0),
            Visit("arrange", 60, 60, 100),
        ]
    )
    assert measured(DAY_LONG, delayed)("pool_waiting_share", "ward_beds") == pytest.approx(0.4)
