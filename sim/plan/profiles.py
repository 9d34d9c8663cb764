"""How rates vary over the horizon: one factor per hour, from hour, weekday, month and growth.

The yearly rate of a crisis is its rate where all factors are 1: each profile is scaled to a mean
of 1 (hours over each day, days over the week, months over the year).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from sim.plan.keys import name_key
from sim.plan.plan import Profiles
from sim.scenario.analysis.averages import days_from, demand_by_hour
from sim.scenario.analysis.bank_holidays import NO_HOLIDAYS, Holidays
from sim.scenario.language.demand import Profile

HOUR = 60.0


def profiles(
    written: Sequence[Profile],
    keys: Sequence[int],
    start: date,
    horizon: float,
    holidays: Holidays = NO_HOLIDAYS,
) -> Profiles:
    """Rate factors of every profile in every hour from `start` until the horizon (minutes)."""
    hours = int(np.ceil(horizon / HOUR))
    days = days_from(start, -(-hours // 24), holidays)
    rows = [demand_by_hour(item, days, start).reshape(-1)[:hours] for item in written]
    return Profiles(
        factor=np.array(rows, dtype=np.float64),
        day_to_day=np.array([profile.day_to_day.own for profile in written]),
        key_day=np.array(keys, dtype=np.uint64),
        shared_days=np.array([profile.day_to_day.cv for profile in written]),
        key_shared=np.array(
            [name_key("shared days", profile.day_to_day.shared or "") for profile in written],
            dtype=np.uint64,
        ),
        first_day=start.toordinal(),
    )
