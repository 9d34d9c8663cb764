"""Everything that can be known of a scenario before it runs.

`check` reports; `refuse_unrunnable` is what stands between a scenario and an engine: it is quick
and raises on the errors alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.scenario.analysis.deadlock import deadlock_warnings
from sim.scenario.analysis.draws import idle_draws
from sim.scenario.analysis.gates import gate_errors, gate_warnings
from sim.scenario.analysis.holding import Holding, holding_errors, holdings
from sim.scenario.analysis.pathway import pathway_errors, pathway_warnings
from sim.scenario.explain.unsourced import Provenance, provenance
from sim.scenario.files.parameters import unused
from sim.scenario.language.attributes import declared
from sim.scenario.language.model import Scenario
from sim.scenario.loading import Loaded
from sim.scenario.problems import Path, Problem, ScenarioError, dotted, listed
from sim.scenario.rules.field_rules import MOST_CRISES
from sim.scenario.rules.table_sizes import size_errors
from sim.scenario.written.positions import Complaint

if TYPE_CHECKING:
    from sim.scenario.analysis.offered_load import Loads


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What `urgentflow check` prints.

    `problems` are errors; while there are any, `load` is not estimated (empty, with a caveat).
    `warnings` are worth reading but harmless, or perhaps meant.
    """

    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    holding: tuple[Holding, ...]
    load: Loads
    provenance: Provenance

    @property
    def ok(self) -> bool:
        """Whether the scenario can be run."""
        return not self.problems


def check(loaded: Loaded) -> CheckReport:
    """Analyse a scenario that has been read: paths, holdings, offered loads, sources."""
    # numpy comes with the estimate of loads; refusing a file should not wait for it
    from sim.scenario.analysis.beginning import begun_empty
    from sim.scenario.analysis.crowding import absorbing, crowding, floods
    from sim.scenario.analysis.offered_load import Loads, offered_loads

    problems = errors(loaded)
    model = loaded.model
    warnings = [
        _problem(loaded, complaint)
        for complaint in (
            *pathway_warnings(model),
            *gate_warnings(model),
            *deadlock_warnings(model),
            *idle_draws(model),
            *unused(loaded.tree),
        )
    ]
    problems += [] if problems else [_problem(loaded, each) for each in floods(model, MOST_CRISES)]
    if problems:
        load = Loads((), ("not estimated while the pathway has errors",))
    else:
        load = offered_loads(model, declared(model))
        warnings += [_problem(loaded, complaint) for complaint in crowding(model)]
        warnings += [_problem(loaded, complaint) for complaint in absorbing(model)]
        warnings += [_problem(loaded, complaint) for complaint in _overloads(model, load)]
        warnings += [_problem(loaded, each) for each in begun_empty(load, model)]
        if not load.rows and any(step.seize for step in model.pathway.values()):
            warnings += [_problem(loaded, Complaint(("pathway",), load.caveats[0]))]
    return CheckReport(
        problems=tuple(problems),
        warnings=tuple(_sorted(loaded, warnings)),
        holding=tuple(holdings(model)),
        load=load,
        provenance=provenance(loaded),
    )


def errors(loaded: Loaded) -> list[Problem]:
    """What makes a scenario that reads well impossible to run."""
    model = loaded.model
    attributes = declared(model)
    found = [
        *size_errors(model, attributes),
        *pathway_errors(model),
        *gate_errors(model),
        *holding_errors(model, attributes),
    ]
    return _sorted(loaded, [_problem(loaded, complaint) for complaint in found])


def refuse_unrunnable(loaded: Loaded) -> None:
    """Do nothing for a scenario that can be run.

    Raises
    ------
    ScenarioError
        With every error that `check` would report.
    """
    found = errors(loaded)
    if found:
        raise ScenarioError(found)


def _overloads(model: Scenario, loads: Loads) -> Iterable[Complaint]:
    crowded = [row for row in loads.rows if not row.settles]
    for row in crowded:
        alike = [each for each in crowded if (each.of, each.relief) == (row.of, row.relief)]
        if row is not max(alike, key=lambda each: each.ratio):
            continue  # of pools of one resource the busiest speaks for the others
        if row.bound is not None:
            why = (
                f"its units are kept by those who wait for `{row.bound.waits_for}`, "
                f"so that about {_per_time(row.bound.per_minute)} at most get through"
            )
            found = f"{_per_time(row.per_day / 1440.0)} come"
        else:
            why = f"offered {row.ratio:.2f} times its capacity"
            found = f"work for {row.offered:,.3g} units on average, capacity {row.capacity:,.3g}"
        what = f"`{row.resource}` will not settle: {why}"
        if row.relief:
            what = f"only {row.relief} keeps the queue for `{row.resource}` finite: {why}"
        others = sorted(each.resource for each in alike if each is not row)
        if others:
            found += f"; the same of {listed([f'`{name}`' for name in others], most=4)}"
        field = "capacity" if model.resources[row.of].slots is None else "slots"
        yield Complaint(("resources", row.of, field), what, found)


def _per_time(a_minute: float) -> str:
    """A rate, by the unit of time in which it is more than a few."""
    for unit, minutes in (("a minute", 1.0), ("an hour", 60.0)):
        if a_minute * minutes >= 5.0:
            return f"{a_minute * minutes:,.3g} {unit}"
    return f"{a_minute * 1440.0:,.3g} a day"


def _problem(loaded: Loaded, complaint: Complaint) -> Problem:
    """A complaint with the file and line of its path, or of what its path is part of."""
    file, line = _place(loaded, complaint.path)
    return Problem(
        file,
        line,
        dotted(complaint.path),
        complaint.what,
        complaint.found,
        complaint.allowed,
        complaint.nearest,
    )


def _place(loaded: Loaded, path: Path) -> tuple[str, int]:
    while path and path not in loaded.origins:
        path = path[:-1]
    return loaded.origins.get(path, (str(loaded.files[0]), 0))


def _sorted(loaded: Loaded, problems: Iterable[Problem]) -> list[Problem]:
    """By file in the order read, then by line."""
    rank = {str(file): number for number, file in enumerate(loaded.files)}
    return sorted(dict.fromkeys(problems), key=lambda p: (rank.get(p.file, len(rank)), p.line))
