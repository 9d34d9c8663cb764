"""Relative changes: so many times, or so much more than, what a file below says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sim.scenario import Loaded, ScenarioError, load
from sim.scenario.explain.difference import differences
from sim.scenario.explain.unsourced import provenance
from tests.scenario.small import clinic

BASE = """
people: {number: 1000, attributes: {age: {shares: {old: 0.25, young: rest}}}}
calendars: {evening: mon-fri 18:00-22:00}
resources:
  nurses: {capacity: 4}
  beds: {capacity: {mon-fri 08:00-18:00: 10, sat 08:00-12:00: 4, other: 0}}
programmes: {team: {coverage: {2024-04-01: 0, 2024-04-10: 40 %}}}
pathway:
  triage:
    seize: nurses
    priority: {by: age, old: 1, young: 3}
    delay: {by: age, old: {lognormal: {mean: 40 min, sd: 20 min}}, young: 1 h 30 min}
    route: {by: age, old: {home: 0.2, ward: 0.3, died: rest}, young: home}
  ward: {seize: beds, delay: {empirical: {values: [1 day, 3 days], weights: [3, 1]}}, route: bus}
  bus: {delay: {until: 10:00, then: 30 min}, route: home}
outcomes: {home: At home, died: Died}
"""


def changed(folder: Path, *options: str, **overrides: Any) -> Loaded:
    """The clinic with options that consist of these changes."""
    clinic(folder, BASE)
    files = []
    for number, text in enumerate(options):
        file = folder / f"option{number}.yaml"
        file.write_text(f"title: Option {number}\nrationale: why\n{text}\n", encoding="utf-8")
        files.append(file)
    return load(folder / "clinic.yaml", files, **overrides)


def tree(folder: Path, *options: str, path: str, **overrides: Any) -> Any:
    found: Any = changed(folder, *options, **overrides).tree
    for part in path.split("."):
        found = found[part]
    return found


@pytest.mark.parametrize(
    ("path", "change", "right"),
    [
        ("resources.nurses.capacity", "{add: 4}", 8),
        ("resources.nurses.capacity", "{add: -4}", 0),
        ("resources.nurses.capacity", "{times: 1.25}", 5),
        ("resources.nurses.capacity", "{times: 1.5, add: 1}", 7),
        (
            "resources.beds.capacity",
            "{add: 2}",  # a ward that is closed stays closed
            {"mon-fri 08:00-18:00": 12, "sat 08:00-12:00": 6, "other": 0},
        ),
        (
            "resources.beds.capacity",
            "{sat 08:00-12:00: {times: 0.5}}",
            {"mon-fri 08:00-18:00": 10, "sat 08:00-12:00": 2, "other": 0},
        ),
        ("programmes.team.coverage", "{add: 5 %}", {"2024-04-01": 0, "2024-04-10": "45 %"}),
        ("pathway.triage.priority", "{add: 1}", {"by": "age", "old": 2, "young": 4}),
        (
            "pathway.triage.delay",
            "{times: 1.5}",
            {
                "by": "age",
                "old": {"lognormal": {"mean": "60 min", "sd": "30 min"}},
                "young": "135 min",
            },
        ),
        (
            "pathway.triage.delay",
            "{by: age, young: {add: -10 min}}",
            {
                "by": "age",
                "old": {"lognormal": {"mean": "40 min", "sd": "20 min"}},
                "young": "80 min",
            },
        ),
        ("pathway.bus.delay", "{times: 2}", {"until": "10:00", "then": "60 min"}),
        (
            "pathway.ward.delay",
            "{add: 12 h}",
            {"empirical": {"values": ["1.5 day", "3.5 days"], "weights": [3, 1]}},
        ),
        (
            "pathway.ward.delay",
            "{by: evening, yes: {times: 2}}",
            {
                "by": "evening",
                "yes": {"empirical": {"values": ["2 day", "6 days"], "weights": [3, 1]}},
                "other": {"empirical": {"values": ["1 day", "3 days"], "weights": [3, 1]}},
            },
        ),
        (
            "pathway.triage.route",
            "{by: age, old: {home: {add: 0.3}}}",  # 0.8 shared by the others become 0.5
            {"by": "age", "old": {"home": 0.5, "ward": 0.1875, "died": "rest"}, "young": "home"},
        ),
        (
            "pathway.triage.route",
            "{by: age, young: {ward: {add: 10 %}}}",  # a way there was not
            {
                "by": "age",
                "old": {"home": 0.2, "ward": 0.3, "died": "rest"},
                "young": {"home": 0.9, "ward": "10 %"},
            },
        ),
        (
            "pathway.triage.route",
            "{by: age, old: {died: {times: 0.5}}}",  # the rest, halved
            {"by": "age", "old": {"home": 0.3, "ward": 0.45, "died": 0.25}, "young": "home"},
        ),
    ],
)
def test_a_change_gives_the_value_one_would_have_written(
    tmp_path: Path, path: str, change: str, right: Any
) -> None:
    text = change
    for part in reversed(path.split(".")):
        text = f"{{{part}: {text}}}"
    assert tree(tmp_path, text[1:-1], path=path) == right


def test_changes_of_several_options_stack_in_their_order(tmp_path: Path) -> None:
    more = "resources: {nurses: {capacity: {add: 1}}}"
    twice = "resources: {nurses: {capacity: {times: 2}}}"
    assert tree(tmp_path, more, twice, path="resources.nurses.capacity") == 10
    assert tree(tmp_path, twice, more, path="resources.nurses.capacity") == 9


def test_a_scenario_that_extends_another_may_change_it_relatively(tmp_path: Path) -> None:
    clinic(tmp_path, BASE)
    text = "title: More\nextends: clinic.yaml\nresources: {nurses: {capacity: {add: 1}}}\n"
    (tmp_path / "more.yaml").write_text(text)
    assert load(tmp_path / "more.yaml").model.resources["nurses"].capacity == 5


def test_a_dated_capacity_is_relative_to_what_holds_before_its_date(tmp_path: Path) -> None:
    first = "resources: {nurses: {changes: {2024-04-08: {add: 2}}}}"
    later = "resources: {nurses: {changes: {2024-04-15: {times: 2}}}}"
    found = tree(tmp_path, first, later, path="resources.nurses.changes")
    assert found == {"2024-04-08": 6, "2024-04-15": 12}


def test_what_changes_comes_from_the_line_of_the_change(tmp_path: Path) -> None:
    loaded = changed(tmp_path, "pathway:\n  triage:\n    delay: {by: age, old: {times: 2}}")
    delay = ("pathway", "triage", "delay")
    mean = (*delay, "old", "lognormal", "mean")
    assert loaded.origins[mean] == (str(tmp_path / "option0.yaml"), 5)
    assert loaded.origins[(*delay, "young")][0] == str(tmp_path / "clinic.yaml")
    why = {one.field: one.file for one in provenance(loaded).unsourced}
    assert why["pathway.triage.delay"] == str(tmp_path / "option0.yaml")


def test_the_difference_says_what_a_change_came_to(tmp_path: Path) -> None:
    after = changed(tmp_path, "resources: {nurses: {capacity: {times: 1.5}}}")
    before = load(tmp_path / "clinic.yaml")
    assert differences(before, after) == [
        "Option 0:",
        "  Resource nurses: capacity changed from 4 to 6",
    ]


def test_a_value_given_on_the_outside_may_be_a_change(tmp_path: Path) -> None:
    overrides = {
        "resources.nurses.capacity": {"add": 1},
        "pathway.triage.delay.young": {"times": 2},
        "pathway.triage.route.old.home": {"add": 0.3},
    }
    model = changed(tmp_path, overrides=overrides).model
    assert model.resources["nurses"].capacity == 5
    route = model.pathway["triage"].route
    assert route.cells["old"] == pytest.approx({"home": 0.5, "ward": 0.1875, "died": 0.3125})
    assert model.pathway["triage"].delay.cells["young"].parameters == (180.0,)


@pytest.mark.parametrize(
    "text",
    [
        "resources: {nurses: {capacity: {times: 1.1}}}",  # 4.4 nurses
        "resources: {nurses: {capacity: {add: -5}}}",
        "resources: {nurses: {capacity: {add: 1 h}}}",
        "pathway: {triage: {route: {ward: {add: 0.8}}}}",  # 1.1 of the old
        "pathway: {triage: {delay: {add: 5 min}}}",  # a lognormal has no place for it
        "pathway: {triage: {delay: {by: age, oldest: {times: 2}}}}",
        "resources: {nurses: {turnaround: {times: 2}}}",
    ],
)
def test_a_change_that_cannot_be_made_is_refused_where_it_stands(tmp_path: Path, text: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        changed(tmp_path, text)
    (problem,) = refused.value.problems
    assert problem.file == str(tmp_path / "option0.yaml") and problem.line == 3


def test_a_step_may_still_be_called_add(tmp_path: Path) -> None:
    """What the old language says keeps its meaning: a lone `{add: 1}` of a route is a share."""
    loaded = clinic(
        tmp_path,
        """
        pathway:
          triage: {seize: nurses, delay: 20 min, route: {add: 1}}
          add: {delay: 1 min, route: home}
        """,
    )
    assert loaded.model.pathway["triage"].route == {"add": 1.0}


@pytest.mark.parametrize("change", [{"times": 0.9}, {"value": {"times": 0.9}}])
def test_a_parameter_is_changed_in_its_short_and_in_its_long_form(
    change: dict[str, Any], tmp_path: Path
) -> None:
    below = clinic(tmp_path, "parameters: {share: {value: 0.5, title: Share}}").files[0]
    option = tmp_path / "option.yaml"
    option.write_text(json.dumps({"parameters": {"share": change}}), encoding="utf-8")
    overridden = load(below, overrides={"parameters.share": change})
    for loaded in (load(below, [option]), overridden):
        share = loaded.model.parameters["share"]
        assert (share.value.value, share.title) == (0.45, "Share")
