"""What is in doubt, for a reader: which inputs move a result, and which to measure next."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.report.tables import numbers
from sim.report.tables.grids import Grid, Row, Section

if TYPE_CHECKING:
    import pandas as pd

#: inputs listed of each result
MOST_LISTED = 8

#: changes of a result below this part of the largest are not listed
SMALL = 0.05

#: standard deviations either side of a mean in which 95 in 100 of a normal variable are
SPREAD = 1.96

#: draws below which what inputs do is hardly known
FEW_DRAWS = 10

#: share of a variance from which on its cause is said to dominate
DOMINATING = 2 / 3


def doubt_grids(doubt: pd.DataFrame) -> Iterator[Grid]:
    """A table of each policy in each headline measure: what moves its difference, most first."""
    for (measure, of, policy), rows in doubt.groupby(["measure", "of", "policy"], sort=False):
        unit = str(rows["unit"].iloc[0])
        swings = (rows["at_high"] - rows["at_low"]).abs()
        told = rows[swings > SMALL * swings.max()].head(MOST_LISTED)
        if not len(told):
            continue
        scale = numbers.scale_for(unit, *told["at_low"].tolist(), *told["at_high"].tolist())
        lines = tuple(
            Row(
                (
                    str(row["input"]),
                    f"{row['low']:.4g} to {row['high']:.4g}",
                    scale.write(float(row["at_low"]), signed=True),
                    scale.write(float(row["at_high"]), signed=True),
                    f"{row['share']:.0%}",
                )
            )
            for row in told.to_dict("records")
        )
        what = f"{measure}/{of}" if of else str(measure)
        yield Grid(
            title=f"{policy}: what moves its difference in {what}",
            columns=("input", "10th to 90th centile", "at low", "at high", "of variance"),
            sections=(Section("", lines),),
            spare=("of variance",),
        )


def measure_next(doubt: pd.DataFrame) -> Iterator[str]:
    """For each headline measure the input most worth knowing before choosing, and its source."""
    for (measure, of), rows in doubt.groupby(["measure", "of"], sort=False):
        first = rows.sort_values("worth_knowing", kind="stable").to_dict("records")[-1]
        what = f"{measure}/{of}" if of else str(measure)
        worth = float(first["worth_knowing"])
        if worth <= 0:
            yield f"Choosing by {what}, no input by itself would change the choice."
            continue
        source = f" (now: {first['source']})" if first["source"] else " (it has no source)"
        yield (
            f"Choosing by {what}, measure `{first['input']}` next{source}: to know it would be "
            f"worth {numbers.value(worth, str(first['unit']))}."
        )


def variance_grids(variances: pd.DataFrame) -> Iterator[Grid]:
    """A table of each headline measure: how far luck moves it, how far inputs do, and which more.

    The baseline stands there with its value, every other policy with its difference.
    """
    for (measure, of), rows in variances.groupby(["measure", "of"], sort=False):
        first = str(rows["policy"].iloc[0])
        told = rows[(rows["what"] == "difference") | (rows["policy"] == first)]
        unit = str(rows["unit"].iloc[0])
        lines = []
        for row in told.to_dict("records"):
            change = row["what"] == "difference"
            luck, inputs = SPREAD * float(row["sd_luck"]), SPREAD * float(row["sd_inputs"])
            scale = numbers.scale_for(unit, float(row["mean"]), luck, inputs)
            cells = (
                f"{row['policy']}{', difference' if change else ''}",
                scale.write(float(row["mean"]), signed=change),
                _within(scale, luck),
                _within(scale, inputs),
                dominating(float(row["share_inputs"])),
            )
            lines.append(Row(cells))
        what = f"{measure}/{of}" if of else str(measure)
        yield Grid(
            title=f"{what}: luck and inputs apart",
            columns=("", "mean", "luck of one run", "inputs", "what moves it most"),
            sections=(Section("", tuple(lines)),),
            words=frozenset({"what moves it most"}),
            notes=(
                "± is 1.96 standard deviations: 95 in 100, as far as it is normal. More "
                "replications lessen what luck does to a mean, only evidence what inputs do.",
                *_of_few(int(rows["draws"].iloc[0])),
            ),
        )


def _of_few(draws: int) -> tuple[str, ...]:
    """What to think of a table made of few draws."""
    if draws >= FEW_DRAWS:
        return ()
    return (
        f"{draws} draws say little of what inputs do: take it for a hint until there are more.",
    )


def dominating(share_inputs: float) -> str:
    """Which of luck and inputs is behind more than two thirds of a variance."""
    if math.isnan(share_inputs):
        return "nothing varies"
    if share_inputs > DOMINATING:
        return "inputs"
    return "luck" if share_inputs < 1 - DOMINATING else "both"


def _within(scale: numbers.Scale, half: float) -> str:
    return f"± {scale.write(half)}" if math.isfinite(half) else numbers.UNDEFINED
