"""Stays in beds by how long they were: what a mean length of stay hides.

A stay is the unbroken time of one episode in beds of one kind (as in `sim.measure.stays`);
those that ended in the measured time count. Nothing is drawn here (see `pictures.stay_bands`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from sim.report.occupancy import Floats
from sim.report.world import DAY, World

if TYPE_CHECKING:
    from sim.engine.logs import Holds

#: upper ends of the bands, in days; the last band has none
ENDS = (1.0, 2.0, 4.0, 8.0, 15.0, 22.0)

#: by whole days, as hospitals publish them
TITLES = (
    *("0 days", "1 day", "2 to 3 days", "4 to 7 days"),
    *("8 to 14 days", "15 to 21 days", "22 days or more"),
)


def bands(world: World, holds: Holds, beds: Iterable[int]) -> Floats:
    """Stays that ended in the measured time, by band; shape (bands,)."""
    rows = np.flatnonzero(np.isin(holds.resource, np.fromiter(beds, dtype=np.int64)))
    rows = rows[np.lexsort((holds.seized[rows], holds.episode[rows]))]
    begin, end = holds.seized[rows], holds.released[rows].copy()
    end[np.isnan(end)] = np.inf
    stays: list[list[float]] = []
    whose = -1
    for episode, since, until in zip(
        holds.episode[rows].tolist(), begin.tolist(), end.tolist(), strict=True
    ):
        if episode == whose and since <= stays[-1][1]:
            stays[-1][1] = max(stays[-1][1], until)
        else:
            stays.append([since, until])
            whose = episode
    found = np.array(stays, dtype=np.float64).reshape(-1, 2)
    ended = (found[:, 1] >= world.warm_up) & (found[:, 1] < world.horizon)
    days = (found[ended, 1] - found[ended, 0]) / DAY
    return np.bincount(np.searchsorted(ENDS, days, side="right"), minlength=len(TITLES)).astype(
        np.float64
    )
