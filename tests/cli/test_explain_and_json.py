"""Every word can be looked up, and what is said of it is not empty."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sim.cli.main import main
from sim.scenario.explain.lookup import words_of_the_language
from sim.scenario.language.model import Step

ROOT = Path(__file__).parents[2]


def test_everything_that_can_be_looked_up_has_a_meaning() -> None:
    #: what a title or description is, its name says
    empty = [item.name for item in words_of_the_language() if not item.about]
    assert [name for name in empty if name.rsplit(".", 1)[-1] not in ("title", "description")] == []


def test_every_field_of_a_step_is_found_by_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    for name, field in Step.model_fields.items():
        assert main(["explain", field.alias or name]) == 0
        assert f"pathway.NAME.{field.alias or name}: field of a step" in capsys.readouterr().out


def test_a_measure_is_explained_by_its_formula(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "acute_bed_days"]) == 0
    assert "measure" in capsys.readouterr().out


def test_a_step_of_a_scenario_is_shown_with_its_file_and_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    scenario = ROOT / "scenarios" / "template" / "scenario.yaml"
    assert main(["explain", "see_nurse", "--in", str(scenario), "--json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)
    line = scenario.read_text().splitlines().index("  see_nurse:") + 1
    assert found["kind"].endswith(f"line {line})")
    assert found["about"] == "Seen by a nurse" and "patience: 4 h" in found["example"]


def test_an_unknown_word_names_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "pacience"]) == 2
    assert "did you mean `patience`" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        ["measures", "wait_mean"],
        ["explain", "renege"],
        ["path", "scenarios"],
        ["check", "scenarios/quickstart.yaml"],
        ["run", "scenarios/quickstart.yaml", "--replications", "2", "--days", "2"],
        ["verify", "--list"],
        ["diff", "scenarios/verification/mm1.yaml", "scenarios/verification/mm5.yaml"],
    ],
    ids=" ".join,
)
def test_what_is_printed_can_be_had_as_json(
    words: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    assert main([*words, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)


def test_problems_are_json_too_and_words_besides(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "nothing.yaml", "--json"]) == 2
    said = capsys.readouterr()
    (problem,) = json.loads(said.out)["problems"]
    assert problem["file"] == "nothing.yaml" and "nothing.yaml" in said.err


def test_numbers_in_json_are_those_of_the_python_interface(
    capsys: pytest.CaptureFixture[str],
) -> None:
    import sim

    files = [str(ROOT / "scenarios" / "template" / f"{name}.yaml") for name in FIRST]
    assert main(["compare", *files, "--json", "--replications", "2", "--days", "7"]) == 0
    said = json.loads(capsys.readouterr().out)["differences"]
    overrides = {"run.duration": "7 days"}
    table = sim.compare(*files, replications=2, overrides=overrides).table()
    assert [row["difference"] for row in said] == [
        None if value != value else value for value in table["difference"]
    ]


FIRST = ("scenario", "option")
