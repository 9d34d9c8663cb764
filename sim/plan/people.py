"""How people are drawn, as arrays: attributes, strata, programmes, cases."""

from __future__ import annotations

from datetime import datetime, time

import numpy as np

from sim.plan.flatten import Arena, chained, floats, integers
from sim.plan.names import Names, in_order, keys, numbered
from sim.plan.plan import NONE, Bytes, Integers, PopulationPlan
from sim.scenario.language.attributes import dependency_order
from sim.scenario.language.model import Scenario
from sim.scenario.language.onsets import onsets


def population_plan(model: Scenario, names: Names, arena: Arena) -> PopulationPlan:
    """Compile the population; tables of shares are added to the arena."""
    number = numbered(names.attributes)
    drawn = dependency_order({name: a.shares for name, a in model.people.attributes.items()})
    counts, levels = _strata(model, names)
    programmes = in_order(model.programmes)
    cases, there = in_order(model.cases), in_order(model.initial)
    sizes = [case.copies for case in cases] + [row.number for row in there]
    brought = [case.crisis for case in cases] + [row.crisis for row in there]
    called = [("case", name) for name in names.cases]
    called += [("initial", name) for name in sorted(model.initial)]
    return PopulationPlan(
        number=int(counts.sum()) if model.people.strata else int(model.people.number or 0),
        drawn=tuple(number[name] for name in drawn),
        tables=tuple(
            arena.choices(model.people.attributes[name].shares, names.levels(name))
            for name in drawn
        ),
        keys=keys(("person", name) for name in drawn),
        strata_counts=counts,
        strata_levels=levels,
        programme_keys=keys(("programme", name) for name in names.programmes),
        eligible=tuple(
            tuple(
                (number[name], tuple(sorted(names.levels(name)[level] for level in allowed)))
                for name, allowed in sorted(programme.eligible.items())
            )
            for programme in programmes
        ),
        caseload=tuple(programme.caseload for programme in programmes),
        case_levels=_case_levels(model, names),
        case_covered=_case_covered(model, names),
        case_crisis=integers(numbered(names.crises)[name] for name in brought),
        copy_of=integers(chained([number] * copies for number, copies in enumerate(sizes))),
        copy_number=integers(chained(range(copies) for copies in sizes)),
        copy_keys=keys(
            _copy_name(kind, name, copy)
            for (kind, name), copies in zip(called, sizes, strict=True)
            for copy in range(copies)
        ),
        copy_at=floats(
            chained(
                [
                    [_minutes(model, at) for case in cases for at in onsets(case, model.run)],
                    [0.0] * sum(row.number for row in there),
                ]
            )
        ),
    )


def _copy_name(kind: str, name: str, copy: int) -> tuple[str | int, ...]:
    """What names the luck of a copy; the first is the case itself."""
    return (kind, name, copy) if copy else (kind, name)


def _minutes(model: Scenario, at: datetime) -> float:
    start = datetime.combine(model.run.start, time())
    return (at - start).total_seconds() / 60.0


def _strata(model: Scenario, names: Names) -> tuple[Integers, Bytes]:
    """People in each stratum, and their levels (NONE for attributes that are drawn)."""
    strata = model.people.strata
    if strata is None:
        return np.zeros(0, dtype=np.int64), np.zeros((0, len(names.attributes)), dtype=np.int8)
    levels = np.full((len(strata.counts), len(names.attributes)), NONE, dtype=np.int8)
    for column, name in enumerate(strata.attributes):
        code = names.levels(name)
        levels[:, names.attributes.index(name)] = [code[row[column]] for row in strata.rows]
    order = np.lexsort(levels.T[::-1])
    return np.array(strata.counts, dtype=np.int64)[order], levels[order]


def _case_levels(model: Scenario, names: Names) -> Bytes:
    given = [case.attributes for case in in_order(model.cases)]
    given += [row.attributes for row in in_order(model.initial)]
    levels = np.full((len(given), len(names.attributes)), NONE, dtype=np.int8)
    for row, attributes in enumerate(given):
        for name, level in attributes.items():
            levels[row, names.attributes.index(name)] = names.levels(name)[level]
    return levels


def _case_covered(model: Scenario, names: Names) -> Bytes:
    number = len(model.cases) + len(model.initial)
    covered = np.full((number, len(names.programmes)), NONE, dtype=np.int8)
    for row, case in enumerate(in_order(model.cases)):
        for name, yes in case.programmes.items():
            covered[row, names.programmes.index(name)] = int(yes)
    return covered
