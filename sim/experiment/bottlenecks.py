"""Which pools bind: one row per resource, the one that holds up most people first.

A pool can be full because too many come, or because those who hold its units wait for something
behind it: a cubicle whose patient waits for a ward. Only the first is a bottleneck. So the people
who wait for a pool count for it by the share of its use that is *not* such waiting, and the rest
points at what comes behind.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

#: column of the frame: the measure it is the mean over replications of
COLUMNS: Mapping[str, str] = {
    "capacity": "capacity_mean",
    "held_mean": "in_use_mean",
    "held_max": "in_use_max",
    "utilisation": "utilisation",
    "waiting_share": "pool_waiting_share",
    "queue_mean": "queue_length_mean",
    "queue_max": "queue_length_max",
    "wait_mean": "pool_wait_mean",
    "wait_p95": "pool_wait_p95",
    "reneged": "pool_reneged",
    "balked": "pool_balked",
    "still_waiting": "pool_still_waiting",
}

#: hours of waiting for which somebody who gives up or is turned away counts in the order
LOST_HOURS = 1.0

#: share of the time held that must be waiting for a pool to stand below what it waits for
MOSTLY = 0.5

#: a pool is listed first if it holds up at least so many people, on average, or is as full as that
LEAST_HELD_UP, FULL = 0.01, 0.85


def bottlenecks(measures: pd.DataFrame, days: float, beds: Mapping[str, str]) -> pd.DataFrame:
    """Make the table of bottlenecks of one arm.

    Parameters
    ----------
    measures
        Tidy measures of all replications.
    days
        Length of the measured time.
    beds
        For each resource its kind of bed, empty for none.

    Returns
    -------
    pandas.DataFrame
        Columns `resource`, `bed`, those of `COLUMNS` (means over replications; capacity,
        utilisation and shares are NaN where there is none; waits in minutes; `held_max` and
        `queue_max` the mean of each replication's largest, `reneged` and `balked` visits in the
        measured time), `held_up` (people waiting on average, less those who wait because the
        pool's own holders wait for something else, and `LOST_HOURS` for everybody who gave up or
        was turned away; only the order is made of it) and `binds` (whether it is worth listing).
        Largest `held_up` first, then the fullest; below these the pools whose units mostly wait for
        something else.
    """
    import numpy as np
    import pandas as pd

    chosen = measures[(measures["by"] == "") & measures["measure"].isin(COLUMNS.values())]
    means = chosen.groupby(["of", "measure"], sort=False)["value"].mean().unstack("measure")
    means = means.reindex(index=list(beds), columns=list(COLUMNS.values()))
    means.columns = pd.Index(COLUMNS)
    lost = (means["reneged"] + means["balked"]).fillna(0.0) * LOST_HOURS / (24 * days)
    waiting = means["queue_mean"].fillna(0.0) * (1 - means["waiting_share"].fillna(0.0))
    means["held_up"] = waiting + lost
    means["binds"] = (means["held_up"] >= LEAST_HELD_UP) | (means["utilisation"] >= FULL)
    means.insert(0, "bed", [beds[name] for name in means.index])
    # where units mostly wait, the queue is that of what comes behind, however long it has become
    means["behind"] = means["waiting_share"].fillna(0.0) >= MOSTLY
    ordered = means.sort_values(
        ["behind", "held_up", "utilisation"],
        ascending=[True, False, False],
        kind="stable",
        na_position="last",
    ).drop(columns="behind")
    result = ordered.rename_axis("resource").reset_index()
    return result.replace({np.inf: np.nan})


def together(frames: Sequence[tuple[str, pd.DataFrame]]) -> pd.DataFrame:
    """Tables of several arms, one after the other, with a first column `arm`."""
    import pandas as pd

    named = [frame.assign(arm=name) for name, frame in frames]
    whole = pd.concat(named, ignore_index=True)
    return whole[["arm", *(column for column in whole if column != "arm")]]
