"""People counted by strata in a CSV file."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.scenario.language.attributes import declared
from sim.scenario.written.values import Strata
from tests.scenario.reading import only_problem
from tests.scenario.small import clinic

FILE = "people: {strata: people.csv}"


def test_strata_are_read_beside_the_file_that_names_them(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("age,people,sex\n85+,3,f\n0-4,10.0,m\n\n")
    model = clinic(tmp_path, FILE).model
    assert model.people.strata == Strata(("age", "sex"), (("85+", "f"), ("0-4", "m")), (3, 10))
    assert declared(model)["age"].levels == ("0-4", "85+")


def test_other_attributes_may_vary_by_strata(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("age,people\nold,3\nyoung,10\n")
    frail = "frail: {shares: {by: age, old: yes, young: no}}"
    text = f"people: {{strata: people.csv, attributes: {{{frail}}}}}"
    assert declared(clinic(tmp_path, text).model)["frail"].levels == ("no", "yes")


@pytest.mark.parametrize(
    ("content", "line", "what"),
    [
        ("age,number\nold,3\n", 1, "there is no column `people`"),
        ("", 1, "there is no column `people`"),
        ("age,people\nold,3,4\n", 2, "wrong number of columns"),
        ("age,people\nold,3\nyoung,x\n", 3, "not a number of people"),
        ("age,people\nold,-3\n", 2, "not a number of people"),
        ("age,people\nold,2.5\n", 2, "not a number of people"),
        ("age,people\nold,3\nold,4\n", 3, "the stratum of line 2 again"),
        ("age,people\n,3\n", 2, "not a level"),
        ("age group,people\nold,3\n", 1, "column 1 is not a name that can be used"),
        ("age,age,people\nold,old,3\n", 1, "two columns are called `age`"),
        ("age,people\nold,0\n", 1, "not a possible number of people"),
        ("age,people\nold,999999999\n", 1, "not a possible number of people"),
    ],
)
def test_a_bad_row_is_named_by_its_line(tmp_path: Path, content: str, line: int, what: str) -> None:
    (tmp_path / "people.csv").write_text(content)
    problem = only_problem(tmp_path, FILE)
    assert (Path(problem.file).name, problem.line, problem.what) == ("people.csv", line, what)


def test_a_missing_file_is_reported_where_it_is_named(tmp_path: Path) -> None:
    problem = only_problem(tmp_path, FILE)
    assert (problem.path, problem.what) == ("people.strata", "there is no such file")


def test_bad_strata_do_not_make_every_attribute_unknown(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("age,people\nold,x\n")
    text = f"{FILE}\npathway: {{triage: {{delay: {{by: age, old: 3 min}}, route: home}}}}"
    assert only_problem(tmp_path, text).what == "not a number of people"


def test_number_and_strata_exclude_each_other(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("age,people\nold,3\n")
    problem = only_problem(tmp_path, "people: {strata: people.csv, number: 3}")
    assert problem.what == "`number` and `strata` both say how many people"
