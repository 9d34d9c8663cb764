"""Measures of slots: how many there are, who has booked them, came, or walked in."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.engine.logs import Fate
from sim.measure import statistics as take
from sim.measure.arrays import Floats, Integers, Mask
from sim.measure.definition import Definition
from sim.measure.directions import SHORTER_WAITS
from sim.measure.facts import NOBODY, Facts
from sim.measure.joined_logs import Reading

#: places of the slots of a resource that are attended, and that walk-ins use
Used = tuple[Floats, Floats]


def _booked(value: Callable[[Reading], Floats], came: bool) -> Callable[[Reading], Facts]:
    """Make facts of the bookings whose slot begins in the measured time, or those attended."""

    def facts(reading: Reading) -> Facts:
        bookings = reading.logs.bookings
        chosen = reading.in_window(bookings.at)
        if came:
            chosen &= reading.once(_attended)
        of = np.where(chosen, _numbers(reading).take(bookings.resource), np.int16(-1))
        episode = reading.logs.visits.episode.take(bookings.visit)
        return Facts(_names(reading), of.astype(np.int16), episode, value(reading))

    return facts


def _places(of: Callable[[Floats, Used], Floats]) -> Callable[[Reading], Facts]:
    """Make facts of the slots that begin in the measured time; nobody's."""

    def facts(reading: Reading) -> Facts:
        used = reading.once(_used)
        values = [
            float(of(places, used[code])[reading.in_window(begins)].sum())
            for code, (begins, _, places) in reading.context.slots.items()
        ]
        numbers = np.arange(len(values), dtype=np.int16)
        return Facts(_names(reading), numbers, np.full(len(values), NOBODY), np.array(values))

    return facts


def _names(reading: Reading) -> tuple[str, ...]:
    return tuple(reading.context.resources[code] for code in reading.context.slots)


def _numbers(reading: Reading) -> Integers:
    """For each resource its number among those with slots, or -1."""
    number = np.full(len(reading.context.resources), -1, dtype=np.int16)
    number[list(reading.context.slots)] = np.arange(len(reading.context.slots))
    return number


def _slots(reading: Reading) -> Floats:
    return reading.logs.bookings.slots.astype(np.float64)


def _waits(reading: Reading) -> Floats:
    """Minutes from each booking to its slot."""
    bookings = reading.logs.bookings
    return bookings.at - reading.logs.visits.queued.take(bookings.visit)


def _attended(reading: Reading) -> Mask:
    """Whether each booking was kept: who does not come leaves as the slot begins."""
    bookings, visits = reading.logs.bookings, reading.logs.visits
    stayed = visits.fate.take(bookings.visit) != Fate.RENEGED
    kept: Mask = stayed | (visits.ended.take(bookings.visit) > bookings.at)
    return kept


def _used(reading: Reading) -> dict[int, Used]:
    """By resource, for each of its slots: places attended, and used by those who walked in."""
    bookings, holds = reading.logs.bookings, reading.logs.holds
    came = reading.once(_attended)
    found = {}
    for code, (begins, ends, places) in reading.context.slots.items():
        mine = came & (bookings.resource == code)
        first, length = np.searchsorted(begins, bookings.at[mine]), bookings.slots[mine]
        attended = np.zeros(len(begins))
        for ahead in range(int(length.max(initial=0))):
            slot = first[length > ahead] + ahead
            np.add.at(attended, slot[slot < len(begins)], 1.0)
        walked = (holds.resource == code) & ~np.isin(holds.visit, bookings.visit)
        seized = holds.seized[walked]
        slot = np.searchsorted(begins, seized, side="right") - 1
        within = (slot >= 0) & (seized < ends.take(slot))
        walk_ins = np.bincount(slot[within], minlength=len(begins)).astype(np.float64)
        found[code] = (attended, np.minimum(walk_ins, places - attended))
    return found


DEFINITIONS = (
    Definition(
        "slots_offered",
        "Slots offered",
        "slots",
        "Places of the slots that begin in the measured time. Only of resources with `slots`, as "
        "are all measures of slots.",
        "Capacity",
        _places(lambda places, used: places),
        take.total,
        of="resource",
        adds_up=True,
        accumulates=True,
    ),
    Definition(
        "slots_booked",
        "Slots booked",
        "slots",
        "Places booked of the slots that begin in the measured time; a booking of several slots is "
        "as many, at the time of the first.",
        "Capacity",
        _booked(_slots, came=False),
        take.total,
        of="resource",
        adds_up=True,
        accumulates=True,
    ),
    Definition(
        "slots_attended",
        "Slots attended",
        "slots",
        "Places booked, of the slots that begin in the measured time, by those who came.",
        "Capacity",
        _booked(_slots, came=True),
        take.total,
        of="resource",
        adds_up=True,
        accumulates=True,
    ),
    Definition(
        "slots_walked_in",
        "Slots used by walk-ins",
        "slots",
        "Places of the slots of the measured time that nobody attended and in which somebody "
        "without a booking was begun with, each counted once.",
        "Capacity",
        _places(lambda places, used: used[1]),
        take.total,
        of="resource",
        adds_up=True,
        accumulates=True,
    ),
    Definition(
        "slots_unused",
        "Slots unused",
        "slots",
        "Places of the slots of the measured time that were neither attended nor used by walk-ins.",
        "Capacity",
        _places(lambda places, used: places - used[0] - used[1]),
        take.total,
        of="resource",
        adds_up=True,
        accumulates=True,
    ),
    Definition(
        "appointment_wait_mean",
        "Wait from booking to appointment, mean",
        "minutes",
        "Mean time from booking to the beginning of the slot, over bookings of slots that begin in "
        "the measured time, attended or not.",
        "Waits",
        _booked(_waits, came=False),
        take.mean,
        of="resource",
        better=SHORTER_WAITS,
    ),
)
