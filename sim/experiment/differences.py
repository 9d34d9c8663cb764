"""Paired differences: each replication of an alternative minus the same one of the baseline.

Both arms of replication k have the same people with the same luck, so what they share cancels
and what is left is the change. The interval is over the differences, never the difference of
two intervals.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.experiment.intervals import difference_interval

if TYPE_CHECKING:
    import pandas as pd

    from sim.measure.definition import Definition

#: what names one number: the measure, what it is of, and the breakdown
KEYS = ["measure", "of", "by", "level"]

#: columns of a frame of differences
COLUMNS = [
    "alternative",
    *KEYS,
    "unit",
    "baseline",
    "value",
    "difference",
    "low",
    "high",
    "interval",
    "percent",
    "better",
    "same",
    "worse",
    "share_better",
    "replications",
]

Floats = npt.NDArray[np.float64]


def paired_differences(
    baseline: pd.DataFrame,
    alternative: pd.DataFrame,
    name: str,
    known: Mapping[str, Definition],
) -> pd.DataFrame:
    """Differences of every number two arms have in common.

    Parameters
    ----------
    baseline, alternative
        Tidy measures with columns `replication`, `measure`, `of`, `by`, `level`, `value`, `unit`.
    name
        Name of the alternative, for the column `alternative`.
    known
        The measures by name: which way each is better, and how large it can be.

    Returns
    -------
    pandas.DataFrame
        One row per number, in the order of the measures. `baseline` and `value` are the means of
        the two arms over the pairs (without any pair, over what the arm has), `difference` the
        mean of value minus baseline, `low` and `high` its bounds and `interval` what they are
        (`sim.experiment.intervals.Kind`), `percent` the difference in per cent of the baseline,
        `better`, `same` and `worse` numbers of replications (missing where neither more nor less
        is better), and `replications` the pairs in which both arms are defined. A number that one
        arm does not have (a step that only one world has) has no pairs and no difference.
    """
    import pandas as pd

    ours, theirs = _wide(baseline), _wide(alternative)
    units = {**_units(alternative), **_units(baseline)}
    replications = sorted(set(ours.columns) & set(theirs.columns))
    keys = list(dict.fromkeys([*_keys(baseline), *_keys(alternative)]))
    before = ours.reindex(index=keys, columns=replications).to_numpy(np.float64)
    after = theirs.reindex(index=keys, columns=replications).to_numpy(np.float64)
    rows = [
        [name, *key, units[key], *_numbers(one, other, known[key[0]])]
        for key, one, other in zip(keys, before, after, strict=True)
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def _keys(measures: pd.DataFrame) -> list[tuple[str, ...]]:
    return list(measures[KEYS].drop_duplicates().itertuples(index=False, name=None))


def _units(measures: pd.DataFrame) -> dict[tuple[str, ...], str]:
    first = measures.drop_duplicates(KEYS)
    return dict(zip(_keys(first), first["unit"], strict=True))


def _wide(measures: pd.DataFrame) -> pd.DataFrame:
    """One row per number, one column per replication."""
    return measures.set_index([*KEYS, "replication"])["value"].unstack("replication")


def _numbers(before: Floats, after: Floats, measure: Definition) -> list[float | str]:
    """What `COLUMNS` asks for from `baseline` on, for one number."""
    both = ~(np.isnan(before) | np.isnan(after))
    change = after[both] - before[both]
    interval, direction = difference_interval(change, measure.most), measure.direction
    baseline, value = _shown(before, both), _shown(after, both)
    percent = percentage(interval.mean, baseline)
    bounds: list[float | str] = [interval.low, interval.high, interval.kind]
    head = [baseline, value, interval.mean, *bounds, percent]
    if direction == 0 or not interval.number:
        return [*head, math.nan, math.nan, math.nan, math.nan, interval.number]
    better = int(np.sum(change * direction > 0))
    same = int(np.sum(change == 0))
    worse = interval.number - better - same
    return [*head, better, same, worse, better / interval.number, interval.number]


def loses_people(differences: pd.DataFrame, alternative: str) -> bool:
    """Whether clearly more people gave up or were turned away, and were seen by nobody since.

    Parameters
    ----------
    differences
        As made by `paired_differences`.
    alternative
        Name of the alternative.
    """
    return bool((_lost(differences, alternative)["low"] > 0).any())


def keeps_people(differences: pd.DataFrame, alternative: str) -> bool:
    """Whether clearly fewer did, so that the alternative sees people whom the baseline loses."""
    return bool((_lost(differences, alternative)["high"] < 0).any())


def _lost(differences: pd.DataFrame, alternative: str) -> pd.DataFrame:
    rows = differences[
        (differences["alternative"] == alternative)
        & (differences["measure"] == "never_seen")
        & (differences["by"] == "")
    ]
    return rows


def percentage(number: float, baseline: float) -> float:
    """A difference in per cent of the baseline; NaN if the baseline is zero."""
    return 100 * number / abs(baseline) if baseline else math.nan


def _shown(values: Floats, both: npt.NDArray[np.bool_]) -> float:
    """The mean over the pairs, so that value less baseline is the difference.

    Without any pair there is no difference, and the mean is over what the arm has.
    """
    known = values[both] if both.any() else values[~np.isnan(values)]
    return float(known.mean()) if known.size else math.nan
