"""The checked build of the compiled engine finds what reaches beyond an array.

These run where that build is asked for (URGENTFLOW_CHECKED=1, a stage of `.ci/run`): compiling it
takes a minute. The tests of equality run there as well.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sim.engine import run
from sim.engine.compiled import engine, loop
from sim.engine.compiled.machine import new_machine
from sim.plan.compile import compile_plan
from sim.plan.environment import is_checked
from sim.plan.jit import _cache_folder, _source_hash
from sim.plan.plan import Plan
from sim.plan.population import draw_population
from sim.scenario import load

pytestmark = pytest.mark.skipif(not is_checked(), reason="needs URGENTFLOW_CHECKED=1")

DESK = """
title: A desk
run: {start: 2024-04-01, duration: 2 days}
people: {number: 1000, attributes: {a: {shares: {x: 0.5, y: rest}}}}
crises: {c: {rate: 10 per hour, first: s}}
resources: {r: {capacity: 5}}
pathway: {s: {seize: r, delay: {by: a, x: 20 min, y: 30 min}, route: done}}
"""


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    file = tmp_path / "desk.yaml"
    file.write_text(DESK)
    return compile_plan(load(file).model)


def with_fault(plan: Plan, array: str, field: str, value: int) -> Plan:
    """The plan with one wrong number in it, as a narrow type would have left it."""
    rows = getattr(plan.world, array).copy()
    rows[field][:] = value
    return replace(plan, world=plan.world._replace(**{array: rows}))


@pytest.mark.parametrize(
    ("array", "field", "value", "named"),
    [
        ("steps", "delay", 99, "tables"),
        ("steps", "delay", -2, "tables"),
        ("steps", "seize", 7, "resources"),
        ("dims", "attribute", 3, "attributes"),
        ("branches", "target", 1, "steps"),
        ("crises", "route", 50, "tables"),
    ],
)
def test_a_number_that_leads_beyond_an_array_is_named(
    plan: Plan, array: str, field: str, value: int, named: str
) -> None:
    from sim.plan.checked import OutOfRangeError

    assert len(run(plan, 1, 1).visits.step) > 100
    with pytest.raises(OutOfRangeError, match=f"index {value} of `{named}`, which has .* rows"):
        run(with_fault(plan, array, field, value), 1, 1)


def test_an_array_shorter_than_it_is_said_to_be_is_named(plan: Plan) -> None:
    """As when the loop believes in more room than `grow` has made."""
    from sim.plan.checked import OutOfRangeError
    from sim.plan.demand import draw_candidates

    people = draw_population(plan, 1)
    m = new_machine(plan, people, draw_candidates(plan, people, 1, 1))
    m["visit_queued"] = np.empty(20)
    loop.begin(m.table)
    with pytest.raises(OutOfRangeError, match="index 20 of `visit_queued`, which has 20 rows"):
        loop.run(m.table, engine.EVENTS)


def test_machine_code_of_the_two_builds_is_kept_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    folder, here = _cache_folder(), _source_hash()
    assert folder is not None and folder.name == here
    monkeypatch.setenv("URGENTFLOW_CHECKED", "0")
    assert _source_hash() != here
