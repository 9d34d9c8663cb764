"""What `check` reports, and where it says it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.scenario import ScenarioError, load
from sim.scenario.check import check, errors, refuse_unrunnable
from tests.scenario.small import clinic

TWICE = """
pathway:
  triage: {seize: nurses, hold: true, delay: 20 min, route: treat}
  treat:
    delay: 20 min
    seize: nurses
    route: home
"""


def test_a_good_scenario_has_no_errors_and_says_what_it_found(tmp_path: Path) -> None:
    report = check(clinic(tmp_path))
    assert report.ok
    assert [row.resource for row in report.load.rows] == ["nurses"]
    assert [row.step for row in report.holding] == ["triage"]
    assert report.provenance.counts["unsourced"] > 0


def test_an_error_points_to_the_line_that_seizes_twice(tmp_path: Path) -> None:
    loaded = clinic(tmp_path, TWICE)
    (problem,) = errors(loaded)
    lines = (tmp_path / "clinic.yaml").read_text().splitlines()
    assert lines[problem.line - 1].strip() == "seize: nurses"
    assert problem.file == str(tmp_path / "clinic.yaml")
    assert problem.path == "pathway.treat.seize"


def test_an_error_points_to_the_option_that_caused_it(tmp_path: Path) -> None:
    clinic(tmp_path, TWICE.replace("seize: nurses, hold: true, ", ""))
    option = tmp_path / "keep.yaml"
    option.write_text("title: Keep\nrationale: Why\npathway:\n  treat: {release: [nurses]}\n")
    (problem,) = errors(load(tmp_path / "clinic.yaml", [option]))
    assert (problem.file, problem.line) == (str(option), 4)


def test_a_scenario_with_errors_is_refused_with_all_of_them(tmp_path: Path) -> None:
    text = TWICE + "  lost: {delay: 1 min, route: home}\n"
    with pytest.raises(ScenarioError) as refused:
        refuse_unrunnable(clinic(tmp_path, text))
    assert len(refused.value.problems) == 2
    refuse_unrunnable(clinic(tmp_path, name="good.yaml"))


def test_loads_are_not_estimated_while_there_are_errors(tmp_path: Path) -> None:
    report = check(clinic(tmp_path, TWICE))
    assert not report.ok
    assert report.load.rows == ()
    assert report.load.caveats == ("not estimated while the pathway has errors",)


def test_an_overload_will_not_settle(tmp_path: Path) -> None:
    report = check(clinic(tmp_path, "crises: {fall: {rate: 1 per min, first: triage}}\n"))
    (warning,) = [w for w in report.warnings if "settle" in w.what]
    assert warning.path == "resources.nurses.capacity"
    assert warning.what == "`nurses` will not settle: offered 5.00 times its capacity"
    assert warning.found == "work for 20 units on average, capacity 4"
    assert report.ok


def test_an_overload_that_patience_relieves_is_only_a_note(tmp_path: Path) -> None:
    text = """
    crises: {fall: {rate: 1 per min, first: triage}}
    pathway:
      triage: {seize: nurses, patience: 1 h, renege_to: home, delay: 20 min, route: home}
    """
    whats = [w.what for w in check(clinic(tmp_path, text)).warnings]
    assert not any("settle" in what for what in whats)
    assert (
        "only patience keeps the queue for `nurses` finite: offered 5.00 times its capacity"
        in whats
    )


def test_two_checks_of_one_file_agree(tmp_path: Path) -> None:
    assert check(clinic(tmp_path)) == check(clinic(tmp_path))


def test_a_table_of_a_million_combinations_is_refused_before_anything_builds_it(
    tmp_path: Path,
) -> None:
    """Where the largest of all is sought; elsewhere a table may be as deep as it is written."""
    attributes = ", ".join(f"a{i}: {{shares: {{p: 0.5, q: 0.5}}}}" for i in range(20))
    table = "0"
    for i in range(20):
        table = f"{{by: a{i}, p: 0.{i + 10}, q: {table}}}"
    text = f"""
people: {{number: 1000, attributes: {{{attributes}}}}}
crises: {{fall: {{rate: 50, first: triage, relative_rates: {{many: {table}}}}}}}
"""
    (problem,) = errors(clinic(tmp_path, text))
    assert problem.path == "crises.fall.relative_rates.many"
    assert "1,048,576 combinations" in problem.what


def test_a_table_written_short_that_is_large_when_laid_out_is_refused(tmp_path: Path) -> None:
    """Nested in the same order everywhere, but with all of its cells written out."""
    levels = ", ".join(f"l{i}: {1 / 60}" for i in range(59)) + ", l59: rest"
    attributes = ", ".join(f"a{i}: {{shares: {{{levels}}}}}" for i in range(3))
    table = "1 min"
    for i in range(3):
        table = f"{{by: a{i}, other: {table}}}"
    text = f"""
people: {{number: 1000, attributes: {{{attributes}}}}}
pathway: {{triage: {{delay: {table}, route: home}}}}
"""
    (problem,) = errors(clinic(tmp_path, text))
    assert problem.path == "pathway.triage.delay"
    assert "216,000 cells" in problem.what


def test_a_load_that_cannot_be_estimated_is_a_warning(tmp_path: Path) -> None:
    text = """
    people: {number: 1000, attributes: {age: {shares: {old: 0.5, young: 0.5}}}}
    pathway:
      triage: {seize: nurses, delay: 20 min, route: {by: age, old: triage, young: home}}
    """
    whats = [w.what for w in check(clinic(tmp_path, text)).warnings]
    assert (
        "offered loads cannot be estimated: hardly anyone ever leaves the loop at step `triage`"
        in whats
    )
