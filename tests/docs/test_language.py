"""The language reference is the one the classes give, and what it shows is right."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sim.scenario import load
from sim.scenario.check import check
from sim.scenario.explain.definitions import definitions
from sim.scenario.explain.reference import PLAIN, SUBJECTS, markdown
from sim.scenario.explain.reference_text import EXAMPLE, NOTES, example
from sim.scenario.language.model import Scenario

PAGE = Path(__file__).parents[2] / "docs" / "language.md"


def test_the_page_in_the_docs_is_the_one_the_classes_give() -> None:
    """If not: python docs/generate.py."""
    assert PAGE.read_text(encoding="utf-8") == markdown()


def test_every_kind_of_value_is_explained_once() -> None:
    assert sorted(name for names in SUBJECTS.values() for name in names) == sorted(definitions())


def test_every_link_within_the_page_leads_somewhere() -> None:
    page = markdown()
    places = set(re.findall(r'id="([^"]+)"', page))
    assert set(re.findall(r"\(#([^)]+)\)", page)) <= places


def test_every_field_says_what_it_is_for() -> None:
    empty = [line for line in markdown().splitlines() if re.match(r"\| `.*\|\s*\|$", line)]
    assert empty == []


def test_every_section_has_an_example_and_notes_are_of_sections() -> None:
    sections = set(Scenario.model_fields) - {*PLAIN} | {"title"}
    assert set(EXAMPLE) == sections
    assert set(NOTES) <= sections


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    file = tmp_path / "example.yaml"
    file.write_text(example(), encoding="utf-8")
    return file


def test_the_examples_are_one_scenario_without_errors_or_warnings(whole: Path) -> None:
    report = check(load(whole))
    assert report.ok
    assert list(report.warnings) == []


def test_the_example_runs_and_its_people_do_what_it_shows(whole: Path) -> None:
    import sim

    results = sim.run(sim.load(whole), replications=1, workers=1)
    visits = results.measures.query("measure == 'step_visits' and by == ''")
    assert set(visits.query("value > 0")["of"]) == set(results.plan.steps)
