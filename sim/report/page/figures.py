"""The figures of a page: each with its finding in words and its numbers in a table."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial, reduce
from operator import add
from pathlib import Path

import numpy as np

from sim.report.flows import NOT_HAPPENING, Flows, flows
from sim.report.occupancy import Floats, Occupancy, occupancy
from sim.report.page import binding, words
from sim.report.page.arms import Arm, stories
from sim.report.page.content import Bullets, Figure, Fold, Part
from sim.report.pictures import (
    bars,
    beds,
    day_panels,
    difference_panels,
    ribbons,
    rungs,
    svg,
    timelines,
)
from sim.report.pictures.inline import inlined
from sim.report.stay_bands import TITLES as BANDS
from sim.report.story import ladder, telling
from sim.report.story.draws import Story
from sim.report.story.timeline import Timeline
from sim.report.tables import numbers
from sim.report.tables.grids import Grid, Row, Section
from sim.report.tables.measures import bounds_title
from sim.report.tables.rows import Difference
from sim.report.world import BED_TITLES, DAY, CaseView

#: what measures of a unit are drawn together as, and on which scale; others in per cent
FAMILIES = (
    ("Activity", difference_panels.PERCENT, ()),
    ("Shares of people seen, admitted or in time", "percentage points", ("share",)),
    ("Waits and times", "minutes", ("minutes", "min")),
    ("Stays", "days", ("days",)),
    ("Beds", "bed days", ("bed days",)),
    ("Money", "thousand pounds", ("GBP",)),
)

#: resources shown through the day
MOST_POOLS = 6


def differences(lines: Sequence[Difference], arm: Arm, mark: str) -> list[Figure]:
    """One figure for each kind of unit, so that every measure is on a scale that suits it."""
    known = {unit for _, _, units in FAMILIES for unit in units}
    made = []
    for title, axis, units in FAMILIES:
        here = [
            line
            for line in lines
            if (line.meaning.unit in units if units else line.meaning.unit not in known)
            and math.isfinite(line.difference)
            and (axis != difference_panels.PERCENT or line.baseline)
        ]
        if here:
            name = f"{title}: differences of {arm.title}, {axis}"
            picture = difference_panels.draw(name, here, axis)
            slug = f"differences-{title.split()[0].lower()}{mark}"
            made.append(Figure(title, _count(here), picture, _difference_grid(title, here), slug))
    return made


def _count(lines: Sequence[Difference]) -> str:
    """How many improvements, concerns and so on there are."""
    found = []
    for verdict, one, many in (
        ("better", "improvement", "improvements"),
        ("worse", "concern", "concerns"),
        ("changed", "change, neither good nor bad", "changes, neither good nor bad"),
    ):
        number = sum(line.verdict == verdict for line in lines)
        if number:
            found.append(numbers.plural(number, one, many))
    rest = [line for line in lines if line.verdict not in words.TOLD_APART]
    if rest:
        found.append(f"{len(rest)} with {words.untold(rest)}")
    return ", ".join(found) + "."


def _difference_grid(title: str, lines: Sequence[Difference]) -> Grid:
    rows = []
    for line in lines:
        cells = (line.meaning.label, *words.both(line), line.written(), words.verdict(line))
        rows.append(Row(cells))
    columns = ("", "before", "after", f"difference ({bounds_title(lines)})", "is")
    return Grid(title, columns, (Section("", tuple(rows)),), words=frozenset({"is"}))


def beds_over_time(arms: Sequence[Arm]) -> list[Figure]:
    """Beds in use day by day, with what there is."""
    panels: list[list[Occupancy]] = []
    for kind in BED_TITLES:
        found = [
            occupancy(
                arm.title,
                arm.world,
                kind,
                [item.used[kind] for item in arm.digests if kind in item.used],
            )
            for arm in arms
        ]
        panel = [item for item in found if item is not None]
        if panel:
            panels.append(panel)
    if not panels:
        return []
    start = arms[0].world.start
    picture = inlined(
        lambda path: beds.draw(panels, start, path), "Beds in use over time, by arm", "beds"
    )
    rows, said = [], []
    for panel in panels:
        for item in panel:
            share = "" if math.isnan(item.mean_share) else f"{item.mean_share:.1%}"
            rows.append(
                Row((f"{BED_TITLES[item.kind]}: {item.arm}", f"{item.mean_used:,.1f}", share))
            )
        used = " → ".join(f"{item.mean_used:,.0f}" for item in panel)
        said.append(f"{BED_TITLES[panel[0].kind].lower()} {used}")
    finding = f"In use on average: {'; '.join(said)}."
    grid = Grid(
        "Beds in use", ("", "mean in use", "of those there are"), (Section("", tuple(rows)),)
    )
    return [Figure("Beds in use over time", finding, picture, grid, "beds")]


def pools(arms: Sequence[Arm]) -> list[Figure]:
    """The resources that hold up most people, through the day: units in use, and the queue."""
    names = _binding(arms)
    if not names:
        return []
    panels, rows = [], []
    for name in names:
        for what, unit in (("in_use", "units in use"), ("queue", "waiting")):
            curves = []
            for arm, colour in zip(arms, (svg.BEFORE, svg.AFTER), strict=False):
                values = _mean(arm, name, what)
                title = arm.title if what == "in_use" else f"{arm.title}: waiting"
                if values is not None:
                    filled = what == "queue" and colour == svg.BEFORE
                    curves.append(day_panels.Curve(title, tuple(values), colour, filled=filled))
                    label = f"{_title(arms, name)}: {unit}, {arm.title}"
                    rows.append(Row((label, *(_short(values[hour]) for hour in _SHOWN))))
            panels.append(day_panels.Panel(_title(arms, name), unit, tuple(curves)))
    picture = day_panels.draw("Units in use and people waiting by hour of the day", panels)
    finding = (
        f"{binding.bottleneck(arms[-1])[1]} Each resource that binds, by hour of the day: left, "
        "units in use; right, people waiting for it."
    )
    return [Figure("Use and queues through the day", finding, picture, _hour_grid(rows), "pools")]


def hours(arms: Sequence[Arm]) -> list[Figure]:
    """When people come for those resources, and how long those who come then wait."""
    names = _binding(arms)
    if not names:
        return []
    panels, rows = [], []
    for name in names:
        for what, unit in (("coming", "people coming, a day"), ("wait", "mean wait, minutes")):
            curves = []
            for arm, colour in zip(arms, (svg.BEFORE, svg.AFTER), strict=False):
                values = _mean(arm, name, what)
                if values is not None:
                    curves.append(day_panels.Curve(arm.title, tuple(values), colour))
                    label = f"{_title(arms, name)}: {unit}, {arm.title}"
                    rows.append(Row((label, *(_short(values[hour]) for hour in _SHOWN))))
            panels.append(day_panels.Panel(_title(arms, name), unit, tuple(curves)))
    picture = day_panels.draw("Arrivals and waits by hour of the day", panels)
    return [
        Figure(
            "Arrivals and waits through the day",
            _longest(arms, names),
            picture,
            _hour_grid(rows),
            "hours",
        )
    ]


_SHOWN = range(0, 24, 2)  # hours in the table


def _hour_grid(rows: Sequence[Row]) -> Grid:
    columns = ("in the hour from", *(f"{hour:02d}:00" for hour in _SHOWN))
    return Grid("By hour of the day", columns, (Section("", tuple(rows)),))


def _longest(arms: Sequence[Arm], names: Sequence[str]) -> str:
    """When waits are longest, in the last arm."""
    said = []
    for name in names[:3]:
        values = _mean(arms[-1], name, "wait")
        if values is not None and np.isfinite(values).any() and np.nanmax(values) >= 1:
            hour = int(np.nanargmax(values))
            wait = numbers.duration(float(values[hour]))
            said.append(f"{_title(arms, name)}: {wait} for those who come from {hour:02d}:00")
    return (
        f"Longest mean waits in “{arms[-1].title}”: {'; '.join(said)}."
        if said
        else ("Hardly anybody waits at any hour.")
    )


def _binding(arms: Sequence[Arm]) -> list[str]:
    """Resources that bind in the last arm or the first, those that hold up most people first."""
    names: list[str] = []
    for arm in (arms[-1], arms[0]):
        table = arm.results.bottlenecks()
        names += [name for name in table[table["binds"]]["resource"] if name not in names]
    return names[:MOST_POOLS]


def _title(arms: Sequence[Arm], name: str) -> str:
    known = {item.name: item.title for arm in arms for item in arm.world.resources}
    return known[name]


def _mean(arm: Arm, name: str, what: str) -> Floats | None:
    """Mean over replications of an hourly number of a resource; None where there is none."""
    known = [item.name for item in arm.world.resources]
    if name not in known:
        return None
    code = known.index(name)
    total = reduce(add, [item.week.of_the_day for item in arm.digests])
    values: Floats = getattr(total, what)[code]
    return values


def _short(value: float) -> str:
    return "" if not math.isfinite(value) else f"{value:,.1f}" if value < 99.5 else f"{value:,.0f}"


def stays(arms: Sequence[Arm]) -> list[Figure]:
    """Stays in beds by how long they were."""
    made = []
    for kind, title in BED_TITLES.items():
        sides = [
            (arm.title, np.mean([item.stays[kind] for item in arm.digests], axis=0).tolist())
            for arm in arms
            if all(kind in item.stays for item in arm.digests)
        ]
        if not sides or not any(sum(values) for _, values in sides):
            continue
        picture = bars.draw(f"Stays in {title.lower()} by length", BANDS, sides, "stays")
        long = [values[-1] / sum(values) if any(values) else 0.0 for _, values in sides]
        finding = (
            f"Stays of {BANDS[-1]} in {title.lower()}: "
            + " → ".join(f"{share:.1%}" for share in long)
            + " of those that ended."
        )
        rows = tuple(
            Row((band, *(f"{values[index]:,.1f}" for _, values in sides)))
            for index, band in enumerate(BANDS)
        )
        grid = Grid(f"Stays in {title.lower()}", ("", *(t for t, _ in sides)), (Section("", rows),))
        made.append(
            Figure(
                f"How long stays in {title.lower()} are", finding, picture, grid, f"stays-{kind}"
            )
        )
    return made


def moved(baseline: Arm, arm: Arm, mark: str) -> list[Figure]:
    """Where the same episodes went instead."""
    total: Flows | None = None
    for one, other in zip(baseline.digests, arm.digests, strict=True):
        paired = flows(one.reached, other.reached)
        total = paired if total is None else total + paired
    if total is None or not ribbons.worth_drawing(total):
        return []
    days = baseline.world.duration / DAY
    drawn = total
    picture = inlined(
        lambda path: ribbons.draw(drawn, baseline.title, arm.title, days, path),
        "Where patients' routes moved",
        f"flows{mark}",
    )
    count = total.moved / total.replications
    rows = [
        (float(count[a, b]), f"{total.places[a]} → {total.places[b]}")
        for a, b in zip(*count.nonzero(), strict=True)
    ]
    rows.sort(reverse=True)
    table = Section("", tuple(Row((name, f"{value:,.1f}")) for value, name in rows))
    grid = Grid("Episodes that moved", ("from → to", "episodes"), (table,))
    elsewhere = float(ribbons.between_services(total).moved.sum())
    share = numbers.share(elsewhere, float(total.total))
    nowhere = total.places.index(NOT_HAPPENING)
    only = [float(side.sum()) for side in (count[:, nowhere], count[nowhere])]
    finding = f"{share} of episodes come to a different service; the others go as before."
    if max(only) >= 1:
        finding += (
            f" Besides, {only[0]:,.0f} come only in “{baseline.title}” and {only[1]:,.0f} only in "
            f"“{arm.title}”."
        )
    return [Figure("Where patients' routes moved", finding, picture, grid, f"moved{mark}")]


def _draw_case(
    case: CaseView, sides: Sequence[tuple[str, Timeline]], remark: str, path: Path
) -> None:
    timelines.draw(case, sides, remark, path)


def ladders(arms: Sequence[Arm], mark: str) -> list[Part]:
    """Every case in the baseline and in one alternative: how many journeys come to what."""
    made: list[Part] = []
    for told in stories([arm.results for arm in arms]):
        if not told.shared:
            continue
        rates = ladder.rates(told)
        title = f"{told.case.title}: how many journeys come to what"
        picture = rungs.draw(title, rates, [arm.title for arm in told.arms])
        name = f"ladder-{told.case.name}{mark}"
        made.append(
            Figure(title, _most_changed(rates, told), picture, ladder.own_table(told), name)
        )
        routes = zip(told.arms, ladder.frequent_routes(told), strict=True)
        items = tuple(
            (f"{arm.title}, {share}", route) for arm, found in routes for share, route in found
        )
        summary = f"{told.case.title}: the most frequent routes"
        made.append(Fold(summary, (Bullets(items),)))
    return made


#: rungs that a finding names
_NAMED = 3


def _most_changed(rates: Sequence[rungs.Rate], told: Story) -> str:
    """The rungs that differ most, or what share comes to each in the only world."""
    count = f"Of {numbers.plural(len(told.arms[0].known), 'journey')}"
    if len(told.arms) > 1:
        count += " in each world"
    ordered = sorted(rates, key=lambda rate: -abs(rate.shares[-1] - rate.shares[0]))
    if len(told.arms) > 1:
        ordered = [rate for rate in ordered if rate.shares[-1] != rate.shares[0]]
    if not ordered:
        return f"{count}: as many come to each rung in both. {ladder.stands_for(told)}".strip()
    said = [
        f"{words.lower(rate.title)} " + " → ".join(f"{100 * share:.0f} %" for share in rate.shares)
        for rate in ordered[:_NAMED]
    ]
    return f"{count}: {'; '.join(said)}. {ladder.stands_for(told)}".strip()


def journeys(arms: Sequence[Arm], mark: str) -> list[Figure]:
    """Every case in the baseline and in one alternative: the journey that is told."""
    made = []
    for told in stories([arm.results for arm in arms]):
        draw = told.told
        if draw is None:
            continue
        sides = [(arm.title, item) for arm in told.arms if (item := arm.timelines.get(draw))]
        remark = telling.remark(told)
        name = f"case-{told.case.name}{mark}"
        picture = inlined(partial(_draw_case, told.case, sides, remark), told.case.title, name)
        made.append(
            Figure(told.case.title, remark, picture, ladder.distribution(told), name, wide=True)
        )
    return made
