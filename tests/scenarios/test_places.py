"""Claims about the places of other strategy documents: they load, are sourced, and nothing is free.

What each place shows is on its page, with claims that are checked when the page is written
(`experiments/places`); here is what can be seen without running it.
"""

from __future__ import annotations

import re
import sys
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType, SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from ruamel.yaml import YAML

from sim.experiment.language.reading import read_experiment
from sim.plan.compile import compile_plan
from sim.scenario import load
from sim.scenario.check import check
from tests.scenarios.world import ROOT, SCENARIOS

PLACES = sorted(path.stem for path in (ROOT / "experiments" / "places").glob("*.md"))

#: what everybody who lives there needs to read
LONGEST = 200


def options(place: str, folder: str = "options") -> list[Path]:
    return sorted((SCENARIOS / place / folder).glob("*.yaml"))


@cache
def program(name: str) -> ModuleType:
    """A program beside the templates of the pages."""
    folder = str(ROOT / "experiments" / "places")
    sys.path.insert(0, folder)
    try:
        return import_module(name)
    finally:
        sys.path.remove(folder)


def page() -> ModuleType:
    """The program that writes the pages."""
    return program("page")


@pytest.mark.parametrize("place", PLACES)
def test_a_place_checks_clean_with_every_number_sourced(place: str) -> None:
    """But for single pools that are too small or busy: needs that are unequal are the subject."""
    report = check(load(SCENARIOS / place / "before.yaml"))
    assert not report.problems
    assert all("[" in warning.what for warning in report.warnings)
    assert not report.provenance.unsourced


@pytest.mark.parametrize("file", [file for place in PLACES for file in options(place)], ids=str)
def test_an_option_of_a_place_says_why_and_what_it_means_to_do(file: Path) -> None:
    (applied,) = load(file.parents[1] / "before.yaml", [file]).applied
    assert len(applied.rationale) > 80
    assert applied.intends


@pytest.mark.parametrize("place", PLACES)
def test_what_is_special_about_a_place_is_soon_read(place: str) -> None:
    for file in (SCENARIOS / place).rglob("*.yaml"):
        assert len(file.read_text("utf-8").splitlines()) <= LONGEST, file


@pytest.mark.parametrize("place", PLACES)
def test_the_worlds_of_a_page_can_be_loaded(place: str) -> None:
    asked = page().read(place)
    for world in asked.worlds.values():
        assert page().loaded(place, world, days=7).model.run.duration == 7 * 1440
    named = {
        option.split("/")[1]
        for world in asked.worlds.values()
        for option in world.get("options", ())
    }
    assert {file.stem for file in options(place)} <= named


@pytest.mark.parametrize("place", PLACES)
def test_a_page_says_what_its_template_says(place: str) -> None:
    """Words and tables, whatever the numbers; if not: python docs/generate.py places."""
    written = " ".join((ROOT / "docs" / "places" / f"{place}.md").read_text("utf-8").split())
    words = page().read(place).text.lstrip().partition("\n")[2]  # a note follows the heading
    at = 0
    for part in re.split(r"\[\[.+?\]\]", words, flags=re.DOTALL):
        at = written.find(said := " ".join(part.split()), at)
        assert at >= 0, said


GALLERY = (SCENARIOS / "README.md").read_text("utf-8")


@pytest.mark.parametrize(
    "folder", sorted(SCENARIOS.glob("*/before.yaml")), ids=lambda file: file.parent.name
)
def test_the_gallery_shows_every_place(folder: Path) -> None:
    assert f"({folder.parent.name}/before.yaml)" in GALLERY


@pytest.mark.parametrize("place", PLACES)
def test_a_picture_is_of_numbers_on_the_page(place: str) -> None:
    rows = page().bars(place, page().read(place).picture["column"])
    assert len(rows) >= 5 and len({row.value for row in rows}) > 1
    assert f"../docs/places/{place}.png" in GALLERY


@pytest.mark.parametrize(
    "file", sorted((ROOT / "experiments").glob("*.yaml")), ids=lambda file: file.stem
)
def test_an_experiment_names_files_that_exist(file: Path) -> None:
    assert read_experiment(file).asked


