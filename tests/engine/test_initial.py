"""Who is there when a run begins: alike in both engines, and for as long as is left."""

from __future__ import annotations

from math import exp
from typing import Any

import numpy as np
import pytest

from sim.engine import run
from sim.engine.logs import Logs
from sim.measure.identities import violations
from sim.plan.initial import remaining
from sim.plan.plan import Plan
from sim.plan.samplers import encode, sample
from sim.scenario.written.values import Distribution
from tests.engine.logs_equal import differences
from tests.plan.small import plan

DAY = 1440.0
NOTHING = np.zeros(1)

WARD: dict[str, Any] = {
    "run": {"start": "2024-04-01", "warm_up": "0 min", "duration": "28 days"},
    "crises": {},
    "arrivals": {"admission": {"rate": "3 per day", "first": "ward"}},
    "resources": {"beds": {"capacity": 60, "bed": "acute"}},
    "pathway": {
        "ward": {
            "seize": "beds",
            "delay": {"lognormal": {"mean": "8 days", "sd": "6 days"}},
            "route": "done",
        }
    },
}

SERVED = {"crisis": "admission", "step": "ward", "for": "3 days", "number": 40}
WAITING = {"crisis": "admission", "step": "ward", "for": "9 h", "number": 4, "waiting": True}


def _both(number: int, **changes: Any) -> tuple[Plan, Logs]:
    made = plan(**{**WARD, **changes})
    logs = run(made, 1, number, "compiled")
    assert differences(logs, run(made, 1, number, "simpy")) == []
    assert violations(made, logs) == []
    return made, logs


def test_more_than_there_are_beds_stay_until_they_leave_and_who_waits_comes_next() -> None:
    resources = {"beds": {"capacity": 30, "bed": "acute"}}
    _, logs = _both(0, resources=resources, initial={"a": SERVED, "b": WAITING})
    there = logs.episodes.onset < 0.0
    assert there.sum() == 44
    leavings = np.sort(logs.visits.ended[:40])
    assert np.array_equal(logs.visits.started[:40], np.full(40, -3 * DAY))
    assert np.array_equal(logs.visits.started[40:44], leavings[10:14])  # 11th to leave, and so on


def test_another_row_moves_nobody() -> None:
    _, one = _both(0, initial={"b": SERVED})
    _, other = _both(0, initial={"a": {**SERVED, "for": "1 day", "number": 5}, "b": SERVED})
    ended = other.visits.ended[other.visits.queued == -3 * DAY]
    assert np.array_equal(ended, one.visits.ended[:40], equal_nan=True)
    came, others = one.episodes.onset >= 0.0, other.episodes.onset >= 0.0
    assert np.array_equal(one.episodes.onset[came], other.episodes.onset[others])


def test_a_census_of_nobody_changes_nothing() -> None:
    _, none = _both(0)
    _, empty = _both(0, initial={})
    assert differences(none, empty) == []


@pytest.mark.parametrize(
    "distribution",
    [
        Distribution("lognormal", (2.0, 0.8)),
        Distribution("gamma", (2.0, 4.0)),
        Distribution("weibull", (1.5, 9.0)),
        Distribution("uniform", (2.0, 20.0)),
        Distribution("triangular", (2.0, 6.0, 20.0)),
    ],
)
def test_what_is_left_is_that_of_the_stays_that_are_longer(distribution: Distribution) -> None:
    made = encode(distribution)[:4]
    u = (np.arange(20_000) + 0.5) / 20_000
    stays = np.array([sample(*made, NOTHING, NOTHING, 0, 0, each) for each in u])
    longer = stays[stays > 7.0] - 7.0
    left = [
        remaining(*made, NOTHING, NOTHING, 0, 0, (each + 0.5) / 2_000, 7.0) for each in range(2_000)
    ]
    assert np.isclose(np.mean(left), longer.mean(), rtol=0.02)
    assert min(left) >= 0.0


def test_a_stay_that_cannot_be_so_long_is_over() -> None:
    made = encode(Distribution("constant", (5.0,)))[:4]
    assert remaining(*made, NOTHING, NOTHING, 0, 0, 0.3, 2.0) == 3.0
    assert remaining(*made, NOTHING, NOTHING, 0, 0, 0.3, 6.0) == 0.0


def test_beds_of_a_known_first_morning_decay_as_they_must() -> None:
    pathway = {"ward": {**WARD["pathway"]["ward"], "delay": {"exponential": {"mean": "8 days"}}}}
    made = plan(**{**WARD, "pathway": pathway, "initial": {"a": SERVED}})
    beds, came = [], []
    for number in range(100):
        logs = run(made, 1, number)
        ended = np.nan_to_num(logs.visits.ended, nan=28 * DAY)
        beds.append(float((ended - np.maximum(logs.visits.started, 0.0)).sum()) / (28 * DAY))
        came.append(int((logs.episodes.onset >= 0.0).sum()))
    right = 24.0 + 16.0 * 8.0 / 28.0 * (1.0 - exp(-28.0 / 8.0))
    assert right == pytest.approx(28.43, abs=0.005)
    for found, value in ((beds, right), (came, 84.0)):
        assert abs(np.mean(found) - value) < 3.3 * np.std(found) / 10.0
