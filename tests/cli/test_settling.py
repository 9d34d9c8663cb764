"""What had not settled stands above every table, on the screen and on the page."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.test_commands import Command

OVERLOAD = """\
title: Far more falls
rationale: To see what is said.
crises: {fall: {rate: 25000}}
"""


def test_a_queue_that_grew_is_said_before_the_first_number(
    clinic: Path, urgentflow: Command
) -> None:
    Path("more.yaml").write_text(OVERLOAD)
    result = urgentflow("run", "clinic.yaml+more.yaml", "--out", "results")
    assert result.code == 0
    said = result.out.index("Did not settle: ")
    assert said < result.out.index("Emergency admissions")
    page = Path("results/report.html").read_text()
    assert page.index("Did not settle: ") < page.index("What came out")


def test_each_arm_of_a_comparison_is_named(clinic: Path, urgentflow: Command) -> None:
    Path("more.yaml").write_text(OVERLOAD)
    result = urgentflow("compare", "clinic.yaml", "more.yaml")
    assert "Far more falls: Did not settle: " in result.out
    assert "A small clinic: Did not settle: " not in result.out


def test_a_settled_run_has_nothing_to_say(clinic: Path, urgentflow: Command) -> None:
    assert "settle" not in urgentflow("run", "clinic.yaml").out


def test_programs_can_read_the_verdicts(clinic: Path, urgentflow: Command) -> None:
    Path("more.yaml").write_text(OVERLOAD)
    answer = json.loads(urgentflow("run", "clinic.yaml+more.yaml", "--json").out)
    states = {each["resource"]: each["state"] for each in answer["settling"]["verdicts"]}
    assert states["nurse"] == "did not settle"
    assert answer["settling"]["replications"] == 3
