"""Claims about paired differences."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from sim.experiment.differences import COLUMNS, loses_people, paired_differences
from sim.measure.definition import Definition
from sim.measure.directions import Direction
from sim.measure.facts import Facts
from sim.measure.statistics import count


def nothing(reading: object) -> Facts:
    raise NotImplementedError


def definition(name: str, unit: str, better: Direction | None) -> Definition:
    return Definition(name, name, unit, "", "Demand", nothing, count, better=better)


KNOWN = {
    item.name: item
    for item in (
        definition("admissions", "admissions", Direction(-1, "because.")),
        definition("covered", "share", Direction(1, "because.")),
        definition("arrivals", "episodes", None),
        definition("never_seen", "episodes", Direction(-1, "because.", flattered=False)),
    )
}


def tidy(values: dict[str, list[float]]) -> pd.DataFrame:
    rows = [
        {
            "replication": number,
            "measure": measure,
            "of": "",
            "by": "",
            "level": "",
            "value": value,
            "unit": "count",
        }
        for measure, series in values.items()
        for number, value in enumerate(series, 1)
    ]
    return pd.DataFrame(rows)


def difference(before: list[float], after: list[float], measure: str = "admissions") -> pd.Series:
    frame = paired_differences(tidy({measure: before}), tidy({measure: after}), "after", KNOWN)
    assert list(frame.columns) == COLUMNS
    return frame.iloc[0]


def test_a_null_option_changes_exactly_nothing() -> None:
    row = difference([812.3, 799.1, 820.7], [812.3, 799.1, 820.7])
    assert (row.difference, row.low, row.high, row.percent) == (0, 0, 0, 0)
    assert (row.better, row.same, row.worse, row.share_better) == (0, 3, 0, 0)


def test_what_both_arms_share_cancels() -> None:
    """Replications that differ wildly still give a sharp difference if the change is the same."""
    row = difference([100, 900, 400, 700], [90, 890, 390, 690])
    assert (row.difference, row.low, row.high) == (-10, -10, -10)
    assert row.interval == "no variation"
    assert (row.baseline, row.value) == (525, 515)
    assert row.percent == pytest.approx(-100 * 10 / 525)


def test_fewer_admissions_are_better_and_more_cover_is() -> None:
    fewer = difference([10, 10, 10, 10], [9, 9, 11, 10])
    assert (fewer.better, fewer.same, fewer.worse) == (2, 1, 1)
    assert fewer.share_better == 0.5
    more = difference([0.5, 0.5], [0.6, 0.7], "covered")
    assert more.share_better == 1


def test_without_a_direction_nothing_is_better() -> None:
    row = difference([10, 10], [9, 9], "arrivals")
    assert row.difference == -1
    assert math.isnan(row.better) and math.isnan(row.share_better)


def test_a_replication_undefined_in_one_arm_is_no_pair() -> None:
    row = difference([1.0, math.nan, 3.0, 80.0], [0.5, 1.0, 2.5, math.nan])
    assert row.replications == 2
    assert row.difference == -0.5
    assert (row.baseline, row.value) == (2.0, 1.5)
    assert row.percent == -25


def test_a_number_only_one_arm_has_is_shown_without_a_difference() -> None:
    frame = paired_differences(
        tidy({"admissions": [1, 2]}),
        tidy({"admissions": [1, 2], "covered": [3, 4]}),
        "after",
        KNOWN,
    )
    row = frame.set_index("measure").loc["covered"]
    assert math.isnan(row.baseline) and row.value == 3.5
    assert math.isnan(row.difference) and row.replications == 0


def test_rows_keep_the_order_of_the_measures() -> None:
    frame = paired_differences(
        tidy({"covered": [1], "admissions": [2]}),
        tidy({"arrivals": [0], "admissions": [2], "covered": [1]}),
        "after",
        KNOWN,
    )
    assert list(frame.measure) == ["covered", "admissions", "arrivals"]


def test_a_difference_of_shares_stays_within_a_hundred_points() -> None:
    row = difference([0.0, 0.0, 0.0, 0.0, 0.9], [1.0, 1.0, 1.0, 1.0, 0.0], "covered")
    assert row.interval == "95 %"
    assert -1 <= row.low < row.high == 1


@pytest.mark.parametrize(("more", "loses"), [(5, True), (0, False), (-5, False)])
def test_people_are_lost_only_where_clearly_more_are(more: float, loses: bool) -> None:
    before = [10.0, 12.0, 9.0, 11.0, 10.0]
    after = [value + more + tilt for value, tilt in zip(before, (0, 1, 0, -1, 0), strict=True)]
    frame = paired_differences(
        tidy({"never_seen": before}), tidy({"never_seen": after}), "after", KNOWN
    )
    assert loses_people(frame, "after") is loses
