"""Queues and utilisation are shown whatever the size of the pathway, what binds first."""

from __future__ import annotations

import math

import pandas as pd

from sim.experiment.bottlenecks import COLUMNS
from sim.experiment.periods import period
from sim.report.tables.bottlenecks import bottlenecks
from sim.report.tables.grids import to_text
from tests.report.fakes import world


def frame(number: int) -> pd.DataFrame:
    """So many pools, of which the first three bind and the fourth is of beds."""
    rows = [
        {
            **dict.fromkeys(COLUMNS, 1.0),
            "resource": f"pool_{pool}",
            "bed": "acute" if pool == 3 else "",
            "capacity": math.nan if pool == 0 else 4.0,
            "waiting_share": 0.25,
            "wait_mean": 125.0,
            "reneged": 20.0,
            "held_up": 9.0 - pool,
            "binds": pool < 3,
        }
        for pool in range(number)
    ]
    return pd.DataFrame(rows)


def test_what_binds_stands_first_beds_always_and_the_rest_on_request() -> None:
    some = bottlenecks(frame(30), world(), period("run", 10), every=False)
    assert [section.heading for section in some.sections] == [
        "What binds",
        "Other beds, pool by pool",
    ]
    assert [len(section.rows) for section in some.sections] == [3, 1]
    assert any("26 more pools" in note and "--all" in note for note in some.notes)
    every = bottlenecks(frame(30), world(), period("run", 10), every=True)
    assert sum(len(section.rows) for section in every.sections) == 30


def test_those_who_left_have_the_period_that_is_asked_for() -> None:
    grid = bottlenecks(frame(1), world(), period("day", 10), every=False)
    cells = dict(zip(range(12), grid.sections[0].rows[0].cells, strict=True))
    assert cells[1] == "no limit"
    assert cells[5] == "25 %"
    assert cells[8] == "2 h 5 min"
    assert cells[10] == "2.00"
    assert "a day" in to_text(grid)
