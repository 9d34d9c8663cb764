"""What a search for the least that meets a target found: its curve, and a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.report.tables import numbers
from sim.report.tables.grids import Grid, Row, Section

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.seeking.search import Point, Sought

#: what is said of a value
VERDICTS = {"meets": "meets it", "fails": "does not", "unsure": "cannot be told"}


def curve(found: Sought) -> pd.DataFrame:
    """Every value looked at: columns `value`, `mean`, `low`, `high`, `interval`, `sure`, ...

    `sure` is the probability that the mean meets the target, `verdict` what follows from it and
    `replications` how many it took.
    """
    import pandas as pd

    rows = [
        [
            each.value,
            each.interval.mean,
            each.interval.low,
            each.interval.high,
            each.interval.kind,
            each.sure,
            each.verdict,
            each.replications,
        ]
        for each in found.points
    ]
    columns = ["value", "mean", "low", "high", "interval", "sure", "verdict", "replications"]
    return pd.DataFrame(rows, columns=columns)


def grid(found: Sought, path: str, until: str) -> Grid:
    """The curve as a table for a reader."""
    columns = (path, found.target.measure, "between", "sure", "replications", "")
    rows = tuple(_row(found, point) for point in found.points)
    return Grid(f"Is {until}?", columns, (Section("", rows),), words=frozenset({""}))


def _row(found: Sought, point: Point) -> Row:
    interval = point.interval
    scale = numbers.scale_for(
        found.target.unit, interval.mean, resolution=(interval.high - interval.low) / 2
    )
    bounds = numbers.between(scale.write(interval.low), scale.write(interval.high), interval.kind)
    sure = "" if point.sure != point.sure else f"{100 * point.sure:.1f} %"
    cells = (
        f"{point.value:,.10g}",
        scale.write(interval.mean),
        bounds,
        sure,
        str(point.replications),
        VERDICTS[point.verdict],
    )
    tone = {"meets": "better", "fails": "worse", "unsure": "quiet"}[point.verdict]
    return Row(cells, tone)


def sentence(
    found: Sought, path: str, until: str, confidence: float, values: Sequence[float]
) -> str:
    """The answer in words."""
    among = f"{values[0]:,.10g} to {values[-1]:,.10g}"
    if found.rising is None:
        so = "which meets" if found.answer is not None else "which does not surely meet"
        return f"`{path}` makes no difference to {found.target.measure}, {so} {until}."
    kind = "least" if found.rising else "most"
    if found.answer is None:
        best = found.points[-1 if found.rising else 0]
        if best.verdict == "fails":
            return f"No value of `{path}` from {among} meets {until}: the best of them does not."
        return (
            f"No value of `{path}` from {among} surely meets {until}: at the best of them, "
            f"{best.value:,.10g}, {best.replications} replications cannot tell."
        )
    text = (
        f"{found.answer:,.10g} is the {kind} `{path}` that surely meets {until} "
        f"({100 * confidence:g} % confidence)"
    )
    worst = values[0] if found.rising else values[-1]
    if found.answer == worst:
        return f"{text}; it is the end of the range, and less good ones may do."
    if found.fails is None:
        number = found.at(worst).replications
        return f"{text}; of {worst:,.10g} {number} replications cannot tell."
    if abs(values.index(found.answer) - values.index(found.fails)) == 1:
        return f"{text}; {found.fails:,.10g} surely does not."
    return f"{text}; {found.fails:,.10g} surely does not, and of those between it cannot be told."
