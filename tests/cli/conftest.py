"""Small scenarios that run in a blink, and a way to run the command line on them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from sim.cli.main import main

CLINIC = """\
title: A small clinic
run: {start: 2024-04-01, warm_up: 2 days, duration: 10 days, replications: 3, seed: 5}
people:
  number: 2000
  attributes:
    age: {shares: {young: 60 %, old: 40 %}}
crises:
  fall: {rate: {by: age, old: 9000, young: 3000}, first: visit}
resources:
  nurse: {capacity: 2}
  ward_beds: {capacity: 8, bed: acute}
pathway:
  visit:
    title: Nurse visit
    seize: nurse
    delay: {exponential: {mean: 30 min}}
    tags: [ae_attendance, in_ae]
    route: {ward: 10 %, home: rest}
  ward:
    title: Ward stay
    seize: ward_beds
    delay: {exponential: {mean: 1 day}}
    tags: [emergency_admission]
    route: home
outcomes: {home: At home}
cases:
  mr_a: {title: "Mr A, 85", attributes: {age: old}, crisis: fall, at: 2024-04-05 10:00}
"""

QUEUE = """\
title: A desk that is always busy
run: {start: 2024-04-01, duration: 3000 days, replications: 1, seed: 5}
people: {number: 100000}
crises: {need: {rate: 6 per hour, first: ask}}
resources: {desk: {capacity: 3}}
pathway:
  ask: {seize: desk, delay: {exponential: {mean: 2 min}}, route: {ask: 90 %, done: rest}}
"""

MORE_NURSES = """\
title: A third nurse
rationale: Fewer minutes in the queue.
resources: {nurse: {capacity: 3}}
"""

NOTHING = """\
title: Nothing at all
rationale: To see that nothing changes.
resources: {nurse: {capacity: 2}}
"""


@pytest.fixture
def clinic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder, made the current one, with a scenario and two options."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "clinic.yaml").write_text(CLINIC)
    (tmp_path / "more_nurses.yaml").write_text(MORE_NURSES)
    (tmp_path / "nothing.yaml").write_text(NOTHING)
    return tmp_path


@pytest.fixture
def queue(tmp_path: Path) -> Path:
    """A folder with a scenario whose replications take seconds, and in SimPy minutes."""
    (tmp_path / "queue.yaml").write_text(QUEUE)
    return tmp_path


@dataclass(frozen=True)
class Said:
    """What a command printed and its exit code."""

    code: int
    out: str
    err: str


@pytest.fixture
def urgentflow(capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """Run a command in this process."""

    def command(*arguments: str) -> Said:
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as stop:
            code = int(stop.code or 0)
        captured = capsys.readouterr()
        return Said(code, captured.out, captured.err)

    return command
