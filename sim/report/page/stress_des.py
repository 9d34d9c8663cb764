"""The STRESS-DES checklist, filled in from the scenario.

Monks, Currie, Onggo, Robinson, Kunc, Taylor (2019): Strengthening the reporting of empirical
simulation studies, Journal of Simulation 13(1). What no file says is left for a person to supply.
"""

from __future__ import annotations

import platform
from collections.abc import Sequence

from sim.report.dates import long
from sim.report.page.arms import Arm
from sim.report.page.content import SUPPLY, Part, Table
from sim.report.tables import numbers
from sim.report.tables.grids import Grid, Row, Section
from sim.report.world import DAY
from sim.scenario.explain.unsourced import provenance

COLUMNS = ("item", "what is stated")


def parts(arms: Sequence[Arm]) -> tuple[Part, ...]:
    """The checklist as one table."""
    sections = (
        Section("1 Objectives", _rows(_objectives(arms))),
        Section("2 Logic", _rows(_logic(arms))),
        Section("3 Data", _rows(_data(arms[0]))),
        Section("4 Experimentation", _rows(_experimentation(arms[0]))),
        Section("5 Implementation", _rows(_implementation(arms[0]))),
        Section("6 Code access", _rows((("6.1 Sharing of the model", SUPPLY),))),
    )
    grid = Grid("STRESS-DES", COLUMNS, sections, words=frozenset(COLUMNS))
    return (Table(grid, "stress_des"),)


def _rows(items: Sequence[tuple[str, str]]) -> tuple[Row, ...]:
    return tuple(Row((name, text.strip() or SUPPLY)) for name, text in items)


def _objectives(arms: Sequence[Arm]) -> tuple[tuple[str, str], ...]:
    model = arms[0].results.scenario.model
    own = ", ".join(item.title or name for name, item in model.measures.items())
    against = ", ".join(arm.title for arm in arms[1:])
    aims = f"To set against “{arms[0].title}”: {against}." if against else ""
    return (
        ("1.1 Purpose of the model", model.description),
        (
            "1.2 Model outputs",
            "The standard measures of docs/measures.md"
            + (f", and the scenario's own: {own}." if own else "."),
        ),
        ("1.3 Aims of the experiments", aims),
        ("1.4 Not to be used for", model.not_for),
    )


def _logic(arms: Sequence[Arm]) -> tuple[tuple[str, str], ...]:
    model, world = arms[0].results.scenario.model, arms[0].world
    options = [
        f"{option.title}: {' '.join(option.rationale.split())}"
        for arm in arms[1:]
        for option in arm.results.scenario.applied
    ]
    ends = ", ".join(title for _, title in world.outcomes)
    starts = ", ".join(item.title or name for name, item in model.demand.items())
    return (
        ("2.1 Diagram of the base model", "The map under “The system”."),
        (
            "2.2 Logic of the base model",
            f"{numbers.plural(len(world.steps), 'step')}, as in the scenario's files and "
            "docs/method.md; the steps of each service stand under the map.",
        ),
        ("2.3 Logic of the scenarios", " ".join(dict.fromkeys(options))),
        ("2.4 Algorithms", "docs/method.md: arrivals by thinning, queues, schedules, holds."),
        ("2.5.1 Entities", f"Episodes of {starts}; named cases; side tasks."),
        ("2.5.2 Activities", ", ".join(step.title for step in world.steps)),
        ("2.5.3 Resources", ", ".join(item.title for item in world.resources)),
        ("2.5.4 Queues", "One per resource: by priority, then first come first served, or FIFO."),
        ("2.5.5 Entry and exit", f"Entry: the onset of a crisis. Exit: {ends}."),
    )


def _data(arm: Arm) -> tuple[tuple[str, str], ...]:
    counts = provenance(arm.results.scenario).counts
    said = ", ".join(f"{number:,} {status}" for status, number in counts.items())
    return (
        ("3.1 Data sources", f"Numbers by status: {said}; each in the assumptions book."),
        ("3.2 Pre-processing", ""),
        ("3.3 Input parameters", "The assumptions book has every one."),
        ("3.4 Assumptions", "Those marked assumed in the book, and “What is not modelled”."),
    )


def _experimentation(arm: Arm) -> tuple[tuple[str, str], ...]:
    run = arm.results.scenario.model.run
    number = len(arm.results.replications)
    return (
        (
            "4.1 Initialisation",
            f"Empty at {long(run.start)}, warm-up of {run.warm_up / DAY:,.10g} days left out.",
        ),
        ("4.2 Run length", f"{run.duration / DAY:,.10g} days measured."),
        (
            "4.3 Estimation",
            f"{numbers.plural(number, 'replication')} of seed {arm.results.seed}, common random "
            "numbers between arms, 95 % intervals over paired differences.",
        ),
    )


def _implementation(arm: Arm) -> tuple[tuple[str, str], ...]:
    from sim.version import __version__

    return (
        ("5.1 Software", f"urgentflow {__version__}, Python {platform.python_version()}."),
        (
            "5.2 Random sampling",
            "Counter-based uniforms keyed by person and decision, inverse distribution functions.",
        ),
        (
            "5.3 Execution",
            f"The {arm.results.engine} engine; events at one instant in a written order.",
        ),
        ("5.4 System", platform.platform()),
    )
