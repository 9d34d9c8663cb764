"""Scenario to plan: names become numbers, tables become cells, dates become minutes.

The order of things in the file never matters: names are sorted, random decisions are keyed by
name. What a scenario *means* is decided by the engines; this module only rewrites it.
"""

from __future__ import annotations

from sim.plan import schedules
from sim.plan.crises import compile_crises
from sim.plan.flatten import Arena, floats, integers
from sim.plan.keys import name_key
from sim.plan.names import Names, in_order, numbered
from sim.plan.people import population_plan
from sim.plan.plan import NONE, Attributes, Origin, Plan, Resources, Signals, World
from sim.plan.profiles import profiles
from sim.plan.steps import compile_steps
from sim.scenario.attributes import Attribute, declared
from sim.scenario.model import Scenario

_ORIGINS = {
    "people": Origin.PERSON,
    "crisis": Origin.EPISODE,
    "programme": Origin.PROGRAMME,
    "calendar": Origin.CALENDAR,
    "signal": Origin.SIGNAL,
}


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
        resources=tuple(sorted(model.resources)),
        crises=tuple(sorted(model.crises)),
        outcomes=tuple(sorted(model.outcomes)),
        programmes=tuple(sorted(model.programmes)),
        cases=tuple(sorted(model.cases)),
        attributes=tuple(sorted(attributes)),
        declared=attributes,
    )
    arena = Arena(attributes, names.attributes)
    horizon = model.run.warm_up + model.run.duration
    on_person = {name for name, a in attributes.items() if _origin(a) == Origin.PERSON}
    set_somewhere = {name for step in model.pathway.values() for name in step.set}
    steps = compile_steps(model, names, arena)
    crises = compile_crises(model, names, arena, fixed=on_person - set_somewhere)
    people = population_plan(model, names, arena)
    turnarounds = [
        NONE if (t := model.resources[name].turnaround) is None else arena.durations(t)
        for name in names.resources
    ]
    start = model.run.start
    world = World(
        tables=arena.tables(),
        distributions=arena.distributions(),
        choices=arena.choice_rows(),
        numbers=arena.number_leaves(),
        attributes=_attributes(model, names),
        calendars=schedules.calendars(in_order(model.calendars), start, horizon),
        coverages=schedules.coverages(in_order(model.programmes), start),
        signals=_signals(model, names),
        capacities=schedules.capacities(in_order(model.resources), start, horizon),
        resources=Resources(
            queue_limit=integers(
                NONE if (limit := model.resources[name].queue_limit) is None else limit
                for name in names.resources
            ),
            turnaround=integers(turnarounds),
        ),
        steps=steps,
        crises=crises,
        case_levels=people.case_levels.reshape(-1),
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
            in_order(model.crises), [name_key("day", name) for name in names.crises], start, horizon
        ),
        people=people,
    )


def _origin(attribute: Attribute) -> Origin:
    if attribute.origin == "set":
        return Origin.PERSON if attribute.on == "person" else Origin.EPISODE
    return _ORIGINS[attribute.origin]


def _attributes(model: Scenario, names: Names) -> Attributes:
    """Columns of person and episode attributes; rows of programmes, calendars and signals."""
    origins = [_origin(names.declared[name]) for name in names.attributes]
    columns: dict[Origin, list[int]] = {origin: [] for origin in Origin}
    column = []
    for number, origin in enumerate(origins):
        column.append(len(columns[origin]))
        columns[origin].append(number)
    initial = []
    for name in names.attributes:
        if name in model.attributes:
            initial.append(names.levels(name)[model.attributes[name].initially])
        else:  # a crisis attribute that is not drawn has its last level, `none`
            initial.append(names.levels(name).get("none", 0))
    return Attributes(
        origin=integers(origins),
        column=integers(column),
        initial=integers(initial),
        of_person_column=integers(columns[Origin.PERSON]),
        of_episode_column=integers(columns[Origin.EPISODE]),
    )


def _signals(model: Scenario, names: Names) -> Signals:
    resources = numbered(names.resources)
    signals = in_order(model.signals)
    return Signals(
        resource=integers(resources[str(s.queue or s.occupancy)] for s in signals),
        is_queue=integers(s.queue is not None for s in signals),
        at_least=floats(s.at_least for s in signals),
    )