@cache
def clinicians(option: str = "") -> dict[str, np.ndarray]:
    """Clinicians of Southwark in every half hour of a week, by practice or locality."""
    folder = SCENARIOS / "southwark"
    chosen = [folder / "options" / f"{option}.yaml"] if option else []
    plan = compile_plan(load(folder / "before.yaml", chosen, {"people.number": "200"}).model)
    half_hours = 30.0 * np.arange(7 * 48)
    found = {}
    for pool, name in enumerate(plan.resources):
        if name.startswith("gp_clinicians["):
            at = np.searchsorted(plan.capacity_times[pool], half_hours, side="right") - 1
            found[name[len("gp_clinicians[") : -1]] = plan.capacity_values[pool][at]
    return found


@pytest.mark.parametrize(
    ("apart", "shared"), [("", "pool_in_localities"), ("monday", "pool_and_monday")]
)
def test_sharing_a_list_adds_nobody_at_any_hour(apart: str, shared: str) -> None:
    practices, localities = clinicians(apart), clinicians(shared)
    assert len(practices) == 40 and len(localities) == 4
    for locality, there in localities.items():
        own = [units for name, units in practices.items() if name[0] == locality[0]]
        assert len(own) == 10
        assert (sum(own) == there).all(), locality


def test_no_practice_works_more_hours_for_having_more_on_mondays() -> None:
    before, after = clinicians(), clinicians("monday")
    assert {name: int(units.sum()) for name, units in before.items()} == {
        name: int(units.sum()) for name, units in after.items()
    }
    monday = [int(sum(units[:48].sum() for units in each.values())) for each in (before, after)]
    assert monday[1] > 1.1 * monday[0]


@pytest.mark.parametrize(
    ("option", "shared"),
    [
        ("shared_lists", ["gp_clinicians"]),
        ("one_care_office", ["home_care", "community_beds"]),
        ("hospitals_share_wards", ["ward_beds"]),
    ],
)
def test_sharing_among_boroughs_and_hospitals_adds_nothing(option: str, shared: list[str]) -> None:
    folder = SCENARIOS / "south_east_london"
    chosen = [folder / "options" / f"{option}.yaml"]
    few = {"people.number": "200"}
    before = compile_plan(load(folder / "before.yaml", [], few).model)
    after = compile_plan(load(folder / "before.yaml", chosen, few).model)
    for name in shared:
        hours = [program("digests").hours_a_week(plan, name, 0) for plan in (before, after)]
        assert hours[0] == hours[1] > 0, name


def test_each_of_the_five_years_has_more_people_and_more_of_them_very_old() -> None:
    folder = SCENARIOS / "south_east_london"
    files = [folder / "people.yaml", *options(folder.name, "years")]
    years = [YAML(typ="safe").load(file)["people"] for file in files]
    people = [year["number"] for year in years]
    assert len(people) == 6 and people == sorted(set(people))
    for borough in ("Bexley", "Lambeth"):
        old = []
        for year in years:
            boroughs, ages = (year["attributes"][name]["shares"] for name in ("locality", "age"))
            old.append(year["number"] * boroughs[borough] * ages[borough]["85+"])
        assert old == sorted(set(old)), borough


def test_gaps_are_between_two_levels_in_each_world() -> None:
    def world(rich: float, poor: float) -> SimpleNamespace:
        rows = [("3", "deprivation", "5", rich), ("3", "deprivation", "1", poor)]
        frame = pd.DataFrame(rows, columns=["replication", "by", "level", "value"])
        return SimpleNamespace(measures=frame.assign(measure="ae_time_mean", of=""), digests=[{}])

    numbers = program("numbers_of").Numbers(
        {"before": world(100.0, 150.0), "after": world(100.0, 120.0)}
    )
    said = "[[gaps before after | deprivation=1 deprivation=5 | ae_time_mean]]"
    *_, row = program("numbers_of").filled(said, numbers).splitlines()
    assert row.split("|")[2:-1] == [" 150 ", " 100 ", " +50 ", " 1.50 ", " +20 ", " 1.20 "]
