"""What an option costs and releases: cash, capacity and cost avoided, never added together."""

from __future__ import annotations

from sim.report.page import paired, words
from sim.report.page.answer import bounds
from sim.report.page.arms import Arm
from sim.report.page.content import Card, Cards, Part, Table, Text
from sim.report.tables import numbers
from sim.report.tables.grids import Grid, Row, Section
from sim.report.tables.rows import Difference, Meaning
from sim.report.world import readable

_POUNDS = "GBP"

EXPLAINED = (
    "Cash is money spent or not spent. Capacity is staff and beds taken up or freed, valued at "
    "unit cost: it saves money only if it is closed or put to other use. Cost avoided is what "
    "the items that cost less come to, before what the others cost more; it is part of the other "
    "two and not to be added to them."
)


def parts(baseline: Arm, arm: Arm) -> tuple[Part, ...]:
    """Three cards and the items behind them; nothing where no cost is stated."""
    before, after = (paired.by_thing(one, "cost") for one in (baseline, arm))
    if not before and not after:
        return (Text(("The scenario states no costs.",)),)
    names = list(dict.fromkeys([*before, *after]))
    number = len(baseline.results.replications)
    factor = baseline.period.factor
    costs = {**baseline.results.scenario.model.costs, **arm.results.scenario.model.costs}
    lines = {}
    for name in names:
        title = costs[name].title or readable(name)
        sides = [factor * paired.total(side, [name], number) for side in (before, after)]
        lines[name] = paired.difference(Meaning(title, _POUNDS, -1, baseline.period.words), *sides)
    cash = [name for name in names if costs[name].cash]
    freed = [name for name in names if not costs[name].cash]
    less = [name for name in names if lines[name].difference < 0]

    def together(title: str, of: list[str]) -> Difference:
        sides = [factor * paired.total(side, of, number) for side in (before, after)]
        return paired.difference(Meaning(title, _POUNDS, -1, baseline.period.words), *sides)

    cards = (
        _card(together("Cash", cash), "more spent", "less spent"),
        _card(together("Capacity", freed), "more taken up", "released"),
        _card(together("Cost avoided", less), "", "avoided, before what is added"),
    )
    groups = (
        Section("Cash", tuple(_row(lines[name]) for name in cash)),
        Section("Capacity, at unit cost", tuple(_row(lines[name]) for name in freed)),
    )
    title = f"Every item of cost, {baseline.period.words}: {baseline.title} → {arm.title}"
    columns = ("", "before", "after", "difference", "in %", "is")
    grid = Grid(title, columns, tuple(g for g in groups if g.rows), words=frozenset({"is"}))
    return Cards(cards), Text((EXPLAINED,)), Table(grid, "costs")


def _card(line: Difference, more: str, less: str) -> Card:
    main, ends = bounds(line)
    way = more if line.difference > 0 else less if line.difference < 0 else ""
    known = line.verdict in words.TOLD_APART
    return Card(line.meaning.label, main, ends, way if known else words.verdict(line), line.verdict)


def _row(line: Difference) -> Row:
    before, after = words.both(line)
    return Row(
        (
            line.meaning.title,
            before,
            after,
            line.written(),
            numbers.percent_of(line.difference, line.baseline),
            words.verdict(line),
        ),
        line.verdict if line.verdict in ("better", "worse") else "quiet",
    )
