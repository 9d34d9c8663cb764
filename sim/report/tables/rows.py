"""One line of a report: a measure, what it means to a reader, its numbers in one arm or two.

Turns tidy frames into rows in reading order, under headings. Tables and pictures are made from
rows, so that they always show the same numbers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Literal, TypeVar

from sim.experiment.differences import percentage
from sim.report.tables.selection import FEW, HEADINGS, Heading, Pick
from sim.report.world import World, readable

if TYPE_CHECKING:
    import pandas as pd

Verdict = Literal["better", "worse", "changed", "uncertain", "no change"]
Line = TypeVar("Line")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a measure is to a reader.

    `direction` is -1 where less is better, +1 where more is better, 0 where neither is.
    """

    title: str
    unit: str
    direction: int = 0

    @property
    def label(self) -> str:
        """The title with its unit, unless the numbers or the title say what is counted."""
        return f"{self.title} ({self.unit})" if self.unit in MEASURED_IN else self.title


#: units that a reader needs to be told; counts of things are named by their title
MEASURED_IN = frozenset({"min", "minutes", "hours", "days", "units", "beds"})


@dataclass(frozen=True, slots=True)
class Difference:
    """A measure in two arms: means over replications and the paired 95 % interval.

    `low` and `high` are NaN with fewer than two replications; `better`, `same` and `worse`
    count replications and are NaN without a direction.
    """

    measure: str
    of: str
    meaning: Meaning
    baseline: float
    alternative: float
    difference: float
    low: float
    high: float
    better: float
    same: float
    worse: float
    replications: int
    level: str = ""

    @property
    def verdict(self) -> Verdict:
        """What the interval says: a side, or that it spans zero."""
        if self.difference == 0 and not (self.low < 0 or self.high > 0):
            return "no change"
        if not (self.low > 0 or self.high < 0):
            return "uncertain"
        if self.meaning.direction == 0:
            return "changed"
        return "better" if self.difference * self.meaning.direction > 0 else "worse"

    def percent(self, number: float) -> float:
        """A difference in per cent of the baseline; NaN if the baseline is zero."""
        return percentage(number, self.baseline)


@dataclass(frozen=True, slots=True)
class Summary:
    """A measure in one arm: mean over replications with its 95 % interval."""

    measure: str
    of: str
    meaning: Meaning
    mean: float
    low: float
    high: float
    replications: int
    level: str = ""


@dataclass(frozen=True, slots=True)
class Under(Generic[Line]):
    """The lines under one heading."""

    heading: str
    lines: tuple[Line, ...]


def meaning(pick: Pick, of: str, unit: str, worlds: Sequence[World]) -> Meaning:
    """What one number is called: the measure's own title, and what it is of."""
    from sim.measure.registry import definitions

    definition = definitions()[pick.measure]
    name = titles(worlds).get((definition.of, of)) or readable(of)
    title = pick.title or (f"{definition.title}: {{}}" if of else definition.title)
    return Meaning(title.replace("{}", name), unit, definition.better)


def titles(worlds: Sequence[World]) -> Mapping[tuple[str, str], str]:
    """Titles of everything measures can be of, by kind and name; the first world's win."""
    found: dict[tuple[str, str], str] = {}
    for world in reversed(worlds):
        found |= {("step", step.name): step.title for step in world.steps}
        found |= {("resource", item.name): item.title for item in world.resources}
        found |= {("outcome", name): title for name, title in world.outcomes}
        found |= {("measure", name): title for name, title in world.measures}
    return found


def differences(
    frame: pd.DataFrame,
    alternative: str,
    worlds: Sequence[World],
    headings: Sequence[Heading] = HEADINGS,
    by: str = "",
) -> tuple[Under[Difference], ...]:
    """Take the rows to be shown from a frame of paired differences.

    Parameters
    ----------
    frame
        As made by `sim.experiment.differences`.
    alternative
        Name of the alternative.
    worlds
        The arms, for titles.
    headings
        What to show.
    by
        Attribute of the breakdown to take; empty for the overall numbers.
    """
    chosen = frame[(frame["alternative"] == alternative) & (frame["by"] == by)]

    def line(pick: Pick, row: dict[str, object]) -> Difference:
        of, unit = str(row["of"]), str(row["unit"])
        number = {name: float(row[name]) for name in _NUMBERS}  # type: ignore[arg-type]
        return Difference(
            measure=pick.measure,
            of=of,
            meaning=meaning(pick, of, unit, worlds),
            baseline=number["baseline"],
            alternative=number["value"],
            difference=number["difference"],
            low=number["low"],
            high=number["high"],
            better=number["better"],
            same=number["same"],
            worse=number["worse"],
            replications=int(number["replications"]),
            level=str(row["level"]),
        )

    return _under(chosen, headings, line)


_NUMBERS = (
    "baseline",
    "value",
    "difference",
    "low",
    "high",
    "better",
    "same",
    "worse",
    "replications",
)


def summaries(
    frame: pd.DataFrame,
    worlds: Sequence[World],
    headings: Sequence[Heading] = HEADINGS,
    by: str = "",
) -> tuple[Under[Summary], ...]:
    """Take the rows to be shown from a frame of means (`Results.summary`)."""
    chosen = frame[frame["by"] == by]

    def line(pick: Pick, row: dict[str, object]) -> Summary:
        of, unit = str(row["of"]), str(row["unit"])
        mean, low, high, count = (
            float(row[name])  # type: ignore[arg-type]
            for name in ("mean", "low", "high", "replications")
        )
        words = meaning(pick, of, unit, worlds)
        return Summary(pick.measure, of, words, mean, low, high, int(count), str(row["level"]))

    return _under(chosen, headings, line)


def _under(
    frame: pd.DataFrame,
    headings: Sequence[Heading],
    line: Callable[[Pick, dict[str, object]], Line],
) -> tuple[Under[Line], ...]:
    """Make lines of the rows that are picked, in the order of the picks."""
    rows: dict[str, list[dict[str, object]]] = {}
    for row in frame.to_dict("records"):
        rows.setdefault(str(row["measure"]), []).append({str(k): v for k, v in row.items()})
    made = []
    for heading in headings:
        lines = [
            line(pick, row)
            for pick in heading.picks
            for row in _picked(rows.get(pick.measure, ()), pick)
        ]
        if lines:
            made.append(Under(heading.title, tuple(lines)))
    return tuple(made)


def _picked(rows: Sequence[dict[str, object]], pick: Pick) -> Sequence[dict[str, object]]:
    """Rows of the things that are asked for, without those that never happen in any arm."""
    if pick.of == "all if few" and len({row["of"] for row in rows}) > FEW:
        return ()
    wanted = rows if isinstance(pick.of, str) else [row for row in rows if row["of"] in pick.of]
    return [row for row in wanted if row["of"] not in pick.but and _happens(row)]


def _happens(row: Mapping[str, object]) -> bool:
    """Whether a row has a number other than zero in some arm."""
    numbers = [row[name] for name in ("baseline", "value", "mean") if name in row]
    return any(
        isinstance(number, float | int) and not math.isnan(number) and number != 0
        for number in numbers
    )
