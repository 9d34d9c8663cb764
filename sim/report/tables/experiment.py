"""What an experiment found, as tables and sentences for a terminal: ranking, and who did what."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.experiment.intervals import FEWEST
from sim.report.tables import numbers
from sim.report.tables.grids import Grid, Row, Section
from sim.report.tables.headline import headline_from
from sim.report.tables.rows import MEASURED_IN

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.tasks.outcomes import Outcomes

#: policies of a ranking that are shown, besides the baseline; all are in the files
SHOWN = 12

#: probability from which a policy is called the best without more words
CLEAR = 0.95


def headline_of(named: Sequence[str], outcomes: Outcomes) -> tuple[str, ...]:
    """The measures to judge by: those named, else what the baseline has of the usual ones."""
    measured = tuple(name for name in named if name in outcomes.measures)
    if measured:
        return measured
    first = outcomes.values[0]
    known = ~np.isnan(first)
    means = np.where(known, first, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    totals = dict(zip(outcomes.measures, means.tolist(), strict=True))
    waits = {name: mean for name, mean in totals.items() if name.startswith("pool_wait_mean/")}
    longest = max(waits, key=lambda name: waits[name], default="")
    found = headline_from(totals, longest.partition("/")[2])
    there = tuple(name for name in found if name in outcomes.measures)
    return there or outcomes.measures[:1]


def ranking_grids(ranking: pd.DataFrame) -> Iterator[Grid]:
    """A table for each headline measure: policies from the best to the worst."""
    for (measure, of), rows in ranking.groupby(["measure", "of"], sort=False):
        baseline = rows[(rows["low_of_all"] == 0) & (rows["difference"] == 0)]
        shown = rows.head(SHOWN)
        missing = baseline[~baseline.index.isin(shown.index)].head(1)
        cells = [_ranked(row) for frame in (shown, missing) for row in frame.to_dict("records")]
        left = len(rows) - len(cells)
        notes = [f"and {left} more, in ranking.csv"] if left else []
        yield Grid(
            title=f"{_title(str(measure), str(of))}, the best first",
            columns=("", "value", "against the baseline", "for all at once", "best"),
            sections=(Section("", tuple(cells)),),
            notes=tuple(notes),
            spare=("for all at once",),
        )


def _ranked(row: Mapping[Any, Any]) -> Row:
    unit = str(row["unit"])
    difference, low, high = (_number(row[name]) for name in ("difference", "low", "high"))
    all_low, all_high = _number(row["low_of_all"]), _number(row["high_of_all"])
    is_baseline = difference == 0 and all_low == 0 and all_high == 0
    kind = row["interval"]
    paired = (
        numbers.difference(difference, low, high, unit, kind=kind) if math.isfinite(low) else ""
    )
    scale = numbers.difference_scale(difference, all_low, all_high, unit)
    bounds = f"{scale.write(all_low)} to {scale.write(all_high)}" if math.isfinite(all_low) else ""
    return Row(
        (
            str(row["policy"]),
            numbers.value(_number(row["value"]), unit),
            "" if is_baseline else paired,
            "" if is_baseline else bounds,
            f"{_number(row['best']):.0%}" if row["pairs"] >= FEWEST else "",
        ),
        "quiet" if is_baseline else "",
    )


def shares_grid(shares: pd.DataFrame) -> Iterator[Grid]:
    """A table for each headline measure: what each option does alone, last, and of all.

    What two do together beyond what each adds by itself has a section of its own.
    """
    for (measure, of), rows in shares.groupby(["measure", "of"], sort=False):
        unit = str(rows["unit"].iloc[0])
        by_option: dict[str, dict[str, str]] = {}
        pairs = []
        for row in rows.to_dict("records"):
            cell = _effect(row, unit)
            if row["effect"] == "interaction":
                pairs.append(Row((str(row["option"]), "", "", cell), "quiet"))
            else:
                by_option.setdefault(str(row["option"]), {})[str(row["effect"])] = cell
        together = by_option.pop("all", {}).get("together", "")
        lines = [
            Row((name, each.get("alone", ""), each.get("last", ""), each.get("share", "")))
            for name, each in by_option.items()
        ]
        lines.append(Row(("all together", "", "", together)))
        yield Grid(
            title=f"{_title(str(measure), str(of))}: who did what",
            columns=("", "alone", "added last", "share of all together"),
            sections=(
                Section("", tuple(lines)),
                Section("Two together, beyond what each adds by itself", tuple(pairs)),
            ),
            spare=("added last",),
        )


def _effect(row: Mapping[Any, Any], unit: str) -> str:
    mean, low, high = (_number(row[name]) for name in ("mean", "low", "high"))
    if not math.isfinite(low):
        return numbers.value(mean, unit)
    return numbers.difference(mean, low, high, unit, kind=row["interval"])


def sentences(ranking: pd.DataFrame) -> Iterator[str]:
    """Which policy is best in each headline measure, and how surely."""
    for (measure, of), rows in ranking.groupby(["measure", "of"], sort=False):
        first = rows.iloc[0].to_dict()
        change, unit = _number(first["difference"]), str(first["unit"])
        best = _number(first["best"])
        pairs = int(first["pairs"])
        if pairs < FEWEST:
            how = f"best on average of {pairs}, too few to say more"
        else:
            how = "the best" if best >= CLEAR else f"best with probability {best:.0%}"
        words = f"{_title(str(measure), str(of))}: {first['policy']} is {how}"
        if change:
            low, high = _number(first["low"]), _number(first["high"])
            kind = first["interval"]
            known = math.isfinite(low)
            bounds = numbers.difference(change, low, high, unit, kind=kind) if known else ""
            words += f", {bounds or numbers.value(change, unit)} against the baseline"
        yield words + "."


def so_far(outcomes: Outcomes, headline: Sequence[str]) -> str:
    """The first headline measure of the replications so far, in one line; empty if none has it."""
    from sim.experiment.findings.paired import paired
    from sim.measure import definitions

    for name in headline:
        table = paired(outcomes, name)
        measure, _, of = name.partition("/")
        definition = definitions()[measure]
        if not table.values.shape[1] or not definition.direction:
            continue
        means = table.values.mean(axis=1)
        best = int(np.argmax(definition.direction * means))
        baseline, value = (numbers.value(float(means[at]), definition.unit) for at in (0, best))
        return (
            f"So far, {len(outcomes.replications)} of every variant: {_title(measure, of)} "
            f"{baseline} in {table.policies[0]}, at best {value} in {table.policies[best]}"
        )
    return ""


def _title(measure: str, of: str) -> str:
    from sim.measure import definitions

    meaning = definitions()[measure]
    title = f"{meaning.title}, {of}" if of else meaning.title
    return f"{title} ({meaning.unit})" if meaning.unit in MEASURED_IN else title


def _number(value: Any) -> float:
    return float(value)
