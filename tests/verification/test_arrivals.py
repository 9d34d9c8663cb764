"""Arrivals follow their profile; the naive way of drawing them would not.

The naive way draws the gap to the next arrival at the present hour's rate. A gap that begins in a
quiet hour then reaches far into the busy one, and the morning's rise comes late.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import stats

from sim.engine import run
from sim.plan.compile import compile_plan
from sim.scenario import load

Floats = npt.NDArray[np.float64]

#: quiet nights, a rise at seven, a busy day; and the same with a night in which nothing happens
RISE = (*[0.15] * 7, *[2.0] * 6, *[1.5] * 6, *[0.6] * 5)
CLOSED = (*[0.0] * 7, *RISE[7:])
MEAN_PER_HOUR = 2.0
DAYS = 400

#: a test that the truth fails once in a thousand times
SURE = 1e-3


def test_arrivals_by_hour_match_the_profile(tmp_path: Path) -> None:
    assert fit(by_hour(_arrivals(tmp_path, {"hour": list(RISE)})), RISE) > SURE


def test_hours_without_demand_have_no_arrivals(tmp_path: Path) -> None:
    counts = by_hour(_arrivals(tmp_path, {"hour": list(CLOSED)}))
    assert counts[:7].sum() == 0
    assert fit(counts[7:], CLOSED[7:]) > SURE


def test_arrivals_by_weekday_and_month_match_the_profile(tmp_path: Path) -> None:
    weekday = [1, 2, 1, 1, 3, 0.5, 0]
    times = _arrivals(tmp_path, {"weekday": weekday})
    counts = np.bincount((times // 1440.0).astype(int) % 7, minlength=7)  # day 0 is a Monday
    days = np.array([len(range(day, DAYS, 7)) for day in range(7)])
    assert counts[6] == 0
    assert fit(counts[:6], (np.array(weekday) * days)[:6]) > SURE


def test_unit_gaps_in_operational_time_are_exponential(tmp_path: Path) -> None:
    """Run through the cumulative rate, arrivals are a Poisson process of rate 1."""
    times = _arrivals(tmp_path, {"hour": list(RISE), "growth": 0.5})
    growth = 1.5 ** (np.arange(DAYS) / 365.0)
    rates = MEAN_PER_HOUR * np.outer(growth, np.array(RISE) / np.mean(RISE)).ravel()
    cumulative = np.interp(times, np.arange(DAYS * 24 + 1) * 60.0, np.r_[0.0, np.cumsum(rates)])
    assert stats.kstest(np.diff(cumulative), "expon").pvalue > SURE


def test_the_naive_way_fails_the_same_test_by_a_third_at_the_morning_rise() -> None:
    counts = by_hour(naive_arrivals(np.random.default_rng(1)))
    assert fit(counts, RISE) < 1e-12
    expected = MEAN_PER_HOUR * DAYS * RISE[7] / np.mean(RISE)
    assert counts[7] < 0.75 * expected


def by_hour(times: Floats) -> npt.NDArray[np.int64]:
    """Number of arrivals in each hour of the day; times in minutes."""
    return np.bincount((times % 1440.0 // 60.0).astype(int), minlength=24)


def fit(counts: Any, shape: Any) -> float:
    """p-value of the chi-squared test of Poisson counts against a shape and the known mean."""
    shape = np.array(shape, dtype=float)
    expected = shape / shape.sum() * counts.sum()
    return float(stats.chisquare(counts, expected).pvalue)


def naive_arrivals(rng: np.random.Generator) -> Floats:
    """Draw arrivals the naive way, for this test only: never do it like this."""
    rates = MEAN_PER_HOUR / 60.0 * np.array(RISE) / np.mean(RISE)
    now, times = 0.0, []
    while now < DAYS * 1440.0:
        now += rng.exponential(1.0 / rates[int(now % 1440.0 // 60.0)])
        times.append(now)
    return np.array(times[:-1])


def _arrivals(folder: Path, profile: dict[str, Any]) -> Floats:
    """Times of arrivals of a scenario with a profile, in minutes from a Monday."""
    from tests.generator import Invented

    tree = {
        "title": "Arrivals",
        "run": {"start": "2024-01-01", "duration": f"{DAYS} days"},
        "people": {"number": 100_000},
        "crises": {"need": {"rate": f"{MEAN_PER_HOUR} per hour", "profile": profile,
                            "first": "visit"}},
        "pathway": {"visit": {"delay": "1 min", "route": "done"}},
    }  # fmt: skip
    plan = compile_plan(load(Invented(tree, "").write(folder)).model)
    logs = run(plan, 1, 1)
    return np.sort(np.concatenate([logs.episodes.onset, logs.absorbed.at]))
