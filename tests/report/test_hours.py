"""What is shown by hour of the day adds up to what is measured over all days."""

import numpy as np
import pytest

from sim.report.hours import day
from sim.report.occupancy import daily_use
from sim.report.stay_bands import ENDS, TITLES, bands
from tests.report.fakes import DAY, HOUR, Writer, case_logs, run_logs, world

BEFORE = world("Before")


def test_the_mean_of_the_hours_is_the_mean_of_the_days() -> None:
    logs = run_logs(BEFORE, 1, people=500)
    found = day(BEFORE, logs)
    for code in range(len(BEFORE.resources)):
        days = daily_use(logs.holds, [code], logs.horizon)[int(BEFORE.warm_up // DAY) :]
        assert found.in_use[code].mean() == pytest.approx(days.mean())


def test_who_comes_in_an_hour_is_counted_there_with_their_wait() -> None:
    onset = BEFORE.warm_up + 2 * DAY + 9 * HOUR + 30
    found = day(BEFORE, case_logs(BEFORE, onset))
    calls = [item.name for item in BEFORE.resources].index("call_handlers")
    assert found.joined[calls].nonzero()[0].tolist() == [9]
    assert found.wait[calls][9] == 2  # as the case is written
    assert np.isnan(found.wait[calls][10])
    assert found.days == pytest.approx(BEFORE.duration / DAY)


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
