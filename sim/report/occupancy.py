"""Beds in use over time, in every arm, beside the beds there are.

Occupancy of a day is the exact mean over its 1,440 minutes of units held, not a count at
midnight. Needs only the holds of a log; nothing is drawn here (see `pictures.beds`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.measure.occupancy import shares_open
from sim.report.world import DAY, World
from sim.scenario.analysis.averages import daily_units, days_from, in_force

if TYPE_CHECKING:
    from sim.engine.logs import Holds

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Occupancy:
    """Beds of one kind in one arm, day by day.

    `used` has shape (replications, days): mean units in use. `capacity` has shape (days,):
    mean units there are, NaN where unlimited. Day 0 is the first day of the run.
    """

    arm: str
    kind: str
    used: Floats
    capacity: Floats
    warm_up_days: float

    @property
    def mean_used(self) -> float:
        """Mean units in use after the warm-up, over all replications."""
        return float(self.used[:, self._measured].mean())

    @property
    def mean_share(self) -> float:
        """Mean share of capacity in use after the warm-up; NaN if a capacity is unlimited."""
        there = float(self.capacity[self._measured].sum())
        used = float(self.used[:, self._measured].mean(axis=0).sum())
        return used / there if there else float("nan")

    @property
    def _measured(self) -> slice:
        return slice(int(np.ceil(self.warm_up_days)), None)


def daily_use(holds: Holds, resources: Iterable[int], horizon: float) -> Floats:
    """Mean units in use on each whole day of one replication.

    Parameters
    ----------
    holds
        The holds of one log; a release that was not reached is NaN.
    resources
        Codes of the resources that are added up.
    horizon
        End of the log in minutes; a last part of a day is left out.
    """
    chosen = np.isin(holds.resource, np.fromiter(resources, dtype=np.int64))
    seized = holds.seized[chosen]
    released = np.where(np.isnan(holds.released[chosen]), horizon, holds.released[chosen])
    edges: Floats = np.arange(int(horizon // DAY) + 1, dtype=np.float64) * DAY
    minutes = elapsed(seized, edges) - elapsed(released, edges)
    return np.diff(minutes) / DAY


def elapsed(starts: Floats, edges: Floats) -> Floats:
    """Sum over starts of the time from each start until each edge; shape (edges,)."""
    ordered = np.sort(starts)
    sums = np.concatenate(([0.0], np.cumsum(ordered)))
    before = np.searchsorted(ordered, edges)
    total: Floats = before * edges - sums[before]
    return total


def shares_in_use(world: World, holds: Holds) -> tuple[Floats, ...]:
    """For each resource, the share of the measured time in which 0, 1, 2, ... units were held."""
    released = np.where(np.isnan(holds.released), np.inf, holds.released)
    rows = np.argsort(holds.resource, kind="stable")
    at = np.searchsorted(holds.resource[rows], np.arange(len(world.resources) + 1))
    return tuple(
        shares_open(holds.seized[mine], released[mine], world.warm_up, world.horizon)
        for mine in (rows[at[code] : at[code + 1]] for code in range(len(world.resources)))
    )


def daily_capacity(world: World, resources: Iterable[int], days: int) -> Floats:
    """Mean units of the named resources on each day of the run; NaN while one is unlimited."""
    laid = days_from(world.start, days, dict(world.holidays))
    total = np.zeros(days)
    for code in resources:
        for capacity, here in in_force(world.resources[code].capacity, laid):
            units = daily_units(capacity)[laid.weekday[here]]
            total[here] += np.where(np.isinf(units), np.nan, units)
    return total


def occupancy(arm: str, world: World, kind: str, used: Sequence[Floats]) -> Occupancy | None:
    """Put the replications of one arm together.

    Returns
    -------
    Occupancy or None
        None if there are no beds of this kind, or not one whole day is measured.
    """
    codes = world.beds(kind)
    if not codes or not used or len(used[0]) <= np.ceil(world.warm_up / DAY):
        return None
    stacked = np.stack(list(used))
    capacity = daily_capacity(world, codes, stacked.shape[1])
    return Occupancy(arm, kind, stacked, capacity, world.warm_up / DAY)
