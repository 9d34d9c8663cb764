"""Measures of A&E and its front door: time in department, four hours, handover.

An attendance lasts from the arrival at the first of an unbroken run of visits tagged `in_ae` to
the departure. Someone who waits for a ward in an A&E cubicle has not departed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.engine.logs import Fate
from sim.measure import statistics as take
from sim.measure.arrays import Floats, Index, Integers
from sim.measure.definition import Definition
from sim.measure.directions import MORE_IN_TIME, SHORTER_WAITS
from sim.measure.facts import Facts, system_facts
from sim.measure.joined_logs import Reading, open_ended, starts_of_runs
from sim.measure.rows import rows_where
from sim.scenario.language.tags import AE_ATTENDANCE, HANDOVER, IN_AE

FOUR_HOURS, TWELVE_HOURS = 240.0, 720.0


@dataclass(frozen=True, slots=True)
class Attendances:
    """One row per attendance; `left_care` ends the last visit, `departed` is inf if still there."""

    episode: Integers
    arrived: Floats
    left_care: Floats
    departed: Floats


def attendances(reading: Reading) -> Attendances:
    """Find every unbroken run of visits in A&E with an attendance among them."""
    visits, context = reading.logs.visits, reading.context
    place = rows_where(context.carries(IN_AE), reading.steps_by_episode)
    rows = reading.visits_by_episode.rows.take(place)
    episode = visits.episode.take(rows)
    # a visit elsewhere leaves a gap between the places
    first = np.flatnonzero(starts_of_runs(episode, place - np.arange(len(place))))
    last = np.append(first, len(rows))[1:] - 1
    attended = context.carries(AE_ATTENDANCE).take(visits.step.take(rows))
    attended &= visits.fate.take(rows) != Fate.BALKED
    left_care = open_ended(visits.ended.take(rows.take(last)))
    kept_until = np.maximum.reduceat(_cubicle_until(reading, rows), first)
    chosen = np.flatnonzero(np.logical_or.reduceat(attended, first))
    return Attendances(
        episode.take(first.take(chosen)),
        visits.queued.take(rows.take(first.take(chosen))),
        left_care.take(chosen),
        np.maximum(left_care, kept_until).take(chosen),
    )


def _cubicle_until(reading: Reading, rows: Index) -> Floats:
    """Until when each visit's own unit was kept; a bed seized in A&E is no part of A&E."""
    holds = reading.logs.holds
    hold = reading.hold_of_visit.take(rows)
    until = np.full(len(rows), -np.inf)
    held = np.flatnonzero(hold >= 0)
    is_bed = np.array([bed != "" for bed in reading.context.beds], dtype=np.bool_)
    held = held[~is_bed.take(holds.resource.take(hold.take(held)))]
    until[held] = open_ended(holds.released.take(hold.take(held)))
    return until


def departures(reading: Reading) -> Facts:
    """Attendances that departed in the measured time: minutes in the department."""
    found = reading.once(attendances)
    rows = np.flatnonzero(reading.in_window(found.departed))
    return system_facts(found.episode[rows], found.departed[rows] - found.arrived[rows])


def boarding(reading: Reading) -> Facts:
    """The same attendances: minutes from the end of their care in A&E to departure."""
    found = reading.once(attendances)
    rows = np.flatnonzero(reading.in_window(found.departed))
    return system_facts(found.episode[rows], found.departed[rows] - found.left_care[rows])


def still_there(reading: Reading) -> Facts:
    """Attendances that have not departed at the horizon."""
    found = reading.once(attendances)
    return system_facts(found.episode[np.isinf(found.departed)])


def handovers(reading: Reading) -> Facts:
    """Handovers that ended in the measured time: minutes from arrival to their end."""
    visits, rows = reading.logs.visits, reading.visits_tagged(HANDOVER)
    done = reading.in_window(visits.ended[rows]) & ~np.isnan(visits.started[rows])
    rows = rows[done]
    return system_facts(visits.episode[rows], visits.ended[rows] - visits.queued[rows])


def handovers_unfinished(reading: Reading) -> Facts:
    """Handovers waiting or under way at the horizon."""
    visits, rows = reading.logs.visits, reading.visits_tagged(HANDOVER)
    return system_facts(visits.episode[rows[np.isnan(visits.ended[rows])]])


DEPARTURES = "attendances that departed in the measured time"

