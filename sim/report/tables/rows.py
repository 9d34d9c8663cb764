"""One line of a report: a measure, what it means to a reader, its numbers in one arm or two.

Turns tidy frames into rows in reading order, under headings. Tables and pictures are made from
rows, so that they always show the same numbers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Literal, TypeVar, cast

from sim.experiment.differences import keeps_people, loses_people, percentage
from sim.experiment.intervals import Kind
from sim.report.tables import numbers
from sim.report.tables.selection import FEW, HEADINGS, Heading, Pick
from sim.report.world import World, readable

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario.loading import Intention

Verdict = Literal["better", "worse", "changed", "uncertain", "no change"]
Wanted = Literal["", "as intended", "not as intended"]
Line = TypeVar("Line")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a measure is to a reader.

    `direction` is -1 where less is better, +1 where more is better, 0 where neither is. `period`
    is the one in which it is counted (``in 84 days``, ``a year``), empty for what is no count.
    """

    title: str
    unit: str
    direction: int = 0
    period: str = ""

    @property
    def label(self) -> str:
        """The title with its period, and its unit unless the number or the title say that."""
        unit = self.unit if self.unit in MEASURED_IN else ""
        words = f"{unit} {self.period}".strip()
        return f"{self.title} ({words})" if words else self.title


#: units that a reader needs to be told; counts of things are named by their title
MEASURED_IN = frozenset({"min", "minutes", "hours", "days", "units", "beds"})


@dataclass(frozen=True, slots=True)
class Difference:
    """A measure in two arms: means over replications and the paired difference.

    `low` and `high` are what `interval` says and NaN with fewer than two replications; `better`,
    `same` and `worse` count replications and are NaN without a direction. `flattered` is true
    where more people are lost in the alternative and that makes this measure look better.
    `burdened` is true where fewer are lost, which makes it look worse.
    `intended` is the sign of the change that an option of the alternative says it intends, 0 if
    none does.
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
    interval: Kind = "95 %"
    flattered: bool = False
    intended: int = 0
    burdened: bool = False

    @property
    def wanted(self) -> Wanted:
        """Whether a change that can be told is one that an option intends."""
        if not self.intended or self.verdict in ("uncertain", "no change"):
            return ""
        return "as intended" if self.difference * self.intended > 0 else "not as intended"

    @property
    def verdict(self) -> Verdict:
        """What the interval says: a side, or that it spans zero; a few replications say nothing."""
        if self.difference == 0 and not (self.low < 0 or self.high > 0):
            return "no change"
        if self.interval in ("range", "none") or not (self.low > 0 or self.high < 0):
            return "uncertain"
        if self.meaning.direction == 0:
            return "changed"
        if self.difference * self.meaning.direction < 0:
            return "changed" if self.burdened else "worse"
        return "changed" if self.flattered else "better"

    def written(self, most_decimals: int = 4) -> str:
        """The difference with its interval, as text."""
        return numbers.difference(
            self.difference,
            self.low,
            self.high,
            self.meaning.unit,
            kind=self.interval,
            most_decimals=most_decimals,
        )

    def percent(self, number: float) -> float:
        """A difference in per cent of the baseline; NaN if the baseline is zero."""
        return percentage(number, self.baseline)


@dataclass(frozen=True, slots=True)
class Summary:
    """A measure in one arm: mean over replications; `low` and `high` are what `interval` says."""

    measure: str
    of: str
    meaning: Meaning
    mean: float
    low: float
    high: float
    replications: int
    level: str = ""
    interval: Kind = "95 %"


@dataclass(frozen=True, slots=True)
class Under(Generic[Line]):
    """The lines under one heading."""

    heading: str
    lines: tuple[Line, ...]


def meaning(pick: Pick, of: str, unit: str, worlds: Sequence[World], period: str = "") -> Meaning:
    """What one number is called: the measure's own title, and what it is of."""
    from sim.measure.registry import definitions

    definition = definitions()[pick.measure]
    name = titles(worlds).get((definition.of, of)) or readable(of)
    title = pick.title or (f"{definition.title}: {{}}" if of else definition.title)
    return Meaning(title.replace("{}", name), unit, definition.direction, period)


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
    intends: Mapping[str, Intention] | None = None,
    unsettled: tuple[bool, bool] = (False, False),
) -> tuple[Under[Difference], ...]:
    """Take the rows to be shown from a frame of paired differences.

    Parameters
    ----------
    frame
        As made by `Comparison.table`: paired differences, and the period of each.
    alternative
        Name of the alternative.
    worlds
        The arms, for titles.
    headings
        What to show.
    by
        Attribute of the breakdown to take; empty for the overall numbers.
    intends
        What the options of the alternative intend, by measure (`wait_mean/ae_doctor`).
    unsettled
        Whether a queue of the baseline, and one of the alternative, grew to the end: its people are
        lost to what is measured as surely as those who gave up.
    """
    from sim.measure.registry import definitions

    known, signs = definitions(), {"more": 1, "less": -1}
    meant = {name: signs[word] for name, word in (intends or {}).items()}
    losing = loses_people(frame, alternative) or (unsettled[1] and not unsettled[0])
    keeping = keeps_people(frame, alternative) or (unsettled[0] and not unsettled[1])
    chosen = frame[(frame["alternative"] == alternative) & (frame["by"] == by)]

    def line(pick: Pick, row: dict[str, object]) -> Difference:
        of, unit = str(row["of"]), str(row["unit"])
        number = {name: float(row[name]) for name in _NUMBERS}  # type: ignore[arg-type]
        better = known[pick.measure].better
        return Difference(
            measure=pick.measure,
            of=of,
            meaning=meaning(pick, of, unit, worlds, str(row["period"])),
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
            interval=cast(Kind, row["interval"]),
            intended=meant.get(f"{pick.measure}/{of}" if of else pick.measure, 0),
            flattered=losing and better is not None and better.flattered,
            burdened=keeping and better is not None and better.flattered,
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
        words = meaning(pick, of, unit, worlds, str(row["period"]))
        kind, level = cast(Kind, row["interval"]), str(row["level"])
        return Summary(pick.measure, of, words, mean, low, high, int(count), level, kind)

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
