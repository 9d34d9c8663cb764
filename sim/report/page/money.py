"""What an option costs and releases: cash, capacity and cost avoided, never added together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sim.report.occupancy import Floats
from sim.report.page import paired, words
from sim.report.page.arms import Arm
from sim.report.page.content import Card, Cards, Part, Table, Text
from sim.report.tables import numbers
from sim.report.tables.grids import Grid, Row, Section
from sim.report.tables.rows import Difference, Meaning
from sim.report.world import readable

_POUNDS = "GBP"

EXPLAINED = (
    "Cash is money spent or not spent. Capacity is staff and beds taken up or freed, valued at "
    "unit cost: it saves money only if it is closed or put to other use. Cost avoided is what the "
    "items come to that certainly cost less, before what others cost more; it is part of the "
    "other two and not to be added to them."
)


#: what an item is called that can be told apart: what is spent on purpose is no concern by itself
SPENT = {"better": "costs less", "worse": "costs more"}


@dataclass(frozen=True)
class Costs:
    """What an alternative costs against the baseline: sums over items, and every item.

    `cash` and `capacity` are over all items of their kind, `avoided` over the items whose own
    interval says that they cost less. Picking whatever happens to be less would add up luck: of
    twenty items that nothing happens to, ten are less.
    """

    items: Mapping[str, Difference]
    in_cash: frozenset[str]
    cash: Difference
    capacity: Difference
    avoided: Difference


def costs(baseline: Arm, arm: Arm) -> Costs | None:
    """The costs of an alternative; None where neither side states any."""
    sides = [
        {
            name: baseline.period.factor * values
            for name, values in paired.by_thing(one, "cost").items()
        }
        for one in (baseline, arm)
    ]
    if not any(sides):
        return None
    stated = {**baseline.results.scenario.model.costs, **arm.results.scenario.model.costs}
    titles = {name: cost.title or readable(name) for name, cost in stated.items()}
    in_cash = frozenset(name for name, cost in stated.items() if cost.cash)
    return summed(sides[0], sides[1], titles, in_cash, baseline.period.words)


def summed(
    before: Mapping[str, Floats],
    after: Mapping[str, Floats],
    titles: Mapping[str, str],
    in_cash: Collection[str],
    period: str,
) -> Costs:
    """Add up what items cost, replication by replication.

    Parameters
    ----------
    before, after
        Of every item that an arm has, GBP in each replication.
    titles
        What items are called.
    in_cash
        Items that are cash; the others are capacity.
    period
        Of all these sums, in words.
    """
    names = list(dict.fromkeys([*before, *after]))
    number = len(next(iter({**before, **after}.values())))

    def together(title: str, of: Iterable[str]) -> Difference:
        sides = (paired.total(side, of, number) for side in (before, after))
        return paired.difference(Meaning(title, _POUNDS, -1, period), *sides)

    items = {name: together(titles[name], [name]) for name in names}
    return Costs(
        items,
        frozenset(name for name in names if name in in_cash),
        together("Cash", [name for name in names if name in in_cash]),
        together("Capacity", [name for name in names if name not in in_cash]),
        together("Cost avoided", [name for name in names if items[name].verdict == "better"]),
    )


def parts(baseline: Arm, arm: Arm) -> tuple[Part, ...]:
    """Three cards and the items behind them; nothing where no cost is stated."""
    found = costs(baseline, arm)
    if found is None:
        return ()
    cards = (
        _card(found.cash, "more spent", "less spent"),
        _card(found.capacity, "more taken up", "released"),
        _avoided(found),
    )
    kinds = (("Cash", True), ("Capacity, at unit cost", False))
    groups = tuple(
        Section(
            title,
            tuple(
                _row(line)
                for name, line in found.items.items()
                if (name in found.in_cash) == is_cash
            ),
        )
        for title, is_cash in kinds
    )
    title = f"Every item of cost, {baseline.period.words}: {baseline.title} → {arm.title}"
    columns = ("", "before", "after", "difference", "in %", "is")
    grid = Grid(title, columns, tuple(g for g in groups if g.rows), words=frozenset({"is"}))
    return Cards(cards), Text((EXPLAINED,)), Table(grid, "costs")


def side_by_side(baseline: Arm, alternatives: Sequence[Arm]) -> Part:
    """The three sums of every alternative in one table."""
    rows = []
    for arm in alternatives:
        found = costs(baseline, arm)
        if found is not None:
            cells = (found.cash.written(), found.capacity.written(), _amount(found))
            rows.append(Row((arm.title, *cells)))
    title = f"Costs against “{baseline.title}”, {baseline.period.words}"
    columns = ("", "cash", "capacity, at unit cost", "cost avoided")
    return Table(Grid(title, columns, (Section("", tuple(rows)),), (EXPLAINED,)), "costs")


def _card(line: Difference, more: str, less: str) -> Card:
    main, ends = words.bounds(line)
    way = more if line.difference > 0 else less if line.difference < 0 else ""
    known = line.verdict in words.TOLD_APART
    return Card(line.meaning.label, main, ends, way if known else words.verdict(line), line.verdict)


def _avoided(found: Costs) -> Card:
    """What certain items spare, as an amount; nothing where none certainly does."""
    label, line = found.avoided.meaning.label, found.avoided
    if not line.difference:
        return Card(label, _amount(found), words.untold(list(found.items.values())))
    titles = [item.meaning.title for item in found.items.values() if item.verdict == "better"]
    items = numbers.plural(len(titles), "item")
    less = replace(line, difference=-line.difference, low=-line.high, high=-line.low)
    return Card(label, _amount(found), f"{words.bounds(less)[1]}; {items}", "before what is added")


def _amount(found: Costs) -> str:
    size = -found.avoided.difference
    return numbers.value(size, _POUNDS) if size else "none for certain"


def _row(line: Difference) -> Row:
    before, after = words.both(line)
    return Row(
        (
            line.meaning.title,
            before,
            after,
            line.written(),
            numbers.percent_of(line.difference, line.baseline),
            SPENT.get(line.verdict) or words.verdict(line),
        ),
        line.verdict if line.verdict in ("better", "worse") else "quiet",
    )
