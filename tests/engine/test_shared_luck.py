"""Draws of episodes: what goes together, what goes against, what has nothing to do with it."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.engine import run
from sim.engine.logs import Fate, Logs
from sim.plan.compile import compile_plan
from sim.plan.plan import Plan
from sim.scenario import load
from tests.engine.logs_equal import differences

HEAD = """
title: Shared luck
run: {{start: 2024-01-01, warm_up: 0 min, duration: {days} days, replications: 1}}
people: {{number: 1}}
crises: {{need: {{rate: 0, first: one, draws: sickness}}}}
arrivals: {{ill: {{rate: 20 per day, first: one, draws: [sickness, other]}}}}
outcomes: {{done: Done}}
"""

PATHWAY = """
pathway:
  one: {delay: {exponential: {mean: 60 min}, draw: sickness}, route: two}
  two: {delay: {exponential: {mean: 20 min}, draw: sickness}, route: three, spawn: {side: 1}}
  three: {delay: {exponential: {mean: 30 min}, against: sickness}, route: four}
  four: {delay: {exponential: {mean: 40 min}}, route: done}
  side: {delay: {until: 10:00, then: {exponential: {mean: 5 min}, draw: sickness}}, route: done}
"""


def _run(folder: Path, pathway: str, days: int, **options: Any) -> tuple[Plan, Logs]:
    path = folder / "scenario.yaml"
    path.write_text(HEAD.format(days=days) + pathway, encoding="utf-8")
    plan = compile_plan(load(path).model)
    return plan, run(plan, seed=1, replication=0, **options)


def _delays(plan: Plan, logs: Logs, *steps: str) -> list[Any]:
    """The delays of those who came through all the steps, in order of their episodes."""
    visits = logs.visits
    ended = np.isfinite(visits.ended)
    of = [(visits.step == plan.steps.index(step)) & ended for step in steps]
    through = set(visits.episode[of[-1]].tolist())
    found = []
    for at in of:
        rows = [row for row in np.flatnonzero(at) if int(visits.episode[row]) in through]
        rows.sort(key=lambda row: int(visits.episode[row]))
        found.append((visits.ended - visits.started)[rows])
    return found


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    """Delays at the four steps of some 20,000 patients."""
    plan, logs = _run(tmp_path_factory.mktemp("many"), PATHWAY, 1000)
    return _delays(plan, logs, "one", "two", "three", "four")


def test_times_with_one_draw_have_rank_correlation_1_and_those_against_it_minus_1(
    many: list[Any],
) -> None:
    one, two, three, four = many
    assert len(one) > 15_000
    assert np.allclose(one / 60.0, two / 20.0, rtol=1e-5, atol=1e-6)
    against = np.exp(-one / 60.0) + np.exp(-three / 30.0)  # 1 - u and u
    assert np.allclose(against, 1.0, atol=1e-6)
    for other in (one, two, three):
        assert abs(np.corrcoef(other, four)[0, 1]) < 4.0 / math.sqrt(len(four))


def test_the_variance_of_a_sum_is_exact(many: list[Any]) -> None:
    """Two exponentials with one draw add their deviations; of u and 1 - u the covariance is
    1 - pi^2 / 6 times the product of the means."""
    one, two, three, four = many
    assert np.std(one + two) == pytest.approx(60.0 + 20.0, rel=0.04)
    covariance = 60.0 * 30.0 * (1.0 - math.pi**2 / 6.0)
    exact = math.sqrt(60.0**2 + 30.0**2 + 2.0 * covariance)
    assert np.std(one + three) == pytest.approx(exact, rel=0.04)
    assert np.std(one + four) == pytest.approx(math.hypot(60.0, 40.0), rel=0.04)


def test_both_engines_draw_the_same_and_side_tasks_with_their_episode(tmp_path: Path) -> None:
    plan, logs = _run(tmp_path, PATHWAY, 30)
    _, other = _run(tmp_path, PATHWAY, 30, engine="simpy")
    assert not differences(logs, other)
    visits, episodes = logs.visits, logs.episodes
    first = {
        int(episode): ended - started
        for episode, started, ended, step in zip(
            visits.episode, visits.started, visits.ended, visits.step, strict=True
        )
        if step == plan.steps.index("one")
    }
    side = np.flatnonzero((visits.step == plan.steps.index("side")) & np.isfinite(visits.ended))
    assert len(side) > 100
    for row in side:
        parent = int(episodes.parent[visits.episode[row]])
        minute = visits.started[row] % 1440.0
        waited = (600.0 - minute) % 1440.0
        then = visits.ended[row] - visits.started[row] - waited
        assert then == pytest.approx(first[parent] / 12.0, abs=1e-3)


def test_what_is_added_moves_no_draw(tmp_path: Path) -> None:
    """Another step, another draw and a loop between leave every time with a draw as it was."""
    plan, logs = _run(tmp_path, PATHWAY, 30)
    longer = PATHWAY.replace("route: two}", "route: more}") + (
        "  more: {delay: {gamma: {mean: 5 min, sd: 3 min}}, route: {more: 0.3, two: rest}}\n"
    )
    added, more = _run(tmp_path, longer, 30)
    before, after = _delays(plan, logs, "one", "two"), _delays(added, more, "one", "two")
    count = min(len(before[0]), len(after[0])) - 20
    for was, now in zip(before, after, strict=True):
        assert np.allclose(was[:count], now[:count], atol=1e-6)


HOSPITAL = """\
title: Beds of a hospital for emergencies
run: {start: 2024-01-01, warm_up: 300 days, duration: 60 days, seed: 1}
arrivals:
  emergency: {rate: 0.0265251989 per min, draws: [sickness], first: ed_bed}
  other: {rate: 0.0077639752 per min, draws: [sickness], first: other_bed}
  third: {rate: 0.0026616981 per min, draws: [sickness], first: other_bed}
