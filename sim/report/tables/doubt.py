"""What is in doubt, for a reader: which inputs move a result, and which to measure next."""

from __future__ import annotations

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
