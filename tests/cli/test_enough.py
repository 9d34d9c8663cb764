"""An experiment may be told what is enough instead of how many replications."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

Command = Callable[..., object]

SWEEP = ("sweep", "clinic.yaml", "--set", "resources.nurse.capacity=2,3", "--workers", "1")


def test_replications_are_added_until_a_difference_is_precise(
    clinic: Path, urgentflow: Command
) -> None:
    said = urgentflow(*SWEEP, "--days", "2", "--precise", "wait_mean/visit=15 %", "--out", "o/x")
    assert said.code == 0, said.err
    table = pd.read_csv("o/x/differences.csv", keep_default_na=False)
    rows = table[(table["measure"] == "wait_mean") & (table["of"] == "visit")]
    number = int(rows["pairs"].iloc[0])
    assert 10 < number < 200
    wide = rows["high"].astype(float) - rows["low"].astype(float)
    assert (wide / 2 <= 0.15 * rows["baseline"].astype(float)).all()
    assert f"{number} replications are enough, after looks at 10, " in " ".join(said.out.split())


def test_a_clear_choice_takes_the_fewest_and_the_budget_is_kept(
    clinic: Path, urgentflow: Command
) -> None:
    clear = urgentflow(*SWEEP, "--days", "2", "--clear", "wait_mean/visit=1 min")
    assert "10 replications are enough, after looks at 10." in clear.out
    short = urgentflow(
        *SWEEP, "--days", "2", "--precise", "wait_mean/visit=0.001 min", "--most", "12"
    )
    assert "12 replications, the most allowed, are not enough" in " ".join(short.out.split())
    checked = urgentflow(*SWEEP[:-2], "--precise", "wait_mean/visit=1 s", "--check", "--json")
    assert json.loads(checked.out)["replications"] is None


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--precise", "wait_mean/visit"], "MEASURE=NUMBER"),
        (["--precise", "wait_mean/visitt=1 %"], "did you mean `visit`?"),
        (["--precise", "wait_mean/visit=3"], "a duration needs a unit"),
        (["--precise", "wait_mean/visit=0 %"], "must be above 0"),
        (["--clear", "arrivals=10"], "neither more nor less is better"),
        (["--clear", "wait_mean/visit=1 min", "--precise", "wait_mean/visit=1 %"], "already"),
        (["--precise", "wait_mean/visit=1 %", "--replications", "5"], "--replications is a number"),
        (["--most", "50"], "--most is of --precise and --clear"),
    ],
)
def test_mistakes_are_explained(
    clinic: Path, urgentflow: Command, arguments: list[str], said: str
) -> None:
    result = urgentflow(*SWEEP, *arguments)
    assert result.code == 2
    assert said in result.err
    assert "Traceback" not in result.err
