"""Delays that last until something opens: what `check` takes them to be, and where they never end.

Whoever waits for a time of day or a calendar waits longest if the last opening has just passed. The
static estimates suppose that people come at all times of the week alike.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from sim.scenario.analysis.bank_holidays import bank_holidays
from sim.scenario.analysis.graph import (
    Edge,
    arrow,
    components,
    edges_of,
    is_zero,
    shortest_loop,
    spawning,
)
from sim.scenario.analysis.means import mean, mean_square
from sim.scenario.analysis.weekly import closed_dates, spells, while_open
from sim.scenario.language.model import Calendar, Run, Scenario, Step
from sim.scenario.written.positions import Complaint
from sim.scenario.written.values import By, Delay, Distribution, Table, Until, leaves
from sim.scenario.written.weeks import DAY, WEEK


def gates(step: Step) -> dict[str | int, None]:
    """What the delay of a step may wait for: calendars, and times of day in minutes."""
    if step.delay is None:
        return {}
    return {leaf.opens: None for leaf in leaves(step.delay) if isinstance(leaf, Until)}


def ungated(model: Scenario) -> Scenario:
    """The scenario with every wait replaced by a delay of the same mean and variance.

    That of someone who comes at any time of the week alike; dates on which a calendar stays closed
    are left out.
    """
    if not any(gates(step) for step in model.pathway.values()):
        return model
    pathway = {
        name: step.model_copy(update={"delay": _smooth(step.delay, model)})
        if step.delay is not None and gates(step)
        else step
        for name, step in model.pathway.items()
    }
    return model.model_copy(update={"pathway": pathway})


def _smooth(table: Table[Delay], model: Scenario) -> Table[Delay]:
    if isinstance(table, By):
        cells = {level: _smooth(cell, model) for level, cell in table.cells.items()}
        other = None if table.other is None else _smooth(table.other, model)
        return By(table.attribute, cells, other)
    return _distribution(table, model) if isinstance(table, Until) else table


def _distribution(delay: Until, model: Scenario) -> Distribution:
    """A distribution with the mean and variance of a wait and what follows it."""
    wait, square = waiting(delay.opens, model)
    try:
        later, later_square = mean(delay.then), mean_square(delay.then)
    except OverflowError:
        return Distribution("constant", (math.inf,))
    total = wait + later
    variance = square - wait * wait + later_square - later * later
    if total <= 0.0 or variance <= total * total * 1e-12:
        return Distribution("constant", (total,))
    return Distribution("gamma", (total * total / variance, variance / total))


def waiting(opens: str | int, model: Scenario) -> tuple[float, float]:
    """Mean and mean square of the minutes until something opens, from any time of the week."""
    if isinstance(opens, int):
        return DAY / 2.0, DAY * DAY / 3.0
    week = while_open(model.calendars[opens].open)
    begins, states = zip(*spells(week), strict=True)
    lengths = [end - begin for begin, end in zip(begins, (*begins[1:], WEEK), strict=True)]
    closed = [0.0]
    for length, state in zip(lengths, states, strict=True):
        if state:
            closed.append(0.0)
        else:
            closed[-1] += length
    closed[0] += closed.pop()  # the week goes on where it began
    return (
        math.fsum(length**2 for length in closed) / 2.0 / WEEK,
        math.fsum(length**3 for length in closed) / 3.0 / WEEK,
    )


def gate_errors(model: Scenario) -> list[Complaint]:
    """Loops on which only one thing is waited for: while it is open they take no time."""
    every = dict.fromkeys(gate for step in model.pathway.values() for gate in gates(step))
    return [complaint for gate in every for complaint in _loops(model, gate)]


def _loops(model: Scenario, gate: str | int) -> Iterator[Complaint]:
    """Loops through waits for a gate that take no time while it is open."""
    quick = {
        name: _quick(step, gate, (*edges_of(name, step), *spawning(name, step)), model.pathway)
        for name, step in model.pathway.items()
    }
    waits = [name for name, step in model.pathway.items() if gate in gates(step)]
    for members in components(model.pathway, quick.__getitem__):
        through = [name for name in waits if name in members]
        loop = shortest_loop([*through, *members], quick.__getitem__)
        if loop is not None and loop[0] in through:
            when = f"while `{gate}` is open" if isinstance(gate, str) else f"at {_clock(gate)}"
            yield Complaint(
                ("pathway", loop[0], "delay"),
                f"a loop that takes no time {when}",
                arrow(loop),
                "`then` a delay above 0 after one of its waits",
            )


def _quick(step: Step, gate: str | int, out: Iterable[Edge], steps: Collection[str]) -> list[str]:
    """The steps that follow a step at once while a gate is open."""
    delay: Table[Any] | None = step.delay
    served = delay is None or all(_is_over(leaf, gate) for leaf in leaves(delay))
    return [
        edge.target
        for edge in out
        if edge.possible
        and edge.target in steps
        and (edge.instant == "always" or (served and edge.kind in ("route", "spawn")))
    ]


def _is_over(delay: Delay, gate: str | int) -> bool:
    """Whether a delay takes no time while a gate is open."""
    if isinstance(delay, Until):
        return delay.opens == gate and is_zero(delay.then)
    return is_zero(delay)


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def gate_warnings(model: Scenario) -> list[Complaint]:
    """Waits for a calendar that does not open in the run, or no more from some date on."""
    found = []
    for name, step in model.pathway.items():
        for gate in gates(step):
            if not isinstance(gate, str):
                continue
            calendar = model.calendars[gate]
            if next(_open_days(calendar, model), None) is None:
                what = f"`{gate}` never opens in this run, so nobody ever leaves this step"
            elif calendar.until is not None and calendar.until < _end(model.run):
                what = f"`{gate}` is closed for good from {calendar.until}: who comes later stays"
            else:
                continue
            found.append(Complaint(("pathway", name, "delay"), what))
    return found


def _open_days(calendar: Calendar, model: Scenario) -> Iterator[date]:
    """The dates of a run on which a calendar is open at some time."""
    weekdays = {
        day
        for period in calendar.open
        for day in range(period.start // DAY, (period.end - 1) // DAY + 1)
    }
    holidays = bank_holidays(model)
    closed = list(closed_dates(calendar, holidays))
    day, end = model.run.start, _end(model.run)
    while day < end:
        number = day.toordinal()
        shut = any(a <= number and (b is None or number < b) for a, b in closed)
        if holidays.get(number, day.weekday()) in weekdays and not shut:
            yield day
        day += timedelta(days=1)


def _end(run: Run) -> date:
    """The date after the last of a run."""
    days = math.ceil((run.warm_up + run.duration) / DAY)
    return date.fromordinal(min(run.start.toordinal() + days, date.max.toordinal()))
