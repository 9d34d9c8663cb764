"""Monotone search: the first value in a row that surely meets a target, by bisection.

The measure is taken to be monotone in what is changed, as it is on paired replications for
capacity. Each value is looked at after 10, 20, 40, ... replications until it surely meets the
target or surely does not; a value that is neither after all of them counts as not shown to meet
it. Every look spends an equal part of the error allowed. Values need no further allowance: one
that does not meet the target is taken for one that does at most as often as the last such value in
the row is (the hypotheses are nested). `docs/answers.md` shows how often the answer holds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from sim.experiment.intervals import Interval, mean_interval
from sim.experiment.seeking.target import Target, sureness

Floats = npt.NDArray[np.float64]

#: replications of the first look
FIRST = 10

Verdict = Literal["meets", "fails", "unsure"]

#: the measure at a value, in replications 1 to n
Measure = Callable[[float, int], Floats]


@dataclass(frozen=True)
class Point:
    """What was seen at one value.

    `sure` is the probability that the mean over luck meets the target.
    """

    value: float
    interval: Interval
    sure: float
    verdict: Verdict
    replications: int


@dataclass(frozen=True)
class Sought:
    """What a search found.

    Attributes
    ----------
    answer
        The first value from the worse end that surely meets the target; None if none does.
    fails
        The last value from the worse end that surely does not; None if none surely fails.
    rising
        Whether more is better: then `answer` is the least that meets it, otherwise the most.
        None where the value makes no difference to the measure.
    points
        Every value looked at, in increasing order.
    """

    target: Target
    answer: float | None
    fails: float | None
    rising: bool | None
    points: tuple[Point, ...]

    def at(self, value: float) -> Point:
        """What was seen at a value."""
        return next(point for point in self.points if point.value == value)


def looks(most: int) -> tuple[int, ...]:
    """Numbers of replications after which a value is looked at: doubled each time, up to `most`."""
    numbers = [min(FIRST, most)]
    while numbers[-1] < most:
        numbers.append(min(2 * numbers[-1], most))
    return tuple(numbers)


def seek(
    measure: Measure, values: Sequence[float], target: Target, confidence: float, most: int
) -> Sought:
    """Find the first value that surely meets a target.

    Parameters
    ----------
    measure
        Runs a value; what was run before is best kept.
    values
        Two or more, in increasing order.
    target
        What is to be met.
    confidence
        Probability with which what is said to meet the target does, above 1/2.
    most
        Most replications of a value, 2 or more.
    """
    search = _Search(measure, target, (1 - confidence) / len(looks(most)), looks(most))
    ends = values[0], values[-1]
    rising = search.rising(*ends)
    if rising is None:
        point = search.point(values[0])
        search.point(values[-1])
        answer = values[0] if point.verdict == "meets" else None
        return search.found(answer, values[-1] if point.verdict == "fails" else None, None)
    row = list(values) if rising else list(reversed(values))
    if search.verdict(row[-1]) != "meets":
        fails = row[-1] if search.verdict(row[-1]) == "fails" else search.last_failing(row)
        return search.found(None, fails, rising)
    if search.verdict(row[0]) == "meets":
        return search.found(row[0], None, rising)
    low, high = 0, len(row) - 1
    while high - low > 1:
        middle = (low + high) // 2
        if search.verdict(row[middle]) == "meets":
            high = middle
        else:
            low = middle
    return search.found(row[high], search.last_failing(row[: low + 1]), rising)


class _Search:
    """What has been seen so far."""

    def __init__(
        self, measure: Measure, target: Target, error: float, numbers: tuple[int, ...]
    ) -> None:
        self.measure, self.target, self.error, self.numbers = measure, target, error, numbers
        self.points: dict[float, Point] = {}

    def point(self, value: float) -> Point:
        """Look at a value until it is clear, or there are no more replications."""
        if value not in self.points:
            for number in self.numbers:
                seen = self._look(value, number)
                if seen.verdict != "unsure":
                    break
            self.points[value] = seen
        return self.points[value]

    def verdict(self, value: float) -> Verdict:
        """Whether a value meets the target."""
        return self.point(value).verdict

    def _look(self, value: float, number: int) -> Point:
        numbers = self.measure(value, number)
        sure = sureness(numbers, self.target)
        verdict: Verdict = "unsure"
        if sure >= 1 - self.error:
            verdict = "meets"
        elif sure <= self.error:
            verdict = "fails"
        return Point(value, mean_interval(numbers, self.target.most), sure, verdict, number)

    def rising(self, low: float, high: float) -> bool | None:
        """Whether more is better, by paired replications of both ends."""
        change = self.measure(high, self.numbers[0]) - self.measure(low, self.numbers[0])
        known = change[~np.isnan(change)]
        mean = float(known.mean()) if known.size else 0.0
        return None if mean == 0.0 else bool(mean * self.target.side > 0)

    def last_failing(self, row: Sequence[float]) -> float | None:
        """The last value in a row that surely does not meet the target."""
        if self.verdict(row[0]) != "fails":
            return None
        low, high = 0, len(row)
        while high - low > 1:
            middle = (low + high) // 2
            if self.verdict(row[middle]) == "fails":
                low = middle
            else:
                high = middle
        return row[low]

    def found(self, answer: float | None, fails: float | None, rising: bool | None) -> Sought:
        points = tuple(self.points[value] for value in sorted(self.points))
        return Sought(self.target, answer, fails, rising, points)
