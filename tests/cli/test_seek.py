"""`urgentflow seek`: the least that meets a target, or that none does."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

Command = Callable[..., object]

NURSES = ("seek", "clinic.yaml", "--find", "resources.nurse.capacity", "--workers", "1")

BELOW_TWO = ("--until", "wait_mean/visit < 2 min")


def test_the_least_that_meets_the_target_is_found_and_drawn(
    clinic: Path, urgentflow: Command
) -> None:
    command = (*NURSES, "--until", "wait_mean/visit < 2 min", "--between", "1:8")
    said = urgentflow(*command, "--out", "out/nurses", "--store", "kept", "--json")
    assert said.code == 0
    answer = json.loads(said.out)
    assert 2 <= answer["answer"] <= 8 and answer["surely_not"] < answer["answer"]
    assert {path.name for path in Path("out/nurses").iterdir()} == {
        *("curve.csv", "curve.parquet", "curve.png", "curve.svg", "manifest.json")
    }
    again = urgentflow(*command, "--store", "kept")
    assert f"{answer['answer']:g} is the least `resources.nurse.capacity` that surely meets" in (
        " ".join(again.out.split())
    )


def test_where_no_value_does_that_is_said(clinic: Path, urgentflow: Command) -> None:
    said = urgentflow(*NURSES, "--until", "utilisation/nurse > 99 %", "--between", "2:4")
    assert said.code == 1
    assert "No value of `resources.nurse.capacity` from 2 to 4 meets" in " ".join(said.out.split())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--until", "wait_meen/visit < 2 min"], "did you mean `wait_mean`?"),
        (["--until", "wait_mean/visitt < 2 min"], "did you mean `visit`?"),
        (["--until", "wait_mean/visit < 2"], "a duration needs a unit"),
        ([*BELOW_TWO, "--between", "8:1"], "LOW:HIGH"),
        ([*BELOW_TWO, "--between", "many"], "LOW:HIGH"),
        ([*BELOW_TWO, "--find", "resources.nurs.capacity"], "--between"),
        (
            [*BELOW_TWO, "--between", "1:3", "--find", "resources.nurs.capacity"],
            "`nurse`",
        ),
        ([*BELOW_TWO, "--confidence", "2"], "not a probability"),
        ([*BELOW_TWO, "--replications", "1"], "2 or more"),
    ],
)
def test_mistakes_are_explained(
    clinic: Path, urgentflow: Command, arguments: list[str], said: str
) -> None:
    result = urgentflow(*NURSES, *arguments)
    assert result.code == 2
    assert said in result.err
    assert "Traceback" not in result.err
