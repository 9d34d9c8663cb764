"""Several arms at once: bounds that hold together, which is best, who did what."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.experiment.answers.coalitions import IncompleteError, attribute
from sim.experiment.answers.means import plausible_means
from sim.experiment.answers.ranking import meeting, rank
from sim.experiment.answers.simultaneous import band
from sim.experiment.intervals import difference_interval, t_quantile


def luck(*shape: int, seed: int = 7) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=shape)


def test_one_arm_alone_has_the_plain_paired_interval() -> None:
    changes = luck(1, 12)
    plain, found = difference_interval(changes[0]), band(changes)
    assert found is not None
    assert (found.low[0], found.high[0]) == pytest.approx((plain.low, plain.high))


def test_arms_that_are_the_same_need_no_more_than_one() -> None:
    found = band(np.tile(luck(1, 200), (6, 1)))
    assert found is not None
    assert t_quantile(199) <= found.reach < 1.08 * t_quantile(199)


def test_independent_arms_need_nearly_what_bonferroni_asks() -> None:
    from scipy.special import stdtrit

    found = band(luck(10, 40))
    bonferroni = float(stdtrit(39, 1 - 0.025 / 10))
    assert found is not None
    assert 0.93 * bonferroni < found.reach < 1.02 * bonferroni


def test_bounds_hold_for_all_arms_at_once() -> None:
    """At 95 %, 150 experiments of five correlated arms: 5 points are three standard errors."""
    shared, own = luck(150, 1, 10, seed=1), luck(150, 5, 10, seed=2)
    held = []
    for changes in shared + own:
        found = band(changes)
        assert found is not None
        held.append(bool(((found.low <= 0) & (found.high >= 0)).all()))
    assert np.mean(held) > 0.90


def test_few_replications_have_no_bounds_and_no_variation_has_no_width() -> None:
    assert band(luck(3, 4)) is None
    changes = luck(3, 10)
    changes[1] = 2.0
    found = band(changes)
    assert found is not None
    assert found.low[1] == found.high[1] == 2.0
    assert found.low[0] < found.high[0]


def test_missing_values_are_refused() -> None:
    with pytest.raises(ValueError, match="every arm has a value in every replication"):
        band([[1.0, 2.0, math.nan, 3.0, 4.0]])


def test_drawn_means_have_the_distribution_of_their_t_interval() -> None:
    values = luck(2, 9) + np.array([[0.0], [3.0]])
    drawn = plausible_means(values)
    for numbers, known in (
        (drawn[:, 0], values[0]),
        (drawn[:, 1] - drawn[:, 0], values[1] - values[0]),
    ):
        plain = difference_interval(known)
        inside = np.mean((numbers >= plain.low) & (numbers <= plain.high))
        assert inside == pytest.approx(0.95, abs=0.008)
        assert numbers.mean() == pytest.approx(plain.mean, abs=0.02)


def test_the_same_arm_twice_is_best_twice_and_never_regretted() -> None:
    one = luck(1, 10)
    ranked = rank(np.vstack([one, one]), direction=1)
    assert list(ranked.best) == [1.0, 1.0]
    assert list(ranked.regret) == [0.0, 0.0]


def test_two_arms_that_differ_by_luck_alone_are_even() -> None:
    values = luck(2, 10)
    values -= values.mean(axis=1, keepdims=True)
    ranked = rank(values, direction=-1)
    assert ranked.best == pytest.approx([0.5, 0.5], abs=0.02)


def test_shared_luck_makes_the_ranking_sure() -> None:
    shared = 100 * luck(1, 10)
    values = np.vstack([shared, shared - 1.0 + 0.1 * luck(1, 10, seed=3)])
    ranked = rank(values, direction=-1)
    assert ranked.best[1] > 0.999
    assert ranked.regret == pytest.approx([1.0, 0.0], abs=0.2)
    assert list(ranked.order) == [1, 0]


def test_a_margin_lets_near_equals_be_best_together() -> None:
    shared = luck(1, 10)
    values = np.vstack([shared, shared + 0.5, shared + 5.0])
    assert list(rank(values, -1, margin=1.0).best) == [1.0, 1.0, 0.0]
    assert list(rank(values, -1, margin=1.0).years) == [1.0, 1.0, 0.0]
    with pytest.raises(ValueError, match="0 or more"):
        rank(values, -1, margin=-1.0)


def test_meeting_a_target_on_average_and_in_a_year_are_two_things() -> None:
    values = np.array([[4.0, 6.0] * 10, [4.9, 4.8] * 10])
    found = meeting(values, 5.0, -1)
    assert found.mean == pytest.approx([0.5, 1.0], abs=0.02)
    assert list(found.years) == [0.5, 1.0]
    assert list(meeting(values, 5.0, 1).years) == [0.5, 0.0]


NAMES = ("a", "b", "c")
EVERY = [frozenset(s) for n in range(4) for s in itertools.combinations(NAMES, n)]


def test_additive_options_have_their_own_effects_as_shares() -> None:
    effects = dict(zip(NAMES, luck(3, 8), strict=True))
    base = luck(8, seed=1)
    found = attribute(NAMES, {s: base + sum(effects[one] for one in s) for s in EVERY})
    for name in NAMES:
        for kind in (found.alone, found.last, found.share):
            expected = difference_interval(effects[name])
            assert kind[name].mean == pytest.approx(expected.mean)
            assert kind[name].high == pytest.approx(expected.high)
    assert [pair.mean for pair in found.pairs.values()] == pytest.approx([0, 0, 0], abs=1e-12)


def test_an_option_that_only_works_with_another_shares_with_it() -> None:
    gain = np.abs(luck(8))
    found = attribute(NAMES, {s: gain * ({"a", "b"} <= s) for s in EVERY})
    assert found.alone["a"].mean == found.alone["b"].mean == 0
    assert found.share["a"].mean == pytest.approx(gain.mean() / 2)
    assert found.share["b"].mean == pytest.approx(gain.mean() / 2)
    assert found.share["c"].mean == 0
    assert found.pairs["a", "b"].mean == pytest.approx(gain.mean())
    assert found.pairs["a", "c"].mean == found.pairs["b", "c"].mean == 0


def test_options_that_stand_in_for_each_other_have_a_negative_interaction() -> None:
    found = attribute(NAMES, {s: np.full(8, float(bool({"a", "b"} & s))) for s in EVERY})
    assert found.alone["a"].mean == 1 and found.last["a"].mean == 0
    assert found.share["a"].mean == pytest.approx(0.5)
    assert found.pairs["a", "b"].mean == pytest.approx(-1)


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1))
def test_shares_add_up_to_the_effect_of_all_together(seed: int) -> None:
    found = attribute(NAMES, dict(zip(EVERY, luck(8, 6, seed=seed), strict=True)))
    assert sum(one.mean for one in found.share.values()) == pytest.approx(found.together.mean)


def test_shares_of_the_glove_game_are_those_of_the_textbook() -> None:
    """One left glove, two right ones: 2/3, 1/6, 1/6 (a standard example of the value)."""
    worth = {s: np.full(5, float("a" in s and len(s) > 1)) for s in EVERY}
    found = attribute(NAMES, worth)
    assert [found.share[one].mean for one in NAMES] == pytest.approx([2 / 3, 1 / 6, 1 / 6])


def test_combinations_that_were_not_run_are_named() -> None:
    with pytest.raises(IncompleteError, match=r"a \+ b not run"):
        attribute(NAMES, {s: luck(5) for s in EVERY if s != {"a", "b"}})
