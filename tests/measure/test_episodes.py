from __future__ import annotations

import math
from dataclasses import replace

import pytest

from sim.measure.identities import violations_in
from tests.measure.hand import DAY, Patient, Visit, context, logs_of, measured


def stay(step: str, begin: float, end: float | None) -> Visit:
    return Visit(step, begin, begin, end)


EARLY = Patient([stay("ask", -5 * DAY + 10 * DAY, 12 * DAY)], person=1)
WITHIN = Patient([stay("ask", 11 * DAY, 13 * DAY)], person=2, levels=("young", "no"))
DEAD = Patient([stay("ask", 14 * DAY, 15 * DAY)], person=3, outcome="died", crisis="infection")
LASTING = Patient([stay("ask", 19 * DAY, None)], person=4)
GONE = Patient([stay("ask", 1 * DAY, 2 * DAY)], person=5)
WINDOW = context(warm_up=10 * DAY, horizon=20 * DAY)


def test_what_was_under_way_and_began_is_what_was_completed_and_is_unfinished() -> None:
    of = measured(WINDOW, GONE, EARLY, WITHIN, DEAD, LASTING)
    assert of("under_way_at_start") == 1
    assert of("arrivals") == 3
    assert of("completed") == 3
    assert of("unfinished") == 1


def test_episodes_are_counted_by_the_outcome_and_crisis_they_have() -> None:
    of = measured(WINDOW, GONE, EARLY, WITHIN, DEAD, LASTING)
    assert of("outcomes", "home") == 2
    assert of("outcomes", "died") == 1
    assert of("deaths") == 1
    assert of("arrivals_by_crisis", "fall") == 2
    assert of("arrivals_by_crisis", "infection") == 1


def test_time_to_home_counts_from_onset_even_before_the_warm_up_ended() -> None:
    of = measured(WINDOW, GONE, EARLY, WITHIN, DEAD, LASTING)
    assert of("days_to_outcome_mean", "home") == pytest.approx((7 + 2) / 2)
    assert of("days_to_outcome_median", "home") == pytest.approx(4.5)


def test_number_present_counts_only_the_time_within_the_measured_time() -> None:
    of = measured(WINDOW, GONE, EARLY, WITHIN, DEAD, LASTING)
    assert of("present_mean") == pytest.approx((2 + 2 + 1 + 1) / 10)


def test_rates_are_per_1000_person_years_of_the_level() -> None:
    of = measured(WINDOW, GONE, EARLY, WITHIN, DEAD, LASTING, by=["age"])
    assert of("arrivals_per_1000") == pytest.approx(1000 * 3 / 500)
    assert of("arrivals_per_1000", by="age", level="young") == pytest.approx(1000 * 1 / 400)
    assert of("arrivals_per_1000", by="age", level="old") == pytest.approx(1000 * 2 / 100)


def test_rates_are_not_broken_down_where_nobody_counted_the_people() -> None:
    frame = measured(WINDOW, WITHIN, by=["frail"]).frame
    assert not len(frame[(frame["measure"] == "arrivals_per_1000") & (frame["by"] == "frail")])
    assert len(frame[(frame["measure"] == "arrivals") & (frame["by"] == "frail")])


def test_side_tasks_are_no_episodes_but_their_visits_count() -> None:
    parent = Patient([stay("ask", 11 * DAY, 13 * DAY)])
    task = Patient([stay("tell_gp", 12 * DAY, 13 * DAY)], parent=0)
    made = WINDOW
    assert violations_in(made, logs_of(made, parent, task)) == []
    of = measured(made, parent, task)
    assert of("arrivals") == of("completed") == 1
    assert of("tagged_visits", "gp_contact") == 1
    assert of("present_mean") == pytest.approx(0.2)


def test_appointments_are_no_episodes_but_their_visits_count() -> None:
    parent = Patient([stay("ask", 11 * DAY, 13 * DAY)])
    kept = Patient([stay("tell_gp", 12 * DAY, 13 * DAY)], person=1)
    of = measured(WINDOW, parent, kept)
    assert of("arrivals") == of("completed") == 2
    tags = list(WINDOW.step_tags)
    tags[WINDOW.steps.index("tell_gp")] += ("appointment",)
    of = measured(replace(WINDOW, step_tags=tuple(tags)), parent, kept)
    assert of("arrivals") == of("completed") == 1
    assert of("tagged_visits", "gp_contact") == 1


def test_a_person_dies_once_though_a_side_task_ends_in_the_same_death() -> None:
    parent = Patient([stay("ask", 11 * DAY, 13 * DAY)], outcome="died")
    task = Patient([stay("tell_gp", 12 * DAY, 13 * DAY)], outcome="died", parent=0)
    assert measured(WINDOW, parent, task)("deaths") == 1


def test_absorbed_crises_stand_at_the_levels_of_the_episode_that_absorbed_them() -> None:
    first = Patient([stay("ask", 11 * DAY, 12 * DAY)], person=7, levels=("young", "no"))
    other = Patient([stay("ask", 12 * DAY, 16 * DAY)], person=8, levels=("old", "no"))
    second = Patient([stay("ask", 14 * DAY, 16 * DAY)], person=7, levels=("young", "yes"))
    of = measured(
        WINDOW,
        first,
        other,
        second,
        by=["age", "frail"],
        absorbed=[(7, "fall", 9 * DAY), (7, "fall", 11.5 * DAY), (7, "fall", 15 * DAY)],
    )
    assert of("absorbed") == 2
    assert of("absorbed", by="age", level="young") == 2
    assert of("absorbed", by="frail", level="no") == 1
    assert of("absorbed", by="frail", level="yes") == 1


def test_of_nothing_there_is_no_mean() -> None:
    of = measured(WINDOW, LASTING)
    assert math.isnan(of("days_to_outcome_mean", "home"))
    assert of("completed") == 0
