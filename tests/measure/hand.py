"""Logs and contexts made by hand, small enough to work out every measure on paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from sim.engine.logs import (
    Absorbed,
    Bookings,
    Capacities,
    Episodes,
    Fate,
    Holds,
    Interruptions,
    Logs,
    Visits,
)
from sim.measure.context import Context
from sim.measure.summary import measure_in

NAN = float("nan")
DAY = 1440.0

#: name of each step: the resource it seizes ("" for none) and its tags
STEPS: dict[str, tuple[str, tuple[str, ...]]] = {
    "ask": ("", ("contact_111",)),
    "assess": ("unit_beds", ("emergency_admission",)),
    "ambulance": ("crews", ("conveyance",)),
    "arrange": ("", ("delayed_discharge",)),
    "hand_over": ("", ("handover",)),
    "rehab": ("cottage_beds", ()),
    "start_care": ("carers", ("delayed_discharge", "care_package")),
    "tell_gp": ("", ("gp_contact",)),
    "treat": ("cubicles", ("in_ae",)),
    "triage": ("nurses", ("in_ae", "ae_attendance")),
    "ward": ("ward_beds", ()),
}
BEDS = {"unit_beds": "acute", "ward_beds": "acute", "cottage_beds": "community"}
RESOURCES = tuple(sorted({resource for resource, _ in STEPS.values() if resource}))

UNLIMITED = np.array([-1])


def context(**changes: Any) -> Context:
    """A small urgent-care system measured from 0 to 100 days; everything is unlimited."""
    made = Context(
        steps=tuple(STEPS),
        resources=RESOURCES,
        crises=("fall", "infection"),
        outcomes=("died", "home"),
        attributes=("age", "frail"),
        levels=(("old", "young"), ("no", "yes")),
        step_tags=tuple(tags for _, tags in STEPS.values()),
        step_resource=tuple(
            RESOURCES.index(resource) if resource else -1 for resource, _ in STEPS.values()
        ),
        beds=tuple(BEDS.get(resource, "") for resource in RESOURCES),
        capacity_times=tuple(np.array([0.0]) for _ in RESOURCES),
        capacity_values=tuple(UNLIMITED for _ in RESOURCES),
        warm_up=0.0,
        horizon=100 * DAY,
        start=date(2024, 4, 1),
        cases=("mrs_b",),
        person_years={"": np.array([500.0]), "age": np.array([100.0, 400.0])},
    )
    return replace(made, **changes)


def with_capacity(made: Context, resource: str, *changes: tuple[float, int]) -> Context:
    """The same context with the capacity of a resource from each time on."""
    number = made.resources.index(resource)
    times, values = list(made.capacity_times), list(made.capacity_values)
    times[number] = np.array([time for time, _ in changes])
    values[number] = np.array([value for _, value in changes])
    return replace(made, capacity_times=tuple(times), capacity_values=tuple(values))


@dataclass(frozen=True)
class Visit:
    """A visit in minutes; None is not yet. A unit is given back at `released`, else at the end."""

    step: str
    queued: float
    started: float | None = None
    ended: float | None = None
    released: float | None = None
    kept: bool = False  #: the unit is not given back yet
    turnaround: float = 0.0


@dataclass(frozen=True)
class Patient:
    """An episode and its visits."""

    visits: Sequence[Visit]
    outcome: str = "home"
    person: int = 0
    crisis: str = "fall"
    levels: tuple[str, ...] = ("old", "no")
    parent: int = -1
    unfinished: bool = False
    case: int = -1


#: nobody has been interrupted
NO_INTERRUPTIONS = Interruptions(
    *(np.zeros(0, dtype=kind) for kind in (np.int32, np.float64, np.float64, np.int32))
)


#: no capacity reacts
NO_BOOKINGS = Bookings(
    *(np.zeros(0, dtype=kind) for kind in (np.int32, np.int16, np.float64, np.int16))
)
NO_CAPACITIES = Capacities(*(np.zeros(0, dtype=kind) for kind in (np.int16, np.float64, np.int32)))


@dataclass
class _Columns:
    rows: list[tuple[Any, ...]] = field(default_factory=list)

    def column(self, number: int, kind: type) -> Any:
        return np.array([row[number] for row in self.rows], dtype=kind)


def logs_of(
    made: Context,
    *patients: Patient,
    absorbed: Sequence[tuple[int, str, float]] = (),
) -> Logs:
    """Write the logs of these patients, who must be in order of onset."""
    visits, holds = _Columns(), _Columns()
    for number, patient in enumerate(patients):
        for visit in patient.visits:
            visits.rows.append(_visit_row(made, number, visit))
            if STEPS[visit.step][0] and visit.started is not None:
                holds.rows.append((*_hold_row(made, number, visit), visits.rows[-1]))
    visits.rows.sort(key=lambda row: row[2])
    holds.rows.sort(key=lambda row: row[2])
    of_visit = [next(i for i, v in enumerate(visits.rows) if v is row[-1]) for row in holds.rows]
    return Logs(
        visits=Visits(
            episode=visits.column(0, np.int32),
            step=visits.column(1, np.int16),
            queued=visits.column(2, np.float64),
            started=visits.column(3, np.float64),
            ended=visits.column(4, np.float64),
            fate=visits.column(5, np.int8),
        ),
        holds=Holds(
            episode=holds.column(0, np.int32),
            visit=np.array(of_visit, dtype=np.int32),
            resource=holds.column(1, np.int16),
            seized=holds.column(2, np.float64),
            released=holds.column(3, np.float64),
            ready=holds.column(4, np.float64),
        ),
        interruptions=NO_INTERRUPTIONS,
        capacities=NO_CAPACITIES,
        bookings=NO_BOOKINGS,
        episodes=_episodes(made, patients),
        absorbed=Absorbed(
            person=np.array([person for person, _, _ in absorbed], dtype=np.int32),
            crisis=np.array([made.crises.index(name) for _, name, _ in absorbed], dtype=np.int16),
            at=np.array([at for _, _, at in absorbed], dtype=np.float64),
        ),
        horizon=made.horizon,
    )


def _visit_row(made: Context, number: int, visit: Visit) -> tuple[Any, ...]:
    if visit.started is None:
        fate = Fate.RENEGED
        if visit.ended is None:
            fate = Fate.WAITING
        elif visit.ended == visit.queued:
            fate = Fate.BALKED
    else:
        fate = Fate.STARTED if visit.ended is None else Fate.ENDED
    started = NAN if visit.started is None else visit.started
    ended = NAN if visit.ended is None else visit.ended
    return (number, made.steps.index(visit.step), visit.queued, started, ended, fate)


def _hold_row(made: Context, number: int, visit: Visit) -> tuple[Any, ...]:
    released = visit.ended if visit.released is None else visit.released
    if visit.kept or released is None:
        released = NAN
    resource = made.resources.index(STEPS[visit.step][0])
    return (number, resource, visit.started, released, released + visit.turnaround)


def _episodes(made: Context, patients: Sequence[Patient]) -> Episodes:
    last = [patient.visits[-1].ended for patient in patients]
    over = [
        not patient.unfinished and end is not None
        for patient, end in zip(patients, last, strict=True)
    ]
    levels = [
        [names.index(level) for names, level in zip(made.levels, patient.levels, strict=True)]
        for patient in patients
    ]
    return Episodes(
        person=np.array([patient.person for patient in patients], dtype=np.int32),
        crisis=np.array([made.crises.index(each.crisis) for each in patients], dtype=np.int16),
        layer=np.zeros(len(patients), dtype=np.int16),
        ordinal=np.arange(len(patients), dtype=np.int32),
        onset=np.array([patient.visits[0].queued for patient in patients], dtype=np.float64),
        ended=np.array(
            [end if done else NAN for end, done in zip(last, over, strict=True)], dtype=np.float64
        ),
        outcome=np.array(
            [
                made.outcomes.index(patient.outcome) if done else -1
                for patient, done in zip(patients, over, strict=True)
            ],
            dtype=np.int16,
        ),
        parent=np.array([patient.parent for patient in patients], dtype=np.int32),
        case=np.array([patient.case for patient in patients], dtype=np.int16),
        levels=np.array(levels, dtype=np.int8).reshape(len(patients), len(made.attributes)),
    )


@dataclass(frozen=True)
class Measured:
    """A frame of measures, looked up by name."""

    frame: pd.DataFrame

    def __call__(self, measure: str, of: str = "", by: str = "", level: str = "") -> float:
        frame = self.frame
        chosen = frame[
            (frame["measure"] == measure)
            & (frame["of"] == of)
            & (frame["by"] == by)
            & (frame["level"] == level)
        ]
        assert len(chosen) == 1, f"{len(chosen)} rows of {measure} {of} {by} {level}"
        return float(chosen["value"].iloc[0])


def measured(
    made: Context,
    *patients: Patient,
    by: Sequence[str] = (),
    absorbed: Sequence[tuple[int, str, float]] = (),
) -> Measured:
    """Measure these patients."""
    return Measured(measure_in(made, logs_of(made, *patients, absorbed=absorbed), by))
