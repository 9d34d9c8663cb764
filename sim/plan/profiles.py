"""How crisis rates vary over the horizon: one factor per hour, from hour, weekday, month, growth.

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
from sim.scenario.language.model import Crisis

HOUR = 60.0


def profiles(
    crises: Sequence[Crisis], keys: Sequence[int], start: date, horizon: float
) -> Profiles:
    """Rate factors of every crisis in every hour from `start` until the horizon (minutes)."""
    hours = int(np.ceil(horizon / HOUR))
    days = days_from(start, -(-hours // 24))
    rows = [demand_by_hour(item.profile, days, start).reshape(-1)[:hours] for item in crises]
    return Profiles(
        factor=np.array(rows, dtype=np.float64),
        day_to_day=np.array([crisis.profile.day_to_day.own for crisis in crises]),
        key_day=np.array(keys, dtype=np.uint64),
        shared_days=np.array([crisis.profile.day_to_day.cv for crisis in crises]),
        key_shared=np.array(
            [name_key("shared days", crisis.profile.day_to_day.shared or "") for crisis in crises],
            dtype=np.uint64,
        ),
        first_day=start.toordinal(),
    )