resources: {beds: {capacity: 434, bed: acute, discipline: priority}}
pathway:
  ed_bed:
    seize: beds
    priority: {start: 2, after: {40 h: 1}}
    patience: {lognormal: {mean: 824.23 h, sd: 1747.35 h}, draw: sickness}
    renege_to: gone
    delay: {lognormal: {mean: 13500 min, sd: 24297 min}, draw: sickness}
    route: home
  other_bed:
    seize: beds
    priority: 1
    delay: {lognormal: {mean: 13500 min, sd: 24297 min}, draw: sickness}
    route: home
outcomes: {home: Home, gone: Gave up}
"""


def _waits(folder: Path, text: str, replications: int) -> tuple[Any, Any]:
    """Mean wait in hours of those served in the window, and how many a day give up."""
    file = folder / "hospital.yaml"
    file.write_text(text, encoding="utf-8")
    plan = compile_plan(load(file).model)
    waits, gone = [], []
    for number in range(1, replications + 1):
        visits = run(plan, 1, number, "compiled").visits
        served = visits.started >= plan.warm_up
        waits.append((visits.started - visits.queued)[served].mean() / 60)
        left = (visits.fate == int(Fate.RENEGED)) & (visits.ended >= plan.warm_up)
        gone.append(left.sum() / 60)
    return np.array(waits), np.array(gone)


def test_the_sickest_wait_longest_and_stay_longest_as_in_a_published_model(tmp_path: Path) -> None:
    """A model of the Countess of Chester Hospital: 393 +- 33 h, 20.7 +- 1.3 a day give up.

    With draws that know nothing of each other it is 95 h and 6.0 a day.
    """
    waits, gone = _waits(tmp_path, HOSPITAL, 20)
    for values, right, half in ((waits, 393, 33), (gone, 20.7, 1.3)):
        own = 1.96 * values.std(ddof=1) / np.sqrt(len(values))
        assert abs(values.mean() - right) < half + own
    alone, few = _waits(tmp_path, HOSPITAL.replace(", draw: sickness", ""), 5)
    assert alone.mean() < waits.mean() / 2 and few.mean() < gone.mean() / 2
