"""What is shown by hour of the day adds up to what is measured over all days."""

import numpy as np
import pytest

from sim.report.hours import hours_and_days
from sim.report.occupancy import daily_use
from sim.report.series import by_date, by_hour
from sim.report.stay_bands import ENDS, TITLES, bands
from tests.report.fakes import DAY, HOUR, Writer, case_logs, run_logs, world

BEFORE = world("Before")


def test_the_mean_of_the_hours_is_the_mean_of_the_days() -> None:
    logs = run_logs(BEFORE, 1, people=500)
    found = hours_and_days(BEFORE, logs)[0].of_the_day
    for code in range(len(BEFORE.resources)):
        days = daily_use(logs.holds, [code], logs.horizon)[int(BEFORE.warm_up // DAY) :]
        assert found.in_use[code].mean() == pytest.approx(days.mean())


def test_who_comes_in_an_hour_is_counted_there_with_their_wait() -> None:
    onset = BEFORE.warm_up + 2 * DAY + 9 * HOUR + 30
    found = hours_and_days(BEFORE, case_logs(BEFORE, onset))[0].of_the_day
    calls = [item.name for item in BEFORE.resources].index("call_handlers")
    assert found.joined[calls].nonzero()[0].tolist() == [9]
    assert found.wait[calls][9] == 2  # as the case is written
    assert np.isnan(found.wait[calls][10])
    assert found.there == pytest.approx(BEFORE.duration / DAY)


def test_an_hour_of_the_week_is_of_its_weekday() -> None:
    """The run begins on whatever day it begins on."""
    onset = BEFORE.warm_up + 2 * DAY + 9 * HOUR + 30
    weekday = BEFORE.moment(onset).weekday()
    week, _ = hours_and_days(BEFORE, case_logs(BEFORE, onset))
    calls = [item.name for item in BEFORE.resources].index("call_handlers")
    assert week.joined[calls].nonzero()[0].tolist() == [weekday * 24 + 9]
    assert week.there.sum() == pytest.approx(BEFORE.duration / HOUR)


def test_days_are_the_measured_ones_with_their_means() -> None:
    logs = run_logs(BEFORE, 1, people=500)
    _, days = hours_and_days(BEFORE, logs)
    first = int(BEFORE.warm_up // DAY)
    assert days.first == first
    for code in range(len(BEFORE.resources)):
        expected = daily_use(logs.holds, [code], logs.horizon)[first:]
        assert days.in_use[code] == pytest.approx(expected)
    measured = (logs.episodes.parent < 0) & (logs.episodes.onset >= BEFORE.warm_up)
    assert days.begun.sum() == measured.sum()


def test_tables_of_hours_and_days_have_a_row_for_each_and_leave_out_what_never_is() -> None:
    kept = [hours_and_days(BEFORE, run_logs(BEFORE, number, people=500)) for number in (1, 2, 3)]
    hours = by_hour([("before", BEFORE, [week for week, _ in kept])])
    assert len(hours) == len(BEFORE.resources) * 7 * 24
    days = by_date([("before", BEFORE, [each for _, each in kept])])
    begun = days[days["what"] == "begun"]
    assert begun["date"].is_monotonic_increasing
    assert begun["date"].iloc[0] == BEFORE.moment(BEFORE.warm_up).date().isoformat()
    assert begun["mean"].sum() == pytest.approx(np.mean([each.begun.sum() for _, each in kept]))
    assert (days["p10"] <= days["p50"]).all() and (days["p50"] <= days["p90"]).all()
    assert (days.groupby(["what", "of"])["mean"].sum() > 0).all()


def test_two_beds_that_abut_are_one_stay_in_one_band() -> None:
    writer = Writer(BEFORE)
    start = BEFORE.warm_up + DAY
    for length in (0.5, 1.5, 30.0):
        row = writer.episode(int(length * 10), "fall", start)
        writer.hold(row, "ward_beds", start, start + length * DAY / 2)
        writer.hold(row, "ward_beds", start + length * DAY / 2, start + length * DAY)
    still = writer.episode(7, "fall", start)
    writer.hold(still, "ward_beds", start, BEFORE.horizon + DAY)
    found = bands(BEFORE, writer.logs().holds, BEFORE.beds("acute"))
    assert found.tolist() == [1, 1, 0, 0, 0, 0, 1]
    assert len(TITLES) == len(ENDS) + 1
