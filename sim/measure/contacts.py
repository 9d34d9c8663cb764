"""Measures that count visits: attendances, admissions, conveyances, contacts by tag.

A visit counts when it starts, so those who were turned away or left the queue had no contact.
The one exception are attendances at A&E, which count on arrival, as hospitals count them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from sim.engine.logs import Fate
from sim.measure import statistics as take
from sim.measure.arrays import Floats, Integers
from sim.measure.definition import Definition
from sim.measure.directions import (
    FEWER_ADMISSIONS,
    FEWER_ATTENDANCES,
    FEWER_CONVEYANCES,
    FEWER_READMISSIONS,
)
from sim.measure.episodes import YEARLY
from sim.measure.facts import Facts, ones, system_facts
from sim.measure.joined_logs import Reading
from sim.measure.stays import stays_in
from sim.scenario.language.tags import AE_ATTENDANCE, CONVEYANCE, EMERGENCY_ADMISSION

#: minutes within which an emergency admission after a discharge is a readmission
READMISSION_WINDOW = 30 * 1440.0


def started_with(tag: str) -> Callable[[Reading], Facts]:
    """Make facts of the visits with a tag that started in the measured time."""

    def facts(reading: Reading) -> Facts:
        return system_facts(reading.logs.visits.episode.take(reading.started_tagged(tag)))

    return facts


admissions = started_with(EMERGENCY_ADMISSION)
conveyances = started_with(CONVEYANCE)


def attendances(reading: Reading) -> Facts:
    """Arrivals at A&E in the measured time, whether or not they were seen."""
    visits, rows = reading.logs.visits, reading.visits_tagged(AE_ATTENDANCE)
    arrived = reading.in_window(visits.queued.take(rows))
    arrived &= visits.fate.take(rows) != Fate.BALKED
    return system_facts(visits.episode.take(rows[arrived]))


def by_step(reading: Reading) -> Facts:
    """Visits started in the measured time, by step."""
    step, episode = reading.started_step, reading.logs.visits.episode
    return Facts(reading.context.steps, step, episode, ones(len(step)))


def by_tag(reading: Reading) -> Facts:
    """Visits started in the measured time, once for each tag of their step."""
    return started_by_tag(reading, [(tag, tag) for tag in reading.context.tags])


def started_by_tag(reading: Reading, tags: Sequence[tuple[str, str]]) -> Facts:
    """Visits started in the measured time, for each name those with its tag; in no order."""
    carries = (reading.context.carries(tag) for _, tag in tags)
    rows = [reading.started_by_step.together(steps) for steps in carries]
    of = np.repeat(np.arange(len(rows), dtype=np.int16), [len(each) for each in rows])
    every = np.concatenate([np.zeros(0, dtype=np.intp), *rows])
    episode = reading.logs.visits.episode.take(every)
    return Facts(tuple(name for name, _ in tags), of, episode, ones(len(every)))


def readmissions(reading: Reading) -> Facts:
    """Discharges alive that were followed up for 30 days: 1 if readmitted within them."""
    logs, stays = reading.logs, reading.once(stays_in, "acute")
    followed = stays.end + READMISSION_WINDOW <= reading.context.horizon
    rows = np.flatnonzero(followed & reading.in_window(stays.end) & ~stays.ended_in_death(reading))
    admitted = reading.visits_tagged(EMERGENCY_ADMISSION)
    admitted = admitted[~np.isnan(logs.visits.started[admitted])]
    next_time = _next_time(
        logs.episodes.person[stays.episode[rows]],
        stays.end[rows],
        logs.episodes.person[logs.visits.episode[admitted]],
        logs.visits.started[admitted],
    )
    again = next_time - stays.end[rows] <= READMISSION_WINDOW
    return system_facts(stays.episode[rows], again.astype(np.float64))


def _next_time(
    person: Integers, after: Floats, event_person: Integers, event_time: Floats
) -> Floats:
    """For each person and moment, the first of that person's events strictly after it, or inf."""
    people = np.concatenate([event_person, person])
    times = np.concatenate([event_time, after])
    # at one moment the event stands first, so that it is not after it
    order = np.lexsort((times, people))
    place = np.where(order < len(event_person), np.arange(len(order)), len(order))
    following = np.minimum.accumulate(place[::-1])[::-1]
    padded_time = np.append(times[order], np.inf)
    padded_person = np.append(people[order], -1)
    found = np.where(padded_person[following] == people[order], padded_time[following], np.inf)
    result = np.empty(len(people))
    result[order] = found
    return result[len(event_person) :]


