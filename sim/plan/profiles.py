"""How crisis rates vary over the horizon: one factor per hour, from hour, weekday, month, growth.

The yearly rate of a crisis is its rate where all factors are 1: each profile is scaled to a mean
of 1 (hours over each day, days over the week, months over the year).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from sim.plan.plan import Floats, Profiles
from sim.scenario.model import Crisis, Profile

HOUR = 60.0


def profiles(
    crises: Sequence[Crisis], keys: Sequence[int], start: date, horizon: float
) -> Profiles:
    """Rate factors of every crisis in every hour from `start` until the horizon (minutes)."""
    hours = int(np.ceil(horizon / HOUR))
    days = [start + timedelta(days=number) for number in range(-(-hours // 24))]
    rows = [_hourly(crisis.profile, days, start)[:hours] for crisis in crises]
    return Profiles(
        factor=np.array(rows, dtype=np.float64),
        day_to_day=np.array([crisis.profile.day_to_day for crisis in crises]),
        key_day=np.array(keys, dtype=np.uint64),
        first_day=start.toordinal(),
    )


def _hourly(profile: Profile, days: Sequence[date], start: date) -> Floats:
    """Factor in each hour of the given days, laid end to end."""
    weekday = np.array([day.weekday() for day in days])
    daily = np.ones(len(days))
    if profile.weekday is not None:
        daily *= _mean_one(profile.weekday)[weekday]
    if profile.month is not None:
        daily *= _mean_one(profile.month)[np.array([day.month - 1 for day in days])]
    if profile.growth:
        since = (start - (profile.growth_from or start)).days
        years = (np.arange(len(days)) + since) / 365.0
        daily *= (1.0 + profile.growth) ** years
    hourly = np.ones((7, 24))
    if profile.hour is not None:
        hourly = np.array([_mean_one(row) for row in profile.hour])
    factors: Floats = (daily[:, None] * hourly[weekday]).reshape(-1)
    return factors


def _mean_one(factors: Sequence[float]) -> Floats:
    """The factors scaled to a mean of 1."""
    array = np.array(factors, dtype=np.float64)
    scaled: Floats = array * (len(array) / array.sum())
    return scaled
