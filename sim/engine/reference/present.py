"""Who is there when a run begins: served already, or waiting.

`engine` is an `sim.engine.reference.engine.Engine`, which imports this module.
"""

from __future__ import annotations

from collections.abc import Generator
from math import inf
from typing import Any

from sim.engine.reference.clock import Life, Moment
from sim.engine.reference.patient import Elapsed, Patient
from sim.plan.plan import NONE


def begin_before(engine: Any, candidate: Any, here: Any) -> None:
    """Go on with the episode of somebody who is in a step already when the run begins."""
    person, crisis, began = candidate.person, candidate.crisis, 0.0 - here.since
    row = engine.episodes.add(person, crisis, candidate.layer, candidate.ordinal, began, NONE, NONE)
    patient = Patient(row, person, candidate.key, candidate.key, is_side_task=False)
    engine.world.clocks.extend(
        Elapsed(began if clock.since_onset else inf) for clock in engine.world.elapsed
    )
    engine.draw_attributes(patient, crisis, candidate.case)
    if engine.noted:
        engine.note(patient)
    Life(engine.clock, live_on(engine, patient, here))


def live_on(engine: Any, patient: Patient, here: Any) -> Generator[Moment, bool, None]:
    """End the step somebody is in at the start, then live."""
    waiting = here.waiting
    moment = engine.enter(patient, here.step) if waiting else be_served(engine, patient, here)
    engine.visits.queued[patient.visit] = 0.0 - here.since
    for clock in engine.clocks_of(patient.number):
        if clock.on:
            clock.since = 0.0 - here.since
    assert moment is not None
    yield moment
    yield from engine.live(patient, engine.finish(patient))


def be_served(engine: Any, patient: Patient, here: Any) -> Moment:
    """Hold what a step seizes, free or not, for the rest of a delay that began before."""
    patient.step = here.step
    patient.visit = engine.visits.add(patient.number, here.step, engine.clock.now)
    if engine.world.elapsed:
        engine.tell_clocks(patient)
    engine.count_inside(here.step, 1)
    if engine.steps[here.step].loop != NONE:
        patient.been[here.step] = 1
    patient.request = engine.request(patient)
    patient.interruption = NONE
    patient.moment = Moment(engine.clock, value=True)
    patient.passed = here.since
    engine.take_all(patient, patient.request.wants)
    engine.start(patient)
    engine.visits.started[patient.visit] = 0.0 - here.since
    for held in patient.held:
        engine.holds.seized[held.row] = 0.0 - here.since
    return patient.moment
