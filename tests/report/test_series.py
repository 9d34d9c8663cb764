"""Tables of stays by whole days and of units in use agree with theory and with the measures."""

from __future__ import annotations

import math

import pandas as pd
import pytest

import sim
from sim.report.series import frames

WARD = """\
title: A ward
run: {start: 2024-01-01, warm_up: 60 days, duration: 365 days, replications: 3, seed: 2}
people: {number: 1000000}
crises: {need: {rate: 10 per day, first: ward}}
resources:
  beds: {capacity: 100, bed: acute}
  scanner: {capacity: 1}
pathway:
  ward: {seize: beds, delay: {exponential: {mean: 4 days}}, route: {scan: 20 %, done: rest}}
  scan: {seize: scanner, delay: 1 h, route: done}
"""


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> sim.Results:
    file = tmp_path_factory.mktemp("ward") / "ward.yaml"
    file.write_text(WARD, encoding="utf-8")
    return sim.run(file, workers=1)


def test_stays_are_in_bands_of_whole_days_as_theory_says(results: sim.Results) -> None:
    stays = frames([results])["stays"].set_index("days")
    assert set(stays["beds"]) == {"acute"}
    assert stays["share"].sum() == pytest.approx(1.0)
    ends = {"0 days": (0, 1), "1 day": (1, 2), "2 to 3 days": (2, 4), "4 to 7 days": (4, 8),
            "8 to 14 days": (8, 15), "15 to 21 days": (15, 22),
            "22 days or more": (22, math.inf)}  # fmt: skip
    assert list(stays.index) == list(ends)
    for days, (low, high) in ends.items():
        exact = math.exp(-low / 4) - math.exp(-high / 4)
        sd = math.sqrt(exact * (1 - exact) / (3 * stays["stays"].sum()))
        assert abs(stays["share"][days] - exact) < 4 * sd, days


def test_how_long_how_many_were_in_use_gives_the_mean_in_use(results: sim.Results) -> None:
    table = frames([results])["in_use"]
    assert (table["share"] > 0.0).all()
    for resource, mine in table.groupby("resource"):
        assert mine["share"].sum() == pytest.approx(1.0)
        assert mine["at_least"].iloc[0] == pytest.approx(1.0)
        assert (mine["units"] * mine["share"]).sum() == pytest.approx(
            _mean(results, "in_use_mean", str(resource))
        )
    busy = table[(table["resource"] == "scanner") & (table["units"] == 1)]
    assert busy["at_least"].item() == pytest.approx(_mean(results, "full_share", "scanner"))


def _mean(results: sim.Results, measure: str, of: str) -> float:
    frame: pd.DataFrame = results.measures
    rows = frame[(frame["measure"] == measure) & (frame["of"] == of) & (frame["by"] == "")]
    return float(rows["value"].mean())
