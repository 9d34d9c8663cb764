"""A place of one's own, written from local figures."""

from __future__ import annotations

import csv
import re
import sys
from pathlib import Path

import pytest

from sim.cli.main import main
from sim.experiment.own_place.figures import AGES, BASE_PEOPLE, asked
from sim.experiment.own_place.writing import SIZED
from sim.experiment.shipped import scenarios
from sim.report.tables.local_figures import MEASURED
from sim.scenario import load

FIGURES = """\
figure,value,source
people,310000,GP register 2024
aged_0_4,5,ONS
aged_5_17,15,ONS
aged_18_39,27,ONS
aged_40_64,32,ONS
aged_65_74,11,ONS
aged_75_84,7,ONS
aged_85,3,ONS
most_deprived,30,IMD 2019
emergency_admissions,36000,HES 2023
ae_attendances,95000,NHSE 2023
acute_beds,600,KH03
community_beds,,
"""


def _place(tmp_path: Path, text: str) -> tuple[int, Path]:
    file = tmp_path / "figures.csv"
    file.write_text(text)
    folder = tmp_path / "here"
    return main(["init", str(folder), "--place", "Here", "--figures", str(file)]), folder


def test_a_place_is_as_its_figures_say_and_checks_without_errors(tmp_path: Path) -> None:
    code, folder = _place(tmp_path, FIGURES)
    assert code == 0
    model = load(folder / "before.yaml").model
    assert model.people.number == 310_000
    resources = load(folder / "before.yaml").tree["resources"]
    names = ("au_beds", "ward_beds", "surgical_beds", "children_beds")
    beds = sum(int(resources[name]["capacity"]) for name in names)
    assert abs(beds - 600) <= 2
    tree = load(folder / "before.yaml").tree["people"]["attributes"]
    place, fifths = tree["locality"]["shares"], tree["deprivation"]["shares"]
    first = sum(share * next(iter(fifths[name].values())) for name, share in place.items())
    assert first == pytest.approx(0.30, abs=0.001)
    assert model.sources["people.number"] == "LOCAL-people"
    assert main(["check", str(folder / "before.yaml")]) == 0
    assert (
        main(["diff", str(folder / "before.yaml"), str(folder / "options/more_home_care.yaml")])
        == 0
    )


def test_every_mistake_is_said_at_once_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = (
        "figure,value,source\npeople,many,x\nacute_bed,5,x\ncubicles,-3,x\ngps,4,\ncubicles,3,x\n"
    )
    code, folder = _place(tmp_path, wrong)
    said = capsys.readouterr().err
    assert code == 2 and not folder.exists()
    for words in ("csv:2: people: not a number", "did you mean `acute_beds`", "csv:4: cubicles"):
        assert words in said
    assert "csv:5: gps: no source" in said and "given twice (first in line 4)" in said


def test_the_form_has_every_figure(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", "--form"]) == 0
    rows = list(csv.DictReader(capsys.readouterr().out.splitlines()))
    assert [row["figure"] for row in rows] == list(asked())
    assert all(row["where"] and row["base_source"] for row in rows)


@pytest.mark.parametrize("words", [[], ["x", "--people", "9000"], ["--place", "X"]])
def test_what_is_lacking_is_asked_for(words: list[str]) -> None:
    assert main(["init", *words]) == 2


def test_what_is_said_to_move_a_figure_is_there(tmp_path: Path) -> None:
    _, folder = _place(tmp_path, FIGURES)
    tree = load(folder / "before.yaml").tree
    for figure, (_, _, _, mover, _) in MEASURED.items():
        assert figure in asked()
        for name in re.findall(r"[a-z0-9_]+_[a-z_]+|relapse", mover):
            assert name in tree["parameters"] or name in tree["resources"], name


def test_the_form_says_what_the_base_has() -> None:
    tree = load(scenarios() / "base" / "urgent_care.yaml").tree
    base = {name: item.base for name, item in asked().items()}
    assert base["people"] == tree["people"]["number"] == BASE_PEOPLE
    shares = tree["people"]["attributes"]["age"]["shares"]
    for age, share in zip(AGES, shares.values(), strict=True):
        assert base[age] == pytest.approx(100 * float(share), abs=0.02), age
    # open overnight: without those opened under pressure
    wards = [name for name in SIZED["acute_beds"] if name != "escalation_beds"]
    assert base["acute_beds"] == sum(int(tree["resources"][name]["capacity"]) for name in wards)
    assert base["community_beds"] == int(tree["resources"]["community_beds"]["capacity"])


def _answering(monkeypatch: pytest.MonkeyPatch, answers: list[str]) -> None:
    """A terminal at which these lines are typed, and then Ctrl-D."""
    lines = iter(answers)

    def typed(_: str) -> str:
        try:
            return next(lines)
        except StopIteration:
            raise EOFError from None

    monkeypatch.setattr("builtins.input", typed)
    for stream in (sys.stdin, sys.stdout):
        monkeypatch.setattr(stream, "isatty", lambda: True)


def test_a_wrong_answer_is_asked_for_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    others = len(asked()) - 9  # people, shares by age and deprivation
    answers = [*[""] * 7, "thirty", "IMD", "30", "", "30", "IMD 2019", *[""] * others]
    _answering(monkeypatch, answers)
    folder = tmp_path / "here"
    assert main(["init", str(folder), "--place", "Here", "--people", "20000"]) == 0
    out = capsys.readouterr().out
    assert "not a number; allowed: a number (%)" in out and "no source" in out
    assert "IMD 2019" in (folder / "figures.csv").read_text()


def test_answers_that_end_too_soon_are_no_traceback_and_leave_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _answering(monkeypatch, ["5", "ONS"])
    folder = tmp_path / "here"
    assert main(["init", str(folder), "--place", "Here", "--people", "20000"]) == 2
    assert "the answers ended" in capsys.readouterr().err
    assert not folder.exists()


def test_some_shares_by_age_alone_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _answering(monkeypatch, ["5", "ONS", *[""] * 30])
    folder = tmp_path / "here"
    assert main(["init", str(folder), "--place", "Here", "--people", "20000"]) == 2
    assert "the answers" in (said := capsys.readouterr().err) and "come together" in said
    assert not folder.exists()
