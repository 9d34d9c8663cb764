from __future__ import annotations

import math

import pytest

from tests.measure.hand import Patient, Visit, context, measured

DAY_LONG = context(horizon=1440.0)


def waiting(person: int, queued: float, started: float | None, ended: float | None) -> Patient:
    return Patient([Visit("triage", queued, started, ended)], person=person)


AT_ONCE = waiting(1, 0, 0, 10)
SERVED = waiting(2, 5, 35, 40)
GAVE_UP = waiting(3, 6, None, 26)
AWAY = waiting(4, 7, None, 7)
STILL = waiting(5, 1340, None, None)


def test_the_mean_wait_is_of_those_served_or_still_waiting() -> None:
    of = measured(DAY_LONG, AT_ONCE, SERVED, GAVE_UP, AWAY, STILL)
    assert of("wait_mean", "triage") == pytest.approx((0 + 30 + 100) / 3)
    assert of("wait_median", "triage") == pytest.approx(30)
    assert of("still_waiting", "triage") == 1


def test_the_time_in_the_queue_is_of_everyone_who_joined_it() -> None:
    of = measured(DAY_LONG, AT_ONCE, SERVED, GAVE_UP, AWAY, STILL)
    assert of("wait_count", "triage") == 4
    assert of("queue_time_mean", "triage") == pytest.approx((0 + 30 + 20 + 100) / 4)
    assert of("wait_any", "triage") == pytest.approx(3 / 4)


def test_reneging_and_balking_are_counted_and_shared() -> None:
    of = measured(DAY_LONG, AT_ONCE, SERVED, GAVE_UP, AWAY, STILL)
    assert of("reneged", "triage") == 1
    assert of("reneged_share", "triage") == pytest.approx(1 / 3)  # one of four still waits
    assert of("balked", "triage") == 1
    assert of("balked_share", "triage") == pytest.approx(1 / 5)


def test_who_still_waits_counts_against_a_limit_only_once_it_is_passed() -> None:
    of = measured(DAY_LONG, AT_ONCE, SERVED, GAVE_UP, AWAY, STILL)
    assert of("wait_within_10_min", "triage") == pytest.approx(1 / 3)
    assert of("wait_within_1_h", "triage") == pytest.approx(2 / 3)
    assert of("wait_within_4_h", "triage") == pytest.approx(2 / 2)


def test_waits_belong_to_the_time_in_which_they_begin() -> None:
    made = context(warm_up=100.0, horizon=1440.0)
    of = measured(made, waiting(1, 90, 130, 140), waiting(2, 120, 150, 160))
    assert of("wait_mean", "triage") == pytest.approx(30)
    assert of("queue_length_mean", "nurses") == pytest.approx((30 + 30) / 1340)


def test_queue_and_number_present_are_averages_over_time() -> None:
    of = measured(DAY_LONG, AT_ONCE, SERVED, GAVE_UP, AWAY, STILL)
    assert of("queue_length_mean", "nurses") == pytest.approx((30 + 20 + 100) / 1440)
    assert of("queue_length_at_step_mean", "triage") == pytest.approx(150 / 1440)
    assert of("present_at_step_mean", "triage") == pytest.approx((10 + 35 + 20 + 100) / 1440)


def test_steps_that_seize_nothing_have_no_queue() -> None:
    frame = measured(DAY_LONG, Patient([Visit("ask", 0, 0, 1)])).frame
    assert not len(frame[(frame["measure"] == "wait_mean") & (frame["of"] == "ask")])


def test_a_step_nobody_came_to_has_no_mean_wait() -> None:
    of = measured(DAY_LONG, AT_ONCE)
    assert math.isnan(of("wait_mean", "ward"))
    assert of("wait_count", "ward") == 0


def test_never_seen_is_who_gave_up_and_started_nothing_with_a_resource_after() -> None:
    gave_up = Patient([Visit("triage", 0, None, 20), Visit("ask", 20, 20, 21)], person=1)
    away = Patient([Visit("triage", 0, None, 0)], person=2)
    came_back = Patient([Visit("triage", 0, None, 20), Visit("triage", 90, 95, 99)], person=3)
    seen_before = Patient([Visit("treat", 0, 0, 9), Visit("ward", 9, None, 40)], person=4)
    waits_on = Patient([Visit("triage", 0, None, 20), Visit("triage", 90)], person=5)
    of = measured(DAY_LONG, gave_up, away, came_back, seen_before, waits_on)
    assert of("never_seen") == 3


def test_the_95th_centile_of_the_wait_is_that_and_no_other() -> None:
    """Of 21 waits of 0, 10, ..., 200 minutes the twentieth shortest."""
    patients = [waiting(number, number, 11.0 * number, 1000) for number in range(21)]
    assert measured(DAY_LONG, *patients)("wait_p95", "triage") == pytest.approx(190)
