"""`--set` means what the same words in a file mean, in every arm and on every command."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from sim.cli.assignments import assigned
from sim.scenario.problems import ScenarioError

Command = Callable[..., object]


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("resources.nurse.capacity=3", "resources: {nurse: {capacity: 3}}"),
        ("resources.nurse.capacity={times: 1.5}", "resources: {nurse: {capacity: {times: 1.5}}}"),
        ("pathway.ward.delay=36 h", "pathway: {ward: {delay: 36 h}}"),
        ("run.duration=22 days", "run: {duration: 22 days}"),
    ],
)
def test_a_value_set_is_the_value_in_a_file(
    clinic: Path, urgentflow: Command, said: str, written: str
) -> None:
    Path("other.yaml").write_text(f"extends: clinic.yaml\ntitle: A small clinic\n{written}\n")
    command = ("check", "--json")
    ours = json.loads(urgentflow(*command, "clinic.yaml", "--set", said).out)
    theirs = json.loads(urgentflow(*command, "other.yaml").out)
    plain = json.loads(urgentflow(*command, "clinic.yaml").out)
    loads = [answer[0]["report"]["load"] for answer in (ours, theirs, plain)]
    needs = [answer[0]["needs"] for answer in (ours, theirs, plain)]
    assert (loads[0], needs[0]) == (loads[1], needs[1]) != (loads[2], needs[2])


def test_a_value_is_set_in_every_arm(clinic: Path, urgentflow: Command) -> None:
    """The option gives three nurses; set to two it does nothing."""
    result = urgentflow(
        "compare", "clinic.yaml", "more_nurses.yaml", "--set", "resources.nurse.capacity=2",
        "--replications", "2", "--workers", "1", "--json",
    )  # fmt: skip
    assert result.code == 0
    differences = json.loads(result.out)["differences"]
    assert differences
    assert all(row["difference"] in (0, None) for row in differences)


def test_everything_wrong_with_all_of_them_is_said_at_once() -> None:
    with pytest.raises(ScenarioError) as caught:
        assigned(["a", "b=", "=c", "d={", "e=1", "e=2"], {"f": 1})
    assert len(caught.value.problems) == 5


def test_what_other_arguments_say_stays() -> None:
    assert assigned(["a.b=[1, 2]", "c=null"], {"f": 1}) == {"f": 1, "a.b": [1, 2], "c": None}
