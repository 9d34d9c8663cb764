"""Measures of resources: capacity, utilisation, units in use, overtime."""

from __future__ import annotations

import numpy as np

from sim.measure import statistics as take
from sim.measure.arrays import Floats
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

    context, holds = reading.context, reading.logs.holds
    times, values = reading.capacities[resource]
    if not np.any(np.diff(values) < 0):
        return 0.0
    rows = reading.holds_by_resource[resource]
    seized, ready = holds.seized.take(rows), np.sort(holds.ready.take(rows))
    changes = times[(times > context.warm_up) & (times < context.horizon)]
    edges = np.concatenate([[context.warm_up], changes, [context.horizon]])
    units = values[np.searchsorted(times, edges[:-1], side="right") - 1]
    return float(time_beyond(seized, ready, edges, units))


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
)
