"""Parameters: one number that everything which uses it takes from one place."""

from __future__ import annotations

import copy
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from sim.engine import run
from sim.plan.compile import compile_plan
from sim.scenario import ScenarioError, load
from sim.scenario.check import check
from sim.scenario.explain.difference import differences
from sim.scenario.explain.unsourced import provenance
from sim.scenario.rules.correlations import positive_definite, possible
from sim.scenario.written.amounts import Amount, amount, written
from tests.engine.logs_equal import differences as logs_differ
from tests.generator.elsewhere import leaves
from tests.generator.scenarios import Invented, scenario
from tests.scenario.small import clinic

BASE = """
parameters:
  share: {title: Share seen at home, value: 0.3}
  stay: 20 min
  nurses: 2
  calls: 3 per h
crises: {fall: {rate: {parameter: calls}, first: triage}}
resources: {nurses: {capacity: {mon-fri 08:00-20:00: {parameter: nurses, times: 2}, other: 1}}}
pathway:
  triage:
    seize: nurses
    delay: {lognormal: {mean: {parameter: stay}, sd: {parameter: stay, times: 0.5, add: 1 min}}}
    route: {home: {parameter: share}, gone: {parameter: share, complement: true}}
outcomes: {home: At home, gone: Gone}
costs: {visit: {tag: seen, each: {parameter: nurses, times: 10}}}
sources: {parameters.share: "assumed: for the test"}
uncertainty: {parameters.share: {uniform: {low: 0.2, high: 0.4}}}
"""
TAGGED = BASE.replace("  triage:\n", "  triage:\n    tags: [seen]\n")


def test_a_value_from_a_parameter_is_that_of_the_parameter(tmp_path: Path) -> None:
    model = clinic(tmp_path, TAGGED).model
    step = model.pathway["triage"]
    assert step.route == {"home": 0.3, "gone": 0.7}
    assert model.crises["fall"].rate.per_minute == pytest.approx(3 / 60)  # type: ignore[union-attr]
    assert model.resources["nurses"].capacity.periods[0][1] == 4  # type: ignore[union-attr]
    assert model.costs["visit"].each == 20
    written_out = clinic(
        tmp_path,
        """
        pathway:
          triage: {seize: nurses, delay: {lognormal: {mean: 20 min, sd: 11 min}}, route: home}
        """,
        "other.yaml",
    )
    assert step.delay == written_out.model.pathway["triage"].delay


@pytest.mark.parametrize("change", ["0.5", "{add: 0.2}", "{value: 0.5}"])
def test_one_change_of_a_parameter_moves_everything_that_uses_it(
    tmp_path: Path, change: str
) -> None:
    clinic(tmp_path, TAGGED)
    option = tmp_path / "option.yaml"
    option.write_text(f"title: O\nrationale: why\nparameters: {{share: {change}}}\n")
    loaded = load(tmp_path / "clinic.yaml", option)
    assert loaded.model.pathway["triage"].route == {"home": 0.5, "gone": 0.5}
    assert loaded.model.parameters["share"].title == "Share seen at home"


@pytest.mark.parametrize("path", ["parameters.share", "parameters.share.value"])
@pytest.mark.parametrize("value", [0.5, {"add": 0.2}, "50 %"])
def test_a_parameter_may_be_given_on_the_outside(tmp_path: Path, path: str, value: Any) -> None:
    clinic(tmp_path, TAGGED)
    loaded = load(tmp_path / "clinic.yaml", overrides={path: value})
    assert loaded.model.pathway["triage"].route == {"home": 0.5, "gone": 0.5}


def test_a_change_of_a_value_from_a_parameter_keeps_the_parameter(tmp_path: Path) -> None:
    clinic(tmp_path, TAGGED)
    overrides = {
        "resources.nurses.capacity": {"add": 1},
        "parameters.nurses": 3,
        "pathway.triage.delay": {"times": 2},
    }
    model = load(tmp_path / "clinic.yaml", overrides=overrides).model
    assert model.resources["nurses"].capacity.periods[0][1] == 7  # type: ignore[union-attr]


