"""Running until it is enough: precise as asked, right as often as asked, and no further."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from sim.experiment.answers.enough import clear, precise, until_enough
from sim.experiment.intervals import difference_interval


def policies(means: list[float], seed: int = 1, spread: float = 1.0) -> np.ndarray:
    """Policies that share much of their luck."""
    luck = np.random.default_rng(seed)
    return (
        5 * luck.normal(size=4000)
        + spread * luck.normal(size=(len(means), 4000))
        + np.array(means)[:, None]
    )


def first(values: np.ndarray) -> Callable[[int], list[np.ndarray]]:
    return lambda number: [values[:, :number]]


def test_it_stops_when_differences_are_as_precise_as_asked() -> None:
    values = policies([100, 90, 80])
    found = until_enough(first(values), [precise(0.4)], 1000)
    assert found.content and 20 < found.replications < 120
    for row in values[1:, : found.replications]:
        interval = difference_interval(row - values[0, : found.replications])
        assert (interval.high - interval.low) / 2 <= 0.4
    relative = until_enough(first(values), [precise(0.004, relative=True)], 1000)
    assert relative.content and abs(relative.replications - found.replications) < 40


def test_ten_are_the_fewest_and_the_budget_the_most() -> None:
    values = policies([100, 90])
    assert until_enough(first(values), [precise(50.0)], 1000).replications == 10
    short = until_enough(first(values), [precise(0.001)], 35)
    assert (short.replications, short.content) == (35, False)
    assert short.looks == (10, 20, 35)


def test_looks_go_straight_to_where_enough_is_expected() -> None:
    """Ten tell the spread, so that a fixed width takes few looks."""
    counts = [
        len(until_enough(first(policies([0, 1], seed)), [precise(0.5)], 4000).looks)
        for seed in range(20)
    ]
    assert np.mean(counts) < 4.5


def test_a_choice_is_clear_at_once_where_one_is_far_ahead() -> None:
    found = until_enough(first(policies([0, 10, 0])), [clear(0.5, 1)], 1000)
    assert (found.replications, found.content) == (10, True)


def test_equals_are_clear_once_it_does_not_matter_which() -> None:
    found = until_enough(first(policies([5, 5, 5])), [clear(0.5, -1)], 1000)
    assert found.content and found.replications > 20


def test_choices_are_right_as_often_as_asked() -> None:
    """Two policies worse by just more than the margin: chosen in fewer than 5 % of experiments."""
    wrong = 0
    for seed in range(200):
        values = policies([0.0, -0.51, -0.51], seed)
        found = until_enough(first(values), [clear(0.5, 1)], 2000)
        wrong += int(np.argmax(values[:, : found.replications].mean(axis=1))) != 0
    assert wrong <= 10


def test_every_rule_must_be_content() -> None:
    values = policies([0, 10])
    both = until_enough(lambda n: [values[:, :n], values[:, :n]], [clear(1, 1), precise(0.4)], 999)
    assert both.replications == until_enough(first(values), [precise(0.4)], 999).replications


def test_missing_numbers_are_refused() -> None:
    with pytest.raises(ValueError, match="every arm has a value"):
        until_enough(lambda n: [np.full((2, n), np.nan)], [precise(1)], 20)
