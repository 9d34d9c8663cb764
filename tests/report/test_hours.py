"""What is shown by hour of the day adds up to what is measured over all days."""

from pathlib import Path

import numpy as np
import pytest

import sim
from sim.report import hours
from sim.report.occupancy import daily_use
from sim.report.series import by_date, by_hour
from sim.report.stay_bands import ENDS, TITLES, bands
from tests.report.fakes import DAY, HOUR, Writer, case_logs, run_logs, world

BEFORE = world("Before")


def digested(of, logs):
    """Digest a log of a world whose steps ask for one unit of one resource."""
    names = [item.name for item in of.resources]
    asked = [names.index(step.resource) if step.resource else -1 for step in of.steps]
    resource = np.array(asked)[logs.visits.step]
    rows = np.flatnonzero(resource >= 0)
    return hours.hours_and_days(of, logs, (rows, resource[rows].astype(np.int16)))


def test_the_mean_of_the_hours_is_the_mean_of_the_days() -> None:
    logs = run_logs(BEFORE, 1, people=500)
    found = digested(BEFORE, logs)[0].of_the_day
    for code in range(len(BEFORE.resources)):
        days = daily_use(logs.holds, [code], logs.horizon)[int(BEFORE.warm_up // DAY) :]
        assert found.in_use[code].mean() == pytest.approx(days.mean())


def test_who_comes_in_an_hour_is_counted_there_with_their_wait() -> None:
    onset = BEFORE.warm_up + 2 * DAY + 9 * HOUR + 30
    found = digested(BEFORE, case_logs(BEFORE, onset))[0].of_the_day
    calls = [item.name for item in BEFORE.resources].index("call_handlers")
    assert found.joined[calls].nonzero()[0].tolist() == [9]
    assert found.wait[calls][9] == 2  # as the case is written
    assert np.isnan(found.wait[calls][10])
    assert found.there == pytest.approx(BEFORE.duration / DAY)


def test_an_hour_of_the_week_is_of_its_weekday() -> None:
    """The run begins on whatever day it begins on."""
    onset = BEFORE.warm_up + 2 * DAY + 9 * HOUR + 30
    weekday = BEFORE.moment(onset).weekday()
    week, _ = digested(BEFORE, case_logs(BEFORE, onset))
    calls = [item.name for item in BEFORE.resources].index("call_handlers")
    assert week.joined[calls].nonzero()[0].tolist() == [weekday * 24 + 9]
    assert week.there.sum() == pytest.approx(BEFORE.duration / HOUR)


def test_days_are_the_measured_ones_with_their_means() -> None:
    logs = run_logs(BEFORE, 1, people=500)
    _, days = digested(BEFORE, logs)
    first = int(BEFORE.warm_up // DAY)
    assert days.first == first
    for code in range(len(BEFORE.resources)):
        expected = daily_use(logs.holds, [code], logs.horizon)[first:]
        assert days.in_use[code] == pytest.approx(expected)
    measured = (logs.episodes.parent < 0) & (logs.episodes.onset >= BEFORE.warm_up)
    assert days.begun.sum() == measured.sum()


def test_tables_of_hours_and_days_have_a_row_for_each_and_leave_out_what_never_is() -> None:
    kept = [digested(BEFORE, run_logs(BEFORE, number, people=500)) for number in (1, 2, 3)]
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


PRACTICES = """
title: Two practices
run: {start: 2024-01-01, duration: 14 days, replications: 1}
people: {number: 2000, attributes: {practice: {shares: {north: 0.7, south: 0.3}}}}
crises: {need: {rate: 4000, first: see}}
resources: {gp: {title: GPs, per: practice, capacity: {by: practice, north: 2, south: 1}}}
pathway: {see: {seize: gp, patience: 2 h, renege_to: left, delay: 30 min, route: home}}
outcomes: {home: Home, left: Left}
"""


def test_pools_of_one_resource_have_their_own_hours_and_one_service(tmp_path: Path) -> None:
    """A run of one of them ended in a traceback."""
    (tmp_path / "practices.yaml").write_text(PRACTICES)
    results = sim.run(tmp_path / "practices.yaml", workers=1)
    (kept,) = results.digests
    logs = results.logs(1)
    of_pool = np.bincount(logs.holds.resource, minlength=2)
    served = kept.week.served.sum(axis=1)
    assert served.tolist() == of_pool.tolist() and served.min() > 0
    left = kept.week.joined.sum(axis=1) - served
    assert left.sum() == len(logs.visits.step) - len(logs.holds.resource)
    assert "GPs" in kept.moves.nodes
    page = results.report(tmp_path / "page.html").read_text(encoding="utf-8")
    assert "GPs: south" in page
