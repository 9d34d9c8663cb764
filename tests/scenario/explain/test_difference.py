"""Differences between scenarios, as sentences."""

from __future__ import annotations

from pathlib import Path

from sim.scenario import Loaded, load
from sim.scenario.explain.difference import differences
from tests.scenario.small import clinic

TEXT = """
people:
  number: 10000
  attributes: {age: {shares: {young: 0.7, old: 0.3}}}
crises:
  fall: {rate: {by: age, old: 100, young: 10}, first: triage}
pathway:
  triage: {seize: nurses, delay: 60 min, route: {home: 0.5, ward: 0.5}, tags: [seen]}
  ward: {seize: beds, delay: {lognormal: {mean: 5 days, sd: 7 days}}, route: home}
costs: {seeing: {tag: seen, each: 100}}
"""


def with_option(folder: Path, text: str, title: str = "Better", name: str = "better") -> Loaded:
    option = folder / f"{name}.yaml"
    option.write_text(f"title: {title}\nrationale: why not\n{text}\n", encoding="utf-8")
    return load(folder / "clinic.yaml", [option])


def said(folder: Path, text: str) -> list[str]:
    before = clinic(folder, TEXT)
    return differences(before, with_option(folder, text))


def test_a_scenario_does_not_differ_from_itself(tmp_path: Path) -> None:
    assert differences(clinic(tmp_path, TEXT), clinic(tmp_path, TEXT)) == []


def test_what_means_the_same_is_not_a_difference(tmp_path: Path) -> None:
    text = """
    resources: {beds: {capacity: 10}, nurses: {capacity: 4}}
    pathway: {triage: {delay: 1 h, route: {ward: 50 %, home: 50 %}}}
    """
    before = clinic(tmp_path, TEXT)
    assert differences(before, with_option(tmp_path, text.replace("\n    ", "\n"))) == []


def test_an_option_that_says_nothing_makes_no_difference(tmp_path: Path) -> None:
    assert said(tmp_path, "") == []


def test_a_changed_field_shows_both_values_under_the_title_of_its_option(tmp_path: Path) -> None:
    assert said(tmp_path, "resources: {nurses: {capacity: 6}}") == [
        "Better:",
        "  Resource nurses: capacity changed from 4 to 6",
    ]


def test_only_the_cells_of_a_table_that_differ_are_named(tmp_path: Path) -> None:
    text = "crises: {fall: {rate: {by: age, old: 80, other: 10}}}"
    assert said(tmp_path, text)[1:] == ["  Crisis fall: rate for age old changed from 100 to 80"]


def test_routes_and_distributions_read_as_words(tmp_path: Path) -> None:
    text = "pathway: {triage: {delay: {exponential: {mean: 1 h}}, route: {home: 0.6, ward: rest}}}"
    assert said(tmp_path, text)[1:] == [
        "  Step triage: delay changed from 60 min to exponential (mean 1 h)",
        "  Step triage: route changed from home 0.5, ward 0.5 to home 0.6, ward rest",
    ]


def test_a_thing_added_is_spelled_out(tmp_path: Path) -> None:
    text = "programmes: {team: {eligible: {age: [old]}, coverage: 60 %, caseload: 1200}}"
    assert said(tmp_path, text)[1:] == [
        "  Programme team added: eligible (age old), coverage 60 %, caseload 1200"
    ]


def test_a_thing_with_a_title_is_introduced_by_it(tmp_path: Path) -> None:
    text = "resources: {porters: {title: Porters by day, capacity: {mon-sun 08:00-20:00: 2}}}"
    assert said(tmp_path, text)[1:] == [
        "  Resource porters (Porters by day) added: capacity (mon-sun 08:00-20:00: 2)"
    ]


def test_what_an_option_removes_is_listed_under_it(tmp_path: Path) -> None:
    text = "pathway: {triage: {route: home}, ward: null}\ncosts: {seeing: null}"
    assert said(tmp_path, text) == [
        "Better:",
        "  Step triage: route changed from home 0.5, ward 0.5 to home",
        "  Step ward removed",
        "  Cost seeing removed",
    ]


def test_fields_inside_profiles_and_relative_rates_are_compared_one_by_one(tmp_path: Path) -> None:
    before = clinic(tmp_path, TEXT)
    first = "crises: {fall: {relative_rates: {a: 2, b: 3}, profile: {growth: 0.1}}}"
    second = "crises: {fall: {relative_rates: {a: 2, b: 4}, profile: {growth: 0.2}}}"
    found = differences(
        with_option(tmp_path, first, name="one"), with_option(tmp_path, second, name="two")
    )
    assert "  Crisis fall: relative rate b changed from 3 to 4" in found
    assert "  Crisis fall: profile growth changed from 0.1 to 0.2" in found
    assert len(differences(before, before)) == 0


def test_going_back_says_which_option_no_longer_applies(tmp_path: Path) -> None:
    before = clinic(tmp_path, TEXT)
    after = with_option(tmp_path, "resources: {nurses: {capacity: 6}}\ncosts: {seeing: null}")
    assert differences(after, before) == [
        "No longer Better:",
        "  Resource nurses: capacity changed from 6 to 4",
        "  Cost seeing added: tag seen, each 100",
    ]


def test_two_files_without_options_differ_without_headings(tmp_path: Path) -> None:
    one = clinic(tmp_path, TEXT)
    two = clinic(tmp_path, TEXT.replace("delay: 60 min", "delay: 50 min"), name="other.yaml")
    assert differences(one, two) == ["Step triage: delay changed from 60 min to 50 min"]


def test_sources_are_counted_not_quoted(tmp_path: Path) -> None:
    text = 'sources: {resources.nurses: "assumed: a guess", resources.beds: "assumed: another"}'
    assert said(tmp_path, text) == ["Better:", "  Sources: 2 added"]


def test_a_large_table_is_summed_up(tmp_path: Path) -> None:
    hours = ", ".join(str(hour) for hour in range(24))
    text = f"crises: {{fall: {{profile: {{hour: [{hours}]}}}}}}"
    assert said(tmp_path, text)[1:] == ["  Crisis fall: profile added: hour 24 values from 0 to 23"]


def test_a_wait_until_something_opens_is_said_in_words(tmp_path: Path) -> None:
    text = "pathway: {triage: {delay: {until: 10:00, then: 30 min}}}"
    assert said(tmp_path, text) == [
        "Better:",
        "  Step triage: delay changed from 60 min to until 10:00, then 30 min",
    ]
