"""Tables, shares and routes as written: constants, `by` tables of any depth, `rest`.

Reads structure only. Whether attributes, levels, steps and outcomes exist is checked in
`sim.scenario.rules.names`, once the whole scenario has been read.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final, TypeVar

from sim.scenario.problems import listed, nearest_name
from sim.scenario.written import lists, quantities
from sim.scenario.written.distributions import duration_distribution
from sim.scenario.written.lists import LONGEST_NAME, capacity
from sim.scenario.written.numbers import FACTOR, MONEY, PROBABILITY, YEARLY_RATE
from sim.scenario.written.positions import RefusedError, Spot
from sim.scenario.written.scalars import BROKEN, shown, text_of
from sim.scenario.written.values import (
    NEVER,
    NOTHING,
    By,
    Capacity,
    Delay,
    Distribution,
    Rate,
    Shares,
    Table,
    Until,
)
from sim.scenario.written.weeks import time_of_day

T = TypeVar("T")

#: What a delay can last until.
A_GATE: Final = "the name of a calendar, or a time of day such as `10:00`"

#: How far shares may be from summing to 1.
TOLERANCE: Final = 1e-9


def table(raw: object, at: Spot, cell: Callable[[object, Spot], Table[T]]) -> Table[T]:
    """A constant read by `cell`, or a table of them."""
    if isinstance(raw, dict) and "by" in raw:
        return _by(raw, at, cell)
    return cell(raw, at)


def _by(raw: dict[str, object], at: Spot, cell: Callable[[object, Spot], Table[T]]) -> Table[T]:
    attribute = at.each("by", _attribute, raw["by"])
    if len(raw) == 1:
        raise at.refused("a table without cells", raw, allowed="levels with a value each, `other`")

    def part(value: object, here: Spot) -> Table[T]:
        return table(value, here, cell)

    cells = {k: at.each(k, part, v) for k, v in raw.items() if k not in ("by", "other")}
    other = at.each("other", part, raw["other"]) if "other" in raw else None
    return By(attribute, cells, other)


def _attribute(raw: object, at: Spot) -> str:
    if not isinstance(raw, str) or not raw:
        raise at.refused(
            "`by` does not name one attribute", raw, allowed="the name of an attribute"
        )
    return raw


def number_table(raw: object, at: Spot) -> Table[float]:
    """A factor of 0 or more, or a table of them."""
    return table(raw, at, FACTOR.read)


def minutes_table(raw: object, at: Spot) -> Table[float]:
    """A time, or a table of them."""
    return table(raw, at, quantities.duration)


def money_table(raw: object, at: Spot) -> Table[float]:
    """An amount in pounds, or a table of them."""
    return table(raw, at, MONEY.read)


def probability_table(raw: object, at: Spot) -> Table[float]:
    """A probability, or a table of them."""
    return table(raw, at, PROBABILITY.read)


def duration_table(raw: object, at: Spot) -> Table[Distribution]:
    """A duration or a distribution of durations, or a table of them."""
    return table(raw, at, duration_distribution)


def delay_table(raw: object, at: Spot) -> Table[Delay]:
    """A duration, a distribution, a wait until something opens, or a table of them."""
    return table(raw, at, _delay)


def _delay(raw: object, at: Spot) -> Table[Delay]:
    if not (isinstance(raw, dict) and "until" in raw):
        return duration_distribution(raw, at)
    for key in [key for key in raw if key not in ("until", "then")]:
        at.under(key).complain(
            f"there is no `{key}` in a wait", found=key, allowed="`until`, `then`",
            nearest=nearest_name(key, ("then",)),
        )  # fmt: skip
    opens = at.each("until", _gate, raw["until"])
    then = at.each("then", _then, raw["then"]) if "then" in raw else NOTHING
    if opens is BROKEN or then is BROKEN:
        raise RefusedError
    waits = _each_after(opens, then)
    return replace(waits, under=("then",)) if isinstance(waits, By) else waits


def _each_after(opens: str | int, then: Table[Distribution]) -> Table[Delay]:
    """Waits until something opens, each with one of the times that may follow it."""
    if isinstance(then, By):
        cells = {level: _each_after(opens, cell) for level, cell in then.cells.items()}
        other = None if then.other is None else _each_after(opens, then.other)
        return By(then.attribute, cells, other)
    return BROKEN if then is BROKEN else Until(opens, then)


def _gate(raw: object, at: Spot) -> str | int:
    """What a delay lasts until: a time of day, or the name of a calendar."""
    minute = time_of_day(raw, at)
    if minute is not None:
        return minute
    if not isinstance(raw, str) or quantities.looks_numeric(raw):
        raise at.refused("not what a delay can last until", raw, allowed=A_GATE)
    return lists.name(raw, at)


def _then(raw: object, at: Spot) -> Table[Distribution]:
    return table(raw, at, _then_once)


def _then_once(raw: object, at: Spot) -> Distribution:
    if isinstance(raw, dict) and "until" in raw:
        raise at.refused(
            "`then` is a duration, without `until`", raw,
            allowed="a further step for a second wait",
        )  # fmt: skip
    return duration_distribution(raw, at)


def patience_table(raw: object, at: Spot) -> Table[Distribution]:
    """How long one waits: a duration, a distribution of durations, `never`, or a table of them."""
    return table(raw, at, _patience)


def _patience(raw: object, at: Spot) -> Distribution:
    if raw == "never":
        return NEVER
    if isinstance(raw, str) and (near := nearest_name(raw, ["never"])):
        allowed = f"{quantities.A_DURATION}, or `never` for those who do not give up"
        raise at.refused("not a duration", raw, allowed=allowed, nearest=near)
    return duration_distribution(raw, at)


def rate(raw: object, at: Spot) -> Table[Rate]:
    """A yearly rate per 1,000 people or a table of them, or a whole population's rate."""
    if isinstance(raw, str) and "%" not in raw:
        return quantities.population_rate(raw, at)
    return table(raw, at, _yearly_rate)


