"""Where the work went: what each service does before and after, so that nothing just vanishes."""

from __future__ import annotations

from sim.report.occupancy import Floats
from sim.report.page import paired
from sim.report.page.arms import Arm
from sim.report.page.content import Part, Table, Text
from sim.report.services import services_of
from sim.report.tables import numbers
from sim.report.tables.grids import Grid, Row, Section
from sim.report.tables.measures import bounds_title
from sim.report.tables.rows import Difference, Meaning
from sim.report.world import DAY, World

#: what is counted: of which measure, of the steps or of which resources, times what
CONTACTS, HOURS, BED_DAYS = "Contacts and visits", "Hours of staff and places", "Bed days"


def parts(baseline: Arm, arm: Arm) -> tuple[Part, ...]:
    """The ledger of an alternative."""
    titles = tuple(
        dict.fromkeys(title for one in (baseline, arm) for title in services_of(one.world).titles)
    )
    sections, drawn = [], []
    for kind in (CONTACTS, HOURS, BED_DAYS):
        before, after = _work(baseline, kind), _work(arm, kind)
        number = len(baseline.results.replications)
        rows = []
        for title in titles:
            sides = [paired.total(side, [title], number) for side in (before, after)]
            if sides[0].any() or sides[1].any():
                drawn.append(paired.difference(Meaning(title, kind), *sides))
                rows.append(_row(drawn[-1]))
        if rows:
            sections.append(Section(kind, tuple(rows)))
    columns = ("", "before", "after", f"difference ({bounds_title(drawn)})", "in %")
    grid = Grid(
        f"Work by service, {baseline.period.words}: {baseline.title} → {arm.title}",
        columns,
        tuple(sections),
    )
    text = (
        "Everything a service does for anybody, side tasks included. Work that is no longer done "
        "in one place and turns up in another has moved; it has not gone away. Hours and bed days "
        "are time in use."
    )
    return Text((text,)), Table(grid, "work_by_service")


def _work(arm: Arm, kind: str) -> dict[str, Floats]:
    """What every service does in one arm: one number per replication."""
    world, number = arm.world, len(arm.results.replications)
    services = services_of(world)
    measure = "step_visits" if kind == CONTACTS else "in_use_mean"
    values = paired.by_thing(arm, measure)
    factor = (
        arm.period.factor
        * {CONTACTS: 1.0, HOURS: world.duration / 60, BED_DAYS: world.duration / DAY}[kind]
    )
    work = {}
    for code, title in enumerate(services.titles):
        if kind == CONTACTS:
            of = [world.steps[step].name for step in services.steps(code)]
        else:
            of = _resources(world, services.resources(code), beds=kind == BED_DAYS)
        work[title] = factor * paired.total(values, of, number)
    return work


def _resources(world: World, codes: tuple[int, ...], *, beds: bool) -> list[str]:
    chosen = [world.resources[code] for code in codes]
    return [item.name for item in chosen if (item.bed is not None) == beds]


def _row(line: Difference) -> Row:
    scale = numbers.scale_for("", line.baseline, line.alternative)
    return Row(
        (
            line.meaning.title,
            scale.write(line.baseline),
            scale.write(line.alternative),
            line.written(),
            numbers.percent_of(line.difference, line.baseline),
        ),
        "quiet" if line.verdict in ("uncertain", "no change") else "",
    )
