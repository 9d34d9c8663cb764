"""Cost avoided is what certainly costs less: luck is not added up."""

import numpy as np
import pytest

from sim.report.page.money import Costs, summed

ITEMS = [f"item {number}" for number in range(30)]


def of(before: dict[str, np.ndarray], after: dict[str, np.ndarray]) -> Costs:
    return summed(before, after, {name: name for name in before}, {"item 0"}, "a year")


def noise(seed: int, replications: int = 20) -> dict[str, np.ndarray]:
    drawn = np.random.default_rng(seed).normal(1000.0, 30.0, (len(ITEMS), replications))
    return dict(zip(ITEMS, drawn, strict=True))


def test_what_nothing_happens_to_spares_nothing_to_speak_of() -> None:
    """Adding up whatever is less by luck would find a saving every time, and a large one."""
    found, naive = [], []
    for seed in range(20):
        costs = of(noise(seed), noise(1000 + seed))
        found.append(-costs.avoided.difference)
        naive.append(sum(max(0.0, -line.difference) for line in costs.items.values()))
    assert min(naive) > 50
    assert np.mean(found) < 0.2 * np.mean(naive)


def test_what_certainly_costs_less_is_avoided_and_no_more_than_it_cost() -> None:
    before, after = noise(1), noise(2)
    after["item 3"] = after["item 3"] - 600.0
    after["item 4"] = after["item 4"] + 900.0
    costs = of(before, after)
    assert costs.items["item 3"].verdict == "better"
    assert -costs.avoided.difference == pytest.approx(600.0, abs=60.0)
    assert -costs.avoided.difference <= costs.avoided.baseline


def test_cash_and_capacity_are_all_items_each_once() -> None:
    costs = of(noise(1), noise(2))
    both = costs.cash.difference + costs.capacity.difference
    assert both == pytest.approx(sum(line.difference for line in costs.items.values()))


def test_a_few_replications_say_of_nothing_that_it_is_avoided() -> None:
    before, after = noise(1, 3), noise(2, 3)
    after["item 3"] = after["item 3"] - 600.0
    assert of(before, after).avoided.difference == 0
