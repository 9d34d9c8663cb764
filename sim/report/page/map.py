"""The system on a page: the map of services with its bottleneck, and the steps behind each."""

from __future__ import annotations

from collections.abc import Sequence

from sim.report.page import binding, paired
from sim.report.page.arms import Arm
from sim.report.page.content import Figure, Fold, Part, Table, Text
from sim.report.pictures import pathway_map
from sim.report.services import services_of
from sim.report.system import OTHERS, System, systems
from sim.report.tables import numbers
from sim.report.tables.grids import Grid, Row, Section
from sim.report.world import BED_TITLES

BOTTLENECK = "bottleneck"


def parts(arms: Sequence[Arm], mark: str) -> tuple[Part, ...]:
    """The map of the last arm, set against the first where there are two."""
    ends = frozenset(title for arm in arms for _, title in arm.world.outcomes)
    beds = frozenset(title for arm in arms for title in _with_beds(arm))
    drawn = systems([[item.moves for item in arm.digests] for arm in arms], ends, beds)
    now, before = drawn[-1], drawn[0] if len(arms) > 1 else None
    if len(now.nodes) < 3:
        return (Text(("Nobody fell ill in the measured time.",)),)
    marks, finding = _bottleneck(arms[-1], now)
    title = f"The system in “{arms[-1].title}”"
    hidden = pathway_map.hidden(now)
    more = f" {numbers.plural(hidden, 'smaller move')} in the table only." if hidden else ""
    picture = pathway_map.draw(title, now, before, marks)
    figure = Figure(
        title,
        f"{finding} Numbers are episodes per replication, side tasks left out.{more}",
        picture,
        _moves(arms, drawn),
        f"map{mark}",
        wide=True,
    )
    return (figure, *_steps(arms))


def _with_beds(arm: Arm) -> list[str]:
    services = services_of(arm.world)
    return [
        services.titles[service]
        for code, service in enumerate(services.of_resource)
        if arm.world.resources[code].bed in BED_TITLES and service >= 0
    ]


def _bottleneck(arm: Arm, now: System) -> tuple[dict[str, str], str]:
    """What to write on the map, and the finding: which resource holds up most people."""
    name, finding = binding.bottleneck(arm)
    services = services_of(arm.world)
    codes = [item.name for item in arm.world.resources]
    service = services.of_resource[codes.index(name)] if name else -1
    if service < 0:
        return {}, finding
    title = services.titles[service]
    return {title if title in now.nodes else OTHERS: BOTTLENECK}, finding


def _moves(arms: Sequence[Arm], drawn: Sequence[System]) -> Grid:
    nodes = drawn[0].nodes
    rows = []
    for a, source in enumerate(nodes):
        for b, target in enumerate(nodes):
            values = [system.count[a, b] for system in drawn]
            if any(values):
                cells = (f"{value:,.1f}" for value in values)
                rows.append((max(values), Row((f"{source} → {target}", *cells))))
    rows.sort(key=lambda item: -item[0])
    columns = ("from → to, episodes", *(arm.title for arm in arms))
    grid = Grid("Moves between services", columns, (Section("", tuple(row for _, row in rows)),))
    folded = drawn[0].folded
    notes = (f"Other services are: {', '.join(folded)}.",) if folded else ()
    return Grid(grid.title, grid.columns, grid.sections, notes)


def _steps(arms: Sequence[Arm]) -> list[Part]:
    """For each service, a fold with its steps and their visits in each arm."""
    visits = [paired.by_thing(arm, "step_visits") for arm in arms]
    titles = list(dict.fromkeys(t for arm in arms for t in services_of(arm.world).titles))
    folds: list[Part] = []
    for title in titles:
        steps: dict[str, str] = {}
        for arm in arms:
            services = services_of(arm.world)
            if title in services.titles:
                for code in services.steps(services.titles.index(title)):
                    steps.setdefault(arm.world.steps[code].name, arm.world.steps[code].title)
        rows = []
        for name, words in steps.items():
            means = [float(side[name].mean()) if name in side else 0.0 for side in visits]
            if any(means):
                rows.append(Row((words, *(f"{mean:,.1f}" for mean in means))))
        if rows:
            columns = ("step, visits", *(arm.title for arm in arms))
            grid = Grid(title, columns, (Section("", tuple(rows)),))
            folds.append(Fold(f"{title}: {numbers.plural(len(rows), 'step')}", (Table(grid),)))
    return [Fold("Every step, by service", tuple(folds))] if folds else []
