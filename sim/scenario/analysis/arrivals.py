"""Expected arrivals: how many episodes of which kind fall due, before anything is simulated.

Crises that fall due while a person already has an episode, and deaths, are left out of account,
so what is found here is at most a little too high.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from sim.scenario.analysis.averages import (
    Days,
    arrivals_by_hour,
    demand_by_hour,
    mean_coverage,
    open_share,
)
from sim.scenario.analysis.mix import (
    Circumstances,
    Floats,
    Mix,
    everyone,
    expected,
    merged,
    share_of,
    with_attribute,
)
from sim.scenario.language.attributes import Attribute, dependency_order
from sim.scenario.language.demand import Arrival, Crisis, DrawnAttribute
from sim.scenario.language.model import Programme, Scenario
from sim.scenario.written.values import Rate, attributes_of, leaves


@dataclass(frozen=True)
class Arrivals:
    """Episodes of one crisis: kinds weighted by arrivals per minute, and calendars met.

    `chance` is the probability of `yes` of each calendar, as this crisis meets it.
    """

    crisis: str
    kinds: Mix
    chance: Mapping[str, float]
    demand: Floats  #: relative demand by measured day and hour


def pathway_attributes(model: Scenario) -> set[str]:
    """Attributes on which anything that moves or detains an episode depends."""
    used: set[str] = set()
    for step in model.pathway.values():
        used |= attributes_of(step.route)
        used |= attributes_of(step.delay) if step.delay is not None else set()
        ways = (step.balk_to, step.renege_to, step.attend, step.length)
        for table in (
            *step.set.values(),
            *step.spawn.values(),
            *(w for w in ways if w is not None),
        ):
            used |= attributes_of(table)
        if step.seize is not None:
            used |= attributes_of(step.seize.lists)
            for need in step.seize.needs.values():
                used |= attributes_of(need.units) | ({need.at} if need.at is not None else set())
    for resource in model.resources.values():
        used |= attributes_of(resource.turnaround) if resource.turnaround is not None else set()
        used |= {resource.per} if resource.per is not None else set()
    for kind in model.demand.values():
        used |= attributes_of(kind.first)
    return used


def queue_attributes(model: Scenario, resource: str) -> set[str]:
    """Attributes on which it depends who is served first, and who gives up, at one resource."""
    steps = [step for step in model.pathway.values() if resource in step.asked]
    ordered = model.resources[resource].discipline == "priority"
    tables = [
        table for step in steps for table in (step.patience, step.priority if ordered else None)
    ]
    return {name for table in tables if table is not None for name in attributes_of(table)}


def arrivals(
    model: Scenario,
    attributes: Mapping[str, Attribute],
    days: Days,
    signals_on: Collection[str] = (),
    also: Collection[str] = (),
) -> Iterator[Arrivals]:
    """Arrivals of every crisis, and of every stream, in the order of the file.

    They are told apart by the attributes on which the pathway depends, and by those in `also`;
    the signals named are on, the others off.
    """
    onward = pathway_attributes(model) | set(also)
    for kind in model.demand.values():  # several may draw one attribute, each in its own way
        for definition in kind.attributes.values():
            onward |= attributes_of(definition.shares)
    rating = set(onward)
    for crisis in model.crises.values():
        rating |= _rate_attributes(crisis)
    people = _with_programmes(_people(model, attributes, rating), model, rating, days)
    for name, kind in model.demand.items():
        yield _of_kind(name, kind, people, model, attributes, onward, days, signals_on)


def quiet(model: Scenario, signals_on: Collection[str] = ()) -> dict[str, str]:
    """Levels taken for granted: of signals, and of attributes set by steps the initial one."""
    levels = {name: definition.initially for name, definition in model.attributes.items()}
    for step in model.pathway.values():
        if step.as_ is not None and step.first_asked is not None:
            levels.setdefault(step.as_, step.first_asked)
    signals = {name: "yes" if name in signals_on else "no" for name in model.signals}
    return {**levels, **signals}


def _rate_attributes(crisis: Crisis) -> set[str]:
    used = set(attributes_of(crisis.rate))
    for table in crisis.relative_rates.values():
        used |= attributes_of(table)
    return used


def _people(model: Scenario, attributes: Mapping[str, Attribute], needed: set[str]) -> Mix:
    """The population by the attributes needed, weighted by numbers of people."""
    definitions = model.people.attributes
    eligible = {a for name in model.programmes if name in needed
                for a in model.programmes[name].eligible}  # fmt: skip
    wanted = needed | eligible
    kinds = _strata(model, attributes)
    left = {name: d.shares for name, d in definitions.items() if name not in kinds.codes}
    for name in dependency_order(left):
        later = _still_needed(definitions, set(kinds.codes) | {name}, wanted)
        if name in later:
            kinds = _drawn(kinds, name, definitions[name], attributes)
        kinds = merged(kinds, later)
    return merged(kinds, wanted)


def _strata(model: Scenario, attributes: Mapping[str, Attribute]) -> Mix:
    strata = model.people.strata
    if strata is None:
        # where nobody is registered, those who arrive are still as one person is drawn
        return everyone(float(model.people.number or 1))
    codes = {
        name: np.array(
            [attributes[name].levels.index(row[i]) for row in strata.rows], dtype=np.int16
        )
        for i, name in enumerate(strata.attributes)
    }
    levels = {name: tuple(attributes[name].levels) for name in strata.attributes}
    return Mix(levels, codes, np.array(strata.counts, dtype=np.float64))


def _still_needed(
    definitions: Mapping[str, DrawnAttribute], done: set[str], wanted: set[str]
) -> set[str]:
    """Attributes that the result, or an attribute yet to be drawn for it, depends on."""
    needed = set(wanted)
    while True:
        more = {
            a
            for name in needed
            if name in definitions and name not in done
            for a in attributes_of(definitions[name].shares)
        }
        if more <= needed:
            return needed
        needed |= more


def _drawn(
    kinds: Mix,
    name: str,
    definition: DrawnAttribute,
    attributes: Mapping[str, Attribute],
    around: Circumstances | None = None,
) -> Mix:
    where = around or Circumstances({}, {})
    written = dict.fromkeys(level for shares in leaves(definition.shares) for level in shares)
    shares = {
        level: expected(definition.shares, kinds, share_of(level), where) for level in written
    }
    return with_attribute(kinds, name, tuple(attributes[name].levels), shares)


def _with_programmes(people: Mix, model: Scenario, needed: set[str], days: Days) -> Mix:
    """The people split into covered and not, for every programme that matters."""
    for name, programme in model.programmes.items():
        if name in needed:
            covered = _covered(people, programme, days)
            people = with_attribute(
                people, name, ("no", "yes"), {"no": 1.0 - covered, "yes": covered}
            )
    return people


def _covered(people: Mix, programme: Programme, days: Days) -> Floats:
    """Probability of being covered, for each kind of person."""
    eligible = np.ones(len(people))
    for name, levels in programme.eligible.items():
        known = people.levels[name]
        codes = [known.index(level) for level in levels if level in known]
        eligible *= np.isin(people.codes[name], codes)
    share = mean_coverage(programme, days)
    expected_cases = share * float((eligible * people.weight).sum())
    if programme.caseload is not None and expected_cases > programme.caseload:
        share *= programme.caseload / expected_cases
    return eligible * share


def _of_kind(
    name: str,
    kind: Crisis | Arrival,
    people: Mix,
    model: Scenario,
    attributes: Mapping[str, Attribute],
    onward: set[str],
    days: Days,
    signals_on: Collection[str],
) -> Arrivals:
    demand = demand_by_hour(kind.profile, days, model.run.start)
    if isinstance(kind, Arrival):
        demand = demand * arrivals_by_hour(kind.rate, model.calendars, days)
    chance = {c: open_share(model.calendars[c], days, demand) for c in model.calendars}
    around = Circumstances(
        quiet(model, signals_on), {c: np.full(len(people), p) for c, p in chance.items()}
    )
    share = _rates(kind, people, around) if isinstance(kind, Crisis) else 1.0 / people.weight.sum()
    weight = people.weight * share * float(demand.mean())
    kinds = merged(Mix(people.levels, people.codes, weight, people.exact), onward)
    for other in dependency_order({a: d.shares for a, d in kind.attributes.items()}):
        if other in onward:
            here = Circumstances(
                around.known, {c: np.full(len(kinds), p) for c, p in chance.items()}
            )
            kinds = _drawn(kinds, other, kind.attributes[other], attributes, here)
    return Arrivals(name, kinds, chance, demand)


def _rates(crisis: Crisis, people: Mix, around: Circumstances) -> Floats:
    """Crises a minute of one person of each kind, profile apart."""
    number = float(people.weight.sum())

    def of_one_person(rate: Rate) -> float:
        return rate.per_minute / number if rate.of == "population" else rate.per_minute

    found = expected(crisis.rate, people, of_one_person, around)
    for table in crisis.relative_rates.values():
        found = found * expected(table, people, float, around)
    return found
