"""Measures of beds, acute and community: stays, what they are made of, bed days, occupancy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from sim.measure import statistics as take
from sim.measure.context import DAY
from sim.measure.definition import Definition
from sim.measure.directions import FEWER_BED_DAYS, SHORTER_DELAYS, SHORTER_STAYS
from sim.measure.facts import Facts, system_facts
from sim.measure.joined_logs import Reading
from sim.measure.stays import parts_of, stays_in
from sim.scenario.language.tags import DELAYED_DISCHARGE as DELAYED

KINDS = ("acute", "community")

LONG = 21


def discharged(kind: str) -> Callable[[Reading], Facts]:
    """Make facts of the stays that ended in the measured time: their length in minutes."""

    def facts(reading: Reading) -> Facts:
        stays = reading.once(stays_in, kind)
        rows = np.flatnonzero(reading.in_window(stays.end))
        return system_facts(stays.episode[rows], stays.end[rows] - stays.begin[rows])

    return facts


def still_in(kind: str) -> Callable[[Reading], Facts]:
    """Make facts of the stays that last at the horizon."""

    def facts(reading: Reading) -> Facts:
        stays = reading.once(stays_in, kind)
        return system_facts(stays.episode[np.isinf(stays.end)])

    return facts


def active(kind: str) -> Callable[[Reading], Facts]:
    """Make facts of the minutes of a stay spent in steps that are not tagged as delays."""

    def facts(reading: Reading) -> Facts:
        parts = reading.once(parts_of, kind)
        minutes = np.where(reading.context.carries(DELAYED)[parts.step], 0.0, parts.started)
        some = np.flatnonzero(minutes)
        facts = system_facts(parts.episode[some], minutes[some])
        return replace(facts, per=discharged(kind)(reading))

    return facts


def waiting(kind: str) -> Callable[[Reading], Facts]:
    """Make facts of the minutes of a stay in which a bed was kept for want of something else."""

    def facts(reading: Reading) -> Facts:
        found = waiting_for(kind)(reading)
        return replace(system_facts(found.episode, found.value), per=found.per)

    return facts


def waiting_for(kind: str) -> Callable[[Reading], Facts]:
    """Make facts of the same minutes, by the step waited for, or the delay waited in."""

    def facts(reading: Reading) -> Facts:
        context, parts = reading.context, reading.once(parts_of, kind)
        delayed = context.carries(DELAYED)
        minutes = parts.waiting + np.where(delayed[parts.step], parts.started, 0.0)
        # only at these steps can a bed be kept waiting
        able = np.flatnonzero(delayed | (np.array(context.step_resource, dtype=np.int64) >= 0))
        code = np.full(len(context.steps), -1, dtype=np.int16)
        code[able] = np.arange(len(able))
        some = np.flatnonzero(minutes)
        return Facts(
            tuple(context.steps[step] for step in able),
            code[parts.step[some]],
            parts.episode[some],
            minutes[some],
            per=discharged(kind)(reading),
        )

    return facts


def bed_time(kind: str) -> Callable[[Reading], Facts]:
    """Make facts of the minutes that beds of a kind were held in the measured time."""

    def facts(reading: Reading) -> Facts:
        context, holds = reading.context, reading.logs.holds
        rows = reading.holds_of_beds(kind)
        minutes = reading.minutes_in_window(holds.seized.take(rows), holds.released.take(rows))
        beds = np.flatnonzero(context.is_bed(kind))
        capacity = reading.capacity_minutes.take(beds).sum()
        facts = system_facts(holds.episode.take(rows), minutes)
        return replace(facts, base=np.array([float(capacity)]))

    return facts


def bed_intervals(kind: str) -> Callable[[Reading], Facts]:
    """Make facts of when beds of a kind were held."""

    def facts(reading: Reading) -> Facts:
        holds, rows = reading.logs.holds, reading.holds_of_beds(kind)
        facts = system_facts(holds.episode.take(rows), holds.seized.take(rows))
        return replace(facts, until=holds.released.take(rows))

    return facts


def _of_stays(kind: str) -> tuple[Definition, ...]:
    """Measures of how long stays lasted."""
    ended, lasting = discharged(kind), still_in(kind)
    what = f"stays in {kind} beds that ended in the measured time"
    return (
        Definition(
            f"{kind}_stays",
            f"Stays ended, {kind} beds",
            "stays",
            f"Number of {what}. A stay is the unbroken time of one episode in resources with "
            f"`bed: {kind}`, whatever the number of beds; it ends when the last is given back.",
            "Beds",
            ended,
            take.count,
            adds_up=True,
            accumulates=True,
        ),
        Definition(
            f"{kind}_length_of_stay_mean",
            f"Length of stay, {kind} beds, mean",
            "days",
            f"Mean length of {what}, counted from their true beginning.",
            "Beds",
            ended,
            take.mean_of(DAY),
            better=SHORTER_STAYS if kind == "acute" else None,
        ),
        Definition(
            f"{kind}_length_of_stay_median",
            f"Length of stay, {kind} beds, median",
            "days",
            f"Median length of {what}.",
            "Beds",
            ended,
            take.quantile(0.5, DAY),
            better=SHORTER_STAYS if kind == "acute" else None,
        ),
        Definition(
            f"{kind}_length_of_stay_p90",
            f"Length of stay, {kind} beds, 90th centile",
            "days",
            f"90th centile of the length of {what}.",
            "Beds",
            ended,
            take.quantile(0.9, DAY),
            better=SHORTER_STAYS if kind == "acute" else None,
        ),
        Definition(
            f"{kind}_long_stays",
            f"Stays over {LONG} days, {kind} beds",
            "share",
            f"Share of {what} that lasted more than {LONG} days.",
            "Beds",
            ended,
            take.share_over(LONG * DAY),
            better=SHORTER_STAYS if kind == "acute" else None,
        ),
        Definition(
            f"{kind}_stays_unfinished",
            f"Stays unfinished at the end, {kind} beds",
            "stays",
            f"Number of stays in {kind} beds, whenever begun, that last at the horizon. They are "
            "in the bed days and the occupancy but not in the lengths of stay.",
            "Beds",
            lasting,
            take.count,
            adds_up=True,
        ),
    )


def _of_parts(kind: str) -> tuple[Definition, ...]:
    """Measures of what the time in bed was spent on."""
    what = f"over stays in {kind} beds that ended in the measured time"
    return (
        Definition(
            f"{kind}_stay_active",
            f"Part of the stay in care, {kind} beds, mean",
            "days",
            f"Mean, {what}, of the time in visits that have started and are not tagged "
            f"`{DELAYED}`. This part and the part waiting make up the mean length of stay.",
            "Beds",
            active(kind),
            take.per_fact_of(DAY),
        ),
        Definition(
            f"{kind}_stay_waiting",
            f"Part of the stay waiting, {kind} beds, mean",
            "days",
            f"Mean, {what}, of the time a bed was kept for want of something else: in started "
            f"visits tagged `{DELAYED}`, and queueing for a further resource while in the bed.",
            "Beds",
            waiting(kind),
            take.per_fact_of(DAY),
            better=SHORTER_DELAYS,
        ),
        Definition(
            f"{kind}_stay_waiting_for",
            f"Part of the stay waiting, {kind} beds, by what for, mean",
            "days",
            f"The same, by the step whose resource was queued for or which is tagged `{DELAYED}`. "
            "The steps add up to the part waiting.",
            "Beds",
            waiting_for(kind),
            take.per_fact_of(DAY),
            of="step",
            better=SHORTER_DELAYS,
        ),
    )


def _of_beds(kind: str) -> tuple[Definition, ...]:
    """Measures of the beds themselves."""
    held = bed_time(kind)
    return (
        Definition(
            f"{kind}_bed_days",
            f"Bed days, {kind} beds",
            "bed days",
            f"Time that {kind} beds were held within the measured time, summed, in days. Stays "
            "that began before it or last beyond it count for the part within.",
            "Beds",
            held,
            take.total_days,
            better=FEWER_BED_DAYS if kind == "acute" else None,
            adds_up=True,
            accumulates=True,
        ),
        Definition(
            f"{kind}_occupancy_mean",
            f"Beds occupied, {kind}, on average",
            "beds",
            f"Time average of the number of {kind} beds held in the measured time.",
            "Beds",
            held,
            take.time_average,
            adds_up=True,
        ),
        Definition(
            f"{kind}_occupancy_max",
            f"Beds occupied, {kind}, at most",
            "beds",
            f"Largest number of {kind} beds held at one time in the measured time.",
            "Beds",
            bed_intervals(kind),
            take.peak,
        ),
        Definition(
            f"{kind}_occupancy_share",
            f"Bed occupancy, {kind}",
            "share",
            f"Time that {kind} beds were held over the time they were there (capacity), in the "
            "measured time. In a breakdown: the share of all bed capacity held by that level.",
            "Beds",
            held,
            take.over_base,
            adds_up=True,
            may_exceed_one=True,
        ),
    )


DEFINITIONS = tuple(
    definition
    for kind in KINDS
    for make in (_of_stays, _of_parts, _of_beds)
    for definition in make(kind)
)
