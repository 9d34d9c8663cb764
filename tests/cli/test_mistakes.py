"""Whatever is wrong, the command line says so in words: exit code 2 and no traceback."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

Command = Callable[..., object]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["check", "absent.yaml"], "absent.yaml: there is no such file"),
        (["run", "clinc.yaml"], "did you mean `clinic.yaml`?"),
        (["run", "clinic.yaml", "--by", "agee"], "did you mean `age`?"),
        (["run", "clinic.yaml", "--by", "agee"], "There is: age, crisis."),
        (["run", "clinic.yaml", "--replications", "0"], "is not a whole number from 1"),
        (["run", "clinic.yaml", "--seed", "-1"], "--seed"),
        (["run", "clinic.yaml", "--days", "none"], "is not a number of days above 0"),
        (["run", "clinic.yaml", "--start", "2024-02-30"], "is not a date such as 2024-04-01"),
        (["run", "clinic.yaml", "--engine", "abacus"], "invalid choice: 'abacus'"),
        (["run", "clinic.yaml", "--out", "clinic.yaml/x"], "is a file, not a folder"),
        (["run", "clinic.yaml", "--set", "resources.nurse"], "a path, `=` and a value are wanted"),
        (["check", "clinic.yaml", "--set", "resources.nuse.capacity=3"], "did you mean `nurse`?"),
        (["check", "clinic.yaml", "--set", "resources.nurse.capacity=+3"], "with a sign says a"),
        (["run", "clinic.yaml", "--set", "run.seed={add: 1"], "--set run.seed:1: not valid YAML"),
        (["run", "clinic.yaml", "--days", "3", "--set", "run.duration=4 days"], "given twice"),
        (["compare", "clinic.yaml"], "the following arguments are required"),
        (["compare", "clinic.yaml", "absent.yaml"], "absent.yaml: there is no such file"),
        (["story", "clinic.yaml", "--case", "mr_b"], "did you mean `mr_a`?"),
        (["story", "clinic.yaml", "--days", "1"], "there is nobody to tell of"),
        (
            ["story", "clinic.yaml", "--replications", "3", "--replication", "4"],
            "--replication 4: only 3 are run",
        ),
        (["run", "clinic.yaml", "--out", ""], "no folder is named"),
        (["schema", "--out", "."], "is a folder, not a file"),
        (["verify", "mm2"], "there is no case `mm2`"),
        (["measures", "wait_meen"], "did you mean `wait_mean`?"),
        (["frobnicate"], "invalid choice"),
        ([], "COMMAND"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_mistakes_are_explained(
    clinic: Path, urgentflow: Command, arguments: list[str], said: str
) -> None:
    result = urgentflow(*arguments)
    assert result.code == 2
    assert said in result.err
    assert "Traceback" not in result.err


def test_problems_of_all_files_come_together(clinic: Path, urgentflow: Command) -> None:
    Path("a.yaml").write_text("title: a\nrationale: x\nresources: {nurse: {capacity: -1}}\n")
    Path("b.yaml").write_text("title: b\nrationale: x\nresources: {nurse: {capacite: 1}}\n")
    result = urgentflow("compare", "clinic.yaml", "a.yaml", "b.yaml")
    assert result.code == 2
    assert "a.yaml:3" in result.err and "b.yaml:3" in result.err
    assert result.out == ""


def test_a_scenario_that_cannot_run_is_refused_by_every_command(
    clinic: Path, urgentflow: Command
) -> None:
    text = Path("clinic.yaml").read_text().replace("seize: ward_beds", "release: [ward_beds]")
    Path("broken.yaml").write_text(text)
    for command in ("check", "run"):
        result = urgentflow(command, "broken.yaml")
        assert result.code == 2 and "ward_beds" in result.err
    result = urgentflow("compare", "clinic.yaml", "broken.yaml")
    assert result.code == 2 and "broken.yaml" in result.err


def test_arms_that_cover_different_days_are_not_compared(clinic: Path, urgentflow: Command) -> None:
    Path("longer.yaml").write_text("title: l\nextends: clinic.yaml\nrun: {duration: 12 days}\n")
    result = urgentflow("compare", "clinic.yaml", "longer.yaml")
    assert result.code == 2
    assert "found: 12 days" in result.err and "allowed: 10 days" in result.err


def test_a_folder_that_cannot_be_written_is_named(clinic: Path, urgentflow: Command) -> None:
    Path("taken").write_text("")
    result = urgentflow("run", "clinic.yaml", "--out", "taken")
    assert result.code == 2 and "taken is a file" in result.err


def test_a_folder_that_may_not_be_written_is_refused_before_the_run(
    clinic: Path, urgentflow: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.access", lambda path, mode: Path(path) != clinic)
    result = urgentflow("run", "clinic.yaml", "--out", str(clinic / "new" / "results"))
    assert result.code == 2 and f"{clinic} may not be written to" in result.err
    assert result.out == "" and not (clinic / "new").exists()


def test_results_are_not_written_over_what_is_not_ours(clinic: Path, urgentflow: Command) -> None:
    Path("mine").mkdir()
    Path("mine/report.md").write_text("mine")
    result = urgentflow("run", "clinic.yaml", "--out", "mine")
    assert result.code == 2 and "`report.md` there is not of an earlier run" in result.err
    assert result.out == "" and Path("mine/report.md").read_text() == "mine"
