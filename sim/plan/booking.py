"""Slots laid out in time, and how steps book them, as arrays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.plan.flatten import Arena, chained, rows, spans
from sim.plan.keys import name_key
from sim.plan.names import Names, in_order
from sim.plan.plan import BOOKING, NONE, SLOT_TIME
from sim.scenario.analysis.bank_holidays import bank_holidays
from sim.scenario.language.model import Resource, Scenario
from sim.scenario.written.values import leaves
from sim.scenario.written.weeks import DAY, WEEK

#: the priority of who has an appointment: before all that can be written
APPOINTED = -1e300


def compile_bookings(model: Scenario, names: Names, arena: Arena) -> dict[str, Any]:
    """The bookings of the steps that book, and the slots of all pools."""
    steps = [(n, s) for n, s in zip(names.steps, in_order(model.pathway), strict=True) if s.book]
    keyed = [(step.draws_as or name, step) for name, step in steps]
    laid = chained(_slots_by_pool(model, names))
    return {
        "bookings": rows(
            BOOKING,
            lead=[arena.numbers(step.lead) for _, step in keyed],
            within=[arena.numbers(step.within or 0.0) for _, step in keyed],
            length=[arena.numbers(step.length) for _, step in keyed],
            attend=[arena.numbers(step.attend) for _, step in keyed],
            key_attend=[name_key("step", name, "attend") for name, _ in keyed],
        ),
        "slot_times": rows(
            SLOT_TIME, **{f: [s[i] for s in laid] for i, f in enumerate(SLOT_TIME.names or ())}
        ),
    }


def booking_numbers(model: Scenario) -> list[int]:
    """The number of the booking of each step, or NONE."""
    found, number = [], 0
    for step in in_order(model.pathway):
        found.append(number if step.book else NONE)
        number += bool(step.book)
    return found


def slot_spans(model: Scenario, names: Names) -> Mapping[str, list[int]]:
    """Where the slots of each pool begin and end."""
    first, end = spans(_slots_by_pool(model, names))
    return {"first_slot": first, "end_slot": end}


def _slots_by_pool(model: Scenario, names: Names) -> list[list[tuple[float, float, int]]]:
    """The slots of each pool, to the end of the run and as far beyond it as anybody looks."""
    horizon = model.run.warm_up + model.run.duration
    found = []
    for pool in names.pools:
        within = [
            longest
            for step in model.pathway.values()
            if step.book == pool.resource
            for longest in leaves(step.within or 0.0)
        ]
        found.append(
            _slots(model, model.resources[pool.resource], horizon + max(within, default=0))
        )
    return found


def _slots(model: Scenario, resource: Resource, end: float) -> list[tuple[float, float, int]]:
    """Slots that begin from the start of the run on, and one day beyond an end, by their time."""
    of_week = [  # each ends exactly when the next begins
        (
            each.period.start + number * each.every,
            each.period.start + (number + 1) * each.every,
            each.places,
        )
        for each in resource.slots or ()
        for number in range(int((each.period.end - each.period.start) // each.every))
    ]
    monday = -model.run.start.weekday() * DAY
    weeks = range(-1, int((end + DAY - monday) // WEEK) + 1)  # a period may go on after Sunday
    found = [
        (monday + week * WEEK + begin, monday + week * WEEK + ends, places)
        for week in weeks
        for begin, ends, places in of_week
    ]
    horizon = model.run.warm_up + model.run.duration
    for ordinal, like in bank_holidays(model, end + DAY - horizon).items():
        midnight = (ordinal - model.run.start.toordinal()) * DAY
        found = [one for one in found if not midnight <= one[0] < midnight + DAY]
        for begin, ends, places in of_week:
            shift = midnight - like * DAY - begin // WEEK * WEEK
            if begin % WEEK // DAY == like:
                found.append((begin + shift, ends + shift, places))
    return [one for one in sorted(found) if 0.0 <= one[0] < end + DAY]
