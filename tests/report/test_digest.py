"""Following cases costs next to nothing, and never more than in proportion to what happened."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

import sim
from sim.engine import run
from sim.engine.logs import Logs
from sim.measure import build_context, journeys, traced
from sim.plan.compile import compile_plan
from sim.report.digest import digest
from sim.report.story.timeline import timeline
from sim.report.world import view
from sim.scenario.language.model import Scenario

PLACE = """
title: A desk to which one comes again and again
run: {{start: 2024-04-01, duration: 200 days}}
people: {{number: 1000}}
crises:
  fall: {{rate: 500, first: other}}
  loop: {{rate: 0, first: desk}}
resources: {{clerk: {{capacity: 3}}, key: {{capacity: 2000}}}}
pathway:
  other: {{delay: 10 min, route: done}}
  desk: {{seize: clerk, delay: 1 h, route: {{desk: {again}, done: rest}}}}
cases: {{{cases}}}
"""


def ran(folder: Path, cases: int, again: float = 0.5) -> tuple[Any, Scenario, Logs]:
    file = folder / "place.yaml"
    case = "case_{0}: {{crisis: loop, at: 2024-04-01 09:00}}"
    named = ", ".join(case.format(number) for number in range(cases))
    file.write_text(PLACE.format(again=again, cases=named))
    model = sim.load(file).model
    plan = compile_plan(model)
    return plan, model, run(plan, 1, 1)


def calls(work: Callable[[], object]) -> int:
    """How many calls of Python functions, and steps of generators, some work takes."""
    count = 0

    def note(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event == "call"

    work()  # whatever is done once only
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


def test_a_run_does_no_more_for_many_cases_than_for_one(tmp_path: Path) -> None:
    """Their part of the logs is cut out; what is told of them is made when it is asked for."""
    counted = [calls(partial(traced, ran(tmp_path, cases)[2])) for cases in (1, 200)]
    assert counted[0] == counted[1]


def test_a_digest_keeps_the_logs_of_the_cases_and_of_nobody_else(tmp_path: Path) -> None:
    plan, model, logs = ran(tmp_path, 7)
    kept = digest(plan, model, logs).traced
    assert len(logs.episodes.onset) > 100
    assert sorted(kept.episodes.case.tolist()) == list(range(7))
    assert len(kept.visits.step) == (logs.visits.step == plan.steps.index("desk")).sum()
    assert kept.visits.step.base is None or len(kept.visits.step.base) < len(logs.visits.step)


def test_what_is_told_of_a_loop_is_in_proportion_to_its_length(tmp_path: Path) -> None:
    """Twice the visits cost twice the work, not four times."""
    plan, model, logs = ran(tmp_path, 1, again=0.9999999)
    world, context = view(model, plan), build_context(plan, model)
    visits = len(timeline(world, logs, "case_0").stages)  # type: ignore[union-attr]
    assert visits > 4000
    shorter = sim.load(tmp_path / "place.yaml", overrides={"run.duration": "100 days"}).model
    half = run(compile_plan(shorter), 1, 1)
    assert calls(partial(timeline, world, logs, "case_0")) < 2.2 * calls(
        partial(timeline, world, half, "case_0")
    )
    assert calls(partial(journeys, context, logs)) < 2.2 * calls(partial(journeys, context, half))
