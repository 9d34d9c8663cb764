"""A population too small for its crises is noticed, and about as much is absorbed as is said."""

from __future__ import annotations

import re
from typing import Any

import pytest

from sim.engine import run
from sim.plan.compile import compile_plan
from sim.scenario.analysis.crowding import absorbing
from tests.plan import small

PATHWAY = {"stay": {"delay": {"exponential": {"mean": "1 day"}}, "route": "done"}}
RUN = {"start": "2024-01-01", "warm_up": "20 days", "duration": "1000 days"}
TOGETHER = {"need": {"rate": "12 per day", "first": "stay"}}


def said(number: int, **changes: Any) -> list[str]:
    model = small.model(
        run=RUN, people={"number": number}, resources={}, pathway=PATHWAY, **changes
    )
    return [str(complaint.found) for complaint in absorbing(model)]


def test_the_share_absorbed_is_the_one_foretold() -> None:
    changes: dict[str, Any] = {"crises": TOGETHER, "resources": {}, "pathway": PATHWAY}
    logs = run(compile_plan(small.model(run=RUN, people={"number": 100}, **changes)), 1, 1)
    absorbed = len(logs.absorbed.at)
    share = float(re.findall(r"[\d.]+", said(100, crises=TOGETHER)[0])[0]) / 100
    assert share == pytest.approx(0.12 / 1.12, abs=0.0006)  # shown to a tenth of a per cent
    assert absorbed / (absorbed + len(logs.episodes.onset)) == pytest.approx(share, abs=0.01)


def test_people_enough_and_people_who_are_meant_are_left_alone() -> None:
    assert said(100_000, crises=TOGETHER) == []
    assert said(100, crises={"need": {"rate": 43800, "first": "stay"}}) == []


def test_those_who_arrive_are_not_absorbed() -> None:
    arrivals = {"come": {"rate": "500 per day", "first": "stay"}}
    rare = {"need": {"rate": "1 per day", "first": "stay"}}
    assert said(1_000, crises=rare, arrivals=arrivals) == []
