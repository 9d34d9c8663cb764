"""`urgentflow bisect`: where two runs part."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

Command = Callable[..., object]


def test_a_scenario_does_not_part_from_itself_or_its_other_engine(
    clinic: Path, urgentflow: Command
) -> None:
    said = urgentflow("bisect", "clinic.yaml", "nothing.yaml", "--other-engine", "simpy")
    assert said.code == 0
    assert said.out.startswith("No difference: all ")


def test_an_option_parts_at_its_first_effect(clinic: Path, urgentflow: Command) -> None:
    said = urgentflow("bisect", "clinic.yaml", "more_nurses.yaml")
    assert said.code == 0
    assert "They part on 2024-04-01" in said.out
    assert "only in more_nurses.yaml: person" in said.out
    assert "in clinic.yaml instead: person" in said.out
    answer = json.loads(urgentflow("bisect", "clinic.yaml", "more_nurses.yaml", "--json").out)
    assert answer["difference"]["minute"] < 1440
    assert any("seizes a unit of `nurse`" in text for text in answer["difference"]["theirs"])


def test_what_one_version_kept_another_compares(clinic: Path, urgentflow: Command) -> None:
    assert "wrote" in urgentflow("bisect", "clinic.yaml", "--keep", "old.events").out
    assert "No difference" in urgentflow("bisect", "old.events", "clinic.yaml").out
    changed = urgentflow("bisect", "old.events", "clinic.yaml+more_nurses.yaml")
    assert "only in clinic.yaml+more_nurses.yaml: " in changed.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["clinic.yaml"], "name a second scenario"),
        (["clinic.yaml", "absent.yaml"], "absent.yaml: there is no such file"),
        (["absent.events", "clinic.yaml"], "absent.events: there is no such file"),
        (["bad.events", "clinic.yaml"], "bad.events is no file of events"),
        (["clinic.yaml", "--keep", "x.txt"], "a file of events is named *.events"),
        (["clinic.yaml", "--keep", "absent/"], "a file of events is named *.events"),
        (["clinic.yaml", "--keep", "x.events", "--other-engine", "simpy"], "none is named"),
        (["clinic.yaml", "later.yaml"], "A begins on 2024-04-01 and B on 2024-05-01"),
        (["bad.events", "--keep", "x.events"], "bad.events is a file of events already"),
    ],
    ids=" ".join,
)
def test_mistakes_are_explained(
    clinic: Path, urgentflow: Command, arguments: list[str], said: str
) -> None:
    Path("bad.events").write_text("not one")
    text = Path("clinic.yaml").read_text().replace("2024-04-0", "2024-05-0")
    Path("later.yaml").write_text(text)
    result = urgentflow("bisect", *arguments)
    assert result.code == 2
    assert said in result.err
    assert "Traceback" not in result.err
    assert not Path("x.events").exists()
