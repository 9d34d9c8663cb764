"""`check` says so where a warm-up is plainly too short, and only there."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.scenario.analysis.beginning import missing

WARD = """\
title: A ward
run: {{start: 2024-04-01, warm_up: {warm_up}, duration: 28 days, replications: {replications}}}
people: {{number: 20000}}
crises: {{fall: {{rate: 3 per day, first: ward}}}}
resources: {{beds: {{capacity: 60, bed: acute}}}}
pathway: {{ward: {{seize: beds, delay: {{exponential: {{mean: 8 days}}}}, route: home}}}}
outcomes: {{home: At home}}
"""

DESK = """\
title: A desk
run: {{start: 2024-01-01, warm_up: {warm_up}, duration: 10 days, replications: 3}}
people: {{number: 1000000}}
crises: {{need: {{rate: {rate} per min, first: serve}}}}
resources: {{server: {{capacity: 5}}}}
pathway: {{serve: {{seize: server, delay: {{exponential: {{mean: 1 min}}}}, route: done}}}}
"""


def warnings(folder: Path, text: str) -> list[str]:
    """What `check` says of the warm-up."""
    (folder / "a.yaml").write_text(text)
    found = sim.check(folder / "a.yaml").warnings
    return [str(warning) for warning in found if warning.path == "run.warm_up"]


@pytest.mark.parametrize(("warm_up", "said"), [("0 days", "28 %"), ("8 days", "10 %")])
def test_a_ward_that_has_not_filled_is_said_to_be_used_less_than_it_will_be(
    tmp_path: Path, warm_up: str, said: str
) -> None:
    (text,) = warnings(tmp_path, WARD.format(warm_up=warm_up, replications=2))
    assert "`beds`, held 8 days on average" in text
    assert said in text
    assert "about 22 days or more" in text


@pytest.mark.parametrize("days", [3, 7, 28, 300])
def test_the_warm_up_that_is_asked_for_is_enough_and_no_longer_than_need_be(
    tmp_path: Path, days: int
) -> None:
    ward = WARD.replace("28 days", f"{days} days")
    (text,) = warnings(tmp_path, ward.format(warm_up="0 days", replications=2))
    asked = re.search(r"about (\d+) days? or more", text)
    assert asked is not None
    assert warnings(tmp_path, ward.format(warm_up=f"{asked[1]} days", replications=2)) == []
    less = f"{int(asked[1]) - 1} days"
    assert warnings(tmp_path, ward.format(warm_up=less, replications=2)) != []


def test_the_share_that_is_missing_is_what_is_missed(tmp_path: Path) -> None:
    """Three a day for eight days are 24 beds; a run that begins empty has so much less."""
    (tmp_path / "a.yaml").write_text(WARD.format(warm_up="2 days", replications=40))
    results = sim.run(tmp_path / "a.yaml", workers=1)
    frame = results.measures
    used = frame[(frame["measure"] == "in_use_mean") & (frame["by"] == "")]["value"].to_numpy()
    expected = 24 * (1 - missing(8 * 1440.0, sim.load(tmp_path / "a.yaml").model.run))
    assert abs(used.mean() - expected) < 4 * used.std() / np.sqrt(len(used))


@pytest.mark.parametrize(
    "text",
    [
        WARD.format(warm_up="28 days", replications=2),
        DESK.format(warm_up="4 days", rate=4.9),
        DESK.format(warm_up="1 day", rate=4.0),
    ],
)
def test_a_warm_up_that_is_long_enough_is_not_spoken_of(tmp_path: Path, text: str) -> None:
    assert warnings(tmp_path, text) == []


def test_a_queue_near_its_capacity_needs_long(tmp_path: Path) -> None:
    (text,) = warnings(tmp_path, DESK.format(warm_up="1 day", rate=4.9))
    assert "`server`, offered 98 %" in text
    assert "about 2.7 days or more" in text


def test_cases_may_be_whom_a_ward_begins_with(tmp_path: Path) -> None:
    text = WARD.format(warm_up="0 days", replications=2)
    cases = "cases: {first: {crisis: fall, at: 2024-04-01 00:00, copies: 24}}\n"
    assert warnings(tmp_path, text + cases) == []


def test_a_clinic_of_a_day_begins_empty_as_it_does(tmp_path: Path) -> None:
    text = DESK.format(warm_up="0 days", rate=4.0).replace("10 days", "12 h")
    assert warnings(tmp_path, text) == []
