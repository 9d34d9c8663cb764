"""Scenario to plan: names become numbers, tables become cells, dates become minutes.

The order of things in the file never matters: names are sorted, random decisions are keyed by
name. What a scenario *means* is decided by the engines; this module only rewrites it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.plan.booking import slot_spans
from sim.plan.crises import compile_crises
from sim.plan.flatten import Arena, integers, rows
from sim.plan.initial import compile_present
from sim.plan.keys import name_key
from sim.plan.names import Names, in_order, keys, numbered
from sim.plan.people import population_plan
from sim.plan.plan import (
    ATTRIBUTE,
    ELAPSED,
    NONE,
    RESOURCE,
    Closing,
    Origin,
    Plan,
    PlanArrays,
    Records,
)
from sim.plan.profiles import profiles
from sim.plan.reacting import Reacting, compile_reacting
from sim.plan.schedules import coverages, schedules
from sim.plan.steps import compile_steps
from sim.plan.streams import compile_streams
from sim.scenario.analysis.bank_holidays import bank_holidays
from sim.scenario.analysis.plain import asked_plainly
from sim.scenario.language.attributes import ONSET, Attribute, declared
from sim.scenario.language.model import Scenario
from sim.scenario.language.pools import pools

_ORIGINS = {
    "people": Origin.PERSON,
    "crisis": Origin.EPISODE,
    "programme": Origin.PROGRAMME,
    "calendar": Origin.CALENDAR,
    "signal": Origin.SIGNAL,
    "elapsed": Origin.ELAPSED,
    "got": Origin.EPISODE,
}


_CLOSINGS = {"wait": Closing.WAIT, "serve": Closing.SERVE, "renege": Closing.RENEGE}


def compile_plan(model: Scenario) -> Plan:
    """Compile a checked scenario.

    Parameters
    ----------
    model
        A scenario that has passed `sim.scenario.check`.

    Returns
    -------
    Plan
        Flat arrays for the engines. The same scenario always gives the same plan, whatever the
        order of things in its files.
    """
    attributes = declared(model)
    names = Names(
        steps=tuple(sorted(model.pathway)),
        pools=pools(model, attributes),
        crises=tuple(sorted(model.demand)),
        outcomes=tuple(sorted(model.outcomes)),
        programmes=tuple(sorted(model.programmes)),
        cases=tuple(sorted(model.cases)),
        attributes=tuple(sorted(attributes)),
        declared=attributes,
    )
    arena = Arena(attributes, names.attributes, numbered(sorted(model.calendars)))
    start, horizon = model.run.start, model.run.warm_up + model.run.duration
    holidays = bank_holidays(model)
    on_person = {name for name, a in attributes.items() if _origin(a) == Origin.PERSON}
    set_somewhere = {name for step in model.pathway.values() for name in step.set}
    steps = compile_steps(model, names, arena)
    crises = compile_crises(model, names, arena, fixed=on_person - set_somewhere)
    people = population_plan(model, names, arena)
    reacting = compile_reacting(model, names)
    resources = _resources(model, names, arena, reacting)
    spans, changes = schedules(model.calendars, reacting.sheets, start, horizon, holidays)
    covered, points = coverages(in_order(model.programmes), start)
    world = PlanArrays(
        **arena.arrays(),
        **_attributes(model, names),
        schedules=spans,
        changes=changes,
        coverages=covered,
        points=points,
        signals=reacting.signals,
        watches=reacting.watches,
        senses=reacting.senses,
        **_elapsed(model),
        resources=resources,
        **steps,
        **crises,
        case_levels=people.case_levels.reshape(-1),
        present=compile_present(model, names),
        died=numbered(names.outcomes).get("died", NONE),
    )
    return Plan(
        title=model.title,
        start=start,
        warm_up=model.run.warm_up,
        horizon=horizon,
        steps=names.steps,
        resources=names.resources,
        crises=names.crises,
        outcomes=names.outcomes,
        attributes=names.attributes,
        levels=tuple(attributes[name].levels for name in names.attributes),
        programmes=names.programmes,
        cases=names.cases,
        step_tags=tuple(tuple(sorted(model.pathway[name].tags)) for name in names.steps),
        set_on_person=tuple(n in on_person and n in set_somewhere for n in names.attributes),
        world=world,
        profiles=profiles(
            [kind.profile for kind in in_order(model.demand)],
            [name_key("day", name) for name in names.crises],
            start,
            horizon,
            holidays,
        ),
        streams=compile_streams(model, names, start, horizon, holidays),
        people=people,
    )


def _origin(attribute: Attribute) -> Origin:
    if attribute.origin == "set":
        return Origin.PERSON if attribute.on == "person" else Origin.EPISODE
    return _ORIGINS[attribute.origin]


def _attributes(model: Scenario, names: Names) -> dict[str, Any]:
    """Columns of person and episode attributes; rows of programmes, calendars and signals."""
    origins = [_origin(names.declared[name]) for name in names.attributes]
    members: dict[Origin, list[int]] = {origin: [] for origin in Origin}
    column = []
    for number, origin in enumerate(origins):
        column.append(len(members[origin]))
        members[origin].append(number)
    initial = []
    for name in names.attributes:
        if name in model.attributes:
            initial.append(names.levels(name)[model.attributes[name].initially])
        else:  # a crisis attribute that is not drawn has the level `none`
            initial.append(names.levels(name).get("none", 0))
    return {
        "attributes": rows(ATTRIBUTE, origin=origins, column=column, initial=initial),
        "person_columns": integers(members[Origin.PERSON]),
        "episode_columns": integers(members[Origin.EPISODE]),
    }


def _elapsed(model: Scenario) -> dict[str, Any]:
    """Times since something in an episode, and the steps that they are since."""
    clocks = [signal for signal in in_order(model.signals) if signal.since is not None]
    return {
        "elapsed": rows(
            ELAPSED,
            since_onset=[clock.since == ONSET for clock in clocks],
            at_least=[clock.at_least for clock in clocks],
        ),
        "timed": np.array(
            [clock.since in step.tags for step in in_order(model.pathway) for clock in clocks],
            dtype=np.int8,
        ),
    }


def _resources(model: Scenario, names: Names, arena: Arena, reacting: Reacting) -> Records:
    resources = [model.resources[pool.resource] for pool in names.pools]
    turnarounds = {
        name: NONE if r.turnaround is None else arena.durations(r.turnaround)
        for name, r in sorted(model.resources.items())
    }
    plain = asked_plainly(model)
    return rows(
        RESOURCE,
        schedule=[len(model.calendars) + number for number in reacting.first_sheet],
        first_sense=reacting.first_sense,
        end_sense=reacting.end_sense,
        opens_after=[r.opens_after for r in resources],
        closes_after=[r.closes_after for r in resources],
        queue_limit=[NONE if r.queue_limit is None else r.queue_limit for r in resources],
        turnaround=[turnarounds[pool.resource] for pool in names.pools],
        plain=[pool.resource in plain for pool in names.pools],
        in_turn=[r.in_turn for r in resources],
        rest_after=[0.0 if r.break_ is None else r.break_.after for r in resources],
        rest_for=[0.0 if r.break_ is None else r.break_.lasting for r in resources],
        at_closing=[_CLOSINGS[r.at_closing] for r in resources],
        key=keys(("resource", pool.resource) for pool in names.pools),
        **slot_spans(model, names),
    )
