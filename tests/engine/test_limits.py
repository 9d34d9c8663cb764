"""Models that would never end are stopped, by both engines, with words that say what to mend."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.engine import EngineName, run
from sim.engine.limits import RunawayError
from sim.experiment.warm_start import first_hour
from sim.plan.compile import compile_plan
from sim.plan.plan import Plan
from sim.scenario import load

ENGINES: tuple[EngineName, ...] = ("compiled", "simpy")

CIRCLE = """
title: Round and round at one instant, for the lucky
run: {start: 2024-01-01, duration: 30 days}
people: {number: 1000}
crises:
  need: {rate: 1 per hour, attributes: {luck: {shares: {good: 0.5, bad: 0.5}}}, first: one}
pathway:
  one: {delay: {by: luck, good: 0 min, bad: 1 min}, route: two}
  two: {route: {by: luck, good: one, bad: done}}
"""

FLOOD = """
title: Ten times more work than the clerk can do
run: {start: 2024-01-01, duration: 100 days}
people: {number: 100000}
crises: {need: {rate: 10 per min, first: ask}}
resources: {clerk: {capacity: 1}}
pathway: {ask: {seize: clerk, delay: 1 min, route: done}}
"""


def plan_of(text: str, folder: Path) -> Plan:
    path = folder / "scenario.yaml"
    path.write_text(text)
    return compile_plan(load(path).model)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_loop_that_takes_no_time_is_stopped_and_named(
    engine: EngineName, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The compiled engine has its bound compiled in; SimPy's is lowered to save time."""
    monkeypatch.setattr("sim.engine.reference.engine.VISITS_AT_ONCE", 10_000)
    with pytest.raises(RunawayError, match="at one instant, going round `one`, `two`"):
        run(plan_of(CIRCLE, tmp_path), 1, 1, engine=engine)


@pytest.mark.parametrize("engine", ENGINES)
def test_logs_beyond_their_bound_are_stopped_and_the_longest_queue_named(
    engine: EngineName, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not an hour later, when the machine has no memory left."""
    monkeypatch.setenv("URGENTFLOW_LOG_GB", "0.005")
    with pytest.raises(RunawayError, match="longest queue is that of `clerk`"):
        run(plan_of(FLOOD, tmp_path), 1, 1, engine=engine)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_watcher_is_told_parts_that_grow(engine: EngineName, tmp_path: Path) -> None:
    """From 0 to 1, in order."""
    told: list[float] = []
    run(plan_of(FLOOD, tmp_path), 1, 1, engine=engine, watch=told.append)
    assert told == sorted(told)
    assert all(0.0 <= part <= 1.0 for part in told)
    assert told


def test_the_first_hour_is_the_beginning_of_the_whole(tmp_path: Path) -> None:
    """Getting ready runs the plan itself, not something like it."""
    plan = plan_of(FLOOD, tmp_path)
    hour, whole = run(first_hour(plan), 1, 1), run(plan, 1, 1)
    count = len(hour.visits.queued)
    assert count > 100
    assert hour.visits.queued.tolist() == whole.visits.queued[:count].tolist()


SEIZED_TWICE = """
title: A plan that its checks would refuse
run: {start: 2024-01-01, duration: 30 days}
people: {number: 1000}
crises: {need: {rate: 1 per hour, first: one}}
resources: {room: {capacity: 50}}
pathway:
  one: {seize: room, delay: 1 min, hold: true, route: two}
  two: {seize: room, delay: 1 min, hold: true, route: three}
  three: {seize: room, delay: 1 min, route: done}
"""


def test_a_plan_that_was_not_checked_is_stopped_and_not_written_beyond_its_arrays(
    tmp_path: Path,
) -> None:
    """Compiled code tests no index of its own."""
    with pytest.raises(RuntimeError, match="was not checked"):
        run(plan_of(SEIZED_TWICE, tmp_path), 1, 1, engine="compiled")
