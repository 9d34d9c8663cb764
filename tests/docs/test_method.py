"""Details that `docs/method.md` states, in small scenarios that show them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sim.engine import run
from sim.engine.logs import Logs
from sim.plan.compile import compile_plan
from sim.plan.plan import Plan
from sim.scenario import load

Simulate = Callable[[str], tuple[Plan, Logs]]

HEAD = """\
title: A detail
run: {start: 2024-04-01, duration: 28 days}
people: {number: 20000}
"""


@pytest.fixture
def simulate(tmp_path: Path) -> Simulate:
    """A function that runs a scenario given without its head."""

    def simulated(body: str) -> tuple[Plan, Logs]:
        file = tmp_path / "detail.yaml"
        file.write_text(HEAD + body, encoding="utf-8")
        plan = compile_plan(load(file).model)
        return plan, run(plan, 1, 1)

    return simulated


def test_branches_are_outcomes_from_last_to_first_then_steps(simulate: Simulate) -> None:
    plan, _ = simulate(
        "crises: {need: {rate: 1, first: start}}\n"
        "pathway:\n"
        "  start: {route: {d_step: 0.1, a_end: 0.2, z_end: 0.3, b_step: rest}}\n"
        "  b_step: {route: a_end}\n"
        "  d_step: {route: z_end}\n"
        "outcomes: {a_end: A, z_end: Z}\n"
    )
    world = plan.world
    first = world.cells[world.tables[world.steps[plan.steps.index("start")]["route"]]["first_cell"]]
    branches = world.branches[world.choices[first] :][:4]
    names = [
        plan.steps[target] if target >= 0 else plan.outcomes[-target - 1]
        for target in branches["target"].tolist()
    ]
    assert names == ["z_end", "a_end", "b_step", "d_step"]


def test_a_resource_without_units_counts_as_full(simulate: Simulate) -> None:
    plan, logs = simulate(
        "crises: {need: {rate: 1000, first: {by: full, yes: elsewhere, no: visit}}}\n"
        "signals: {full: {occupancy: beds, at_least: 100 %}}\n"
        "resources: {beds: {capacity: {mon-sun 00:00-12:00: 100, other: 0}}}\n"
        "pathway:\n"
        "  visit: {seize: beds, delay: 1 min, route: done}\n"
        "  elsewhere: {route: done}\n"
    )
    morning = logs.visits.queued % 1440 < 720
    assert set(logs.visits.step[morning].tolist()) == {plan.steps.index("visit")}
    assert set(logs.visits.step[~morning].tolist()) == {plan.steps.index("elsewhere")}


def test_dated_coverage_is_nothing_before_its_first_date(simulate: Simulate) -> None:
    plan, logs = simulate(
        "programmes: {team: {coverage: {2024-04-15: 60 %, 2024-04-22: 80 %}}}\n"
        "crises: {need: {rate: 1000, first: visit}}\n"
        "pathway: {visit: {delay: 1 min, route: done}}\n"
    )
    covered = logs.episodes.levels[:, plan.attributes.index("team")] == 1
    day = logs.episodes.onset // 1440
    assert not covered[day < 14].any()
    assert 0.6 < covered[(day >= 14) & (day < 21)].mean() < 0.8
    assert covered[day >= 21].mean() == pytest.approx(0.8, abs=0.05)


STEP = (
    "crises: {need: {rate: 1000, first: NAME}}\n"
    "pathway: {NAME: {delay: {exponential: {mean: 1 h}}, route: done EXTRA}}\n"
)


def test_a_renamed_step_has_other_luck_unless_it_draws_as_the_old_one(simulate: Simulate) -> None:
    def ends(name: str, extra: str = "") -> list[float]:
        _, logs = simulate(STEP.replace("NAME", name).replace(" EXTRA", extra))
        ended: list[float] = logs.visits.ended.tolist()
        return ended

    old = ends("visit")
    assert ends("consultation") != old
    assert str(ends("consultation", ", draws_as: visit")) == str(old)


def test_a_case_comes_whatever_the_relative_rates_and_takes_a_real_unit(simulate: Simulate) -> None:
    plan, logs = simulate(
        "crises: {need: {rate: 1000, relative_rates: {none: 0}, first: visit}}\n"
        "resources: {nurse: {capacity: 1}}\n"
        "pathway: {visit: {seize: nurse, delay: 1 h, route: done}}\n"
        "cases: {mrs_b: {crisis: need, at: 2024-04-02 09:30}}\n"
    )
    assert logs.episodes.onset.tolist() == [1440 + 570]
    assert logs.episodes.case.tolist() == [0]
    assert logs.episodes.person.tolist() == [plan.people.number]
    assert len(logs.holds.seized) == 1
