"""The values a sweep goes through: listed, or a range; and the grid of several sweeps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from sim.experiment.designs.design import Level
from sim.scenario.files.change import ADD, TIMES
from sim.scenario.problems import clipped
from sim.scenario.written.amounts import Amount, added, amount, written
from sim.scenario.written.scalars import plain

#: most values of one sweep
MOST_POINTS = 1000

#: what a range is made of
RANGE = ("from", "to", "by")


class BadRangeError(ValueError):
    """A range that goes nowhere; its message is for whoever wrote it."""


@dataclass(frozen=True)
class Point:
    """A value of a sweep: what is laid over the scenario, and how it is called."""

    value: Any
    level: Level
    text: str


def point(raw: Any) -> Point:
    """A value as written: an amount is a number to whoever draws it, anything else its text."""
    value = plain(raw)
    one = amount(raw)
    if one is not None:
        return Point(value, float(one.value), str(written(one)))
    return Point(value, _text(value), _text(value))


def values_in(low: object, high: object, step: object) -> list[Any]:
    """The values from one to another in steps, both ends in it if the steps meet them.

    Raises
    ------
    BadRangeError
        If they are not amounts of one kind, or the steps do not lead there.
    """
    first, last, by = amount(low), amount(high), amount(step)
    for name, one, raw in zip(RANGE, (first, last, by), (low, high, step), strict=True):
        if one is None:
            raise BadRangeError(f"`{name}` is not a number or a duration: {clipped(str(raw))}")
    assert first is not None and last is not None and by is not None
    if not first.kind == last.kind == by.kind and first.value and last.value:
        raise BadRangeError("`from`, `to` and `by` are not all numbers, or all durations")
    if by.value == 0 or (last.value - first.value) / by.value < 0:
        raise BadRangeError("the steps of `by` do not lead `from` one `to` the other")
    number = int((last.value - first.value) / by.value) + 1
    if number > MOST_POINTS:
        raise BadRangeError(f"{number:,} values; a sweep has at most {MOST_POINTS:,}")
    return [written(_steps(first, by, place)) for place in range(number)]


def _steps(first: Amount, by: Amount, number: int) -> Amount:
    there = added(first, Amount(by.value * number, by.kind, by.unit))
    assert there is not None
    return there


def grid(sweeps: Mapping[str, Sequence[Point]]) -> Iterator[dict[str, Point]]:
    """Every combination of values, the last path varying fastest; one empty one without any."""
    for row in product(*sweeps.values()):
        yield dict(zip(sweeps, row, strict=True))


def _text(value: object) -> str:
    """A value in a few words."""
    if isinstance(value, dict):
        if set(value) <= {ADD, TIMES}:
            return " ".join(f"{name} {_text(part)}" for name, part in value.items())
        return "{" + ", ".join(f"{name}: {_text(part)}" for name, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_text(part) for part in value) + "]"
    return "none" if value is None else str(value)
