"""The first replication of every arm, shown as soon as it is there: something to look at early.

It is one draw of luck and says so; the result is what the whole comparison prints at its end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.experiment.periods import period

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.job import Progress


class FirstLook:
    """Collects the measures of the first replication until every arm has them."""

    def __init__(self, arms: int, days: float) -> None:
        self._arms = arms
        self._period = period("run", days).words
        self._number: int | None = None
        self._measures: dict[int, pd.DataFrame] = {}

    def take(self, progress: Progress) -> str | None:
        """Return the text to show when the first replication is complete, else None."""
        latest = progress.latest
        if latest is None:
            return None
        if self._number is None:
            self._number = latest.number
        if latest.number != self._number:
            return None
        self._measures[latest.arm] = latest.measures
        if len(self._measures) < self._arms:
            return None
        lines = _lines(self._arms, self._measures, self._period)
        if not lines:
            return None  # a pathway without any of the headline measures
        head = f"First look, replication {self._number} only (one draw of luck, no intervals yet):"
        return "\n".join([head, *lines])


def _lines(arms: int, measures: dict[int, pd.DataFrame], words: str) -> list[str]:
    """One line for each headline measure that the baseline has."""
    from sim.measure import definitions
    from sim.report.tables import numbers
    from sim.report.tables.selection import HEADLINES

    known = definitions()
    lines = []
    for pick in HEADLINES.picks:
        definition = known[pick.measure]
        values = [_value(measures[arm], pick.measure) for arm in range(arms)]
        if values[0] > 0:
            baseline, *others = (numbers.value(value, definition.unit) for value in values)
            title = f"{definition.title} ({words})" if definition.accumulates else definition.title
            lines.append(f"  {title}: {baseline} -> {', '.join(others)}")
    return lines


def _value(measures: pd.DataFrame, name: str) -> float:
    overall = measures[(measures["measure"] == name) & (measures["by"] == "")]
    return float(overall["value"].iloc[0]) if len(overall) else float("nan")
