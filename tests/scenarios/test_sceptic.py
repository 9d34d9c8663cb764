"""Claims a sceptic would ask for: nothing is gained by losing people, and staff make effects.

A part of `experiments/sceptic/matrix.py`, on twelve weeks of one replication; `docs/sceptic.md` has
the whole of it on years.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import cache
from types import ModuleType

import pytest

from sim.engine import run
from sim.plan.compile import compile_plan
from sim.scenario.language.model import Scenario
from tests.scenarios.world import BEFORE, ROOT, option, world

#: what one replication of twelve weeks may stray by luck, as a share of the world before
NOISE = 0.03


@cache
def sceptic() -> tuple[ModuleType, ModuleType]:
    """How worlds are changed, and what is counted."""
    folder = str(ROOT / "experiments" / "sceptic")
    sys.path.insert(0, folder)
    try:
        import outcomes
        import worlds
    finally:
        sys.path.remove(folder)
    return worlds, outcomes


def counted(model: Scenario) -> Mapping[str, float]:
    plan = compile_plan(model)
    found: Mapping[str, float] = sceptic()[1].outcomes(plan, model, run(plan, 1, 1, "compiled"))
    return found


@cache
def before() -> Mapping[str, float]:
    return counted(world(BEFORE)[0].model)


@cache
def scaled(resource: str, factor: float) -> Mapping[str, float]:
    return counted(sceptic()[0].scaled(world(BEFORE)[0].model, resource, factor))


@cache
def staffed(name: str, share: float) -> Mapping[str, float]:
    """The world with an option that has a share of its staff and places."""
    worlds, _ = sceptic()
    model, without = world(BEFORE, option(name))[0].model, world(BEFORE)[0].model
    (found,) = (each for each in worlds.OPTIONS if each.file == name)
    for resource in found.staff:
        model = worlds.between(model, without, resource, share)
    return counted(model)


WHAT_BINDS = ("ward_beds", "ae_doctors", "crews", "cubicles", "home_care", "gp_clinicians")


@pytest.mark.parametrize("resource", WHAT_BINDS)
def test_less_of_anything_saves_no_life_and_no_admission(resource: str) -> None:
    """Not even by driving people away: who is not admitted here is elsewhere, or has given up."""
    less, base = scaled(resource, 0.75), before()
    assert less["deaths"] >= base["deaths"] * (1 - NOISE)
    assert less["net"] >= base["net"] * (1 - NOISE)


@pytest.mark.parametrize("resource", ("ward_beds", "ae_doctors", "crews", "home_care"))
def test_more_of_anything_costs_no_life(resource: str) -> None:
    assert scaled(resource, 1.25)["deaths"] <= before()["deaths"] * (1 + NOISE)


def test_a_quarter_of_the_ward_beds_closed_costs_lives() -> None:
    less, base = scaled("ward_beds", 0.75), before()
    assert less["deaths"] > base["deaths"] * 1.02
    assert less["elsewhere"] > base["elsewhere"] + 500
    assert less["late_beds"] > 1.5 * base["late_beds"]


OPTIONS = (
    "in_reach_discharge",
    "ltc_teams",
    "paramedic_practitioners",
    "community_beds",
    "single_point_of_access",
)


@pytest.mark.parametrize("name", OPTIONS)
def test_an_option_without_its_staff_changes_nothing_at_all(name: str) -> None:
    """Not even who is admitted: whom nobody answers goes where they would have gone anyway."""
    assert staffed(name, 0.0) == before()


def test_half_the_in_reach_nurses_do_not_do_more_than_all() -> None:
    name = "in_reach_discharge"
    base, half, whole = before()["bed_days"], staffed(name, 0.5), staffed(name, 1.0)
    assert whole["bed_days"] < base
    assert base - half["bed_days"] <= (base - whole["bed_days"]) + 0.005 * base