DEFINITIONS = (
    Definition(
        "emergency_admissions",
        "Emergency admissions",
        "admissions",
        "Number of visits tagged `emergency_admission` that started in the measured time.",
        "Contacts",
        admissions,
        take.count,
        better=FEWER_ADMISSIONS,
        adds_up=True,
        accumulates=True,
    ),
    Definition(
        "emergency_admissions_per_1000",
        f"Emergency admissions {YEARLY}",
        YEARLY,
        "Emergency admissions, times 1,000, over the person-years of the people of that level "
        "in the measured time.",
        "Contacts",
        admissions,
        take.per_1000_a_year,
        better=FEWER_ADMISSIONS,
    ),
    Definition(
        "ae_attendances",
        "A&E attendances",
        "attendances",
        "Number of visits tagged `ae_attendance` that arrived (joined the queue or started) in "
        "the measured time. Those who leave before they are seen have attended; those who were "
        "turned away on arrival have not.",
        "Contacts",
        attendances,
        take.count,
        better=FEWER_ATTENDANCES,
        adds_up=True,
        accumulates=True,
    ),
    Definition(
        "ae_attendances_per_1000",
        f"A&E attendances {YEARLY}",
        YEARLY,
        "A&E attendances, times 1,000, over the person-years of the people of that level in the "
        "measured time.",
        "Contacts",
        attendances,
        take.per_1000_a_year,
        better=FEWER_ATTENDANCES,
    ),
    Definition(
        "conveyances",
        "Conveyances by ambulance",
        "conveyances",
        "Number of visits tagged `conveyance` that started in the measured time.",
        "Contacts",
        conveyances,
        take.count,
        better=FEWER_CONVEYANCES,
        adds_up=True,
        accumulates=True,
    ),
    Definition(
        "conveyances_per_1000",
        f"Conveyances {YEARLY}",
        YEARLY,
        "Conveyances, times 1,000, over the person-years of the people of that level in the "
        "measured time.",
        "Contacts",
        conveyances,
        take.per_1000_a_year,
        better=FEWER_CONVEYANCES,
    ),
    Definition(
        "tagged_visits",
        "Contacts by type",
        "visits",
        "Number of visits carrying each tag, side tasks included, that started in the measured "
        "time. A visit with several tags counts once under each.",
        "Contacts",
        by_tag,
        take.count,
        of="tag",
        adds_up=True,
        accumulates=True,
    ),
    Definition(
        "step_visits",
        "Visits by step",
        "visits",
        "Number of visits to each step, side tasks included, that started in the measured time.",
        "Contacts",
        by_step,
        take.count,
        of="step",
        adds_up=True,
        accumulates=True,
    ),
    Definition(
        "readmission_share",
        "Emergency readmission within 30 days",
        "share",
        "Share of discharges followed by a visit of the same person, in the same or another "
        "episode, tagged `emergency_admission` and started after the discharge and within 30 "
        "days of it. A discharge is the end of a stay in acute beds, other than by death, in "
        "the measured time and at least 30 days before the horizon, so that all were followed "
        "up for as long.",
        "Contacts",
        readmissions,
        take.mean,
        better=FEWER_READMISSIONS,
    ),
    Definition(
        "readmission_discharges",
        "Discharges followed up for 30 days",
        "discharges",
        "Number of discharges that the share readmitted is taken of.",
        "Contacts",
        readmissions,
        take.count,
        adds_up=True,
        accumulates=True,
    ),
)
