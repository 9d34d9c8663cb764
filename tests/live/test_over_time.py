"""Curves are shown only of pools whose evenly spaced moments are like the rest of the time."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import numpy as np

from sim.live.over_time import seen
from sim.live.worlds import Told


def test_a_pool_that_is_shut_at_the_moments_looked_at_is_not_shown() -> None:
    minutes = 4 * 1440.0
    names = ("ward", "clinic", "idle")
    pools = [SimpleNamespace(name=name, title=name.title()) for name in names]
    run = SimpleNamespace(duration=minutes)
    loaded = SimpleNamespace(model=SimpleNamespace(run=run))
    told = cast(Told, SimpleNamespace(loaded=loaded, meaning=SimpleNamespace(resources=pools)))
    backlog = SimpleNamespace(
        waiting=np.array([[1, 0, 2, 1], [0, 0, 0, 0], [0, 0, 0, 0]]),
        in_use=np.array([[9, 10, 10, 11], [0, 0, 0, 0], [0, 0, 0, 0]]),
        busy=np.array([10.2, 1.5, 0.0]) * minutes,  # the clinic is open by day, looked at by night
    )
    outcomes: Any = [SimpleNamespace(backlog=backlog)]
    assert seen((told, outcomes)) == [{"name": "ward", "title": "Ward"}]
