"""Invented values: shares, tables, durations, numbers, weekly patterns."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tests.generator.choices import Choices

#: how durations are drawn: whole minutes that force ties, or any distribution
WHOLE, ANY = "whole", "any"


@dataclass(frozen=True)
class Attribute:
    """An attribute that tables may vary by, with all its levels."""

    name: str
    levels: tuple[str, ...]


def shares(c: Choices, names: Sequence[str]) -> Any:
    """Shares of all of `names`, in one of the ways they can be written."""
    if len(names) == 1 and c.chance(80):
        return names[0]
    weights = [c.whole(1, 5) for _ in names]
    total = sum(weights) + c.whole(0, 3)
    form = c.whole(0, 2)
    if form == 0 or total != sum(weights):
        written = {name: f"{100 * w // total} %" for name, w in zip(names, weights, strict=True)}
        return {**written, names[c.whole(0, len(names) - 1)]: "rest"}
    if form == 1:
        parts = {name: round(w / total, 3) for name, w in zip(names, weights, strict=True)}
        last = names[-1]
        parts[last] = round(1.0 - sum(parts[name] for name in names[:-1]), 3)
        return parts
    # some may have no chance at all, as long as one has
    written = dict.fromkeys(names[1:], 0) if c.chance(10) else {}
    if written:
        return {names[0]: 1, **written}
    return {**{name: w / total for name, w in zip(names, weights, strict=True)}, names[0]: "rest"}


def table(
    c: Choices,
    leaf: Callable[[], Any],
    attributes: Sequence[Attribute],
    percent: int = 35,
    depth: int = 3,
) -> Any:
    """A leaf, or a table of them by one of the attributes, perhaps nested."""
    if not attributes or depth == 0 or not c.chance(percent):
        return leaf()
    by = c.one_of(attributes)
    rest = [a for a in attributes if a is not by]

    def cell() -> Any:
        return table(c, leaf, rest, percent, depth - 1)

    named = c.some_of(by.levels, 70)
    if len(named) == len(by.levels):
        return {"by": by.name, **{level: cell() for level in named}}
    named = named or [by.levels[-1]]
    return {"by": by.name, **{level: cell() for level in named}, "other": cell()}


def probability(c: Choices) -> Any:
    """A probability, as a number or a percentage."""
    return c.one_of([1, 0.5, "30 %", 0.9, 0])


def duration(c: Choices, mode: str, minutes: int, positive: bool = False) -> Any:
    """A duration of about `minutes`, never 0 if `positive`."""
    if mode == WHOLE:
        return _whole_minutes(c, minutes, positive)
    kind = c.one_of(_NEWER if c.chance(20) else _KINDS)
    return kind(c, float(minutes), positive)


def _whole_minutes(c: Choices, minutes: int, positive: bool) -> Any:
    """A few round values, so that many things happen at one instant."""
    unit = max(1, minutes // 2)
    if not positive and c.chance(20):
        return "0 min"
    if c.chance(30):
        values = [f"{unit * n} min" for n in ((1, 2, 3) if positive else (0, 1, 2, 4))]
        return {"empirical": {"values": values}}
    return f"{unit * c.whole(1, 3)} min"


def written(minutes: float, c: Choices) -> str:
    """A duration in one of the units."""
    unit, size = c.one_of([("min", 1.0), ("h", 60.0), ("s", 1 / 60.0), ("days", 1440.0)])
    return f"{minutes / size:.6f} {unit}"


def _constant(c: Choices, m: float, positive: bool) -> Any:
    return {"constant": {"value": written(m, c)}} if c.chance(20) else written(m, c)


def _exponential(c: Choices, m: float, positive: bool) -> Any:
    return {"exponential": {"mean": written(m, c)}}


def _uniform(c: Choices, m: float, positive: bool) -> Any:
    low = m * 0.2 if positive or c.chance(50) else 0.0
    return {"uniform": {"low": written(low, c), "high": written(2.0 * m, c)}}


def _triangular(c: Choices, m: float, positive: bool) -> Any:
    mode = m * c.whole(1, 4) / 2.0
    low = m * 0.2 if positive else 0.0
    return {"triangular": {"low": written(low, c), "mode": written(mode, c),
                           "high": written(2.5 * m, c)}}  # fmt: skip


def _lognormal(c: Choices, m: float, positive: bool) -> Any:
    if c.chance(40):
        return {"lognormal": {"median": written(m, c),
                              "iqr": [written(m / 2.0, c), written(m * 2.5, c)]}}  # fmt: skip
    return {"lognormal": {"mean": written(m, c), "sd": written(m * c.whole(1, 4) / 2.0, c)}}


def _gamma(c: Choices, m: float, positive: bool) -> Any:
    form = c.whole(0, 2)
    if form == 0:
        return {"gamma": {"mean": written(m, c), "sd": written(m * c.whole(1, 3) / 2.0, c)}}
    if form == 1:
        return {"gamma": {"shape": c.one_of([0.6, 2.5]), "scale": written(m / 2.0, c)}}
    return {"gamma": {"shape": c.one_of([0.6, 2.5]), "mean": written(m, c)}}


def _weibull(c: Choices, m: float, positive: bool) -> Any:
    size = "scale" if c.chance(50) else "mean"
    return {"weibull": {"shape": c.one_of([0.8, 1.0, 2.0]), size: written(m, c)}}


def _erlang(c: Choices, m: float, positive: bool) -> Any:
    return {"erlang": {"shape": c.whole(1, 4), "mean": written(m, c)}}


def _empirical(c: Choices, m: float, positive: bool) -> Any:
    values = [written(m * n / 2.0, c) for n in range(1 if positive else 0, c.whole(2, 5))]
    if c.chance(50):
        return {"empirical": {"values": values, "weights": [c.whole(1, 4) for _ in values]}}
    return {"empirical": {"values": values}}


def _normal(c: Choices, m: float, positive: bool) -> Any:
    least = m * 0.1 if positive or c.chance(50) else 0.0
    return {"normal": {"mean": written(m, c), "sd": written(m * c.whole(1, 3) / 2.0, c),
                       "at_least": written(least, c)}}  # fmt: skip


def _log_logistic(c: Choices, m: float, positive: bool) -> Any:
    size = c.one_of(["scale", "mean", "median"])
    shape = c.one_of([1.5, 2.5, 6])
    end = {"at_most": written(20.0 * m, c)} if shape < 2 else {}
    return {"log_logistic": {"shape": shape, size: written(m, c), **end}}


def _log_mean(c: Choices, m: float, positive: bool) -> Any:
    return {"lognormal": {"log_mean": round(math.log(m / 60.0), 4), "log_sd": 0.6, "unit": "h"}}


def _quantiles(c: Choices, m: float, positive: bool) -> Any:
    low = m * 0.2 if positive else 0.0
    points = [[0, written(low, c)], ["50 %", written(m, c)], [0.9, written(2.0 * m, c)]]
    return {"quantiles": {"points": [*points, [1, written(4.0 * m, c)]]}}


def _shaped(c: Choices, m: float, positive: bool) -> Any:
    """Any of the other kinds between bounds, stretched or moved."""
    kind = c.one_of([_exponential, _lognormal, _gamma, _weibull, _log_logistic, _quantiles])
    ((name, parameters),) = kind(c, m, True).items()
    words = {
        "times": c.one_of([0.5, 1.5]),
        "plus": written(m * 0.1, c),
        "at_least": written(m * 0.4, c),
        "at_most": written(m * 3.0, c),
    }
    chosen = c.some_of(list(words), 50) or ["at_most"]
    return {name: {**parameters, **{word: words[word] for word in chosen}}}


def _nothing(c: Choices, m: float, positive: bool) -> Any:
    return _constant(c, m, positive) if positive else "0 min"


_KINDS = (
    _constant,
    _exponential,
    _uniform,
    _triangular,
    _lognormal,
    _gamma,
    _weibull,
    _erlang,
    _empirical,
    _nothing,
)
_NEWER = (_normal, _log_logistic, _log_mean, _quantiles, _shaped)


def periods(c: Choices) -> str:
    """A weekly pattern without overlaps."""
    hours = c.one_of(["08:00-18:30", "00:00-12:00", "22:00-06:00", "09:15-17:00"])
    days = c.one_of(["mon-fri", "mon-sun", "sat-sun", "tue, thu"])
    if days == "tue, thu":
        return f"tue {hours}, thu {hours}"
    return f"{days} {hours}"


def capacity(c: Choices, most: int) -> Any:
    """Units of a resource: a number or a weekly pattern, which may be closed at times."""
    if not c.chance(45):
        return c.whole(1, most)
    if c.chance(30):  # one shift after another, the last of them past midnight
        first, second = c.one_of([("08:00-16:00", "16:00-24:00"), ("07:30-14:00", "20:00-02:00")])
        return {f"mon-sun {first}": c.whole(0, most), f"mon-sun {second}": c.whole(1, most)}
    pattern: dict[str, Any] = {periods(c): c.whole(1, most)}
    return {**pattern, "other": c.one_of([0, 0, 1, most])} if c.chance(80) else pattern
