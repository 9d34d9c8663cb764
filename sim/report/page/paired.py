"""Sums of measures over things, paired replication by replication.

A mean of sums is the sum of the means, but an interval of a sum is not that of its parts: what a
service does in all has to be added up within each replication first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from sim.experiment.intervals import difference_interval
from sim.report.occupancy import Floats
from sim.report.page.arms import Arm
from sim.report.tables.rows import Difference, Meaning


def by_thing(arm: Arm, measure: str) -> Mapping[str, Floats]:
    """Numbers of a measure, overall and as measured: one per replication for each thing."""
    frame = arm.results.measures
    chosen = frame[(frame["measure"] == measure) & (frame["by"] == "")]
    return {
        str(of): group.sort_values("replication")["value"].to_numpy(np.float64)
        for of, group in chosen.groupby("of", sort=False)
    }


def total(values: Mapping[str, Floats], of: Iterable[str], number: int) -> Floats:
    """Sum over things, replication by replication; what is not there or not known adds nothing."""
    found = [np.nan_to_num(values[name]) for name in of if name in values]
    result: Floats = np.sum(found, axis=0) if found else np.zeros(number)
    return result


def difference(meaning: Meaning, before: Floats, after: Floats) -> Difference:
    """Two arms' numbers as a line of a report."""
    change = after - before
    interval = difference_interval(change)
    better = int((change * meaning.direction > 0).sum()) if meaning.direction else float("nan")
    same = int((change == 0).sum()) if meaning.direction else float("nan")
    worse = len(change) - better - same
    return Difference(
        measure="",
        of="",
        meaning=meaning,
        baseline=float(before.mean()),
        alternative=float(after.mean()),
        difference=interval.mean,
        low=interval.low,
        high=interval.high,
        better=better,
        same=same,
        worse=worse,
        replications=len(change),
        interval=interval.kind,
    )
