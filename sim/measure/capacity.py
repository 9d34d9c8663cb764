"""Measures of resources: capacity, utilisation, units in use, overtime."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim.measure import statistics as take
from sim.measure.arrays import Floats, Integers
from sim.measure.context import Context
from sim.measure.definition import Definition
from sim.measure.directions import LESS_OVERTIME
from sim.measure.facts import NOBODY, Facts
from sim.measure.joined_logs import Reading


def busy(reading: Reading) -> Facts:
    """Minutes each unit was held or in turnaround within the measured time."""
    context, holds = reading.context, reading.logs.holds
    minutes = reading.minutes_in_window(holds.seized, holds.ready)
    names, base = context.resources, reading.capacity_minutes
    return Facts(names, holds.resource, holds.episode, minutes, base=base)


def held(reading: Reading) -> Facts:
    """Minutes each unit was held within the measured time, turnaround left out."""
    holds = reading.logs.holds
    minutes = reading.minutes_in_window(holds.seized, holds.released)
    return Facts(reading.context.resources, holds.resource, holds.episode, minutes)


def held_intervals(reading: Reading) -> Facts:
    """When each unit was held."""
    names, holds = reading.context.resources, reading.logs.holds
    return Facts(names, holds.resource, holds.episode, holds.seized, until=holds.released)


def capacity(reading: Reading) -> Facts:
    """Capacity of each resource in unit-minutes; nobody's."""
    return _nobodys(reading.context, reading.capacity_minutes)


def overtime(reading: Reading) -> Facts:
    """Minutes each resource was in use beyond its capacity; nobody's."""
    context = reading.context
    minutes = [overtime_minutes(reading, number) for number in range(len(context.resources))]
    return _nobodys(context, np.array(minutes))


def _nobodys(context: Context, value: Floats) -> Facts:
    of = np.arange(len(context.resources), dtype=np.int16)
    return Facts(context.resources, of, np.full(len(of), NOBODY), value)


def overtime_minutes(reading: Reading, resource: int) -> float:
    """Unit-minutes in use or in turnaround beyond capacity, within the measured time.

    Where capacity never falls there is none, since units are only seized within capacity.
    """
    from sim.measure.loops import time_beyond

    if not np.any(np.diff(reading.capacities[resource][1]) < 0):
        return 0.0
    seized, ready = _uses(reading, resource)
    return float(time_beyond(seized, np.sort(ready), *_spells(reading, resource)))


def _uses(reading: Reading, resource: int) -> tuple[Floats, Floats]:
    """When units were taken into use, increasing, and when each was out of it; NaN is not yet."""
    holds, rows = reading.logs.holds, reading.holds_by_resource[resource]
    return holds.seized.take(rows), holds.ready.take(rows)


def _spells(reading: Reading, resource: int) -> tuple[Floats, Integers]:
    """The edges of the spells of equal capacity in the measured time, and the units in each."""
    context = reading.context
    times, values = reading.capacities[resource]
    changes = times[(times > context.warm_up) & (times < context.horizon)]
    edges = np.concatenate([[context.warm_up], changes, [context.horizon]])
    return edges, values[np.searchsorted(times, edges[:-1], side="right") - 1]


def full(reading: Reading) -> Facts:
    """Minutes each resource had no unit free, of those in which it had any; nobody's."""
    from sim.measure.loops import time_full

    numbers = range(len(reading.context.resources))
    spells = [_spells(reading, number) for number in numbers]
    minutes = np.zeros(len(spells))
    there = np.array([np.diff(edges)[units != 0].sum() for edges, units in spells])
    for number, (edges, units) in enumerate(spells):
        seized, ready = _uses(reading, number)
        minutes[number] = time_full(seized, np.sort(ready), edges, units)
    there[[bool((units < 0).any()) for _, units in spells]] = np.nan
    return replace(_nobodys(reading.context, minutes), base=there)


def closings(reading: Reading) -> Facts:
    """Minutes from each closing in the measured time until nobody was served any more; nobody's."""
    from sim.measure.loops import overruns

    found: list[Floats] = []
    for number in range(len(reading.context.resources)):
        times, values = reading.capacities[number]
        falls = np.flatnonzero((values[1:] == 0) & (values[:-1] != 0)) + 1
        falls = falls[reading.in_window(times[falls])]
        opens = np.append(times, reading.context.horizon)[falls + 1]
        found.append(overruns(*_uses(reading, number), times[falls], opens))
    of = np.repeat(np.arange(len(found), dtype=np.int16), [len(minutes) for minutes in found])
    minutes = np.concatenate([np.zeros(0), *found])
    return Facts(reading.context.resources, of, np.full(len(of), NOBODY), minutes)


DEFINITIONS = (
    Definition(
        "capacity_mean",
        "Capacity, on average",
        "units",
        "Time average, over the measured time, of the number of units; no number where unlimited.",
        "Capacity",
        capacity,
        take.time_average,
        of="resource",
        adds_up=True,
    ),
    Definition(
        "utilisation",
        "Utilisation",
        "share",
        "Time that units were held or in turnaround over the time they were there (capacity), "
        "in the measured time; overtime included, so that it may exceed 1. No number where "
        "capacity is unlimited or nil. In a breakdown: the share of all capacity taken by that "
        "level.",
        "Capacity",
        busy,
        take.over_base,
        of="resource",
        adds_up=True,
        may_exceed_one=True,
    ),
    Definition(
        "full_share",
        "No unit free",
        "share",
        "Share of the time in which the resource had any units, within the measured time, in which "
        "all were held or in turnaround. No number where capacity is unlimited at any time.",
        "Capacity",
        full,
        take.over_base,
        of="resource",
        adds_up=True,
    ),
    Definition(
        "in_use_mean",
        "Units held, on average",
        "units",
        "Time average, over the measured time, of the number of units held, turnaround left out.",
        "Capacity",
        held,
        take.time_average,
        of="resource",
        adds_up=True,
    ),
    Definition(
        "in_use_max",
        "Units held, at most",
        "units",
        "Largest number of units held at one time in the measured time, turnaround left out.",
        "Capacity",
        held_intervals,
        take.peak,
        of="resource",
    ),
    Definition(
        "overtime_hours",
        "Overtime",
        "hours",
        "Time integral, over the measured time, of the number of units held or in turnaround "
        "beyond the capacity of the moment: work that was under way when capacity fell.",
        "Capacity",
        overtime,
        take.total_hours,
        of="resource",
        better=LESS_OVERTIME,
        adds_up=True,
        accumulates=True,
    ),
    Definition(
        "closing_overrun_mean",
        "Overrun at closing, mean",
        "minutes",
        "Mean time from closing (capacity falls to 0) until the last unit is out of use, over "
        "closings in the measured time; 0 where nobody was being served, and at most until it "
        "opens again. No number for what never closes.",
        "Capacity",
        closings,
        take.mean,
        of="resource",
        better=LESS_OVERTIME,
    ),
)
