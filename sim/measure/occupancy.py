"""How many units of a resource are held over time: for plots, checks and distributions."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from sim.engine.logs import Logs
from sim.measure.arrays import Floats
from sim.measure.context import Context
from sim.measure.joined_logs import open_ended

Counts = npt.NDArray[np.int64]


def occupancy(
    context: Context, logs: Logs, resource: str, times: npt.ArrayLike
) -> npt.NDArray[np.int64]:
    """Units of a resource held at given moments, turnaround left out.

    Parameters
    ----------
    context
        Names of the resources.
    logs
        One replication.
    resource
        Name of a resource.
    times
        Moments in minutes since the start of the run, in any order.

    Returns
    -------
    array of int64
        Units held just after everything that happens at each moment.
    """
    seized, released = _held(context, logs, resource)
    at = np.asarray(times, dtype=np.float64)
    begun = np.searchsorted(np.sort(seized), at, side="right")
    over = np.searchsorted(np.sort(released), at, side="right")
    return np.asarray(begun - over, dtype=np.int64)


def occupancy_shares(context: Context, logs: Logs, resource: str) -> Floats:
    """Share of the measured time in which 0, 1, 2, ... units were held."""
    return shares_open(*_held(context, logs, resource), context.warm_up, context.horizon)


def shares_open(begins: Floats, ends: Floats, since: float, until: float) -> Floats:
    """Share of a time in which 0, 1, 2, ... intervals are open.

    Parameters
    ----------
    begins, ends
        Intervals [begin, end) in minutes; an end may be infinite.
    since, until
        The time, in minutes.
    """
    moments, number = step_function(begins, ends)
    inside = (moments > since) & (moments < until)
    edges = np.concatenate([[since], moments[inside], [until]])
    there = number[np.searchsorted(moments, edges[:-1], side="right") - 1]
    return np.bincount(there, weights=np.diff(edges)) / (until - since)


def step_function(begins: Floats, ends: Floats) -> tuple[Floats, Counts]:
    """Number of intervals open over time.

    Parameters
    ----------
    begins, ends
        Intervals [begin, end) in minutes; an end may be infinite.

    Returns
    -------
    moments, number
        From each moment on, so many intervals are open. The first moment is minus infinity;
        moments increase strictly.
    """
    finite = np.sort(ends[np.isfinite(ends)])
    begins = np.sort(begins)
    moments = np.concatenate([[-np.inf], begins, finite])
    # two sorted runs, which a stable sort merges in linear time
    moments.sort(kind="stable")
    moments = moments[np.append(moments[1:] != moments[:-1], True)]
    number = np.searchsorted(begins, moments, side="right") - np.searchsorted(
        finite, moments, side="right"
    )
    return moments, np.asarray(number, dtype=np.int64)


def _held(context: Context, logs: Logs, resource: str) -> tuple[Floats, Floats]:
    if resource not in context.resources:
        known = ", ".join(context.resources) or "none"
        raise KeyError(f"no resource {resource!r}; resources: {known}")
    rows: npt.NDArray[Any] = np.flatnonzero(
        logs.holds.resource == context.resources.index(resource)
    )
    return logs.holds.seized[rows], open_ended(logs.holds.released[rows])
