"""Growth is found where there is some, and not in what only goes up and down."""

from __future__ import annotations

import numpy as np
import pytest

from sim.experiment.settling.chains import Blocking, circle, frozen
from sim.experiment.settling.drift import DAY, WEEK, drift
from sim.experiment.settling.memory import (
    combined,
    observed,
    of_a_busy_queue,
    remembers_the_beginning,
)
from sim.measure.backlog import Backlog, spacing


def noise(*shape: int) -> np.ndarray:
    return np.random.default_rng(5).normal(size=shape)


def test_the_growth_of_a_straight_line_is_its_length_and_half_of_it_lasts() -> None:
    found = drift(np.tile(np.arange(57.0), (3, 1)), DAY)
    assert (found.growth, found.lasting, found.minutes) == (56.0, 28.0, 8 * WEEK)
    assert found.chance == 0.0
    assert not found.levels_off


def test_a_week_that_repeats_is_no_growth_wherever_it_is_cut() -> None:
    week = np.array([0.0, 5, 9, 12, 14, 20, 3])
    for length in range(15, 36):
        found = drift(np.resize(week, (2, length)), DAY)
        assert found.growth == 0.0
        assert found.chance >= 0.5


def test_what_rises_only_at_first_levels_off() -> None:
    days = np.arange(0.0, 57)
    found = drift(20.0 * (1.0 - np.exp(-days / 8)) + 0.01 * noise(3, 57), DAY)
    assert found.chance < 0.01
    assert found.levels_off


def test_a_wandering_number_is_taken_for_growing_as_seldom_as_is_said() -> None:
    # no drift but nothing to hold it: the worst there is, at a load of exactly 1
    walks = noise(4000, 56).cumsum(axis=1).reshape(2000, 2, 56)
    chances = np.array([drift(walk, DAY).chance for walk in walks])
    assert np.mean(chances < 0.05) < 0.06
    assert np.mean(chances < 0.01) < 0.015


def test_a_number_that_is_pulled_back_is_hardly_ever_taken_for_growing() -> None:
    steps, level = noise(57, 600), np.zeros(600)
    path = [level := 0.9 * level + step for step in steps]
    pulled = np.array(path).T.reshape(300, 2, 57)
    assert np.mean([drift(each, DAY).chance < 0.05 for each in pulled]) < 0.01


def test_a_drift_of_one_step_in_two_is_found() -> None:
    walks = (0.5 + noise(300, 56)).cumsum(axis=1).reshape(100, 3, 56)
    assert np.mean([drift(walk, DAY).chance < 0.01 for walk in walks]) > 0.9


@pytest.mark.parametrize("space", [DAY, DAY / 4])
def test_the_memory_of_a_first_order_process_is_its_own(space: float) -> None:
    kept, steps = 0.8, noise(500, 200)
    level = noise(200) / np.sqrt(1 - kept**2)
    path = np.array([level := kept * level + step for step in steps]).T
    # kept + kept**2 + ... = 4 spaces
    assert observed(path, space) == pytest.approx(4 * space, rel=0.1)


def test_what_has_no_memory_is_not_given_one() -> None:
    found = [observed(noise(3, 20 + size), DAY) for size in range(200)]
    assert np.mean(np.array(found) > 0.25 * DAY) < 0.05


def test_what_is_the_same_in_all_replications_is_no_memory() -> None:
    season = np.sin(np.arange(300) / 40)
    assert observed(10 * season + noise(5, 300), DAY) < 0.5 * DAY


def test_the_memory_of_a_busy_queue_is_that_of_regulated_brownian_motion() -> None:
    # M/M/5 with services of a minute at load .98: variance 9.8 a minute, drift -.1
    assert of_a_busy_queue(4.9, 0.98, 1.0) == pytest.approx(9.8 / 0.1**2)
    assert of_a_busy_queue(5.0, 1.0, 1.0) == np.inf


def test_a_queue_that_people_leave_remembers_only_what_was_seen() -> None:
    assert combined(60.0, np.inf, giving_up=0.2) == 60.0
    assert combined(60.0, 100.0, giving_up=0.0) == 100.0


def test_no_beginning_matters_to_a_measured_time_of_a_thousand_memories() -> None:
    assert remembers_the_beginning(60.0, warm_up=100.0, measured=1e4)
    assert not remembers_the_beginning(60.0, warm_up=250.0, measured=1e4)
    assert not remembers_the_beginning(60.0, warm_up=0.0, measured=1e5)


def test_moments_are_parts_of_a_day_and_not_too_many() -> None:
    assert spacing(84 * DAY, 28 * DAY) == DAY
    assert spacing(10 * DAY, DAY) == 60.0
    assert spacing(30.0, 0.0) == 30.0 / 64
    for days in (1, 3, 10, 100, 3000):
        space = spacing(days * DAY, 0.0)
        assert (DAY / space).is_integer()
        assert days * DAY / space <= 400 or space == DAY


NAMES = ("a", "b", "c")


def test_a_chain_ends_where_nobody_is_held_up_and_a_circle_at_itself() -> None:
    chain = Blocking(NAMES, np.array([[0, 0.9, 0.05], [0, 0, 0.4], [0, 0.1, 0]])).chain(0)
    assert [(link.holder, link.wanted) for link in chain] == [("a", "b"), ("b", "c")]
    assert circle(chain) == ()
    round_and_round = Blocking(NAMES, np.array([[0, 0.9, 0], [0, 0, 1.0], [0, 1.0, 0]])).chain(0)
    assert circle(round_and_round) == ("b", "c", "b")


def held(in_use: list[int], stuck: list[list[int]]) -> Backlog:
    nothing = np.zeros(3)
    return Backlog(
        space=DAY,
        waiting=np.zeros((3, 1), dtype=np.int32),
        in_use=np.array(in_use, dtype=np.int32)[:, None],
        units=np.array([2, 2, 2], dtype=np.int32),
        there=nothing,
        busy=nothing,
        uses=nothing,
        use_mean=nothing,
        use_variance=nothing,
        gave_up=nothing,
        blocked=np.zeros((3, 3)),
        held=nothing,
        stuck=np.array(stuck, dtype=np.int32),
        since=nothing,
        begun=np.zeros(0, dtype=np.int32),
    )


def test_nobody_moves_where_all_units_are_held_by_people_who_wait_for_each_other() -> None:
    units = np.array([2.0, 2.0, 2.0])
    swapped = held([2, 2, 1], [[0, 2, 0], [2, 0, 0], [0, 0, 0]])
    assert frozen(swapped, units).tolist() == [True, True, False]
    one_moves = held([2, 2, 1], [[0, 2, 0], [1, 0, 0], [0, 0, 0]])
    assert not frozen(one_moves, units).any()
    # those of b wait for c, of which a unit is free
    way_out = held([2, 2, 1], [[0, 2, 0], [0, 0, 2], [0, 0, 0]])
    assert not frozen(way_out, units).any()