def _yearly_rate(raw: object, at: Spot) -> Rate:
    if isinstance(raw, str) and "per" in raw.split():
        raise at.refused(
            "a whole population's rate cannot vary by an attribute",
            raw,
            allowed="a number per 1,000 people a year",
        )
    return Rate(YEARLY_RATE.read(raw, at) / 1000.0 / quantities.YEAR)


def share_table(raw: object, at: Spot) -> Table[Shares]:
    """A level, shares of levels, or a table of these."""
    return table(raw, at, _level_shares)


def route_table(raw: object, at: Spot) -> Table[Shares]:
    """A step or outcome, shares of them, or a table of these."""
    return table(raw, at, _route)


def _level_shares(raw: object, at: Spot) -> Shares:
    name = text_of(raw)
    if name:
        return {name: 1.0}
    return shares(raw, at, "a level, shares of levels, or a table with `by`")


def _route(raw: object, at: Spot) -> Shares:
    if isinstance(raw, str) and raw:
        return {raw: 1.0}
    return shares(raw, at, "a step or outcome, shares of them, or a table with `by`")


def shares(raw: object, at: Spot, allowed: str) -> Shares:
    """Probabilities by name that sum to 1; one of them may be `rest`."""
    if not isinstance(raw, dict):
        raise at.refused("not shares", raw, allowed=allowed)
    if not raw:
        raise at.refused("shares of nothing", raw, allowed=allowed)
    given: dict[str, Any] = {}
    rest: list[str] = []
    for name, value in raw.items():
        if not name.strip() or len(name) > LONGEST_NAME:
            at.under(name).complain("not a name", found=shown(name), allowed="a level, or a step")
        if value == "rest":
            rest.append(name)
        given[name] = 0.0 if value == "rest" else at.each(name, PROBABILITY.read, value)
    for name in rest[1:]:
        at.under(name).complain("`rest` is used twice", found="rest", allowed="one `rest`")
    if any(value is BROKEN for value in given.values()) or len(rest) > 1:
        return given
    return _summing_to_one(given, rest, raw, at)


def _summing_to_one(
    given: dict[str, float], rest: list[str], raw: Mapping[str, object], at: Spot
) -> Shares:
    total = math.fsum(given.values())
    if rest:
        if total > 1 + TOLERANCE:
            at.complain(
                f"the shares besides `rest` sum to {total:.10g}",
                found=_written(raw),
                allowed="at most 1",
            )
        given[rest[0]] = max(0.0, math.fsum([1.0, *(-share for share in given.values())]))
    elif abs(total - 1) > TOLERANCE:
        at.complain(
            f"the shares sum to {total:.10g}, not 1",
            found=_written(raw),
            allowed="shares that sum to 1; `rest` for one of them stands for what is left",
            nearest=_likely_table(raw),
        )
    return given


def _written(raw: Mapping[str, object]) -> str:
    parts = [f"{name}: {shown(value)}" for name, value in list(raw.items())[:6]]
    return ", ".join(parts) + (", ..." if len(raw) > 6 else "")


def _likely_table(raw: Mapping[str, object]) -> str:
    return nearest_name("by", [name for name in raw if name.casefold() == "by"])


def capacity_table(raw: object, at: Spot) -> Table[Capacity]:
    """A capacity, or a table of them by the attribute a resource has its pools by."""
    return table(raw, at, capacity)


def spawn(raw: object, at: Spot) -> Mapping[str, Table[float]]:
    """Side tasks: a list of first steps, or each with its probability."""
    if isinstance(raw, str):
        return {raw: 1.0}
    if isinstance(raw, list):
        found: dict[str, Table[float]] = {}
        for index, name in enumerate(raw):
            if not isinstance(name, str):
                at.under(index).complain("not the name of a step", found=shown(name))
            elif name in found:
                at.under(index).complain("the step is spawned twice", found=name)
            else:
                found[name] = 1.0
        return found
    if not isinstance(raw, dict):
        raise at.refused("not side tasks", raw, allowed="steps, each with a probability, or a list")
    if "by" in raw:
        raise at.refused(
            "a table cannot choose side tasks",
            raw,
            allowed=f"each step with a table of probabilities: {listed(['{step: {by: ...}}'])}",
        )
    return {name: at.each(name, probability_table, value) for name, value in raw.items()}