def test_the_difference_names_a_parameter_once_and_says_what_uses_it(tmp_path: Path) -> None:
    before = clinic(tmp_path, TAGGED)
    after = load(tmp_path / "clinic.yaml", overrides={"parameters.share": 0.5})
    assert differences(before, after) == [
        "Parameter share (used by pathway.triage.route.home, pathway.triage.route.gone): "
        "value changed from 0.3 to 0.5"
    ]


def test_the_source_of_a_parameter_is_that_of_what_uses_it(tmp_path: Path) -> None:
    report = provenance(clinic(tmp_path, TAGGED))
    missing = {one.field for one in report.unsourced}
    assert report.counts["assumed"] == 1
    assert "parameters.stay.value" in missing and "parameters.share.value" not in missing
    assert "pathway.triage.route" not in missing


def test_a_parameter_that_nothing_uses_is_a_warning(tmp_path: Path) -> None:
    report = check(clinic(tmp_path, "parameters: {spare: 4}"))
    assert [(w.path, w.what) for w in report.warnings if w.path != "resources.beds"] == [
        ("parameters.spare", "nothing uses the parameter `spare`")
    ]


def test_names_that_look_like_a_reference_are_names_still(tmp_path: Path) -> None:
    loaded = clinic(
        tmp_path,
        """
        attributes: {parameter: {levels: [no, yes], initially: no}}
        pathway: {triage: {seize: nurses, delay: 1 min, set: {parameter: yes}, route: home}}
        """,
    )
    assert loaded.model.pathway["triage"].set == {"parameter": {"yes": 1.0}}


def _taken(tree: dict[str, Any]) -> dict[str, Any]:
    """The same scenario with every number of its steps taken from a parameter."""
    tree = copy.deepcopy(tree)
    tree.setdefault("parameters", {})
    for thing, name in list(leaves(tree["pathway"])):
        one = amount(thing[name])
        assert one is not None
        said = written(Amount(one.value / 2, one.kind, one.unit))
        key = f"taken{len(tree['parameters'])}"
        tree["parameters"][key] = said if isinstance(said, str) else float(said)
        thing[name] = {"parameter": key, "times": 2}
    return tree


@pytest.mark.parametrize("number", range(12))
def test_a_scenario_says_the_same_with_every_number_a_parameter(
    number: int, tmp_path: Path
) -> None:
    invented = scenario(number)
    plain = Invented(invented.tree, invented.strata)
    one = load(plain.write(tmp_path, "one.yaml")).model
    taken = Invented(_taken(invented.tree), invented.strata)
    other = load(taken.write(tmp_path, "other.yaml")).model
    assert one.pathway == other.pathway
    logs = [run(compile_plan(m), m.run.seed, 1) for m in (one, other)]
    assert logs_differ(*logs) == []


def test_correlations_are_checked_together(tmp_path: Path) -> None:
    assert possible({("a", "b"): 0.9, ("a", "c"): 0.9, ("b", "c"): 0.7})
    assert not possible({("a", "b"): 0.9, ("a", "c"): 0.9, ("b", "c"): -0.9})
    assert not possible({("a", "b"): 1.0})
    assert positive_definite([[2.0, 1.0], [1.0, 2.0]])
    assert not positive_definite([[1.0, 2.0], [2.0, 1.0]])
    with pytest.raises(ScenarioError, match="`stay` is certain"):
        clinic(tmp_path, TAGGED + "correlations: {share: {stay: 0.5}}\n")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("20 min", Fraction(20)),
        ("1 h 30 min", Fraction(90)),
        ("60 %", Fraction(3, 5)),
        ("45 per hour", Fraction(3, 4)),
        ("-10 min", Fraction(-10)),
        (0.2, Fraction(1, 5)),
    ],
)
def test_amounts_are_exact_and_written_as_they_were(text: Any, value: Fraction) -> None:
    one = amount(text)
    assert one is not None and one.value == value
    again = amount(written(one))
    assert again is not None and (again.value, again.kind) == (value, one.kind)


@pytest.mark.parametrize("text", ["soon", "", "rest", "20 m", True, None, "x min", "1e999 min"])
def test_what_is_no_amount_is_none(text: Any) -> None:
    assert amount(text) is None
