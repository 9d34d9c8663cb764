"""The merge rule of `extends` and `options`, and overrides on top."""

from __future__ import annotations

import textwrap
from datetime import date
from pathlib import Path

import pytest

from sim.scenario import Loaded, ScenarioError, load
from sim.scenario.written.values import Distribution
from tests.scenario.small import clinic


def option(folder: Path, text: str, name: str = "option.yaml") -> Path:
    path = folder / name
    path.write_text(textwrap.dedent(text), encoding="utf-8")
    return path


def with_option(folder: Path, base: str, change: str) -> Loaded:
    file = option(folder, change)
    return clinic(folder, base, options=[file])


def problem_of(folder: Path, base: str, change: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        with_option(folder, base, change)
    (problem,) = caught.value.problems
    return str(problem)


def test_a_named_things_fields_are_replaced_one_by_one(tmp_path: Path) -> None:
    loaded = with_option(
        tmp_path,
        "resources: {nurses: {capacity: 4, queue_limit: 9}}\n"
        "pathway: {triage: {seize: nurses, balk_to: home, delay: 20 min, route: home}}",
        "resources: {nurses: {capacity: 5}}",
    )
    assert loaded.model.resources["nurses"].capacity == 5
    assert loaded.model.resources["nurses"].queue_limit == 9


def test_a_route_is_replaced_whole(tmp_path: Path) -> None:
    loaded = with_option(
        tmp_path,
        "pathway: {triage: {delay: 20 min, route: {home: .9, died: .1}}}\n"
        "outcomes: {home: At home, died: Died}",
        "pathway: {triage: {route: {home: 1}}}",
    )
    assert loaded.model.pathway["triage"].route == {"home": 1.0}


def test_a_table_is_replaced_whole(tmp_path: Path) -> None:
    base = "people: {number: 9, attributes: {age: {shares: {old: .5, young: .5}}}}\n"
    base += "crises: {fall: {rate: {by: age, old: 3, young: 1}, first: triage}}"
    text = problem_of(tmp_path, base, "crises: {fall: {rate: {by: age, old: 4}}}")
    assert "no value for level `young` of `age`" in text


def test_relative_rates_and_attributes_of_a_crisis_merge_by_name(tmp_path: Path) -> None:
    loaded = with_option(
        tmp_path,
        "crises: {fall: {rate: 3, relative_rates: {a: 2}, first: triage,\n"
        "  attributes: {hurt: {shares: {yes: .5, no: .5}}}}}",
        "crises: {fall: {relative_rates: {b: 3}, attributes: {old: {shares: {yes: 1}}}}}",
    )
    crisis = loaded.model.crises["fall"]
    assert crisis.relative_rates == {"a": 2.0, "b": 3.0}
    assert set(crisis.attributes) == {"hurt", "old"}


def test_a_profile_is_replaced_field_by_field(tmp_path: Path) -> None:
    loaded = with_option(
        tmp_path,
        "crises: {fall: {rate: 3, profile: {growth: 2 %, day_to_day: .1}, first: triage}}",
        "crises: {fall: {profile: {growth: 3 %}}}",
    )
    profile = loaded.model.crises["fall"].profile
    assert (profile.growth, profile.day_to_day.own) == (0.03, 0.1)


def test_null_removes_a_thing_and_a_field(tmp_path: Path) -> None:
    loaded = with_option(
        tmp_path,
        "resources: {nurses: {capacity: 4, turnaround: 5 min}, beds: {capacity: 3}}",
        "resources: {nurses: {turnaround: null}, beds: null}",
    )
    assert list(loaded.model.resources) == ["nurses"]
    assert loaded.model.resources["nurses"].turnaround is None


def test_null_that_removes_nothing_is_an_error(tmp_path: Path) -> None:
    text = problem_of(tmp_path, "", "resources: {bed: null}")
    assert "option.yaml:1: resources.bed: there is no `bed` here to remove" in text
    assert "did you mean `beds`?" in text


def test_a_calendar_in_short_form_can_be_extended(tmp_path: Path) -> None:
    loaded = with_option(
        tmp_path,
        "calendars: {in_hours: mon-fri 08:00-18:30}",
        "calendars: {in_hours: {closed_on: [2024-12-25]}}",
    )
    calendar = loaded.model.calendars["in_hours"]
    assert len(calendar.open) == 5
    assert calendar.closed_on == (date(2024, 12, 25),)


def test_options_apply_in_order_and_are_recorded(tmp_path: Path) -> None:
    text = "title: One\nrationale: Why one\nresources: {beds: {capacity: 11}}"
    one = option(tmp_path, text, "1.yaml")
    two = option(tmp_path, "title: Two\nresources: {beds: {capacity: 12}}", "2.yaml")
    loaded = clinic(tmp_path, options=[one, two])
    assert loaded.model.resources["beds"].capacity == 12
    assert [(o.title, o.rationale) for o in loaded.applied] == [("One", "Why one"), ("Two", "")]
    assert loaded.origins[("resources", "beds", "capacity")] == (str(two), 2)
    assert loaded.model.title == "A walk-in clinic"


def test_a_file_extends_another_beside_it(tmp_path: Path) -> None:
    clinic(tmp_path)
    folder = tmp_path / "place"
    folder.mkdir()
    option(tmp_path, "title: More beds\nresources: {beds: {capacity: 20}}", "more.yaml")
    path = option(
        folder,
        """
        title: A place
        extends: ../clinic.yaml
        options: [../more.yaml]
        resources: {beds: {capacity: 15}, nurses: {capacity: 5}}
        """,
        "place.yaml",
    )
    loaded = load(path)
    assert loaded.model.title == "A place"
    assert loaded.model.resources["nurses"].capacity == 5
    assert loaded.model.resources["beds"].capacity == 20  # options come after the file itself
    assert [file.name for file in loaded.files] == ["place.yaml", "clinic.yaml", "more.yaml"]


def test_files_that_extend_each_other_are_refused(tmp_path: Path) -> None:
    option(tmp_path, "title: a\nextends: b.yaml\n", "a.yaml")
    option(tmp_path, "title: b\nextends: a.yaml\n", "b.yaml")
    with pytest.raises(ScenarioError) as caught:
        load(tmp_path / "a.yaml")
    (problem,) = caught.value.problems
    assert problem.what == "the files extend each other in a circle"
    assert problem.found == "a.yaml -> b.yaml -> a.yaml"
    assert problem.file.endswith("b.yaml")


def test_a_missing_base_is_reported_where_it_is_named(tmp_path: Path) -> None:
    clinic(tmp_path)
    path = option(tmp_path, "title: a\nextends: clinik.yaml\n", "a.yaml")
    with pytest.raises(ScenarioError) as caught:
        load(path)
    (problem,) = caught.value.problems
    assert (problem.line, problem.path) == (2, "extends")
    assert problem.what == "there is no such file"
    assert problem.nearest.endswith("clinic.yaml")


@pytest.mark.parametrize("key", ["extends: clinic.yaml", "options: [x.yaml]", "description: x"])
def test_an_option_only_changes_sections(tmp_path: Path, key: str) -> None:
    text = problem_of(tmp_path, "", f"title: x\n{key}\n")
    assert f"there is no section `{key.split(':')[0]}`" in text


def test_a_misspelt_thing_in_an_option_names_the_one_that_was_meant(tmp_path: Path) -> None:
    text = problem_of(tmp_path, "", "pathway: {triag: {delay: 5 min}}")
    assert "nothing below defines `triag`" in text
    assert "did you mean `triage`?" in text


def test_a_source_goes_with_the_value_an_option_removes(tmp_path: Path) -> None:
    loaded = with_option(
        tmp_path,
        """
        sources: {resources.beds: "assumed: a guess", run: "assumed: a year"}
        uncertainty: {resources.beds.capacity: {uniform: {low: 1, high: 2}}}
        """,
        "resources: {beds: null}",
    )
    assert loaded.model.sources == {"run": "assumed: a year"}
    assert loaded.model.uncertainty == {}


def test_overrides_come_last_and_reach_into_values(tmp_path: Path) -> None:
    loaded = clinic(
        tmp_path,
        "pathway: {triage: {delay: {lognormal: {mean: 9 min, sd: 5 min}}, route: home}}",
        overrides={
            "run.seed": 7,
            "run.start": "2024-05-01",
            "run.warm_up": "2 days",
            "resources.beds.capacity": "12",
            "pathway.triage.delay": {"exponential": {"mean": "3 min"}},
            "resources.nurses": None,
        },
    )
    assert loaded.model.run.seed == 7
    assert loaded.model.run.start == date(2024, 5, 1)
    assert loaded.model.run.warm_up == 2880
    assert loaded.model.resources["beds"].capacity == 12
    assert loaded.model.pathway["triage"].delay == Distribution("exponential", (3.0,))
    assert "nurses" not in loaded.model.resources


@pytest.mark.parametrize(
    ("path", "nearest"),
    [
        ("run.sed", "seed"),
        ("resources.bed.capacity", "beds"),
        ("resource.beds", "resources"),
        ("pathway.triage.delay.mean", ""),
        ("pathway.triage.dely", "delay"),
    ],
)
def test_an_override_of_nothing_is_an_error(tmp_path: Path, path: str, nearest: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        clinic(tmp_path, overrides={path: 1})
    (problem,) = caught.value.problems
    assert problem.nearest == nearest


def test_overrides_reach_fields_that_were_left_out(tmp_path: Path) -> None:
    values = {"crises.fall.profile.growth": 0.02, "crises.fall.relative_rates.sweep": 1.5}
    crisis = clinic(tmp_path, overrides=values).model.crises["fall"]
    assert crisis.profile.growth == 0.02
    assert crisis.relative_rates == {"sweep": 1.5}


def test_loading_twice_gives_the_same_tree_in_plain_types(tmp_path: Path) -> None:
    loaded = clinic(tmp_path)
    assert loaded.tree == clinic(tmp_path).tree
    assert type(loaded.tree["people"]["number"]) is int
