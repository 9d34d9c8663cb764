"""Closed streams, hidden characters, and what a spreadsheet or a terminal might obey."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import sim
from sim.experiment.store import write_frame
from sim.scenario import Problem, ScenarioError, load
from tests.cli.test_commands import Command


@pytest.mark.skipif(sys.platform == "win32", reason="a POSIX shell closes streams")
@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", "<&- >&- 2>&-"])
def test_a_closed_stream_is_no_failure_and_no_file_takes_its_place(
    clinic: Path, closed: str
) -> None:
    command = f"{sys.executable} -m sim.cli.main check clinic.yaml {closed}"
    done = subprocess.run(
        ["sh", "-c", command],
        env={"PYTHONPATH": str(Path(sim.__file__).parent.parent), "PATH": "/bin:/usr/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0 and "Traceback" not in done.stderr
    assert ("Scenario: A small clinic" in done.stdout) == (">&-" not in closed.split())


def test_text_that_begins_like_a_formula_is_text_to_a_spreadsheet(tmp_path: Path) -> None:
    said = ["=1+1", "+A1", "-x", "@sum", "\tx", "-5", "plain", None]
    frame = pd.DataFrame({"=of": said, "value": [-1.5, 2, 3, 4, 5, 6, 7, 8]})
    csv, parquet = write_frame(frame, tmp_path, "frame")
    read = pd.read_csv(csv, dtype={"'=of": str}, keep_default_na=False)
    assert list(read["'=of"]) == ["'=1+1", "'+A1", "'-x", "'@sum", "'\tx", "-5", "plain", ""]
    assert read["value"][0] == -1.5
    assert list(pd.read_parquet(parquet)["=of"])[:2] == said[:2]


def test_an_error_about_a_file_that_is_no_scenario_shows_none_of_it(
    tmp_path: Path, clinic: Path, urgentflow: Command
) -> None:
    for text in ("secret: [\n", "secret\n", "- secret\n", "secret:x:0\n\tsecret\n"):
        file = tmp_path / "passwd"
        file.write_text(text)
        said = urgentflow("check", str(file))
        assert said.code == 2 and "secret" not in said.err


def test_a_message_cannot_carry_what_a_terminal_obeys() -> None:
    problem = Problem(
        "a\x1b[2Jb.yaml", 1, "p\u202e", "what", "found\x07", "allowed\x9b", "near\x00"
    )
    assert all(line.isprintable() for line in str(problem).splitlines())


def test_a_title_is_one_line(clinic: Path) -> None:
    Path("two.yaml").write_text('title: "One\\nCheck: no errors"\nextends: clinic.yaml\n')
    assert load("two.yaml").model.title == "One Check: no errors"
    with pytest.raises(ScenarioError, match="cannot be printed"):
        load("clinic.yaml", overrides={"title": "a\x1b[2J"})


def test_nothing_needs_no_unit(clinic: Path) -> None:
    zero = {"run.warm_up": 0, "pathway.ward.delay": 0, "pathway.visit.delay": {"times": 2}}
    model = load("clinic.yaml", overrides=zero).model
    assert model.run.warm_up == 0.0 and model.pathway["ward"].delay.parameters == (0.0,)  # type: ignore[union-attr]
    more = {**zero, "pathway.ward.delay": 0}
    Path("later.yaml").write_text(
        "title: l\nrationale: r\npathway: {ward: {delay: {add: 5 min}}}\n"
    )
    Path("zero.yaml").write_text("title: z\nextends: clinic.yaml\npathway: {ward: {delay: 0}}\n")
    assert load("zero.yaml", "later.yaml").model.pathway["ward"].delay.parameters == (5.0,)  # type: ignore[union-attr]
    assert load("clinic.yaml", overrides=more).model.run.warm_up == 0.0
