"""What moves a result, what it would be worth to know it, and what must be true for an option."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.experiment.answers.boxes import find_box, sentence
from sim.experiment.answers.information import value_of_knowing
from sim.experiment.answers.response import response


def draws(number: int, columns: int = 1, seed: int = 3) -> np.ndarray:
    return np.random.default_rng(seed).uniform(size=(number, columns))


def normal(number: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=number)


def test_a_straight_answer_is_read_off_at_the_centiles() -> None:
    x = np.arange(101) / 100
    found = response(x, 5 + 2 * x)
    assert (found.low, found.high) == pytest.approx((0.1, 0.9))
    assert (found.at_low, found.at_high) == pytest.approx((5.2, 6.8))
    assert found.share == pytest.approx(1.0)


def test_shares_of_variance_are_those_of_an_exact_case() -> None:
    """Of 3 a + b with independent a and b of equal variance, a has nine tenths."""
    a, b = normal(2000, 1), normal(2000, 2)
    assert response(a, 3 * a + b).share == pytest.approx(0.9, abs=0.02)
    assert response(b, 3 * a + b).share == pytest.approx(0.1, abs=0.02)


def test_shares_of_a_curved_function_are_those_of_the_literature() -> None:
    """Ishigami's function: 0.314, 0.442 and 0 (Saltelli et al., Global sensitivity analysis, 2008).

    Its second input acts as a sine of the fourth power, which no cubic has in full, so only the
    first and the third are within reach of these curves.
    """
    x = math.pi * (2 * draws(4000, 3) - 1)
    y = np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])
    assert response(x[:, 0], y).share == pytest.approx(0.314, abs=0.03)
    assert response(x[:, 2], y).share < 0.005


def test_an_input_without_effect_nearly_always_has_none() -> None:
    found = [response(normal(60, seed), normal(60, seed + 1000)).share for seed in range(200)]
    assert np.mean(np.array(found) < 1e-12) > 0.85


def test_few_draws_say_nothing() -> None:
    with pytest.raises(ValueError, match="10 draws or more"):
        response([1.0] * 5, [1.0] * 5)


def test_an_input_that_is_always_the_same_moves_nothing() -> None:
    found = response([2.0] * 20, normal(20, 1))
    assert (found.share, found.at_low) == (pytest.approx(0, abs=1e-20), found.at_high)


def test_information_is_worth_what_theory_says() -> None:
    """Gain normal with mean 0 and deviation s: knowing it is worth s / sqrt(2 pi)."""
    gain = 100 * normal(4000, 5)
    worth = np.vstack([np.zeros(4000), gain])
    exact = 100 / math.sqrt(2 * math.pi)
    assert value_of_knowing(gain, worth) == pytest.approx(exact, rel=0.05)
    noisy = worth + np.vstack([np.zeros(4000), 50 * normal(4000, 6)])
    assert value_of_knowing(gain, noisy) == pytest.approx(exact, rel=0.08)


def test_information_that_changes_no_choice_is_worth_nothing() -> None:
    gain = 1000 + 10 * normal(500, 5)
    assert value_of_knowing(gain, np.vstack([np.zeros(500), gain])) == pytest.approx(0, abs=1e-9)
    other = normal(500, 9)
    worth = np.vstack([np.zeros(500), 100 * normal(500, 10)])
    assert value_of_knowing(other, worth) < 3


def test_a_box_is_found_where_there_is_one_and_idle_inputs_are_left_out() -> None:
    x = draws(600, 4)
    good = (x[:, 1] > 0.5) & (x[:, 3] < 0.6)
    found = find_box(["a", "b", "c", "d"], x, good)
    assert {limit.input for limit in found.limits} == {"b", "d"}
    assert found.inside > 0.95 and found.held > 0.6
    by_name = {limit.input: limit for limit in found.limits}
    assert by_name["b"].low == pytest.approx(0.5, abs=0.08) and math.isinf(by_name["b"].high)
    assert by_name["d"].high == pytest.approx(0.6, abs=0.08) and math.isinf(by_name["d"].low)
    text = sentence(found, "A team", "pays")
    assert text.startswith("A team pays in ") and "`b` is at least 0." in text


def test_where_an_option_always_or_never_pays_there_is_no_box() -> None:
    for good, often in ((np.ones(100, bool), "all"), (np.zeros(100, bool), "none")):
        found = find_box(["a"], draws(100), good)
        assert found.limits == () and found.size == 1.0
        assert sentence(found, "A team", "pays") == f"A team pays in {often} of the draws."


def test_a_box_is_never_smaller_than_it_may_be() -> None:
    x = draws(200, 2)
    found = find_box(["a", "b"], x, x[:, 0] > 0.95)
    assert found.size >= 0.2