DEFINITIONS = (
    Definition(
        "ae_departures",
        "A&E departures",
        "attendances",
        "Number of attendances that departed in the measured time. An attendance is an unbroken "
        "run of visits tagged `in_ae`, one of them tagged `ae_attendance` and not turned away. "
        "It departs at the end of its last visit or, if later, when the last unit (other than a "
        "bed) seized in A&E is given back: a patient who waits in a cubicle for a ward, or a "
        "unit kept by `hold`, has not departed.",
        "Accident and emergency",
        departures,
        take.count,
        adds_up=True,
        accumulates=True,
    ),
    Definition(
        "ae_within_4_hours",
        "Four-hour performance",
        "share",
        f"Share of {DEPARTURES} within 240 minutes of arrival (joining the queue of the first "
        "visit).",
        "Accident and emergency",
        departures,
        take.share_within(FOUR_HOURS),
        better=MORE_IN_TIME,
    ),
    Definition(
        "ae_over_12_hours",
        "Over twelve hours in A&E",
        "share",
        f"Share of {DEPARTURES} more than 720 minutes after arrival.",
        "Accident and emergency",
        departures,
        take.share_over(TWELVE_HOURS),
        better=SHORTER_WAITS,
    ),
    Definition(
        "ae_over_12_hours_count",
        "Over twelve hours in A&E, number",
        "attendances",
        f"Number of {DEPARTURES} more than 720 minutes after arrival.",
        "Accident and emergency",
        departures,
        take.count_over(TWELVE_HOURS),
        better=SHORTER_WAITS,
        adds_up=True,
        accumulates=True,
    ),
    Definition(
        "ae_time_mean",
        "Time in A&E, mean",
        "minutes",
        f"Mean time from arrival to departure, over {DEPARTURES}.",
        "Accident and emergency",
        departures,
        take.mean,
        better=SHORTER_WAITS,
    ),
    Definition(
        "ae_time_median",
        "Time in A&E, median",
        "minutes",
        f"Median time from arrival to departure, over {DEPARTURES}.",
        "Accident and emergency",
        departures,
        take.quantile(0.5),
        better=SHORTER_WAITS,
    ),
    Definition(
        "ae_time_p95",
        "Time in A&E, 95th centile",
        "minutes",
        f"95th centile of the time from arrival to departure, over {DEPARTURES}.",
        "Accident and emergency",
        departures,
        take.quantile(0.95),
        better=SHORTER_WAITS,
    ),
    Definition(
        "ae_boarding_mean",
        "Boarding in A&E, mean",
        "minutes",
        f"Mean time from the end of the last visit in A&E to departure, over {DEPARTURES}; 0 "
        "for those who left at once.",
        "Accident and emergency",
        boarding,
        take.mean,
        better=SHORTER_WAITS,
    ),
    Definition(
        "ae_still_there",
        "Still in A&E at the end",
        "attendances",
        "Number of attendances, whenever begun, that have not departed at the horizon.",
        "Accident and emergency",
        still_there,
        take.count,
        adds_up=True,
    ),
    Definition(
        "handovers",
        "Ambulance handovers",
        "handovers",
        "Number of visits tagged `handover` that started and ended, and ended in the measured "
        "time.",
        "Accident and emergency",
        handovers,
        take.count,
        adds_up=True,
        accumulates=True,
    ),
    Definition(
        "handover_mean",
        "Handover time, mean",
        "minutes",
        "Mean time from arrival (joining the queue) to the end of the visit, over handovers "
        "that ended in the measured time.",
        "Accident and emergency",
        handovers,
        take.mean,
        better=SHORTER_WAITS,
    ),
    Definition(
        "handover_over_30_min",
        "Handovers over 30 minutes",
        "share",
        "Share of handovers that ended in the measured time after more than 30 minutes.",
        "Accident and emergency",
        handovers,
        take.share_over(30.0),
        better=SHORTER_WAITS,
    ),
    Definition(
        "handover_over_60_min",
        "Handovers over 60 minutes",
        "share",
        "Share of handovers that ended in the measured time after more than 60 minutes.",
        "Accident and emergency",
        handovers,
        take.share_over(60.0),
        better=SHORTER_WAITS,
    ),
    Definition(
        "handovers_unfinished",
        "Handovers unfinished at the end",
        "handovers",
        "Number of visits tagged `handover` that are waiting or under way at the horizon.",
        "Accident and emergency",
        handovers_unfinished,
        take.count,
        adds_up=True,
    ),
)
