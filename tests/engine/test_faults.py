"""Faults put into one engine on purpose: the comparison of the engines notices each of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from sim.engine import run
from sim.engine.logs import Logs
from sim.engine.order import Kind
from sim.engine.reference.clock import Clock
from sim.engine.reference.engine import Engine
from sim.engine.reference.patient import Held, Kept, Patient
from sim.plan.compile import compile_plan
from sim.plan.plan import Plan
from sim.scenario import load
from tests.engine.logs_equal import differences
from tests.generator.scenarios import scenario

Patch = pytest.MonkeyPatch

#: invented scenarios that are run with each fault until one shows it
COUNT = 60


@pytest.fixture(scope="module")
def right(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], tuple[Plan, int, Logs]]:
    """An invented scenario, and what the compiled engine makes of it."""
    folder = tmp_path_factory.mktemp("invented")

    @cache
    def compiled(number: int) -> tuple[Plan, int, Logs]:
        model = load(scenario(number).write(folder)).model
        plan = compile_plan(model)
        return plan, model.run.seed, run(plan, model.run.seed, 1, engine="compiled")

    return compiled


def swap_a_tie(patch: Patch) -> None:
    """Patience that runs out at the instant a unit is freed is lost before the unit is given."""
    at = Clock.at

    def swapped(self: Clock, time: float, kind: Kind, *rest: Any) -> Any:
        other = {Kind.END: Kind.PATIENCE, Kind.PATIENCE: Kind.END}.get(kind, kind)
        return at(self, time, other, *rest)

    patch.setattr(Clock, "at", swapped)


def drop_a_turnaround(patch: Patch) -> None:
    """A unit can be had again at once."""
    give_back = Engine.give_back

    def dropped(self: Engine, patient: Patient, held: Held) -> None:
        resource = self.world.resources[held.resource]
        self.world.resources[held.resource] = resource._replace(turnaround=-1)
        give_back(self, patient, held)
        self.world.resources[held.resource] = resource

    patch.setattr(Engine, "give_back", dropped)


def release_early(patch: Patch) -> None:
    """A unit kept until the next step has started is given back when its own step ends."""
    finish = Engine.finish

    def early(self: Engine, patient: Patient) -> int:
        step = finish(self, patient)
        for held in [h for h in patient.held if h.kept == Kept.NEXT]:
            self.give_back(patient, held)
        self.serve()
        return step

    patch.setattr(Engine, "finish", early)


def forget_a_capacity_change(patch: Patch) -> None:
    """Who waits is not served when capacity rises, only when somebody leaves."""
    serve, change = Engine.serve, Engine.change_capacity

    def asleep(self: Engine, resource: int) -> Any:
        process = change(self, resource)
        for moment in process:
            yield moment
            self.freed.clear()

    def served(self: Engine) -> None:
        if self.clock.active_process_generator_name != "asleep":  # type: ignore[attr-defined]
            serve(self)

    patch.setattr(Engine, "change_capacity", asleep)
    patch.setattr(
        Clock,
        "active_process_generator_name",
        property(lambda clock: getattr(clock.active_process, "name", "")),
        raising=False,
    )
    patch.setattr(Engine, "serve", served)


def leak_a_unit_on_reneging(patch: Patch) -> None:
    """Who reneges is still counted as waiting."""
    renege = Engine.renege

    def leaked(self: Engine, patient: Patient, visit: int) -> None:
        if patient.waiting and patient.visit == visit:
            self.world.standings[self.steps[patient.step].seize].waiting += 1
        renege(self, patient, visit)

    patch.setattr(Engine, "renege", leaked)


@pytest.mark.parametrize(
    "fault",
    [
        swap_a_tie,
        drop_a_turnaround,
        release_early,
        forget_a_capacity_change,
        leak_a_unit_on_reneging,
    ],
    ids=lambda fault: fault.__name__,
)
def test_a_fault_in_one_engine_is_noticed(
    fault: Callable[[Patch], None],
    right: Callable[[int], tuple[Plan, int, Logs]],
    monkeypatch: Patch,
) -> None:
    """Some invented scenario has different logs once one engine is wrong."""
    fault(monkeypatch)
    for number in range(COUNT):
        plan, seed, logs = right(number)
        if differences(run(plan, seed, 1, engine="simpy"), logs):
            return
    pytest.fail("no invented scenario noticed the fault")
